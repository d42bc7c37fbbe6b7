"""Secret departments, posts and persons: proposed by risk, decided by a person, approved, reviewed, ended.

Follows the seed guide 四(一)6.  The level of a post itself lives in `people`; a designation says why.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.people.models import LEVELS


class Duty(models.Model):
    """The designation of one department, post or person as dealing with secrets."""

    class Kind(models.TextChoices):
        """What is designated."""

        DEPARTMENT = "department", pgettext_lazy("designation", "Department")
        POST = "post", pgettext_lazy("designation", "Post")
        PERSON = "person", pgettext_lazy("designation", "Person")

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", pgettext_lazy("designation", "Awaiting approval")
        IN_FORCE = "in_force", pgettext_lazy("designation", "In force")
        REFUSED = "refused", pgettext_lazy("designation", "Refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("designation", "Withdrawn")
        REPLACED = "replaced", pgettext_lazy("designation", "Replaced")
        ENDED = "ended", pgettext_lazy("designation", "Ended")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entity = models.ForeignKey("people.LegalEntity", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    department = models.ForeignKey(
        "people.Department", on_delete=models.PROTECT, related_name="duties", verbose_name=_("department")
    )  # the one designated, or that of the post or person
    post = models.ForeignKey(
        "people.Post", on_delete=models.PROTECT, related_name="duties", null=True, blank=True
    )
    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="duties", null=True, blank=True
    )
    grades = models.JSONField(_("risk"), default=dict)  # {factor: {grade, reason}}
    total = models.FloatField(_("risk in percent"))
    highest_secret = models.PositiveSmallIntegerField(_("highest secret they may know"), choices=LEVELS)
    proposed_level = models.PositiveSmallIntegerField(_("proposed level"), choices=LEVELS)
    level = models.PositiveSmallIntegerField(_("level"), choices=LEVELS)
    reason = models.TextField(_("reason"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.WAITING)
    request_id = models.UUIDField(_("approval request"), null=True, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    review_on = models.DateField(_("to be reviewed on"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    outcome_reason = models.TextField(_("reason of the outcome"), blank=True)

    class Meta:
        verbose_name = _("designation")
        verbose_name_plural = _("designations")
        ordering = ["-proposed_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="department", post=None, person=None)
                | Q(kind="post", post__isnull=False, person=None)
                | Q(kind="person", person__isnull=False, post=None),
                name="register_duty_names_one",
            ),
            *(
                models.UniqueConstraint(
                    fields=[kind], condition=Q(kind=kind, state=state), name=f"register_duty_{kind}_{state}"
                )
                for kind in ("department", "post", "person")
                for state in ("waiting", "in_force")
            ),
        ]

    def __str__(self) -> str:
        return str(self.target)

    @property
    def target(self) -> models.Model:
        """The department, post or person itself."""
        return self.person or self.post or self.department

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this designation."""
        return f"duty:{self.pk}"
