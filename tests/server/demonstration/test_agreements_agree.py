"""The lists of agreements show what the gate lets see: every sign-in and agreement of the company."""

from __future__ import annotations

import pytest
from tests.server.demonstration.test_lists_agree import compare

from shoumi.engine.policy import Action
from shoumi.server.agreements.queries.visible import agreement_resource, agreements, agreements_visible_to

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.any_database]


def test_agreements(users):
    rows = list(agreements())
    permitted, differences = compare(
        users, rows, agreement_resource, Action.AGREEMENT_VIEW, agreements_visible_to
    )
    assert differences == []
    assert {row.state for row in rows} >= {"draft", "offered", "in_force", "refused"}
    assert len(rows) < permitted < len(users) * len(rows)
