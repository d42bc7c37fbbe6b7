"""Nothing can refer to a secret that is not in the register."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from django.db.models import PROTECT
from tests.server.register.company import draft, proposed, registered

from shoumi.server.register.models import TradeSecret
from shoumi.server.register.services.referring import SecretNotRegisteredError, secret_for_reference

# made anew from the register itself, or found in files: refers to nothing by anybody's wish
WORKED_OUT = {"assurance.SecretScore", "documents.IndexedFile", "documents.Match"}


@pytest.mark.requirement("GEN-04")
def test_only_what_stands_in_the_register_can_be_referred_to(company):
    secret = registered(company)
    assert secret_for_reference(secret.pk) == secret_for_reference(secret.number) == secret
    assert secret_for_reference(str(secret.pk), lock=True) == secret
    for named in (draft(company).pk, proposed(company).pk, uuid4(), "SM-2026-9999", "", "x"):
        with pytest.raises(SecretNotRegisteredError):
            secret_for_reference(named)


@pytest.mark.requirement("GEN-04")
def test_every_other_part_that_refers_to_secrets_takes_them_from_here_and_keeps_them():
    """A foreign key keeps the row from vanishing; the service function keeps unregistered ones out."""
    for field in TradeSecret._meta.related_objects:
        app = field.related_model._meta.app_config
        if app.label == "register" or field.related_model._meta.label in WORKED_OUT:
            continue
        assert field.on_delete is PROTECT, f"{field.related_model} lets a secret be deleted under it"
        sources = [
            path.read_text() for path in Path(app.path).rglob("*.py") if "migrations" not in path.parts
        ]
        assert any("secret_for_reference(" in text for text in sources), app.label
