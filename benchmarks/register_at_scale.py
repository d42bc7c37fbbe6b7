"""Fills an installation with a register as large as a group of companies may ever keep it.

The people are those of the demonstration company; the secrets are invented by combining words in Chinese,
Japanese and English.  Rows go in by the database's own bulk path, in the columns that the models declare.
What was registered has a version in force, and a task to mark each carrier, so that the figures count it.
It is no way to register a secret: nothing is decided, and nothing is written to the ledger.
"""

from __future__ import annotations

import json
import random
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import Model

SECRETS, CARRIERS_EACH, EVENTS_EACH = 100_000, 10, 5  # events are counted per carrier
SEED = 20261127
WORDS = """
陶瓷 烧结 曲线 涂层 配方 电池 隔膜 供应商 报价 客户 名单 图纸 模具 算法 传感器 工艺 参数 检测 记录 成本 投标
焼結 曲線 塗装 調合 電池 仕入先 見積 顧客 一覧 図面 金型 アルゴリズム センサー 工程 条件 検査 記録
sintering curve coating recipe battery separator supplier quote customer list drawing mould algorithm
"""
ZH, JA, EN = (line.split() for line in WORDS.strip().splitlines())
RARE = "琥珀塔"  # stands in one secret out of a thousand
LEVELS, LEVEL_WEIGHTS = ("core", "important", "general"), (5, 25, 70)
NUMBERED = ("registered", "changing", "declassified")  # has a number, and a version in force
STATES, STATE_WEIGHTS = ("registered", "changing", "declassified", "proposed", "draft"), (85, 2, 10, 2, 1)
KINDS = ("paper", "medium", "device", "sample", "system", "database")
EVENT_KINDS = ("created", "circulated", "copied", "changed", "released")
MARKED = 0.95  # of the carriers
ZONED = 0.8
START = datetime(2021, 1, 4, 1, 0, tzinfo=UTC)


class Filler:
    """Writes rows of one model in bulk, on either database."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        """Use Django's `connection`."""
        self.connection = connection
        self.on_sqlite = connection.vendor == "sqlite"
        connection.ensure_connection()

    def key(self, value: uuid.UUID | None) -> str | None:
        """Return an id as the database keeps it."""
        if value is None:
            return None
        return value.hex if self.on_sqlite else str(value)

    def moment(self, value: datetime) -> str:
        """Return a time as the database keeps it."""
        return value.replace(tzinfo=None).isoformat(" ") if self.on_sqlite else value.isoformat()

    def rows(self, model: type[Model], names: list[str], rows: Iterator[tuple[object, ...]]) -> None:
        """Insert `rows`, whose values follow the fields `names`; the other fields take their defaults."""
        described = model._meta  # noqa: SLF001 - Django's documented way to a model's fields
        fields = {field.name: field for field in described.concrete_fields}
        fixed = {
            name: field.get_db_prep_save(field.get_default(), self.connection)
            for name, field in fields.items()
            if name not in names and not field.primary_key and not field.null
        }
        columns = [fields[name].column for name in (*names, *fixed)]
        tail = tuple(fixed.values())
        whole = (row + tail for row in rows)
        table, listed = described.db_table, ", ".join(f'"{column}"' for column in columns)
        if self.on_sqlite:
            marks = ", ".join("?" * len(columns))
            statement = f'INSERT INTO "{table}" ({listed}) VALUES ({marks})'  # noqa: S608 - our own models' names
            self.connection.connection.executemany(statement, whole)
            return
        with (
            self.connection.cursor() as cursor,
            cursor.copy(f'COPY "{table}" ({listed}) FROM STDIN') as copy,
        ):
            for row in whole:
                copy.write_row(row)


def name_of(chance: random.Random) -> str:
    """Return an invented name of a secret, in one of three languages."""
    words = chance.choice((ZH, JA, EN))
    picked = chance.sample(words, 4)
    joint = " " if words is EN else ""
    return joint.join(picked) + f" {chance.randrange(10_000):04d}"


