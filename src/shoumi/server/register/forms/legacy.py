"""Taking over an older register: the file, and the answers that hold for the whole batch."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.server.accounts.models import User
from shoumi.server.files.forms import StoredFileField
from shoumi.server.register.forms.assessment import EVIDENCE_HINTS, QUESTIONS
from shoumi.server.register.forms.identity import YES_NO
from shoumi.server.register.models import ElementJudgement


class LegacyFileForm(forms.Form):
    """Whose older register it is, and the file."""

    entity = forms.ChoiceField(label=_("Legal entity"))
    file = StoredFileField(
        label=_("The older register"),
        multiple=False,
        help_text=_(
            "A workbook (xlsx) or CSV as it is: headers in Chinese, Japanese or English are recognised."
        ),
    )

    def __init__(self, *args: Any, user: User, entities: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entity"].choices = entities
        self.fields["file"].for_user(user)


class LegacyAnswersForm(forms.Form):
    """The three elements and the necessity, answered once for all rows."""

    national_security = forms.ChoiceField(label="", choices=YES_NO, widget=forms.RadioSelect)
    necessity = forms.CharField(
        label=_("Why they must be kept secret"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )

    def __init__(self, *args: Any, question: str, faults: int, rows: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["national_security"].label = question
        for element in ElementJudgement.Element:
            self.fields[f"{element.value}_reason"] = forms.CharField(
                label=_("%(element)s: reason") % {"element": element.label},
                widget=forms.Textarea(attrs={"rows": 2}),
                max_length=4000,
                help_text=QUESTIONS[element.value],
            )
            self.fields[f"{element.value}_evidence"] = forms.CharField(
                label=_("%(element)s: evidence") % {"element": element.label},
                widget=forms.Textarea(attrs={"rows": 2}),
                max_length=4000,
                help_text=EVIDENCE_HINTS[element.value],
            )
        if faults and rows:
            label = _("Leave the faulty rows out and take over the other %(rows)d")
            self.fields["leave_out"] = forms.BooleanField(label=label % {"rows": rows})

    def elements(self) -> dict[str, dict[str, str]]:
        """Return reason and evidence by element."""
        return {
            element.value: {
                part: self.cleaned_data[f"{element.value}_{part}"] for part in ("reason", "evidence")
            }
            for element in ElementJudgement.Element
        }
