"""The table of joiners and leavers: columns, their usual headers, how cells are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from shoumi.server.files.tables import ColumnSpec, TableSpec
from shoumi.server.files.tables.cells import CellError, one_of, text_up_to
from shoumi.server.files.tables.dates import parse_date
from shoumi.server.files.tables.sheets import Value

KINDS = {
    "joining": ("joining", "joiner", "入职", "入社", "新员工"),
    "leaving": ("leaving", "leaver", "离职", "退職", "退社"),
}
REASONS = {
    "orderly": ("orderly", "resigned", "正常离职", "辞职", "通常の退職", "自己都合"),
    "no_notice": ("without notice", "no notice", "未提前通知即离职", "不辞而别", "予告なしの退職"),
    "refused": ("refused to sign", "refused", "拒绝签字", "署名拒否"),
    "dismissal": ("dismissal", "dismissed", "被解除劳动合同", "辞退", "解雇"),
    "retirement": ("retirement", "retired", "退休", "定年退職", "定年"),
    "vanished": ("vanished", "失联", "失踪", "音信不通"),
}


class LeaverReasonError(CellError):
    """A leaver without a reason."""

    code = "lifecycle.import_reason"
    message = "Say why a leaver leaves: orderly, without notice, refused, dismissal, retirement or vanished."


def text_of(value: Value) -> str:
    """Read a short text."""
    return str(text_up_to(200)(value))


def day_of(value: Value) -> object:
    """Read a day."""
    return parse_date(value)


def check(values: Mapping[str, Any]) -> Iterable[tuple[str, CellError]]:
    """Yield what is wrong between the cells of one row."""
    if values["kind"] == "leaving" and not values["reason"]:
        yield "reason", LeaverReasonError()


def _column(name: str, title: Any, headers: str, parser: Any = text_of, **more: Any) -> ColumnSpec:
    return ColumnSpec(name, title, tuple(headers.split("|")), parser, **{"blank": "", **more})


CASES = TableSpec(
    name="lifecycle.case",
    title=_("Joiners and leavers"),
    key=("entity", "number", "kind"),
    check=check,
    columns=(
        _column("entity", _("Legal entity"), "法人|公司|所属公司|会社|legal entity|company", required=True),
        _column(
            "number", _("Employee number"), "工号|员工编号|社員番号|従業員番号|employee number", required=True
        ),
        _column("kind", _("Kind"), "类别|事项|区分|手続|kind|case", one_of(KINDS), required=True),
        _column(
            "day",
            _("First or last day"),
            "日期|入职日期|最后工作日|入社日|最終日|day|date",
            day_of,
            blank=None,
        ),
        _column(
            "notice", _("Day of notice"), "提出日期|通知日期|申出日|notice day|notice", day_of, blank=None
        ),
        _column("reason", _("Reason of leaving"), "离职原因|退職の事情|退職理由|reason", one_of(REASONS)),
    ),
)
