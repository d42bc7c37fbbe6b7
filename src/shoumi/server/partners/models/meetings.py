"""Meetings and activities on secrets: who takes part, what they were told, which papers they were given.

Follows the seed guide 五(六)1 (activities) and 4 (six measures).  Names of outsiders are personal data: they
are shown in full to whoever leads the meeting only.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.people.models.organisation import LEVEL_IDS, LEVELS

USER = settings.AUTH_USER_MODEL


class Meeting(models.Model):
    """One meeting or activity in which secrets are spoken of."""

    class State(models.TextChoices):
        """Where it stands; see `engine.workflow` MEETING."""

        PLANNED = "planned", pgettext_lazy("meeting", "Planned")
        OPEN = "open", pgettext_lazy("meeting", "Taking place")
        CLOSED = "closed", pgettext_lazy("meeting", "Over, papers counted")
        CANCELLED = "cancelled", pgettext_lazy("meeting", "Called off")

    class Kind(models.TextChoices):
        """The activities that the guide names, an internal meeting and a tour."""

        INTERNAL = "internal", _("Internal meeting")
        NEGOTIATION = "negotiation", _("Business negotiation")
        REVIEW = "technical_review", _("Technical review")
        APPRAISAL = "appraisal", _("Appraisal of results")
        DEVELOPMENT = "joint_development", _("Joint development")
        TRANSFER = "technology_transfer", _("Transfer of technology")
        AUDIT = "audit", _("Outside audit")
        ASSETS = "asset_check", _("Verification of assets")
        TOUR = "tour", _("Visit or tour")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    department = models.ForeignKey(
        "people.Department", models.PROTECT, related_name="meetings", verbose_name=_("responsible department")
    )
    title = models.CharField(_("subject"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    level = models.PositiveSmallIntegerField(_("highest level spoken of"), choices=LEVELS[1:])
    host = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        related_name="led_meetings",
        verbose_name=pgettext_lazy("meeting", "led by"),
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    zone = models.ForeignKey(
        "places.Zone", models.PROTECT, related_name="meetings", null=True, blank=True, verbose_name=_("zone")
    )
    place = models.CharField(_("place outside"), max_length=200, blank=True)
    place_reason = models.CharField(_("why the place keeps the secret"), max_length=400, blank=True)
    area = models.CharField(_("where participants may move"), max_length=300, blank=True)
    devices = models.JSONField(_("devices that stay outside"), default=list, blank=True)  # ids of the pack
    device_rule = models.CharField(_("what holds for other devices"), max_length=300, blank=True)
    devices_checked_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("devices checked by")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    planned_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("planned by"))
    planned_at = models.DateTimeField(_("planned"))
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("meeting on secrets")
        verbose_name_plural = _("meetings on secrets")
        ordering = ["-starts_at", "id"]
        indexes = [models.Index(fields=["department", "-starts_at"], name="partners_meeting_when")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="partners_meeting_times")
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the meeting's page."""
        return reverse("partners:meeting_detail", args=[self.pk])

    @property
    def level_id(self) -> str:
        """The level as badges name it."""
        return LEVEL_IDS[self.level]

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this meeting."""
        return f"meeting:{self.pk}"


class Participant(models.Model):
    """Somebody named for a meeting: a person of the company, or an outsider by name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="participants")
    person = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        related_name="meetings",
        null=True,
        blank=True,
        verbose_name=_("person"),
    )
    name = models.CharField(_("name of an outsider"), max_length=80, blank=True)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    third_party = models.ForeignKey(
        "register.ThirdParty", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("third party"),
    )  # fmt: skip
    hears_secrets = models.BooleanField(_("takes part in what is secret"), default=True)
    informed_at = models.DateTimeField(_("told the requirements"), null=True, blank=True)
    informed_sha256 = models.CharField(max_length=64, blank=True)  # of the text that was read
    informed_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("told by")
    )  # None: they read it themselves, signed in
    pledge = models.ForeignKey(
        "files.StoredFile", models.PROTECT, related_name="meeting_pledges", null=True, blank=True,
        verbose_name=_("signed pledge"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["meeting", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, name="") | (Q(person__isnull=True) & ~Q(name="")),
                name="partners_participant_is_one",
            ),
            models.UniqueConstraint(fields=["meeting", "person"], name="partners_participant_once"),
        ]

    def __str__(self) -> str:
        return str(self.person) if self.person else self.name

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this participant."""
        return self.person.ledger_subject if self.person else f"participant:{self.pk}"


class Paper(models.Model):
    """A paper that is handed out in a meeting in numbered copies and counted back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="papers")
    title = models.CharField(_("title"), max_length=200)
    secret = models.ForeignKey(
        "register.TradeSecret", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("trade secret in it"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("paper of a meeting")
        verbose_name_plural = _("papers of meetings")
        ordering = ["meeting", "title", "pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "title"], name="partners_paper_once")]

    def __str__(self) -> str:
        return self.title


class Handout(models.Model):
    """One numbered copy in somebody's hands: back, or what became of it."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="handouts")
    number = models.PositiveSmallIntegerField(_("number of the copy"))
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="handouts")
    handed_at = models.DateTimeField(_("handed out"))
    handed_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("handed out by"))
    returned_at = models.DateTimeField(_("counted back"), null=True, blank=True)
    returned_to = models.ForeignKey(
        USER, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("counted by")
    )
    missing = models.CharField(_("what became of it"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("copy handed out")
        verbose_name_plural = _("copies handed out")
        ordering = ["paper", "number"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="partners_handout_number"),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True) | Q(missing=""), name="partners_handout_back_or_missing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper} {self.number}"

    @property
    def is_settled(self) -> bool:
        """Whether it is back, or it is said what became of it."""
        return self.returned_at is not None or bool(self.missing)
