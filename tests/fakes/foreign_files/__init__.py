"""Files as other programs write them, in as many shapes as matter to a mark; generated, never stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping


class Files(Mapping[str, bytes]):
    """Files by name, each built when it is first asked for: a name is enough to choose tests by."""

    def __init__(self, builders: Mapping[str, Callable[[], bytes]]) -> None:
        """Take by name what builds each file."""
        self._builders = builders
        self._built: dict[str, bytes] = {}

    def __getitem__(self, name: str) -> bytes:
        """Return the content of a file, the same each time."""
        if name not in self._built:
            self._built[name] = self._builders[name]()
        return self._built[name]

    def __iter__(self) -> Iterator[str]:
        """Return the names."""
        return iter(self._builders)

    def __len__(self) -> int:
        """Return how many files there are."""
        return len(self._builders)
