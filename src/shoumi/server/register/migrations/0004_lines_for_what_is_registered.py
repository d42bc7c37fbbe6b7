"""Gives every secret that was registered before the ledgers existed its life events and a line in each of them.

The rules of `queries.book_values` and `services.book_writing` as they were when this was written, on the
models as they were then.  Going back removes what was written here.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import migrations

from shoumi.engine.canonical import canonical_bytes

IN_BOOKS = ("registered", "changing", "declassified", "destroyed")
KINDS = {"registered": "created", "legacy": "created", "changed": "changed", "declassified": "declassified"}
FORMS = {
    "paper": "paper", "medium": "medium", "device": "medium", "sample": "object", "semi_finished": "object",
    "equipment": "object", "system": "system", "database": "database", "person": "person",
}  # fmt: skip
GONE = ("returned", "scrapped", "destroyed")
STAFF = {"cn": "全体员工", "jp": "全従業員"}
SEPARATOR = "、"


def enter(apps: Any, _schema_editor: Any) -> None:
    """Write events and lines, secret by secret."""
    secrets = apps.get_model("register", "TradeSecret").objects.filter(state__in=IN_BOOKS, book_lines=None)
    rows = secrets.select_related("owner_department__owner", "custodian").order_by("pk")
    for secret in rows.iterator(chunk_size=500):
        events = _events(apps, secret)
        for side in ("owner", "office"):
            _line(apps, secret, side, events)


def remove(apps: Any, _schema_editor: Any) -> None:
    """Remove the lines; life events stay, other parts may refer to them."""
    apps.get_model("register", "BookDifference").objects.all().delete()
    apps.get_model("register", "BookEntry").objects.all().delete()
    apps.get_model("register", "BookLine").objects.all().delete()


def _events(apps: Any, secret: Any) -> list[Any]:
    model = apps.get_model("register", "LifeEvent")
    if not model.objects.filter(secret=secret).exists():
        model.objects.bulk_create(
            model(secret=secret, kind=KINDS[version.cause], at=version.made_at)
            for version in secret.versions.order_by("ordinal")
        )
    return list(model.objects.filter(secret=secret).order_by("at", "id"))


def _line(apps: Any, secret: Any, side: str, events: list[Any]) -> None:
    drawn = _drawn(secret)
    standing = secret.state if secret.state in {"declassified", "destroyed"} else "in_force"
    line = apps.get_model("register", "BookLine").objects.create(
        secret=secret, side=side, standing=standing, drawn=drawn, **drawn
    )
    changes = {
        field: ["" if isinstance(value, str) else [], value] for field, value in drawn.items() if value
    }
    entries = []
    for event in events or [None]:
        facts = {
            "line": f"{side}:{secret.pk}",
            "ordinal": len(entries) + 1,
            "cause": "event" if event else "drawn",
            "event": str(event.pk) if event else "",
            "changes": {} if entries else changes,
            "reason": "",
        }
        line.head = hashlib.sha256(line.head.encode() + canonical_bytes(facts)).hexdigest()
        entries.append(
            apps.get_model("register", "BookEntry")(
                line=line,
                ordinal=facts["ordinal"],
                cause=facts["cause"],
                event=event,
                changes=facts["changes"],
                written_at=event.at if event else secret.updated_at,
                sha256=line.head,
            )
        )
    apps.get_model("register", "BookEntry").objects.bulk_create(entries)
    line.version = len(entries)
    line.save(update_fields=["head", "version"])


def _drawn(secret: Any) -> dict[str, Any]:
    carriers = list(secret.carriers.exclude(status__in=GONE).select_related("zone").order_by("kind", "id"))
    stored = secret.files.exists()
    places = [
        f"{row.zone.code} {row.zone.name} {row.place}".strip() if row.zone else row.place for row in carriers
    ]
    places = [place for place in places if place] + (["Shoumi"] if stored else [])
    keeper = secret.custodian or secret.owner_department.owner
    return {
        "name": secret.name,
        "level": secret.level,
        "period": f"{secret.period}/{secret.period_ends_on}" if secret.period_ends_on else secret.period,
        "owner": secret.owner_department.name,
        "carrier_form": sorted({row.kind for row in carriers} | ({"file"} if stored else set())),
        "storage_place": SEPARATOR.join(dict.fromkeys(places)),
        "storage_form": sorted(
            {FORMS.get(row.kind, "other") for row in carriers} | ({"files"} if stored else set())
        ),
        "keeper": f"{keeper.name}({keeper.number})" if keeper else "",
        "reading_scope": SEPARATOR.join(_scope(secret)),
    }


def _scope(secret: Any) -> list[str]:
    lines = []
    for row in secret.scope.select_related("department", "post__department", "person").order_by("kind", "pk"):
        if row.post:
            lines.append(f"{row.post.title}({row.post.department.name})")
        elif row.person:
            lines.append(f"{row.person.name}({row.person.number})")
        else:
            lines.append(row.department.name if row.department else STAFF.get(secret.pack, "all staff"))
    return lines


class Migration(migrations.Migration):
    """Lines for what is registered."""

    dependencies = [("register", "0003_two_ledgers")]

    operations = [migrations.RunPython(enter, remove)]
