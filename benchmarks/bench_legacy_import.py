"""An older register of 100,000 rows taken over: previewed with faults, put to review, approved, registered.

Each row becomes a secret with its number, three elements, exclusions, scope, carrier, version with two
filings, marking task, life events, a line in each of the two ledgers, and an entry in the evidence ledger.
Reference, in the same run: the same number of secrets written as bare rows by `bulk_create`.
Before a figure is printed, every fault of the preview is checked by its cell, numbers to have no gap, every
secret to have all of that, and the evidence ledger an entry for each.
Beside the time that passes stands this process's own on the processor, which other work on the machine
falsifies less; what a PostgreSQL server computes is not in it.
Aim: under ten minutes on one core.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from installed import installation
from register_at_scale import SECRETS, say

HEADS = ("编号", "名称", "类别", "密级", "保密期限", "权属部门", "知悉范围", "载体", "存放地点", "产生日期")
LEVELS = ("普通", "重要", "核心商密")
PERIODS = ("3年", "5年", "长期")
FAULTY_EVERY = 100  # rows of the preview
FIELDS = {
    "difference": "由本公司试验得出",
    "patent_search": "专利检索系统，无结果",
    "sources_searched": "行业期刊",
    "searched_on": "2026-02-20",
    "searched_by": "工程师",
}


def table(rows: int, department: str, *, faulty: bool = False) -> bytes:
    """Return an older register as CSV, every hundredth owner unknown if it is to be `faulty`."""
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
                "无此部门" if faulty and at % FAULTY_EVERY == 0 else department,
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
    from shoumi.server.files.services import file_store
    from shoumi.server.people.models import Department
    from shoumi.server.register.models import ElementJudgement, LegacyBatch, TradeSecret
    from shoumi.server.register.services import legacy, taking_over

    officer = User.objects.get(username="officer")
    department = Department.objects.filter(entity__country="CN", parent=None).order_by("code").first()
    faulty, stored = (
        file_store(
            actor=officer,
            name="台账.csv",
            chunks=io.BytesIO(table(rows, department.name, faulty=with_faults)),
        )
        for with_faults in (True, False)
    )
    pack = load_pack("cn")
    answers = {
        "elements": {
            element: {"reason": "各部门逐年复核", "evidence": "旧台账"}
            for element in ElementJudgement.Element.values
        },
        "exclusions": {item.id: {"answer": "no", "fields": FIELDS} for item in pack.exclusions},
        "necessity": "各部门逐年复核",
    }
    took: dict[str, tuple[float, float]] = {}
    with timed(took, "previewed with faults"):
        found = legacy.legacy_read(actor=officer, stored=faulty, entity=department.entity)
    cells = [fault.cell for fault in found.faults]
    assert cells == [f"F{at + 2}" for at in range(0, rows, FAULTY_EVERY)], cells[:3]
    assert len(found.rows) == rows - len(cells)
    with timed(took, "read, checked and put to review"):
        batch = legacy.batch_open(actor=officer, entity=department.entity, stored=stored, **answers)
    with timed(took, "approved"):
        approve(batch, officer)
    with timed(took, "registered"):
        taking_over.batches_continue()
    batch.refresh_from_db()
    assert batch.state == LegacyBatch.State.REGISTERED
    complete(rows)
    reference: dict[str, tuple[float, float]] = {}
    with timed(reference, "bare"):
        bare(TradeSecret, rows)
    took["together"] = tuple(map(sum, zip(*took.values(), strict=True)))
    took["reference: as many bare rows"] = reference["bare"]
    print(f"{'load average (1, 5, 15 minutes):':34}", *(f"{load:.1f}" for load in os.getloadavg()))
    print(f"{'':34} {'passed':>21}   {'of the processor':>22}")
    for step, pair in took.items():
        figures = (f"{seconds:8.1f} s {1000 * seconds / rows:6.2f} ms a row" for seconds in pair)
        print(f"{step:34}", "  ".join(figures))
    ratios = (whole / least for whole, least in zip(took["together"], reference["bare"], strict=True))
    print(f"{'together, times the reference':34}", " ".join(f"{ratio:12.1f} x{'':12}" for ratio in ratios))


@contextmanager
def timed(took: dict[str, tuple[float, float]], step: str) -> Iterator[None]:
    """Write down the seconds that pass meanwhile, and those that this process computes."""
    passed, computed = time.perf_counter(), time.process_time()
    yield
    took[step] = (time.perf_counter() - passed, time.process_time() - computed)


def approve(batch: object, officer: object) -> None:
    """Have the batch reviewed and approved by whoever may."""
    from shoumi.server.accounts.models import User
    from shoumi.server.approvals.queries import current_step, requests_of
    from shoumi.server.approvals.services import request_decide

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


def complete(rows: int) -> None:
    """Insist that every row has become a whole secret."""
    from shoumi.server.ledger.models import LedgerEntry
    from shoumi.server.register.models import BookLine, Carrier, SecretFiling, TradeSecret

    secrets = TradeSecret.objects.filter(legacy=True, legacy_number__startswith="OLD-")
    assert secrets.count() == rows
    numbers = sorted(int(number.rpartition("-")[2]) for number in secrets.values_list("number", flat=True))
    assert numbers == list(range(numbers[0], numbers[0] + rows))
    assert Carrier.objects.filter(secret__in=secrets).count() == rows
    assert SecretFiling.objects.filter(version__secret__in=secrets).count() == 2 * rows
    assert BookLine.objects.filter(secret__in=secrets).count() == 2 * rows
    assert LedgerEntry.objects.filter(tag="register:legacy:registered").count() == rows


def bare(model: type, rows: int) -> None:
    """Write as many bare rows of the same table, and take them back."""
    from django.db import transaction

    first = model.objects.filter(legacy=True).first()
    fields = {
        field.attname: getattr(first, field.attname)
        for field in model._meta.concrete_fields  # noqa: SLF001 - Django's documented way
        if field.name not in {"id", "number"}
    } | {"state": model.State.DRAFT}
    with transaction.atomic():
        for at in range(0, rows, 200):
            model.objects.bulk_create(model(**fields) for _ in range(min(200, rows - at)))
        transaction.set_rollback(True)


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
