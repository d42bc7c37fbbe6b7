"""Forms of breaches: the report in three parts, what is known now, assessments, notices, steps, measures."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.accounts.models import User
from shoumi.server.files.forms import StoredFileField
from shoumi.server.people.forms.fields import MomentField, VersionForm
from shoumi.server.people.models import Country, LegalEntity
from shoumi.server.privacy.forms.fields import CHOOSE, persons_field
from shoumi.server.privacy.models import Breach, BreachAssessment, BreachNotice
from shoumi.server.privacy.models.breaches import LONGEST
from shoumi.server.privacy.queries.breaches import table_for
from shoumi.server.privacy.queries.words import choices, table_of
from shoumi.server.privacy.services.breaches.telling import LONGEST_NOTICE

LANGUAGE_NAMES = (("zh-hans", "中文"), ("ja", "日本語"))


def _long(label: Any, *, required: bool = False, rows: int = 3, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )


class HappenedForm(forms.Form):
    """What happened, as far as it is known."""

    title = forms.CharField(label=_("Title"), max_length=120)
    noticed_at = MomentField(label=_("Noticed"), help_text=_("The clocks of the law run from here."))
    what = _long(_("What happened"), required=True)
    cause = forms.ChoiceField(label=_("Cause"))
    kinds = forms.MultipleChoiceField(label=_("Kinds of data"), widget=forms.CheckboxSelectMultiple)
    persons = forms.IntegerField(
        label=_("Number of persons"), min_value=0, max_value=2_000_000_000, required=False,
        help_text=_("Empty: not known yet; it counts as many."),
    )  # fmt: skip

    def __init__(self, *args: Any, entity: LegalEntity, **kwargs: Any) -> None:
        """Offer the words of the entity's country."""
        super().__init__(*args, **kwargs)
        self.fields["noticed_at"].at(ZoneInfo(entity.time_zone))
        self.fields["cause"].choices = choices(table_for(entity.country).causes, [CHOOSE])
        self.fields["kinds"].choices = choices(table_of(entity).kinds)


class TouchedForm(forms.Form):
    """Whom it touches, what makes it grave, and who answers for it."""

    countries = forms.MultipleChoiceField(
        label=_("Countries of the persons"), choices=Country.choices, widget=forms.CheckboxSelectMultiple
    )
    facts = forms.MultipleChoiceField(
        label=_("What applies"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("It decides who must be told and by when."),
    )  # fmt: skip
    contact = forms.CharField(label=pgettext_lazy("breach", "Contact"), max_length=400, required=False)

    def __init__(self, *args: Any, entity: LegalEntity, **kwargs: Any) -> None:
        """Offer the facts and the persons of the entity."""
        super().__init__(*args, **kwargs)
        self.fields["countries"].initial = [entity.country]
        self.fields["facts"].choices = choices(table_for(entity.country).facts)
        self.fields["legal_owner"] = persons_field(entity, _("Answerable for the law"))
        self.fields["security_owner"] = persons_field(entity, _("Answerable for security"))


class KnownForm(VersionForm):
    """What is known now."""

    title = forms.CharField(label=_("Title"), max_length=120)
    what = _long(_("What happened"), required=True)
    cause = forms.ChoiceField(label=_("Cause"))
    kinds = forms.MultipleChoiceField(label=_("Kinds of data"), widget=forms.CheckboxSelectMultiple)
    persons = forms.IntegerField(
        label=_("Number of persons"), min_value=0, max_value=2_000_000_000, required=False,
        help_text=_("Empty: not known yet; it counts as many."),
    )  # fmt: skip
    countries = forms.MultipleChoiceField(
        label=_("Countries of the persons"), choices=Country.choices, widget=forms.CheckboxSelectMultiple
    )
    facts = forms.MultipleChoiceField(
        label=_("What applies"), required=False, widget=forms.CheckboxSelectMultiple
    )
    contact = forms.CharField(label=pgettext_lazy("breach", "Contact"), max_length=400, required=False)

    def __init__(self, *args: Any, breach: Breach, **kwargs: Any) -> None:
        """Offer the words of the entity's country."""
        super().__init__(*args, **kwargs)
        table = table_for(breach.entity.country)
        self.fields["cause"].choices = choices(table.causes)
        self.fields["kinds"].choices = choices(table_of(breach.entity).kinds)
        self.fields["facts"].choices = choices(table.facts)


class ParticularsForm(VersionForm):
    """What the notices say besides."""

    harm = _long(_("Harm that may follow"))
    response = _long(_("Remedies taken"))
    advice = _long(_("What persons can do"))
    publication = _long(pgettext_lazy("breach", "Publication"))
    prevention = _long(_("Measures against its happening again"))
    other = _long(_("Other matters"))


class BreachAssessmentForm(forms.Form):
    """Whether somebody must be told, and on what that rests."""

    country = forms.ChoiceField(label=_("By the law of"))
    addressee = forms.ChoiceField(label=_("Who is told"), choices=BreachAssessment.Addressee.choices)
    must_tell = forms.ChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Must be told")), ("no", _("Need not be told"))],
        widget=forms.RadioSelect,
    )
    reason = _long(_("Reason"), required=True)
    rests_on = forms.CharField(
        label=_("Record it rests on"), max_length=400,
        help_text=_("The log, report or expert opinion that shows it."),
    )  # fmt: skip
    adviser = forms.CharField(
        label=_("Legal adviser"), max_length=120, required=False,
        help_text=_("Who was asked for advice on the law."),
    )  # fmt: skip
    advice = _long(_("What the adviser said"))

    def __init__(self, *args: Any, breach: Breach, **kwargs: Any) -> None:
        """Offer the countries concerned."""
        super().__init__(*args, **kwargs)
        names = dict(Country.choices)
        self.fields["country"].choices = [(each, names[each]) for each in breach.countries]


