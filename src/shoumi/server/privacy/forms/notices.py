"""Forms of notices: what they tell and to whom, their texts, and a signed paper."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.server.accounts.models import User
from shoumi.server.files.forms import StoredFileField
from shoumi.server.people.forms.fields import DayField
from shoumi.server.people.models import LegalEntity
from shoumi.server.privacy.forms.fields import departments_field, persons_field
from shoumi.server.privacy.models import NoticeVersion, Processing

LONGEST_TEXT = 20_000


class AboutForm(forms.Form):
    """What a notice tells of, and to whom."""

    title = forms.CharField(label=_("Title"), max_length=120)
    must_acknowledge = forms.BooleanField(
        label=_("Counts only once it is acknowledged"), required=False, initial=True
    )
    material = forms.BooleanField(
        label=_("Must be read anew"), required=False, initial=True,
        help_text=_("Earlier versions stop counting; leave it out only where nothing of substance changes."),
    )  # fmt: skip

    def __init__(self, *args: Any, entity: LegalEntity, **kwargs: Any) -> None:
        """Offer the processings and departments of the entity."""
        super().__init__(*args, **kwargs)
        rows = Processing.objects.filter(entity=entity, ends_at__isnull=True)
        self.fields["processings"] = forms.ModelMultipleChoiceField(
            rows, label=_("Processings it tells of"), widget=forms.CheckboxSelectMultiple
        )
        self.fields["departments"] = departments_field(
            entity, _("Audience"), _("None chosen: everybody in the legal entity.")
        )
        self.order_fields(["title", "processings", "departments", "must_acknowledge", "material"])


class TextsForm(forms.Form):
    """The text in each language; the facts of the register are added below it."""

    zh = forms.CharField(
        label=_("Text in Chinese"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea
    )
    ja = forms.CharField(
        label=_("Text in Japanese"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea
    )
    en = forms.CharField(
        label=_("Text in English"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea
    )

    def __init__(self, *args: Any, entity: LegalEntity, **kwargs: Any) -> None:
        """Ask for the language of the entity's country."""
        super().__init__(*args, **kwargs)
        self.fields["ja" if entity.country == "JP" else "zh"].required = True


class PaperForm(forms.Form):
    """That a person signed a notice on paper."""

    on = DayField(label=_("Signed on"))
    language = forms.ChoiceField(label=_("Language"))
    scan = StoredFileField(label=_("Scan of the signed paper"), multiple=False)

    def __init__(self, *args: Any, user: User, version: NoticeVersion, **kwargs: Any) -> None:
        """Offer the persons of the entity and the languages of the version."""
        super().__init__(*args, **kwargs)
        self.fields["person"] = persons_field(version.notice.entity, _("Person"))
        names = {"zh-hans": "中文", "ja": "日本語", "en": "English"}
        self.fields["language"].choices = [
            (text.language, names[text.language]) for text in version.texts.all()
        ]
        self.fields["scan"].for_user(user)
        self.order_fields(["person", "on", "language", "scan"])
