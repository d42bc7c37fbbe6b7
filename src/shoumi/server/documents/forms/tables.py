"""Forms of indexes of tables: where a table comes from, which columns count, and what changes later."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shoumi.connectors.databases import LONGEST_QUERY
from shoumi.engine.inspection.exact import Column, ColumnKind
from shoumi.engine.inspection.exact.looking import ColumnLook, TableLook
from shoumi.server.accounts.models import User
from shoumi.server.documents.queries.table_words import KINDS, LEVEL_NAMES
from shoumi.server.documents.queries.tables import connections_for
from shoumi.server.documents.services.tables.making import Wish
from shoumi.server.files.forms import StoredFileField
from shoumi.server.people.models import LegalEntity

MOST_WITHIN = 5_000
SHEET = _("Only for workbooks; empty: the first one.")


class GiveForm(forms.Form):
    """A table: uploaded, or read from a database of the settings."""

    entity = forms.ModelChoiceField(LegalEntity.objects.none(), label=_("Legal entity"), empty_label=None)
    file = StoredFileField(
        label=_("Table"),
        multiple=False,
        required=False,
        help_text=_(
            "A workbook (xlsx, xls, ods) or CSV whose first row names the columns. "
            "It is destroyed when the index is made."
        ),
    )
    sheet = forms.CharField(label=_("Sheet"), max_length=120, required=False, help_text=SHEET)
    connection = forms.ChoiceField(label=_("Database"), required=False)
    query = forms.CharField(
        label=_("Query"),
        required=False,
        max_length=LONGEST_QUERY,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "class": "mono"}),
        help_text=_("One statement that begins with SELECT or WITH. It only reads."),
    )

    def __init__(self, *args: Any, user: User, entities: list[LegalEntity], **kwargs: Any) -> None:
        """Offer the entities, and the databases that they may use."""
        super().__init__(*args, **kwargs)
        entity: Any = self.fields["entity"]
        entity.queryset = LegalEntity.objects.filter(pk__in=[each.pk for each in entities]).order_by("code")
        file: Any = self.fields["file"]
        file.for_user(user)
        connections = connections_for(entities)
        if connections:
            choice: Any = self.fields["connection"]
            choice.choices = [
                ("", _("None, the table is uploaded")),
                *((each.name, each.name) for each in connections),
            ]
        else:
            del self.fields["connection"], self.fields["query"]

    def clean(self) -> dict[str, Any]:
        """Refuse neither and both."""
        data = super().clean() or {}
        wants_query = bool(data.get("connection"))
        if wants_query and data.get("file"):
            raise ValidationError(_("Upload a table or give a query, not both."))
        if wants_query and not data.get("query"):
            self.add_error("query", _("Give the query that reads the table."))
        if not wants_query and not data.get("file") and "file" not in self.errors:
            self.add_error("file", _("Choose a table."))
        return data


class DescribeForm(forms.Form):
    """Which columns of a table are looked for, which of them names a row, and when a row counts as found."""

    name = forms.CharField(
        label=_("Name of the index"),
        max_length=60,
        help_text=_("Letters, digits, hyphen, dot and underscore. Findings bear it."),
    )
    key = forms.ChoiceField(
        label=_("Column that names a row"),
        help_text=_(
            "Findings tell this value, such as the number of a customer, and nothing else of the row."
        ),
    )
    needed = forms.IntegerField(label=_("Columns of a row that must stand together"), min_value=1, initial=2)
    within = forms.IntegerField(
        label=_("Characters between the first and the last"), min_value=1, max_value=MOST_WITHIN, initial=300
    )
    level = forms.ChoiceField(label=_("Level of what is found"), required=False)
    daily = forms.BooleanField(label=_("Update daily by the query"), required=False)

    def __init__(self, *args: Any, look: TableLook, by_query: bool, **kwargs: Any) -> None:
        """Propose what the look suggests."""
        super().__init__(*args, **kwargs)
        self.looks = look.columns
        keys = sorted(self.looks, key=lambda each: not each.names_rows)
        fields: dict[str, Any] = self.fields
        fields["key"].choices = [(each.name, each.name) for each in keys]
        fields["level"].choices = [("", _("None")), *LEVEL_NAMES.items()]
        if not by_query:
            del fields["daily"]
        for number, each in enumerate(self.looks):
            proposed = bool(each.usable) and not each.often and 2 * each.usable >= look.looked_at
            fields[f"use_{number}"] = forms.BooleanField(required=False, initial=proposed)
            fields[f"kind_{number}"] = forms.ChoiceField(choices=list(KINDS.items()), initial=each.kind)
            fields[f"must_{number}"] = forms.BooleanField(required=False)

    def rows(self) -> Iterator[tuple[ColumnLook, Any, Any, Any]]:
        """Yield each column with its fields: whether it is used, its kind, whether it is a must."""
        for number, each in enumerate(self.looks):
            names = (f"use_{number}", f"kind_{number}", f"must_{number}")
            use, kind, must = (self[name] for name in names)
            yield each, use, kind, must

    def main(self) -> Iterator[Any]:
        """Yield the fields that are not about one column."""
        for name in ("name", "key", "needed", "within", "level", "daily"):
            if name in self.fields:
                yield self[name]

    def clean(self) -> dict[str, Any]:
        """Refuse a rule that no row can meet."""
        data = super().clean() or {}
        used = [number for number in range(len(self.looks)) if data.get(f"use_{number}")]
        if not used:
            raise ValidationError(_("Choose at least one column to look for."))
        if data.get("needed", 0) > len(used):
            self.add_error("needed", _("More columns than are chosen cannot stand together."))
        return data

    @property
    def wish(self) -> Wish:
        """What was filled in; the form is valid."""
        data = self.cleaned_data
        columns = tuple(
            Column(each.name, ColumnKind(data[f"kind_{number}"]), data[f"must_{number}"])
            for number, each in enumerate(self.looks)
            if data[f"use_{number}"]
        )
        return Wish(
            name=data["name"],
            key_column=data["key"],
            columns=columns,
            needed=data["needed"],
            within=data["within"],
            level=data["level"],
            daily=data.get("daily", False),
        )


class UpdateForm(forms.Form):
    """The next version of a table."""

    file = StoredFileField(label=_("Table"), multiple=False)
    sheet = forms.CharField(label=_("Sheet"), max_length=120, required=False)
    whole = forms.ChoiceField(
        label=_("What the table holds"),
        widget=forms.RadioSelect,
        initial="no",
        choices=[
            ("no", _("New and changed rows: they are added, or replace the rows of the same key")),
            ("yes", _("All rows: what is not in it leaves the index")),
        ],
    )

    def __init__(self, *args: Any, user: User, sheet: str = "", **kwargs: Any) -> None:
        """Take files of `user`; `sheet` is the one of last time."""
        super().__init__(*args, initial={"sheet": sheet, "whole": "no"}, **kwargs)
        file: Any = self.fields["file"]
        file.for_user(user)


class RenameForm(forms.Form):
    """Another name."""

    name = forms.CharField(label=_("Name of the index"), max_length=60)


class DropForm(forms.Form):
    """The name, typed to confirm."""

    name = forms.CharField(label=_("Type the name of the index to confirm"), max_length=60)


class KeyForm(forms.Form):
    """Why the key is taken."""

    reason = forms.CharField(
        label=_("For which machine, and why"),
        max_length=200,
        help_text=_("It stands in the ledger with your name."),
    )
