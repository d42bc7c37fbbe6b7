"""Looking a copy up: the picture or PDF that turned up, and why it is examined."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.server.accounts.models import User
from shoumi.server.files.forms import StoredFileField


class CopySearchForm(forms.Form):
    """The file, and the reason that the ledger keeps."""

    file = StoredFileField(
        label=_("The picture or PDF that turned up"),
        multiple=False,
        help_text=_(
            "PNG, JPEG, WebP or PDF: a screenshot, a picture from a chat, a scan. The less it was made "
            "smaller, cut or compressed, the better."
        ),
    )
    purpose = forms.CharField(
        label=_("Why it is examined"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example where and when it turned up. The ledger keeps it."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].for_user(user)
