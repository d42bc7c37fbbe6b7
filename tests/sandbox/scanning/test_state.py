"""The state of a scan: whole after a death at any byte, one writer, nothing kept under other means."""

from __future__ import annotations

import stat

import pytest
from tests.fakes.scan_reports import records

from shoumi.sandbox.scanning.state import (
    Remembered,
    ScanState,
    StateBusyError,
    StateFormError,
    contents,
)

HASHES = [f"{number:064x}" for number in range(4)]


def filled(path, means: str = "m") -> list[bytes]:
    """Write four contents; return the file's lines."""
    with ScanState(path, means) as state:
        for number, sha256 in enumerate(HASHES):
            state.add("表 格.xlsx", 7, Remembered(sha256, "text/csv", tuple(records()[:number])))
    return path.read_bytes().splitlines(keepends=True)


def test_what_was_added_is_there_again(tmp_path):
    filled(tmp_path / "state")
    with ScanState(tmp_path / "state", "m") as state:
        assert state.known("表 格.xlsx", 7) == HASHES
        assert state.known("表 格.xlsx", 8) == state.known("another.xlsx", 7) == []
        assert state.remembered("表 格.xlsx", 7, HASHES[2]) == Remembered(
            HASHES[2], "text/csv", tuple(records()[:2])
        )
        assert state.remembered("表 格.xlsx", 7, "ff" * 32) is None


def test_a_death_at_any_byte_loses_at_most_the_last_line(tmp_path):
    path = tmp_path / "state"
    lines = filled(path)
    whole = b"".join(lines)
    ends = [sum(map(len, lines[: number + 1])) for number in range(len(lines))]
    for cut in range(len(whole)):
        path.write_bytes(whole[:cut])
        with ScanState(path, "m") as state:
            survived = sum(end <= cut for end in ends)
            assert len(state.known("表 格.xlsx", 7)) == max(0, survived - 1)
            state.add("new", 1, Remembered("ab" * 32, "", ()))
        with ScanState(path, "m") as state:
            assert state.known("new", 1) == ["ab" * 32]
        assert not state.begun_anew


def test_a_line_that_was_changed_is_cut_off_with_all_after_it(tmp_path):
    path = tmp_path / "state"
    lines = filled(path)
    lines[3] = lines[3].replace(b'"bytes":7', b'"bytes":8')
    path.write_bytes(b"".join(lines))
    with ScanState(path, "m") as state:
        assert state.known("表 格.xlsx", 7) == HASHES[:2]
    assert len(list(contents(path))) == 3


def test_a_content_is_kept_once(tmp_path):
    with ScanState(tmp_path / "state", "m") as state:
        for _ in range(3):
            state.add("a", 1, Remembered(HASHES[0], "", ()))
    assert len(list(contents(tmp_path / "state"))) == 2


def test_reading_between_writing_does_not_disturb_it(tmp_path):
    path = tmp_path / "state"
    filled(path)
    with ScanState(path, "m") as state:
        assert state.remembered("表 格.xlsx", 7, HASHES[0])
        state.add("b", 2, Remembered(HASHES[1], "", ()))
        assert state.remembered("b", 2, HASHES[1])
    with ScanState(path, "m") as state:
        assert len(state.known("表 格.xlsx", 7)) == 4
        assert state.known("b", 2) == [HASHES[1]]


def test_other_means_begin_anew(tmp_path):
    path = tmp_path / "state"
    filled(path)
    with ScanState(path, "other") as state:
        assert state.begun_anew
        assert state.known("表 格.xlsx", 7) == []


def test_one_scan_at_a_time(tmp_path):
    with ScanState(tmp_path / "state", "m"), pytest.raises(StateBusyError):
        ScanState(tmp_path / "state", "m")
    ScanState(tmp_path / "state", "m").close()


@pytest.mark.parametrize(
    "content", [b"important notes\n", b"notes without end", b"00000000 {}\n", b"\0" * 5000]
)
def test_a_file_that_is_no_state_is_left_as_it_is(tmp_path, content):
    path = tmp_path / "notes"
    path.write_bytes(content)
    with pytest.raises(StateFormError):
        ScanState(path, "m")
    assert path.read_bytes() == content


def test_it_is_readable_by_its_owner_alone_and_holds_nothing_unmasked(tmp_path):
    path = tmp_path / "state"
    filled(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert b"13900000000" not in path.read_bytes()
