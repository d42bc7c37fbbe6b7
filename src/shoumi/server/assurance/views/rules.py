"""The room of rule documents: the list, one document with its versions, one version, and what changed."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse_lazy
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shoumi.engine.jurisdiction.documents import load_documents
from shoumi.engine.policy import Action, resources
from shoumi.server.accounts import gate
from shoumi.server.assurance.models import LANGUAGES, RuleDocument, RuleVersion
from shoumi.server.assurance.queries.access import entities_governed
from shoumi.server.assurance.queries.rules import (
    RULE_VIEWERS,
    compared,
    coverage_of_reading,
    documents_present,
    negligence_clause_in_force,
    persons_bound,
    procedure_of,
    rule_resource,
    template_of,
)
from shoumi.server.assurance.services.rules import docx_of, pdf_of
from shoumi.server.assurance.services.rules.approving import faults_of
from shoumi.server.assurance.services.rules.papers import DOCX, PDF
from shoumi.server.assurance.views.asking import GovernedListing
from shoumi.server.files.listing import Choice, Column, Empty, Listing, ListingView, State
from shoumi.server.people.queries import today_of

VersionState = RuleVersion.State
TONES = {
    "draft": "waiting",
    "awaiting_approval": "waiting",
    "returned": "bad",
    "approved": "active",
    "in_force": "good",
    "replaced": "off",
    "retired": "off",
    "rejected": "bad",
}


def _named(row: RuleDocument) -> str:
    return row.title or row.code


class RuleListing(GovernedListing):
    """The rule documents with their newest version."""

    name = "assurance.rules"
    title = gettext_lazy("Rule documents")
    columns = (
        Column("title", gettext_lazy("Document"), _named, sort="title", primary=True, sub="code"),
        Column("language", gettext_lazy("Language"), lambda row: row.get_language_display(), sort="language"),
        Column("entity", gettext_lazy("Legal entity"), "entity.name", sort="entity__code"),
        Column("ordinal", gettext_lazy("Newest version"), kind="number", sort="ordinal"),
        Column(
            "state",
            gettext_lazy("State"),
            lambda row: State(VersionState(row.state).label, TONES[row.state]) if row.state else "",
            "state",
            sort="state",
        ),
        Column("in_force", gettext_lazy("In force from"), "holds_from", kind="day", sort="holds_from"),
        Column("updated", gettext_lazy("Begun"), "begun", kind="moment", sort="begun", shown=False),
    )
    filters = (
        Choice("state", gettext_lazy("State"), choices=VersionState.choices, many=True),
        Choice("language", gettext_lazy("Language"), choices=LANGUAGES),
    )
    search_fields = ("code", "title")
    default_sort = "title"
    empty = Empty(
        gettext_lazy("No rule document yet"),
        gettext_lazy("Begin one from a template: it is filled with your levels, bodies, zones and posts."),
        url=reverse_lazy("assurance:rule_start"),
        action=gettext_lazy("Begin a document"),
        icon="file-text",
    )

    def rows(self) -> QuerySet:
        """Return the documents of the entities whose rules the user may see."""
        newest = RuleVersion.objects.filter(document=OuterRef("pk")).order_by("-ordinal")
        holding = newest.filter(state=VersionState.IN_FORCE)
        rows = RuleDocument.objects.select_related("entity")
        return rows.filter(entity__in=entities_governed(self.user, RULE_VIEWERS)).annotate(
            title=Subquery(newest.values("title")[:1]),
            ordinal=Subquery(newest.values("ordinal")[:1]),
            state=Subquery(newest.values("state")[:1]),
            begun=Subquery(newest.values("created_at")[:1]),
            holds_from=Subquery(holding.values("in_force_from")[:1]),
        )

    @cached_property
    def may_begin(self) -> bool:
        """Whether the user writes rules for at least one legal entity."""
        places = [entity.scope for entity in entities_governed(self.user, RULE_VIEWERS)]
        new = [resources.rule(place, published=False, places={place}) for place in places]
        decisions = gate.decide_each(self.user, [(Action.RULE_EDIT, item) for item in new])
        return any(item.permitted for item in decisions)


class RuleListView(ListingView):
    """The rule documents, with what is missing of those that the pack has templates of."""

    listing = RuleListing
    template_name = "assurance/rule_list.html"

    def extra_context(self, listing: Listing) -> dict[str, object]:
        """Add, for each legal entity, the documents that do not bind anybody yet."""
        language = get_language() or "en"
        standing = []
        for entity in entities_governed(listing.user, RULE_VIEWERS):
            day = today_of(entity)
            present = documents_present(entity, day)
            names = {item.id: item.names.in_language(language) for item in load_documents(entity.pack)}
            missing = [names[code] for code, version in present.items() if version is None]
            standing.append(
                {
                    "entity": entity,
                    "binding": len(present) - len(missing),
                    "all": len(present),
                    "missing": missing,
                    "negligence": negligence_clause_in_force(entity, day),
                }
            )
        return {"standing": standing}


def _document(document_id: UUID) -> RuleDocument:
    return get_object_or_404(RuleDocument.objects.select_related("entity"), pk=document_id)


def version_shown(request: HttpRequest, version_id: UUID, action: Action = Action.RULE_VIEW) -> RuleVersion:
    """Return a version that the user may see (or, with another action, read).

    Raises:
        Http404: there is none.
        NotPermittedError: the rules refuse.
    """
    rows = RuleVersion.objects.select_related("document__entity", "drafted_by", "docx", "pdf")
    version = get_object_or_404(
        rows.prefetch_related("clauses", "audience", "procedure__file"), pk=version_id
    )
    gate.require(request.user, action, rule_resource(version))
    return version


@login_required
@require_safe
def rule_detail(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Show a document with all its versions, kept for good."""
    document = _document(document_id)
    versions = list(document.versions.order_by("-ordinal").prefetch_related("audience", "procedure"))
    if versions:
        versions[0].document = document
        gate.require(request.user, Action.RULE_VIEW, rule_resource(versions[0]))
    in_work = any(
        version.state in {"draft", "awaiting_approval", "returned", "approved"} for version in versions
    )
    context = {
        "document": document,
        "title": versions[0].title if versions else document.code,
        "versions": versions,
        "can_edit": bool(versions)
        and not in_work
        and gate.permits(request.user, Action.RULE_EDIT, rule_resource(versions[0])),
    }
    return render(request, "assurance/rule.html", context)


