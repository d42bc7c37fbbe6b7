"""Where a secret is held and who may know it: files, other carriers, and the entries of the knowledge scope.

Follows the seed guide 四(四) and 五(三).  What is done with a carrier in its life stands in `carriers`.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.register.models.secrets import TradeSecret


class SecretFile(models.Model):
    """One stored file that holds the secret's content."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    secret = models.ForeignKey(TradeSecret, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, related_name="in_secrets", verbose_name=_("file")
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("added"))

    class Meta:
        verbose_name = _("file of a secret")
        verbose_name_plural = _("files of a secret")
        ordering = ["added_at", "id"]
        constraints = [models.UniqueConstraint(fields=["secret", "file"], name="register_file_once")]

    def __str__(self) -> str:
        return str(self.file_id)


class Carrier(models.Model):
    """Something other than a stored file that bears the secret: paper, a sample, a device, a drawing."""

    class Kind(models.TextChoices):
        """What the carrier is."""

        PAPER = "paper", _("Paper document")
        MEDIUM = "medium", _("Storage medium")
        DEVICE = "device", _("Computer or device")
        SAMPLE = "sample", _("Sample, prototype or mould")
        SEMI_FINISHED = "semi_finished", _("Semi-finished product")
        EQUIPMENT = "equipment", _("Equipment or production line")
        SYSTEM = "system", _("Information system")
        DATABASE = "database", _("Database")
        PERSON = "person", _("Know-how carried by persons")
        OTHER = "other", _("Other")

    class Status(models.TextChoices):
        """Where it is in its life."""

        HELD = "held", pgettext_lazy("carrier", "In its place")
        LENT = "lent", pgettext_lazy("carrier", "Lent")
        OUTSIDE = "outside", pgettext_lazy("carrier", "With a third party")
        REPAIR = "repair", pgettext_lazy("carrier", "In repair")
        RETURNED = "returned", pgettext_lazy("carrier", "Given back")
        SCRAPPED = "scrapped", pgettext_lazy("carrier", "Scrapped")
        DESTROYED = "destroyed", pgettext_lazy("carrier", "Destroyed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    secret = models.ForeignKey(TradeSecret, on_delete=models.CASCADE, related_name="carriers")
    number = models.CharField(_("number"), max_length=60, unique=True, null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.HELD)
    copy_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="copies",
        null=True,
        blank=True,
        verbose_name=_("copy of"),
    )
    zone = models.ForeignKey(
        "places.Zone",
        on_delete=models.PROTECT,
        related_name="carriers",
        null=True,
        blank=True,
        verbose_name=_("zone"),
    )
    version = models.PositiveIntegerField(default=1)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    description = models.CharField(_("description"), max_length=300)
    place = models.CharField(_("place"), max_length=200, blank=True)
    keeper = models.ForeignKey(
        "people.Person",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("keeper"),
    )
    holder = models.ForeignKey(
        "people.Person",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("in use by"),
    )  # None: it is kept
    keeping = models.CharField(_("manner of keeping"), max_length=20, blank=True)  # id of the pack
    unit = models.ForeignKey(
        "register.StorageUnit",
        on_delete=models.PROTECT,
        related_name="carriers",
        null=True,
        blank=True,
        verbose_name=_("storage unit"),
    )

    class Meta:
        verbose_name = _("carrier")
        verbose_name_plural = _("carriers")
        ordering = ["kind", "id"]

    def __str__(self) -> str:
        return f"{self.number} {self.description}" if self.number else self.description

    def get_absolute_url(self) -> str:
        """Return the address of the carrier's page; its id says nothing about the secret."""
        return reverse("register:carrier_detail", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this carrier."""
        return f"carrier:{self.pk}"

    @property
    def is_there(self) -> bool:
        """Whether it still exists and belongs to the company."""
        return self.status not in GONE


GONE = (Carrier.Status.RETURNED, Carrier.Status.SCRAPPED, Carrier.Status.DESTROYED)


class ScopeEntry(models.Model):
    """One line of the knowledge scope: a department, a post, a person, or all staff of the entity."""

    class Kind(models.TextChoices):
        """The ids of `scope_kinds` in `packs/*/levels.yaml`."""

        DEPARTMENTS = "departments", _("Department")
        POSTS = "posts", _("Post")
        PERSONS = "persons", _("Person")
        ALL_STAFF = "all_staff", _("All staff")

    secret = models.ForeignKey(TradeSecret, on_delete=models.CASCADE, related_name="scope")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    department = models.ForeignKey(
        "people.Department", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    post = models.ForeignKey("people.Post", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        verbose_name = _("scope entry")
        verbose_name_plural = _("scope entries")
        ordering = ["kind", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    models.Q(kind="departments", department__isnull=False, post=None, person=None)
                    | models.Q(kind="posts", post__isnull=False, department=None, person=None)
                    | models.Q(kind="persons", person__isnull=False, department=None, post=None)
                    | models.Q(kind="all_staff", department=None, post=None, person=None)
                ),
                name="register_scope_names_one_target",
            ),
            # whose scope it is stands first: what somebody may know is read from these alone
            models.UniqueConstraint(
                fields=["department", "secret"],
                condition=models.Q(kind="departments"),
                name="register_scope_department_once",
            ),
            models.UniqueConstraint(
                fields=["post", "secret"], condition=models.Q(kind="posts"), name="register_scope_post_once"
            ),
            models.UniqueConstraint(
                fields=["person", "secret"],
                condition=models.Q(kind="persons"),
                name="register_scope_person_once",
            ),
            models.UniqueConstraint(
                fields=["secret"], condition=models.Q(kind="all_staff"), name="register_scope_all_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.department or self.post or self.person or ''}"
