"""How much one file may unfold to while it is read, and what happens at the end of that.

Source: CWE-409 (compressed data with a high ratio), CWE-674 (recursion), CWE-776 (entities). Time and memory
are not counted here: the process that reads is killed from outside (`shoumi.sandbox.workers`).
"""

from __future__ import annotations

from dataclasses import dataclass

from shoumi.engine.inspection.values import Reason


@dataclass(frozen=True, slots=True)
class ExtractLimits:
    """The most that one file with all its members may amount to."""

    content_bytes: int = 1 << 28  # of one file or member; of longer plain text the beginning is read
    unpacked_bytes: int = 1 << 29  # of all that is decompressed from it, at every depth
    members: int = 20_000  # files inside it, at every depth
    depth: int = 8  # containers within containers
    ratio: int = 250  # unpacked to packed, for members over `ratio_from_bytes`
    ratio_from_bytes: int = 1 << 24  # short runs of one letter compress far better and harm nobody
    characters: int = 1 << 27  # of all text
    parts: int = 200_000
    xml_bytes: int = 1 << 27  # of one XML part
    pages: int = 20_000  # of one PDF, slides of one presentation
    pictures: int = 2_000
    picture_bytes: int = 1 << 27  # of all pictures kept
    scan_pages: int = 200  # pages of one file that are rendered to be read from the picture


class ClosedError(Exception):
    """This file or member stays closed; the reader has kept what it had read before."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        """`detail` is for the operator and never quotes the content."""
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class SpentError(ClosedError):
    """What the whole file may amount to is used up; nothing more of it is read."""
