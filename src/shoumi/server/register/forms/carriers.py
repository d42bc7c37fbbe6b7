"""Forms of carriers: keeping, handover, mark, labels, rules.

They offer only what belongs to the legal entity of the secret; services check everything again.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.engine.jurisdiction import Pack
from shoumi.server.accounts.models import User
from shoumi.server.files.forms import StoredFileField
from shoumi.server.people.forms.fields import VersionForm
from shoumi.server.people.models import Person
from shoumi.server.places.models import Zone
from shoumi.server.register.models import Carrier, CarrierRule, Handover, StorageUnit, TradeSecret
from shoumi.server.register.queries.carriers.rules import FILE, value_words, values_of
from shoumi.server.register.queries.choosing import persons_of
from shoumi.server.register.queries.labels import FORMATS
from shoumi.server.register.queries.standards import pack_for
from shoumi.server.register.queries.words import category_words
from shoumi.server.register.services.carriers.adding import Keeping
from shoumi.server.register.services.carriers.handing import Passage

LANGUAGES = {"cn": "zh-hans", "jp": "ja"}
NOBODY = _("Nobody named")


def zones_of(entity_id: object) -> QuerySet[Zone]:
    """Return the secret zones of an entity that are open."""
    return Zone.objects.filter(entity=entity_id, kind=Zone.Kind.SECRET, closed_on=None).order_by("code")


class KeepingForm(VersionForm):
    """What a carrier is, where and by whom it is kept."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Carrier.Kind.choices)
    description = forms.CharField(
        label=_("Description"),
        max_length=300,
        help_text=_("What it is, in a few words; not the secret itself."),
    )
    zone = forms.ModelChoiceField(
        Zone.objects.none(), label=_("Secret zone"), required=False, empty_label=_("No zone")
    )
    place = forms.CharField(
        label=_("Place"), max_length=200, required=False, help_text=_("Such as cabinet B-02.")
    )
    keeper = forms.ModelChoiceField(
        Person.objects.none(), label=_("Keeper"), required=False, empty_label=NOBODY
    )
    manner = forms.ChoiceField(label=_("Manner of keeping"), required=False)
    unit = forms.ModelChoiceField(
        StorageUnit.objects.none(),
        label=_("Storage unit"),
        required=False,
        empty_label=_("On no unit"),
        help_text=_("For media, devices, systems and databases: the authorised unit on which it is stored."),
    )

    def __init__(
        self, *args: Any, secret: TradeSecret, carrier: Carrier | None = None, **kwargs: Any
    ) -> None:
        """Offer what belongs to the entity of `secret`; show `carrier`, or nothing for a new one."""
        initial: dict[str, Any] = {"expected_version": 1}
        if carrier is not None:
            initial = {
                "expected_version": carrier.version,
                "description": carrier.description,
                "zone": carrier.zone_id,
                "place": carrier.place,
                "keeper": carrier.keeper_id,
                "manner": carrier.keeping,
                "unit": carrier.unit_id,
            }
        super().__init__(*args, initial=initial, **kwargs)
        if carrier is not None:
            del self.fields["kind"]
        self.fields["zone"].queryset = zones_of(secret.entity_id)
        self.fields["keeper"].queryset = persons_of(secret.entity_id)
        units = StorageUnit.objects.filter(department__entity=secret.entity_id)
        self.fields["unit"].queryset = units.exclude(status=StorageUnit.Status.SCRAPPED).order_by("code")
        pack = pack_for(secret.pack)
        manners = [(item.id, value_words(pack, "keeping", item.id)) for item in pack.carriers.keeping_manners]
        self.fields["manner"].choices = [("", _("As the rules say")), *manners]

    @property
    def keeping(self) -> Keeping:
        """What was filled in; the form is valid."""
        names = ("description", "zone", "place", "keeper", "manner", "unit")
        return Keeping(**{name: self.cleaned_data[name] for name in names})


