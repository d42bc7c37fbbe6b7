"""Forms of requests and holds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.server.people.models import LegalEntity
from shoumi.server.privacy.forms.fields import CHOOSE, persons_field
from shoumi.server.privacy.queries.words import choices, table_of


class RequestForm(forms.Form):
    """What somebody asks for; `person` is asked for only at the desk."""

    right = forms.ChoiceField(label=_("What is asked for"))
    text = forms.CharField(label=_("In the person’s own words"), max_length=4000, widget=forms.Textarea)

    def __init__(self, *args: Any, entity: LegalEntity, desk: bool, **kwargs: Any) -> None:
        """Offer the rights of the entity's country."""
        super().__init__(*args, **kwargs)
        self.fields["right"].choices = choices(table_of(entity).rights, [CHOOSE])
        if desk:
            self.fields["person"] = persons_field(entity, _("Person"))
            self.order_fields(["person", "right", "text"])


class ReasonForm(forms.Form):
    """One sentence that says how or why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class AnswerForm(forms.Form):
    """The answer, or the refusal with its reason."""

    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=[("answered", _("Answered")), ("refused", _("Refused"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Answer or reason of the refusal"), max_length=4000, widget=forms.Textarea
    )


class HoldForm(forms.Form):
    """What is held, and why."""

    name = forms.CharField(label=_("Matter"), max_length=120)
    reason = forms.CharField(label=_("Reason"), max_length=400)

    def __init__(self, *args: Any, entity: LegalEntity, **kwargs: Any) -> None:
        """Offer the persons of the entity."""
        super().__init__(*args, **kwargs)
        self.fields["persons"] = persons_field(entity, _("Persons concerned"), many=True, required=False)
        self.fields["persons"].help_text = _("None chosen: everybody in the legal entity.")
