"""Who reads and answers concerns, over HTTP and in lists; what the ledger does not learn."""

from __future__ import annotations

from django.urls import reverse
from tests.server.doors import nothing_drawn

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.concerns.models import Concern
from shoumi.server.concerns.queries.visible import READERS, concern_resource, concerns_visible_to
from shoumi.server.console.readers import EXAMINES_CONCERNS
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.ledger.tags import LedgerTag

TABLE = """
who                | both | legal only | office only | by the officer | answer | mine
legal              | y    | y          | -           | y              | y      | -
officer            | y    | -          | y           | -              | y      | y
second_officer     | y    | -          | y           | y              | y      | -
hr                 | y    | -          | y           | y              | y      | -
foreign_officer    | -    | -          | -           | -              | -      | -
leader             | -    | -          | -           | -              | -      | -
auditor            | -    | -          | -           | -              | -      | -
owner              | -    | -          | -           | -              | -      | -
department_officer | -    | -          | -           | -              | -      | -
technician         | -    | -          | -           | -              | -      | -
seller             | -    | -          | -           | -              | -      | -
counsel            | -    | -          | -           | -              | -      | -
"""


@nothing_drawn()
def test_every_role_at_every_page(company, browser):
    rows = {
        "both": company.reports()[0],
        "legal only": company.reports(to_office=False)[0],
        "office only": company.reports(to_legal=False)[0],
        "by the officer": company.reports(by=company.officer)[0],
    }
    pages = {
        "both": rows["both"].get_absolute_url(),
        "answer": reverse("concerns:answer", args=[rows["both"].pk]),
        "mine": reverse("concerns:mine_detail", args=[rows["by the officer"].pk]),
    }
    head, *lines = TABLE.strip().splitlines()
    columns = [cell.strip() for cell in head.split("|")][1:]
    found, table = {}, {}
    before = LedgerEntry.objects.filter(tag=LedgerTag.POLICY_DECISION_REFUSED).count()
    for line in lines:
        who, *cells = (cell.strip() for cell in line.split("|"))
        table[who] = dict(zip(columns, cells, strict=True))
        user = getattr(company, who)
        client = browser(user)
        found[who] = {name: client.get(page).status_code == 200 for name, page in pages.items()}
        with gate.remembered_subjects():
            seen = set(concerns_visible_to(user))
            for name, row in rows.items():
                may = gate.permits(user, Action.CONCERN_VIEW, concern_resource(row))
                assert may == (row in seen), (who, name)
                found[who].setdefault(name, may)
        found[who] = {name: "y" if may else "-" for name, may in found[who].items()}
    assert found == table
    refused = LedgerEntry.objects.filter(tag=LedgerTag.POLICY_DECISION_REFUSED).count() - before
    assert refused == sum(row[name] == "-" for row in table.values() for name in pages)
    assert {role.value for _field, role in READERS} == EXAMINES_CONCERNS


def test_by_name_the_office_knows_and_the_ledger_does_not(company, browser):
    client = browser(company.seller)
    entries = LedgerEntry.objects.count()
    sent = {"entity": company.cn.pk, "kind": "pressure", "addressee": "legal", "text": "我被威胁。"}
    page = client.post(reverse("concerns:mine_report"), sent, follow=True).content.decode()
    concern = Concern.objects.get()
    assert "我被威胁。" in page
    assert concern.reporter == company.seller
    new = LedgerEntry.objects.order_by("index")[entries:]
    assert str(company.seller.pk) not in "".join(f"{entry.actor}{entry.subject}" for entry in new)
    assert {entry.actor for entry in new} == {"system:concerns"}
    client.post(reverse("concerns:mine_detail", args=[concern.pk]), {"text": "还有一次。"})
    office = browser(company.legal)
    page = office.get(concern.get_absolute_url()).content.decode()
    assert company.seller.display_name in page
    assert "还有一次。" in page
    office.post(reverse("concerns:close", args=[concern.pk]), {"outcome": "confirmed", "text": "已处理。"})
    assert "已处理。" in client.get(reverse("concerns:mine_detail", args=[concern.pk])).content.decode()
    assert client.get(reverse("notifications:notification_list")).content.count(b"There is an answer") == 1
    assert gate.permits(company.seller, Action.CONCERN_OWN, concern_resource(concern))
    assert number_in_list(office, concern)


def number_in_list(client, concern):
    """Tell whether the office's list names a concern, without its letters."""
    page = client.get(reverse("concerns:concern_list")).content.decode()
    return concern.number in page and "我被威胁" not in page
