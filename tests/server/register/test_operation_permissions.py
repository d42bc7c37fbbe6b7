"""Who may do what about operations, over HTTP: each role, each kind, own and other department, each level."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.server.doors import nothing_drawn
from tests.server.people.company import grant
from tests.server.register.company import registered, signed_in
from tests.server.register.operations_company import (
    approve,
    marked,
    submitted,
    with_passwords,
)

from shoumi.engine.policy import Role
from shoumi.engine.policy.values import entity_scope
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.register.models import Operation, ScopeEntry, TradeSecret
from shoumi.server.register.queries.operations.lists import operations_visible_to

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]  # `test_visibility` asks both
MATRIX = Path(__file__).with_name("operations_matrix.txt")
COLUMNS = (
    "proposer", "colleague", "head", "seller", "owner", "sales_owner", "department_officer", "officer",
    "foreign_officer", "leader", "legal", "personnel", "auditor", "technician", "counsel",
)  # fmt: skip
ANSWERS = {302: "+", 200: "+", 403: "."}


@pytest.fixture
def people(company):
    """The company, where everybody can sign, with one more person who is in personnel and nothing else."""
    company.personnel = company.person("H-personnel", "personnel", company.desk, sign_in="personnel").user
    grant(company.personnel, Role.HR, entity_scope(company.cn.pk))
    return with_passwords(company)


def rows():
    lines = [line.split() for line in MATRIX.read_text().splitlines() if line and not line.startswith("#")]
    assert tuple(lines[0][2:]) == COLUMNS
    return [(row[0], row[1], row[2:]) for row in lines[1:]]


def secrets_of(people) -> dict[str, TradeSecret]:
    """A secret of each level of the laboratory, and one of sales with sales in its scope."""
    made = {level: marked(people, level=level) for level in ("general", "important", "core")}
    other = registered(people)
    TradeSecret.objects.filter(pk=other.pk).update(owner_department=people.sales, custodian=None)
    ScopeEntry.objects.filter(secret=other).update(department=people.sales)
    return {**made, "sales": other}


def asked(client, kind: str, secret: TradeSecret) -> int:
    """Ask for an operation as the page does, and return the status of the answer."""
    if kind == "enter":
        return client.post(
            "/register/operations/let-in/", {"number": secret.number, "purpose": "需要评审"}
        ).status_code
    thing = f"c:{secret.carriers.filter(copy_of=None).first().pk}"
    if kind == "release":
        thing = f"s:{secret.pk}"
    return client.post(f"/register/operations/new/?kind={kind}", {"thing": thing}).status_code


@pytest.mark.requirement("ARC-07", "CPU-06")
@nothing_drawn()
def test_over_http_everybody_may_ask_for_exactly_what_the_table_says(people, client):
    secrets = secrets_of(people)
    table, found = rows(), {}
    for at, name in enumerate(COLUMNS):
        signed_in(client, getattr(people, name))
        for kind, which, cells in table:
            status = asked(client, kind, secrets[which])
            found.setdefault((kind, which), []).append(ANSWERS.get(status, str(status)))
            assert cells[at] in {"+", "."}
    assert found == {(kind, which): cells for kind, which, cells in table}


@pytest.mark.requirement("ARC-07")
@nothing_drawn()
def test_over_http_nobody_carries_out_before_approval_and_only_the_right_ones_after(people, client):
    operation = submitted(people, marked(people), "borrow")
    pages = ("", "execute/", "give-back/", "confirm/", "extend/")
    home = f"/register/operations/{operation.pk}/"

    def table() -> dict[str, str]:
        found = {}
        for name in COLUMNS:
            signed_in(client, getattr(people, name))
            found[name] = "".join(ANSWERS[client.get(home + page).status_code] for page in pages)
        return found

    before = table()
    assert {name for name, cells in before.items() if cells[1] == "+"} == set()
    refused = LedgerEntry.objects.filter(
        subject=operation.ledger_subject, tag="policy:decision:refused"
    ).count()
    assert refused >= len(COLUMNS)  # each attempt is kept
    approve(people, operation)
    after = table()
    assert {name for name, cells in after.items() if cells[1] == "+"} == {
        "head", "owner", "department_officer", "officer"
    }  # fmt: skip
    seers = {name for name, cells in after.items() if cells[0] == "+"}
    assert seers == {
        "colleague", "head", "owner", "department_officer", "officer", "leader", "legal", "auditor"
    }  # fmt: skip
    assert before.keys() == after.keys()
    for name in COLUMNS:
        listed = operations_visible_to(getattr(people, name)).filter(pk=operation.pk).exists()
        assert listed == (name in seers), name


def test_a_number_that_does_not_exist_and_one_that_may_not_be_asked_for_open_nothing(people, client):
    secret = marked(people, level="core")
    signed_in(client, people.colleague)  # cleared for important only
    assert asked(client, "enter", secret) == 403
    answer = client.post("/register/operations/let-in/", {"number": "SM-2020-9999", "purpose": "x"})
    assert answer.status_code == 422
    assert secret.name not in answer.content.decode()
    assert not Operation.objects.exists()


def test_whoever_is_let_in_sees_the_number_and_not_the_name(people, client):
    secret = marked(people)
    signed_in(client, people.leader)
    answer = client.post("/register/operations/let-in/", {"number": secret.number, "purpose": "评审"})
    operation = Operation.objects.get()
    assert answer.headers["Location"] == f"/register/operations/{operation.pk}/"
    assert operation.let_in
    signed_in(client, people.legal)
    client.post("/register/operations/let-in/", {"number": secret.number, "purpose": "评审"})
    text = client.get(f"/register/operations/{Operation.objects.latest('created_at').pk}/").content.decode()
    assert secret.number in text
    assert secret.description not in text
