"""What does not fit together is refused before a byte is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.evidence import LOG, ORIGIN, OTHER_WITNESS, contents_of, exhibit_of, signer

from shoumi.engine.evidence.checkpoint import Checkpoint, sign_checkpoint
from shoumi.engine.evidence.notes import UnknownSignerError
from shoumi.engine.evidence.package.archive import NAME
from shoumi.engine.evidence.package.contents import PackageContentsError, Stamp, stored_name
from shoumi.engine.evidence.proofs import RootMismatchError
from shoumi.engine.evidence.timestamp import TimestampToken
from shoumi.engine.evidence.trust import QuorumError

GOOD = contents_of()
ENTRY = GOOD.entries[0]


@pytest.mark.parametrize(
    "changes",
    [
        {"identifier": "../escape"},
        {"identifier": ""},
        {"identifier": "名"},
        {"title": "two\nlines"},
        {"title": ""},
        {"organization": "x" * 256},
        {"created": datetime(2026, 3, 2, tzinfo=UTC).replace(tzinfo=None)},
        {"entries": ()},
        {"entries": (ENTRY, ENTRY)},
        {"entries": (replace(ENTRY, details=(ENTRY.details[0], ENTRY.details[0])),)},
        {"entries": (replace(ENTRY, details=(replace(ENTRY.details[0], value="other"),)),)},
        {"entries": (replace(ENTRY, details=(replace(ENTRY.details[0], name="unknown"),)),)},
        {"entries": (replace(ENTRY, details=(replace(ENTRY.details[0], salt=bytes(65)),)),)},
        {"entries": (replace(ENTRY, proof=replace(ENTRY.proof, tree_size=31)),)},
        {"exhibits": (exhibit_of("tab\there", b""),)},
        {"exhibits": (exhibit_of("", b""),)},
        {"exhibits": (exhibit_of("half \ud800", b""),)},
    ],
    ids=range(17),
)
def test_bad_parts_are_refused(changes):
    with pytest.raises(PackageContentsError):
        replace(GOOD, **changes).verify()


def test_good_parts_are_not():
    GOOD.verify()


def test_an_entry_of_another_place_is_refused():
    moved = replace(ENTRY, proof=replace(ENTRY.proof, leaf_index=ENTRY.proof.leaf_index ^ 1))
    with pytest.raises(RootMismatchError):
        replace(GOOD, entries=(moved,)).verify()


def test_a_checkpoint_by_nobody_known_or_without_its_witness_is_refused():
    with pytest.raises(UnknownSignerError):
        replace(GOOD, log_key=signer("other.example.com").verifier_key).verify()
    with pytest.raises(QuorumError):
        replace(GOOD, witness_keys=(OTHER_WITNESS.verifier_key,)).verify()
    note = sign_checkpoint(Checkpoint(ORIGIN, 32, bytes(32)), LOG)
    with pytest.raises(RootMismatchError):
        replace(GOOD, checkpoint_note=note, witness_keys=()).verify()


def test_a_stamp_is_called_what_it_is():
    token = TimestampToken(b"", datetime(2026, 3, 2, tzinfo=UTC), 1, "", "")
    ours = Stamp(token, "our clock", "internal", b"")
    theirs = Stamp(token, "Example TSA", "external", b"")
    for word in ("internal time-stamp", "内部时间戳", "内部タイムスタンプ"):
        assert word in ours.label
    assert "可信" not in ours.label + theirs.label
    assert "Example TSA" in theirs.label
    assert "internal" not in theirs.label


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("报价单 2026.xlsx", "0007-2026.xlsx"),
        ("図面.pdf", "0007.pdf"),
        ("../../etc/passwd", "0007-etc_passwd"),
        ("README", "0007-README"),
        (".bashrc", "0007.bashrc"),
        ("a.tar.gz", "0007-a.tar.gz"),
        ("v1.2 final version", "0007-v1.2_final_version"),
        ("-rf *", "0007-rf"),
        ("???", "0007"),
        ("ＡＢＣ．ｔｘｔ", "0007-ABC.txt"),
    ],
)
def test_names_in_the_package_are_plain(name, stored):
    assert stored_name(7, name) == stored


@given(st.integers(1, 99_999), st.text(min_size=1, max_size=255))
def test_every_stored_name_is_one_of_a_package(number, name):
    assert NAME.fullmatch(f"top/data/exhibits/{stored_name(number, name)}")
