"""The veil over pictures and PDF pages: faint, everywhere, and readable after rendering."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from tests.fakes.pages import SMALL, jpeg, photo, rendered, text_page

from shoumi.engine.marking.tiles import decode, embed, pdf_overlay, veil

KEY, COPY = bytes(range(32)), 0xC0FFEE123456


def test_no_pixel_moves_by_more_than_twice_the_amplitude():
    page = text_page(1, SMALL)
    moved = np.asarray(embed(page, COPY, KEY, 2.0), int) - np.asarray(page, int)
    assert abs(moved).max() == 4
    assert 38 < 10 * np.log10(255**2 / np.square(moved).mean()) < 42  # PSNR in decibels


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_the_mode_and_transparency_are_kept(mode):
    page = text_page(1, (400, 300)).convert(mode)
    if mode.endswith("A"):
        page.putalpha(200)
    marked = embed(page, COPY, KEY)
    assert (marked.mode, marked.size) == (mode, page.size)
    if mode.endswith("A"):
        assert marked.getchannel("A").getextrema() == (200, 200)
    assert marked.convert("L").tobytes() != page.convert("L").tobytes()


def test_a_palette_becomes_colour():
    assert embed(text_page(1, (200, 200)).convert("P"), COPY, KEY).mode == "RGB"


@pytest.mark.parametrize(("amplitude", "chip"), [(0, 3), (17, 3), (2, 0), (2, 65)])
def test_senseless_strengths_are_refused(amplitude, chip):
    with pytest.raises(ValueError, match="amplitude"):
        embed(Image.new("L", (10, 10)), COPY, KEY, amplitude, chip)


def test_the_veil_repeated_over_a_dark_screen_is_read():
    """A transparent tile, laid over by whoever shows the page: dark paper, light letters."""
    page = text_page(2, SMALL, dark=True).convert("RGBA")
    tile = veil(COPY, KEY, 3.0).convert("RGBA")
    for x in range(0, page.width, tile.width):
        for y in range(0, page.height, tile.height):
            page.alpha_composite(tile, (x, y))
    assert decode(page, [KEY])[0].copy_id == COPY
    assert decode(jpeg(50)(page), [KEY])[0].copy_id == COPY


@pytest.mark.parametrize("dots_per_inch", [100, 300])
def test_the_overlay_of_a_pdf_is_read_from_its_rendering(dots_per_inch):
    overlay = pdf_overlay((595.28, 841.89), COPY, KEY)
    assert len(overlay) < 12_000
    best = decode(jpeg(50)(rendered(overlay, dots_per_inch)), [KEY])[0]
    assert (best.accepted, best.copy_id) == (True, COPY)
    assert best.chip == pytest.approx(3 * dots_per_inch / 150, rel=0.01)


def test_a_photograph_carries_it_too():
    best = decode(jpeg(50)(embed(photo(3, SMALL), COPY, KEY)), [KEY])[0]
    assert (best.accepted, best.copy_id) == (True, COPY)
