"""Workbooks of people and the steps of bringing them in, for the tests of imports."""

from __future__ import annotations

import io

from shoumi.server.files.tables import write_workbook
from shoumi.server.files.tables.imports import (
    import_apply,
    import_open,
    import_preview,
)
from shoumi.server.people.importing import PEOPLE_IMPORT
from shoumi.server.people.importing.specs import DEPARTMENTS, ENGAGEMENTS, ENTITIES, PERSONS, POSTS
from shoumi.server.people.models import Department, Engagement, LegalEntity, Person, Post

MODELS = (LegalEntity, Department, Post, Person, Engagement)


def workbook(*sheets) -> bytes:
    """Return a workbook of (spec, rows of dicts)."""
    target = io.BytesIO()
    write_workbook(
        target,
        [
            (
                str(spec.title),
                spec.columns,
                [[row.get(column.name) for column in spec.columns] for row in rows],
            )
            for spec, rows in sheets
        ],
    )
    return target.getvalue()


def opened(actor, content: bytes, name="people.xlsx"):
    return import_open(actor=actor, kind=PEOPLE_IMPORT, name=name, content=content)


def previewed(actor, content: bytes, name="people.xlsx"):
    draft = opened(actor, content, name)
    return import_preview(actor=actor, kind=PEOPLE_IMPORT, draft=draft)


def applied(actor, content: bytes, name="people.xlsx", **more):
    draft = opened(actor, content, name)
    return import_apply(actor=actor, kind=PEOPLE_IMPORT, draft=draft, expected_version=1, **more)


def rows() -> dict[str, list]:
    """Return everything that is stored, for comparison."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in MODELS}


def lines(head: str, *texts: str) -> list[dict[str, str]]:
    """Return rows as dicts from lines with `|` between the cells."""
    names = head.split("|")
    return [dict(zip(names, (cell.strip() for cell in text.split("|")), strict=False)) for text in texts]


WHOLE = (
    (ENTITIES, lines("code|country|name_zh|name_ja", "SM|中国|澄光（示范）有限公司", "SJ|JP||澄光（デモ）")),
    (
        DEPARTMENTS,
        lines(
            "entity|code|name|parent|owner",
            "SM|RD-L|实验室|RD",  # before its parent
            "SM|RD|研发部||0007",
            "SJ|TK|技術営業部",
        ),
    ),
    (
        POSTS,
        lines(
            "entity|department|title|level|level_reason",
            "SM|RD|研发总监|核心",
            "SM|实验室|工程师|B级|接触配方",
            "SJ|TK|部長",
        ),
    ),
    (
        PERSONS,
        lines(
            "entity|number|name|reading|phone|email",
            "SM|0007|顾清和||+86 100 0000 0001|d007@example.com",
            "SJ|0008|神崎 澪|カンザキ ミオ",
        ),
    ),
    (
        ENGAGEMENTS,
        lines(
            "entity|number|check_name|kind|department|post|starts_on|ends_on|end_reason|contractor",
            "SM|0007||正式员工|RD|研发总监|2024.4.1|2025年4月1日|调岗",
            "SM|0007|顾清和|员工|RD-L|工程师|2025/4/1",
            "SJ|0008||派遣社員|TK|部長|R6.4.1|||はるか人材（デモ）",
        ),
    ),
)
