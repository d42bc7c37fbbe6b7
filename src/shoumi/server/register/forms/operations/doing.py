"""What was done: lines, methods, conditions, witnesses, and the password that signs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.server.accounts.models import User
from shoumi.server.register.models import Operation, OperationLine
from shoumi.server.register.operation_values import Back, Done, Execution
from shoumi.server.register.queries.operations.methods import methods_of


class SignedForm(forms.Form):
    """A step that is signed with the password of whoever takes it."""

    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    password = forms.CharField(
        label=_("Your password, as your signature"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
    )
    expected_version = forms.IntegerField(widget=forms.HiddenInput)


class ExecuteForm(SignedForm):
    """Carrying out: which lines, and what belongs to the whole."""

    recording = forms.CharField(
        label=_("Recording"),
        max_length=300,
        required=False,
        help_text=_("Where the recording is kept, or which camera covers the place."),
    )
    witnesses = forms.MultipleChoiceField(
        label=_("Witnesses"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("At least two; neither who asked for it nor you. Each confirms with their own password."),
    )
    field_order = ("recording", "witnesses", "note", "password")

    def __init__(self, *args: Any, operation: Operation, possible: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if operation.kind == Operation.Kind.DESTROY:
            self.fields["witnesses"].choices = [(str(user.pk), user.display_name) for user in possible]
        else:
            del self.fields["recording"], self.fields["witnesses"]
        if operation.kind == Operation.Kind.RELEASE and operation.conditions:
            self.fields["note"].label = _("How the conditions are met")

    def execution(self, rows: Sequence[LineForm]) -> Execution:
        """Return what was done, with the rows that were chosen."""
        data = self.cleaned_data
        return Execution(
            lines=tuple(row.done() for row in rows if row.cleaned_data.get("chosen")),
            password=data["password"],
            note=data["note"],
            recording=data.get("recording", ""),
            witnesses=tuple(UUID(key) for key in data.get("witnesses", ())),
        )


class LineForm(forms.Form):
    """One line that waits to be carried out."""

    chosen = forms.BooleanField(label=_("Carried out"), required=False, initial=True)
    method = forms.ChoiceField(label=_("Method"), required=False)
    tool = forms.CharField(label=_("Tool"), max_length=120, required=False)
    verification = forms.CharField(label=_("Verification"), max_length=300, required=False)

    def __init__(self, *args: Any, operation: Operation, line: OperationLine, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"line{line.pk}", **kwargs)
        self.line = line
        methods = methods_of(operation, line)
        if not methods:
            for name in ("method", "tool", "verification"):
                del self.fields[name]
            return
        self.fields["method"].choices = [(method.id, method.label) for method in methods]

    def done(self) -> Done:
        """Return what was done with the line."""
        data = self.cleaned_data
        return Done(
            self.line.pk,
            method=data.get("method", ""),
            tool=data.get("tool", ""),
            verification=data.get("verification", ""),
        )


class BackForm(forms.Form):
    """One line that came back."""

    chosen = forms.BooleanField(label=_("Came back"), required=False, initial=True)
    condition = forms.CharField(label=_("Condition"), max_length=300, required=False)
    destroyed = forms.BooleanField(label=_("Destroyed there, with a certificate"), required=False)

    def __init__(self, *args: Any, operation: Operation, line: OperationLine, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"line{line.pk}", **kwargs)
        self.line = line
        if operation.kind != Operation.Kind.DISCLOSE:
            del self.fields["destroyed"]

    def back(self) -> Back:
        """Return in which condition the line came back."""
        data = self.cleaned_data
        return Back(self.line.pk, data["condition"], destroyed=bool(data.get("destroyed")))


class ExtendForm(forms.Form):
    """More time: until when, and why."""

    until = forms.DateField(
        label=_("Longer until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
