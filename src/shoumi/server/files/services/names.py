"""What name a stored file may carry.

The original name is evidence and kept as it came, less what could deceive: folders, control characters and
marks that turn the writing direction (`exe.fdp` shown for `pdf.exe`).
"""

from __future__ import annotations

import unicodedata
from typing import Final

from shoumi.engine.errors import InputError

LONGEST_NAME: Final = 255  # characters
_EXTENSION_AT_MOST: Final = 20
_TURNING: Final = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class FileNameError(InputError):
    """Nothing is left of the name."""

    code = "input.file_name"
    message = "The file has no usable name."


def clean_name(name: str) -> str:
    """Return the last part of `name` without deceiving characters, cut in the middle if it is too long.

    Raises:
        FileNameError: nothing is left.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(
        character
        for character in last
        if unicodedata.category(character) not in {"Cc", "Cs"} and character not in _TURNING
    ).strip()
    if not kept.strip("."):
        raise FileNameError
    if len(kept) > LONGEST_NAME:
        tail = kept[-_EXTENSION_AT_MOST:]
        extension = tail[tail.rindex(".") :] if "." in tail else ""
        kept = kept[: LONGEST_NAME - len(extension)] + extension
    return kept
