"""A name lies where no program would open the content under it; habits of offices are no lies."""

from __future__ import annotations

import pytest

from shoumi.engine.inspection.extract import extract, kinds
from shoumi.engine.inspection.extract.naming import misnamed


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("图纸.jpg", kinds.DOCX),
        ("notes.docx", kinds.TEXT),
        ("a.tar.gz", kinds.ZIP),
        ("list.TXT", kinds.XLSX),
        ("scan.pdf", "image/png"),
        ("x.zip", kinds.DOCX),
    ],
)
def test_names_that_lie(name, kind):
    assert misnamed(name, kind)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("报表.xls", kinds.HTML),
        ("old.doc", kinds.RTF),
        ("locked.docx", kinds.OLE),
        ("photo.jpg", "image/png"),
        ("README", kinds.TEXT),
        ("v1.2", kinds.PDF),
        ("data.csv", kinds.TEXT),
        ("empty.docx", kinds.EMPTY),
        ("text.odt", f"{kinds.ODF}.text"),
        ("", kinds.TEXT),
    ],
)
def test_names_that_do_not(name, kind):
    assert not misnamed(name, kind)


def test_a_closed_door_says_enough():
    assert extract(b"PK\3\4 broken", "a.docx").misnamed == ()
    (found,) = extract(b"plain", "a.docx").misnamed
    assert (found.type, found.member) == (kinds.TEXT, "")
