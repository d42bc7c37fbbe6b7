"""The catalogues of the pack as the company has them: entry by entry beside the pack's default."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.people.models import LEVELS, LegalEntity
from shoumi.server.people.queries import entities_visible
from shoumi.server.register.forms.catalogues import WHEN_WORDS, EntryForm
from shoumi.server.register.models import CatalogueEntry
from shoumi.server.register.queries.catalogues import catalogue_rows, company_pack, entries_waiting
from shoumi.server.register.queries.resources import setting_resource
from shoumi.server.register.queries.words import GROUP_WORDS, category_words, period_words
from shoumi.server.register.services import catalogues
from shoumi.server.register.views.finding import spoken

Catalogue = CatalogueEntry.Catalogue
NEW = "new"
EMPTY: dict[str, dict[str, Any]] = {
    Catalogue.CATEGORIES: {
        "names": dict.fromkeys(("zh", "ja", "en"), ""),
        "group": "technical",
        "used": True,
    },
    Catalogue.EXCLUSION_FIELDS: {"names": dict.fromkeys(("zh", "ja", "en"), ""), "record_when": "always"},
}


@login_required
@require_safe
def catalogue(request: HttpRequest, name: str = Catalogue.CATEGORIES) -> HttpResponse:
    """Show one catalogue: what the pack says, what the company has, and why."""
    if name not in Catalogue.values:
        raise Http404
    entity, entities = _entity(request)
    pack = company_pack(entity.pk, entity.pack)
    rows = [
        {
            "item": row.item,
            "title": _title(pack, name, row.item),
            "pack": _said(row.pack_value),
            "value": _said(row.value),
            "own": row.own,
        }
        for row in catalogue_rows(entity, name)
    ]
    context = {
        "entity": entity,
        "entities": entities,
        "name": name,
        "label": Catalogue(name).label,
        "tabs": Catalogue.choices,
        "rows": rows,
        "waiting": [
            (row, Catalogue(row.catalogue).label, _said(row.pack_value), _said(row.value))
            for row in entries_waiting(entity.pk)
        ],
        "may_edit": gate.permits(request.user, Action.SETTINGS_EDIT, setting_resource(entity, "catalogue")),
        "takes_new": name in EMPTY,
        "history": CatalogueEntry.objects.filter(
            entity=entity, catalogue=name, replaced_at__isnull=False, confirmed_at__isnull=False
        ).select_related("set_by", "confirmed_by")[:20],
    }
    return render(request, "register/catalogues/catalogue.html", context)


@login_required
def entry(request: HttpRequest, name: str, item: str) -> HttpResponse:
    """Propose another value for one entry, a new entry, or going back to the pack."""
    entity, _entities = _entity(request)
    gate.require(request.user, Action.SETTINGS_EDIT, setting_resource(entity, "catalogue"))
    fresh = item == NEW
    row = None if fresh else next((row for row in _rows(entity, name) if row.item == item), None)
    if (fresh and name not in EMPTY) or (not fresh and row is None):
        raise Http404
    value = EMPTY[name] if fresh else dict(row.value if row else {})
    pack = company_pack(entity.pk, entity.pack)
    form = EntryForm(request.POST or None, pack=pack, value=value, fresh=fresh)
    status = 200
    if request.method == "POST":
        status = 422
        if _proposed(request, entity, name, item, form):
            messages.success(
                request, _("The entry is proposed; it holds when another person has confirmed it.")
            )
            return redirect(_address(name, entity))
    context = {
        "entity": entity,
        "name": name,
        "label": Catalogue(name).label,
        "title": _("New entry") if fresh else _title(pack, name, item),
        "form": form,
        "pack_value": "" if fresh or row is None else _said(row.pack_value),
        "own": row.own if row else None,
    }
    return render(request, "register/catalogues/entry.html", context, status=status)


@login_required
@require_POST
def confirm(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Confirm a proposed entry."""
    row = catalogues.catalogue_confirm(actor=request.user, entry_id=entry_id)
    messages.success(request, _("The entry holds from now on; what was decided before keeps its standard."))
    return redirect(_address(row.catalogue, row.entity))


def _proposed(request: HttpRequest, entity: LegalEntity, name: str, item: str, form: EntryForm) -> bool:
    """Propose what was entered, or going back; say what stands against it."""
    reset = request.POST.get("do") == "reset"
    reason = request.POST.get("reason", "")
    try:
        if reset:
            catalogues.catalogue_reset(
                actor=request.user, entity=entity, catalogue=name, item=item, reason=reason
            )
            return True
        if not form.is_valid():
            return False
        catalogues.catalogue_propose(
            actor=request.user,
            entity=entity,
            catalogue=name,
            item=form.cleaned_data.get("item", item),
            value=form.value(),
            reason=reason,
        )
    except (ConflictError, InputError) as error:
        form.add_error(None, spoken(error))
        return False
    return True


def _rows(entity: LegalEntity, name: str) -> list[Any]:
    return catalogue_rows(entity, name) if name in Catalogue.values else []


def _entity(request: HttpRequest) -> tuple[LegalEntity, list[LegalEntity]]:
    entities = list(entities_visible(request.user))
    wanted = request.GET.get("entity")
    entity = next((row for row in entities if row.code == wanted), entities[0] if entities else None)
    if entity is None:
        raise Http404
    return entity, entities


def _address(name: str, entity: LegalEntity) -> str:
    return f"{reverse('register:catalogue', args=[name])}?entity={entity.code}"


def _title(pack: Any, name: str, item: str) -> str:
    """Return an entry's id in words where the id alone says little."""
    if name == Catalogue.ARCHIVE_ACCESS:
        return category_words(pack, item)
    return item


def _said(value: dict[str, Any]) -> str:
    """Return a value in the reader's words."""
    return " · ".join(words for key, held in value.items() if (words := WORDS[key](held)))


def _named(names: dict[str, str]) -> str:
    return names.get((get_language() or "en")[:2], "")


def _clearance(rank: int) -> str:
    return str(dict(LEVELS)[rank]) if rank else _("as the level of the line")


WORDS: dict[str, Callable[[Any], str]] = {
    "names": _named,
    "group": lambda group: str(GROUP_WORDS[group]),
    "used": lambda used: "" if used else _("not in use"),
    "weight": lambda weight: _("weight %(weight)d") % {"weight": weight},
    "required": lambda required: _("must be graded") if required else _("may be left out"),
    "percent": lambda percent: _("from %(percent)d %% on") % {"percent": percent},
    "codes": lambda codes: "、".join(period_words(code) for code in codes),
    "record_when": lambda when: str(WHEN_WORDS[when]),
    "days": lambda days: _("%(days)d days") % {"days": days},
    "clearance": _clearance,
}
