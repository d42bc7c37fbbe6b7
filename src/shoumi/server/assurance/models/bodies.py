"""Who leads the protection of secrets and who does it: the leading body, letters, the office, departments.

Follows the guide 二(一) leading body and responsible person, 二(二) management office with its staff, and
二(三) cooperating departments with their secrecy officers.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.assurance.models.records import Record, Stretch
from shoumi.server.people.models import Department, LegalEntity, Person


class LeadingBody(Stretch):
    """The body or group that leads the protection of secrets in one legal entity."""

    class Form(models.TextChoices):
        """How it is set up."""

        BODY = "body", pgettext_lazy("leading body", "Leading body")
        GROUP = "group", pgettext_lazy("leading body", "Leading group")

    entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="leading_bodies")
    form = models.CharField(_("form"), max_length=8, choices=Form, default=Form.GROUP)
    name = models.CharField(_("name"), max_length=120)
    decision = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, related_name="+", verbose_name=_("founding decision")
    )

    class Meta:
        verbose_name = _("leading body")
        verbose_name_plural = _("leading bodies")
        ordering = ["entity", "-since"]
        constraints = [
            models.UniqueConstraint(
                fields=["entity"], condition=Q(until__isnull=True), name="assurance_one_leading_body"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the organisation's room, at the leading body."""
        return f"{reverse('assurance:organisation')}#leading-body"


class BodyMember(Stretch):
    """One person's seat in a leading body."""

    class Seat(models.TextChoices):
        """As what."""

        CHAIR = "chair", pgettext_lazy("seat", "Chair")
        DEPUTY = "deputy", pgettext_lazy("seat", "Deputy chair")
        MEMBER = "member", pgettext_lazy("seat", "Member")
        SECRETARY = "secretary", pgettext_lazy("seat", "Secretary")

    body = models.ForeignKey(LeadingBody, models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    seat = models.CharField(_("seat"), max_length=10, choices=Seat, default=Seat.MEMBER)

    class Meta:
        verbose_name = _("member of the leading body")
        verbose_name_plural = _("members of the leading body")
        ordering = ["body", "seat", "since"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "person"], condition=Q(until__isnull=True), name="assurance_one_seat"
            ),
            models.UniqueConstraint(
                fields=["body"], condition=Q(until__isnull=True, seat="chair"), name="assurance_one_chair"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.get_seat_display()})"


class Meeting(Record):
    """A meeting of the leading body, with its minutes."""

    body = models.ForeignKey(LeadingBody, models.PROTECT, related_name="meetings")
    held_on = models.DateField(_("held on"))
    subject = models.CharField(_("subject"), max_length=200)
    attendees = models.ManyToManyField(Person, related_name="+", verbose_name=_("present"))
    minutes = models.ForeignKey(
        "files.StoredFile", models.PROTECT, related_name="+", verbose_name=_("minutes")
    )

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-held_on", "id"]

    def __str__(self) -> str:
        return f"{self.held_on} {self.subject}"


