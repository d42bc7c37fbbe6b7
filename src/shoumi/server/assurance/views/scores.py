"""Scores of secrets: the list as last counted, one secret on any day with its missing proofs, the weights."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction import Proof
from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.accounts.views.wording import words_of
from shoumi.server.assurance.forms.measures import WeightForm
from shoumi.server.assurance.models import SecretScore, WeightChange
from shoumi.server.assurance.queries.grades import MissingProof, score_on
from shoumi.server.assurance.queries.scoping import (
    OVERSEEING,
    VIEWING,
    entities_overseen,
    place_resource,
    remit_resource,
    weight_resource,
    within,
)
from shoumi.server.assurance.queries.weights import weights_at, weights_waiting
from shoumi.server.assurance.services.weights import weight_confirm, weight_propose
from shoumi.server.assurance.views.framing import entity_asked, trail
from shoumi.server.files.listing import Choice, Column, Empty, Listing, ListingView, Preset, State
from shoumi.server.ledger.services import clock
from shoumi.server.people.models import Department
from shoumi.server.people.queries import today_of
from shoumi.server.people.queries.listing import scopes_of
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.secrets import secrets_visible_to

LEVELS = (
    ("core", gettext_lazy("Core")),
    ("important", gettext_lazy("Important")),
    ("general", gettext_lazy("General")),
)
KINDS = ("K1", "K2", "K3", "K4", "K5", "K6", "K7")
# where a missing proof is put right; the others are recorded by hand
REMEDIES = {
    "K2.reminder": "people:person_list",
    "K3.zone": "register:secret_files",
    "K4.mark": "register:secret_files",
    "K4.scope": "register:secret_people",
    "K4.isolate": "register:secret_files",
    "K5.second_factor": "register:secret_people",
    "K6.leavers": "assurance:leaver_list",
    "K6.accounts": "assurance:leaver_list",
    "K7.risk": "assurance:risk_list",
}


def _kind(key: str) -> Column:
    return Column(
        key,
        key,
        lambda row: row.kinds.get(key),
        kind="number",
        sort=f"kinds__{key}",
    )


def _departments(listing: Listing) -> list[tuple[str, str]]:
    rows = Department.objects.filter(pk__in=listing.rows().order_by().values("secret__owner_department"))
    return [(str(row.pk), row.name) for row in rows]


class ScoreListing(Listing):
    """The scores of secrets within the user's remit, as last counted."""

    name = "assurance.scores"
    title = gettext_lazy("Scores of measures")
    columns = (
        Column("number", gettext_lazy("Number"), "secret.number", kind="mono", sort="secret__number"),
        Column("name", gettext_lazy("Trade secret"), "secret.name", sort="secret__name", primary=True),
        Column("level", gettext_lazy("Level"), "secret.level", kind="level", sort="pass_mark"),
        Column("total", gettext_lazy("Score"), lambda row: row.total / 10, kind="number", sort="total"),
        Column("mark", gettext_lazy("Mark"), "pass_mark", kind="number", sort="pass_mark"),
        Column(
            "reached",
            gettext_lazy("Internal mark"),
            lambda row: State(_("Reached"), "good") if row.reached else State(_("Not reached"), "waiting"),
            kind="state",
            sort="reached",
        ),
        Column("missing", gettext_lazy("Missing proofs"), kind="number", sort="missing"),
        *(_kind(key) for key in KINDS),
        Column("department", gettext_lazy("Owner department"), "secret.owner_department.name", shown=False),
        Column(
            "counted", gettext_lazy("Counted"), "counted_at", kind="moment", sort="counted_at", shown=False
        ),
    )
    filters = (
        Choice("level", gettext_lazy("Level"), "secret__level", choices=LEVELS, many=True),
        Choice(
            "reached",
            gettext_lazy("Internal mark"),
            choices=(("yes", gettext_lazy("Reached")), ("no", gettext_lazy("Not reached"))),
            apply=lambda rows, value: rows.filter(reached=value == "yes"),
        ),
        Choice(
            "department", gettext_lazy("Owner department"), "secret__owner_department", choices=_departments
        ),
        Choice(
            "weak",
            gettext_lazy("Nothing shown for"),
            choices=[(key, key) for key in KINDS],
            apply=lambda rows, value: rows.filter(**{f"kinds__{value}": 0}),
        ),
    )
    search_fields = ("secret__name", "secret__number")
    search_label = gettext_lazy("Name or number")
    default_sort = "total"
    presets = (Preset(gettext_lazy("Not reached"), "reached=no"),)
    empty = Empty(
        gettext_lazy("Nothing is counted yet"),
        gettext_lazy("Scores are counted once a day for every registered secret."),
        icon="gauge",
    )
    export_action: ClassVar[Action] = Action.ASSURANCE_VIEW

    def rows(self) -> QuerySet[SecretScore]:
        """Return the scores of secrets that the user may see and whose figures are in the remit."""
        remit = within(
            scopes_of(self.user, VIEWING), entity="secret__entity", path="secret__owner_department__path"
        )
        rows = SecretScore.objects.select_related("secret__owner_department")
        return rows.filter(remit, secret__in=secrets_visible_to(self.user).order_by().values("pk"))

    def row_url(self, row: object) -> str:
        """Return the page of the score."""
        return reverse("assurance:score_detail", args=[row.pk])

    def export_resource(self) -> Resource:
        """Return the user's remit."""
        return remit_resource(self.user)


