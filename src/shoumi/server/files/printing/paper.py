"""What stands on paper: the head with the four label parts, labels to stick on carriers, tables.

Source of the four parts: the seed guide's rules on marking (name or number, level, period, owner unit).
Everything arrives in words already; nothing here looks anything up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.safestring import SafeString

from shoumi.server.files.printing.codes import qr_svg


@dataclass(frozen=True, slots=True)
class DocumentHead:
    """The head and foot of every page; empty parts are left out, except the four, which show a dash."""

    name: str
    number: str = ""
    level: str = ""  # id: core, important, general; for the shape beside the words
    level_text: str = ""  # the exact words of the country's pack, such as 核心商密
    period: str = ""
    owner: str = ""
    viewer: str = ""  # who had it printed
    printed_at: datetime | None = None  # aware; None: now
    watermark: str = ""  # set across each page, such as the viewer's name and number
    reminder: str = ""  # of the duty of confidentiality


@dataclass(frozen=True, slots=True)
class Label:
    """One sticker for one carrier."""

    name: str
    number: str
    level: str
    level_text: str
    period: str
    owner: str
    link: str = ""  # behind the QR code; empty: the number
    carrier: str = ""  # which copy, such as 2/5

    @property
    def code(self) -> SafeString:
        """The QR code."""
        return qr_svg(self.link or self.number or self.name)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its heads; cells are texts, or `SafeString` for markup."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]] = field(default_factory=tuple)
    caption: str = ""
