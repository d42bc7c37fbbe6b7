"""Forms of a basis for sending data abroad: what it is, and the records that it rests on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoumi.server.accounts.models import User
from shoumi.server.files.forms import StoredFileField
from shoumi.server.people.forms.fields import DayField
from shoumi.server.people.models import Country, LegalEntity
from shoumi.server.privacy.queries.words import choices, table_of


class BasisForm(forms.Form):
    """For which country, on which ground, until when."""

    to_country = forms.ChoiceField(label=_("Country"))
    way = forms.ChoiceField(label=_("Legal basis"))
    reference = forms.CharField(label=_("Reference"), max_length=200)
    last_day = DayField(label=_("Last day"))

    def __init__(self, *args: Any, entity: LegalEntity, user: User, **kwargs: Any) -> None:
        """Offer the other countries and the ways of the entity's pack."""
        super().__init__(*args, **kwargs)
        del user
        self.fields["to_country"].choices = [row for row in Country.choices if row[0] != entity.country]
        self.fields["way"].choices = choices(table_of(entity).ways)


class ProofsForm(forms.Form):
    """The records: which of them are needed depends on the legal basis."""

    assessment = forms.CharField(label=_("Record of the assessment"), max_length=200, required=False)
    assessed_on = DayField(label=_("Assessed on"), required=False)
    filing = forms.CharField(label=_("Number of the filing"), max_length=200, required=False)
    filed_on = DayField(label=_("Filed on"), required=False)
    approval = forms.CharField(
        label=_("Number of the approval or certificate"), max_length=200, required=False
    )
    approved_on = DayField(label=_("Approved on"), required=False)
    document = StoredFileField(label=_("Document"), multiple=False, required=False)

    def __init__(self, *args: Any, entity: LegalEntity, user: User, **kwargs: Any) -> None:
        """Take the user's own file."""
        super().__init__(*args, **kwargs)
        del entity
        self.fields["document"].for_user(user)
