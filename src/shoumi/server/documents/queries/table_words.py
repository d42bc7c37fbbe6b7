"""Words for what is said of tables: kinds of columns, what is wrong with a table, why a run failed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from shoumi.engine.errors import error_of
from shoumi.engine.inspection.exact import ColumnKind
from shoumi.server.documents.queries.words import failure_words

KINDS: Final[Mapping[ColumnKind, object]] = {
    ColumnKind.TEXT: pgettext_lazy("column", "Number, code or text"),
    ColumnKind.NAME: pgettext_lazy("column", "Name of a person"),
    ColumnKind.COMPANY: pgettext_lazy("column", "Name of a company"),
    ColumnKind.PHONE: pgettext_lazy("column", "Telephone number"),
}
FAULTS: Final[Mapping[str, object]] = {
    "no_rows": _("There are no rows below the names of the columns."),
    "unnamed": _("Columns without a name are left out."),
    "named_twice": _("Of columns with the same name, only the first is used."),
    "many_columns": _("Columns beyond the first 200 are left out."),
    "head_is_data": _("The first row seems to hold data; it must hold the names of the columns."),
}
GRAVE: Final = frozenset({"no_rows", "head_is_data"})  # no index is made with these
LEVEL_NAMES: Final[Mapping[str, object]] = {
    "general": pgettext_lazy("secret level", "General"),
    "important": pgettext_lazy("secret level", "Important"),
    "core": pgettext_lazy("secret level", "Core"),
}


def told_words(code: str, told: Mapping[str, Any]) -> str:
    """Return why something about a table failed, in the reader's language; empty for nothing."""
    if code == "documents.index_interrupted_often":
        return str(_("The worker was ended three times in the middle; more is in its log."))
    kind = error_of(code) if code else None
    if kind is None or not told:
        return failure_words(code)
    return pgettext(code, kind.message).format(**told)
