"""Rule documents: their versions clause by clause, whom they bind, how they became binding, who read them.

Follows the guide 三 (the ten rule documents) and the procedure by which a rule binds staff; the steps of the
procedure and the texts of the templates are the packs'.  Replaced and retired versions are kept.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.assurance.models.records import Record
from shoumi.server.people.models import Department, LegalEntity, Person, Post

LANGUAGES = (("zh", pgettext_lazy("language", "Chinese")), ("ja", pgettext_lazy("language", "Japanese")))


class RuleDocument(Record):
    """A rule document of a legal entity in one language, whatever its version."""

    entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="rule_documents")
    code = models.CharField(_("kind"), max_length=20)  # of the pack's template, such as `DOC-01`
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES)

    class Meta:
        verbose_name = _("rule document")
        verbose_name_plural = _("rule documents")
        ordering = ["entity", "code", "language"]
        constraints = [
            models.UniqueConstraint(fields=["entity", "code", "language"], name="assurance_rule_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.language})"

    def get_absolute_url(self) -> str:
        """Return the address of the document."""
        return reverse("assurance:rule_detail", args=[self.pk])


class RuleVersion(Record):
    """One version of a rule document; its words are fixed once it is approved."""

    class State(models.TextChoices):
        """The states of `engine.workflow.RULE_VERSION`, a test compares them."""

        DRAFT = "draft", pgettext_lazy("rule", "Draft")
        AWAITING_APPROVAL = "awaiting_approval", pgettext_lazy("rule", "Awaiting approval")
        RETURNED = "returned", pgettext_lazy("rule", "Sent back")
        APPROVED = "approved", pgettext_lazy("rule", "Approved, not published")
        IN_FORCE = "in_force", pgettext_lazy("rule", "Published")
        REPLACED = "replaced", pgettext_lazy("rule", "Replaced")
        RETIRED = "retired", pgettext_lazy("rule", "Retired")
        REJECTED = "rejected", pgettext_lazy("rule", "Rejected")

    document = models.ForeignKey(RuleDocument, models.PROTECT, related_name="versions")
    ordinal = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=200)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT)
    template = models.CharField(_("edition of the template"), max_length=20)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    worked_on_by = models.JSONField(default=list)  # account ids; none of them approves
    sha256 = models.CharField(_("SHA-256 of the text"), max_length=64, blank=True)
    request_id = models.UUIDField(_("approval request"), null=True, blank=True)
    approvers = models.JSONField(_("approved by"), default=list)
    approved_at = models.DateTimeField(_("approved"), null=True)
    outcome_reason = models.TextField(_("reason of the outcome"), blank=True)
    published_on = models.DateField(_("published on"), null=True)
    in_force_from = models.DateField(_("in force from"), null=True)
    in_force_until = models.DateField(_("in force until"), null=True)  # the first day it no longer holds
    negligence = models.BooleanField(_("names negligent leaks as a breach"), default=False)
    docx = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    pdf = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    reminded_on = models.DateField(_("last reminder"), null=True)

    class Meta:
        verbose_name = _("version of a rule document")
        verbose_name_plural = _("versions of rule documents")
        ordering = ["document", "-ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["document", "ordinal"], name="assurance_rule_version_once"),
            models.UniqueConstraint(
                fields=["document"],
                condition=Q(state__in=["draft", "awaiting_approval", "returned", "approved"]),
                name="assurance_rule_one_in_work",
            ),
            models.CheckConstraint(
                condition=~Q(state="in_force")
                | (Q(published_on__isnull=False, in_force_from__isnull=False) & ~Q(sha256="")),
                name="assurance_rule_in_force_is_published",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.ordinal}"

    def get_absolute_url(self) -> str:
        """Return the address of this version."""
        return reverse("assurance:rule_version", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows it."""
        return f"rule:{self.pk}"


class RuleClause(models.Model):
    """One clause as it stands in a version, beside the words of the template it came from."""

    version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="clauses")
    ordinal = models.PositiveSmallIntegerField(_("number"))
    key = models.CharField(max_length=40)  # of the template's clause; `own-…` for the company's own
    part = models.CharField(max_length=40, blank=True)  # a part the document must have, by its id
    heading = models.CharField(_("heading"), max_length=120)
    text = models.TextField(_("text"))
    template_text = models.TextField(_("words of the template"), blank=True)
    reason = models.CharField(_("why it departs from the template"), max_length=400, blank=True)
    negligence = models.BooleanField(_("names negligent leaks as a breach"), default=False)

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        ordering = ["version", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="assurance_clause_key_once"),
        ]

    def __str__(self) -> str:
        return self.heading

    @property
    def departs(self) -> bool:
        """Whether the words are not those of the template."""
        return self.text != self.template_text


class RuleAudience(models.Model):
    """Whom a version binds: everybody of the legal entity, a department with all below it, or a post."""

    version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="audience")
    entity = models.ForeignKey(LegalEntity, models.PROTECT, null=True, related_name="+")
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("whom a rule binds")
        verbose_name_plural = _("whom rules bind")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(entity__isnull=False, department__isnull=True, post__isnull=True)
                | Q(entity__isnull=True, department__isnull=False, post__isnull=True)
                | Q(entity__isnull=True, department__isnull=True, post__isnull=False),
                name="assurance_audience_one_place",
            )
        ]

    def __str__(self) -> str:
        return str(self.entity or self.department or self.post)


class ProcedureRecord(models.Model):
    """One step of the procedure by which a version becomes binding, with its day, people and file."""

    version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="procedure")
    step = models.CharField(_("step"), max_length=20)  # an id of the pack's procedure
    day = models.DateField(_("day"))
    participants = models.CharField(_("participants"), max_length=400)
    outcome = models.TextField(_("opinions and how they were answered"), blank=True)
    file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, related_name="+", verbose_name=_("record")
    )
    text_sha256 = models.CharField(_("SHA-256 of the text it was about"), max_length=64)
    waived = models.BooleanField(_("not required here"), default=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("step of the procedure")
        verbose_name_plural = _("steps of the procedure")
        ordering = ["day", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(waived=True) | Q(file__isnull=False), name="assurance_procedure_has_file"
            )
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.day}"


class RuleAcknowledgement(models.Model):
    """That a person read a version and took note of it, with the hash of the words that were shown."""

    version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="acknowledgements")
    person = models.ForeignKey(Person, models.PROTECT, related_name="rule_acknowledgements")
    text_sha256 = models.CharField(_("SHA-256 of the text that was read"), max_length=64)
    acknowledged_at = models.DateTimeField(_("acknowledged"))

    class Meta:
        verbose_name = _("acknowledgement of a rule")
        verbose_name_plural = _("acknowledgements of rules")
        ordering = ["-acknowledged_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "person"], name="assurance_acknowledged_once")
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.version}"
