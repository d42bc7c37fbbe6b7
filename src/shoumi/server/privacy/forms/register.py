"""Forms of the register: a processing in three parts, an assessment, an end, and the question of the gate."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.people.forms.fields import VersionForm
from shoumi.server.people.models import LegalEntity
from shoumi.server.privacy.forms.fields import CHOOSE, departments_field, persons_field
from shoumi.server.privacy.models import Assessment
from shoumi.server.privacy.queries.words import choices, table_of

MOST_MONTHS = 1200


class WhatForm(forms.Form):
    """What is collected, what for, and on which basis."""

    name = forms.CharField(label=pgettext_lazy("processing", "Name"), max_length=120)
    purpose = forms.ChoiceField(label=_("Purpose"))
    kinds = forms.MultipleChoiceField(label=_("Kinds of data"), widget=forms.CheckboxSelectMultiple)
    basis = forms.ChoiceField(label=_("Legal basis"))
    basis_note = forms.CharField(
        label=_("Why this basis holds"),
        max_length=400,
        help_text=_("The rule, contract or duty it rests on."),
    )
    traits = forms.MultipleChoiceField(
        label=_("What makes it delicate"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, entity: LegalEntity, **kwargs: Any) -> None:
        """Offer the words of the entity's country."""
        super().__init__(*args, **kwargs)
        table = table_of(entity)
        self.fields["purpose"].choices = choices(table.purposes, [CHOOSE])
        self.fields["kinds"].choices = choices(table.kinds)
        self.fields["basis"].choices = choices(table.bases, [CHOOSE])
        self.fields["traits"].choices = choices(table.traits)


class WhomForm(forms.Form):
    """Whom it concerns; content of messages is never collected about everybody."""

    def __init__(self, *args: Any, entity: LegalEntity, **kwargs: Any) -> None:
        """Offer departments and persons of the entity."""
        super().__init__(*args, **kwargs)
        self.fields["departments"] = departments_field(
            entity, _("Departments concerned"), _("Nothing chosen here and below: everybody.")
        )
        self.fields["persons"] = persons_field(entity, _("Persons concerned"), many=True, required=False)


class WhereForm(forms.Form):
    """Who gets it, where it lies, how long, and who answers for it."""

    recipients = forms.CharField(label=_("Recipients"), max_length=400, help_text=_("Who gets to see it."))
    storage = forms.CharField(label=_("Place of storage"), max_length=200)
    keep_months = forms.IntegerField(label=_("Months it is kept"), min_value=1, max_value=MOST_MONTHS)

    def __init__(self, *args: Any, entity: LegalEntity, **kwargs: Any) -> None:
        """Offer the persons of the entity."""
        super().__init__(*args, **kwargs)
        self.fields["legal_owner"] = persons_field(entity, _("Answerable for the law"))
        self.fields["security_owner"] = persons_field(entity, _("Answerable for security"))


class AssessmentForm(forms.Form):
    """What an impact assessment says."""

    necessity = forms.CharField(
        label=_("Lawful, proper and necessary"), max_length=4000, widget=forms.Textarea
    )
    risks = forms.CharField(label=_("Effect on persons and risks"), max_length=4000, widget=forms.Textarea)
    measures = forms.CharField(
        label=_("Measures and whether they fit the risk"), max_length=4000, widget=forms.Textarea
    )
    adviser = forms.CharField(
        label=_("Legal adviser"), max_length=120, required=False,
        help_text=_("Who was asked for advice on the law."),
    )  # fmt: skip
    advice = forms.CharField(
        label=_("What the adviser said"), max_length=4000, required=False, widget=forms.Textarea
    )
    outcome = forms.ChoiceField(label=_("Outcome"), choices=[CHOOSE, *Assessment.Outcome.choices])


class EndForm(VersionForm):
    """Why a processing ends."""

    reason = forms.CharField(label=_("Reason"), max_length=400)


class GateForm(forms.Form):
    """Whom the gate is asked about, which kind of data, and for which purpose."""

    kind = forms.ChoiceField(label=_("Kind of data"))
    purpose = forms.ChoiceField(label=_("Purpose"))

    def __init__(self, *args: Any, entity: LegalEntity, **kwargs: Any) -> None:
        """Offer the words of the entity's country and its persons."""
        super().__init__(*args, **kwargs)
        table = table_of(entity)
        self.fields["kind"].choices = choices(table.kinds)
        self.fields["purpose"].choices = choices(table.purposes)
        self.fields["person"] = persons_field(entity, _("Person"))
        self.order_fields(["person", "kind", "purpose"])