@login_required
@require_safe
def rule_version(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Show a version: its words, how they depart from the template, the procedure, who has read it."""
    version = version_shown(request, version_id)
    resource = rule_resource(version)
    editable = version.state in {VersionState.DRAFT, VersionState.RETURNED}
    procedure = procedure_of(version)
    published = version.state == VersionState.IN_FORCE
    wishes = (Action.RULE_EDIT, Action.RULE_PROCEDURE, Action.RULE_PUBLISH)
    edit, record, publish = gate.decide_each(request.user, [(action, resource) for action in wishes])
    context = {
        "version": version,
        "document": version.document,
        "clauses": list(version.clauses.all()),
        "template": template_of(version),
        "faults": faults_of(version) if editable else [],
        "procedure": procedure,
        "editable": editable,
        "can_edit": edit.permitted,
        "can_record": record.permitted,
        "can_publish": publish.permitted,
        "ready": version.state == VersionState.APPROVED and not procedure.missing_before,
        "coverage": coverage_of_reading(version) if published else None,
        "language": get_language() or "en",
    }
    return render(request, "assurance/version.html", context)


@login_required
@require_safe
def rule_compare(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Show how a version differs from another one of the same document, by default the one before."""
    version = version_shown(request, version_id)
    others = version.document.versions.exclude(pk=version.pk).order_by("-ordinal")
    asked = request.GET.get("with", "")
    other = next(
        (item for item in others if str(item.ordinal) == asked),
        others.filter(ordinal__lt=version.ordinal).first(),
    )
    context = {
        "version": version,
        "other": other,
        "others": others,
        "changes": compared(list(other.clauses.all()), list(version.clauses.all())) if other else [],
    }
    return render(request, "assurance/compare.html", context)


PAPERS: dict[str, tuple[Any, str]] = {"docx": (docx_of, DOCX), "pdf": (pdf_of, PDF)}


@login_required
@require_safe
def rule_paper(request: HttpRequest, version_id: UUID, kind: str) -> HttpResponse:
    """Hand a version out as docx or PDF, as it stands now; what was published is kept beside it."""
    version = version_shown(request, version_id, Action.RULE_READ)
    make, media_type = PAPERS[kind]
    name = f"{version.title} v{version.ordinal}.{kind}"
    response = HttpResponse(make(version), content_type=media_type, headers={"Cache-Control": "no-store"})
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


class ReaderListing(GovernedListing):
    """Those whom a version binds, with whether they have read it."""

    name = "assurance.rule_readers"
    title = gettext_lazy("Who has read it")
    columns = (
        Column("name", gettext_lazy("Person"), sort="reading", primary=True, sub="number"),
        Column(
            "state",
            gettext_lazy("State"),
            lambda row: State(_("acknowledged"), "good") if row.read_at else State(_("not read"), "bad"),
            "state",
            sort="read_at",
        ),
        Column("read_at", gettext_lazy("Acknowledged"), kind="moment", sort="read_at"),
        Column("read_hash", gettext_lazy("SHA-256 of what was read"), kind="mono", shown=False),
    )
    filters = (
        Choice(
            "read",
            gettext_lazy("State"),
            choices=(("yes", gettext_lazy("acknowledged")), ("no", gettext_lazy("not read"))),
            apply=lambda rows, value: rows.filter(read_at__isnull=value == "no"),
        ),
    )
    search_fields = ("name", "number", "reading")
    default_sort = "name"
    empty = Empty(gettext_lazy("It binds nobody today"), "", icon="users")
    version: RuleVersion

    def rows(self) -> QuerySet:
        """Return the persons whom the version binds."""
        read = self.version.acknowledgements.filter(person=OuterRef("pk"))
        return persons_bound(self.version).annotate(
            read_at=Subquery(read.values("acknowledged_at")[:1]),
            read_hash=Subquery(read.values("text_sha256")[:1]),
        )

    def row_url(self, row: object) -> str:
        """Lead nowhere: the person's record is another room's matter."""
        del row
        return ""


class ReaderListView(ListingView):
    """Who has read one version."""

    listing = ReaderListing
    template_name = "assurance/readers.html"

    def allowed(self, request: HttpRequest) -> None:
        """Let in who may see the version."""
        self.version = version_shown(request, self.kwargs["version_id"])

    def made(self, request: HttpRequest) -> Listing:
        """Return the list for this version."""
        listing = self.listing(request.user, request.GET)
        listing.version = self.version
        return listing

    def extra_context(self, listing: Listing) -> dict[str, object]:
        """Add the version."""
        del listing
        may_remind = gate.permits(self.request.user, Action.RULE_PUBLISH, rule_resource(self.version))
        return {
            "version": self.version,
            "coverage": coverage_of_reading(self.version),
            "can_remind": may_remind and self.version.state == VersionState.IN_FORCE,
        }
