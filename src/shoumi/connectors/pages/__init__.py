"""The pages of a foreign file as grey levels, drawn where hostile bytes can do no harm.

PDFs are drawn by a program of their own (`poppler`), pictures are decoded in the sandbox.  What comes back
are plain numbers.  Which file it is, is told from its first bytes, never from its name.
"""

from __future__ import annotations

from collections.abc import Iterator

from shoumi.connectors.pages.page import GreyPage
from shoumi.connectors.pages.picture import picture_page
from shoumi.connectors.pages.poppler import PDFProgramMissingError, PDFUnreadableError, pdf_pages

__all__ = ["GreyPage", "PDFProgramMissingError", "PDFUnreadableError", "grey_pages", "looks_like_pdf"]


def looks_like_pdf(content: bytes) -> bool:
    """Return whether the content begins as a PDF does."""
    return b"%PDF-" in content[:1024]


def grey_pages(content: bytes) -> Iterator[GreyPage]:
    """Return the pages of a PDF, or a picture as its only page, drawn when asked for.

    Raises:
        PDFProgramMissingError, PDFUnreadableError: see `poppler`.
        PictureUnreadableError, PictureTooLargeError: see `engine.marking.tiles.pictures`.
    """
    if looks_like_pdf(content):
        yield from pdf_pages(content)
    else:
        yield picture_page(content)
