"""A case of a person, its parties, the plans that were made of it, and one row for each of its steps.

Follows the guide's stages of a person's life: join, serve, leave, cool down.  What a step asks for stands in
the plan, which is kept as it was made; the row of a step says only where it stands, for lists and reminders.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

USER = settings.AUTH_USER_MODEL
KINDS = (
    ("joining", pgettext_lazy("case of a person", "Joining")),
    ("transfer", pgettext_lazy("case of a person", "Transfer")),
    ("leaving", pgettext_lazy("case of a person", "Leaving")),
    ("cool-down", pgettext_lazy("case of a person", "Cool-down")),
    ("return", pgettext_lazy("case of a person", "Return from leave")),
)


class PersonCase(models.Model):
    """One case: a person who joins, moves, leaves, cools down or returns."""

    class State(models.TextChoices):
        """Whether it goes on."""

        OPEN = "open", pgettext_lazy("case of a person", "Under way")
        CLOSED = "closed", pgettext_lazy("case of a person", "Closed")
        CANCELLED = "cancelled", pgettext_lazy("case of a person", "Called off")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=KINDS)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="cases", verbose_name=_("person")
    )
    entity = models.ForeignKey(
        "people.LegalEntity", models.PROTECT, related_name="+", verbose_name=_("legal entity")
    )
    department = models.ForeignKey(
        "people.Department", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("department"),
    )  # fmt: skip
    follows = models.ForeignKey(
        "self", models.PROTECT, related_name="followed_by", null=True, blank=True,
        verbose_name=_("follows the case"),
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    facts = models.JSONField(default=dict)  # fact of the pack → value
    days = models.JSONField(default=dict)  # named day → ISO day, or moment with its zone
    main_day = models.DateField(_("day"), null=True, blank=True)  # first day, last day, … for lists
    next_due_at = models.DateTimeField(_("next due"), null=True, blank=True)  # of what is not satisfied
    opened_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("opened by"))
    opened_at = models.DateTimeField(_("opened"))
    closed_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=400, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("case of a person")
        verbose_name_plural = _("cases of people")
        ordering = ["-opened_at", "id"]
        indexes = [
            models.Index(fields=["state", "next_due_at"], name="lifecycle_case_due"),
            models.Index(fields=["department", "state"], name="lifecycle_case_place"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(state="open"), name="lifecycle_case_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True)
                | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="lifecycle_case_closed_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.person}"

    def get_absolute_url(self) -> str:
        """Return the address of the case's page."""
        return reverse("lifecycle:case_detail", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this case."""
        return f"person_case:{self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.state == self.State.OPEN


class CaseParty(models.Model):
    """Who is who in a case: the receiver, the officer, the superior, who signs for the company."""

    case = models.ForeignKey(PersonCase, models.CASCADE, related_name="parties")
    party = models.CharField(_("party"), max_length=20)  # of the pack
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name=_("person"))
    named_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    named_at = models.DateTimeField(_("named"))

    class Meta:
        verbose_name = _("party of a case")
        verbose_name_plural = _("parties of cases")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "party"], name="lifecycle_party_once"),
        ]

    def __str__(self) -> str:
        return f"{self.party}: {self.person}"


class PlanVersion(models.Model):
    """A plan as it was made, with what it came from; the newest one holds."""

    case = models.ForeignKey(PersonCase, models.CASCADE, related_name="plans")
    number = models.PositiveIntegerField(_("version"))
    pack = models.CharField(_("pack"), max_length=8)
    pack_edition = models.DateField(_("edition of the pack"))
    source_sha256 = models.CharField(_("hash of the steps it came from"), max_length=64)
    plan = models.JSONField(default=dict)
    plan_sha256 = models.CharField(_("hash of the plan"), max_length=64)
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("plan of a case")
        verbose_name_plural = _("plans of cases")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="lifecycle_plan_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.number}"


class CaseStep(models.Model):
    """Where one step of a case stands, whose it is, and who was told what about it."""

    class State(models.TextChoices):
        """As the engine has it, and dropped for what a newer plan no longer asks for."""

        OPEN = "open", pgettext_lazy("step of a case", "To do")
        WAITING = "waiting", pgettext_lazy("step of a case", "Waits for another step")
        DONE = "done", pgettext_lazy("step of a case", "Done")
        REFUSED = "refused", pgettext_lazy("step of a case", "Done: signature refused before witnesses")
        DROPPED = "dropped", pgettext_lazy("step of a case", "No longer asked for")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(PersonCase, models.CASCADE, related_name="steps")
    key = models.CharField(_("step"), max_length=60)  # in the plan
    position = models.PositiveIntegerField(default=0)
    title_zh = models.CharField(max_length=200)
    title_ja = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    role = models.CharField(_("owner"), max_length=40)  # of the policy
    evidence = models.CharField(_("evidence"), max_length=12)
    personal = models.BooleanField(default=False)  # the person signs it or owns it
    signers = models.CharField(max_length=120, blank=True)  # parties, as |person|receiver|
    receives = models.BooleanField(default=False)  # the named receiver confirms it
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    satisfied_at = models.DateTimeField(_("done"), null=True, blank=True)
    given_to = models.ForeignKey(
        USER, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("given to")
    )
    given_until = models.DateField(_("given until"), null=True, blank=True)  # the last day
    given_reason = models.CharField(_("reason"), max_length=400, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)  # that it is to be done
    late_told_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("step of a case")
        verbose_name_plural = _("steps of cases")
        ordering = ["position", "id"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="lifecycle_step_due"),
            models.Index(fields=["role", "state"], name="lifecycle_step_role"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], name="lifecycle_step_once"),
            models.CheckConstraint(
                condition=Q(state__in=("done", "refused"), satisfied_at__isnull=False)
                | (~Q(state__in=("done", "refused")) & Q(satisfied_at__isnull=True)),
                name="lifecycle_step_satisfied_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case.number} {self.key}"

    def get_absolute_url(self) -> str:
        """Return the address of the step's page."""
        return reverse("lifecycle:step_detail", args=[self.pk])

    @property
    def title(self) -> str:
        """What it is called in the reader's language."""
        head = (get_language() or "en").split("-")[0]
        return {"zh": self.title_zh, "ja": self.title_ja}.get(head, self.title_en)
