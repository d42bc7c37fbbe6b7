"""PDF: pages, forms, notes, attachments, properties; passwords and damage."""

from __future__ import annotations

import io

import pikepdf
import pytest
from PIL import Image

from shoumi.engine.inspection.extract import Outside, extract
from shoumi.engine.inspection.values import PartKind, Reason


def page(paper, text, font="/Helv"):
    """Add a page with one line; a Chinese font that is not embedded is named but not there."""
    fonts = {
        "/Helv": pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        ),
        "/Song": pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type0,
            BaseFont=pikepdf.Name("/STSong-Light"),
            Encoding=pikepdf.Name("/UniGB-UCS2-H"),
            DescendantFonts=[
                pikepdf.Dictionary(
                    Type=pikepdf.Name.Font,
                    Subtype=pikepdf.Name.CIDFontType0,
                    BaseFont=pikepdf.Name("/STSong-Light"),
                    CIDSystemInfo=pikepdf.Dictionary(Registry="Adobe", Ordering="GB1", Supplement=4),
                )
            ],
        ),
    }
    made = paper.add_blank_page(page_size=(595, 842))
    made.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary({font: paper.make_indirect(fonts[font])}))
    shown = f"<{text.encode('utf-16-be').hex()}>" if font == "/Song" else f"({text})"
    made.Contents = paper.make_stream(f"BT {font} 12 Tf 72 720 Td {shown} Tj ET".encode())
    return made


def made(build, **options):
    paper = pikepdf.new()
    build(paper)
    room = io.BytesIO()
    paper.save(room, **options)
    return room.getvalue()


def everything(paper):
    first = page(paper, "plain 13800000000")
    page(paper, "核心商密与报价", "/Song")
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], Contents="批注一", T="某人"
    )
    entry = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Widget,
        FT=pikepdf.Name.Tx,
        Rect=[0, 0, 90, 9],
        T="姓名",
        V="张三",
    )
    first.Annots = paper.make_indirect(pikepdf.Array([paper.make_indirect(note), paper.make_indirect(entry)]))
    paper.Root.AcroForm = pikepdf.Dictionary(Fields=[first.Annots[1]])
    paper.attachments["附件.txt"] = "附件中的机密".encode()
    with paper.open_metadata() as metadata:
        metadata["dc:title"] = "题目二"
        metadata["pdfx:MSIP_Label_x_Name"] = "核心商密"


@pytest.fixture(scope="module")
def read():
    return extract(made(everything), "a.pdf")


@pytest.mark.parametrize(
    ("kind", "label", "text"),
    [
        (PartKind.PAGE, "1", "plain 13800000000"),
        (PartKind.PAGE, "2", "核心商密与报价"),
        (PartKind.COMMENT, "1", "批注一"),
        (PartKind.COMMENT, "1", "某人"),
        (PartKind.FORM, "姓名", "张三"),
        (PartKind.PROPERTY, "Title", "题目二"),
    ],
)
def test_every_place_is_read(read, kind, label, text):
    assert (kind, label, text) in [(part.kind, part.label, part.text.strip()) for part in read.parts]


def test_the_metadata_in_xml_is_read(read):
    told = "\n".join(part.text for part in read.parts if part.label.startswith("XMP"))
    assert "题目二" in told
    assert "核心商密" in told


def test_attachments_are_members(read):
    assert ("附件.txt", "附件中的机密") in [(part.member, part.text) for part in read.parts]
    assert read.unreadable == ()


def test_a_password_is_told():
    content = made(everything, encryption=pikepdf.Encryption(owner="o", user="u"))
    (closed,) = extract(content).unreadable
    assert closed.reason == Reason.ENCRYPTED


def test_what_cannot_be_repaired_is_damaged():
    (closed,) = extract(b"%PDF-1.7\nnothing of use\n%%EOF").unreadable
    assert closed.reason == Reason.DAMAGED


def test_pages_that_point_at_themselves_end():
    content = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )
    assert extract(content).unreadable


def test_a_scan_is_shown_to_the_reader_of_pictures_and_kept():
    room = io.BytesIO()
    Image.new("L", (400, 300), 200).save(room, "PDF")
    seen = []
    read = extract(
        room.getvalue(), outside=Outside(look=lambda content, harvest, label: seen.append((label, content)))
    )
    assert [label for label, _content in seen] == ["1"]
    assert seen[0][1].startswith(b"\x89PNG")
    assert len(read.pictures) == 1
