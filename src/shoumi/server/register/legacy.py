"""Reads a company's older secrets ledger (xlsx or CSV): good rows, and every fault by its cell.

The columns are those that the guide asks of a ledger of secret information; headers are recognised in
Chinese, Japanese and English; levels, categories and periods in the words of the law packs.
Departments and persons stay names here: `services` finds them in the organisation and writes the secrets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.engine.jurisdiction import (
    Pack,
    Period,
    UnknownCategoryError,
    category_named,
    load_pack,
    period_end,
)
from shoumi.server.files.tables import (
    ColumnSpec,
    Fault,
    ParsedTable,
    Sheet,
    Table,
    TableSpec,
    best_spec,
    parse_sheet,
)
from shoumi.server.files.tables.cells import CellError, Parser, list_of, plain, shown, text_up_to
from shoumi.server.files.tables.dates import parse_date, parse_period
from shoumi.server.files.tables.header import HeaderMatch
from shoumi.server.files.tables.levels import parse_level
from shoumi.server.files.tables.sheets import Value

LEVEL_IDS = {1: "general", 2: "important", 3: "core"}

# Headers met in companies' ledgers, by column.
HEADERS = {
    "number": "编号|编码|商密编号|文件编号|台账编号|秘密编号|管理番号|番号|整理番号|no|no.",
    "name": "名称|商密名称|秘密名称|事项名称|商业秘密名称|涉密事项|信息名称|秘密事项|件名|秘密情報名"
    "|営業秘密の名称|情報の名称|trade secret|title",
    "category": "类别|类型|分类|信息类别|商密类别|秘密类别|種別|区分|情報区分|カテゴリ|kind",
    "level": "密级|商密级别|密级标识|保密级别|涉密等级|秘密级别|等级|秘密区分|機密区分|秘密等級|管理区分"
    "|secrecy level|classification",
    "period": "保密期限|保密期|期限|密级期限|保密时限|保密截止日期|解密日期|秘密保持期間|保持期間|有効期限"
    "|period|secret until",
    "owner_department": "权属部门|权属|责任部门|所属部门|归口部门|产生部门|部门"
    "|所管部署|管理部署|所管部門|部署|department|owner",
    "scope": "知悉范围|知悉人员|接触范围|知密范围|查阅范围|涉密人员范围|開示範囲|閲覧範囲|アクセス権者"
    "|scope|who may know",
    "carriers": "载体形式|载体|载体类型|存在形式|媒体|媒体種別|保管媒体|carrier|form",
    "place": "存放地点|存管地点|保管地点|存放位置|存储位置|载体存放地点|保管場所|保管先|place|location",
    "custodian": "责任人|责任人姓名|保管人|管理人|管理责任人|保管责任人|管理責任者|保管責任者|担当者"
    "|custodian|responsible person",
    "made_on": "产生日期|形成日期|产生时间|形成时间|定密日期|确定日期|登记日期|作成日|指定日|登録日|発生日"
    "|date|created",
    "remarks": "备注|说明|備考|摘要|note|notes|comment",
}


class PeriodEndedError(CellError):
    """The last secret day lies before the day on which the information came into being."""

    code = "register.legacy_period_ended"
    message = "The period ends on {end}, before the information came into being on {start}."


class CategoryCellError(CellError):
    """The category is none of the pack's."""

    code = "register.legacy_category"
    message = "“{value}” is no category; use a name from the list of categories, such as “{example}”."


@dataclass(frozen=True, slots=True)
class LegacyRow:
    """One record of an older ledger, as far as it can be understood without the organisation."""

    position: int  # row number in the file
    cells: Mapping[str, str]  # column → address, for faults found later
    name: str
    number: str  # in the older ledger, may be empty
    category: str  # id of the pack, may be empty
    level: str  # id of the pack: core, important, general
    period: Period
    made_on: date | None
    owner_department: str
    scope: tuple[str, ...]  # names of departments, posts or persons
    carriers: tuple[str, ...]
    place: str
    custodian: str
    remarks: str

    def fault(self, error: CellError, column: str) -> Fault:
        """Return the fault that `error` means at the cell of `column`."""
        return Fault.of(error, self.cells.get(column, next(iter(self.cells.values()))), column)


