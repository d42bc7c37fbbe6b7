"""PDF: turned and cropped pages, shared and inherited resources, forms, attachments, metadata."""

from __future__ import annotations

import io
from functools import partial
from itertools import product

from pikepdf import Array, AttachedFileSpec, Dictionary, Name, ObjectStreamMode, OutlineItem, Pdf, String

from tests.fakes.foreign_files import Files

FLAVOURS = ("plain", "resources", "array", "metadata", "extras")


def papers() -> Files:
    """Return papers by name."""
    builders = {
        f"{turned}-{cropped:d}-{flavour}.pdf": partial(_built, turned, cropped, flavour)
        for turned, cropped, flavour in product((0, 90, 180, 270), (False, True), FLAVOURS)
    }
    return Files(builders | {"many-sizes.pdf": _sizes, "blank.pdf": _blank, "twice.pdf": _twice})


def written(pdf: Pdf, mode: ObjectStreamMode = ObjectStreamMode.disable) -> bytes:
    """Return the file of `pdf`."""
    stream = io.BytesIO()
    pdf.save(stream, object_stream_mode=mode, deterministic_id=True)
    return stream.getvalue()


def _page(pdf: Pdf, size: tuple[float, float], text: str, font: Dictionary) -> None:
    page = pdf.add_blank_page(page_size=size)
    page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
    lines = "".join(f"BT /F1 12 Tf 60 {size[1] - 80 - 20 * at} Td ({text} {at}) Tj ET\n" for at in range(8))
    page.obj.Contents = pdf.make_stream(lines.encode())


def _font(pdf: Pdf) -> Dictionary:
    return pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))


def _built(turned: int, cropped: bool, flavour: str) -> bytes:
    pdf = Pdf.new()
    font = _font(pdf)
    for number in range(3):
        _page(pdf, (595, 842) if number != 1 else (842, 595), f"page {number}", font)
    for page in pdf.pages:
        page.obj.Rotate = turned
        if cropped:
            page.obj.CropBox = Array([50, 40, 500, 560])
    if flavour == "resources":
        shared = pdf.make_indirect(Dictionary(Font=Dictionary(F1=font)))
        for page in pdf.pages:
            del page.obj["/Resources"]
        pdf.Root.Pages.Resources = shared
        pdf.Root.Pages.Rotate = turned
    if flavour == "array":
        for page in pdf.pages:
            parts = [pdf.make_stream(b"q 1 0 0 1 0 0 cm\n"), page.obj.Contents, pdf.make_stream(b"Q\n")]
            page.obj.Contents = pdf.make_indirect(Array(parts))
    if flavour == "metadata":
        pdf.docinfo["/Title"] = String("工艺文件")
        with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:title"] = "工艺文件"
            metadata["pdf:Producer"] = "测试"
    if flavour == "extras":
        _enrich(pdf)
    mode = ObjectStreamMode.generate if turned == 90 else ObjectStreamMode.disable
    return written(pdf, mode)


def _enrich(pdf: Pdf) -> None:
    pdf.attachments["附件.txt"] = AttachedFileSpec(pdf, "附件内容".encode(), filename="附件.txt")
    page = pdf.pages[0].obj
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("名称"), V=String("值"),
            Rect=Array([100, 100, 300, 120]), F=4, DA=String("/F1 10 Tf 0 g"), P=page,
        )
    )  # fmt: skip
    page.Annots = Array([field])
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]), NeedAppearances=True)
    with pdf.open_outline() as outline:
        outline.root.append(OutlineItem("第一页", 0))


def _sizes() -> bytes:
    pdf = Pdf.new()
    font = _font(pdf)
    for size in ((100, 60), (210, 297), (595, 842), (2384, 3370), (842, 595), (400, 40)):
        _page(pdf, size, "size", font)
    return written(pdf)


def _blank() -> bytes:
    pdf = Pdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    del pdf.pages[0].obj["/Contents"]
    del pdf.pages[0].obj["/Resources"]
    return written(pdf)


def _twice() -> bytes:
    pdf = Pdf.new()
    _page(pdf, (595, 842), "the same", _font(pdf))
    pdf.pages.append(pdf.pages[0])
    return written(pdf)
