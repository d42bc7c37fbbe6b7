"""A picture that was cut off is damaged, wherever that was; a whole one of any build is not."""

from __future__ import annotations

import io
import random
import re
import struct

import pytest
from PIL import Image

from shoumi.engine.inspection.extract.limits import ClosedError
from shoumi.engine.inspection.extract.pictures import READ, check_picture
from shoumi.engine.inspection.values import Reason


def noise(mode: str, size=(67, 41)) -> Image.Image:
    chance = random.Random(8)  # noqa: S311 - test data
    return Image.frombytes("RGB", size, chance.randbytes(size[0] * size[1] * 3)).convert(mode)


def stored(form: str, mode: str, **options) -> bytes:
    room = io.BytesIO()
    noise(mode).save(room, form, **options)
    return room.getvalue()


def several(form: str, mode: str, **options) -> bytes:
    more = [noise(mode).rotate(90 * turn) for turn in (1, 2)]
    return stored(form, mode, save_all=True, append_images=more, **options)


def upside_down() -> bytes:
    """Return a BMP whose rows run from top to bottom, which its height tells by its sign."""
    content = bytearray(stored("BMP", "RGB"))
    content[22:26] = struct.pack("<i", -41)
    return bytes(content)


def packed() -> bytes:
    """Return a BMP packed in runs, each of one colour and one line long."""
    rows = b"".join(bytes((67, at % 256)) + b"\0\0" for at in range(41)) + b"\0\1"
    head = struct.pack("<IiiHHIIiiII", 40, 67, 41, 1, 8, 1, len(rows), 0, 0, 0, 0)
    begin = 14 + len(head) + 1024
    return b"BM" + struct.pack("<IHHI", begin + len(rows), 0, 0, begin) + head + bytes(1024) + rows


def high_byte_first() -> bytes:
    """Return a TIFF as a Macintosh wrote it: one strip, the directory behind it."""
    rows = noise("L").tobytes()
    tags = {256: 67, 257: 41, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: 41, 279: len(rows)}
    entries = b"".join(struct.pack(">HHII", tag, 4, 1, value) for tag, value in tags.items())
    directory = struct.pack(">H", len(tags)) + entries + bytes(4)
    return b"MM" + struct.pack(">HI", 42, 8 + len(rows)) + rows + directory


WHOLE = {
    "gif": ("image/gif", stored("GIF", "P"), 2),
    "gif interlaced": ("image/gif", stored("GIF", "L", interlace=1), 2),
    "gif of frames": ("image/gif", several("GIF", "P", duration=40, loop=0, comment=b"x" * 300), 2),
    "bmp": ("image/bmp", stored("BMP", "RGB"), 4),
    "bmp of one bit": ("image/bmp", stored("BMP", "1"), 4),
    "bmp of a palette": ("image/bmp", stored("BMP", "P"), 4),
    "bmp upside down": ("image/bmp", upside_down(), 4),
    "bmp in runs": ("image/bmp", packed(), 1),
    "tiff": ("image/tiff", stored("TIFF", "RGB"), 1),
    "tiff, LZW": ("image/tiff", stored("TIFF", "RGB", compression="tiff_lzw"), 1),
    "tiff, Deflate": ("image/tiff", stored("TIFF", "L", compression="tiff_adobe_deflate"), 1),
    "tiff, fax": ("image/tiff", stored("TIFF", "1", compression="group4"), 1),
    "tiff of pages": ("image/tiff", several("TIFF", "RGB"), 4),
    "tiff, big": ("image/tiff", stored("TIFF", "RGB", big_tiff=True), 1),
    "tiff, the high byte first": ("image/tiff", high_byte_first(), 1),
    "webp": ("image/webp", stored("WEBP", "RGB"), 2),
    "webp lossless": ("image/webp", stored("WEBP", "RGBA", lossless=True), 2),
    "webp of frames": ("image/webp", several("WEBP", "RGB"), 2),
    "jpeg": ("image/jpeg", stored("JPEG", "RGB"), 2),
    "png": ("image/png", stored("PNG", "RGB"), 5),
}


def test_every_type_that_is_read_is_here():
    assert {kind for kind, _content, _least in WHOLE.values()} == {*READ}


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_picture_opens_and_so_does_one_with_more_behind_it(name):
    kind, content, _least = WHOLE[name]
    check_picture(kind, content)
    check_picture(kind, content + b"\0" * 9)


@pytest.mark.parametrize("name", WHOLE)
def test_a_cut_anywhere_is_told(name):
    kind, content, least = WHOLE[name]
    chance = random.Random(name)  # noqa: S311 - test data
    ends = {
        len(content) - least,
        *range(1, 80),
        *(chance.randrange(80, len(content) - least) for _ in range(60)),
    }
    between = {
        found.start() for found in re.finditer(rb"[\x21\x2c\x3b]", content)
    }  # blocks of a GIF, perhaps
    for end in ends - between if kind == "image/gif" else ends:
        with pytest.raises(ClosedError) as caught:
            check_picture(kind, content[:end])
        assert caught.value.reason == Reason.DAMAGED, end


def test_a_gif_may_go_without_the_block_that_ends_it():
    kind, content, _least = WHOLE["gif"]
    check_picture(kind, content[:-1])


def test_bytes_between_the_blocks_of_a_gif_are_passed_over_up_to_a_bound():
    kind, content, _least = WHOLE["gif"]
    check_picture(kind, content[:-1] + b"\0" * 9 + content[-1:])
    with pytest.raises(ClosedError):
        check_picture(kind, content[:-1] + b"\0" * 9_000_000 + content[-1:])
