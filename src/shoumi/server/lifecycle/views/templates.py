"""The steps of each kind of case as the pack has them, and what the company does otherwise."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shoumi.engine.policy import Action, Role
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import ROLE_LABELS
from shoumi.server.lifecycle.forms.opening import AddedStepForm, TemplateForm
from shoumi.server.lifecycle.models import KINDS, TemplateChange
from shoumi.server.lifecycle.queries.access import READERS
from shoumi.server.lifecycle.queries.packs import named, said, table_of
from shoumi.server.lifecycle.services.templates import ChangeWish, template_change, template_restore
from shoumi.server.lifecycle.views.finding import FORM, trail
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entities_visible, entity_resource
from shoumi.server.people.queries.listing import scopes_of
from shoumi.server.people.views.asking import Page, form_page

TITLES = {
    "added": gettext_lazy("Add a step"),
    "left_out": gettext_lazy("Leave a step out"),
    "moved": gettext_lazy("Move a due day"),
}
ROLES = [role for role in Role if role not in {Role.AUDITOR, Role.OUTSIDE_COUNSEL, Role.EMPLOYEE}]


@login_required
@require_safe
def template_list(request: HttpRequest) -> HttpResponse:
    """Show what each kind of case asks for in a legal entity, and how the company differs."""
    if not scopes_of(request.user, READERS):
        gate.require(request.user, Action.PERSON_CASE_TEMPLATE, entity_resource(LegalEntity.objects.all()[0]))
    entities = list(entities_visible(request.user))
    chosen = request.GET.get("entity", "")
    entity = next((row for row in entities if str(row.pk) == chosen), entities[0] if entities else None)
    if entity is None:
        raise Http404
    kind = request.GET.get("kind", "")
    kind = kind if kind in dict(KINDS) else KINDS[0][0]
    table = table_of(entity)
    changes = TemplateChange.objects.filter(entity=entity, kind=kind, ended_at__isnull=True)
    by_key = {row.key: row for row in changes.select_related("set_by")}
    steps = [
        {
            "key": step.id,
            "title": said(step.names),
            "records": said(step.records),
            "owner": ROLE_LABELS.get(step.owner, step.owner),
            "evidence": named(table.evidence, step.evidence),
            "gates": [named(table.gates, each) for each in step.gates],
            "source": step.source,
            "status": step.status.value,
            "change": by_key.get(step.id),
        }
        for step in table.kinds[kind].steps
    ]
    context = {
        "entity": entity,
        "entities": entities,
        "kind": kind,
        "kinds": KINDS,
        "note": said(table.kinds[kind].note),
        "proposals": said(table.proposals),
        "steps": steps,
        "added": [row for row in by_key.values() if row.what == TemplateChange.What.ADDED],
        "may_change": gate.permits(request.user, Action.PERSON_CASE_TEMPLATE, entity_resource(entity)),
    }
    return render(request, "lifecycle/templates.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def template_new(request: HttpRequest, entity_id: UUID, kind: str, what: str) -> HttpResponse:
    """Add a step, leave one out, or move its day."""
    entity = get_object_or_404(LegalEntity, pk=entity_id)
    gate.require(request.user, Action.PERSON_CASE_TEMPLATE, entity_resource(entity))
    if kind not in dict(KINDS) or what not in TemplateChange.What.values:
        raise Http404
    home = f"{reverse('lifecycle:template_list')}?entity={entity.pk}&kind={kind}"
    page = Page(
        title={"added": _("Add a step"), "left_out": _("Leave a step out"), "moved": _("Move a due day")}[
            what
        ],
        submit=_("Save"),
        back=home,
        said=_("Cases that are opened from now on follow it."),
        lead=_("The steps of the pack stay the measure: the change is shown beside them, with its reason."),
        trail=trail((home, _("Steps of cases"))),
        template=FORM,
    )
    arguments: dict[str, Any] = {"entity": entity, "kind": kind, "what": what}
    initial = {"what": what, "kind": kind, "key": request.GET.get("step", "")}
    if what == TemplateChange.What.ADDED:
        roles = [(role.value, ROLE_LABELS[role]) for role in ROLES]
        form: Any = AddedStepForm(request.POST or None, roles=roles, initial=initial, **arguments)
    else:
        form = TemplateForm(request.POST or None, initial=initial, **arguments)

    def act(sent: Any) -> None:
        values = dict(sent.cleaned_data)
        if what == TemplateChange.What.ADDED:
            values["key"] = _key(values["title"])
        wish = ChangeWish(**{**values, "what": what, "kind": kind})
        template_change(actor=request.user, entity=entity, wish=wish)

    return form_page(request, page, form, act)


@login_required
@require_POST
def template_end(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """Take a change back."""
    row = get_object_or_404(TemplateChange.objects.select_related("entity"), pk=change_id)
    template_restore(actor=request.user, change=row)
    messages.success(request, _("The step is again as the pack has it."))
    return redirect(f"{reverse('lifecycle:template_list')}?entity={row.entity_id}&kind={row.kind}")


def _key(title: str) -> str:
    """Return a key for an added step that no step of a pack has."""
    return f"own-{slugify(title, allow_unicode=True)}"[:60]
