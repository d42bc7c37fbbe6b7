"""The text of an agreement for the screen: what was fixed, or a draft as far as it goes, masked where asked.

Masked are the values of `drafts.MASKED` wherever they stand in the text.  Whoever calls has asked the gate.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from shoumi.engine.jurisdiction.agreements import Refusal
from shoumi.engine.jurisdiction.basis import Basis
from shoumi.engine.jurisdiction.documents import filled, places_in
from shoumi.server.accounts.masking import mask
from shoumi.server.agreements.models import Agreement
from shoumi.server.agreements.queries.drafts import MASKED, Read, facts_from, inputs_of
from shoumi.server.agreements.queries.libraries import TAGS, library_of, said
from shoumi.server.files.services import file_open

STATUS = {
    "primary": ("", ""),
    "secondary": ("waiting", _("known from copies or reports only")),
    "unconfirmed": ("bad", _("unconfirmed")),
}
FORCE = {
    "law": pgettext_lazy("basis", "Law"),
    "guideline": pgettext_lazy("basis", "Guideline"),
    "company": pgettext_lazy("basis", "Company"),
}


@dataclass(frozen=True, slots=True)
class BasisShown:
    """A rule as it is shown beside what rests on it."""

    cite: str
    force: object
    status: object  # in words; empty for a text that was read
    tone: str
    caveats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClauseShown:
    """One clause on the screen."""

    id: str
    label: str
    heading: str
    lines: Sequence[str]
    because: Sequence[str] = ()
    basis: Sequence[BasisShown] = ()
    notes: Sequence[str] = ()
    changed: bool = False


@dataclass(frozen=True, slots=True)
class TextShown:
    """A whole text on the screen."""

    title: str
    opening: Sequence[str]
    clauses: Sequence[ClauseShown]
    closing: Sequence[str]
    language: str  # tag of its language
    hidden: bool = False  # something in it is masked


@dataclass(slots=True)
class _Mask:
    values: Sequence[str] = ()
    hits: int = field(default=0)

    def __call__(self, text: str) -> str:
        for value in self.values:
            if value in text:
                self.hits += 1
                text = text.replace(value, mask(value))
        return text


def text_fixed(agreement: Agreement, *, masked: bool) -> TextShown:
    """Return the text that was fixed when the agreement was offered."""
    with file_open(agreement.form) as reader:
        form: dict[str, Any] = json.loads(b"".join(reader.chunks()))
    hide = _Mask(_hidden(agreement) if masked else ())
    reasons = {row["clause"]: row for row in agreement.reasons}
    clauses = [_clause(hide, row, reasons.get(row["id"], {})) for row in form["clauses"]]
    opening, closing = (_lines(hide(form[name])) for name in ("opening", "closing"))
    return TextShown(form["title"], opening, clauses, closing, TAGS[form["language"]], bool(hide.hits))


def text_drafted(read: Read, agreement: Agreement) -> TextShown:
    """Return a draft as far as it goes: fields without a value show their names in brackets."""
    library, draft = read.library, read.draft
    hide = _Mask(_hidden(agreement))
    names = {place: f"［{said(one.names)}］" for place, one in library.fields.items()}

    def put(text: str) -> str:
        return hide(filled(text, {place: draft.fields.get(place, names[place]) for place in places_in(text)}))

    clauses = [
        ClauseShown(
            each.clause.id,
            str(number),
            put(each.heading),
            _lines(put(each.text)),
            [said(one.text) for one in each.because],
            changed=each.changed,
        )
        for number, each in enumerate(draft.chosen, start=1)
    ]
    kind = draft.kind
    return TextShown(
        put(kind.title), _lines(put(kind.opening)), clauses, _lines(put(kind.closing)), TAGS[library.language]
    )


def refusals_shown(refusals: Iterable[Refusal]) -> list[tuple[str, str, BasisShown]]:
    """Return each refusal with its clause and the rule it rests on."""
    return [(each.clause, said(each.text), basis_shown(each.basis)) for each in refusals]


def basis_shown(basis: Basis) -> BasisShown:
    """Return a basis in the reader's language."""
    tone, words = STATUS[str(basis.status)]
    caveats = tuple(said(each) for each in basis.caveats)
    return BasisShown(basis.cite or basis.rule, FORCE[str(basis.force)], words, tone, caveats)


def basis_from(row: Mapping[str, Any]) -> BasisShown:
    """Return a kept basis in the reader's language."""
    tone, words = STATUS[row["status"]]
    caveats = tuple(spoken(each) for each in row["caveats"])
    return BasisShown(row["cite"] or row["rule"], FORCE[row["force"]], words, tone, caveats)


def _hidden(agreement: Agreement) -> list[str]:
    """Return the values that are masked, as they stand in the text, the longest first."""
    library, inputs = library_of(agreement.entity), inputs_of(agreement)
    facts = facts_from(library, agreement.known, inputs)
    told = [inputs.get("values", {}).get(name, "") for name in MASKED]
    proposal = facts.non_compete
    sums = [proposal.monthly] if proposal and proposal.monthly is not None else []
    written = [f"{value:,f}" for value in sums]
    shares = [f"{proposal.percent.normalize():f}%"] if proposal and proposal.percent is not None else []
    return sorted((value for value in (*told, *written, *shares) if value.strip()), key=len, reverse=True)


def _clause(hide: _Mask, row: Mapping[str, str], kept: Mapping[str, Any]) -> ClauseShown:
    return ClauseShown(
        row["id"],
        row["label"],
        hide(row["heading"]),
        _lines(hide(row["text"])),
        [spoken(each) for each in kept.get("because", ())],
        [basis_from(each) for each in kept.get("basis", ())],
        [spoken(each) for each in kept.get("notes", ())],
        bool(kept.get("changed")),
    )


def spoken(texts: Mapping[str, str]) -> str:
    """Return a kept text in the reader's language."""
    language = (get_language() or "en")[:2]
    return texts.get(language) or texts["en"]


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]
