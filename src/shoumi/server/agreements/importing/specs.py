"""The table of payments: columns, the headers under which banks give them, and how cells are read."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from shoumi.server.files.tables import ColumnSpec, TableSpec
from shoumi.server.files.tables.cells import CellError, plain, text_up_to
from shoumi.server.files.tables.dates import parse_date
from shoumi.server.files.tables.sheets import Value

MOST = Decimal(100000000)


class AmountCellError(CellError):
    """The cell holds no amount of money."""

    code = "agreements.payment_amount"
    message = "“{value}” is no amount of money above 0."


def amount_of(value: Value) -> Decimal:
    """Read an amount of money, with or without separators and sign of the currency.

    Raises:
        AmountCellError: it is none, or not above 0.
    """
    text = plain(value)
    bare = text.strip().lstrip("¥￥").rstrip("元円").replace(",", "").replace("，", "").strip()
    try:
        amount = Decimal(bare)
    except InvalidOperation as error:
        raise AmountCellError(value=text[:40]) from error
    if not amount.is_finite() or not 0 < amount < MOST:
        raise AmountCellError(value=text[:40])
    return amount


def text_of(value: Value) -> str:
    """Read a text that names something."""
    return str(text_up_to(64)(value))


HEADERS = {
    "day": "交易日期|付款日期|日期|记账日期|取引日|振込日|支払日|date|value date",
    "payee": "收款人|收款人姓名|户名|对方户名|工号|受取人|振込先|氏名|従業員番号|payee|beneficiary",
    "amount": "金额|交易金额|付款金额|借方金额|支出金额|金額|振込金額|支払金額|amount",
    "reference": "流水号|交易流水号|业务编号|凭证号|取引番号|整理番号|reference|transaction id",
}


def _column(name: str, title: Any, parser: Any, **more: Any) -> ColumnSpec:
    return ColumnSpec(name, title, tuple(HEADERS[name].split("|")), parser, required=True, **more)


PAYMENTS = TableSpec(
    name="agreements.payment",
    title=_("Payments"),
    key=("payee", "reference"),
    columns=(
        _column("day", _("Day"), parse_date, dated=True, width=12),
        _column("payee", _("Payee"), text_of, width=18),
        _column("amount", _("Amount"), amount_of, width=14),
        _column("reference", _("Number at the bank"), text_of, width=20),
    ),
)
