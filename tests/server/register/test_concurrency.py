"""Numbers have no gaps and no doubles when many register at once, and a save that lost is told so."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import connection, transaction
from tests.server.register.company import Register, decide, draft, proposed

from shoumi.engine.errors import ConflictError
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append, clock
from shoumi.server.register.models import ExpiryNotice, NumberSeries, TradeSecret
from shoumi.server.register.services import drafts
from shoumi.server.register.services.editing import secret_locked
from shoumi.server.register.services.registration import number_draw
from shoumi.server.register.values import Identity


def in_threads(*jobs):
    """Run the jobs at once, each on a connection of its own, and return what each raised or returned."""
    results = [None] * len(jobs)
    barrier = threading.Barrier(len(jobs))

    def run(place, job):
        try:
            barrier.wait()
            results[place] = job()
        except Exception as error:  # noqa: BLE001 - told to the caller
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_a_number_that_was_not_used_is_given_again(company):
    with transaction.atomic():
        assert number_draw(company.cn, 2026) == "SM-2026-0001"
        transaction.set_rollback(True)
    with transaction.atomic():
        assert number_draw(company.cn, 2026) == "SM-2026-0001"
        assert number_draw(company.cn, 2026) == "SM-2026-0002"
        assert number_draw(company.cn, 2027) == "SM-2027-0001"
        assert number_draw(company.jp, 2026) == "SJ-2026-0001"


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps_and_no_doubles_under_load(fixed_clock):
    company = Register()
    waiting = [proposed(company, level="general") for _ in range(4)]
    for secret in waiting:
        decide(secret, company.officer)
    results = in_threads(*(lambda secret=secret: decide(secret, company.leader) for secret in waiting))
    assert results == [None] * 4
    numbers = sorted(TradeSecret.objects.values_list("number", flat=True))
    assert numbers == [f"SM-2026-{at:04d}" for at in range(1, 5)]
    assert NumberSeries.objects.get().last == 4


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_of_the_same_version_one_is_refused(fixed_clock):
    company = Register()
    secret = draft(company)

    def save(name):
        return lambda: drafts.secret_describe(
            actor=company.proposer, secret_id=secret.pk, expected_version=secret.version,
            identity=Identity(name, "说明", "IDN-T2", "必要", None),
        )  # fmt: skip

    results = in_threads(save("甲"), save("乙"))
    assert sum(isinstance(result, ConflictError) for result in results) == 1
    assert sum(isinstance(result, TradeSecret) for result in results) == 1
    secret.refresh_from_db()
    assert secret.name == next(row.name for row in results if isinstance(row, TradeSecret))


@pytest.mark.skipif(connection.vendor == "sqlite", reason="there one transaction writes at a time")
@pytest.mark.django_db(transaction=True)
def test_who_holds_the_ledger_need_not_wait_for_a_locked_secret_to_write_about_it(fixed_clock):
    """Else both wait for each other: whoever locked the secret wants the ledger next."""
    company = Register()
    secret = draft(company)

    def noticed():
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '5s'")
            append(
                RegisterTag.EXPIRY_NOTICED, actor="system:register", subject=secret.ledger_subject, detail={}
            )
            ExpiryNotice.objects.create(
                secret=secret, ends_on=date(2027, 1, 1), days_before=30, sent_at=clock().now()
            )

    with transaction.atomic():
        secret_locked(secret.pk)
        assert in_threads(noticed) == [None]
        append(RegisterTag.EXPIRY_NOTICED, actor="system:register", subject=secret.ledger_subject, detail={})
    assert secret.expiry_notices.count() == 1
