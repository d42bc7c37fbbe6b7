"""Who needs which agreement and whether it is there; facts that HR records; runs that take long.

Source of the content: the packs' table of needs, read over each person's facts.  A need is counted anew by a
run over everybody, and for one person after each step with their agreements.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.agreements.models.agreements import Agreement, LibraryVersion
from shoumi.server.people.models import LEVELS

USER = settings.AUTH_USER_MODEL


class PersonFacts(models.Model):
    """What HR records of a person beside the register of persons, so that needs and clauses are known."""

    person = models.OneToOneField(
        "people.Person", models.PROTECT, primary_key=True, related_name="agreement_facts",
        verbose_name=_("person"),
    )  # fmt: skip
    known = models.JSONField(_("facts"), default=dict)
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("facts of a person")
        verbose_name_plural = _("facts of persons")

    def __str__(self) -> str:
        return str(self.person)


class Need(models.Model):
    """That one person needs one kind of agreement before a moment, and how it stands."""

    class Status(models.TextChoices):
        """Whether it is covered."""

        MISSING = "missing", pgettext_lazy("need", "Missing")
        UNCLEAR = "unclear", pgettext_lazy("need", "Facts are not recorded")
        WAITING = "waiting", pgettext_lazy("need", "Waits for signatures")
        REFUSED = "refused", pgettext_lazy("need", "Refused")
        EXPIRING = "expiring", pgettext_lazy("need", "Ends soon")
        COVERED = "covered", pgettext_lazy("need", "Covered")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="agreement_needs", verbose_name=_("person")
    )
    kind = models.CharField(_("kind of agreement"), max_length=40)
    before = models.CharField(_("before"), max_length=40)
    why = models.JSONField(_("why"), default=list)
    unknown = models.JSONField(_("facts not recorded"), default=list)
    status = models.CharField(_("state"), max_length=10, choices=Status)
    level = models.PositiveSmallIntegerField(_("secrecy level of the post"), choices=LEVELS, default=0)
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, related_name="needs", null=True, blank=True, verbose_name=_("agreement")
    )
    checked_at = models.DateTimeField(_("counted"))

    class Meta:
        verbose_name = _("needed agreement")
        verbose_name_plural = _("needed agreements")
        ordering = ("person__reading", "person__name", "kind", "id")
        indexes = (models.Index(fields=("status", "kind", "level"), name="agreements_need_status"),)
        constraints = (
            models.UniqueConstraint(fields=("person", "kind", "before"), name="agreements_need_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind} · {self.person}"


class Run(models.Model):
    """Work over many persons, done in the background: it shows how far it is, stops and goes on."""

    class Purpose(models.TextChoices):
        """What is done."""

        COVERAGE = "coverage", pgettext_lazy("run", "Count who needs what")
        RENEWAL = "renewal", pgettext_lazy("run", "Renew after a change of the library")

    class State(models.TextChoices):
        """Where it stands."""

        RUNNING = "running", pgettext_lazy("run", "Under way")
        STOPPED = "stopped", pgettext_lazy("run", "Stopped")
        DONE = "done", pgettext_lazy("run", "Done")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(_("what is done"), max_length=10, choices=Purpose)
    entity = models.ForeignKey(
        "people.LegalEntity", models.PROTECT, related_name="agreement_runs", verbose_name=_("legal entity")
    )
    kind = models.CharField(_("kind of agreement"), max_length=40, blank=True)
    library = models.ForeignKey(
        LibraryVersion, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("version of the library"),
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RUNNING)
    total = models.PositiveIntegerField(_("persons"), default=0)
    done = models.PositiveIntegerField(_("done"), default=0)
    cursor = models.UUIDField(null=True, blank=True)  # the last person counted
    beat_at = models.DateTimeField(_("last progress"), null=True, blank=True)
    asked_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("begun by"))
    asked_at = models.DateTimeField(_("begun"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ("-asked_at", "id")
        constraints = (
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="agreements_run_done"),
            models.UniqueConstraint(
                fields=("purpose", "entity", "kind"),
                condition=Q(ended_at__isnull=True),
                name="agreements_run_open_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} · {self.entity}"

    def get_absolute_url(self) -> str:
        """Return the address of the run's page."""
        return reverse("agreements:run_detail", args=[self.pk])

    @property
    def percent(self) -> int:
        """How far it is, 100 for nothing to do."""
        return self.done * 100 // self.total if self.total else 100

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this run."""
        return f"agreement-run:{self.pk}"


class Renewal(models.Model):
    """One agreement that a run renews: what became of it; told once and never twice."""

    class Outcome(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", pgettext_lazy("renewal", "Not yet")
        OFFERED = "offered", pgettext_lazy("renewal", "Offered anew")
        WORK = "work", pgettext_lazy("renewal", "Needs work")
        OVER = "over", pgettext_lazy("renewal", "No longer in force")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(Run, models.PROTECT, related_name="renewals", verbose_name=_("run"))
    old = models.ForeignKey(Agreement, models.PROTECT, related_name="+", verbose_name=_("agreement"))
    new = models.OneToOneField(
        Agreement, models.PROTECT, related_name="renewal", null=True, blank=True, verbose_name=_("newer one")
    )
    outcome = models.CharField(
        _("what became of it"), max_length=10, choices=Outcome, default=Outcome.WAITING
    )
    fault = models.CharField(_("code of the fault"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("renewal")
        verbose_name_plural = _("renewals")
        ordering = ("run", "id")
        constraints = (models.UniqueConstraint(fields=("run", "old"), name="agreements_renewal_once"),)

    def __str__(self) -> str:
        return str(self.old)
