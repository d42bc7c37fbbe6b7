"""Standing permissions to enter a zone: for a person, a post or a department, from a day until a day.

Follows the knowledge Q&A 十一: nobody enters without permission.  A permission is asked for by one and given
by another; it holds from the first moment of `starts_on` until the first moment of the day after `ends_on`.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.places.models.zones import Zone

USER = settings.AUTH_USER_MODEL


class EntryPermission(models.Model):
    """Who may enter one zone, and how long."""

    class Kind(models.TextChoices):
        """To whom it is given."""

        PERSON = "person", _("Person")
        POST = "post", _("Post")
        DEPARTMENT = "department", _("Department")

    class State(models.TextChoices):
        """Where it stands; see `engine.workflow` ENTRY."""

        REQUESTED = "requested", pgettext_lazy("entry", "Asked for")
        GRANTED = "granted", pgettext_lazy("entry", "Given")
        REJECTED = "rejected", pgettext_lazy("entry", "Rejected")
        REVOKED = "revoked", pgettext_lazy("entry", "Taken back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="entry_permissions", verbose_name=_("zone"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("person")
    )
    post = models.ForeignKey(
        "people.Post", models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("post")
    )
    department = models.ForeignKey(
        "people.Department", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("department"),
    )  # fmt: skip
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=400)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.REQUESTED)
    request_id = models.UUIDField(null=True, blank=True)
    requested_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("asked for by"))
    requested_at = models.DateTimeField(_("asked for"))
    decided_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("decided by")
    )
    revoked_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    revoked_reason = models.CharField(_("reason of taking back"), max_length=400, blank=True)
    noticed_at = models.DateTimeField(null=True, blank=True)  # when it was told that the end is near
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("entry permission")
        verbose_name_plural = _("entry permissions")
        ordering = ["zone", "kind", "-starts_on"]
        indexes = [models.Index(fields=["zone", "state", "ends_on"], name="places_entry_held")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="person", person__isnull=False, post=None, department=None)
                | Q(kind="post", post__isnull=False, person=None, department=None)
                | Q(kind="department", department__isnull=False, person=None, post=None),
                name="places_entry_names_one",
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="places_entry_days"),
        ]

    def __str__(self) -> str:
        return f"{self.zone}: {self.target}"

    @property
    def target(self) -> object:
        """The person, post or department to whom it is given."""
        return self.person or self.post or self.department

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this permission."""
        return f"permission:{self.pk}"
