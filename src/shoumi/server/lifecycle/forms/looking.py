"""Forms of the look-back, the evidence hold and the notices outside."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.accounts.models import User
from shoumi.server.files.forms import StoredFileField
from shoumi.server.lifecycle.forms.fields import CHOOSE, people_of
from shoumi.server.lifecycle.models import CaseStep, OutsideNotice, PersonCase
from shoumi.server.lifecycle.queries.packs import said, table_of, zone_of
from shoumi.server.lifecycle.queries.standings import plan_of
from shoumi.server.lifecycle.services.logs import FIELDS, LogWish
from shoumi.server.people.forms.fields import MomentField
from shoumi.server.people.models import Person

LANGUAGES = (("zh-hans", "简体中文"), ("ja", "日本語"), ("en", "English"))
FIELD_LABELS = {
    "at": pgettext_lazy("column of a log", "Time"),
    "account": pgettext_lazy("column of a log", "Account"),
    "object": pgettext_lazy("column of a log", "File or account it is about"),
    "act": pgettext_lazy("column of a log", "What was done"),
    "target": pgettext_lazy("column of a log", "To whom or where"),
}


class LogForm(forms.Form):
    """A log file, how the person was told of it, and whose lines are meant."""

    kind = forms.ChoiceField(label=_("Kind of log"))
    file = StoredFileField(
        label=_("File"), multiple=False, help_text=_("CSV, xlsx, JSON, or one JSON object per line.")
    )
    basis = forms.CharField(
        label=_("How the person was told of this log"),
        max_length=400,
        help_text=_("Such as the notice of monitoring with its date. Without it no log may be used."),
    )
    accounts = forms.CharField(
        label=_("Accounts of the person"),
        max_length=1000,
        required=False,
        help_text=_("Separated by commas. Empty: every line is the person’s."),
    )
    mapping = forms.CharField(
        label=_("Columns, if they are called otherwise"),
        max_length=1000,
        required=False,
        help_text=_("Such as at=时间, object=路径, act=操作. Empty: found by their names."),
    )

    def __init__(self, *args: Any, user: User, case: PersonCase, **kwargs: Any) -> None:
        """Offer the kinds of logs of the pack."""
        super().__init__(*args, **kwargs)
        known = table_of(case.entity).logs
        self.fields["kind"].choices = [CHOOSE, *((key, said(row.names)) for key, row in known.items())]
        self.fields["file"].for_user(user)

    def clean_mapping(self) -> dict[str, str] | None:
        """Return field → column, None where nothing was typed.

        Raises:
            ValidationError: a part is no pair, or its field is unknown.
        """
        parts = [part for part in self.cleaned_data["mapping"].replace("，", ",").split(",") if part.strip()]
        pairs = {
            key.strip(): column.strip() for key, _sign, column in (part.partition("=") for part in parts)
        }
        if set(pairs) - set(FIELDS):
            raise forms.ValidationError(_("Known are: %(known)s"), params={"known": ", ".join(FIELDS)})
        return pairs or None

    @property
    def wish(self) -> LogWish:
        """What is imported; the form is valid."""
        values = self.cleaned_data
        accounts = values["accounts"].replace("，", ",").split(",")
        return LogWish(values["kind"], values["basis"], accounts, values["mapping"])


class RunForm(forms.Form):
    """Which mail is the company's own."""

    domains = forms.CharField(
        label=_("Mail domains of the company"),
        max_length=400,
        required=False,
        help_text=_("Separated by commas. Mail to any other domain is told."),
    )

    @property
    def names(self) -> list[str]:
        """The domains; the form is valid."""
        typed = self.cleaned_data["domains"].replace("，", ",").split(",")
        return [name.strip().lower() for name in typed if name.strip()]


class ResultForm(forms.Form):
    """What came of a look-back, and who looked with whoever records it."""

    note = forms.CharField(
        label=_("What came of it"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    companion = forms.ModelChoiceField(
        Person.objects.none(), label=_("Together with"), help_text=_("They confirm it themselves.")
    )

    def __init__(self, *args: Any, user: User, case: PersonCase, **kwargs: Any) -> None:
        """Offer everybody with a sign-in but the person and whoever records it."""
        super().__init__(*args, **kwargs)
        others = people_of(user, case, signed_in=True).exclude(pk=case.person_id).exclude(user=user)
        self.fields["companion"].queryset = others


class HoldForm(forms.Form):
    """Why evidence is held."""

    reason = forms.CharField(label=_("Reason"), max_length=400)


class NoticeForm(forms.Form):
    """To whom a notice goes."""

    kind = forms.ChoiceField(label=_("Kind"))
    name = forms.CharField(label=_("Company"), max_length=200)
    contact = forms.CharField(label=_("Contact"), max_length=200, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    text = forms.CharField(
        label=_("Text"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Empty: the usual words in that language."),
    )

    def __init__(self, *args: Any, step: CaseStep, **kwargs: Any) -> None:
        """Offer the kinds of receivers of the step."""
        super().__init__(*args, **kwargs)
        asked = plan_of(step.case).step(step.key)
        items = asked.step.items if asked else ()
        self.fields["kind"].choices = [CHOOSE, *((item.id, said(item.names)) for item in items)]


class SendForm(forms.Form):
    """How and when a notice went out."""

    channel = forms.ChoiceField(label=_("How it went out"), choices=OutsideNotice.Channel.choices)
    at = MomentField(label=_("When"), required=False, help_text=_("Empty: now."))

    def __init__(self, *args: Any, case: PersonCase, **kwargs: Any) -> None:
        """Take moments where the case is led."""
        super().__init__(*args, **kwargs)
        self.fields["at"].at(zone_of(case.entity))


class DeliverForm(forms.Form):
    """When a notice arrived, with its proof."""

    proof = StoredFileField(label=_("Proof of delivery"), multiple=False)
    at = MomentField(label=_("When"), required=False, help_text=_("Empty: now."))

    def __init__(self, *args: Any, user: User, case: PersonCase, **kwargs: Any) -> None:
        """Take moments where the case is led."""
        super().__init__(*args, **kwargs)
        self.fields["at"].at(zone_of(case.entity))
        self.fields["proof"].for_user(user)
