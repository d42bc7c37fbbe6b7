"""Registers the accounts app with Django, and has the policy rules checked at start."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from shoumi.engine.policy import check_policies


def check_rules(app_configs: Sequence[AppConfig] | None, **_more: Any) -> list[CheckMessage]:
    """Return one error per fault of the policy rules; `migrate` and `check` stop at them."""
    del app_configs
    hint = "Nothing is permitted until the rules in engine/policy/cedar are mended."
    return [Error(fault, hint=hint, id="accounts.E001") for fault in check_policies()]


class AccountsConfig(AppConfig):
    """The accounts app."""

    name = "shoumi.server.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the receivers and the check of the rules."""
        import_module("shoumi.server.accounts.receivers")
        register(check_rules, "policy")
