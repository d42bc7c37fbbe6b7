"""Foreign pictures: limits before pixels, no crash on any bytes, grey levels and nothing else."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.fakes.pages import png

from shoumi.engine.errors import InputError
from shoumi.engine.marking.tiles import PictureTooLargeError, PictureUnreadableError
from shoumi.engine.marking.tiles.pictures import grey_array, grey_bytes, grey_of, open_picture


def saved(image, kind):
    stream = io.BytesIO()
    image.save(stream, kind)
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_three_kinds_become_grey_levels(kind):
    levels, facts = grey_bytes(saved(Image.new("RGB", (40, 30), (200, 200, 200)), kind), {})
    assert facts == {"width": 40, "height": 30, "factor": 1}
    assert abs(grey_array(levels, 40, 30) - 200).max() <= 2


def test_what_is_transparent_is_white():
    grey, _ = grey_of(Image.new("RGBA", (5, 5), (0, 0, 0, 0)))
    assert grey.min() == 255


def test_sixteen_bits_become_eight():
    deep = Image.fromarray(np.full((4, 4), 0x8001, dtype=np.uint16))
    assert grey_of(open_picture(png(deep)))[0].max() == 0x80


def test_a_large_picture_is_reduced_by_a_whole_factor():
    grey, factor = grey_of(Image.new("L", (5000, 4000), 255))
    assert (factor, grey.shape) == (3, (1334, 1667))


def test_a_picture_that_claims_too_many_pixels_is_refused_before_they_are_decoded():
    bomb = bytearray(png(Image.new("L", (1, 1))))
    bomb[16:24] = (60_000).to_bytes(4, "big") * 2
    import zlib

    bomb[29:33] = zlib.crc32(bytes(bomb[12:29])).to_bytes(4, "big")
    with pytest.raises(PictureTooLargeError):
        open_picture(bytes(bomb))


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"%PDF-1.4", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_other_bytes_are_refused(content):
    with pytest.raises(PictureUnreadableError):
        open_picture(content)


@settings(max_examples=60)
@given(st.data())
def test_a_damaged_picture_is_read_or_refused(data):
    kind = data.draw(st.sampled_from(["PNG", "JPEG", "WEBP"]))
    content = bytearray(saved(Image.new("RGB", (24, 24), (10, 200, 90)), kind))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        levels, facts = grey_bytes(bytes(content[: data.draw(st.integers(1, len(content)))]), {})
    except InputError:
        return
    assert len(levels) == facts["width"] * facts["height"]


@pytest.mark.parametrize(("levels", "width", "height"), [(b"123", 2, 2), (b"", 0, 0), (b"12", -1, -2)])
def test_levels_that_do_not_fit_are_refused(levels, width, height):
    with pytest.raises(PictureUnreadableError):
        grey_array(levels, width, height)
