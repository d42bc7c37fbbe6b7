"""The API keeps its own description: calls made up from OpenAPI, by an officer's token and an employee's.

Reading is tried on everything; writing only as the employee, who may change next to nothing.
"""

from __future__ import annotations

import json
from datetime import UTC, timedelta

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from shoumi.engine.clock import SystemClock
from tests.journeys.installation import Installation

pytestmark = pytest.mark.slow

READING = {"GET", "HEAD"}
EXAMPLES = 3  # per operation and caller; there are many operations
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def tokens(installation: Installation) -> dict[str, str]:
    """Issue an access token with every right to each caller, by the API itself."""
    issued = {}
    ends = SystemClock().now().astimezone(UTC) + timedelta(days=1)
    for name in ("officer", "employee"):
        client = installation.client(name)
        answer = client.post(
            "/api/v1/accounts/tokens",
            json={"name": "journey", "rights": ["*:read", "*:write"], "expires_at": ends.isoformat()},
            headers={"X-CSRFToken": client.cookies["csrftoken"], "Referer": installation.url},
        )
        assert answer.status_code == 201, answer.text
        issued[name] = answer.json()["secret"]
    return issued


@pytest.fixture(scope="module")
def schema(installation: Installation):
    return schemathesis.openapi.from_url(f"{installation.url}/api/v1/openapi.json")


def examine_refusal(answer):
    """Refusals are not described operation by operation: all have one shape, and none is a fault of ours."""
    assert answer.status_code < 500, answer.text[:300]
    assert set(answer.json()["error"]) == {"code", "detail", "fields"}, answer.text[:300]


def call_all(schema, token, methods):
    """Call every operation of `methods` with made-up values; return the faults and how many were called."""
    faults, called = [], 0
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.method.upper() not in methods:
            continue
        called += 1

        @given(case=operation.as_strategy())
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def examine(case):
            answer = case.call(headers={"Authorization": f"Bearer {token}"}, timeout=20)
            if answer.status_code >= 400:
                examine_refusal(answer)
            else:
                case.validate_response(answer, checks=CHECKS)

        try:
            examine()
        except Exception as fault:  # noqa: BLE001 - all faults of all operations in one report
            faults.append(f"{operation.label}: {fault}"[:1500])
    return faults, called


def test_reading_as_an_officer(schema, tokens):
    faults, called = call_all(schema, tokens["officer"], READING)
    assert faults == []
    assert called > 10


def test_reading_and_writing_as_an_employee(schema, tokens):
    faults, called = call_all(schema, tokens["employee"], READING | {"POST", "PUT", "PATCH", "DELETE"})
    assert faults == []
    assert called > 20


def test_nothing_without_a_token(installation, schema):
    with installation.client() as client:
        for result in schema.get_all_operations():
            operation = result.ok()
            path = operation.formatted_path if hasattr(operation, "formatted_path") else operation.path
            answer = client.request(operation.method, path.replace("{", "0").replace("}", "0"))
            assert answer.status_code in {401, 404, 403}, f"{operation.label}: {answer.status_code}"


def test_every_error_has_one_shape(installation, tokens):
    with installation.client() as client:
        refused = client.get("/api/v1/accounts/me")
        missing = client.get(
            "/api/v1/secrets/00000000-0000-4000-8000-000000000000",
            headers={"Authorization": f"Bearer {tokens['employee']}"},
        )
    for answer, status in ((refused, 401), (missing, 404)):
        assert answer.status_code == status, json.dumps(answer.json())
        assert set(answer.json()["error"]) == {"code", "detail", "fields"}
