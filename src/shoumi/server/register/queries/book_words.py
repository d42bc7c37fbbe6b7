"""The values of a ledger's line, and what its entries say, in the reader's words.

The words of levels are those of the company's marks.  Values written by a keeper stay as they were written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from shoumi.engine.jurisdiction import Pack
from shoumi.server.register.models import BookDifference, BookEntry, BookLine, Carrier
from shoumi.server.register.models.books import FIELDS, FILE_FORM, StorageForm
from shoumi.server.register.queries.catalogues import pack_of
from shoumi.server.register.queries.standards import level_of
from shoumi.server.register.queries.words import period_words

LIST_SEPARATOR = "、"


@dataclass(frozen=True, slots=True)
class FieldPair:
    """One field with what both books say about it."""

    field: str
    label: str
    owner: str
    office: str

    @property
    def differs(self) -> bool:
        """Whether the two do not say the same."""
        return self.owner != self.office


@dataclass(frozen=True, slots=True)
class EntryWords:
    """One entry of a book as it is read."""

    entry: BookEntry
    what: str
    changes: tuple[tuple[str, str, str], ...]  # label, before, after


def field_labels() -> dict[str, str]:
    """Return the nine headings of the guide in the present language, and two for other differences."""
    return {
        "name": pgettext("secrets ledger", "Name"),
        "level": pgettext("secrets ledger", "Level"),
        "period": pgettext("secrets ledger", "Confidentiality period"),
        "owner": pgettext("secrets ledger", "Owner"),
        "carrier_form": pgettext("secrets ledger", "Form of the carriers"),
        "storage_place": pgettext("secrets ledger", "Storage place"),
        "storage_form": pgettext("secrets ledger", "Form of storage"),
        "keeper": pgettext("secrets ledger", "Keeper (responsible)"),
        "reading_scope": pgettext("secrets ledger", "Reading scope"),
        BookDifference.LINE: pgettext("secrets ledger", "The whole line"),
        BookDifference.EVENT: pgettext("secrets ledger", "Life event"),
    }


def event_labels() -> dict[str, str]:
    """Return the headings of the seven life events in the present language, in the order of the guide."""
    return {
        "created": pgettext("secrets ledger", "Created"),
        "circulated": pgettext("secrets ledger", "Circulated"),
        "copied": pgettext("secrets ledger", "Copied"),
        "released": pgettext("secrets ledger", "Released"),
        "changed": pgettext("secrets ledger", "Changed"),
        "declassified": pgettext("secrets ledger", "Declassified"),
        "destroyed": pgettext("secrets ledger", "Destroyed"),
    }


def carrier_forms() -> list[tuple[str, str]]:
    """Return the forms of carriers that a line can name."""
    return [
        (FILE_FORM, _("Encrypted file")),
        *((str(key), str(label)) for key, label in Carrier.Kind.choices),
    ]


def value_words(pack: Pack, field: str, value: Any) -> str:
    """Return one of the nine fields in words."""
    if value is None:
        return ""
    if field == "level":
        level = level_of(pack, value)
        return level.labels.in_language(get_language() or "en") if level else str(value)
    if field == "period":
        code, _slash, end = str(value).partition("/")
        words = period_words(code)
        return _("%(period)s, until %(day)s") % {"period": words, "day": end} if end else words
    if field == "carrier_form":
        return LIST_SEPARATOR.join(dict(carrier_forms()).get(key, key) for key in value)
    if field == "storage_form":
        labels = dict(StorageForm.choices)
        return LIST_SEPARATOR.join(str(labels.get(key, key)) for key in value)
    return str(value)


def line_words(line: BookLine, pack: Pack | None = None) -> dict[str, str]:
    """Return the nine fields of a line in words."""
    held = pack or pack_of(line.secret)
    return {field: value_words(held, field, getattr(line, field)) for field in FIELDS}


def pairs_of(owner: BookLine | None, office: BookLine | None) -> list[FieldPair]:
    """Return the nine fields of both books side by side; a missing line is empty."""
    labels = field_labels()
    ours, theirs = (line_words(line) if line else {} for line in (owner, office))
    return [FieldPair(field, labels[field], ours.get(field, ""), theirs.get(field, "")) for field in FIELDS]


def entries_in_words(line: BookLine) -> Iterable[EntryWords]:
    """Yield what a side wrote about a line, the latest first."""
    labels, pack = field_labels(), pack_of(line.secret)
    rows = line.entries.select_related("event__carrier", "written_by").order_by("-ordinal")
    for entry in rows:
        changes = tuple(
            (labels[field], value_words(pack, field, before), value_words(pack, field, after))
            for field, (before, after) in entry.changes.items()
        )
        what = entry.event.get_kind_display() if entry.event else entry.get_cause_display()
        if entry.event and entry.cause == BookEntry.Cause.STRUCK:
            what = _("Struck out: %(event)s") % {"event": what}
        yield EntryWords(entry, what, changes)


def difference_words(row: BookDifference) -> tuple[str, str, str]:
    """Return field, owner department's value and office's value of a difference in words."""
    label = field_labels()[row.field]
    if row.field == BookDifference.EVENT and row.event:
        text = f"{row.event.get_kind_display()} {row.event.at:%Y-%m-%d}"
        missing = _("missing")
        return label, text if row.owner_value else missing, text if row.office_value else missing
    if row.field == BookDifference.LINE:
        missing = _("missing")
        return label, str(row.owner_value or missing), str(row.office_value or missing)
    pack = pack_of(row.secret)
    return (
        label,
        value_words(pack, row.field, row.owner_value),
        value_words(pack, row.field, row.office_value),
    )
