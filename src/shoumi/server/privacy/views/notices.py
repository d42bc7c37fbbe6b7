"""Notices: the list, a notice with its versions, publishing, sending, paper."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.accounts.templatetags.shoumi import moment
from shoumi.server.files.listing import Column, Empty, Flag, Listing, ListingView, State
from shoumi.server.files.services import files_adopt
from shoumi.server.files.stepping import Part, Stepper
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entity_resource
from shoumi.server.people.views.asking import Page, allowed, form_page
from shoumi.server.privacy.forms.notices import AboutForm, PaperForm, TextsForm
from shoumi.server.privacy.models import Delivery, Notice, NoticeVersion
from shoumi.server.privacy.queries.collecting import audience
from shoumi.server.privacy.queries.visible import (
    KEEPERS,
    entities_of,
    export_resource,
    notices_visible_to,
)
from shoumi.server.privacy.services.notices import (
    NoticeWish,
    notice_end,
    notice_hand,
    notice_publish,
    notice_send,
)
from shoumi.server.privacy.views.pages import FORM, Record, Section, Way, choose_entity, record_page

PARTS = (
    Part("about", gettext_lazy("What it tells, and to whom"), AboutForm),
    Part("texts", gettext_lazy("Texts"), TextsForm),
)
LANGUAGES = {"zh": "zh-hans", "ja": "ja", "en": "en"}


def _notice_state(row: Notice) -> State:
    return State(_("Ended"), "off") if row.ended_at else State(_("In force"), "good")


class NoticeListing(Listing):
    """The notices of the user's entities."""

    name = "privacy.notices"
    title = gettext_lazy("Privacy notices")
    columns = (
        Column("title", gettext_lazy("Notice"), sort="title", primary=True),
        Column("versions", gettext_lazy("Versions"), "versions_made", kind="number", sort="versions_made"),
        Column("told", gettext_lazy("Acknowledged"), "told", kind="number", sort="told"),
        Column("sent", gettext_lazy("Handed over"), "sent", kind="number", sort="sent"),
        Column("state", gettext_lazy("State"), _notice_state, kind="state", sort="ended_at"),
        Column("entity", gettext_lazy("Legal entity"), "entity", sort="entity__code"),
    )
    filters = (Flag("now", gettext_lazy("In force"), condition=lambda _listing: Q(ended_at__isnull=True)),)
    search_fields = ("title",)
    export_action = Action.PRIVACY_EXPORT
    empty = Empty(
        gettext_lazy("Nobody has been told yet"),
        gettext_lazy("Without notice the answer of the gate is no. Publish the first notice."),
        icon="speakerphone",
    )

    @cached_property
    def may_begin(self) -> bool:
        """Whether the user publishes notices."""
        return entities_of(self.user, KEEPERS).exists()

    def rows(self) -> QuerySet[Notice]:
        """Return the notices with how many were told."""
        handed = Count("versions__deliveries", distinct=True)
        told = Count(
            "versions__deliveries", Q(versions__deliveries__acknowledged_at__isnull=False), distinct=True
        )
        made = Count("versions", distinct=True)
        return notices_visible_to(self.user).annotate(versions_made=made, sent=handed, told=told)

    def row_url(self, row: Notice) -> str:
        """Return the page of a notice."""
        return row.get_absolute_url()

    def export_resource(self) -> Resource:
        """Return where the rows stand."""
        return export_resource(self.user, self.rows(), "entity")


class NoticeListView(ListingView):
    """The page of the list."""

    listing: ClassVar[type[Listing]] = NoticeListing
    template_name = "privacy/notices.html"

    def extra_context(self, listing: Listing) -> dict[str, object]:
        """Say whether the user publishes notices."""
        return {"may_publish": listing.may_begin}


def _trail(row: Notice | None = None) -> tuple[tuple[str, Any], ...]:
    found: tuple[tuple[str, Any], ...] = ((reverse("privacy:notice_list"), _("Privacy notices")),)
    return found if row is None else (*found, (row.get_absolute_url(), row.title))


