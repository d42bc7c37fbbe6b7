"""Draws on the pad for signatures, as a finger does."""

from __future__ import annotations

from playwright.sync_api import Page


def draw(page: Page) -> None:
    """Draw two strokes."""
    pad = page.locator("canvas[data-pad]")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    for left, right in ((0.2, 0.5), (0.5, 0.8)):
        page.mouse.move(box["x"] + box["width"] * left, box["y"] + box["height"] * 0.3)
        page.mouse.down()
        for part in range(1, 9):
            share = left + (right - left) * part / 8
            page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] * (0.3 + 0.05 * part))
        page.mouse.up()
