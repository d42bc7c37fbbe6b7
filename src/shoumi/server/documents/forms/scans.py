"""Where a scan looks, with what, and whether it is repeated."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from shoumi.engine.inspection.recognise.entries import PACKS
from shoumi.engine.inspection.verdict import PolicyFaultsError, read_policy
from shoumi.engine.inspection.verdict.loading import MOST_BYTES
from shoumi.server.accounts.models import User
from shoumi.server.documents.models import ScanPlan
from shoumi.server.documents.queries.access import entities_to_scan
from shoumi.server.documents.queries.indexes import indexes_ready
from shoumi.server.documents.queries.words import PACK_WORDS
from shoumi.server.files.forms import StoredFileField

FAULTS_SHOWN: Final = 5
HOW = ("indexes", "packs", "ocr", "policy")


class ScanForm(forms.Form):
    """A folder of a share, or files that are brought now."""

    entity = forms.ChoiceField(label=_("Legal entity"))
    share = forms.ChoiceField(
        label=_("Share"),
        required=False,
        help_text=_("The IT administrator names the shares in the configuration (SHOUMI_SCAN_SHARES)."),
    )
    below = forms.CharField(
        label=_("Folder in it"), max_length=500, required=False, help_text=_("Empty: the whole share.")
    )
    every = forms.ChoiceField(
        label=_("Repeat"),
        required=False,
        help_text=_("Files whose content has not changed are not looked into again."),
    )
    files = StoredFileField(
        label=_("Or files to look into"),
        required=False,
        help_text=_("Archives are looked into. The files are kept encrypted until the scan is deleted."),
    )
    indexes = forms.MultipleChoiceField(
        label=_("Compare with"), required=False, widget=forms.CheckboxSelectMultiple
    )
    packs = forms.MultipleChoiceField(
        label=_("Look for"), required=False, widget=forms.CheckboxSelectMultiple
    )
    ocr = forms.BooleanField(
        label=_("Read pictures and scanned pages too"),
        required=False,
        help_text=_("Slow: some seconds for each page."),
    )
    policy = forms.FileField(
        label=_("Rules of your own"),
        required=False,
        help_text=_(
            "A YAML file that says which findings get which verdict. Without one the usual rules hold."
        ),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entities = {str(entity.pk): entity for entity in entities_to_scan(user)}
        self.fields["entity"].choices = [(key, str(entity)) for key, entity in self.entities.items()]
        shares = [(name, name) for name in settings.SHOUMI_SCAN_SHARES]
        self.fields["share"].choices = [("", _("No share")), *shares]
        self.fields["every"].choices = [("", _("Once")), *ScanPlan.Every.choices]
        self.fields["files"].for_user(user)
        ready = [(str(row.pk), label) for row, label in indexes_ready(user)]
        self.fields["indexes"].choices = ready
        self.fields["indexes"].initial = [key for key, _label in ready]
        self.fields["packs"].choices = [(pack, PACK_WORDS[pack]) for pack in PACKS]
        self.fields["packs"].initial = list(PACKS)

    @property
    def how(self) -> list[forms.BoundField]:
        """What is looked for and by which rules: it has defaults, so it stands folded."""
        return [self[name] for name in HOW]

    @property
    def where(self) -> list[forms.BoundField]:
        """Whose files, and where they are."""
        return [field for field in self if field.name not in HOW]

    @property
    def how_is_wrong(self) -> bool:
        """Whether a fault stands in the folded part."""
        return bool(self.errors.keys() & set(HOW))

    def clean_policy(self) -> str:
        """Return the text of the rules, or nothing.

        Raises:
            ValidationError: they cannot be read, or have faults; each is told with its line.
        """
        upload = self.cleaned_data["policy"]
        if not upload:
            return ""
        raw = upload.read(MOST_BYTES + 1)
        try:
            text = str(raw.decode())
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("The file is not UTF-8.")) from error
        if len(raw) > MOST_BYTES:
            raise forms.ValidationError(_("The file is too long."))
        try:
            read_policy(upload.name or "policy.yaml", text)
        except PolicyFaultsError as error:
            raise forms.ValidationError(list(error.fields["faults"])[:FAULTS_SHOWN]) from error
        return text

    def clean(self) -> dict[str, Any]:
        """Refuse what cannot be meant: two sources, or the repetition of what was brought once."""
        value = super().clean() or {}
        if value.get("share") and value.get("files"):
            self.add_error("files", _("Choose either a share or files."))
        if value.get("every") and not value.get("share"):
            self.add_error("every", _("Only the scan of a share can be repeated."))
        return value
