"""Keys come back by row, and rows by key."""

from __future__ import annotations

from shoumi.engine.inspection.exact.keys import Keys, cleaned


def test_keys_and_rows_lead_to_each_other():
    keys = cleaned([f"键{number:05d}" for number in range(9000)])
    kept = Keys.of(keys)
    assert list(kept) == keys
    assert kept.named([8999, 0, 4096, 0]) == {0: "键00000", 4096: "键04096", 8999: "键08999"}
    assert kept.rows_with([keys[5], keys[8000], b"unknown"]).tolist() == [5, 8000]
    assert not list(Keys.of([]))


def test_what_parts_keys_stands_in_none():
    assert cleaned(["a\0b", "c"]) == ["a\ufffdb".encode(), b"c"]
    assert cleaned([]) == []
