"""The risk register as a spreadsheet: given out in the form in which it can be taken in again.

An import writes all rows or none; every fault is told by its cell.  Departments, persons, secrets and zones
are named by their codes and numbers, channels and harms by the ids of the pack.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from shoumi.engine.errors import InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.naming import take_out
from shoumi.server.assurance.models import Risk, RiskLink
from shoumi.server.assurance.queries.scoping import remit_resource
from shoumi.server.assurance.services.risks import Links, RiskValues, risk_create
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_open
from shoumi.server.files.tables import (
    ColumnSpec,
    Fault,
    ParsedRow,
    TableFormat,
    TableSpec,
    best_spec,
    parse_sheet,
    read_table,
    write_table,
)
from shoumi.server.files.tables.cells import CellError, list_of, number_between, one_of, text_up_to
from shoumi.server.files.tables.dates import parse_date
from shoumi.server.files.tables.sheets import Value
from shoumi.server.ledger.services import append
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import Department, LegalEntity, Person, Post
from shoumi.server.places.models import Zone
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.secrets import secrets_visible_to

SEPARATOR = "；"


class RiskTableError(InputError):
    """The file holds no risk register."""

    code = "assurance.risk_table"
    message = "No sheet of the file looks like a risk register; take the export of the list as a pattern."


class RiskReferenceError(CellError):
    """Something that a cell names is not there."""

    code = "assurance.risk_reference"
    message = "There is no “{value}” here."


_codes = list_of(text_up_to(200), "、，,;；\n")


def _choice(choices: type[TextChoices]) -> Callable[[Value], object]:
    """Return a parser for a closed list that knows its labels in every language."""
    words: dict[str, list[str]] = {str(value): [] for value in choices.values}
    for language, _name in settings.LANGUAGES:
        with override(language):
            for value, label in choices.choices:
                words[str(value)].append(str(label))
    return one_of({value: tuple(dict.fromkeys(labels)) for value, labels in words.items()})


def _column(name: str, title: Any, parser: Any, synonyms: str = "", **more: Any) -> ColumnSpec:
    more.setdefault("blank", None if more.get("dated") else "")
    return ColumnSpec(name, title, tuple(part for part in synonyms.split("|") if part), parser, **more)


def risk_spec() -> TableSpec:
    """Return the columns of the table."""
    return TableSpec(
        name="assurance.risks",
        title=_("Risk register"),
        columns=(
            _column(
                "title", _("Risk"), text_up_to(200), "风险名称|リスク名|risk name", required=True, width=36
            ),
            _column("description", _("Description"), text_up_to(4000, lines=True), "描述|説明", width=36),
            _column("department", _("Department code"), text_up_to(32), "部门代码|部署コード|部门|部署"),
            _column("channel", _("Channel"), text_up_to(20), "途径|经路|経路", required=True),
            _column("harms", _("Harms"), _codes, "危害|損害", blank=()),
            _column("likelihood", _("Likelihood"), number_between(1, 5), "发生概率|可能性", required=True),
            _column(
                "likelihood_reason",
                _("Reason for the likelihood"),
                text_up_to(2000, lines=True),
                required=True,
            ),
            _column("impact", _("Impact"), number_between(1, 5), "影响程度|影響度", required=True),
            _column("impact_reason", _("Reason for the impact"), text_up_to(2000, lines=True), required=True),
            _column("treatment", _("Treatment"), _choice(Risk.Treatment), "处置", blank="reduce"),
            _column(
                "measures", _("What is done about it"), text_up_to(4000, lines=True), "措施|対応策", width=36
            ),
            _column(
                "owner", _("Employee number of the risk owner"), text_up_to(32), "负责人工号", required=True
            ),
            _column(
                "review_on",
                _("To be reviewed by"),
                parse_date,
                "复核日期|見直し日",
                required=True,
                dated=True,
            ),
            _column("state", _("State"), _choice(Risk.State), "状态|状態", blank="open"),
            _column("secrets", _("Numbers of trade secrets"), _codes, "秘密编号|秘密番号", blank=()),
            _column("zones", _("Codes of zones"), _codes, "区域代码|区域コード", blank=()),
            _column("posts", _("Posts"), _codes, "岗位|職位", blank=()),
            _column("partners", _("Partners"), _codes, "合作方|取引先", blank=()),
        ),
    )


@take_out
def risks_export(*, actor: User, rows: QuerySet[Risk], file_format: str) -> bytes:
    """Return risks that `actor` may see as a table, and record that they were taken out.

    Raises:
        NotPermittedError, InputError
    """
    gate.require(actor, Action.ASSURANCE_VIEW, remit_resource(actor))
    if file_format not in set(TableFormat):
        raise RiskTableError
    stream = io.BytesIO()
    written = rows.select_related("department", "owner").prefetch_related(
        "links__secret", "links__zone", "links__post"
    )
    cells = [_cells(risk) for risk in written]
    spec = risk_spec()
    write_table(stream, spec.columns, cells, file_format=TableFormat(file_format), title=str(spec.title))
    content = stream.getvalue()
    with transaction.atomic():
        append(
            LedgerTag.ASSURANCE_RISK_EXPORTED,
            actor=actor.ledger_actor,
            subject="list:assurance.risks",
            detail={"rows": str(len(cells)), "sha256": hashlib.sha256(content).hexdigest()},
        )
    return content


def _cells(risk: Risk) -> list[Any]:
    kind = RiskLink.Kind
    linked: dict[str, list[str]] = {str(key): [] for key in kind.values}
    for link in risk.links.all():
        named = {
            kind.SECRET: link.secret and link.secret.number,
            kind.ZONE: link.zone and link.zone.code,
            kind.POST: link.post and link.post.title,
            kind.PARTNER: link.partner,
        }[kind(link.kind)]
        linked[link.kind].append(str(named))
    return [
        risk.title,
        risk.description,
        risk.department.code if risk.department else "",
        risk.channel,
        SEPARATOR.join(risk.harms),
        risk.likelihood,
        risk.likelihood_reason,
        risk.impact,
        risk.impact_reason,
        risk.get_treatment_display(),
        risk.measures,
        risk.owner.number,
        risk.review_on,
        risk.get_state_display(),
        *(SEPARATOR.join(linked[key]) for key in ("secret", "zone", "post", "partner")),
    ]


def risks_import(*, actor: User, entity: LegalEntity, file: StoredFile) -> tuple[int, list[Fault]]:
    """Take a table in as new risks of `entity`: all rows, or none and every fault.

    Raises:
        NotPermittedError, RiskTableError
    """
    with file_open(file) as reader:
        table = read_table(reader, file.name)
    spec, rows, faults = risk_spec(), [], []
    for sheet in table.sheets:
        found = best_spec(sheet, [spec])
        if found is not None:
            parsed = parse_sheet(sheet, spec, header=found[1])
            rows += parsed.rows
            faults += parsed.faults
    if not rows and not faults:
        raise RiskTableError
    values = [_values(actor, entity, row, faults) for row in rows]
    if faults:
        return 0, faults
    try:
        with transaction.atomic():
            for item, row in zip(values, rows, strict=True):
                _create(actor, entity, item, row)
    except _RowError as error:
        return 0, [error.fault]
    return len(values), []


class _RowError(Exception):
    """A row that the service refused."""

    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self.fault = fault


def _create(actor: User, entity: LegalEntity, values: RiskValues | None, row: ParsedRow) -> None:
    try:
        risk_create(actor=actor, entity=entity, values=values)
    except InputError as error:
        raise _RowError(row.fault(error)) from error


def _values(actor: User, entity: LegalEntity, row: ParsedRow, faults: list[Fault]) -> RiskValues | None:
    """Return the values of a row; what it names and is not there goes to `faults`."""
    cells, before = row.values, len(faults)

    def one(column: str, rows: QuerySet[Any], field: str) -> Any:
        value = cells[column]
        if not value:
            return None
        found = rows.filter(**{field: value}).first()
        if found is None:
            faults.append(row.fault(RiskReferenceError(value=value), column))
        return found

    def many(column: str, rows: QuerySet[Any], field: str) -> tuple[Any, ...]:
        known = dict(rows.filter(**{f"{field}__in": cells[column]}).values_list(field, "pk"))
        missing = [value for value in cells[column] if value not in known]
        faults.extend(row.fault(RiskReferenceError(value=value), column) for value in missing)
        return tuple(known.values())

    department = one("department", Department.objects.filter(entity=entity), "code")
    owner = one("owner", Person.objects.filter(entity=entity), "number")
    live = (TradeSecret.State.REGISTERED, TradeSecret.State.CHANGING)
    links = Links(
        secrets=many("secrets", secrets_visible_to(actor).filter(entity=entity, state__in=live), "number"),
        zones=many("zones", Zone.objects.filter(entity=entity, closed_on=None), "code"),
        posts=many("posts", Post.objects.filter(department__entity=entity), "title"),
        partners=tuple(cells["partners"]),
    )
    if len(faults) > before or owner is None:
        return None
    review_on: date = cells["review_on"]
    return RiskValues(
        title=cells["title"],
        description=cells["description"],
        department=department,
        channel=cells["channel"],
        harms=tuple(cells["harms"]),
        likelihood=cells["likelihood"],
        likelihood_reason=cells["likelihood_reason"],
        impact=cells["impact"],
        impact_reason=cells["impact_reason"],
        treatment=cells["treatment"],
        measures=cells["measures"],
        owner=owner,
        review_on=review_on,
        state=cells["state"],
        links=links,
    )
