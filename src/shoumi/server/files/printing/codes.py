"""QR codes (ISO/IEC 18004) as inline SVG, so that neither a page nor a PDF has to fetch a picture."""

from __future__ import annotations

import io

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(text: str) -> SafeString:
    """Return an `<svg>` of the QR code for `text`, with error correction M and no fixed size."""
    stream = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(stream, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, nl=False)
    return mark_safe(stream.getvalue().decode())  # noqa: S308 - segno draws squares only
