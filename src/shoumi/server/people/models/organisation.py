"""Legal entities, the tree of departments below each, and the posts in them with their secrecy level.

Follows the guide: departments, posts and persons that deal with secrets are named and graded.
A department carries the path of ids from its root down to itself, so that a subtree is one comparison on
both databases.  Nothing is deleted; what is no longer there is closed.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from shoumi.engine.policy import department_scope, entity_scope

DEEPEST = 12  # departments above one another
TIME_ZONES = {"CN": "Asia/Shanghai", "JP": "Asia/Tokyo"}  # each of these countries has one

LEVELS = (
    (0, pgettext_lazy("post level", "No secrets")),
    (1, pgettext_lazy("post level", "General")),
    (2, pgettext_lazy("post level", "Important")),
    (3, pgettext_lazy("post level", "Core")),
)
LEVEL_IDS = ("", "general", "important", "core")  # as level badges and packs name them


class Country(models.TextChoices):
    """Countries whose law a pack describes."""

    CN = "CN", _("China")
    JP = "JP", _("Japan")


class LegalEntity(models.Model):
    """A company of the group: whose secrets they are, whose law applies, where its days begin."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(
        _("short code"), max_length=16, unique=True, help_text=_("Begins the numbers of secrets, such as SM.")
    )
    country = models.CharField(_("country"), max_length=2, choices=Country)
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True)
    name_ja = models.CharField(_("Japanese name"), max_length=200, blank=True)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    registration_number = models.CharField(_("registration number"), max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        """Rules of the table."""

        verbose_name = _("legal entity")
        verbose_name_plural = _("legal entities")
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(name_zh="", name_ja="", name_en=""), name="people_entity_has_a_name"
            ),
            models.CheckConstraint(condition=Q(country__in=Country.values), name="people_entity_country"),
        )

    def __str__(self) -> str:
        """Return the name in the reader's language, or in one that there is."""
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the organisation's page, at this entity."""
        return f"{reverse('people:department_tree')}#{self.code}"

    @property
    def name(self) -> str:
        """The name in the reader's language, else in the country's, else any."""
        own = self.name_ja if self.country == Country.JP else self.name_zh
        wanted = getattr(self, f"name_{(get_language() or 'en')[:2]}", "")
        return wanted or own or self.name_en or self.name_zh or self.name_ja

    @property
    def pack(self) -> str:
        """The id of the law pack, `cn` or `jp`."""
        return self.country.lower()

    @property
    def time_zone(self) -> str:
        """The zone in which the entity's days begin."""
        return TIME_ZONES[self.country]

    @property
    def scope(self) -> str:
        """The entity as a place, `entity:<id>`."""
        return entity_scope(self.pk)

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this entity."""
        return f"entity:{self.pk}"


class Department(models.Model):
    """A department; `path` holds the ids from its root down to itself, each followed by a slash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entity = models.ForeignKey(
        LegalEntity, models.PROTECT, related_name="departments", verbose_name=_("legal entity")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    code = models.CharField(_("code"), max_length=32)
    name = models.CharField(_("name"), max_length=120)
    owner = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="owned_departments",
        verbose_name=_("head of the department"),
    )  # fmt: skip
    path = models.CharField(max_length=33 * DEEPEST, db_index=True, editable=False)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        """Rules of the table."""

        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ("entity", "code")
        constraints = (
            models.UniqueConstraint(fields=("entity", "code"), name="people_department_code_once"),
            models.CheckConstraint(
                condition=~Q(parent=models.F("id")), name="people_department_not_below_itself"
            ),
        )

    def __str__(self) -> str:
        """Return the name."""
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the department's page."""
        return reverse("people:department_detail", args=[self.pk])

    @property
    def scope(self) -> str:
        """The department as a place, `department:<id>`."""
        return department_scope(self.pk)

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this department."""
        return f"department:{self.pk}"

    @property
    def path_ids(self) -> list[uuid.UUID]:
        """The ids from the root down to this department."""
        return [uuid.UUID(part) for part in self.path.split("/") if part]

    @property
    def depth(self) -> int:
        """How many departments stand above."""
        return self.path.count("/") - 1

    @property
    def is_open(self) -> bool:
        """Whether the department has not been closed."""
        return self.closed_on is None


class Post(models.Model):
    """A post in a department; its level says how secret the things are that it deals with."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="posts", verbose_name=_("department")
    )
    title = models.CharField(_("title"), max_length=120)
    level = models.PositiveSmallIntegerField(_("secrecy level"), choices=LEVELS, default=0)
    level_reason = models.CharField(_("reason of the level"), max_length=400, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        """Rules of the table."""

        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ("department", "-level", "title")
        constraints = (
            models.UniqueConstraint(fields=("department", "title"), name="people_post_title_once"),
            models.CheckConstraint(condition=Q(level__lte=3), name="people_post_level"),
        )

    def __str__(self) -> str:
        """Return the title."""
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the post on its department's page."""
        return f"{reverse('people:department_detail', args=[self.department_id])}#post-{self.pk}"

    @property
    def level_id(self) -> str:
        """The level as badges name it, empty for none."""
        return LEVEL_IDS[self.level]

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this post."""
        return f"post:{self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether the post has not been closed."""
        return self.closed_on is None
