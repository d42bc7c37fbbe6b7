"""The form of an original that was exchanged with a partner."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.server.accounts.models import User
from shoumi.server.files.forms import StoredFileField
from shoumi.server.partners.models import Original
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.secrets import secrets_visible_to


class OriginalForm(forms.Form):
    """The file as it was received, and what it is about."""

    medium = forms.ChoiceField(label=_("Medium"), choices=Original.Medium.choices)
    file = StoredFileField(label=_("Original"), multiple=False)
    secret = forms.ModelChoiceField(
        TradeSecret.objects.none(), label=_("Trade secret it is about"), required=False
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Take the user's files, and offer the secrets that they see."""
        super().__init__(*args, **kwargs)
        self.fields["file"].for_user(user)
        self.fields["secret"].queryset = secrets_visible_to(user).exclude(number="")
