"""A picture's grey levels, decoded in the sandbox: its bytes come from strangers."""

from __future__ import annotations

from typing import Final

from shoumi.connectors.pages.page import GreyPage
from shoumi.engine.marking.tiles.pictures import MOST_BYTES, too_large
from shoumi.sandbox import Limits, call

_LIMITS: Final = Limits(seconds=40, memory_bytes=3 << 30, answer_bytes=1 << 23)


def picture_page(content: bytes) -> GreyPage:
    """Return the picture as a page.

    Raises:
        PictureUnreadableError, PictureTooLargeError: see `engine.marking.tiles.pictures`.
        SandboxTimeError, SandboxMemoryError, SandboxFailedError: it asked for more than it may have.
    """
    if len(content) > MOST_BYTES:
        raise too_large()
    answer = call("shoumi.engine.marking.tiles.pictures:grey_bytes", content, limits=_LIMITS)
    width, height, factor = (int(answer.facts[name]) for name in ("width", "height", "factor"))
    return GreyPage(1, width, height, factor, answer.content)
