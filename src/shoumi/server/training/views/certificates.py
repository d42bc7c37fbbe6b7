"""Certificates: the list, one with its check, its PDF, and looking one up by the hash that somebody shows."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from shoumi.engine.jurisdiction.training import CertificateMismatchError
from shoumi.engine.policy import Action, resources
from shoumi.server.accounts import gate
from shoumi.server.files.listing import Choice, Column, DateRange, Empty, Flag, Listing, ListingView, State
from shoumi.server.people.models import Country
from shoumi.server.people.panels import links_of
from shoumi.server.people.queries import today_in, today_of
from shoumi.server.people.queries.listing import scopes_of
from shoumi.server.training.forms import DigestForm
from shoumi.server.training.models import Certificate, Course
from shoumi.server.training.queries.access import SEE_RESULTS, certificates_visible, learner_resource
from shoumi.server.training.queries.learning import certificate_verify, holding, paper_of
from shoumi.server.training.services.papers import certificate_pdf
from shoumi.server.training.views.courses import TrainingListing


def certificate_state(row: Certificate) -> State:
    """Return whether a certificate holds today, in words."""
    if row.ended_on is not None:
        return State(pgettext_lazy("certificate", "Ended by a new version"), "off")
    if row.valid_until < today_of(row.version.course.entity):
        return State(pgettext_lazy("certificate", "Over"), "off")
    return State(pgettext_lazy("certificate", "Holds"), "good")


def _courses(listing: Listing) -> list[tuple[object, str]]:
    keys = listing.scoped.order_by().values("version__course")
    return [(row.pk, row.title) for row in Course.objects.filter(pk__in=keys).order_by("title")]


def holding_anywhere() -> Q:
    """Return the condition that a certificate holds today, where its legal entity sits."""
    found = Q(pk__in=())
    for country in Country.values:
        found |= Q(version__course__entity__country=country) & holding(today_in(country))
    return found


class CertificateListing(TrainingListing):
    """The certificates that the user may see."""

    name = "training.certificates"
    title = _("Certificates")
    columns = (
        Column("name", _("Person"), "person.name", sort="person__reading", primary=True, sub="person.number"),
        Column("course", _("Course"), "version.course.title", sort="version__course__title"),
        Column("version", _("Version"), "version.ordinal", kind="number", sort="version__ordinal"),
        Column("state", _("State"), certificate_state, kind="state"),
        Column("passed", _("Passed on"), "passed_on", kind="day", sort="passed_on"),
        Column("until", _("Holds until"), "valid_until", kind="day", sort="valid_until"),
        Column("percent", _("Result in percent"), kind="number", sort="percent"),
        Column("digest", "SHA-256", kind="mono", shown=False),
    )
    filters = (
        Choice("course", _("Course"), "version__course", choices=_courses),
        Flag("holds", pgettext_lazy("certificate", "Holds"), condition=lambda _listing: holding_anywhere()),
        DateRange("until", _("Holds until"), "valid_until"),
        DateRange("passed", _("Passed on"), "passed_on"),
    )
    search_fields = ("person__name", "person__number", "person__reading", "version__course__title", "digest")
    default_sort = "-passed"
    empty = Empty(
        _("No certificate yet"),
        _("Whoever passes the test of a course gets one; it names everything that was seen and answered."),
        icon="certificate",
    )

    def rows(self) -> QuerySet[Certificate]:
        """Return the certificates that the user may see."""
        return certificates_visible(self.user)


class CertificateListView(ListingView):
    """The certificates, with a way to look one up."""

    listing = CertificateListing
    template_name = "training/certificates.html"

    def allowed(self, request: HttpRequest) -> None:
        """Let in who sees the results of somebody besides themselves."""
        if not scopes_of(request.user, SEE_RESULTS):
            gate.require(request.user, Action.TRAINING_RESULTS, resources.training("everybody"))


def _found(request: HttpRequest, certificate_id: UUID) -> Certificate:
    rows = Certificate.objects.select_related("person__entity", "version__course__entity", "sitting")
    row = get_object_or_404(rows, pk=certificate_id)
    gate.require(request.user, Action.TRAINING_RESULTS, learner_resource(row.person))
    return row


@login_required
@require_safe
def certificate_detail(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """Show a certificate and whether its hash still agrees with what it rests on."""
    row = _found(request, certificate_id)
    try:
        certificate_verify(row)
    except CertificateMismatchError:
        agrees = False
    else:
        agrees = True
    own = row.person.user_id == request.user.pk
    context = {
        "certificate": row,
        "links": links_of("training_certificate", request.user, row),
        "state": certificate_state(row),
        "agrees": agrees,
        "materials": sorted(paper_of(row).seen.materials.items()),
        "questions": len(row.sitting.questions),
        "own": own,
        "can_look": not own
        and gate.permits(request.user, Action.TRAINING_LOOK, learner_resource(row.person)),
        "back": reverse("training:mine") if own else reverse("training:certificate_list"),
    }
    return render(request, "training/certificate.html", context)


@login_required
@require_safe
def certificate_paper(request: HttpRequest, certificate_id: UUID, language: str = "") -> HttpResponse:
    """Hand a certificate out as PDF, in the language of the course or in another."""
    row = _found(request, certificate_id)
    content = certificate_pdf(row, viewer=request.user.display_name, language=language)
    response = HttpResponse(content, content_type="application/pdf", headers={"Cache-Control": "no-store"})
    name = f"{row.version.course.title} {row.person.name} {row.passed_on.isoformat()}.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@login_required
@require_safe
def certificate_check(request: HttpRequest) -> HttpResponse:
    """Look a certificate up by the hash on the paper that somebody shows."""
    asked = "digest" in request.GET
    form = DigestForm(request.GET if asked else None)
    row = None
    if asked and form.is_valid():
        row = certificates_visible(request.user).filter(digest=form.cleaned_data["digest"]).first()
    context = {"form": form, "asked": asked and form.is_valid(), "row": row}
    if row is not None:
        context["state"] = certificate_state(row)
    return render(request, "training/check.html", context)
