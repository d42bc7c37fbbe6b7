"""Proposing a designation: what is to be designated, how risky it is, which level, and why.

Follows the seed guide 四(一)6.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from shoumi.engine.jurisdiction.duties import load_duties
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.files.stepping import Part, Stepper
from shoumi.server.people.models import Department, Person, Post
from shoumi.server.people.models.organisation import LEVEL_IDS
from shoumi.server.people.queries import department_resource, entities_visible
from shoumi.server.register.forms.duties import DutyForm, RisksForm, TargetForm
from shoumi.server.register.models import Duty
from shoumi.server.register.queries.choosing import departments_of, persons_of, posts_of
from shoumi.server.register.queries.duties import (
    Target,
    department_of,
    highest_secret,
    proposal_for,
    secrets_known_to,
)
from shoumi.server.register.services import duties

MODELS: dict[str, type[Department | Post | Person]] = {
    "department": Department,
    "post": Post,
    "person": Person,
}
PARTS = (
    Part("risk", gettext_lazy("How risky it is"), RisksForm, "register/duties/_risk.html"),
    Part("level", gettext_lazy("Which level"), DutyForm, "register/duties/_level.html"),
)


@login_required
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Choose what is to be designated."""
    form = TargetForm(request.POST or None, choices=_choices(request))
    if request.method == "POST" and form.is_valid():
        kind = form.cleaned_data["kind"]
        return redirect("register:duty_propose", kind, form.cleaned_data[kind])
    status = 422 if request.method == "POST" else 200
    return render(request, "register/duties/choose.html", {"form": form}, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, kind: str, target_id: UUID, part: str) -> HttpResponse:
    """Grade the risk of a target, see what it speaks for, decide the level and say why."""
    target = _target(kind, target_id)
    department = department_of(target)
    if department is None:
        raise Http404
    gate.require(request.user, Action.DUTY_PROPOSE, department_resource(department))
    table = load_duties(department.entity.pack)

    def summary(values: Mapping[str, Any]) -> dict[str, Any]:
        grades = {factor: given["grade"] for factor, given in values["grades"].items()}
        proposal = proposal_for(target, department.entity.pack, grades)
        return {"proposal": proposal, "proposed_level": LEVEL_IDS[proposal.level]}

    def finish(values: Mapping[str, Any]) -> str:
        duty = duties.duty_propose(
            actor=request.user,
            target=target,
            grades=values["grades"],
            level=values["level"],
            reason=values["reason"],
        )
        messages.success(request, _("The designation is proposed."))
        return reverse("register:duty_detail", args=[duty.pk])

    stepper = Stepper(
        name=f"duty-{kind}-{target.pk}",
        parts=PARTS,
        title=f"{Duty.Kind(kind).label}: {target}",
        submit=_("Propose"),
        back=reverse("register:duty_list"),
        address=lambda key: reverse("register:duty_propose_part", args=[kind, target.pk, key]),
        finish=finish,
        arguments={"table": table},
        initial={},
        summary=summary,
        trail=((reverse("register:duty_list"), _("Secret departments, posts and persons")),),
        lead=department,
        styles=("shoumi/register.css",),
        shown={
            "highest": LEVEL_IDS[highest_secret(target)],
            "known": secrets_known_to(target).count(),
            "origin": table.origin,
        },
    )
    return stepper.page(request, part)


def _target(kind: str, key: UUID) -> Target:
    try:
        found = MODELS[kind].objects.filter(pk=key).first()
    except (KeyError, ValidationError):
        found = None
    if found is None:
        raise Http404
    return found


def _choices(request: HttpRequest) -> dict[str, list[tuple[str, str]]]:
    """Return what the user may propose, by kind."""
    rows = [
        row
        for entity in entities_visible(request.user)
        for row in departments_of(entity.pk).select_related("entity")
    ]
    decisions = gate.decide_each(
        request.user, [(Action.DUTY_PROPOSE, department_resource(row)) for row in rows]
    )
    mine = [row for row, decision in zip(rows, decisions, strict=True) if decision.permitted]
    keys = {row.pk for row in mine}
    entities = {row.entity_id for row in mine}
    posts = [row for key in entities for row in posts_of(key) if row.department_id in keys]
    people = [row for key in entities for row in persons_of(key)]
    return {
        "department": [(str(row.pk), str(row)) for row in mine],
        "post": [(str(row.pk), f"{row.department} · {row}") for row in posts],
        "person": [(str(row.pk), f"{row.name} ({row.number})") for row in people],
    }
