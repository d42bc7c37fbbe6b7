"""Rows written many at once are the rows that Django would have written, and are refused as Django's are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122

import pytest
from django.db import IntegrityError, transaction
from tests.server.register.company import draft, registered

from shoumi.server.register.models import Carrier, ExclusionAnswer, SecretFiling, TradeSecret
from shoumi.server.register.queries import snapshot
from shoumi.server.register.services.rows import row_key, rows_insert

FIELDS = {"question": "“引”号\\ 换\n行\tΩ", "none": None, "depth": [1, {"a": ""}]}


def values(model, **named):
    """Return every column of the one row so named, but its key."""
    return model.objects.filter(**named).values(
        *(field.attname for field in model._meta.concrete_fields if not field.primary_key)
    )


def test_every_kind_of_value_arrives_as_django_writes_it(company):
    secret = registered(company)
    pairs = [
        [
            ExclusionAnswer(secret=secret, exclusion=name, answer="no", fields=FIELDS)
            for name in ("django", "many")
        ],
        [
            SecretFiling(
                version=version,
                side=side,
                record=FIELDS,
                sha256="\\N",
                filed_for="",
                filed_at=version.made_at,
            )
            for version in [secret.versions.get()]
            for side in ("django", "many")
        ],
        [
            TradeSecret(
                **{
                    field.attname: getattr(secret, field.attname)
                    for field in TradeSecret._meta.concrete_fields
                    if field.name not in {"id", "number", "search"}
                }
                | {"number": number, "name": "ＣＡＤ カタ", "custodian_id": None}
            )
            for number in ("django", "many")
        ],
    ]
    told_apart = ("exclusion", "side", "number")
    for (first, second), column in zip(pairs, told_apart, strict=True):
        first.save(force_insert=True)
        rows_insert([second])
        plain, many = (
            values(type(first), **{column: name}).get() | {column: "", "search": ""}
            for name in ("django", "many")
        )
        assert many == plain
    assert TradeSecret.objects.get(number="many").search.startswith("cad かた many")
    second.save()  # is a row now, and is changed instead of added
    assert TradeSecret.objects.filter(number="many").count() == 1


def test_what_the_database_refuses_is_refused_and_nothing_of_it_stays(company):
    secret = draft(company)
    twice = [ExclusionAnswer(secret=secret, exclusion="X", answer="no") for _ in range(2)]
    with pytest.raises(IntegrityError), transaction.atomic():
        rows_insert([ExclusionAnswer(secret=secret, exclusion="Y", answer="no"), *twice])
    assert not ExclusionAnswer.objects.filter(secret=secret, exclusion__in="XY").exists()
    with pytest.raises(TypeError):
        rows_insert([twice[0], Carrier(secret=secret)])
    rows_insert([])


def test_many_secrets_are_read_as_one_is_and_by_no_more_queries_each(
    company, monkeypatch, django_assert_max_num_queries
):
    keys = [registered(company).pk, registered(company, level="core").pk]
    single = {key: snapshot.snapshot_of(TradeSecret.objects.get(pk=key)) for key in keys}
    monkeypatch.setattr(snapshot, "FEW", 1)
    with django_assert_max_num_queries(25):
        read = snapshot.secrets_read(keys)
        assert {key: snapshot.record_of(secret) for key, secret in read.items()} == single


def test_keys_begin_with_the_time_and_are_no_number_that_can_be_guessed(fixed_clock):
    fixed_clock.moment = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)  # the example of RFC 9562, A.6
    keys = {row_key() for _ in range(100)}
    fixed_clock.advance(timedelta(milliseconds=1))
    assert len(keys) == 100
    assert {(key.version, key.variant) for key in keys} == {(7, RFC_4122)}
    assert {key.hex[:12] for key in keys} == {"017f22e279b0"}
    assert row_key() > max(keys)
