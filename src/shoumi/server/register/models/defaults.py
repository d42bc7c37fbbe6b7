"""What a company decided instead of the pack's defaults, level by level; the pack itself is never edited."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class LevelDefault(models.Model):
    """A company's own default for one level of one legal entity, with the reason for departing from the pack.

    `value` is what holds once another person has confirmed it, `pack_value` what the pack said when it was
    set.  Rows are replaced, never deleted: `replaced_at` ends one, so that every deviation stays on record.
    """

    class Setting(models.TextChoices):
        """What can be set."""

        PERIOD = "period", _("Default confidentiality period")
        QUORUM = "quorum", _("Number of approving leaders")
        NOTICE_DAYS = "notice_days", _("Days of notice before the period ends")
        SCOPE = "scope", _("Kinds of knowledge scope")

    entity = models.ForeignKey("people.LegalEntity", on_delete=models.PROTECT, related_name="+")
    level = models.CharField(_("level"), max_length=20)
    setting = models.CharField(_("setting"), max_length=20, choices=Setting)
    value = models.CharField(_("value"), max_length=200)
    pack_value = models.CharField(_("value of the pack"), max_length=200)
    reason = models.TextField(_("reason"))
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(_("set"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True)

    class Meta:
        verbose_name = _("company default")
        verbose_name_plural = _("company defaults")
        ordering = ["entity", "level", "setting", "-set_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "level", "setting"],
                condition=models.Q(replaced_at=None, confirmed_at__isnull=False),
                name="register_default_unique",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by=None) | ~models.Q(confirmed_by=models.F("set_by")),
                name="register_default_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.setting}: {self.value}"