def notice_seen(request: HttpRequest, key: UUID, action: Action = Action.PRIVACY_VIEW) -> Notice:
    """Return a notice the user may do `action` to.

    Raises:
        Http404: there is none.
        NotPermittedError: it is not for the user.
    """
    row = get_object_or_404(Notice.objects.select_related("entity"), pk=key)
    gate.require(request.user, action, entity_resource(row.entity))
    return row


def version_seen(request: HttpRequest, key: UUID, action: Action) -> NoticeVersion:
    """Return a version of a notice the user may do `action` to.

    Raises:
        Http404: there is none.
        NotPermittedError: it is not for the user.
    """
    row = get_object_or_404(NoticeVersion.objects.select_related("notice__entity"), pk=key)
    gate.require(request.user, action, entity_resource(row.notice.entity))
    return row


@login_required
@require_safe
def notice_detail(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Show a notice: its latest text, its versions, and how many were told."""
    row = notice_seen(request, notice_id)
    where = entity_resource(row.entity)
    can = allowed(
        request.user, {"manage": (Action.PRIVACY_MANAGE, where), "tell": (Action.PRIVACY_TELL, where)}
    )
    versions = list(row.versions.prefetch_related("texts", "processings"))
    counts = {
        each["notice_version"]: each
        for each in Delivery.objects.filter(notice_version__notice=row)
        .order_by()
        .values("notice_version")
        .annotate(sent=Count("pk"), told=Count("acknowledged_at"))
    }
    latest = versions[0]
    live = row.ended_at is None
    people = audience(row.entity, row.departments.all())
    waiting = people.exclude(privacy_deliveries__notice_version=latest).count()
    more = []
    if live and can["tell"]:
        more.append(Way(reverse("privacy:notice_hand", args=[latest.pk]), _("Signed on paper"), "file-text"))
    if live and can["manage"]:
        more += [
            Way(reverse("privacy:notice_version_new", args=[row.pk, "about"]), _("New version"), "pencil"),
            Way(reverse("privacy:notice_end", args=[row.pk]), _("End it"), "x"),
        ]
    record = Record(
        row.title,
        _trail(),
        [
            (
                _("Audience"),
                " · ".join(str(each) for each in row.departments.all()) or _("everybody in the legal entity"),
            ),
            (_("Persons in the audience"), people.count()),
            (_("Not handed over yet"), waiting),
            (_("Counts only once it is acknowledged"), _("yes") if row.must_acknowledge else _("no")),
            (_("Tells of"), " · ".join(each.name for each in latest.processings.all())),
            (_("Ended"), moment(row.ended_at)),
        ],
        [
            Section(
                "versions",
                _("Versions"),
                (_("Version"), _("Published"), _("Must be read anew"), _("Handed over"), _("Acknowledged")),
                [
                    (
                        each.number,
                        moment(each.published_at),
                        _("yes") if each.material else _("no"),
                        counts.get(each.pk, {}).get("sent", 0),
                        counts.get(each.pk, {}).get("told", 0),
                    )
                    for each in versions
                ],
            ),
            *(
                Section(f"text-{text.language}", _("Text"), words=text.text, mono=f"SHA-256 {text.sha256}")
                for text in latest.texts.all()
            ),
        ],
        state=_notice_state(row),
        lead=row.entity,
        main=Way(
            reverse("privacy:notice_send", args=[latest.pk]), _("Send it to the audience"), "send", post=True
        )
        if live and can["tell"] and waiting
        else None,
        more=more,
    )
    return record_page(request, record)


@login_required
@require_http_methods(["GET", "POST"])
def notice_begin(request: HttpRequest) -> HttpResponse:
    """Choose the legal entity of a new notice."""
    page = Page(
        title=_("Publish a notice"),
        submit=_("Next"),
        back=reverse("privacy:notice_list"),
        said=_("Now what it tells, and to whom."),
        trail=_trail(),
        template=FORM,
    )
    return choose_entity(
        request, page, lambda entity: reverse("privacy:notice_new", args=[entity.pk, PARTS[0].key])
    )


@login_required
@require_http_methods(["GET", "POST"])
def notice_new(request: HttpRequest, entity_id: UUID, part: str) -> HttpResponse:
    """Publish a notice, in two steps."""
    entity = get_object_or_404(LegalEntity, pk=entity_id)
    gate.require(request.user, Action.PRIVACY_MANAGE, entity_resource(entity))
    return _stepper(request, entity, None).page(request, part)


@login_required
@require_http_methods(["GET", "POST"])
def version_new(request: HttpRequest, notice_id: UUID, part: str) -> HttpResponse:
    """Publish a new version of a notice, in two steps."""
    row = notice_seen(request, notice_id, Action.PRIVACY_MANAGE)
    return _stepper(request, row.entity, row).page(request, part)


def _stepper(request: HttpRequest, entity: LegalEntity, notice: Notice | None) -> Stepper:
    def finish(values: Mapping[str, Any]) -> str:
        wish = NoticeWish(
            title=values["title"],
            texts={LANGUAGES[name]: values[name] for name in LANGUAGES},
            processings=list(values["processings"]),
            departments=list(values["departments"]),
            must_acknowledge=values["must_acknowledge"],
            material=values["material"],
        )
        made = notice_publish(actor=request.user, entity=entity, wish=wish, notice=notice)
        messages.success(request, _("The notice is published. Send it to its audience next."))
        return made.notice.get_absolute_url()

    def address(key: str) -> str:
        if notice is not None:
            return reverse("privacy:notice_version_new", args=[notice.pk, key])
        return reverse("privacy:notice_new", args=[entity.pk, key])

    initial: dict[str, Any] = {"must_acknowledge": True, "material": True}
    if notice is not None:
        latest = notice.versions.order_by("-number")[0]
        initial |= {
            "title": notice.title,
            "must_acknowledge": notice.must_acknowledge,
            "departments": list(notice.departments.all()),
            "processings": list(latest.processings.all()),
        }
    return Stepper(
        name=f"privacy.notice.{notice.pk if notice else entity.pk}",
        parts=PARTS,
        title=_("New version") if notice else _("Publish a notice"),
        submit=_("Publish it"),
        back=notice.get_absolute_url() if notice else reverse("privacy:notice_list"),
        address=address,
        finish=finish,
        arguments={"entity": entity},
        initial=initial,
        version=notice.version if notice else None,
        trail=_trail(notice),
        lead=str(entity),
    )


@login_required
@require_POST
def send(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Hand a version to everybody in its audience who has not got it."""
    version = version_seen(request, version_id, Action.PRIVACY_TELL)
    sent = notice_send(actor=request.user, version=version)
    words = ngettext("%(count)d person has it now.", "%(count)d persons have it now.", sent)
    messages.success(request, words % {"count": sent})
    return redirect(version.notice)


@login_required
@require_http_methods(["GET", "POST"])
def hand(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Record that a notice was signed on paper."""
    version = version_seen(request, version_id, Action.PRIVACY_TELL)
    page = Page(
        title=_("Signed on paper"),
        submit=_("Record it"),
        back=version.notice.get_absolute_url(),
        said=_("It is recorded."),
        trail=_trail(version.notice),
        facts=((_("Notice"), version),),
        columns={"privacy.day": "on", "privacy.other_entity": "person", "privacy.told_already": "person"},
        template=FORM,
    )

    def act(form: Any) -> None:
        values = form.cleaned_data
        stored = files_adopt(actor=request.user, chosen=[values["scan"]])[0]
        notice_hand(
            actor=request.user,
            version=version,
            person=values["person"],
            on=values["on"],
            language=values["language"],
            scan=stored,
        )

    form = PaperForm(request.POST or None, request.FILES or None, user=request.user, version=version)
    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """End a notice."""
    row = notice_seen(request, notice_id, Action.PRIVACY_MANAGE)
    page = Page(
        title=_("End the notice"),
        submit=_("End it"),
        back=row.get_absolute_url(),
        said=_("What was told by it does not count from now on."),
        lead=_("What rests on this notice may not be collected any more."),
        trail=_trail(row),
        danger=True,
        template=FORM,
    )
    return form_page(
        request,
        page,
        Form(request.POST if request.method == "POST" else None),
        lambda _form: notice_end(actor=request.user, notice=row) and None,
    )