class ScoreListView(ListingView):
    """The page of the scores."""

    listing = ScoreListing
    template_name = "assurance/scores/list.html"

    def extra_context(self, listing: Listing) -> dict[str, object]:
        """Return the words of the kinds and of the proposal."""
        del listing
        entity = entities_overseen(self.request.user).first()
        weights = weights_at(entity, clock().now()) if entity else None
        return {"kinds": _kind_words(weights) if weights else [], "entity": entity, **_proposal(weights)}


def _kind_words(weights: Any) -> list[tuple[str, str, int]]:
    language = get_language() or "en"
    return [
        (kind.id, kind.names.in_language(language), weights.kinds[kind.id]) for kind in weights.table.kinds
    ]


def _proposal(weights: Any) -> dict[str, Any]:
    if weights is None:
        return {}
    language = get_language() or "en"
    return {
        "notice": weights.table.notice.in_language(language),
        "status": weights.table.origin.status,
        "source": weights.table.origin.source.in_language(language),
    }


def _day(request: HttpRequest, today: date) -> date:
    """Return the day that the address asks for, today if it is none or lies ahead."""
    try:
        return min(date.fromisoformat(request.GET.get("day", "")), today)
    except ValueError:
        return today


@login_required
@require_safe
def score_detail(request: HttpRequest, secret_id: UUID) -> HttpResponse:
    """Show the score of one secret at the end of a day, with what it rests on and what is missing."""
    secret = get_object_or_404(TradeSecret.objects.select_related("entity", "owner_department"), pk=secret_id)
    gate.require(request.user, Action.ASSURANCE_VIEW, place_resource(secret.entity, secret.owner_department))
    if not secrets_visible_to(request.user).filter(pk=secret.pk).exists():
        raise Http404
    today = today_of(secret.entity)
    day, language = _day(request, today), get_language() or "en"
    weights, found = score_on(secret.entity, day, secret.pk)
    kinds = []
    if found is not None:
        for share in found.score.kinds:
            proofs = [
                (proof.names.in_language(language), proof, found.secret.proofs.get(proof.id))
                for proof in share.kind.proofs
                if proof.needed_at(found.secret.level) or proof.id in found.secret.proofs
            ]
            kinds.append((share, share.kind.names.in_language(language), _percents(share), proofs))
    context = {
        "secret": secret,
        "day": day,
        "today": today,
        "found": found,
        "kinds": kinds,
        "missing": [_work(item, secret, language) for item in found.missing] if found else [],
        "deductions": [
            (deduction.names.in_language(language), round(100 * (1 - factor)))
            for deduction, factor in (found.score.deductions if found else ())
        ],
        "changes": weights.changes,
        "may_record": gate.permits(
            request.user, Action.MEASURE_RECORD, place_resource(secret.entity, secret.owner_department)
        ),
        **_proposal(weights),
    }
    return render(request, "assurance/scores/detail.html", context)


