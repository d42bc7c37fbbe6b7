"""Versions of a library: its hash, and which clauses changed between two."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from shoumi.engine.canonical import canonical_bytes
from shoumi.engine.jurisdiction.agreements import (
    Change,
    ChangeKind,
    OtherLibraryError,
    changes,
    library_form,
    library_sha256,
    load_agreements,
)
from shoumi.engine.jurisdiction.agreements.values import Test as Condition

CN = load_agreements("cn")


def with_clauses(change):
    """Return the library with the clauses of the visitor's pledge changed."""
    kinds = tuple(
        replace(kind, clauses=change(kind.clauses)) if kind.id == "visitor_pledge" else kind
        for kind in CN.kinds
    )
    return replace(CN, kinds=kinds)


def found(library):
    return [(each.clause, each.what) for each in changes(library_form(CN), library_form(library))]


def test_a_version_is_its_bytes_and_survives_being_stored():
    stored = json.loads(canonical_bytes(library_form(CN)))
    assert library_sha256(CN) == library_sha256(load_agreements("cn"))
    assert library_sha256(CN) != library_sha256(load_agreements("jp"))
    assert changes(stored, library_form(CN)) == ()
    assert changes(library_form(CN), stored) == ()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            lambda all_: (replace(all_[0], text=all_[0].text + "。"), *all_[1:]),
            [("area", ChangeKind.REWORDED)],
        ),
        (lambda all_: (replace(all_[0], heading="区域"), *all_[1:]), [("area", ChangeKind.REWORDED)]),
        (lambda all_: (replace(all_[0], mandatory=False), *all_[1:]), [("area", ChangeKind.CONDITIONS)]),
        (
            lambda all_: (replace(all_[0], when=(Condition("gets_papers", (True,)),)), *all_[1:]),
            [("area", ChangeKind.CONDITIONS)],
        ),
        (lambda all_: (replace(all_[0], rules=("CN-CC-501",)), *all_[1:]), [("area", ChangeKind.BASIS)]),
        (lambda all_: all_[1:], [("area", ChangeKind.REMOVED)]),
        (lambda all_: (replace(all_[0], id="new"), *all_), [("new", ChangeKind.ADDED)]),
        (
            lambda all_: (all_[1], all_[0], *all_[2:]),
            [("area", ChangeKind.MOVED), ("devices", ChangeKind.MOVED)],
        ),
    ],
)
def test_a_changed_clause_is_told_with_what_changed_and_nothing_else(change, expected):
    library = with_clauses(change)
    assert sorted(found(library)) == sorted(expected)
    assert library_sha256(library) != library_sha256(CN)


def test_only_a_changed_basis_is_nothing_that_a_signer_reads():
    assert {what for what in ChangeKind if not Change("k", "c", what).signed_text} == {ChangeKind.BASIS}


def test_kinds_that_came_or_went_and_a_new_frame_are_told():
    fewer = replace(CN, kinds=CN.kinds[1:])
    assert changes(library_form(CN), library_form(fewer)) == (
        Change("secrecy_clause", "", ChangeKind.REMOVED),
    )
    assert changes(library_form(fewer), library_form(CN)) == (Change("secrecy_clause", "", ChangeKind.ADDED),)
    retitled = replace(CN, kinds=(replace(CN.kinds[0], closing="此致"), *CN.kinds[1:]))
    assert found(retitled) == [("", ChangeKind.REWORDED)]


@pytest.mark.parametrize(
    "other", [{}, {"format": "shoumi-agreements-library-1", "pack": "jp"}, {"format": "x", "pack": "cn"}]
)
def test_what_is_no_other_version_is_refused(other):
    with pytest.raises(OtherLibraryError):
        changes(library_form(CN), other)
