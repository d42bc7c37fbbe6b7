"""The columns of an exported register: those of the import, so that an export can be imported again.

Words are those of the secret's own law pack, which the import understands in every language.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shoumi.engine.jurisdiction import Pack, PeriodKind, parse_period
from shoumi.server.files.tables import ColumnSpec
from shoumi.server.files.tables.cells import plain
from shoumi.server.files.tables.sheets import Value
from shoumi.server.register.legacy import legacy_spec
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.catalogues import pack_of
from shoumi.server.register.queries.snapshot import scope_of, scope_target
from shoumi.server.register.queries.words import label_of

TITLE = _("Secrets ledger")
ALL_STAFF_WORDS = {"cn": "全体员工", "jp": "全従業員"}
SEPARATOR = "、"


def columns() -> list[ColumnSpec]:
    """Return the import's columns and one for the reader's mark."""
    return [*legacy_spec("cn").columns, ColumnSpec("exported_for", _("Exported for"), (), plain, width=28)]


def cells_of(secret: TradeSecret, *, names: bool) -> list[Value]:
    """Return the cells of one secret in the order of the import's columns, without the last one.

    `names` says whether the reader may open the files; else their names stay out.
    """
    pack = pack_of(secret)
    files = [row.file.name for row in secret.files.select_related("file")] if names else []
    carriers = [row.description for row in secret.carriers.all()]
    places = dict.fromkeys(row.place for row in secret.carriers.all() if row.place)
    values: dict[str, Value] = {
        "number": secret.number or secret.legacy_number or "",
        "name": secret.name,
        "category": _category(pack, secret.category),
        "level": label_of(secret),
        "period": period_cell(pack, secret.period),
        "owner_department": str(secret.owner_department),
        "scope": SEPARATOR.join(scope_names(secret)),
        "carriers": SEPARATOR.join(name.replace(SEPARATOR, " ") for name in [*files, *carriers]),
        "place": SEPARATOR.join(places),
        "custodian": f"{secret.custodian.name}({secret.custodian.number})" if secret.custodian else "",
        "made_on": secret.period_starts_on or secret.created_at.date(),
        "remarks": secret.description,
    }
    return [values[column.name] for column in legacy_spec("cn").columns]


def period_cell(pack: Pack, code: str) -> Value:
    """Return a period as a company writes it in its ledger: 5年, 长期, a day."""
    if not code:
        return ""
    period = parse_period(code)
    if period.kind is PeriodKind.UNTIL_DATE:
        return period.until
    if period.kind is PeriodKind.SPAN:
        parts = (("years", period.years), ("months", period.months), ("days", period.days))
        return "".join(f"{number}{pack.periods.units[unit][0]}" for unit, number in parts if number)
    kind = next(item for item in pack.periods.kinds if item.id == str(period.kind))
    return kind.names.ja if pack.id == "jp" else kind.names.zh


def _category(pack: Pack, category_id: str) -> str:
    found = next((item for item in pack.categories if item.id == category_id), None)
    return (found.names.ja if pack.id == "jp" else found.names.zh) if found else category_id


def scope_names(secret: TradeSecret) -> list[str]:
    """Return the lines of the knowledge scope as a company writes them, in the words of its pack."""
    lines = []
    for row in scope_of(secret):
        if row.post:
            lines.append(f"{row.post.title}({row.post.department.name})")
        elif row.person:
            lines.append(f"{row.person.name}({row.person.number})")
        else:
            target = scope_target(row)
            lines.append(target.name if target else ALL_STAFF_WORDS.get(secret.pack, "all staff"))
    return lines
