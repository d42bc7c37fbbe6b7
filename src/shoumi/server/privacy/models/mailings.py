"""Notices of a breach that go out by e-mail: one row for each address, and what became of it.

A row is claimed before its mail leaves; one whose answer never came is not sent again, for nobody is told
twice: it stands as unclear until people have looked.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.people.models import Country
from shoumi.server.privacy.models.breaches import Breach, BreachNotice

USER = settings.AUTH_USER_MODEL


class BreachMailing(models.Model):
    """One text that goes to many addresses; it can be stopped and resumed."""

    class State(models.TextChoices):
        """How far it is."""

        RUNNING = "running", pgettext_lazy("mailing", "Going out")
        STOPPED = "stopped", pgettext_lazy("mailing", "Stopped")
        DONE = "done", pgettext_lazy("mailing", "Done")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    breach = models.ForeignKey(Breach, models.PROTECT, related_name="mailings")
    country = models.CharField(_("country"), max_length=2, choices=Country)
    duty = models.CharField(_("duty"), max_length=40)
    language = models.CharField(_("language"), max_length=8)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    sha256 = models.CharField(_("SHA-256 of the text"), max_length=64)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.RUNNING)
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("started by"))
    made_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    notice = models.OneToOneField(
        BreachNotice, models.PROTECT, related_name="mailing", null=True, blank=True,
        verbose_name=_("recorded as"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("mailing of a breach")
        verbose_name_plural = _("mailings of breaches")
        ordering = ("made_at", "id")

    def __str__(self) -> str:
        return f"{self.breach} · {self.subject}"

    def get_absolute_url(self) -> str:
        """Return the address of the mailing's page."""
        return reverse("privacy:breach_mailing", args=[self.pk])


class BreachMail(models.Model):
    """One address, and what became of its mail."""

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", pgettext_lazy("e-mail of a breach", "Waiting")
        SENDING = "sending", pgettext_lazy("e-mail of a breach", "Being sent")
        SENT = "sent", pgettext_lazy("e-mail of a breach", "Taken by the mail server")
        FAILED = "failed", pgettext_lazy("e-mail of a breach", "Refused by the mail server")
        UNCLEAR = "unclear", pgettext_lazy("e-mail of a breach", "Unclear: the server gave no answer")

    mailing = models.ForeignKey(BreachMailing, models.PROTECT, related_name="mails")
    address = models.EmailField(_("e-mail"))
    person = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("person")
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(null=True)  # not to be tried before; while it is sent: claimed until
    message_id = models.CharField(_("message number"), max_length=200, blank=True)
    answer = models.CharField(_("answer of the mail server"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("e-mail of a breach")
        verbose_name_plural = _("e-mails of breaches")
        ordering = ("mailing", "id")
        indexes = (models.Index(fields=("mailing", "state", "due_at"), name="privacy_breach_mail_next"),)
        constraints = (
            models.UniqueConstraint(fields=("mailing", "address"), name="privacy_breach_mail_once"),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="privacy_breach_mail_sent_when"
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)
