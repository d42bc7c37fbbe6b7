"""Errors speak the language of the environment; where a text has no other, it stays as it is."""

from __future__ import annotations

import pytest

from shoumi.cli.speaking import faults, note, told
from shoumi.engine.errors import Location
from shoumi.engine.inspection.matching.errors import ColumnMissingError, RuleError
from shoumi.engine.inspection.verdict.loading import PolicyFaultsError


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ja_JP.UTF-8", "a.csv:1: 表に列 姓名 がありません。"),
        ("de_DE", "a.csv:1: The table has no column 姓名."),
    ],
)
def test_an_error_is_told_with_its_place(monkeypatch, language, expected):
    monkeypatch.setenv("LC_ALL", language)
    assert told(ColumnMissingError(columns="姓名", location=Location("a.csv", 1))) == expected


def test_fixed_parts_are_translated_and_others_kept(monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "the distance" not in told(RuleError(reason="the distance must be at least 1"))
    assert "x.y" in told(RuleError(reason="x.y"))


def test_what_an_error_lists_is_listed():
    assert faults(PolicyFaultsError(count=2, faults=("a", "b"))) == ["a", "b"]
    assert faults(RuleError(reason="x")) == []


def test_no_name_steers_a_terminal(capsys):
    note("a\x1b[2J\nb", "scan")
    assert capsys.readouterr().err == "shoumi scan: a?[2J b\n"
