"""Visits of authorities: what they were told is secret, which papers they saw or took, and their receipt.

Follows the seed guide 五(六)3: before a secret is handed over in an inspection, the authority is told so
expressly, and the receipt is kept.  Names of officials are personal data.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

USER = settings.AUTH_USER_MODEL


class AuthorityVisit(models.Model):
    """One inspection by one authority."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    department = models.ForeignKey(
        "people.Department", models.PROTECT, related_name="authority_visits",
        verbose_name=_("responsible department"),
    )  # fmt: skip
    authority = models.CharField(_("authority"), max_length=200)
    subject = models.CharField(_("what is inspected"), max_length=200)
    order = models.CharField(_("number of their paper"), max_length=80, blank=True)
    officials = models.CharField(_("officials"), max_length=300)  # names, one after another
    day = models.DateField(_("day"))
    accompanied = models.ManyToManyField("people.Person", related_name="+", verbose_name=_("accompanied by"))
    opened_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    opened_at = models.DateTimeField(_("recorded"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("visit of an authority")
        verbose_name_plural = _("visits of authorities")
        ordering = ["-day", "id"]

    def __str__(self) -> str:
        return f"{self.authority} {self.day}"

    def get_absolute_url(self) -> str:
        """Return the address of the visit's page."""
        return reverse("partners:authority_detail", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this visit."""
        return f"authority_visit:{self.pk}"


class AuthorityNotice(models.Model):
    """What the authority was told is secret, in the very bytes it was given, and how it was received."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(AuthorityVisit, models.PROTECT, related_name="notices")
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+", verbose_name=_("notice"))
    given_at = models.DateTimeField(_("given"))
    given_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("given by"))
    receipt = models.ForeignKey(
        "files.StoredFile", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("signed receipt"),
    )  # fmt: skip
    refusal = models.CharField(_("why the receipt was refused"), max_length=300, blank=True)
    witnesses = models.ManyToManyField("people.Person", related_name="+", verbose_name=_("witnesses"))
    settled_at = models.DateTimeField(_("receipt kept or refused"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice to an authority")
        verbose_name_plural = _("notices to authorities")
        ordering = ["given_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | Q(receipt__isnull=False) | ~Q(refusal=""),
                name="partners_notice_settled_by_paper",
            )
        ]

    def __str__(self) -> str:
        return str(self.file)


class AuthorityPaper(models.Model):
    """A paper that the authority sees, copies or takes."""

    class Way(models.TextChoices):
        """What they do with it."""

        SHOWN = "shown", pgettext_lazy("paper for an authority", "Shown only")
        COPIED = "copied", pgettext_lazy("paper for an authority", "Copied")
        TAKEN = "taken", pgettext_lazy("paper for an authority", "Taken along")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(AuthorityVisit, models.PROTECT, related_name="papers")
    title = models.CharField(_("title"), max_length=200)
    secret = models.ForeignKey(
        "register.TradeSecret", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("trade secret in it"),
    )  # fmt: skip
    way = models.CharField(_("what they do with it"), max_length=8, choices=Way)
    copies = models.PositiveSmallIntegerField(_("copies"), default=1)
    notice = models.ForeignKey(
        AuthorityNotice, models.PROTECT, related_name="papers", null=True, blank=True,
        verbose_name=_("named in the notice"),
    )  # fmt: skip
    handed_at = models.DateTimeField(_("handed over"), null=True, blank=True)
    returned_at = models.DateTimeField(_("back"), null=True, blank=True)

    class Meta:
        verbose_name = _("paper for an authority")
        verbose_name_plural = _("papers for authorities")
        ordering = ["visit", "title", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(secret__isnull=True) | Q(handed_at__isnull=True) | Q(notice__isnull=False),
                name="partners_secret_paper_after_notice",
            )
        ]

    def __str__(self) -> str:
        return self.title
