"""The table of zones: columns, the headers under which companies keep them, and how cells are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from shoumi.server.files.tables import ColumnSpec, TableSpec
from shoumi.server.files.tables.cells import CellError, Parser, one_of, text_up_to
from shoumi.server.files.tables.levels import parse_post_level
from shoumi.server.files.tables.sheets import Value
from shoumi.server.places.models import Zone

MORE_WORDS = {
    Zone.Kind.SECRET: "涉密|涉密区|保密区域|秘密区域|管理区域|secret",
    Zone.Kind.OFFICE: "办公|办公区|一般区域|執務区域|事務所|office",
    Zone.Kind.RECEPTION: "接待|接待区|外部接待区域|来客区域|受付|応接|reception",
}


class LevelNeededError(CellError):
    """A secret zone without a level, or another zone with one."""

    code = "places.import_level"
    message = "A secret zone needs a level; other zones have none."


@lru_cache(maxsize=1)
def _kinds() -> Parser:
    words: dict[str, list[str]] = {str(value): [] for value in Zone.Kind.values}
    for language, _name in settings.LANGUAGES:
        with override(language):
            for value, label in Zone.Kind.choices:
                words[str(value)].append(str(label))
    return one_of(
        {
            value: (*dict.fromkeys(found), *MORE_WORDS[Zone.Kind(value)].split("|"))
            for value, found in words.items()
        }
    )


def kind_of(value: Value) -> object:
    """Read one of the three kinds, in any language of the console."""
    return _kinds()(value)


def text_of(value: Value) -> str:
    """Read a text whose length the record checks itself."""
    return str(text_up_to(400)(value))


def check_zone(values: Mapping[str, Any]) -> Iterable[tuple[str, CellError]]:
    """Yield what is wrong between the cells of one zone."""
    if (values["kind"] == Zone.Kind.SECRET) != bool(values["level"]):
        yield "level", LevelNeededError()


HEADERS = {
    "entity": "法人|公司|所属公司|法人代码|会社|legal entity|company",
    "code": "区域编号|区域代码|编号|区域コード|区画番号|zone code|zone number",
    "name": "区域名称|场所名称|区域名|区画名|zone|zone name|room",
    "kind": "区域类别|区域类型|类别|区域区分|種別|zone kind|zone type",
    "level": "密级|区域密级|秘密区分|level",
    "department": "责任部门|管理部门|部门|責任部署|管理部署|部署|department",
    "location": "位置|地点|场所|場所|所在|location|place",
    "ground": "划定依据|依据|指定根拠|ground|basis",
    "ground_reason": "理由|划定理由|指定理由|reason",
}


def _column(name: str, title: Any, parser: Any = text_of, **more: Any) -> ColumnSpec:
    return ColumnSpec(name, title, tuple(HEADERS[name].split("|")), parser, **{"blank": "", **more})


ZONES = TableSpec(
    name="places.zone",
    title=_("Zones"),
    key=("entity", "code"),
    check=check_zone,
    columns=(
        _column("entity", _("Legal entity"), width=10),
        _column("code", _("Code"), required=True, width=12),
        _column("name", pgettext_lazy("of a thing", "Name"), required=True, width=24),
        _column("kind", _("Kind"), kind_of, required=True, width=14),
        _column("level", _("Level"), parse_post_level, blank=None, width=12),
        _column("department", _("Responsible department"), width=16),
        _column("location", _("Where it is"), width=26),
        _column("ground", _("Why it is a secret zone"), width=14),
        _column("ground_reason", _("Reason"), width=30),
    ),
)
