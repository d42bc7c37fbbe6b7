"""Thousands of rows come in by a few queries, on both databases, with an entry in the ledger for each."""

from __future__ import annotations

import io

from shoumi.server.files.tables import TableFormat, write_table
from shoumi.server.files.tables.imports import import_apply, import_open, import_preview
from shoumi.server.files.tables.plans import Effect
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.people.importing import PEOPLE_IMPORT
from shoumi.server.people.importing.applying import BATCH_ROWS
from shoumi.server.people.importing.specs import ROSTER
from shoumi.server.people.models import Engagement, Person

ROWS = 2 * BATCH_ROWS + 1  # three portions; a query for each row would be far more than those allowed
HEADS = ("number", "name", "phone", "department", "post", "kind", "starts_on")


def roster() -> bytes:
    columns = [ROSTER.column(name) for name in HEADS]
    rows = (
        [f"N{number:05d}", f"示范{number % 100:02d}", "100 0000 0001", "RD-L", "工程师", "员工", "2024-04-01"]
        for number in range(ROWS)
    )
    target = io.BytesIO()
    write_table(target, columns, rows, file_format=TableFormat.CSV, title="花名册")
    return target.getvalue()


def test_thousands_of_rows(company, django_assert_max_num_queries):
    before = LedgerEntry.objects.count()
    draft = import_open(actor=company.hr, kind=PEOPLE_IMPORT, name="花名册.csv", content=roster())
    with django_assert_max_num_queries(40):
        preview = import_preview(actor=company.hr, kind=PEOPLE_IMPORT, draft=draft)
    assert not preview.faults
    assert preview.plan.count(Effect.NEW) == 2 * ROWS
    with django_assert_max_num_queries(ROWS // 10):
        done = import_apply(actor=company.hr, kind=PEOPLE_IMPORT, draft=draft, expected_version=1)
    assert done.counts["new"] == 2 * ROWS
    assert Person.objects.count() == Engagement.objects.count() == ROWS
    assert LedgerEntry.objects.count() - before == 2 * ROWS + 2
