"""Ten thousand rows come in within sane time, on both databases, with an entry in the ledger for each."""

from __future__ import annotations

import io
import time

import pytest

from shoumi.server.files.tables import TableFormat, write_table
from shoumi.server.files.tables.imports import import_apply, import_open, import_preview
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.people.importing import PEOPLE_IMPORT
from shoumi.server.people.importing.specs import ROSTER
from shoumi.server.people.models import Engagement, Person

ROWS = 10_000
HEADS = ("number", "name", "phone", "department", "post", "kind", "starts_on")
SECONDS = 120  # for reading, planning twice and writing on a slow machine that does other things too


def roster() -> bytes:
    columns = [ROSTER.column(name) for name in HEADS]
    rows = (
        [f"N{number:05d}", f"示范{number % 100:02d}", "100 0000 0001", "RD-L", "工程师", "员工", "2024-04-01"]
        for number in range(ROWS)
    )
    target = io.BytesIO()
    write_table(target, columns, rows, file_format=TableFormat.XLSX, title="花名册")
    return target.getvalue()


@pytest.mark.slow
def test_ten_thousand_rows(company, django_assert_max_num_queries):
    content = roster()
    before = LedgerEntry.objects.count()
    begun = time.monotonic()
    draft = import_open(actor=company.hr, kind=PEOPLE_IMPORT, name="花名册.xlsx", content=content)
    preview = import_preview(actor=company.hr, kind=PEOPLE_IMPORT, draft=draft)
    shown = time.monotonic()
    assert not preview.faults
    with django_assert_max_num_queries(400):
        done = import_apply(actor=company.hr, kind=PEOPLE_IMPORT, draft=draft, expected_version=1)
    taken = time.monotonic() - begun
    assert done.counts["new"] == 2 * ROWS
    assert Person.objects.count() == Engagement.objects.count() == ROWS
    assert LedgerEntry.objects.count() - before == 2 * ROWS + 2
    assert taken < SECONDS, f"{taken:.1f} s, of which {shown - begun:.1f} s until the preview"
    print(f"{taken:.1f} s, of which {shown - begun:.1f} s until the preview")  # noqa: T201 - a figure for the reader
