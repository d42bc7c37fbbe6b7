"""What a company does otherwise than the pack proposes: steps added, left out or moved, each with its reason.

Follows the engine's rule that the pack stays the measure: a change is kept beside it, as a deviation.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.lifecycle.models.cases import KINDS

USER = settings.AUTH_USER_MODEL


class TemplateChange(models.Model):
    """One change, in force from when it was set until it is taken back."""

    class What(models.TextChoices):
        """What is changed."""

        ADDED = "added", pgettext_lazy("change of a template", "Step added")
        LEFT_OUT = "left_out", pgettext_lazy("change of a template", "Step left out")
        MOVED = "moved", pgettext_lazy("change of a template", "Due on another day")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entity = models.ForeignKey(
        "people.LegalEntity", models.PROTECT, related_name="+", verbose_name=_("legal entity")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=KINDS)
    what = models.CharField(_("what"), max_length=8, choices=What)
    key = models.CharField(_("step"), max_length=60)
    title = models.CharField(_("title"), max_length=200, blank=True)  # of an added step
    proof = models.CharField(_("what is recorded"), max_length=400, blank=True)  # likewise
    role = models.CharField(_("owner"), max_length=40, blank=True)  # likewise
    gate = models.CharField(_("stands in the way of"), max_length=12, blank=True)  # likewise
    day = models.CharField(_("counted from"), max_length=20, blank=True)
    days_after = models.SmallIntegerField(_("days after"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=400)
    set_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("set by"))
    set_at = models.DateTimeField(_("set"))
    ended_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True, blank=True)
    ended_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        verbose_name = _("change of a template")
        verbose_name_plural = _("changes of templates")
        ordering = ["kind", "key", "-set_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "kind", "key"], condition=Q(ended_at__isnull=True),
                name="lifecycle_change_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.what}"

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this change."""
        return f"case_template:{self.pk}"
