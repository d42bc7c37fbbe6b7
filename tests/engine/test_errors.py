"""The tree of errors: a leaf is found by its code."""

from __future__ import annotations

from shoumi.engine.errors import InputError, error_of


def test_a_leaf_is_found_by_its_code_and_an_unknown_code_finds_none():
    assert error_of("input") is InputError
    assert error_of("nothing.of.the.kind") is None
