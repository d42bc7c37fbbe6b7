"""Pages of directories: one for each legal entity, its forms, its readings with counts and faults."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entity_resource
from shoumi.server.people.views.asking import Page, allowed, form_page
from shoumi.server.provisioning.forms import (
    ConnectionForm,
    GroupsForm,
    NamesForm,
    RhythmForm,
    connection_of,
)
from shoumi.server.provisioning.models import Directory, SyncRun
from shoumi.server.provisioning.queries.directories import PRESETS, entities_with_directory
from shoumi.server.provisioning.services.directories import (
    SETUP,
    Connection,
    directory_ask,
    directory_connect,
    directory_name,
    directory_start,
)

FORM = require_http_methods(["GET", "POST"])
SHOWN = 30  # readings on the page
NAMES = ("number", "user_name", "name", "department", "title", "email", "phone")
HERE = "directories:directory_list"


@login_required
@require_safe
def directory_list(request: HttpRequest) -> HttpResponse:
    """Show the directory of each legal entity, and how its last reading ended."""
    entities = entities_with_directory(request.user)
    if not entities:
        gate.require(request.user, Action.SETTINGS_VIEW, SETUP)
    rows = [(entity, getattr(entity, "directory", None)) for entity in entities]
    lines = [(entity, row, row.runs.first() if row else None) for entity, row in rows]
    return render(request, "provisioning/directories.html", {"lines": lines})


@login_required
@require_safe
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """Show how one directory is set up, what may be done, and its last readings."""
    entity = _entity(request, code)
    row = Directory.objects.select_related("started_by", "changed_by").filter(entity=entity).first()
    context = {
        "entity": entity,
        "directory": row,
        "names": [(NamesForm.base_fields[name].label, row.attributes.get(name, "")) for name in NAMES]
        if row
        else [],
        "runs": [(run, _words(run.fault)) for run in row.runs.select_related("started_by")[:SHOWN]]
        if row
        else [],
        "can": _can(request, entity),
    }
    return render(request, "provisioning/directory.html", context)


@login_required
@require_safe
def reading(request: HttpRequest, code: str, run_id: int) -> HttpResponse:
    """Show one reading: who would join, change and leave, and each fault with its place."""
    entity = _entity(request, code)
    rows = SyncRun.objects.select_related("directory__entity", "started_by")
    run = get_object_or_404(rows, pk=run_id, directory__entity=entity)
    faults = [(fault["place"], _words(fault)) for fault in run.faults]
    context = {"entity": entity, "run": run, "faults": faults, "stopped": _words(run.fault)}
    return render(request, "provisioning/reading.html", context)


@login_required
@FORM
def connect(request: HttpRequest, code: str) -> HttpResponse:
    """Set up where a directory stands."""
    entity = _entity(request, code)
    gate.require(request.user, Action.SETTINGS_EDIT, SETUP)
    row = Directory.objects.filter(entity=entity).first()
    page = _page(
        entity, _("Where the directory stands"), _("Keep it"), _("The directory is set up. Test it now."),
        lead=_("Every change stops the readings until somebody of HR lets them go on."),
    )  # fmt: skip
    filters = PRESETS[Directory.Kind.INET].filter
    form = ConnectionForm(request.POST or None, initial=connection_of(row, filters))

    def act(valid: Any) -> None:
        data = valid.cleaned_data
        other = row is None or row.kind != data["kind"]
        known = {preset.filter for preset in PRESETS.values()}
        text = PRESETS[data["kind"]].filter if other and data["filter"] in known else data["filter"]
        wish = Connection(
            data["kind"], data["url"], data["base"], text, data["bind_dn"], data["password"] or None,
            data["authority"],
        )  # fmt: skip
        directory_connect(actor=request.user, entity=entity, wish=wish, expected_version=valid.version)

    return form_page(request, page, form, act)


@login_required
@FORM
def names(request: HttpRequest, code: str) -> HttpResponse:
    """Say what the directory calls things."""
    entity, row = _found(request, code)
    gate.require(request.user, Action.SETTINGS_EDIT, SETUP)
    page = _page(entity, _("What it calls things"), _("Keep it"), _("The names are kept."))
    initial = {"expected_version": row.version, **{name: row.attributes.get(name, "") for name in NAMES}}
    form = NamesForm(request.POST or None, initial=initial)

    def act(valid: Any) -> None:
        values = {name: valid.cleaned_data[name] for name in NAMES}
        directory_name(actor=request.user, directory=row, expected_version=valid.version, attributes=values)

    return form_page(request, page, form, act)


@login_required
@FORM
def groups(request: HttpRequest, code: str) -> HttpResponse:
    """Say who counts."""
    entity, row = _found(request, code)
    gate.require(request.user, Action.SETTINGS_EDIT, SETUP)
    page = _page(entity, _("Who counts"), _("Keep it"), _("It is kept who counts."))
    initial = {
        "expected_version": row.version,
        "control": row.attributes.get("control", ""),
        "groups": row.attributes.get("groups", ""),
        "member_of": "\n".join(row.member_of),
    }
    form = GroupsForm(request.POST or None, initial=initial)

    def act(valid: Any) -> None:
        data = valid.cleaned_data
        directory_name(
            actor=request.user,
            directory=row,
            expected_version=valid.version,
            attributes={"control": data["control"], "groups": data["groups"]},
            member_of=data["member_of"],
        )

    return form_page(request, page, form, act)


@login_required
@FORM
def rhythm(request: HttpRequest, code: str) -> HttpResponse:
    """Let the directory be read by itself, in the name of whoever says so."""
    entity, row = _found(request, code)
    gate.require(request.user, Action.PERSON_IMPORT, entity_resource(entity))
    page = _page(
        entity, _("How often it is read"), _("Keep it"), _("It is kept how often the directory is read."),
        lead=_("The readings run in your name and by your rights. Look at a test first."),
    )  # fmt: skip
    initial = {
        "expected_version": row.version, "rhythm": row.rhythm, "most_leavers": row.most_leavers,
    }  # fmt: skip
    form = RhythmForm(request.POST or None, initial=initial)

    def act(valid: Any) -> None:
        directory_start(
            actor=request.user,
            directory=row,
            expected_version=valid.version,
            rhythm=valid.cleaned_data["rhythm"],
            most_leavers=valid.cleaned_data["most_leavers"],
        )

    return form_page(request, page, form, act)


@login_required
@require_POST
def read(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Have the directory read in the background, as a test or for good."""
    row = _found(request, code)[1]
    if kind not in {SyncRun.Kind.TEST, SyncRun.Kind.HAND}:
        raise Http404
    directory_ask(actor=request.user, directory=row, kind=kind)
    messages.success(request, _("The directory is being read; the reading stands below soon."))
    return redirect(row)


