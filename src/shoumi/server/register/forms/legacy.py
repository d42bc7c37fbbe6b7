"""Taking over an older register: the file, and the answers that hold for the whole batch."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.engine.jurisdiction import Pack
from shoumi.server.accounts.models import User
from shoumi.server.files.forms import StoredFileField
from shoumi.server.files.stepping import RowsForm
from shoumi.server.register.forms.assessment import EVIDENCE_HINTS, QUESTIONS, ExclusionForm
from shoumi.server.register.forms.choices import said
from shoumi.server.register.forms.identity import YES_NO
from shoumi.server.register.models import ElementJudgement
from shoumi.server.register.queries.legacy import Resolved


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


class LegacyRowsForm(forms.Form):
    """The question that leads out, and what becomes of faulty rows where the file was just read (`found`)."""

    national_security = forms.ChoiceField(label="", choices=YES_NO, widget=forms.RadioSelect)
    leave_out = forms.BooleanField(required=False)

    def __init__(self, *args: Any, pack: Pack, found: Resolved | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["national_security"].label = said(pack.state_secret.question)
        if found is None:
            return
        if not found.faults:
            del self.fields["leave_out"]
            return
        label = _("Leave the faulty rows out and take over the other %(rows)d")
        self.fields["leave_out"].label = label % {"rows": len(found.rows)}
        self.fields["leave_out"].required = True


class LegacyElementsForm(forms.Form):
    """The three elements and the necessity, answered once for all rows."""

    necessity = forms.CharField(
        label=_("Why they must be kept secret"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )

    def __init__(self, *args: Any, pack: Pack, found: Resolved | None, **kwargs: Any) -> None:
        del pack, found
        super().__init__(*args, **kwargs)
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

    def clean(self) -> dict[str, Any]:
        """Gather reason and evidence by element."""
        data = super().clean() or {}
        data["elements"] = {
            element.value: {part: data.get(f"{element.value}_{part}", "") for part in ("reason", "evidence")}
            for element in ElementJudgement.Element
        }
        return data


class LegacyExclusionsForm(RowsForm):
    """The exclusions, answered once for all rows."""

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        pack: Pack,
        found: Resolved | None,
        **kwargs: Any,
    ) -> None:
        del found
        super().__init__(data, files, **kwargs)
        self.rows = [ExclusionForm(data, exclusion=item) for item in pack.exclusions]

    def clean(self) -> dict[str, Any]:
        """Gather answers with their records by exclusion."""
        super().clean()
        values = [row.value() for row in self.rows if row.is_valid()]
        return {
            "exclusions": {
                value.exclusion: {"answer": value.answer, "fields": dict(value.fields)} for value in values
            }
        }
