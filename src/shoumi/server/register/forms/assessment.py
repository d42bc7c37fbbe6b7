"""Step 3: the three elements with their evidence, and the exclusions with the records the pack asks for."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.engine.jurisdiction import CheckField, Exclusion, Pack
from shoumi.server.accounts.models import User
from shoumi.server.files.forms import StoredFileField
from shoumi.server.register.forms.choices import said
from shoumi.server.register.models import ElementJudgement, TradeSecret
from shoumi.server.register.values import ElementValue, EvidenceValue, ExclusionValue

YES_NO = (("yes", _("Yes")), ("no", _("No")))
QUESTIONS = {
    "secrecy": _("Is it unknown to the public, and not easy to obtain for those in the field?"),
    "value": _("Does being secret give the company an advantage or spare it a loss?"),
    "measures": _("Which measures keep it secret today, and do those who know it recognise them?"),
}
EVIDENCE_HINTS = {
    "secrecy": _("For example a search in public sources, an expert's statement, the effort of making it."),
    "value": _("For example costs, savings, orders won, prices, an appraisal."),
    "measures": _("For example agreements signed, access limited, marks, locked rooms, training."),
}
RECORD_WHEN = {
    "yes": _("Needed if you answer yes."),
    "no": _("Needed if you answer no."),
    "always": _("Needed with every answer."),
}


class ElementForm(forms.Form):
    """One of the three elements: verdict, reason, evidence in words, evidence as files."""

    verdict = forms.ChoiceField(
        label=_("Verdict"), choices=ElementJudgement.Verdict.choices, widget=forms.RadioSelect, required=False
    )
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=4000, required=False
    )
    evidence = forms.CharField(
        label=_("Evidence in words"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=8000,
        required=False,
    )
    files = StoredFileField(label=_("Evidence as files"), required=False, multiple=True)

    def __init__(self, *args: Any, element: str, user: User, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"element_{element}", **kwargs)
        self.fields["files"].for_user(user)
        self.attached: list[Any] = []
        self.element = element
        self.title = ElementJudgement.Element(element).label
        self.question = QUESTIONS[element]
        hint = _("%(examples)s An empty line begins another piece of evidence.")
        self.fields["evidence"].help_text = hint % {"examples": EVIDENCE_HINTS[element]}

    def value(self, files: tuple[UUID, ...] = ()) -> ElementValue:
        """Return what was said about the element, with the stored `files` that are its evidence."""
        data = self.cleaned_data
        texts = [part.strip() for part in re.split(r"\r?\n\s*\n", data["evidence"]) if part.strip()]
        pieces = [EvidenceValue(text=text) for text in texts]
        pieces += [EvidenceValue(file=file) for file in dict.fromkeys(files)]
        return ElementValue(self.element, data["verdict"], data["reason"].strip(), tuple(pieces))


class ExclusionForm(forms.Form):
    """One exclusion: the pack's question and the records that belong to the answer."""

    answer = forms.ChoiceField(label=_("Answer"), choices=YES_NO, widget=forms.RadioSelect, required=False)

    def __init__(self, *args: Any, exclusion: Exclusion, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"exclusion_{exclusion.id}", **kwargs)
        self.exclusion = exclusion
        self.title = said(exclusion.names)
        self.fields["answer"].label = said(exclusion.question)
        for item in exclusion.fields:
            self.fields[item.id] = _record_field(item)

    def value(self) -> ExclusionValue:
        """Return the answer with its records."""
        data = self.cleaned_data
        records = {item.id: _plain(data.get(item.id)) for item in self.exclusion.fields}
        return ExclusionValue(
            self.exclusion.id, data["answer"], {key: text for key, text in records.items() if text}
        )


def element_forms(secret: TradeSecret, user: User, data: Any = None, files: Any = None) -> list[ElementForm]:
    """Return the three forms for a draft, filled from `data` if it is given."""
    rows = {row.element: row for row in secret.elements.prefetch_related("evidence__file")}
    forms_made = []
    for element in ElementJudgement.Element:
        row = rows.get(element.value)
        pieces = list(row.evidence.all()) if row else []
        initial = {
            "verdict": row.verdict if row else "",
            "reason": row.reason if row else "",
            "evidence": "\n\n".join(piece.text for piece in pieces if piece.text),
        }
        form = ElementForm(data, files, element=element.value, user=user, initial=initial)
        form.attached = [piece for piece in pieces if piece.file_id]
        forms_made.append(form)
    return forms_made


def exclusion_forms(secret: TradeSecret, pack: Pack, data: Any = None) -> list[ExclusionForm]:
    """Return one form per exclusion of the pack, filled from `data` if it is given."""
    rows = {row.exclusion: row for row in secret.exclusions.all()}
    return [
        ExclusionForm(
            data,
            exclusion=exclusion,
            initial={"answer": rows[exclusion.id].answer, **rows[exclusion.id].fields}
            if exclusion.id in rows
            else {},
        )
        for exclusion in pack.exclusions
    ]


def _record_field(item: CheckField) -> forms.Field:
    """Return the field for one record; its form is checked by the engine, so that a draft can be saved."""
    hint = RECORD_WHEN[item.record_when]
    if item.kind == "date":
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(label=said(item.names), required=False, widget=widget, help_text=hint)
    if item.kind == "pattern":
        return forms.CharField(label=said(item.names), required=False, max_length=60, help_text=hint)
    widget = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(
        label=said(item.names), required=False, max_length=2000, widget=widget, help_text=hint
    )


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else (value or "").strip()