def fill(*, secrets: int = SECRETS, say: Callable[[str], None]) -> None:
    """Add `secrets` secrets with their scope, carriers and life events to the demonstration company.

    Ends with ANALYZE, on PostgreSQL with VACUUM, as a database that runs for a while would have been.
    """
    from django.db import connection, transaction

    filler = Filler(connection)
    chance = random.Random(SEED)  # noqa: S311 - the same register in every run
    with transaction.atomic():
        for part in (_secrets, _scope, _versions, _carriers, _marking, _events):
            began = time.perf_counter()
            part(filler, chance, secrets)
            say(f"{part.__name__[1:]} in {time.perf_counter() - began:.0f} s")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if filler.on_sqlite else "VACUUM (ANALYZE)")


def _key(kind: int, number: int) -> uuid.UUID:
    return uuid.UUID(int=(kind << 96) | number)


OURS = (_key(1, 0), _key(1, (1 << 32) - 1))  # the secrets of this register, among those of the company


def _secrets(filler: Filler, chance: random.Random, count: int) -> None:
    from shoumi.server.people.models import Department, Person
    from shoumi.server.register.models import TradeSecret
    from shoumi.server.register.models.search import search_text
    from shoumi.server.register.queries.standards import pack_for

    departments = list(Department.objects.select_related("entity"))
    people = list(Person.objects.filter(user__isnull=False).select_related("user"))
    categories = {pack: [row.id for row in pack_for(pack).categories] for pack in ("cn", "jp")}

    def rows() -> Iterator[tuple[object, ...]]:
        for number in range(count):
            department, person = chance.choice(departments), chance.choice(people)
            pack = department.entity.pack
            state = chance.choices(STATES, STATE_WEIGHTS)[0]
            made = START + timedelta(minutes=chance.randrange(5 * 365 * 24 * 60))
            ends = date(2026, 12, 1) + timedelta(days=chance.randrange(3000))
            name = name_of(chance) + (RARE if number % 1000 == 0 else "")
            description = f"{name_of(chance)} / {name_of(chance)}"
            numbered = state in NUMBERED
            drawn = f"{department.entity.code}-{made.year}-{number:07d}" if numbered else None
            yield (
                filler.key(_key(1, number)),
                drawn,
                filler.key(department.entity_id),
                filler.key(department.pk),
                filler.key(person.pk),
                filler.key(person.user_id),
                pack,
                name,
                description,
                search_text((name, drawn or "", "", description)),
                chance.choice(categories[pack]),
                chance.choices(LEVELS, LEVEL_WEIGHTS)[0],
                "P5Y",
                made.date().isoformat(),
                ends.isoformat(),
                state,
                filler.moment(made),
                filler.moment(made + timedelta(days=chance.randrange(300))),
                filler.moment(made) if numbered else None,
            )

    filler.rows(
        TradeSecret,
        [
            *("id", "number", "entity", "owner_department", "custodian", "proposer", "pack", "name"),
            *(
                "description",
                "search",
                "category",
                "level",
                "period",
                "period_starts_on",
                "period_ends_on",
                "state",
            ),
            *("created_at", "updated_at", "registered_at"),
        ],
        rows(),
    )


def _scope(filler: Filler, chance: random.Random, count: int) -> None:
    from shoumi.server.people.models import Department
    from shoumi.server.register.models import ScopeEntry

    departments = list(Department.objects.values_list("pk", flat=True))
    rows = (
        (filler.key(_key(1, number)), "departments", filler.key(chance.choice(departments)))
        for number in range(count)
    )
    filler.rows(ScopeEntry, ["secret", "kind", "department"], rows)


