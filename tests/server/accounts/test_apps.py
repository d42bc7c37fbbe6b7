"""Faulty policy rules stop an installation at start, every fault named."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from shoumi.server.accounts import apps


def test_the_shipped_rules_pass():
    assert run_checks(tags=["policy"]) == []


def test_every_fault_is_an_error(monkeypatch):
    monkeypatch.setattr(apps, "check_policies", lambda: ("one.cedar: wrong", "two.cedar: wrong"))
    found = run_checks(tags=["policy"])
    assert [(item.msg, item.id) for item in found] == [
        ("one.cedar: wrong", "accounts.E001"),
        ("two.cedar: wrong", "accounts.E001"),
    ]
    with pytest.raises(SystemCheckError, match=r"two\.cedar"):
        call_command("check")
