"""What guards a zone: its entrances with their signs, guards and devices, and the proof of its isolation.

Follows the seed guide 五(四)2: isolation by doors, walls or partitions; signs at each entrance; guards or
devices where the company can.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.places.models.zones import Zone

USER = settings.AUTH_USER_MODEL


class Entrance(models.Model):
    """A way into a zone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    zone = models.ForeignKey(Zone, models.CASCADE, related_name="entrances")
    name = models.CharField(_("entrance"), max_length=80)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("entrance")
        verbose_name_plural = _("entrances")
        ordering = ["zone", "name"]
        constraints = [models.UniqueConstraint(fields=["zone", "name"], name="places_entrance_once")]

    def __str__(self) -> str:
        return self.name


class Sign(models.Model):
    """A sign that hangs, or hung, at an entrance; the photo proves it."""

    class Kind(models.TextChoices):
        """What the sign says."""

        WARNING = "warning", pgettext_lazy("sign", "Prohibitions at the entrance")
        KEY_PLACE = "key_place", pgettext_lazy("sign", "Key place")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entrance = models.ForeignKey(Entrance, models.CASCADE, related_name="signs", verbose_name=_("entrance"))
    kind = models.CharField(_("sign"), max_length=10, choices=Kind)
    put_up_on = models.DateField(_("put up on"))
    put_up_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    photo = models.ForeignKey(
        "files.StoredFile", models.PROTECT, related_name="place_signs", null=True, blank=True,
        verbose_name=_("photo"),
    )  # fmt: skip
    taken_down_on = models.DateField(_("taken down on"), null=True, blank=True)

    class Meta:
        verbose_name = _("sign")
        verbose_name_plural = _("signs")
        ordering = ["entrance", "kind", "-put_up_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["entrance", "kind"], condition=Q(taken_down_on__isnull=True), name="places_sign_once"
            ),
            models.CheckConstraint(
                condition=Q(taken_down_on__isnull=True) | Q(taken_down_on__gte=F("put_up_on")),
                name="places_sign_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.entrance}"


class Guard(models.Model):
    """Somebody or something that guards a zone: a person at the door, access control, a camera, an alarm."""

    class Kind(models.TextChoices):
        """Persons or devices."""

        PERSON = "person", pgettext_lazy("guard", "Person who keeps the entrance")
        SERVICE = "service", pgettext_lazy("guard", "Security service")
        ACCESS = "access", pgettext_lazy("guard", "Access control")
        CAMERA = "camera", pgettext_lazy("guard", "Camera")
        ALARM = "alarm", pgettext_lazy("guard", "Alarm")
        LOCKER = "locker", pgettext_lazy("guard", "Locker")
        OTHER = "other", pgettext_lazy("guard", "Other device")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    zone = models.ForeignKey(Zone, models.CASCADE, related_name="guards")
    entrance = models.ForeignKey(
        Entrance, models.PROTECT, related_name="guards", null=True, blank=True, verbose_name=_("entrance")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="kept_zones", null=True, blank=True,
        verbose_name=_("person"),
    )  # fmt: skip
    description = models.CharField(_("description"), max_length=200, blank=True)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("guard or device")
        verbose_name_plural = _("guards and devices")
        ordering = ["zone", "kind", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="person", person__isnull=False)
                | (~Q(kind="person") & Q(person__isnull=True) & ~Q(description="")),
                name="places_guard_is_named",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="places_guard_days"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person or self.description)


class IsolationProof(models.Model):
    """A photo that shows how a zone is closed off."""

    class Means(models.TextChoices):
        """By what."""

        DOOR = "door", pgettext_lazy("isolation", "Door")
        WALL = "wall", pgettext_lazy("isolation", "Wall")
        PARTITION = "partition", pgettext_lazy("isolation", "Partition")
        OTHER = "other", pgettext_lazy("isolation", "Other means")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    zone = models.ForeignKey(Zone, models.CASCADE, related_name="isolation_proofs")
    means = models.CharField(_("means"), max_length=10, choices=Means)
    photo = models.ForeignKey(
        "files.StoredFile", models.PROTECT, related_name="isolation_proofs", verbose_name=_("photo")
    )
    taken_on = models.DateField(_("taken on"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    added_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added"))

    class Meta:
        verbose_name = _("proof of isolation")
        verbose_name_plural = _("proofs of isolation")
        ordering = ["-taken_on", "-added_at"]

    def __str__(self) -> str:
        return f"{self.get_means_display()} {self.taken_on}"
