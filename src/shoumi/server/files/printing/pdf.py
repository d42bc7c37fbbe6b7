"""Turns a template into a PDF by WeasyPrint (CSS Paged Media), without reading anything from a network.

The hash in the foot is SHA-256 over the rendered page source with the hash left blank: two prints that say
the same, for the same reader at the same time, carry the same hash.  Signing and storing are not done here.
Fast only with `libharfbuzz-subset` (0.4 s instead of 20 s and more); `shoumi doctor` warns if it is missing.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace
from functools import cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from PIL import ImageFile

from shoumi.engine.errors import UnavailableError
from shoumi.server.accounts.naming import require_viewer, texts_now
from shoumi.server.accounts.templatetags.shoumi import lang_tag
from shoumi.server.files.printing.paper import DocumentHead
from shoumi.server.ledger.services import clock

HASH_PLACE = "\u2063document-hash\u2063"  # invisible separators: no text holds this by accident
logger = logging.getLogger("shoumi.printing")


class PrintingFailedError(UnavailableError):
    """WeasyPrint or one of its libraries is missing or failed."""

    code = "unavailable.printing"
    message = "The PDF could not be made; `shoumi doctor` shows what is missing."


def render_pdf(template: str, context: dict[str, object], language: str) -> bytes:
    """Return `template`, rendered with `context` in `language` (`zh-hans`, `ja`, `en`), as PDF.

    What it names was read inside `naming.take_out`, or `kept_whole` for what is kept.
    `context["head"]`, a `DocumentHead`, fills the head and foot of each page; its time is now unless set.

    Raises:
        PrintingFailedError: the PDF library is missing or failed.
    """
    require_viewer()
    with translation.override(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        source = render_to_string(template, _prepared(context))
    texts = texts_now()
    source = texts.page(source) if texts is not None else source
    digest = hashlib.sha256(source.encode()).hexdigest()
    try:
        return pdf_of(source.replace(HASH_PLACE, digest))
    except OSError as error:  # what WeasyPrint raises when a library is missing
        logger.exception("printing failed")
        raise PrintingFailedError from error


def _prepared(context: dict[str, object]) -> dict[str, object]:
    """Return the context with the time filled in and the place for the hash."""
    head = context.get("head")
    if isinstance(head, DocumentHead) and head.printed_at is None:
        head = replace(head, printed_at=clock().now())
    language = translation.get_language() or settings.LANGUAGE_CODE
    return {**context, "head": head, "document_hash": HASH_PLACE, "language_tag": lang_tag(language)}


def pdf_of(source: str) -> bytes:
    """Return the PDF of a complete HTML text; addresses other than `data:` are refused.

    Raises:
        OSError: a library is missing.
    """
    from weasyprint import HTML  # here: half a second and 60 MB that only printing needs
    from weasyprint.urls import URLFetcher

    # WeasyPrint lets Pillow take cut pictures for whole ones, in the whole process: a damaged upload must
    # go on being refused.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    fetcher = URLFetcher(allowed_protocols=("data",), allow_redirects=False)
    document = HTML(string=source, base_url="about:blank", url_fetcher=fetcher)
    content: bytes = document.write_pdf(font_config=_fonts())
    return content


@cache
def _fonts() -> object:
    """Return the font configuration, made once: it lists every font of the machine."""
    from weasyprint.text.fonts import FontConfiguration  # here: see `pdf_of`

    return FontConfiguration()
