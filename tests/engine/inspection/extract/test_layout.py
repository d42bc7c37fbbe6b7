"""The layout of a page: gaps part cells, full lines go on, lists and headings stay as they are."""

from __future__ import annotations

import pytest

from shoumi.engine.inspection.extract import extract

SIZE = 11


def paper(*placed: tuple[float, float, str]) -> bytes:
    """Return a PDF in a font that is not embedded, with each text at its place."""
    shown = b"".join(
        b"1 0 0 1 %g %g Tm<%s>Tj\n" % (left, bottom, text.encode("utf-16-be").hex().encode())
        for left, bottom, text in placed
    )
    stream = b"BT/F %d Tf\n" % SIZE + shown + b"ET"
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[<</Type/Font"
        b"/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)"
        b"/Supplement 5>>/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox"
        b"[0 -200 1000 900]/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 700/StemV 80>>"
        b"/DW 1000/W[1 95 500]>>]>>"
    )
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n" % len(stream) + stream + b"\nendstream",
        font,
    ]
    made, places = b"%PDF-1.5\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj" % number + each + b"endobj\n"
    start = len(made)
    made += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + b"trailer<</Root 1 0 R/Size 6>>\nstartxref\n%d\n%%%%EOF" % start


def page(*placed: tuple[float, float, str]) -> str:
    (part,) = [part for part in extract(paper(*placed)).parts if part.kind == "page"]
    return part.text.strip()


def test_wide_gaps_part_cells_and_spaces_do_not():
    text = page(
        (50, 700, "Name of person"),
        (200, 700, "电话"),
        (300, 700, "备注"),
        (50, 685, "Li Lei"),
        (200, 685, "139 0000 0000"),
        (300, 685, "无 有"),
    )
    assert text == "Name of person\t电话\t备注\nLi Lei\t139 0000 0000\t无 有"


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("本合同由甲乙双方订立，联系人：王", "小明，双方应当遵守保密约定条款。", "联系人：王小明"),
        ("the parties of this agreement shall", "keep what they learn to themselves", "shall keep"),
        ("合同约定的收款账号为编号 6222 0000", "1111 2222，双方应当遵守。", "0000 1111"),
        ("𠮷野さんが本日の会議に出席しました。𠮷", "田さんも。本日の会議は以上です。おわり。", "𠮷田さん"),
    ],
)
def test_a_full_line_goes_on_in_the_next(first, second, whole):
    assert whole in page((50, 700, first), (50, 685, second))


@pytest.mark.parametrize(
    "placed",
    [
        ((50, 700, "王小明"), (50, 685, "李小红")),
        ((50, 700, "本合同由甲乙双方订立，双方遵守。"), (50, 640, "第二条保密义务由乙方承担。")),
        ((50, 700, "本合同由甲乙双方订立，双方遵守。"), (200, 685, "第二条保密义务由乙方承担。")),
        (
            (50, 700, "短的一行，只有这么多字而已。"),
            (50, 685, "本合同由甲乙双方订立，双方遵守约定的保密义务以及其他各项义务。"),
        ),
    ],
)
def test_lists_paragraphs_and_columns_stay_apart(placed):
    assert page(*placed) == "\n".join(text for _left, _bottom, text in placed)