class TellForm(forms.Form):
    """The words that went out, to whom, how and when."""

    text = forms.CharField(
        label=_("Text"), max_length=LONGEST_NOTICE, widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_("Drafted from what is recorded; a dash stands where nothing is."),
    )  # fmt: skip
    recipient = forms.CharField(label=_("Recipient"), max_length=200)
    channel = forms.ChoiceField(
        label=pgettext_lazy("breach notice", "Way"), choices=[CHOOSE, *BreachNotice.Channel.choices]
    )
    sent_at = MomentField(label=_("Sent"))
    receipt = StoredFileField(
        label=_("Receipt"), multiple=False, required=False, help_text=_("It may also be added later.")
    )

    def __init__(self, *args: Any, user: User, breach: Breach, **kwargs: Any) -> None:
        """Take moments where the entity sits, and the user's own file."""
        super().__init__(*args, **kwargs)
        self.fields["sent_at"].at(ZoneInfo(breach.entity.time_zone))
        self.fields["receipt"].for_user(user)


class MailingForm(forms.Form):
    """The words that go out by e-mail, and to whom."""

    subject = forms.CharField(label=_("Subject"), max_length=200)
    text = forms.CharField(
        label=_("Text"), max_length=LONGEST_NOTICE, widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_("Drafted from what is recorded; a dash stands where nothing is."),
    )  # fmt: skip
    everybody = forms.BooleanField(
        label=_("To all persons of the legal entity with an e-mail address"), required=False
    )
    addresses = forms.CharField(
        label=_("To these addresses"), max_length=1_000_000, required=False,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
        help_text=_("One address on each line. Each gets its own e-mail and sees no other."),
    )  # fmt: skip


class ReceiptForm(forms.Form):
    """The proof that a notice arrived."""

    receipt = StoredFileField(label=_("Receipt"), multiple=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Take the user's own file."""
        super().__init__(*args, **kwargs)
        self.fields["receipt"].for_user(user)


class StepForm(forms.Form):
    """That a step was done, or why it was not needed."""

    needed = forms.ChoiceField(
        label=_("Result"),
        choices=[("yes", _("Done")), ("no", _("Not needed"))],
        widget=forms.RadioSelect,
        initial="yes",
    )
    note = forms.CharField(label=_("What was done, or why it was not needed"), max_length=400)


class MeasureForm(forms.Form):
    """A measure and when it was taken."""

    text = forms.CharField(label=pgettext_lazy("breach", "Measure"), max_length=400)
    taken_at = MomentField(label=_("Taken"))

    def __init__(self, *args: Any, breach: Breach, **kwargs: Any) -> None:
        """Take moments where the entity sits."""
        super().__init__(*args, **kwargs)
        self.fields["taken_at"].at(ZoneInfo(breach.entity.time_zone))


class CloseForm(forms.Form):
    """What came of it."""

    words = _long(_("Result"), required=True)


class ConfirmForm(forms.Form):
    """What the second person says."""

    agreed = forms.ChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Close it")), ("no", _("Send it back"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), max_length=400, required=False)
