"""What holds for a mark in every format, so that each format's test adds only what is its own."""

from __future__ import annotations

import pytest
from tests.fakes.foreign_files.documents import parts
from tests.fakes.marks import CHANGED, CHINESE, COPY, OLD_WORDS, form

from shoumi.engine.marking.marking import Kind, mark, read_labels, unmark


def verify_office(content: bytes, kind: Kind, may_change) -> bytes:
    """Return the marked file after proving what must hold for any office file."""
    before = bytes(content)
    marked = mark(content, kind, CHINESE, form())
    assert content == before
    assert mark(content, kind, CHINESE, form()) == marked, "not deterministic"
    assert mark(marked, kind, CHINESE, form()) == marked, "marking twice changes something"
    changed = mark(marked, kind, CHANGED, form(copy=COPY))
    assert changed == mark(content, kind, CHANGED, form(copy=COPY)), "something of the old mark is left"
    assert unmark(content, kind) == content
    old, new, restored = parts(content), parts(marked), parts(unmark(marked, kind))
    assert restored == old, {name for name in old | restored if old.get(name) != restored.get(name)}
    foreign = {name for name in old if old[name] != new[name]}
    assert not {name for name in foreign if not may_change(name)}
    left = b"".join(data for name, data in parts(changed).items() if old.get(name) != data).decode(
        "utf-8", "replace"
    )
    assert not [word for word in OLD_WORDS if word in left]
    labels = read_labels(marked, kind)
    assert labels.mark == CHINESE
    assert ("0a1b2c3d-1111-2222-3333-444455556666", "Core") in labels.foreign
    assert read_labels(changed, kind).copy == COPY
    assert read_labels(content, kind).mark is None
    return marked


@pytest.fixture
def verify():
    return verify_office