@dataclass(frozen=True, slots=True)
class LegacyReading:
    """What one older ledger gave; `parsed` keeps the header, the left-out rows and the raw values."""

    rows: tuple[LegacyRow, ...]
    faults: tuple[Fault, ...]
    parsed: ParsedTable


@lru_cache(maxsize=8)
def legacy_spec(pack_id: str) -> TableSpec:
    """Return the description of an older ledger for a law pack."""
    pack = load_pack(pack_id)
    return TableSpec(
        name="register.legacy",
        title=_("Secrets ledger"),
        key=("number",),
        check=_check,
        columns=(
            _column("number", _("Number"), text_up_to(80), blank="", width=18),
            _column("name", pgettext_lazy("of a thing", "Name"), text_up_to(200), required=True, width=36),
            _column("category", _("Category"), _category(pack), blank=""),
            _column("level", _("Level"), _level, required=True, width=12),
            _column("period", _("Confidentiality period"), parse_period, required=True, dated=True),
            _column("owner_department", _("Owner department"), text_up_to(120), required=True, width=18),
            _column("scope", _("Knowledge scope"), list_of(text_up_to(120)), blank=(), width=28),
            _column("carriers", _("Carrier"), list_of(text_up_to(120)), blank=()),
            _column("place", _("Place"), text_up_to(200), blank="", width=20),
            _column("custodian", _("Custodian"), text_up_to(80), blank="", width=12),
            _column("made_on", _("Made on"), parse_date, dated=True, width=14),
            _column("remarks", _("Remarks"), text_up_to(2000, lines=True), blank="", width=28),
        ),
    )


def _column(name: str, title: object, parser: Parser, **more: Any) -> ColumnSpec:
    return ColumnSpec(name, title, tuple(HEADERS[name].split("|")), parser, **more)


def read_legacy(
    table: Table, pack_id: str, *, header: HeaderMatch | None = None, sheet: str | None = None
) -> LegacyReading:
    """Return the good rows of an older ledger and all its faults; nothing is written.

    Of several sheets the one whose header fits best is read, unless `sheet` names one; `header` is what a
    person corrected.
    """
    spec = legacy_spec(pack_id)
    chosen = table.sheet(sheet) if sheet is not None else _fitting(table.sheets, spec)
    parsed = parse_sheet(chosen, spec, header=header, epoch=table.epoch)
    rows = tuple(LegacyRow(position=row.number, cells=row.cells, **row.values) for row in parsed.rows)
    return LegacyReading(rows, parsed.faults, parsed)


def _fitting(sheets: Iterable[Sheet], spec: TableSpec) -> Sheet:
    """Return the sheet with the most recognised columns, the first one if none is recognised."""
    found = list(sheets)
    fits = [(best_spec(sheet, [spec]), sheet) for sheet in found]
    matched = [(len(fit[1].columns), -place, sheet) for place, (fit, sheet) in enumerate(fits) if fit]
    return max(matched, key=lambda item: item[:2])[2] if matched else found[0]


def _level(value: Value) -> str:
    return LEVEL_IDS[parse_level(value)]


def _category(pack: Pack) -> Parser:
    """Return a parser for the pack's categories, by id, name or known spelling."""

    def parse(value: Value) -> str:
        text = plain(value)
        try:
            return category_named(pack, text).id
        except UnknownCategoryError as error:
            raise CategoryCellError(value=shown(text.strip()), example=pack.categories[0].names.zh) from error

    return parse


def _check(values: Mapping[str, Any]) -> Iterable[tuple[str, CellError]]:
    start, period = values["made_on"], values["period"]
    end = period_end(start, period) if start else None
    if start and end and end < start:
        yield "period", PeriodEndedError(end=end.isoformat(), start=start.isoformat())
