"""Pages drawn by pdftoppm: one by one, bounded, nothing on the disk, ended when nobody asks any more."""

from __future__ import annotations

import itertools

import pytest

from shoumi.connectors.pages import PDFProgramMissingError, PDFUnreadableError, grey_pages, looks_like_pdf
from shoumi.connectors.pages.poppler import LONG_SIDE, pdf_pages
from shoumi.engine.marking.tiles import pdf_overlay

KEY = bytes(range(32))


def pages(count: int) -> bytes:
    """Return a PDF whose page tree names its one page `count` times."""
    whole = pdf_overlay((595, 842), 5, KEY)
    return whole.replace(b"/Kids [3 0 R] /Count 1", b"/Kids [" + b"3 0 R " * count + b"] /Count %d" % count)


def test_pages_come_in_order_and_in_grey():
    drawn = list(pdf_pages(pages(3)))
    assert [page.number for page in drawn] == [1, 2, 3]
    assert all(max(page.width, page.height) == LONG_SIDE for page in drawn)
    assert all(len(page.levels) == page.width * page.height for page in drawn)


def test_no_more_than_asked_for():
    assert len(list(pdf_pages(pages(5), most=2))) == 2
    assert len(list(itertools.islice(pdf_pages(pages(50)), 1))) == 1


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4\n", b"\x89PNG", b"%PDF-1.4 trailer << /Root 9 0 R >>"])
def test_what_is_no_pdf_is_refused(content):
    with pytest.raises(PDFUnreadableError):
        list(pdf_pages(content))


def test_without_the_program_it_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PDFProgramMissingError):
        list(pdf_pages(pages(1)))


def test_the_first_bytes_decide():
    assert looks_like_pdf(b"\n%PDF-1.7")
    assert not looks_like_pdf(b"PK")
    assert next(iter(grey_pages(pages(1)))).number == 1