def _versions(filler: Filler, _chance: random.Random, _count: int) -> None:
    """Write the version in force of what was registered: as large as a real one."""
    from shoumi.server.register.models import ScopeEntry, SecretVersion, TradeSecret

    pattern = SecretVersion.objects.order_by("pk").values_list("snapshot", flat=True).first()
    known = dict(ScopeEntry.objects.filter(secret__pk__range=OURS).values_list("secret", "department"))
    secrets = list(TradeSecret.objects.filter(pk__range=OURS, state__in=NUMBERED).order_by("pk"))

    def rows() -> Iterator[tuple[object, ...]]:
        for row in secrets:  # read whole: nothing else may be asked while rows are copied in
            record = pattern | {
                "id": str(row.pk),
                "number": row.number,
                "name": row.name,
                "level": row.level,
                "owner_department": {"id": str(row.owner_department_id), "name": ""},
                "scope": [{"kind": "departments", "id": str(known[row.pk]), "name": ""}],
            }
            cause = "declassified" if row.state == "declassified" else "registered"
            made = filler.moment(row.registered_at)
            yield filler.key(row.pk), 1, cause, json.dumps(record), "0" * 64, made

    filler.rows(SecretVersion, ["secret", "ordinal", "cause", "snapshot", "sha256", "made_at"], rows())


def _carriers(filler: Filler, chance: random.Random, count: int) -> None:
    from shoumi.server.people.models import Person
    from shoumi.server.places.models import Zone
    from shoumi.server.register.models import Carrier

    people = list(Person.objects.values_list("pk", flat=True))
    zones = list(Zone.objects.filter(kind="secret").values_list("pk", flat=True))
    rows = (
        (
            filler.key(_key(2, number)),
            filler.key(_key(1, number // CARRIERS_EACH)),
            f"S{number // CARRIERS_EACH:07d}/{number % CARRIERS_EACH + 1:02d}",
            chance.choice(KINDS),
            name_of(chance),
            filler.key(chance.choice(people)),
            filler.key(chance.choice(zones)) if chance.random() < ZONED else None,
        )
        for number in range(count * CARRIERS_EACH)
    )
    filler.rows(Carrier, ["id", "secret", "number", "kind", "description", "keeper", "zone"], rows)


def _marking(filler: Filler, chance: random.Random, _count: int) -> None:
    """Write the task to mark each carrier of what was registered, most of them done within the day."""
    from shoumi.server.register.models import MarkingTask, SecretVersion

    versions = SecretVersion.objects.filter(secret__pk__range=OURS).order_by("secret")
    known = list(versions.values_list("pk", "secret", "made_at"))

    def rows() -> Iterator[tuple[object, ...]]:
        for version, secret, made in known:
            first = (secret.int & ((1 << 96) - 1)) * CARRIERS_EACH
            for carrier in range(first, first + CARRIERS_EACH):
                done = filler.moment(made + timedelta(days=1)) if chance.random() < MARKED else None
                yield filler.key(secret), version, filler.key(_key(2, carrier)), done

    filler.rows(MarkingTask, ["secret", "version", "carrier", "done_at"], rows())


def _events(filler: Filler, chance: random.Random, count: int) -> None:
    from shoumi.server.accounts.models import User
    from shoumi.server.register.models import LifeEvent

    actors = list(User.objects.values_list("pk", flat=True))
    moments = [filler.moment(START + timedelta(hours=hour)) for hour in range(5 * 365 * 24)]
    rows = (
        (
            filler.key(_key(1, number // (CARRIERS_EACH * EVENTS_EACH))),
            filler.key(_key(2, number // EVENTS_EACH)),
            EVENT_KINDS[number % EVENTS_EACH],
            chance.choice(moments),
            filler.key(chance.choice(actors)) if filler.on_sqlite else str(chance.choice(actors)),
        )
        for number in range(count * CARRIERS_EACH * EVENTS_EACH)
    )
    filler.rows(LifeEvent, ["secret", "carrier", "kind", "at", "actor"], rows)


def say(text: str) -> None:
    """Print a line of progress at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
