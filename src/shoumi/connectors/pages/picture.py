"""A picture's grey levels; the bytes of the picture are parsed by the engine's one reader of pictures."""

from __future__ import annotations

from shoumi.connectors.pages.page import GreyPage
from shoumi.engine.marking.tiles.pictures import grey_bytes


def picture_page(content: bytes) -> GreyPage:
    """Return the picture as a page.

    Raises:
        PictureUnreadableError, PictureTooLargeError: see `engine.marking.tiles.pictures`.
    """
    levels, facts = grey_bytes(content, {})
    return GreyPage(1, facts["width"], facts["height"], facts["factor"], levels)
