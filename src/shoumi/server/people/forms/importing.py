"""Forms of the import wizard: the upload, the mapping of sheets and columns, the export."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.server.files.tables.imports import SheetPreview
from shoumi.server.files.tables.plans import ImportKind
from shoumi.server.files.tables.separated import ENCODINGS
from shoumi.server.files.tables.sheets import Limits, column_letters
from shoumi.server.files.tables.writing import TableFormat


class UploadForm(forms.Form):
    """The file that shall come in."""

    file = forms.FileField(
        label=_("Table"),
        help_text=_("xlsx or CSV, at most 20 MiB. Nothing is written before you have seen what it would do."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )

    def clean_file(self) -> Any:
        """Refuse what is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > Limits().file_bytes:
            raise forms.ValidationError(_("The file is larger than 20 MiB; cut it into parts."))
        return file


class MappingForm(forms.Form):
    """How one sheet is to be understood: which table it is, and which column is which."""

    spec = forms.ChoiceField(label=_("This sheet holds"), required=False)

    def __init__(self, *args: Any, kind: ImportKind, item: SheetPreview, **kwargs: Any) -> None:
        """Offer the tables of `kind` and the columns of the sheet."""
        self.item = item
        initial: dict[str, Any] = {"spec": item.spec.name if item.spec else ""}
        columns = dict(item.header.columns) if item.header else {}
        initial |= {f"column_{name}": str(place) for name, place in columns.items()}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["spec"].choices = [
            ("", _("nothing to take over")),
            *((spec.name, spec.title) for spec in kind.specs),
        ]
        if item.spec is None or item.header is None:
            return
        labels = {heading.column: heading.label for heading in item.header.headings}
        width = max([*labels, 1])
        places = [(str(n), f"{column_letters(n)}  {labels.get(n, '')}".strip()) for n in range(1, width + 1)]
        for column in item.spec.columns:
            self.fields[f"column_{column.name}"] = forms.ChoiceField(
                label=column.title, required=False, choices=[("", _("no column")), *places]
            )

    @property
    def column_fields(self) -> list[Any]:
        """The fields of the columns, in the order of the table."""
        return [self[name] for name in self.fields if name.startswith("column_")]

    @property
    def choice(self) -> dict[str, Any]:
        """The choice as `import_choose` keeps it; another table starts with its own columns."""
        spec = self.cleaned_data["spec"]
        if self.item.spec is None or spec != self.item.spec.name:
            return {"spec": spec, "columns": {}}
        columns = {
            name.removeprefix("column_"): int(value) if value else None
            for name, value in self.cleaned_data.items()
            if name.startswith("column_")
        }
        return {"spec": spec, "columns": columns}


class EncodingForm(forms.Form):
    """The encoding of a CSV text whose characters came out wrong."""

    encoding = forms.ChoiceField(
        label=_("Text encoding"),
        required=False,
        choices=[("", _("as recognised")), *((e, e) for e in ENCODINGS)],
    )


class ExportForm(forms.Form):
    """Which tables leave the house, and why telephone and e-mail go with them."""

    table = forms.ChoiceField(label=_("Tables"), required=False)
    file_format = forms.ChoiceField(
        label=_("Format"), choices=[(item.value, item.value) for item in TableFormat]
    )
    purpose = forms.CharField(
        label=_("Why telephone and e-mail are needed"),
        max_length=400,
        required=False,
        help_text=_("Leave it empty to export without them. The purpose is written to the ledger."),
    )

    def __init__(self, *args: Any, tables: list[tuple[str, Any]], **kwargs: Any) -> None:
        """Offer `tables` as pairs of name and title."""
        super().__init__(*args, **kwargs)
        self.fields["table"].choices = [("", _("all tables in one workbook")), *tables]

    def clean(self) -> dict[str, Any]:
        """A CSV file holds one table."""
        values = super().clean() or {}
        if values.get("file_format") == TableFormat.CSV and not values.get("table"):
            self.add_error("table", _("A CSV file holds one table; choose which."))
        return values
