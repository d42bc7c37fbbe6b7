"""Rows of the console itself: runs of the schedule, calendar feeds, e-mail summaries.

What the rooms show lives in their own apps.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class JobRun(models.Model):
    """One run of a scheduled job: expected work that did happen, or did not."""

    name = models.CharField(_("job"), max_length=60)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    fault = models.CharField(_("fault"), max_length=120, blank=True)  # class of the error, never its text

    class Meta:
        verbose_name = _("job run")
        verbose_name_plural = _("job runs")
        indexes = [models.Index(fields=["name", "-started_at"], name="job_run_latest")]

    def __str__(self) -> str:
        return f"{self.name} {self.started_at:%Y-%m-%d %H:%M}"


class CalendarFeed(models.Model):
    """The address under which a person's calendar program reads what is due; only its hash is kept."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed", verbose_name=_("user")
    )
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("made"))
    last_read_on = models.DateField(_("last read"), null=True, blank=True)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return f"calendar of {self.user_id}"


class Digest(models.Model):
    """How often a person wants the summary of due things by e-mail, and for which day the last was."""

    class Rhythm(models.TextChoices):
        """How often."""

        NEVER = "never", pgettext_lazy("summary", "Never")
        DAILY = "daily", pgettext_lazy("summary", "Every day")
        WEEKLY = "weekly", pgettext_lazy("summary", "Every Monday")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="digest", verbose_name=_("user")
    )
    rhythm = models.CharField(_("how often"), max_length=8, choices=Rhythm, default=Rhythm.NEVER)
    last_on = models.DateField(_("last summary"), null=True, blank=True)  # in the person's time zone

    class Meta:
        verbose_name = _("summary by e-mail")
        verbose_name_plural = _("summaries by e-mail")
        indexes = [
            models.Index(
                fields=["last_on"], condition=~models.Q(rhythm="never"), name="console_digests_wanted"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.rhythm}"
