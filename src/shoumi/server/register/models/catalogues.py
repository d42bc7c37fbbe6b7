"""What a company has in its catalogues instead of what the pack says, entry by entry, with the reason.

Follows the seed guide's purpose: it is for reference.  Rows are replaced, never deleted, so that what held
on a day can be told on any later one; the pack itself is never edited.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CatalogueEntry(models.Model):
    """A company's own word on one entry of one catalogue; it holds once another person has confirmed it."""

    class Catalogue(models.TextChoices):
        """The catalogues of `engine.jurisdiction.company`; a test compares them."""

        CATEGORIES = "categories", pgettext_lazy("catalogue", "Categories")
        FACTORS = "factors", pgettext_lazy("catalogue", "Level factors")
        THRESHOLDS = "thresholds", pgettext_lazy("catalogue", "Totals for a level")
        PERIODS = "periods", pgettext_lazy("catalogue", "Periods on offer")
        SCOPE_KINDS = "scope_kinds", pgettext_lazy("catalogue", "Kinds of knowledge scope")
        EXCLUSION_FIELDS = "exclusion_fields", pgettext_lazy("catalogue", "Fields of the exclusions")
        MARKS = "marks", pgettext_lazy("catalogue", "Words of the marks")
        DUE_DAYS = "due_days", pgettext_lazy("catalogue", "Days to decide")
        ARCHIVE_ACCESS = "archive_access", pgettext_lazy("catalogue", "Who reads the secrets ledgers")

    entity = models.ForeignKey("people.LegalEntity", on_delete=models.PROTECT, related_name="+")
    catalogue = models.CharField(_("catalogue"), max_length=20, choices=Catalogue)
    item = models.CharField(_("entry"), max_length=60)
    value = models.JSONField(_("value"))
    pack_value = models.JSONField(_("value of the pack"))  # empty: the entry is the company's own
    reason = models.TextField(_("reason"))
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(_("set"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True)

    class Meta:
        verbose_name = _("entry of a catalogue")
        verbose_name_plural = _("entries of a catalogue")
        ordering = ["entity", "catalogue", "item", "-set_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "catalogue", "item"],
                condition=models.Q(replaced_at=None, confirmed_at__isnull=False),
                name="register_catalogue_unique",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by=None) | ~models.Q(confirmed_by=models.F("set_by")),
                name="register_catalogue_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.catalogue} {self.item}"
