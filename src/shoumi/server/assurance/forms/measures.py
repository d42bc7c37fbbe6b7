"""Forms for recorded measures, circumstances, weights and the steps of leavers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shoumi.engine.jurisdiction.assurance import load_assurance
from shoumi.server.accounts.models import User
from shoumi.server.assurance.forms.risks import LINES, PartForm
from shoumi.server.assurance.models import LeaverStep, MeasureRecord
from shoumi.server.assurance.queries.risks import LINKABLE
from shoumi.server.assurance.queries.scoping import RECORDING, departments_overseen, sees_whole
from shoumi.server.assurance.services.measures import CIRCUMSTANCES
from shoumi.server.files.forms import StoredFileField
from shoumi.server.people.forms.fields import DayField, VersionForm
from shoumi.server.people.models import LegalEntity
from shoumi.server.register.queries.secrets import secrets_visible_to

PERCENT = {"min_value": 0, "max_value": 100, "required": False}


def proof_choices(entity: LegalEntity, language: str) -> list[tuple[str, Any]]:
    """Return the proofs that people record, by kind, and the circumstances."""
    table = load_assurance(entity.pack).measures
    groups: list[tuple[str, Any]] = [
        (
            kind.names.in_language(language),
            [
                (proof.id, proof.names.in_language(language))
                for proof in kind.proofs
                if proof.answered_by == "recorded"
            ],
        )
        for kind in table.kinds
    ]
    weakening = [
        (key, table.malus[key.removeprefix("X.")].names.in_language(language)) for key in CIRCUMSTANCES
    ]
    return [
        *((name, rows) for name, rows in groups if rows),
        (str(_("What weakens the measures")), weakening),
    ]


class MeasureForForm(PartForm):
    """Which proof, and for what."""

    proof = forms.ChoiceField(label=_("Proof"))
    department = forms.ChoiceField(label=_("Department"), required=False)
    secret = forms.ChoiceField(
        label=_("Trade secret"), required=False, help_text=_("Leave it empty if it holds for all.")
    )
    carrier = forms.CharField(
        label=_("Number of the carrier"),
        required=False,
        max_length=60,
        help_text=_("Where one carrier was sealed or locked."),
    )

    def offer(self) -> None:
        """Offer proofs of the pack, departments in the remit, secrets the user sees."""
        self.fields["proof"].choices = proof_choices(self.entity, self.language)
        rows = departments_overseen(self.user, self.entity, RECORDING)
        whole = [("", _("The whole legal entity"))] if sees_whole(self.user, self.entity, RECORDING) else []
        self.fields["department"].choices = [*whole, *((str(row.pk), row.name) for row in rows)]
        secrets = secrets_visible_to(self.user).filter(entity=self.entity, state__in=LINKABLE)
        listed = secrets.order_by("number").values_list("pk", "number", "name")[:2000]
        self.fields["secret"].choices = [
            ("", ""), *((str(key), f"{number} {name}") for key, number, name in listed)
        ]  # fmt: skip


class MeasureWhatForm(PartForm):
    """What was done, since when, how far it reaches, and the proof itself."""

    text = forms.CharField(label=_("What was done"), widget=LINES, max_length=2000)
    happened_on = DayField(label=_("In force from"))
    ends_on = DayField(label=_("In force until"), required=False)
    covered = forms.IntegerField(label=_("Reached"), min_value=0, initial=1)
    needed = forms.IntegerField(
        label=_("Of"), min_value=1, initial=1, help_text=_("How many persons, partners or devices need it.")
    )
    file = StoredFileField(label=_("Proof as a file"), multiple=False, required=False)

    def offer(self) -> None:
        """Take the user's files."""
        self.fields["file"].for_user(self.user)


class MeasureGradeForm(PartForm):
    """Whom it concerns, whether it is followed, and whether people can tell."""

    party = forms.ChoiceField(
        label=_("Concerns"), choices=[("", ""), *MeasureRecord.Party.choices], required=False
    )
    party_name = forms.CharField(label=_("Name of the partner"), max_length=200, required=False)
    lived = forms.IntegerField(label=_("Followed (%)"), **PERCENT)
    lived_reason = forms.CharField(label=_("How this is known"), max_length=400, required=False)
    recognisable = forms.IntegerField(label=_("Recognisable (%)"), **PERCENT)
    recognisable_reason = forms.CharField(label=_("How people can tell"), max_length=400, required=False)


class WithdrawForm(VersionForm):
    """Why a record holds no longer."""

    reason = forms.CharField(label=_("Reason"), widget=LINES, max_length=400)


class LeaverStepForm(forms.Form):
    """One of the five steps."""

    step = forms.ChoiceField(label=_("Step"), choices=LeaverStep.Step.choices)
    done_on = DayField(label=_("Done on"))
    text = forms.CharField(label=_("What was done"), widget=LINES, max_length=400)
    file = StoredFileField(label=_("Proof as a file"), multiple=False, required=False)

    def __init__(self, *args: Any, user: User, open_steps: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = [item for item in LeaverStep.Step.choices if item[0] in open_steps]
        self.fields["file"].for_user(user)


class WeightForm(forms.Form):
    """Another weight or mark, with the reason."""

    key = forms.ChoiceField(label=_("Weight or mark"))
    value = forms.IntegerField(label=_("Value"), min_value=0, max_value=100)
    reason = forms.CharField(label=_("Reason"), widget=LINES, max_length=2000)

    def __init__(self, *args: Any, entity: LegalEntity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        table, language = load_assurance(entity.pack).measures, get_language() or "en"
        marks = {
            "core": _("Mark for core"),
            "important": _("Mark for important"),
            "general": _("Mark for general"),
        }
        self.fields["key"].choices = [
            *((kind.id, f"{kind.id} · {kind.names.in_language(language)}") for kind in table.kinds),
            *marks.items(),
        ]
