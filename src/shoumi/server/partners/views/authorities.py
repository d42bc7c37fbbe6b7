"""Pages of visits of authorities: the list, one visit with its papers, notices and receipts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.accounts.views.wording import words_of
from shoumi.server.files.listing import Column, DateRange, Empty, Flag, Listing, ListingView, State
from shoumi.server.files.responses import stream
from shoumi.server.partners.forms.authorities import (
    AuthorityForm,
    AuthorityPaperForm,
    ReceiptForm,
    RefusalForm,
)
from shoumi.server.partners.models import AuthorityNotice, AuthorityPaper, AuthorityVisit
from shoumi.server.partners.queries.authorities import authority_visit_seen, authority_visits_visible_to
from shoumi.server.partners.queries.partners import departments_to_keep_for
from shoumi.server.partners.services import authorities as services
from shoumi.server.partners.views.partners import scope_of
from shoumi.server.people.queries import company_resource, department_resource
from shoumi.server.people.views.asking import Page, form_page


def _state(visit: AuthorityVisit) -> State:
    """Return how a visit stands."""
    if visit.closed_at is not None:
        return State(pgettext_lazy("visit of an authority", "Closed"), "off")
    if visit.waiting:  # type: ignore[attr-defined]  # annotated by the list
        return State(pgettext_lazy("visit of an authority", "Receipt missing"), "bad")
    return State(pgettext_lazy("visit of an authority", "Open"), "active")


class AuthorityListing(Listing):
    """The visits of authorities that the user may see; no official is named."""

    name = "partners.authorities"
    title = _("Visits of authorities")
    columns = (
        Column("authority", _("Authority"), "authority", sort="authority", primary=True),
        Column("subject", _("What is inspected"), "subject"),
        Column("day", _("Day"), "day", kind="day", sort="day"),
        Column("department", _("Department"), "department.name", sort="department__name"),
        Column("papers", _("Papers handed over"), "handed", kind="number", sort="handed"),
        Column("state", _("State"), _state, kind="state"),
    )
    filters = (
        Flag("open", pgettext_lazy("visits of authorities", "Open"), condition=Q(closed_at__isnull=True)),
        Flag("out", _("Papers not back"), condition=Q(out__gt=0)),
        DateRange("day", _("Day"), "day"),
    )
    search_fields = ("authority", "subject", "order")
    default_sort = "-day"
    export_action = Action.PARTNER_EXPORT

    def rows(self) -> QuerySet[AuthorityVisit]:
        """Return the visits that the user may see, with counts of papers and open receipts."""
        return authority_visits_visible_to(self.user).annotate(
            handed=Count("papers", filter=Q(papers__handed_at__isnull=False), distinct=True),
            out=Count(
                "papers",
                filter=Q(
                    papers__way="taken", papers__handed_at__isnull=False, papers__returned_at__isnull=True
                ),
                distinct=True,
            ),
            waiting=Count("notices", filter=Q(notices__settled_at__isnull=True), distinct=True),
        )

    def export_resource(self) -> Resource:
        """Return the department or entity to which all rows belong, else the company."""
        return scope_of(authority_visits_visible_to(self.user).order_by().values("department"))

    @cached_property
    def may_begin(self) -> bool:
        """Whether the user records visits for at least one department."""
        return departments_to_keep_for(self.user).exists()

    def empty_now(self) -> Empty:
        """Teach what visits are for."""
        return Empty(
            _("No authority came"),
            _("When an authority inspects, tell it what is secret before it sees a paper; keep its receipt."),
            url=reverse("partners:authority_create"),
            action=_("Record a visit"),
            icon="building-bank",
        )


class AuthorityListView(ListingView):
    """The page of the list."""

    listing: ClassVar[type[Listing]] = AuthorityListing
    template_name = "partners/authorities.html"

    def extra_context(self, listing: Listing) -> dict[str, Any]:
        """Return whether the user may record one."""
        return {"may_keep": listing.may_begin}


@login_required
@require_http_methods(["GET", "POST"])
def authority_new(request: HttpRequest) -> HttpResponse:
    """Record a visit."""
    if not departments_to_keep_for(request.user).exists():
        gate.require(request.user, Action.PARTNER_EDIT, company_resource())
    home = reverse("partners:authority_list")
    page = Page(
        title=_("Record a visit of an authority"),
        submit=_("Record"),
        said=_("The visit is recorded. Enter what they ask for."),
        back=home,
        trail=((home, _("Visits of authorities")),),
        template="partners/form.html",
    )

    def act(form: Any) -> str:
        wish = services.AuthorityWish(**form.cleaned_data)
        return services.authority_visit_open(actor=request.user, wish=wish).get_absolute_url()

    return form_page(request, page, AuthorityForm(request.POST or None, user=request.user), act)


@login_required
@require_safe
def authority_detail(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Show a visit with its papers, notices and receipts."""
    visit = authority_visit_seen(request.user, visit_id)
    keeps = gate.permits(request.user, Action.PARTNER_EDIT, department_resource(visit.department))
    papers = list(visit.papers.select_related("secret", "notice"))
    notices = list(visit.notices.select_related("file", "receipt", "given_by").prefetch_related("witnesses"))
    context = {
        "visit": visit,
        "keeps": keeps,
        "running": keeps and visit.closed_at is None,
        "papers": papers,
        "notices": notices,
        "unnamed": any(paper.secret_id and not paper.notice_id for paper in papers),
        "unsettled": any(notice.settled_at is None for notice in notices),
    }
    return render(request, "partners/authority.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def authority_paper_new(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Enter a paper."""
    visit = authority_visit_seen(request.user, visit_id, Action.PARTNER_EDIT)
    page = _page(visit, _("Enter a paper"), _("Enter it"), _("The paper is entered."))

    def act(form: Any) -> None:
        services.authority_paper_add(actor=request.user, visit=visit, **form.cleaned_data)

    return form_page(request, page, AuthorityPaperForm(request.POST or None, user=request.user), act)


@login_required
@require_http_methods(["GET", "POST"])
def receipt_new(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Keep the signed receipt."""
    notice = _notice(request, notice_id)
    page = _page(notice.visit, _("Keep the receipt"), _("Keep it"), _("The receipt is kept."))

    def act(form: Any) -> None:
        services.authority_receipt_keep(actor=request.user, notice=notice, file=form.cleaned_data["file"])

    form = ReceiptForm(request.POST or None, request.FILES or None, user=request.user)
    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def receipt_refused(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Record that the receipt was refused."""
    notice = _notice(request, notice_id)
    page = _page(notice.visit, _("The receipt was refused"), _("Record it"), _("The refusal is recorded."))

    def act(form: Any) -> None:
        services.authority_receipt_refuse(
            actor=request.user,
            notice=notice,
            reason=form.cleaned_data["reason"],
            witnesses=list(form.cleaned_data["witnesses"]),
        )

    return form_page(request, page, RefusalForm(request.POST or None, user=request.user), act)


@login_required
@require_POST
def notice_give(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Make and give the notice."""
    visit = authority_visit_seen(request.user, visit_id, Action.PARTNER_EDIT)
    return _done(
        request,
        visit,
        lambda: services.authority_notice_give(actor=request.user, visit=visit),
        _("The notice is made. Have its receipt signed."),
    )


@login_required
@require_POST
def authority_paper_hand(request: HttpRequest, paper_id: UUID) -> HttpResponse:
    """Hand a paper over."""
    paper = _paper(request, paper_id)
    return _done(
        request,
        paper.visit,
        lambda: services.authority_paper_hand(actor=request.user, paper=paper),
        _("It is recorded."),
    )


@login_required
@require_POST
def authority_paper_back(request: HttpRequest, paper_id: UUID) -> HttpResponse:
    """Take a paper back."""
    paper = _paper(request, paper_id)
    return _done(
        request,
        paper.visit,
        lambda: services.authority_paper_return(actor=request.user, paper=paper),
        _("It is recorded."),
    )


@login_required
@require_POST
def authority_close(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Close a visit."""
    visit = authority_visit_seen(request.user, visit_id, Action.PARTNER_EDIT)
    return _done(
        request,
        visit,
        lambda: services.authority_visit_close(
            actor=request.user, visit=visit, expected_version=visit.version
        ),
        _("The visit is closed."),
    )


@login_required
@require_safe
def notice_file(request: HttpRequest, notice_id: UUID, what: str) -> HttpResponseBase:
    """Send the notice, or its receipt."""
    notice = _notice(request, notice_id, Action.PARTNER_OPEN)
    stored = services.authority_file_open(actor=request.user, notice=notice, receipt=what == "receipt")
    if stored is None:
        raise Http404
    return stream(stored, request=request)


def _done(request: HttpRequest, visit: AuthorityVisit, act: Callable[[], object], said: Any) -> HttpResponse:
    try:
        act()
    except (InputError, ConflictError) as error:
        messages.error(request, words_of(error))
    else:
        messages.success(request, str(said))
    return redirect(visit.get_absolute_url())


def _notice(request: HttpRequest, notice_id: UUID, action: Action = Action.PARTNER_EDIT) -> AuthorityNotice:
    rows = AuthorityNotice.objects.select_related("visit__department__entity", "file", "receipt")
    notice = get_object_or_404(rows, pk=notice_id)
    gate.require(request.user, action, department_resource(notice.visit.department))
    return notice


def _paper(request: HttpRequest, paper_id: UUID) -> AuthorityPaper:
    paper = get_object_or_404(AuthorityPaper.objects.select_related("visit__department__entity"), pk=paper_id)
    gate.require(request.user, Action.PARTNER_EDIT, department_resource(paper.visit.department))
    return paper


def _page(visit: AuthorityVisit, title: Any, submit: Any, said: Any) -> Page:
    home = visit.get_absolute_url()
    return Page(
        title=title,
        submit=submit,
        said=said,
        back=home,
        trail=((reverse("partners:authority_list"), _("Visits of authorities")), (home, str(visit))),
        template="partners/form.html",
    )
