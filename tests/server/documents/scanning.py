"""What the tests of scans share: files with something in them, and a worker that looks once."""

from __future__ import annotations

import io
import zipfile

import pytest
from tests.server.documents.test_indexing import TEXT, secret_with

from shoumi.sandbox.scanning.local import SameProcessEngine
from shoumi.server.documents.models import Index, Match
from shoumi.server.documents.services import running
from shoumi.server.documents.services.indexing import index_update
from shoumi.server.documents.services.running import scan_run_next
from shoumi.server.documents.services.scans import Wish, scan_start

EXCERPT = TEXT[5:45]
LETTER = f"老王你好，参数如下：{EXCERPT}，看完请删除。"
MARKED = "内部资料　社外秘　本表仅供参考。"


def archive(**members: str) -> bytes:
    """Return a zip of text files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as opened:
        for name, text in members.items():
            opened.writestr(f"{name}.txt", text)
    return stream.getvalue()


def filled(share):
    """Put into the share what scans find, and what they cannot look into."""
    (share / "研发").mkdir()
    (share / "研发" / "信.txt").write_text(LETTER, encoding="utf-8")
    (share / "研发" / "旧.zip").write_bytes(archive(letter=LETTER, other="周末去爬山"))
    (share / "销售").mkdir()
    (share / "销售" / "表.txt").write_text(MARKED, encoding="utf-8")
    (share / "坏.pdf").write_bytes(b"%PDF-1.7\n" + bytes(range(256)))
    (share / "空.txt").write_text("食堂下周的菜单。", encoding="utf-8")


def indexed(company):
    """Return a registered secret of the laboratory, recognisable."""
    secret = secret_with(company, TEXT.encode("gb18030"))
    index_update()
    return secret


def wish(company, **changes):
    """Return a scan of the whole share with everything that there is."""
    ready = [str(row.pk) for row in Index.objects.filter(size_bytes__gt=0)]
    return Wish(**{"entity": company.cn, "share": "公共盘", "index_ids": ready, **changes})


def run_next():
    """Let a worker look once, which inspects in this process: a pool of its own costs a second each time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "LocalEngine", lambda setting, *_more: SameProcessEngine(setting))
        return scan_run_next()


def scanned(company, *, actor=None, **changes):
    """Return a scan that the worker has run."""
    scan = scan_start(actor=actor or company.officer, wish=wish(company, **changes))
    assert run_next()
    scan.refresh_from_db()
    return scan


def of(scan, **narrowed):
    """Return the findings of a scan."""
    return Match.objects.filter(scan=scan, **narrowed).order_by("file__path", "ordinal")
