"""Signatures, orders to an outside service, and refusals with their witnesses.

Follows the guide (a pledge before leaving; a refusal is recorded) and the packs' refused-signature record.
A signature names the hashes of exactly what was signed, who signed, when, and who wrote it down.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.agreements.models.agreements import Agreement

USER = settings.AUTH_USER_MODEL


class Signature(models.Model):
    """One side's signature under an agreement."""

    class Side(models.TextChoices):
        """For whom it was signed."""

        PARTY = "party", pgettext_lazy("signature", "Other party")
        COMPANY = "company", pgettext_lazy("signature", "Company")

    class Method(models.TextChoices):
        """How it was signed."""

        DRAWN = "drawn", pgettext_lazy("signature", "Drawn on a screen")
        SCAN = "scan", pgettext_lazy("signature", "On paper, scanned")
        SERVICE = "service", pgettext_lazy("signature", "Through a signing service")
        CONFIRMED = "confirmed", pgettext_lazy("signature", "Confirmed with the password")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, related_name="signatures", verbose_name=_("agreement")
    )
    side = models.CharField(_("side"), max_length=8, choices=Side)
    method = models.CharField(_("way of signing"), max_length=10, choices=Method)
    signer = models.ForeignKey(
        USER, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("sign-in of the signer")
    )
    signer_name = models.CharField(_("signer"), max_length=200)
    signed_at = models.DateTimeField(_("signed"))
    recorded_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", null=True, verbose_name=_("recorded by")
    )
    form_sha256 = models.CharField(_("SHA-256 of the text"), max_length=64)
    form_sm3 = models.CharField(_("SM3 of the text"), max_length=64)
    pdf_sha256 = models.CharField(_("SHA-256 of the PDF"), max_length=64)
    pdf_sm3 = models.CharField(_("SM3 of the PDF"), max_length=64)
    picture = models.ForeignKey(
        "files.StoredFile", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("picture, scan or signed file"),
    )  # fmt: skip
    strokes = models.ForeignKey(
        "files.StoredFile", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("strokes of the pen"),
    )  # fmt: skip
    reference = models.CharField(_("number at the service"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ("signed_at", "id")
        constraints = (
            models.UniqueConstraint(fields=("agreement", "side"), name="agreements_signature_once"),
            models.CheckConstraint(
                condition=~Q(method="drawn") | Q(picture__isnull=False, strokes__isnull=False),
                name="agreements_drawn_has_strokes",
            ),
            models.CheckConstraint(
                condition=Q(method__in=("drawn", "confirmed")) | Q(picture__isnull=False),
                name="agreements_signature_has_file",
            ),
        )

    def __str__(self) -> str:
        return f"{self.side} · {self.signer_name}"


class ServiceOrder(models.Model):
    """An agreement given to an outside signing service, until it answers."""

    class State(models.TextChoices):
        """What became of it."""

        SENT = "sent", pgettext_lazy("signing order", "Sent")
        SIGNED = "signed", pgettext_lazy("signing order", "Signed")
        DECLINED = "declined", pgettext_lazy("signing order", "Declined by the signer")
        EXPIRED = "expired", pgettext_lazy("signing order", "Not signed in time")
        FAULTY = "faulty", pgettext_lazy("signing order", "Answer does not fit")

    agreement = models.OneToOneField(
        Agreement, models.PROTECT, primary_key=True, related_name="order", verbose_name=_("agreement")
    )
    reference = models.CharField(_("number at the service"), max_length=100, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.SENT)
    sent_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("sent by"))
    sent_at = models.DateTimeField(_("sent"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("signing order")
        verbose_name_plural = _("signing orders")
        indexes = (models.Index(fields=("state",), name="agreements_order_state"),)

    def __str__(self) -> str:
        return self.reference


class Refusal(models.Model):
    """That somebody would not sign, as two witnesses saw it."""

    agreement = models.OneToOneField(
        Agreement, models.PROTECT, primary_key=True, related_name="refusal", verbose_name=_("agreement")
    )
    paper = models.OneToOneField(
        Agreement, models.PROTECT, related_name="refusal_recorded", verbose_name=_("record")
    )
    stated_reason = models.CharField(_("reason as stated"), max_length=400)
    reader = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="+", verbose_name=_("who read and explained it")
    )
    refused_at = models.DateTimeField(_("refused"))
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("recorded by"))

    class Meta:
        verbose_name = _("refused signature")
        verbose_name_plural = _("refused signatures")

    def __str__(self) -> str:
        return str(self.agreement)


class Witness(models.Model):
    """One of the two who saw the refusal."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    refusal = models.ForeignKey(
        Refusal, models.PROTECT, related_name="witnesses", verbose_name=_("refused signature")
    )
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name=_("person"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    class Meta:
        verbose_name = _("witness")
        verbose_name_plural = _("witnesses")
        ordering = ("refusal", "person__name", "id")
        constraints = (models.UniqueConstraint(fields=("refusal", "person"), name="agreements_witness_once"),)

    def __str__(self) -> str:
        return str(self.person)
