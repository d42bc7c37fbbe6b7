"""What happens to a carrier in its life: handovers with both signatures, marks, labels, company rules.

Follows the seed guide 五(一) (marks) and 五(三) (making, receiving and sending, passing on, using,
keeping, destroying).  Rows are written once; only the state of a handover moves on.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.register.models.history import MarkingTask, SecretVersion
from shoumi.server.register.models.holdings import Carrier, SecretFile
from shoumi.server.register.models.secrets import TradeSecret
from shoumi.server.register.models.storage import StorageUnit

USER = settings.AUTH_USER_MODEL


class Handover(models.Model):
    """A carrier passes from one hand into another: who gave, who received, and how each confirmed it.

    The giver confirms by offering it in their own sign-in.  The receiver confirms in theirs, or, having none,
    by a drawn signature that is stored as a file.
    """

    class Step(models.TextChoices):
        """The six steps of the guide, in its order."""

        MAKE = "make", pgettext_lazy("life of a carrier", "Making")
        SEND = "send", pgettext_lazy("life of a carrier", "Receiving and sending")
        PASS = "pass", pgettext_lazy("life of a carrier", "Passing on")
        USE = "use", pgettext_lazy("life of a carrier", "Use")
        KEEP = "keep", pgettext_lazy("life of a carrier", "Keeping")
        DESTROY = "destroy", pgettext_lazy("life of a carrier", "Destruction")

    class State(models.TextChoices):
        """Where the handover stands."""

        OFFERED = "offered", pgettext_lazy("handover", "Waits for the receiver")
        RECEIVED = "received", pgettext_lazy("handover", "Received")
        REFUSED = "refused", pgettext_lazy("handover", "Refused, back with the giver")
        WITHDRAWN = "withdrawn", pgettext_lazy("handover", "Taken back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    carrier = models.ForeignKey(Carrier, on_delete=models.CASCADE, related_name="handovers")
    step = models.CharField(_("step"), max_length=8, choices=Step)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OFFERED)
    giver = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name=_("given by"))
    given_at = models.DateTimeField(_("given"))
    receiver = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("received by"),
    )  # fmt: skip
    receiver_name = models.CharField(_("receiver without a sign-in"), max_length=120, blank=True)
    signature = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("drawn signature"),
    )  # fmt: skip
    zone = models.ForeignKey(
        "places.Zone", on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("zone"),
    )  # fmt: skip
    place = models.CharField(_("place"), max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    answer = models.CharField(_("reason of the refusal"), max_length=300, blank=True)
    answered_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        ordering = ["-given_at", "id"]
        indexes = [models.Index(fields=["receiver", "state"], name="register_handover_receiver")]
        constraints = [
            models.UniqueConstraint(
                fields=["carrier"], condition=Q(state="offered"), name="register_one_open_handover"
            ),
            models.CheckConstraint(
                condition=(Q(receiver__isnull=False) & Q(receiver_name=""))
                | (Q(receiver=None) & ~Q(receiver_name="")),
                name="register_handover_one_receiver",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.carrier_id} {self.state}"

    @property
    def receiver_words(self) -> str:
        """Who receives, in words."""
        return str(self.receiver) if self.receiver else self.receiver_name


class Mark(models.Model):
    """One line of the mark register: what bears which form of mark, where on it, by whom, when, a photo."""

    secret = models.ForeignKey(TradeSecret, on_delete=models.CASCADE, related_name="marks")
    version = models.ForeignKey(SecretVersion, on_delete=models.CASCADE, related_name="+")
    task = models.OneToOneField(
        MarkingTask, on_delete=models.SET_NULL, null=True, blank=True, related_name="mark"
    )
    carrier = models.ForeignKey(
        Carrier, on_delete=models.CASCADE, related_name="marks", null=True, blank=True
    )
    file = models.ForeignKey(
        SecretFile, on_delete=models.CASCADE, related_name="marks", null=True, blank=True
    )
    form = models.CharField(_("form of the mark"), max_length=20)  # id of the pack
    spot = models.CharField(_("where on it"), max_length=200, blank=True)
    photo = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("photo"),
    )  # fmt: skip
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name=_("marked by"))
    made_at = models.DateTimeField(_("marked"))

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(carrier__isnull=False, file=None) | Q(carrier=None, file__isnull=False),
                name="register_mark_is_on_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.carrier_id or self.file_id}"


class LabelPrint(models.Model):
    """A label that was printed for a carrier or a storage unit; every one after the first is a reprint."""

    carrier = models.ForeignKey(
        Carrier, on_delete=models.CASCADE, related_name="label_prints", null=True, blank=True
    )
    unit = models.ForeignKey(
        StorageUnit, on_delete=models.CASCADE, related_name="label_prints", null=True, blank=True
    )
    sheet = models.CharField(_("sheet"), max_length=12)  # id of a label format
    level = models.CharField(_("level"), max_length=20)
    printed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    printed_at = models.DateTimeField(_("printed"))

    class Meta:
        verbose_name = _("printed label")
        verbose_name_plural = _("printed labels")
        ordering = ["-printed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(carrier__isnull=False, unit=None) | Q(carrier=None, unit__isnull=False),
                name="register_label_is_for_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.carrier_id or self.unit_id}"


class CarrierRule(models.Model):
    """The company's own word on how something is marked or kept, where it departs from the pack.

    A rule is for a kind of carrier, and may be narrowed to a category (marks) or a level (keeping).  Rows are
    replaced, never deleted.
    """

    class Subject(models.TextChoices):
        """What the rule is about."""

        MARK = "mark", _("Form of the mark")
        KEEPING = "keeping", _("Manner of keeping")

    entity = models.ForeignKey("people.LegalEntity", on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(_("what about"), max_length=8, choices=Subject)
    kind = models.CharField(_("kind of carrier"), max_length=20)  # of `Carrier.Kind`, or `file`
    narrowed = models.CharField(
        _("only for"), max_length=20, blank=True
    )  # id of a category or level; "" for all
    value = models.CharField(_("value"), max_length=20)  # id of a mark form or manner of keeping
    pack_value = models.CharField(_("value of the pack"), max_length=20)
    reason = models.CharField(_("reason"), max_length=300)
    set_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(_("set"))
    confirmed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True)

    class Meta:
        verbose_name = _("rule for carriers")
        verbose_name_plural = _("rules for carriers")
        ordering = ["subject", "kind", "narrowed", "-set_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "subject", "kind", "narrowed"],
                condition=Q(replaced_at=None, confirmed_at__isnull=False),
                name="register_one_rule_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.kind} {self.narrowed}: {self.value}"
