"""What was decided about a suggestion that a department or place must be a secret zone: accepted or declined.

Follows the seed guide 五(四)1.  Suggestions themselves are worked out from the pack and are not stored.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SuggestionDecision(models.Model):
    """One answer to one suggestion; a later answer is a further row."""

    class Outcome(models.TextChoices):
        """Whether the company follows."""

        ACCEPTED = "accepted", pgettext_lazy("suggestion", "Accepted")
        DECLINED = "declined", pgettext_lazy("suggestion", "Declined")

    entity = models.ForeignKey(
        "people.LegalEntity", models.PROTECT, related_name="+", verbose_name=_("legal entity")
    )
    group = models.CharField(_("ground"), max_length=12)  # id of a must-be group of the pack
    department = models.ForeignKey(
        "people.Department", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("department"),
    )  # fmt: skip
    zone = models.ForeignKey(
        "places.Zone", models.PROTECT, related_name="suggestion_decisions", null=True, blank=True,
        verbose_name=_("zone"),
    )  # fmt: skip
    outcome = models.CharField(_("decision"), max_length=8, choices=Outcome)
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"))

    class Meta:
        verbose_name = _("decision on a suggested zone")
        verbose_name_plural = _("decisions on suggested zones")
        ordering = ["-decided_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="accepted") | ~Q(reason=""), name="places_declined_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(department__isnull=False) | Q(zone__isnull=False), name="places_decision_target"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.department or self.zone}: {self.get_outcome_display()}"
