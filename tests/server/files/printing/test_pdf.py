"""PDFs read back by another program: the four label parts, the reader, the hash, and nothing fetched."""

from __future__ import annotations

import io
import re
import subprocess

import pytest
from django.utils.safestring import SafeString
from PIL import Image

from shoumi.server.files.printing import DocumentHead, Label, Table, qr_svg, render_pdf

ZH = DocumentHead(
    name="高镍正极材料烧结工艺参数",
    number="SM-2026-0007",
    level="core",
    level_text="核心商密",
    period="长期",
    owner="材料研究院",
    viewer="王丽",
    watermark="王丽 E0456",
    reminder="持有人负有保密义务",
)
JA = DocumentHead(
    name="高ニッケル正極材の焼成条件",
    number="JP-1",
    level="core",
    level_text="極秘",
    period="長期",
    owner="材料研究所",
)


def read(content, tmp_path):
    """Return the text of a PDF as poppler reads it, by page; narrow spaces come and go, so none are kept."""
    path = tmp_path / "x.pdf"
    path.write_bytes(content)
    done = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    )
    return [page.replace(" ", "") for page in done.stdout.split("\f")[:-1]]


def fonts(content, tmp_path):
    path = tmp_path / "y.pdf"
    path.write_bytes(content)
    return subprocess.run(["pdffonts", str(path)], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    ("head", "language", "face"), [(ZH, "zh-hans", "Noto-Sans-CJK-SC"), (JA, "ja", "Noto-Sans-CJK-JP")]
)
def test_each_page_carries_the_four_parts_and_its_number(head, language, face, tmp_path, fixed_clock):
    table = Table(["a", "b"], [[str(n), head.name] for n in range(80)])
    content = render_pdf("printing/extract.html", {"head": head, "table": table}, language)
    pages = read(content, tmp_path)
    assert len(pages) > 1
    for number, text in enumerate(pages, 1):
        for part in (
            head.name,
            head.number,
            head.level_text,
            head.period,
            head.owner,
            f"{number}/{len(pages)}",
        ):
            assert part.replace(" ", "") in text
        assert "2026-03-01" in text
        assert re.search(r"[0-9a-f]{64}", text)
    assert face in fonts(content, tmp_path)


def test_the_same_words_have_the_same_hash_and_others_another(tmp_path, fixed_clock):
    def digest(**changes):
        context = {"head": ZH, "facts": [("x", "y")], **changes}
        return re.search(
            r"[0-9a-f]{64}", read(render_pdf("printing/extract.html", context, "zh-hans"), tmp_path)[0]
        )[0]

    assert digest() == digest()
    assert digest() != digest(facts=[("x", "z")])


def test_a_label_has_its_parts_on_one_page_each(tmp_path):
    labels = [
        Label(ZH.name, f"SM-{n}", "important", "重要商密", "5 年", ZH.owner, "https://shoumi.example.com/1")
        for n in range(3)
    ]
    pages = read(render_pdf("printing/labels.html", {"labels": labels}, "zh-hans"), tmp_path)
    assert len(pages) == 3
    for number, text in enumerate(pages):
        for part in (ZH.name, f"SM-{number}", "重要商密", "5年", ZH.owner):
            assert part in text
    assert (
        len(
            read(
                render_pdf("printing/labels.html", {"labels": labels * 4, "sheet": True}, "zh-hans"), tmp_path
            )
        )
        == 2
    )


def test_nothing_is_fetched_from_disk_or_network(tmp_path):
    planted = tmp_path / "planted.svg"
    planted.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg"><text y="9">PLANTED</text></svg>', encoding="utf-8"
    )
    row = [SafeString(f'<img src="file://{planted}"><img src="http://127.0.0.1:1/x.png" alt="gone">')]
    content = render_pdf("printing/extract.html", {"head": ZH, "table": Table(["x"], [row])}, "zh-hans")
    assert "PLANTED" not in "".join(read(content, tmp_path))


def test_a_cut_picture_is_still_refused_after_printing():
    stream = io.BytesIO()
    Image.effect_noise((200, 200), 60).save(stream, "JPEG")
    render_pdf("printing/extract.html", {"head": ZH, "table": None, "facts": []}, "zh-hans")
    with pytest.raises(OSError, match="truncated"):
        Image.open(io.BytesIO(stream.getvalue()[: len(stream.getvalue()) // 2])).load()


def test_text_from_people_is_not_markup(tmp_path):
    head = DocumentHead(name="<script>x</script>&", owner="<b>o</b>")
    assert (
        "<script>x</script>&" in read(render_pdf("printing/extract.html", {"head": head}, "en"), tmp_path)[0]
    )


def test_a_code_is_an_svg_without_size_or_style():
    svg = qr_svg("https://shoumi.example.com/register/1/")
    assert svg.startswith("<svg")
    assert "style=" not in svg
    assert "viewBox" in svg
