"""Inventories: which carriers should be where, what was scanned, and what differs.

Follows the seed guide 五(三): carriers are under control over their whole life.  Expected places are kept
as they stood when the inventory began; scans come from a phone and may arrive late, each once.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.register.models.holdings import Carrier

USER = settings.AUTH_USER_MODEL


class Inventory(models.Model):
    """One campaign over a zone, a department or a keeper; signed off by the keeper and the office."""

    class Scope(models.TextChoices):
        """What is counted."""

        ZONE = "zone", pgettext_lazy("inventory", "A zone")
        DEPARTMENT = "department", pgettext_lazy("inventory", "A department")
        KEEPER = "keeper", pgettext_lazy("inventory", "A keeper")

    class State(models.TextChoices):
        """Where it stands."""

        COUNTING = "counting", pgettext_lazy("inventory", "Counting")
        COUNTED = "counted", pgettext_lazy("inventory", "Counted, to be signed off")
        SIGNED = "signed", pgettext_lazy("inventory", "Signed off")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("title"), max_length=120)
    department = models.ForeignKey(
        "people.Department", on_delete=models.PROTECT, related_name="+", verbose_name=_("department")
    )  # where it stands for the rules
    scope = models.CharField(_("what is counted"), max_length=10, choices=Scope)
    zone = models.ForeignKey("places.Zone", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    keeper = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("keeper"),
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.COUNTING)
    due_on = models.DateField(_("due"))
    started_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(_("begun"))
    closed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    closed_at = models.DateTimeField(_("counted"), null=True, blank=True)
    keeper_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    keeper_at = models.DateTimeField(_("signed by the keeper"), null=True, blank=True)
    office_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    office_at = models.DateTimeField(_("signed by the office"), null=True, blank=True)

    class Meta:
        verbose_name = _("inventory")
        verbose_name_plural = _("inventories")
        ordering = ["-started_at", "id"]

    def __str__(self) -> str:
        return self.title

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this inventory."""
        return f"inventory:{self.pk}"


class InventoryItem(models.Model):
    """One carrier that should be there, or one that was met and should not; and what became of it."""

    class Result(models.TextChoices):
        """What the count says."""

        OPEN = "open", pgettext_lazy("inventory", "Not scanned yet")
        FOUND = "found", pgettext_lazy("inventory", "Found")
        MISSING = "missing", pgettext_lazy("inventory", "Missing")
        MISPLACED = "misplaced", pgettext_lazy("inventory", "In the wrong place")
        UNKNOWN = "unknown", pgettext_lazy("inventory", "Unknown code")

    inventory = models.ForeignKey(Inventory, on_delete=models.CASCADE, related_name="items")
    carrier = models.ForeignKey(Carrier, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    code = models.CharField(_("code"), max_length=120, blank=True)  # of an unknown code, as scanned
    expected = models.BooleanField(_("expected"))
    zone = models.ForeignKey(
        "places.Zone", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )  # where it should be
    result = models.CharField(_("result"), max_length=10, choices=Result, default=Result.OPEN)
    unmarked = models.BooleanField(_("without a valid mark"), default=False)
    scanned_in = models.ForeignKey(
        "places.Zone", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    scanned_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    scanned_at = models.DateTimeField(_("scanned"), null=True, blank=True)
    task_due = models.DateField(_("to be cleared by"), null=True, blank=True)
    cleared_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    cleared_at = models.DateTimeField(_("cleared"), null=True, blank=True)
    clearing = models.CharField(_("how it was cleared"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("line of an inventory")
        verbose_name_plural = _("lines of an inventory")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["inventory", "carrier"],
                condition=models.Q(carrier__isnull=False),
                name="register_counted_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.inventory_id} {self.carrier_id or self.code} {self.result}"


class InventoryScan(models.Model):
    """One scan as the phone sent it; `id` is the phone's own, so that sending it again changes nothing."""

    id = models.UUIDField(primary_key=True, editable=False)
    inventory = models.ForeignKey(Inventory, on_delete=models.CASCADE, related_name="scans")
    item = models.ForeignKey(InventoryItem, on_delete=models.CASCADE, related_name="scans")
    code = models.CharField(_("code"), max_length=500)
    zone = models.ForeignKey("places.Zone", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    unmarked = models.BooleanField(default=False)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("received"))

    class Meta:
        verbose_name = _("scan")
        verbose_name_plural = _("scans")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return str(self.id)
