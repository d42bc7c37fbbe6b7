"""The texts in a package: read-me in three languages, the scripts, and the bag's own description.

Rule: what a stranger reads says what is trusted and what each step proves, and calls our own stamp an
internal time-stamp.  Templates lie in `package_files/`; only names, numbers and hashes are filled in.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from string import Template
from typing import Final

from shoumi.engine.clock import format_time
from shoumi.engine.evidence.checkpoint import parse_checkpoint
from shoumi.engine.evidence.notes import parse_note
from shoumi.engine.evidence.package.contents import PackageContents

PACKAGE_VERSION: Final = 1
SCRIPTS: Final = ("verify.sh", "verify.py")

_NO_STAMP: Final = "none / 无 / なし"
_UNSTAMPED: Final = {
    "zh": "无。本包没有时间戳，时间只能依据台账和见证方的时钟。",
    "ja": "なし。この証拠パッケージにタイムスタンプはなく、時刻は台帳と証人の時計によります。",
    "en": "none. Without a time-stamp the times rest on the clocks of the ledger and the witnesses.",
}
_INTERNAL: Final = {
    "zh": "内部时间戳，由本组织自己的时间戳服务“{name}”签发，不是第三方时间戳。",
    "ja": "内部タイムスタンプ。この組織自身の「{name}」が発行したもので、第三者のものではありません。",
    "en": "an internal time-stamp by this organisation's own authority “{name}”, not by a third party.",
}
_EXTERNAL: Final = {
    "zh": "由外部时间戳机构“{name}”签发的时间戳。",
    "ja": "外部のタイムスタンプ機関「{name}」が発行したタイムスタンプ。",
    "en": "a time-stamp issued by the outside authority “{name}”.",
}
_NO_WITNESS: Final = {
    "zh": "无。没有见证方在该检查点上签名。",
    "ja": "なし。このチェックポイントに署名した証人はいません。",
    "en": "none. No witness signed this checkpoint.",
}


@cache
def script(name: str) -> bytes:
    """Return the verifying script `name`, one of `SCRIPTS`, as every package of this version has it."""
    return (files("shoumi.engine.evidence") / "package_files" / name).read_bytes()


@cache
def script_sha256(name: str) -> str:
    """Return the SHA-256 of the script `name`, 64 hex digits."""
    return hashlib.sha256(script(name)).hexdigest()


def bag_info(contents: PackageContents, oxum: str) -> bytes:
    """Return `bag-info.txt`; `oxum` is the payload's length and number of files, joined by a dot."""
    stamp = _NO_STAMP if contents.stamp is None else contents.stamp.label
    lines = {
        "Source-Organization": contents.organization,
        "External-Identifier": contents.identifier,
        "External-Description": contents.title,
        "Bagging-Date": format_time(contents.created)[:10],
        "Payload-Oxum": oxum,
        "Shoumi-Package": str(PACKAGE_VERSION),
        "Shoumi-Created": format_time(contents.created),
        "Shoumi-Ledger": contents.log_key.name,
        "Shoumi-Timestamp": stamp,
    }
    return "".join(f"{label}: {value}\n" for label, value in lines.items()).encode()


def readme(language: str, contents: PackageContents) -> bytes:
    """Return the read-me in `language`, one of zh, ja, en."""
    checkpoint = parse_checkpoint(parse_note(contents.checkpoint_note).text)
    witnesses = "\n".join(f"  {key}" for key in contents.witness_keys)
    stamp = contents.stamp
    if stamp is None:
        stamped = _UNSTAMPED[language]
    else:
        form = _INTERNAL if stamp.kind == "internal" else _EXTERNAL
        stamped = form[language].format(name=stamp.authority)
    template = (files("shoumi.engine.evidence") / "package_files" / f"README.{language}.txt").read_text(
        "utf-8"
    )
    text = Template(template).substitute(
        identifier=contents.identifier,
        title=contents.title,
        organization=contents.organization,
        created=format_time(contents.created),
        ledger=contents.log_key.name,
        size=str(checkpoint.size),
        log_key=str(contents.log_key),
        witness_keys=witnesses or f"  {_NO_WITNESS[language]}",
        timestamp=stamped,
        exhibits=str(len(contents.exhibits)),
        entries=str(len(contents.entries)),
        verify_sh=script_sha256("verify.sh"),
        verify_py=script_sha256("verify.py"),
        example_entry=f"{contents.entries[0].proof.leaf_index:010d}",
    )
    return text.encode()