def _percents(share: Any) -> dict[str, int]:
    names = ("evidence", "coverage", "fit", "lived", "recognisable")
    return {name: round(100 * getattr(share.grade, name)) for name in names} | {
        "strength": round(100 * share.strength), "weight": round(100 * share.weight)
    }  # fmt: skip


def _work(item: MissingProof, secret: TradeSecret, language: str) -> dict[str, Any]:
    """Return an entry of the work list: what is missing, how much, and where it is put right."""
    state = item.state
    return {
        "proof": item.proof,
        "name": item.proof.names.in_language(language),
        "count": f"{state.have}/{state.need}" if state and state.need else "",
        "url": _remedy(item.proof, secret),
    }


def _remedy(proof: Proof, secret: TradeSecret) -> str:
    name = REMEDIES.get(proof.id)
    if name is None:
        address = reverse("assurance:measure_create", args=["for"])
        return f"{address}?entity={secret.entity.code}&proof={proof.id}"
    return reverse(name, args=[secret.pk] if name.startswith("register:secret_") else [])


@login_required
@require_http_methods(["GET", "POST"])
def weights(request: HttpRequest) -> HttpResponse:
    """Show the weights and marks in force, who changed them and why; take a proposal of counsel."""
    entity = entity_asked(request, OVERSEEING)
    if entity is None:
        raise Http404
    gate.require(request.user, Action.ASSURANCE_VIEW, place_resource(entity, None))
    form = WeightForm(request.POST or None, entity=entity)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            weight_propose(
                actor=request.user,
                entity=entity,
                key=values["key"],
                value=values["value"],
                reason=values["reason"],
            )
        except InputError as error:
            form.add_error("value", words_of(error))
        else:
            messages.success(request, _("The proposal waits for another person to confirm it."))
            return redirect(f"{reverse('assurance:weights')}?entity={entity.code}")
    held = weights_at(entity, clock().now())
    changed = {change.key: change for change in held.changes}
    marks = [
        (level, label, held.pass_marks[level], held.table.pass_marks[level], changed.get(level))
        for level, label in LEVELS
    ]
    waiting = [
        (
            change,
            gate.permits(
                request.user,
                Action.WEIGHT_CONFIRM,
                weight_resource(entity, change.key, str(change.set_by_id)),
            ),
        )
        for change in weights_waiting(entity)
    ]
    context = {
        "entity": entity,
        "entities": entities_overseen(request.user, OVERSEEING),
        "form": form,
        "may_propose": gate.permits(request.user, Action.WEIGHT_PROPOSE, weight_resource(entity, "K1")),
        "kinds": [
            (kind.id, kind.names.in_language(get_language() or "en"), held.kinds[kind.id], kind.weight,
             changed.get(kind.id), kind.cite)
            for kind in held.table.kinds
        ],
        "marks": marks,
        "waiting": waiting,
        "trail": trail((reverse("assurance:score_list"), _("Scores of measures"))),
        **_proposal(held),
    }  # fmt: skip
    return render(request, "assurance/scores/weights.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def weight_confirmed(request: HttpRequest, change_id: int) -> HttpResponse:
    """Let a proposed weight hold."""
    change = get_object_or_404(WeightChange.objects.select_related("entity"), pk=change_id)
    weight_confirm(actor=request.user, change_id=change.pk)
    messages.success(request, _("The change holds from now on; earlier days keep their weights."))
    return redirect(f"{reverse('assurance:weights')}?entity={change.entity.code}")