def _entity(request: HttpRequest, code: str) -> LegalEntity:
    """Return a legal entity whose directory the user may look at."""
    entity = get_object_or_404(LegalEntity, code=code)
    if not gate.permits(request.user, Action.PERSON_IMPORT, entity_resource(entity)):
        gate.require(request.user, Action.SETTINGS_VIEW, SETUP)
    return entity


def _found(request: HttpRequest, code: str) -> tuple[LegalEntity, Directory]:
    entity = _entity(request, code)
    return entity, get_object_or_404(Directory, entity=entity)


def _can(request: HttpRequest, entity: LegalEntity) -> dict[str, bool]:
    return allowed(
        request.user,
        {
            "edit": (Action.SETTINGS_EDIT, SETUP),
            "start": (Action.PERSON_IMPORT, entity_resource(entity)),
        },
    )


def _page(entity: LegalEntity, title: str, submit: str, said: str, lead: str = "") -> Page:
    back = reverse("directories:detail", args=[entity.code])
    return Page(
        title=title, submit=submit, back=back, said=said, lead=lead,
        trail=((reverse(HERE), _("Directories")), (back, entity.name)),
    )  # fmt: skip


def _words(fault: dict[str, Any]) -> str:
    """Return a kept fault in the reader's language."""
    if not fault:
        return ""
    fields = {
        name: pgettext("error part", value) if value else "–" for name, value in fault["fields"].items()
    }
    return pgettext(fault["code"], fault["form"]).format(**fields)
