"""Of what customer information consists and how it was worked up; never the customers themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.customer_information import depth_of, kind_choices
from shoumi.server.register.queries.hints import holds_contacts
from shoumi.server.register.values import CustomerDepth

PREFIX = "customers"
TEXTS = ("collected", "worked_up", "effort", "sources")


def _text(label: object, hint: object = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, help_text=hint, widget=area, max_length=4000, required=False)


class CustomerForm(forms.Form):
    """The depth of customer information; may be incomplete in a draft."""

    kinds = forms.MultipleChoiceField(
        label=_("Kinds of information in it"), widget=forms.CheckboxSelectMultiple, required=False
    )
    collected = _text(_("How it was collected"), _("From which dealings, since when, by whom."))
    worked_up = _text(_("How it was sorted and worked up"))
    effort = _text(_("Time, money and people spent"))
    sources = _text(_("Sources, and what of it is not public"))

    def __init__(self, data: Any, *, secret: TradeSecret, **kwargs: Any) -> None:
        depth = depth_of(secret)
        initial = {name: getattr(depth, name) for name in ("kinds", *TEXTS)} if depth else {}
        super().__init__(data, prefix=PREFIX, initial=initial, **kwargs)
        self.fields["kinds"].choices = kind_choices(secret.pack)

    def clean(self) -> dict[str, Any]:
        """Refuse texts that hold the customers themselves."""
        data = super().clean() or {}
        for name in TEXTS:
            if holds_contacts(data.get(name) or ""):
                self.add_error(name, _("Describe the information; leave out customers and their contacts."))
        return data

    def depth(self) -> CustomerDepth:
        """Return what was entered."""
        data = self.cleaned_data
        return CustomerDepth(tuple(data["kinds"]), *(data[name] for name in TEXTS))
