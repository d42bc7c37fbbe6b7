"""An older register of 100,000 rows taken over: read and checked, put to review, approved, registered.

Each row becomes a secret with its number, three elements, exclusions, scope, carrier, version with two
filings, marking task, life events, a line in each of the two ledgers, and an entry in the evidence ledger.
Reference, in the same run: the same number of secrets written as bare rows by `bulk_create`.
Before a figure is printed, numbers are checked to have no gap and every secret to have all of that.
Aim: under ten minutes.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
import tempfile
import time
from pathlib import Path

from installed import installation
from register_at_scale import SECRETS, say

HEADS = ("编号", "名称", "类别", "密级", "保密期限", "权属部门", "知悉范围", "载体", "存放地点", "产生日期")
LEVELS = ("普通", "重要", "核心商密")
PERIODS = ("3年", "5年", "长期")
FIELDS = {
    "difference": "由本公司试验得出",
    "patent_search": "专利检索系统，无结果",
    "sources_searched": "行业期刊",
    "searched_on": "2026-02-20",
    "searched_by": "工程师",
}


def table(rows: int, department: str) -> bytes:
    """Return an older register as CSV."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(HEADS)
    for at in range(rows):
        kind = 0 if at % 10 < 7 else 1 if at % 10 < 9 else 2  # noqa: PLR2004 - seven, two and one of ten
        writer.writerow(
            (
                f"OLD-{at}",
                f"配方{at}",
                "生产信息",
                LEVELS[kind],
                PERIODS[kind],
                department,
                department,
                "工艺卡",
                f"{at % 40}号柜",
                "2024-05-01",
            )
        )
    return stream.getvalue().encode("utf-8-sig")


def imported(rows: int) -> None:
    """Take the register over, and print how long each step took."""
    from shoumi.engine.jurisdiction import load_pack
    from shoumi.server.accounts.models import User
    from shoumi.server.approvals.queries import current_step, requests_of
    from shoumi.server.approvals.services import request_decide
    from shoumi.server.files.services import file_store
    from shoumi.server.people.models import Department
    from shoumi.server.register.models import ElementJudgement, LegacyBatch, TradeSecret
    from shoumi.server.register.services import legacy, taking_over

    officer = User.objects.get(username="officer")
    department = Department.objects.filter(entity__country="CN", parent=None).order_by("code").first()
    content = table(rows, department.name)
    stored = file_store(actor=officer, name="台账.csv", chunks=io.BytesIO(content))
    pack = load_pack("cn")
    answers = {
        "elements": {
            element: {"reason": "各部门逐年复核", "evidence": "旧台账"}
            for element in ElementJudgement.Element.values
        },
        "exclusions": {item.id: {"answer": "no", "fields": FIELDS} for item in pack.exclusions},
        "necessity": "各部门逐年复核",
    }
    took = {}
    started = time.perf_counter()
    batch = legacy.batch_open(actor=officer, entity=department.entity, stored=stored, **answers)
    took["read, checked and put to review"] = time.perf_counter() - started
    started = time.perf_counter()
    others = User.objects.filter(is_active=True).exclude(pk=officer.pk)
    while (
        request := next((row for row in requests_of(batch.ledger_subject) if row.is_open), None)
    ) is not None:
        decided = False
        for user in others:
            try:
                request_decide(
                    request=request,
                    actor=user,
                    verdict="approve",
                    reason="",
                    step_id=current_step(request).pk,
                )
            except Exception:  # noqa: BLE001, S112 - whoever may not is passed over
                continue
            decided = True
            break
        assert decided, "nobody may decide"
    took["approved"] = time.perf_counter() - started
    started = time.perf_counter()
    taking_over.batches_continue()
    took["registered"] = time.perf_counter() - started
    batch.refresh_from_db()
    assert batch.state == LegacyBatch.State.REGISTERED
    complete(rows)
    total = sum(took.values())
    reference = bare(TradeSecret, rows)
    for step, seconds in took.items():
        print(f"{step:40} {seconds:8.1f} s  {1000 * seconds / rows:6.2f} ms a row")
    print(f"{'together':40} {total:8.1f} s  {total / reference:6.1f} x bare rows")


def complete(rows: int) -> None:
    """Insist that every row has become a whole secret."""
    from shoumi.server.register.models import BookLine, Carrier, SecretFiling, TradeSecret

    secrets = TradeSecret.objects.filter(legacy=True, legacy_number__startswith="OLD-")
    assert secrets.count() == rows
    numbers = sorted(int(number.rpartition("-")[2]) for number in secrets.values_list("number", flat=True))
    assert numbers == list(range(numbers[0], numbers[0] + rows))
    assert Carrier.objects.filter(secret__in=secrets).count() == rows
    assert SecretFiling.objects.filter(version__secret__in=secrets).count() == 2 * rows
    assert BookLine.objects.filter(secret__in=secrets).count() == 2 * rows


def bare(model: type, rows: int) -> float:
    """Return the seconds for as many bare rows of the same table, taken back afterwards."""
    from django.db import transaction

    first = model.objects.filter(legacy=True).first()
    fields = {
        field.attname: getattr(first, field.attname)
        for field in model._meta.concrete_fields  # noqa: SLF001 - Django's documented way
        if field.name not in {"id", "number"}
    } | {"state": model.State.DRAFT}
    started = time.perf_counter()
    with transaction.atomic():
        for at in range(0, rows, 200):
            model.objects.bulk_create(model(**fields) for _ in range(min(200, rows - at)))
        transaction.set_rollback(True)
    return time.perf_counter() - started


def main() -> int:
    """Import into an installation of its own."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=SECRETS)
    options.add_argument("--database-url", default="", help="an empty PostgreSQL database; else SQLite")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as directory, installation(Path(directory), given.database_url):
        say(f"{given.rows} rows on {'PostgreSQL' if given.database_url else 'SQLite'}")
        imported(given.rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