class HandoverForm(forms.Form):
    """Which step, to whom, and where it goes."""

    step = forms.ChoiceField(label=_("Step"), choices=Handover.Step.choices, initial=Handover.Step.PASS)
    receiver = forms.ModelChoiceField(
        Person.objects.none(), label=_("Received by"), required=False, empty_label=NOBODY
    )
    zone = forms.ModelChoiceField(
        Zone.objects.none(), label=_("To the zone"), required=False, empty_label=_("Zone stays the same")
    )
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    receiver_name = forms.CharField(
        label=_("Receiver without a sign-in"),
        max_length=120,
        required=False,
        help_text=_("Only if the receiver is not in the list; they sign below."),
    )
    signature = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-signature": ""}))

    def __init__(self, *args: Any, carrier: Carrier, **kwargs: Any) -> None:
        """Offer persons and zones of the carrier's entity."""
        super().__init__(*args, **kwargs)
        self.fields["receiver"].queryset = persons_of(carrier.secret.entity_id)
        self.fields["zone"].queryset = zones_of(carrier.secret.entity_id)

    @property
    def passage(self) -> Passage:
        """What was filled in; the form is valid."""
        return Passage(**self.cleaned_data)


class ReasonForm(forms.Form):
    """A reason, and nothing else."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class MarkForm(forms.Form):
    """In which form a thing was marked, where on it, with a photo."""

    form = forms.ChoiceField(label=_("Form of the mark"))
    spot = forms.CharField(
        label=_("Where on it"), max_length=200, required=False, help_text=_("Such as front, top right.")
    )
    photo = StoredFileField(label=_("Photo"), required=False, multiple=False)

    def __init__(self, *args: Any, pack: Pack, owner: User, **kwargs: Any) -> None:
        """Offer the forms of the pack; photos are the user's own files."""
        super().__init__(*args, **kwargs)
        self.fields["form"].choices = [
            (item.id, value_words(pack, "mark", item.id)) for item in pack.carriers.mark_forms
        ]
        self.fields["photo"].for_user(owner)


class LabelForm(forms.Form):
    """On which sheet, from which place on."""

    sheet = forms.ChoiceField(label=_("Labels"), choices=[(item.id, item.label) for item in FORMATS])
    first = forms.IntegerField(
        label=_("First place"),
        min_value=1,
        max_value=40,
        initial=1,
        help_text=_("Counted from the top left; the places before it stay free."),
    )


class RuleForm(forms.Form):
    """A rule of the company's own on marks or keeping."""

    subject = forms.ChoiceField(label=_("What about"), choices=CarrierRule.Subject.choices)
    kind = forms.ChoiceField(label=_("Kind of carrier"))
    narrowed = forms.ChoiceField(
        label=_("Only for"), required=False, help_text=_("A category for marks, a level for keeping.")
    )
    value = forms.ChoiceField(label=_("What holds"))
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, pack: Pack, **kwargs: Any) -> None:
        """Offer what the pack knows."""
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [*Carrier.Kind.choices, (FILE, pgettext_lazy("carrier", "File"))]
        language = LANGUAGES.get(pack.id, "en")
        levels = [(level.id, level.labels.in_language(language)) for level in pack.levels]
        categories = [(item.id, category_words(pack, item.id)) for item in pack.categories]
        self.fields["narrowed"].choices = [
            ("", _("All")),
            (_("Level"), levels),
            (_("Category"), categories),
        ]
        self.fields["value"].choices = [
            (label, [(item.id, value_words(pack, subject, item.id)) for item in values_of(pack, subject)])
            for subject, label in CarrierRule.Subject.choices
        ]


class KeeperForm(forms.Form):
    """One keeper for several carriers."""

    keeper = forms.ModelChoiceField(Person.objects.none(), label=_("Keeper"), empty_label=NOBODY)

    def __init__(self, *args: Any, entity_id: object, **kwargs: Any) -> None:
        """Offer the persons of the entity."""
        super().__init__(*args, **kwargs)
        self.fields["keeper"].queryset = persons_of(entity_id)
