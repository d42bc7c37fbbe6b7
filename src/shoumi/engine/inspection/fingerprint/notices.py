"""Notices that stand in everybody's documents, such as those of licences: no passage is told for them.

Source: `notices.yaml` under `shoumi.packs`, each entry with its own.  Whole licences and other publicly known
texts are an index of the user's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import product
from typing import Final

from shoumi.engine.jurisdiction.reading import Entry, Faults, read_file
from shoumi.engine.jurisdiction.values import Status, Texts

_FILE: Final = "world/notices.yaml"
_CHOICE: Final = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice with the ways it is worded."""

    id: str
    names: Texts
    texts: tuple[str, ...]
    source: str
    status: Status
    match: tuple[str, ...]
    refuse: tuple[str, ...]

    @property
    def wordings(self) -> Iterator[str]:
        """All wordings: `{a|b}` stands for either."""
        for text in self.texts:
            pieces = _CHOICE.split(text)
            yield from map(
                "".join, product(*(each.split("|") if at % 2 else (each,) for at, each in enumerate(pieces)))
            )


@cache
def load_notices(root: Traversable | None = None) -> tuple[Notice, ...]:
    """Return the notices; read once per process.

    Raises:
        PackFaultsError: the file has faults; all of them are listed.
    """
    folder = root or files("shoumi.packs")
    faults = Faults(_FILE)
    file = read_file(faults, _FILE, folder.joinpath(_FILE).read_text(encoding="utf-8"))
    source, status = file.text("source"), file.status()
    notices = tuple(_read(entry, source, status) for entry in file.entries("entries"))
    file.close()
    faults.verify_none()
    return notices


def _read(entry: Entry, source: str, status: Status) -> Notice:
    examples = entry.entry("examples")
    notice = Notice(
        id=entry.text("id"),
        names=entry.texts("names"),
        texts=entry.words("texts"),
        source=entry.text("source", source),
        status=entry.status() if entry.has("status") else status,
        match=examples.words("match"),
        refuse=examples.words("refuse"),
    )
    if not notice.match or not notice.refuse:
        entry.fault(f"{notice.id} needs examples that must match and that must be refused")
    examples.close()
    entry.close()
    return notice
