"""What a person was told: one row per person and event, read or not, with the state of its e-mail.

The words are kept as English source text with named placeholders and translated when they are shown, so that
one row reads right in every language.  A row never holds a secret's content.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Notification(models.Model):
    """One thing one person was told."""

    class Mail(models.TextChoices):
        """How far the e-mail beside it has come."""

        NONE = "none", pgettext_lazy("e-mail", "Not sent by e-mail")
        WAITING = "waiting", pgettext_lazy("e-mail", "Waiting")
        SENT = "sent", pgettext_lazy("e-mail", "Sent")
        FAILED = "failed", pgettext_lazy("e-mail", "Could not be sent")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    message = models.CharField(max_length=300)  # English source text with %(name)s placeholders
    parameters = models.JSONField(default=dict)  # flat: texts, numbers, days in ISO form
    link = models.CharField(max_length=300)  # a path of this console, without a query
    created_at = models.DateTimeField(_("received"))
    read_at = models.DateTimeField(_("read"), null=True)
    mail_text = models.CharField(max_length=200, blank=True)  # English source text without any placeholder
    mail_lines = models.JSONField(default=list)  # [source text, how many, first day]; no names
    mail_state = models.CharField(_("e-mail"), max_length=8, choices=Mail, default=Mail.NONE)
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    mail_due_at = models.DateTimeField(null=True)  # not to be tried before
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="notifications_of_user"),
            models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="notifications_unread"),
            models.Index(
                fields=["mail_due_at"], condition=Q(mail_state="waiting"), name="notifications_to_mail"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message} → {self.user_id}"
