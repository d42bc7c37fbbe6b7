"""Natural text in Chinese, Japanese and English from packages of Debian, which anybody can fetch again.

Sources differ in authors and subject, so that what two of them share is a common phrase and no copy.
Packages are fetched once with `apt-get download` into a folder outside the repository (SHOUMI_CORPORA, or one
below the folder for temporary files); their texts have licences of their own and are no part of this program.
"""

from __future__ import annotations

import gzip
import html
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FOLDER = Path(os.environ.get("SHOUMI_CORPORA", Path(tempfile.gettempdir()) / "shoumi-corpora"))

PACKAGES = {  # source → package and folder of each language
    "office": {
        "zh": ("libreoffice-help-zh-cn", "usr/share/libreoffice/help/zh-CN/text"),
        "ja": ("libreoffice-help-ja", "usr/share/libreoffice/help/ja/text"),
        "en": ("libreoffice-help-en-us", "usr/share/libreoffice/help/en-US/text"),
    },
    "pictures": {
        "zh": ("gimp-help-zh-cn", "usr/share/gimp/2.0/help/zh_CN"),
        "ja": ("gimp-help-ja", "usr/share/gimp/2.0/help/ja"),
        "en": ("gimp-help-en", "usr/share/gimp/2.0/help/en"),
    },
    "handbook": {
        "zh": ("debian-handbook", "usr/share/doc/debian-handbook/html/zh-CN"),
        "ja": ("debian-handbook", "usr/share/doc/debian-handbook/html/ja-JP"),
        "en": ("debian-handbook", "usr/share/doc/debian-handbook/html/en-US"),
    },
    "reference": {
        "zh": ("debian-reference-zh-cn", "usr/share/debian-reference"),
        "ja": ("debian-reference-ja", "usr/share/debian-reference"),
        "en": ("debian-reference-en", "usr/share/debian-reference"),
    },
    "manuals": {
        "zh": ("manpages-zh", "usr/share/man/zh_CN"),
        "ja": ("manpages-ja", "usr/share/man/ja"),
        "en": ("manpages-dev", "usr/share/man"),
    },
}

_DROPPED = re.compile(r"(?s)<(script|style|head|nav)\b.*?</\1>|<!--.*?-->")
_BREAKS = re.compile(r"(?i)</?(?:p|div|h\d|li|tr|br|table|ul|ol|dl|dt|dd|pre|title)\b[^>]*>")
_TAGS = re.compile(r"<[^>]+>")
_ROFF = re.compile(r"(?m)^[.'].{0,3}(?:\\\".*)?(?:\s|$)|\\f.|\\-|\\&|\\\(..")
_BLANK = re.compile(r"[ \t\r]*\n\s*")


@cache
def unpacked(package: str) -> Path:
    """Return the folder of an unpacked package, fetched if it is not there."""
    folder = FOLDER / package
    if not folder.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=FOLDER) as temporary:
            subprocess.run(
                ["apt-get", "download", "-qq", package], cwd=temporary, check=True, stderr=subprocess.DEVNULL
            )
            archive = next(Path(temporary).glob("*.deb"))
            subprocess.run(["dpkg-deb", "-x", str(archive), f"{temporary}/files"], check=True)
            Path(temporary, "files").rename(folder)
    return folder


def documents(source: str, language: str) -> Iterator[tuple[str, str]]:
    """Yield name and plain text of each file of a source that has at least 300 letters, in order of name."""
    package, inner = PACKAGES[source][language]
    folder = unpacked(package) / inner
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        if source == "reference" and f".{language}" not in path.name.replace("-cn", ""):
            continue
        text = text_of(path)
        if len(text) >= 300:  # noqa: PLR2004 - named above
            yield f"{source}/{language}/{path.relative_to(folder)}", text


def text_of(path: Path) -> str:
    """Return the plain text of a page or a manual page; nothing of other files."""
    if path.suffix == ".html":
        text = _DROPPED.sub(" ", path.read_text(encoding="utf-8", errors="replace"))
        text = html.unescape(_TAGS.sub("", _BREAKS.sub("\n", text)))
    elif path.suffix == ".gz" and path.parent.name.startswith("man"):
        text = _ROFF.sub("", gzip.decompress(path.read_bytes()).decode("utf-8", "replace"))
    else:
        return ""
    return _BLANK.sub("\n", text).strip()


def cut(texts: Iterator[tuple[str, str]], length: int) -> Iterator[tuple[str, str]]:
    """Yield stretches of about `length` letters, as documents of their own."""
    for name, text in texts:
        for number, at in enumerate(range(0, max(1, len(text) - length // 2), length)):
            yield f"{name}#{number}", text[at : at + length]
