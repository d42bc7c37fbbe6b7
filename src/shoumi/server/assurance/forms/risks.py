"""The risk register's forms: a risk in four parts, its review, and the file of an import."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shoumi.engine.jurisdiction.assurance import load_assurance
from shoumi.server.accounts.models import User
from shoumi.server.assurance.models import Risk
from shoumi.server.assurance.queries.risks import LINKABLE
from shoumi.server.assurance.queries.scoping import RECORDING, departments_overseen, sees_whole
from shoumi.server.files.forms import StoredFileField
from shoumi.server.people.forms.fields import DayField, VersionForm
from shoumi.server.people.models import LegalEntity, Post
from shoumi.server.people.queries import persons_visible
from shoumi.server.places.models import Zone
from shoumi.server.register.queries.secrets import secrets_visible_to

LINES = forms.Textarea(attrs={"rows": 3})


class PartForm(forms.Form):
    """One part of a stepped form about a legal entity, for one user."""

    def __init__(self, *args: Any, user: User, entity: LegalEntity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.entity = user, entity
        self.offer()

    def offer(self) -> None:
        """Fill the choices."""

    @property
    def language(self) -> str:
        """The reader's language."""
        return get_language() or "en"


class RiskWhatForm(PartForm):
    """What the risk is."""

    title = forms.CharField(label=_("Risk"), max_length=200)
    description = forms.CharField(label=_("Description"), widget=LINES, required=False, max_length=4000)
    department = forms.ChoiceField(label=_("Department"), required=False)
    channel = forms.ChoiceField(label=_("Channel"))
    harms = forms.MultipleChoiceField(label=_("Harms"), widget=forms.CheckboxSelectMultiple, required=False)

    def offer(self) -> None:
        """Offer departments in the user's remit, channels and harms of the pack."""
        table = load_assurance(self.entity.pack).risks
        rows = departments_overseen(self.user, self.entity, RECORDING)
        whole = [("", _("The whole legal entity"))] if sees_whole(self.user, self.entity, RECORDING) else []
        self.fields["department"].choices = [*whole, *((str(row.pk), row.name) for row in rows)]
        self.fields["department"].required = not whole
        self.fields["channel"].choices = [
            (item.id, f"{'— ' if item.within else ''}{item.names.in_language(self.language)}")
            for item in table.channels
        ]
        self.fields["harms"].choices = [
            (item.id, item.names.in_language(self.language)) for item in table.harms
        ]


class RiskGradeForm(PartForm):
    """How likely it is and how much it would hurt, each with the reason."""

    likelihood = forms.ChoiceField(label=_("Likelihood"))
    likelihood_reason = forms.CharField(label=_("Reason for the likelihood"), widget=LINES, max_length=2000)
    impact = forms.ChoiceField(label=_("Impact"))
    impact_reason = forms.CharField(label=_("Reason for the impact"), widget=LINES, max_length=2000)

    def offer(self) -> None:
        """Offer the scales of the pack."""
        table = load_assurance(self.entity.pack).risks
        for name, scale in (("likelihood", table.likelihood), ("impact", table.impact)):
            self.fields[name].choices = [
                (item.id, f"{item.id} · {item.names.in_language(self.language)}") for item in scale
            ]


class RiskTreatmentForm(PartForm):
    """What is done about it, by whom and until when."""

    treatment = forms.ChoiceField(label=_("Treatment"), choices=Risk.Treatment.choices)
    measures = forms.CharField(
        label=_("What is done about it"), widget=LINES, required=False, max_length=4000
    )
    owner = forms.ChoiceField(label=_("Risk owner"))
    review_on = DayField(label=_("To be reviewed by"))
    state = forms.ChoiceField(label=_("State"), choices=Risk.State.choices)

    def offer(self) -> None:
        """Offer the persons whom the user may look up."""
        rows = persons_visible(self.user).filter(entity=self.entity).order_by("reading", "name")
        self.fields["owner"].choices = [("", ""), *((str(row.pk), row.name) for row in rows)]


class RiskLinksForm(PartForm):
    """What the risk is about: registered secrets, zones, posts, partners."""

    secrets = forms.MultipleChoiceField(label=_("Trade secrets"), required=False)
    zones = forms.MultipleChoiceField(label=_("Zones"), required=False)
    posts = forms.MultipleChoiceField(label=_("Posts"), required=False)
    partners = forms.CharField(
        label=_("Partners"), widget=LINES, required=False, max_length=4000, help_text=_("One on each line.")
    )

    def offer(self) -> None:
        """Offer what the user may see of the entity."""
        secrets = secrets_visible_to(self.user).filter(entity=self.entity, state__in=LINKABLE)
        zones = Zone.objects.filter(entity=self.entity, closed_on=None)
        posts = Post.objects.filter(department__entity=self.entity).select_related("department")
        self.fields["secrets"].choices = [
            (str(key), f"{number} {name}")
            for key, number, name in secrets.order_by("number").values_list("pk", "number", "name")[:2000]
        ]
        self.fields["zones"].choices = [(str(row.pk), str(row)) for row in zones]
        self.fields["posts"].choices = [
            (str(row.pk), f"{row.department.name} · {row.title}") for row in posts
        ]
        for name in ("secrets", "zones", "posts"):
            self.fields[name].widget.attrs["size"] = 6


class RiskReviewForm(VersionForm):
    """That a risk was looked at again."""

    note = forms.CharField(label=_("What was found"), widget=LINES, max_length=400)
    next_review = DayField(label=_("To be reviewed again by"))


class RiskImportForm(forms.Form):
    """The file of an import."""

    entity = forms.ChoiceField(label=_("Legal entity"))
    file = StoredFileField(
        label=_("Risk register"),
        multiple=False,
        help_text=_("A workbook (xlsx) or CSV, as the export of the list writes it."),
    )

    def __init__(self, *args: Any, user: User, entities: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entity"].choices = entities
        self.fields["file"].for_user(user)
