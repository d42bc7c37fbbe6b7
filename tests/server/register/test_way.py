"""The way of a secret: proposed by the department, reviewed by the office, approved by leaders, filed twice."""

from __future__ import annotations

import pytest
from tests.server.register.company import CONTENT, approve, decide, draft, proposed, registered

from shoumi.engine.errors import ConflictError, InputError
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.ledger.queries import entries_of, entry_details
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.snapshot import reconcile
from shoumi.server.register.services import proposals

State = TradeSecret.State


@pytest.mark.requirement("IDN-01", "IDN-02", "IDN-03", "IDN-04", "GEN-05", "LVL-03")
def test_a_secret_is_registered_after_three_steps_with_two_filings(company):
    secret = registered(company)
    assert secret.state == State.REGISTERED
    assert secret.number == "SM-2026-0001"
    assert [person["step"] for person in secret.designated_by] == ["review", "approve"]
    version = secret.versions.get()
    assert {filing.side for filing in version.filings.all()} == {"owner", "office"}
    assert reconcile(version) == []
    tags = list(entries_of(secret.ledger_subject).values_list("tag", flat=True))
    assert tags[0] == "register:secret:drafted"
    assert tags[-1] == "register:secret:registered"
    assert "register:secret:proposed" in tags
    record = {item.name: item.value for item in entry_details(entries_of(secret.ledger_subject).last())}["record"]
    assert record["number"] == "SM-2026-0001"
    assert CONTENT.decode() not in str(record)
