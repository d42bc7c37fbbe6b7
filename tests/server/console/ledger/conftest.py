"""People with roles in front of the ledger's pages."""

from __future__ import annotations

import pytest
from tests.server.accounts.conftest import (
    _accounts_alone,  # noqa: F401 - fixtures are found by name
    founders,  # noqa: F401
    holder_of,  # noqa: F401
    make_user,  # noqa: F401
    signed_in,  # noqa: F401
)

from shoumi.engine.policy import Role
from shoumi.server.ledger.ports import Ports, ports_replaced


@pytest.fixture(autouse=True)
def _nobody_outside():
    """Ask neither a witness nor an authority unless the test says so."""
    with ports_replaced(Ports()):
        yield


@pytest.fixture
def auditor(holder_of, signed_in):  # noqa: F811
    """The browser of an auditor."""
    return signed_in(holder_of(Role.AUDITOR))


@pytest.fixture
def officer(founders, signed_in):  # noqa: F811
    """The browser of the company's secrecy officer."""
    return signed_in(founders[0])


@pytest.fixture
def employee(make_user, signed_in):  # noqa: F811
    """The browser of somebody without any role."""
    return signed_in(make_user("employee"))
