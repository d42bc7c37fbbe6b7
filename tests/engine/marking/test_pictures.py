"""Pictures: strips and watermark in the pixels, everything beside the pixels kept, EXIF turned right."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageChops, ImageOps
from tests.fakes.foreign_files.pictures import XMP, drawn, jpegs, pngs
from tests.fakes.marks import CHANGED, CHINESE, JAPANESE, form

from shoumi.engine.marking.errors import (
    DamagedError,
    OriginalNeededError,
    TooLargeError,
    UnsupportedFeatureError,
)
from shoumi.engine.marking.marking import Kind, mark, read_labels, unmark
from shoumi.engine.marking.segments import chunks_of, segments_of

FILES = {**dict(pngs()), **dict(jpegs())}


def kind_of(name: str) -> Kind:
    return Kind.PNG if name.endswith("png") else Kind.JPEG


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@pytest.mark.requirement("MRK-02", "MRK-07")
@pytest.mark.parametrize("name", FILES)
def test_the_mark_is_seen_read_and_not_taken_out(name):
    content, kind = FILES[name], kind_of(name)
    marked = mark(content, kind, CHINESE, form())
    assert mark(content, kind, CHINESE, form()) == marked
    assert mark(marked, kind, CHINESE, form()) == marked
    assert read_labels(marked, kind).mark == CHINESE
    assert unmark(content, kind) == content
    for refused in (lambda: unmark(marked, kind), lambda: mark(marked, kind, CHANGED, form())):
        with pytest.raises(OriginalNeededError):
            refused()
    old, new = opened(content), opened(marked)
    turned = old.getexif().get(0x0112, 1) >= 5
    longer, same = (0, 1) if turned else (1, 0)
    assert new.size[same] == old.size[same]
    assert new.size[longer] > old.size[longer]
    assert new.getexif().get(0x0112) == old.getexif().get(0x0112)


def test_the_strips_are_above_and_below_as_the_reader_sees_it():
    for turn in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = turn
        stream = io.BytesIO()
        Image.new("RGB", (900, 700), "navy").save(stream, "JPEG", exif=exif)
        marked = mark(stream.getvalue(), Kind.JPEG, CHINESE, form(watermark=False))
        seen = ImageOps.exif_transpose(opened(marked)).convert("RGB")
        wide, high = (700, 900) if turn >= 5 else (900, 700)
        assert seen.width == wide
        reds = [y for y in range(seen.height) if any(r > 150 and b < 100 for r, _g, b in row_of(seen, y))]
        navy = [
            y
            for y in range(seen.height)
            if seen.getpixel((wide // 2, y))[2] > 90 > seen.getpixel((wide // 2, y))[0]
        ]
        assert len(navy) == pytest.approx(high, abs=2)
        assert reds[0] < navy[0] < navy[-1] < reds[-1], turn
        assert len([y for y in reds if y < navy[0]]) > len([y for y in reds if y > navy[-1]])


def row_of(image: Image.Image, y: int) -> list[tuple[int, ...]]:
    row = image.crop((0, y, image.width, y + 1)).tobytes()
    return [tuple(row[at : at + 3]) for at in range(0, len(row), 3)]


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith("png")])
def test_chunks_and_pixels_of_a_png_stay(name):
    content = FILES[name]
    marked = mark(content, Kind.PNG, JAPANESE, form(watermark=False, banner=False))
    kept = [c for c in chunks_of(content) if c[0] not in {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}]
    assert [c for c in chunks_of(marked) if c in kept] == kept
    old, new = opened(content), opened(marked)
    strip = new.height - old.height
    assert strip > 0
    mode = "RGBA" if old.mode in {"P", "LA", "RGBA"} else "I" if old.mode.startswith("I") else "RGB"
    was = old.convert(mode)
    found = any(
        _same(new.convert(mode).crop((0, top, old.width, top + old.height)), was) for top in range(strip + 1)
    )
    assert found, "the pixels between the strips are those of the original"


def _same(one, other) -> bool:
    if one.mode == "I":
        return one.tobytes() == other.tobytes()
    return ImageChops.difference(one, other).getbbox(alpha_only=False) is None


def test_segments_of_a_jpeg_stay_and_xmp_is_added_to():
    content = FILES["RGB-5.jpg"]
    marked = mark(content, Kind.JPEG, CHINESE, form())
    xmp = b"http://ns.adobe.com/xap/1.0/\0"
    old = [s for s in segments_of(content) if not s[1].startswith(xmp) and s[0] != 0xEE]
    assert [s for s in segments_of(marked) if s in old] == old
    (packet,) = [s[1] for s in segments_of(marked) if s[1].startswith(xmp)]
    assert XMP[: XMP.index(b"</rdf:RDF>")] in packet
    assert opened(marked).quantization == opened(content).quantization


def test_colours_keep_their_place():
    for name in ("CMYK-1.jpg", "L-1.jpg", "RGB-1.jpg"):
        marked = opened(mark(FILES[name], Kind.JPEG, CHINESE, form(watermark=False)))
        assert marked.mode == opened(FILES[name]).mode
        rows = [marked.convert("RGB").getpixel((40, y)) for y in range(marked.height)]
        red = [row for row in rows if row[0] > row[1] + 60]
        assert (len(red) >= 40) == (name != "L-1.jpg"), name


@pytest.mark.parametrize("kind", [Kind.PNG, Kind.JPEG])
def test_cut_or_foreign_bytes_are_refused(kind):
    content = FILES["RGB-0.png"] if kind == Kind.PNG else FILES["RGB-1.jpg"]
    for bad in (b"", content[:40], content[: len(content) // 2], b"GIF89a" + content[6:]):
        with pytest.raises(DamagedError):
            mark(bad, kind, CHINESE, form())


def test_animations_tiny_and_huge_pictures_are_refused():
    frames = [drawn("RGB"), drawn("RGB").rotate(90)]
    stream = io.BytesIO()
    frames[0].save(stream, "PNG", save_all=True, append_images=frames[1:])
    with pytest.raises(UnsupportedFeatureError):
        mark(stream.getvalue(), Kind.PNG, CHINESE, form())
    for size, error in (((16, 16), UnsupportedFeatureError), ((11_000, 10_000), TooLargeError)):
        stream = io.BytesIO()
        Image.new("1", size).save(stream, "PNG")
        with pytest.raises(error):
            mark(stream.getvalue(), Kind.PNG, CHINESE, form())
