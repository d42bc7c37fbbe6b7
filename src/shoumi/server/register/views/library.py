"""The law library and the defaults: what the packs say, since when, how sure, and where the company departs.

Follows the packs under `shoumi.packs`; unconfirmed entries say so.  Not legal advice, as each pack states.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shoumi.engine.jurisdiction import Pack, Provision, Rule, load_pack, pack_ids
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.ledger.services import clock
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entities_visible
from shoumi.server.register.forms.choices import said
from shoumi.server.register.forms.defaults import DefaultForm
from shoumi.server.register.queries.resources import setting_resource
from shoumi.server.register.queries.standards import defaults_waiting, pack_for, standards_of
from shoumi.server.register.services.defaults import default_confirm, default_propose


@dataclass(frozen=True, slots=True)
class Article:
    """One concept with the articles it had and has."""

    concept: str
    title: str
    provisions: tuple[Provision, ...]
    now: Provision | None


@login_required
@require_safe
def library(request: HttpRequest, pack: str = "") -> HttpResponse:
    """Show the rules of one pack as they hold on a day, and the map of old and new articles."""
    chosen = pack or _own_pack(request)
    if chosen not in pack_ids():
        raise Http404
    found = load_pack(chosen)
    day = _day(request.GET.get("day", ""))
    words = request.GET.get("q", "").strip().casefold()
    rules = [
        rule
        for rule in found.rules
        if not words or words in f"{rule.id} {rule.cite} {said(rule.compute)}".casefold()
    ]
    context = {
        "pack": found,
        "packs": [load_pack(item) for item in pack_ids()],
        "day": day,
        "q": request.GET.get("q", ""),
        "rules": [(rule, _standing(rule, day)) for rule in rules],
        "articles": list(_articles(found, day)),
        "unconfirmed": sum(rule.status == "unconfirmed" for rule in found.rules),
    }
    return render(request, "register/library.html", context)


@login_required
def defaults(request: HttpRequest) -> HttpResponse:
    """Show the defaults of each level and where the company departs from the pack; take proposals."""
    entities = list(entities_visible(request.user))
    entity = next(
        (row for row in entities if row.code == request.GET.get("entity")), entities[0] if entities else None
    )
    if entity is None:
        raise Http404
    pack = pack_for(entity.pack)
    setting = setting_resource(entity, "defaults")
    form = DefaultForm(request.POST or None, pack=pack)
    if request.method == "POST" and form.is_valid():
        default_propose(actor=request.user, entity=entity, **form.values())
        messages.success(
            request, _("The default is proposed; it holds when another person has confirmed it.")
        )
        return redirect(request.get_full_path())
    context = {
        "entity": entity,
        "entities": entities,
        "pack": pack,
        "standards": standards_of(entity.pk, pack),
        "waiting": list(defaults_waiting(entity.pk)),
        "form": form,
        "may_edit": gate.permits(request.user, Action.SETTINGS_EDIT, setting),
    }
    return render(request, "register/defaults.html", context)


@login_required
@require_POST
def confirm_default(request: HttpRequest, default_id: int) -> HttpResponse:
    """Confirm a proposed default."""
    row = default_confirm(actor=request.user, default_id=default_id)
    messages.success(request, _("The default holds from now on."))
    return redirect(f"{reverse('register:defaults')}?entity={row.entity.code}")


def _own_pack(request: HttpRequest) -> str:
    entity: LegalEntity | None = entities_visible(request.user).first()
    return entity.pack if entity else "cn"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return clock().now().date()


def _standing(rule: Rule, day: date) -> str:
    """Return whether a rule holds on a day: `now`, `not_yet` or `over`."""
    if rule.period.covers(day):
        return "now"
    return "not_yet" if rule.period.start is not None and day < rule.period.start else "over"


def _articles(pack: Pack, day: date) -> Iterable[Article]:
    by_concept: dict[str, list[Provision]] = {}
    for provision in pack.provisions:
        by_concept.setdefault(provision.concept, []).append(provision)
    for concept, rows in by_concept.items():
        now = next((row for row in rows if row.period.covers(day)), None)
        yield Article(concept, concept, tuple(rows), now)
