"""The table of partners: columns, the headers under which companies keep them, and how cells are read."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from shoumi.server.files.tables import ColumnSpec, TableSpec
from shoumi.server.files.tables.cells import one_of, text_up_to
from shoumi.server.files.tables.sheets import Value

KINDS = {
    "supplier": ("supplier", "供应商", "供货商", "仕入先", "供給者"),
    "customer": ("customer", "客户", "顾客", "顧客", "得意先"),
    "expert": ("expert", "专家", "外聘专家", "専門家", "外部専門家"),
    "adviser": ("adviser", "advisor", "lawyer", "顾问", "律师", "顧問", "弁護士"),
    "contractor": ("contractor", "承揽单位", "外包单位", "外包商", "業務委託先", "請負会社"),
    "dispatch_agency": ("dispatch agency", "agency", "劳务派遣单位", "派遣单位", "派遣会社", "派遣元"),
}


def text_of(value: Value) -> str:
    """Read a text whose length the record checks itself."""
    return str(text_up_to(400)(value))


def _column(name: str, title: Any, headers: str, parser: Any = text_of, **more: Any) -> ColumnSpec:
    return ColumnSpec(name, title, tuple(headers.split("|")), parser, **{"blank": "", **more})


PARTNERS = TableSpec(
    name="partners.partner",
    title=_("Partners"),
    key=("entity", "department", "name"),
    columns=(
        _column("entity", _("Legal entity"), "法人|公司|所属公司|会社|legal entity|company"),
        _column(
            "department",
            _("Responsible department"),
            "责任部门|管理部门|部门|責任部署|部署|department",
            required=True,
        ),
        _column(
            "name",
            _("Name of the partner"),
            "合作方名称|单位名称|名称|取引先名|会社名|name|partner",
            required=True,
        ),
        _column("kind", _("Kind"), "类别|合作方类别|区分|種別|kind|type", one_of(KINDS), required=True),
        _column(
            "registration_number",
            _("Registration number"),
            "统一社会信用代码|登记号|法人番号|登録番号|registration number",
        ),
        _column("contact", _("Contact"), "联系方式|联系人|連絡先|contact"),
        _column("work", _("What they do for us"), "合作内容|业务内容|委託内容|業務内容|work"),
        _column(
            "manager_name",
            _("Their responsible person"),
            "负责人|对方负责人|責任者|responsible person|manager",
        ),
        _column(
            "manager_contact",
            _("How to reach the responsible person"),
            "负责人联系方式|責任者連絡先|manager contact",
        ),
    ),
)
