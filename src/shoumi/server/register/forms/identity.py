"""Before the first step and step 1: the question that leads out, for which department, and what it is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.engine.jurisdiction import Pack
from shoumi.server.register.forms.choices import categories, persons
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.hints import content_signs
from shoumi.server.register.values import Identity

YES_NO = (("no", _("No")), ("yes", _("Yes")))


class GateForm(forms.Form):
    """The question of the pack, and the owner department; nothing else is asked before it is answered."""

    department = forms.ChoiceField(
        label=_("Owner department"), help_text=_("The department in which the information came into being.")
    )
    national_security = forms.ChoiceField(label="", choices=YES_NO, widget=forms.RadioSelect)

    def __init__(self, *args: Any, departments: list[tuple[str, str]], question: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = departments
        self.fields["national_security"].label = question


class IdentityForm(forms.Form):
    """Step 1: name, description without the secret, category, custodian, necessity."""

    name = forms.CharField(
        label=pgettext_lazy("of a thing", "Name"),
        max_length=200,
        required=False,
        help_text=_(
            "What colleagues call it. The name appears in lists and notifications, "
            "so it must not tell the secret."
        ),
    )
    category = forms.ChoiceField(label=_("Category"), required=False)
    description = forms.CharField(
        label=_("Description without the secret itself"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        required=False,
        help_text=_(
            "Say what kind of information it is, what it is used for and where its content lies. "
            "No recipes, figures, code, customer data or passwords: content belongs into the files of step 2."
        ),
    )
    necessity = forms.CharField(
        label=_("Why it must be kept secret"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        required=False,
        help_text=_("Only what truly needs it: if everything is secret, nothing is."),
    )
    custodian = forms.ChoiceField(
        label=_("Custodian"), required=False, help_text=_("The person who looks after the secret day by day.")
    )
    expected_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, pack: Pack, entity_id: object, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = categories(pack)
        self.fields["custodian"].choices = persons(entity_id)

    @classmethod
    def initial_of(cls, secret: TradeSecret) -> dict[str, Any]:
        """Return what the form shows for a draft."""
        return {
            "name": secret.name,
            "category": secret.category,
            "description": secret.description,
            "necessity": secret.necessity,
            "custodian": str(secret.custodian_id or ""),
            "expected_version": secret.version,
        }

    def identity(self) -> Identity:
        """Return the values of step 1."""
        data = self.cleaned_data
        return Identity(
            name=data["name"],
            description=data["description"],
            category=data["category"],
            necessity=data["necessity"],
            custodian=data["custodian"] or None,
        )

    def signs(self) -> list[str]:
        """Return what makes the description look like the secret itself."""
        return content_signs(self.cleaned_data.get("description", ""))
