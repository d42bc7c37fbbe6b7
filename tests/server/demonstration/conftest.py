"""The demonstration company, loaded once for all tests of this folder, which one process runs in turn."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import transaction

from shoumi.server.accounts.models import User
from shoumi.server.project.demo import demonstration_load
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.services.proposals import review_start


@pytest.fixture(scope="package")
def users(django_db_setup, django_db_blocker, tmp_path_factory):
    """Every sign-in of the company, which stands in a transaction that is taken back at the end."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(settings, "SHOUMI_LEDGER_DIRECTORY", tmp_path_factory.mktemp("ledger"), raising=False)
        demonstration_load(report=lambda _line: None)
        waiting = TradeSecret.objects.filter(state=TradeSecret.State.PROPOSED).first()
        review_start(actor=User.objects.get(username="officer"), secret_id=waiting.pk)
        yield list(User.objects.order_by("username"))
        transaction.set_rollback(True)
