"""Forms of storage units: what they are, how protected, their accounts, backups, checks and servicing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.server.people.forms.fields import DayField, VersionForm
from shoumi.server.people.models import LEVELS, Department, Person
from shoumi.server.places.models import Zone
from shoumi.server.register.forms.carriers import NOBODY, zones_of
from shoumi.server.register.models import BackupRecord, Servicing, StorageUnit
from shoumi.server.register.queries.choosing import persons_of
from shoumi.server.register.services.storage.units import Protection, UnitValue

MOST_DAYS = 3660


class UnitForm(VersionForm):
    """A storage unit, its place and its keeper."""

    code = forms.CharField(
        label=_("Number"), max_length=40, help_text=_("Such as the inventory number of the device.")
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=StorageUnit.Kind.choices)
    zone = forms.ModelChoiceField(
        Zone.objects.none(), label=_("Secret zone"), required=False, empty_label=_("No zone")
    )
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    keeper = forms.ModelChoiceField(
        Person.objects.none(), label=_("Keeper"), required=False, empty_label=NOBODY
    )

    def __init__(
        self, *args: Any, department: Department, unit: StorageUnit | None = None, **kwargs: Any
    ) -> None:
        """Offer zones and persons of the department's entity; show `unit`, or nothing for a new one."""
        initial: dict[str, Any] = {"expected_version": 1}
        if unit is not None:
            initial = {name: getattr(unit, name) for name in ("code", "name", "kind", "place")}
            initial |= {"zone": unit.zone_id, "keeper": unit.keeper_id, "expected_version": unit.version}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["zone"].queryset = zones_of(department.entity_id)
        self.fields["keeper"].queryset = persons_of(department.entity_id)

    @property
    def unit_value(self) -> UnitValue:
        """What was filled in; the form is valid."""
        return UnitValue(**{k: v for k, v in self.cleaned_data.items() if k != "expected_version"})


class ProtectionForm(VersionForm):
    """How a unit is encrypted and backed up."""

    encryption = forms.CharField(
        label=_("Encrypted with"),
        max_length=120,
        required=False,
        help_text=_("Such as LUKS2, BitLocker, TDE."),
    )
    key_owner = forms.ModelChoiceField(
        Person.objects.none(), label=_("Owner of the key"), required=False, empty_label=NOBODY
    )
    backup_days = forms.IntegerField(
        label=_("Backed up every (days)"), min_value=1, max_value=MOST_DAYS, required=False
    )
    restore_days = forms.IntegerField(
        label=_("Restore tested every (days)"), min_value=1, max_value=MOST_DAYS, required=False
    )

    def __init__(self, *args: Any, unit: StorageUnit, **kwargs: Any) -> None:
        """Show `unit`."""
        names = ("encryption", "backup_days", "restore_days")
        initial = {name: getattr(unit, name) for name in names}
        initial |= {"key_owner": unit.key_owner_id, "expected_version": unit.version}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["key_owner"].queryset = persons_of(unit.department.entity_id)

    @property
    def protection(self) -> Protection:
        """What was filled in; the form is valid."""
        return Protection(**{k: v for k, v in self.cleaned_data.items() if k != "expected_version"})


class AuthorisationForm(forms.Form):
    """Up to which level a unit may hold secrets, and why."""

    permitted = forms.TypedChoiceField(
        label=_("Highest level permitted"),
        choices=LEVELS,
        coerce=int,
        help_text=_("“No secrets” takes the unit off the list of authorised storage."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)


class AccountForm(forms.Form):
    """An account on a unit; never its password."""

    person = forms.ModelChoiceField(Person.objects.none(), label=_("Person"))
    name = forms.CharField(label=_("Account name"), max_length=120)
    rights = forms.CharField(
        label=_("Rights"), max_length=200, help_text=_("Such as read, write, administer.")
    )
    ends_on = DayField(label=_("Until"))
    password_kept = forms.CharField(
        label=_("Where the password is registered"),
        max_length=200,
        required=False,
        help_text=_("The place, such as “sealed envelope 12 in the safe”. Never write the password itself."),
    )

    def __init__(self, *args: Any, unit: StorageUnit, **kwargs: Any) -> None:
        """Offer the persons of the unit's entity."""
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = persons_of(unit.department.entity_id)


class BackupForm(forms.Form):
    """A backup, or a test of restoring one."""

    kind = forms.ChoiceField(label=_("Kind"), choices=BackupRecord.Kind.choices)
    done_on = DayField(label=_("Done on"))
    succeeded = forms.BooleanField(label=_("It succeeded"), required=False, initial=True)
    medium = forms.CharField(label=_("Where to, or where from"), max_length=200)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class AttestationForm(forms.Form):
    """What the person vouches for."""

    no_internet = forms.BooleanField(label=_("It is not connected to the internet"), required=False)
    no_usb = forms.BooleanField(label=_("It takes no USB or other portable storage"), required=False)
    note = forms.CharField(label=_("How it was checked"), max_length=300)


class ServicingForm(forms.Form):
    """What is to be done with a unit, and why."""

    kind = forms.ChoiceField(label=_("What"), choices=Servicing.Kind.choices)
    reason = forms.CharField(label=_("Reason"), max_length=300)
    provider = forms.CharField(label=_("Carried out by"), max_length=200, required=False)


class SecuringForm(forms.Form):
    """How the secrets were taken out, by whom, with which proof."""

    measure = forms.ChoiceField(label=_("Measure"), choices=Servicing.Measure.choices)
    person = forms.ModelChoiceField(Person.objects.none(), label=_("Secured by"))
    proof = forms.CharField(
        label=_("Proof"),
        max_length=300,
        help_text=_("Serial number of the storage removed, or tool and log of the deletion."),
    )

    def __init__(self, *args: Any, unit: StorageUnit, **kwargs: Any) -> None:
        """Offer the persons of the unit's entity."""
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = persons_of(unit.department.entity_id)


class OutcomeForm(forms.Form):
    """How it ended."""

    outcome = forms.CharField(label=_("Outcome"), max_length=300)


class ReviewForm(forms.Form):
    """The days under review, and what came of it."""

    starts_on = DayField(label=_("From"))
    ends_on = DayField(label=_("To"))
    unusual = forms.BooleanField(label=_("Something unusual was found"), required=False)
    result = forms.CharField(
        label=_("Result"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What was looked at, what was found, and what follows."),
    )