class Resolution(Record):
    """What a meeting resolved, who carries it out and by when."""

    class State(models.TextChoices):
        """How far it has come."""

        OPEN = "open", pgettext_lazy("resolution", "To be carried out")
        DONE = "done", pgettext_lazy("resolution", "Carried out")
        DROPPED = "dropped", pgettext_lazy("resolution", "Dropped")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="resolutions")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("resolution"))
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("carried out by"))
    due_on = models.DateField(_("due on"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    outcome = models.TextField(_("outcome"), blank=True)
    proof = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, related_name="+", verbose_name=_("proof")
    )
    closed_on = models.DateField(_("closed on"), null=True)

    class Meta:
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        ordering = ["due_on", "meeting", "number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="assurance_resolution_number")
        ]

    def __str__(self) -> str:
        return self.text[:80]


class AuthorisationLetter(Stretch):
    """A signed letter by which one person is made responsible, below the letter of who signed it.

    The letter without a `parent` names the legal representative, who needs nobody's authority.
    """

    class Capacity(models.TextChoices):
        """What the letter makes of its holder."""

        REPRESENTATIVE = "representative", pgettext_lazy("letter", "Legal representative")
        RESPONSIBLE = "responsible", pgettext_lazy("letter", "Authorised person in charge")
        OFFICE_HEAD = "office_head", pgettext_lazy("letter", "Head of the management office")
        OFFICER = "officer", pgettext_lazy("letter", "Secrecy officer")

    entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="authorisations")
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="below",
        verbose_name=_("on the strength of"),
    )
    capacity = models.CharField(_("capacity"), max_length=16, choices=Capacity)
    holder = models.ForeignKey(
        Person, models.PROTECT, related_name="authorisations", verbose_name=_("authorised person")
    )
    scope = models.CharField(_("what it covers"), max_length=400)
    letter = models.ForeignKey(
        "files.StoredFile", models.PROTECT, related_name="+", verbose_name=_("signed letter")
    )
    letter_sha256 = models.CharField(_("SHA-256 of the letter"), max_length=64)
    revoked_on = models.DateField(_("revoked on"), null=True)
    revoked_reason = models.CharField(_("reason of the revocation"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("letter of authorisation")
        verbose_name_plural = _("letters of authorisation")
        ordering = ["entity", "since", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity="representative", parent__isnull=True)
                | (~Q(capacity="representative") & Q(parent__isnull=False)),
                name="assurance_letter_has_giver",
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="assurance_letter_not_own_giver"),
        ]

    def __str__(self) -> str:
        return f"{self.holder} ({self.get_capacity_display()})"

    @property
    def ledger_subject(self) -> str:
        """The name under which the ledger knows this letter."""
        return f"authorisationletter:{self.pk}"

    @property
    def last_day(self) -> object:
        """The last day on which the letter holds, None while no end is known; revocation ends it earlier."""
        ends = [day for day in (self.until, self.revoked_on) if day is not None]
        return min(ends) if ends else None


class ManagementOffice(Stretch):
    """Which department is the management office of a legal entity, and how it is set up."""

    class Form(models.TextChoices):
        """How it is set up."""

        OWN = "own", pgettext_lazy("office", "A department of its own")
        ATTACHED = "attached", pgettext_lazy("office", "Attached to another department")

    entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="offices")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("department"))
    form = models.CharField(_("form"), max_length=8, choices=Form, default=Form.OWN)

    class Meta:
        verbose_name = _("management office")
        verbose_name_plural = _("management offices")
        ordering = ["entity", "-since"]
        constraints = [
            models.UniqueConstraint(
                fields=["entity"], condition=Q(until__isnull=True), name="assurance_one_office"
            )
        ]

    def __str__(self) -> str:
        return str(self.department)


class OfficeStaff(Stretch):
    """Somebody who works for the management office, all or part of their time."""

    office = models.ForeignKey(ManagementOffice, models.PROTECT, related_name="staff")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    full_time = models.BooleanField(_("full time"), default=False)
    duties = models.CharField(_("duties"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("staff of the management office")
        verbose_name_plural = _("staff of the management office")
        ordering = ["-full_time", "since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "person"], condition=Q(until__isnull=True), name="assurance_staff_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.person)


class CooperatingDepartment(Stretch):
    """A business department that works with the office on the secrets within its own remit."""

    department = models.ForeignKey(
        Department, models.PROTECT, related_name="cooperations", verbose_name=_("department")
    )
    reason = models.CharField(_("which secrets it deals with"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("cooperating department")
        verbose_name_plural = _("cooperating departments")
        ordering = ["department", "-since"]
        constraints = [
            models.UniqueConstraint(
                fields=["department"], condition=Q(until__isnull=True), name="assurance_cooperating_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.department)


class DepartmentOfficer(Stretch):
    """The secrecy officer of a cooperating department, with the letter behind the appointment."""

    department = models.ForeignKey(
        Department, models.PROTECT, related_name="secrecy_officers", verbose_name=_("department")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    full_time = models.BooleanField(_("full time"), default=False)
    letter = models.ForeignKey(
        AuthorisationLetter, models.PROTECT, null=True, blank=True, related_name="officers",
        verbose_name=_("letter of authorisation"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("secrecy officer of a department")
        verbose_name_plural = _("secrecy officers of departments")
        ordering = ["department", "-since"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "person"],
                condition=Q(until__isnull=True),
                name="assurance_officer_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.department})"
