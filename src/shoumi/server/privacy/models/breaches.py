"""Breaches of personal data: what happened, whom the law lets be told, what was told, done and closed.

The words are those of the packs' `breach.yaml`.  A notice, once recorded, is never changed; an assessment is
followed by a newer one, and counts only once both who answer for the breach agree.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.people.models import Country
from shoumi.server.privacy.models.owners import JointlyAgreed

USER = settings.AUTH_USER_MODEL
LONGEST = 4000


class Breach(models.Model):
    """One breach, from its being noticed to its closing by a second person."""

    class State(models.TextChoices):
        """How far it is."""

        OPEN = "open", pgettext_lazy("breach", "Being worked on")
        CLOSING = "closing", pgettext_lazy("breach", "Waiting for a second person to close it")
        CLOSED = "closed", pgettext_lazy("breach", "Closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entity = models.ForeignKey(
        "people.LegalEntity", models.PROTECT, related_name="+", verbose_name=_("legal entity")
    )
    title = models.CharField(_("title"), max_length=120)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    noticed_at = models.DateTimeField(_("noticed"))
    what = models.TextField(_("what happened"), max_length=LONGEST)
    cause = models.CharField(_("cause"), max_length=40)
    kinds = models.JSONField(_("kinds of data"))
    persons = models.PositiveIntegerField(
        _("number of persons"), null=True, blank=True, help_text=_("Empty: not known yet; it counts as many.")
    )
    facts = models.JSONField(_("what applies"), default=list)
    countries = models.JSONField(_("countries of the persons"))
    harm = models.TextField(_("harm that may follow"), max_length=LONGEST, blank=True)
    response = models.TextField(_("remedies taken"), max_length=LONGEST, blank=True)
    advice = models.TextField(_("what persons can do"), max_length=LONGEST, blank=True)
    publication = models.TextField(_("publication"), max_length=LONGEST, blank=True)
    prevention = models.TextField(_("measures against its happening again"), max_length=LONGEST, blank=True)
    other = models.TextField(_("other matters"), max_length=LONGEST, blank=True)
    contact = models.TextField(_("contact"), max_length=400, blank=True)
    legal_owner = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="+", verbose_name=_("answerable for the law")
    )
    security_owner = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="+", verbose_name=_("answerable for security")
    )
    reported_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("reported by"))
    reported_at = models.DateTimeField(_("reported"))
    alarms = models.JSONField(_("reminders sent"), default=list)
    closing_words = models.TextField(_("result"), max_length=LONGEST, blank=True)
    proposed_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("proposed by")
    )
    closed_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("closed by")
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("personal-data breach")
        verbose_name_plural = _("personal-data breaches")
        ordering = ("-noticed_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=~Q(legal_owner=F("security_owner")), name="privacy_breach_has_two_owners"
            ),
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True) | ~Q(closed_by=F("proposed_by")),
                name="privacy_breach_closed_by_a_second",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_by__isnull=False, closed_at__isnull=False),
                name="privacy_breach_closed_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the breach's page."""
        return reverse("privacy:breach_detail", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this breach."""
        return f"breach:{self.pk}"


class BreachAssessment(JointlyAgreed):
    """Whether somebody must be told by the law of one country, and on what that rests."""

    class Addressee(models.TextChoices):
        """Who is told."""

        AUTHORITY = "authority", pgettext_lazy("breach", "The authority")
        PERSONS = "persons", pgettext_lazy("breach", "The persons")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    breach = models.ForeignKey(Breach, models.PROTECT, related_name="assessments")
    country = models.CharField(_("country"), max_length=2, choices=Country)
    addressee = models.CharField(_("who is told"), max_length=9, choices=Addressee)
    must_tell = models.BooleanField(_("must be told"))
    reason = models.TextField(_("reason"), max_length=LONGEST)
    rests_on = models.CharField(_("record it rests on"), max_length=400)
    snapshot = models.JSONField(_("facts and rules at that time"))
    adviser = models.CharField(_("legal adviser"), max_length=120, blank=True)
    advice = models.TextField(_("what the adviser said"), max_length=LONGEST, blank=True)
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("assessment of a breach")
        verbose_name_plural = _("assessments of breaches")
        ordering = ("-made_at", "id")

    def __str__(self) -> str:
        return f"{self.breach} · {self.country} · {self.get_addressee_display()}"


class BreachNotice(models.Model):
    """What was told to whom, word for word, when and how, with the proof that it arrived."""

    class Channel(models.TextChoices):
        """How it was told."""

        PORTAL = "portal", pgettext_lazy("way of a breach notice", "The authority’s portal")
        LETTER = "letter", pgettext_lazy("way of a breach notice", "Letter")
        MAIL = "mail", pgettext_lazy("way of a breach notice", "E-mail")
        MESSAGE = "message", pgettext_lazy("way of a breach notice", "Text or app message")
        VISIT = "visit", pgettext_lazy("way of a breach notice", "In person")
        PHONE = "phone", pgettext_lazy("way of a breach notice", "By telephone")
        PUBLIC = "public", pgettext_lazy("way of a breach notice", "Public announcement")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    breach = models.ForeignKey(Breach, models.PROTECT, related_name="notices")
    country = models.CharField(_("country"), max_length=2, choices=Country)
    duty = models.CharField(_("duty"), max_length=40)
    language = models.CharField(_("language"), max_length=8)
    text = models.TextField(_("text"))
    sha256 = models.CharField(_("SHA-256 of the text"), max_length=64)
    channel = models.CharField(_("way"), max_length=8, choices=Channel)
    recipient = models.CharField(_("recipient"), max_length=200)
    sent_at = models.DateTimeField(_("sent"))
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded"))
    receipt = models.ForeignKey(
        "files.StoredFile", models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("receipt")
    )

    class Meta:
        verbose_name = _("notice of a breach")
        verbose_name_plural = _("notices of breaches")
        ordering = ("sent_at", "id")

    def __str__(self) -> str:
        return f"{self.breach} · {self.recipient}"


class BreachStep(models.Model):
    """That a step of the playbook was done, or why it was not needed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    breach = models.ForeignKey(Breach, models.PROTECT, related_name="steps")
    step = models.CharField(_("step"), max_length=40)
    needed = models.BooleanField(_("was needed"))
    note = models.CharField(_("what was done, or why it was not needed"), max_length=400)
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("step after a breach")
        verbose_name_plural = _("steps after breaches")
        ordering = ("recorded_at", "id")
        constraints = (models.UniqueConstraint(fields=("breach", "step"), name="privacy_breach_step_once"),)

    def __str__(self) -> str:
        return f"{self.breach} · {self.step}"


class BreachMeasure(models.Model):
    """A measure that was taken."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    breach = models.ForeignKey(Breach, models.PROTECT, related_name="measures")
    text = models.CharField(_("measure"), max_length=400)
    taken_at = models.DateTimeField(_("taken"))
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("recorded by"))

    class Meta:
        verbose_name = _("measure after a breach")
        verbose_name_plural = _("measures after breaches")
        ordering = ("taken_at", "id")

    def __str__(self) -> str:
        return self.text
