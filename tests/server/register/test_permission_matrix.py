"""Who may do what with a registered secret, over HTTP: every role, in the owner department and elsewhere.

The table is the expectation and is read by people.  Each cell has one letter for each level, general,
important, core: `y` it is done, `-` it is refused.  Secrets belong to the laboratory, which is part of R&D;
each is known to the department (general: R&D; important: the laboratory; core: its head by name).
"""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.server.doors import nothing_drawn
from tests.server.register.company import registered, signed_in

from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.ledger.tags import LedgerTag

LEVELS = ("general", "important", "core")
TABLE = """
who                 | see | files | open | people | timeline | evidence | package | change | declassify | API
proposer            | yyy | yyy   | yy-  | yyy    | yyy      | yyy      | ---     | ---    | ---        | yyy
colleague           | yy- | yy-   | yy-  | yy-    | yy-      | ---      | ---     | ---    | ---        | yy-
head                | yyy | yyy   | yyy  | yyy    | yyy      | yyy      | yyy     | yyy    | yyy        | yyy
seller              | --- | ---   | ---  | ---    | ---      | ---      | ---     | ---    | ---        | ---
owner               | yyy | yyy   | yyy  | yyy    | yyy      | yyy      | yyy     | yyy    | yyy        | yyy
sales_owner         | --- | ---   | ---  | ---    | ---      | ---      | ---     | ---    | ---        | ---
department_officer  | yyy | yyy   | yyy  | yyy    | yyy      | yyy      | yyy     | yyy    | yyy        | yyy
officer             | yyy | yyy   | yyy  | yyy    | yyy      | yyy      | yyy     | yyy    | yyy        | yyy
foreign_officer     | --- | ---   | ---  | ---    | ---      | ---      | ---     | ---    | ---        | ---
leader              | yyy | yyy   | ---  | yyy    | yyy      | yyy      | ---     | ---    | ---        | yyy
legal               | yyy | yyy   | ---  | yyy    | yyy      | yyy      | ---     | ---    | ---        | yyy
auditor             | yyy | yyy   | ---  | yyy    | yyy      | yyy      | ---     | ---    | ---        | yyy
technician          | --- | ---   | ---  | ---    | ---      | ---      | ---     | ---    | ---        | ---
counsel             | --- | ---   | ---  | ---    | ---      | ---      | ---     | ---    | ---        | ---
"""
PAGES = {
    "see": "register:secret_detail",
    "files": "register:secret_files",
    "people": "register:secret_people",
    "timeline": "register:secret_timeline",
    "evidence": "register:secret_evidence",
    "change": "register:secret_change",
    "declassify": "register:secret_declassify",
}
REFUSED = {403, 404}
DONE = {200}
WHO = {  # in the order of the table: how the company of the tests calls them
    "proposer": "employee of the laboratory, who proposed",
    "colleague": "employee of the laboratory",
    "head": "head of the laboratory, custodian",
    "seller": "employee of sales",
    "owner": "department owner, R&D",
    "sales_owner": "department owner, sales",
    "department_officer": "department secrecy officer, R&D",
    "officer": "secrecy officer",
    "foreign_officer": "secrecy officer of another legal entity",
    "leader": "leader",
    "legal": "legal",
    "auditor": "auditor",
    "technician": "IT administrator",
    "counsel": "outside counsel of a case without this secret",
}


@pytest.fixture
def secrets(company):
    return {level: registered(company, level=level) for level in LEVELS}


def answer(client, column, secret):
    """Return the status of trying `column` on `secret` as a browser or a program would."""
    if column in PAGES:
        return client.get(reverse(PAGES[column], args=[secret.pk])).status_code
    if column == "API":
        return client.get(f"/api/v1/secrets/{secret.pk}").status_code
    if column == "open":
        address = reverse("register:file_download", args=[secret.pk, secret.files.get().file_id])
        return client.get(address).status_code
    return client.post(
        reverse("register:secret_package", args=[secret.pk]), {"purpose": "a trial"}
    ).status_code


def expected():
    """Return {who: {column: letters}} from the table."""
    head, *lines = [line for line in TABLE.strip().splitlines() if line]
    columns = [cell.strip() for cell in head.split("|")][1:]
    rows = {}
    for line in lines:
        name, *cells = [cell.strip() for cell in line.split("|")]
        rows[name] = dict(zip(columns, cells, strict=True))
    return rows


def found(company, client, secrets, columns):
    rows = {}
    for name in WHO:
        signed_in(client, getattr(company, name))
        rows[name] = {}
        for column in columns:
            statuses = [answer(client, column, secrets[level]) for level in LEVELS]
            assert set(statuses) <= DONE | REFUSED, (name, column, statuses)
            rows[name][column] = "".join("y" if status in DONE else "-" for status in statuses)
    return rows


@pytest.mark.any_database  # `test_visibility` asks the same rules about everybody and every secret on both
@pytest.mark.requirement("ARC-01")
@nothing_drawn()
def test_every_role_at_every_operation(company, client, secrets):
    table = expected()
    assert list(table) == list(WHO)
    entries = LedgerEntry.objects.filter(tag=LedgerTag.POLICY_DECISION_REFUSED)
    before = entries.count()
    rows = found(company, client, secrets, list(table["officer"]))
    assert rows == table
    assert entries.count() - before == sum(cell.count("-") for row in rows.values() for cell in row.values())
