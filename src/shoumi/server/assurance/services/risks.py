"""Writes of the risk register: made, changed, reviewed; each saved state is kept as a version.

Follows the services pattern: permission before the transaction, one transaction, one ledger entry.  Links
name registered secrets only, open zones and posts of the same legal entity, and partners by name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.jurisdiction.assurance import load_assurance
from shoumi.engine.policy import Action, resources
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.assurance.models import Risk, RiskLink, RiskVersion
from shoumi.server.assurance.queries.risks import LINKABLE, risk_record, risk_resource
from shoumi.server.assurance.queries.scoping import places
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import Department, LegalEntity, Person, Post
from shoumi.server.places.models import Zone
from shoumi.server.register.models import TradeSecret


class RiskUnknownError(InputError):
    """There is no such risk."""

    code = "assurance.risk_unknown"
    message = "There is no such risk."


class RiskChangedError(ConflictError):
    """Somebody else saved the risk meanwhile."""

    code = "assurance.risk_changed"
    message = "Somebody else saved this risk in the meantime; look at it again and repeat your change."


class RiskValueError(InputError):
    """A value does not fit the risk."""

    code = "assurance.risk_value"
    message = "“{value}” does not fit here."


class RiskReasonError(InputError):
    """Likelihood and impact need their reasons."""

    code = "assurance.risk_reason"
    message = "Give the reasons for likelihood and impact."


class RiskLinkError(InputError):
    """A risk links only to what is registered and belongs to the same legal entity."""

    code = "assurance.risk_link"
    message = "A risk links only to registered secrets, open zones and posts of the same legal entity."


@dataclass(frozen=True, slots=True)
class Links:
    """What a risk is about."""

    secrets: tuple[UUID, ...] = ()
    zones: tuple[UUID, ...] = ()
    posts: tuple[UUID, ...] = ()
    partners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RiskValues:
    """Everything a person says about a risk."""

    title: str
    channel: str
    likelihood: int
    likelihood_reason: str
    impact: int
    impact_reason: str
    owner: Person
    review_on: date
    harms: tuple[str, ...] = ()
    description: str = ""
    treatment: str = Risk.Treatment.REDUCE
    measures: str = ""
    department: Department | None = None
    state: str = Risk.State.OPEN
    links: Links = field(default_factory=Links)


def risk_create(*, actor: User, entity: LegalEntity, values: RiskValues) -> Risk:
    """Put a risk into the register of `entity`.

    Raises:
        NotPermittedError: the actor does not keep this part of the register.
        RiskValueError, RiskReasonError, RiskLinkError: each as it says.
    """
    gate.require(actor, Action.RISK_EDIT, resources.risk("new", places=places(entity, values.department)))
    _verify(entity, values)
    now = clock().now()
    with transaction.atomic():
        LegalEntity.objects.select_for_update(no_key=True).get(
            pk=entity.pk
        )  # numbers are drawn one after another
        last = Risk.objects.filter(entity=entity).aggregate(last=Max("number"))["last"] or 0
        risk = Risk(entity=entity, number=last + 1, created_at=now)
        _fill(risk, values)
        risk.save()
        _link(risk, values.links)
        _keep(risk, actor, reason="")
        append(
            LedgerTag.ASSURANCE_RISK_CREATED,
            actor=actor.ledger_actor,
            subject=risk.ledger_subject,
            detail=_detail(risk),
        )
    return risk


def risk_change(
    *, actor: User, risk_id: UUID, expected_version: int, values: RiskValues, reason: str = ""
) -> Risk:
    """Save other values of a risk; the former ones stay as a version.

    Raises:
        RiskUnknownError, RiskChangedError, NotPermittedError, RiskValueError, RiskReasonError, RiskLinkError
    """
    found = Risk.objects.select_related("entity", "department").filter(pk=risk_id).first()
    if found is None:
        raise RiskUnknownError
    gate.require(actor, Action.RISK_EDIT, risk_resource(found))
    if values.department != found.department:
        moved = resources.risk("moved", places=places(found.entity, values.department))
        gate.require(actor, Action.RISK_EDIT, moved)
    _verify(found.entity, values)
    with transaction.atomic():
        risk = _locked(risk_id, expected_version)
        _fill(risk, values)
        risk.version += 1
        risk.save()
        risk.links.all().delete()
        _link(risk, values.links)
        _keep(risk, actor, reason=reason.strip())
        append(
            LedgerTag.ASSURANCE_RISK_CHANGED,
            actor=actor.ledger_actor,
            subject=risk.ledger_subject,
            detail={**_detail(risk), "version": str(risk.version), "reason": reason.strip()},
        )
    return risk


def risk_review(*, actor: User, risk_id: UUID, expected_version: int, next_review: date, note: str) -> Risk:
    """Record that a risk was looked at again and still stands as it is.

    Raises:
        RiskUnknownError, RiskChangedError, NotPermittedError, RiskReasonError
    """
    found = Risk.objects.select_related("entity", "department").filter(pk=risk_id).first()
    if found is None:
        raise RiskUnknownError
    gate.require(actor, Action.RISK_EDIT, risk_resource(found))
    if not note.strip():
        raise RiskReasonError
    with transaction.atomic():
        risk = _locked(risk_id, expected_version)
        risk.review_on, risk.reviewed_at = next_review, clock().now()
        risk.version += 1
        risk.save()
        _keep(risk, actor, reason=note.strip())
        append(
            LedgerTag.ASSURANCE_RISK_REVIEWED,
            actor=actor.ledger_actor,
            subject=risk.ledger_subject,
            detail={"version": str(risk.version), "review_on": next_review.isoformat(), "note": note.strip()},
        )
    return risk


def _locked(risk_id: UUID, expected_version: int) -> Risk:
    risk = (
        Risk.objects.select_for_update(of=("self",), no_key=True)
        .select_related("entity", "owner")
        .get(pk=risk_id)
    )
    if risk.version != expected_version:
        raise RiskChangedError
    return risk


def _verify(entity: LegalEntity, values: RiskValues) -> None:
    table = load_assurance(entity.pack).risks
    closed_lists: Iterable[tuple[str, Iterable[str]]] = (
        (values.channel, [item.id for item in table.channels]),
        *((harm, [item.id for item in table.harms]) for harm in values.harms),
        (str(values.likelihood), [item.id for item in table.likelihood]),
        (str(values.impact), [item.id for item in table.impact]),
        (values.treatment, Risk.Treatment.values),
        (values.state, Risk.State.values),
    )
    for value, known in closed_lists:
        if value not in known:
            raise RiskValueError(value=value)
    if not values.title.strip():
        raise RiskValueError(value=values.title)
    if values.department and values.department.entity_id != entity.pk:
        raise RiskValueError(value=str(values.department))
    if not values.likelihood_reason.strip() or not values.impact_reason.strip():
        raise RiskReasonError
    _verify_links(entity, values.links)


def _verify_links(entity: LegalEntity, links: Links) -> None:
    wanted = (
        (links.secrets, TradeSecret.objects.filter(entity=entity, state__in=LINKABLE)),
        (links.zones, Zone.objects.filter(entity=entity, closed_on=None)),
        (links.posts, Post.objects.filter(department__entity=entity)),
    )
    for ids, rows in wanted:
        if set(ids) - set(rows.filter(pk__in=ids).values_list("pk", flat=True)):
            raise RiskLinkError


def _fill(risk: Risk, values: RiskValues) -> None:
    for name in ("title", "description", "likelihood_reason", "impact_reason", "measures"):
        setattr(risk, name, getattr(values, name).strip())
    for name in ("channel", "likelihood", "impact", "owner", "review_on", "treatment", "department", "state"):
        setattr(risk, name, getattr(values, name))
    risk.harms = list(dict.fromkeys(values.harms))


def _link(risk: Risk, links: Links) -> None:
    kind = RiskLink.Kind
    rows = [RiskLink(risk=risk, kind=kind.SECRET, secret_id=key) for key in dict.fromkeys(links.secrets)]
    rows += [RiskLink(risk=risk, kind=kind.ZONE, zone_id=key) for key in dict.fromkeys(links.zones)]
    rows += [RiskLink(risk=risk, kind=kind.POST, post_id=key) for key in dict.fromkeys(links.posts)]
    names = dict.fromkeys(name.strip() for name in links.partners if name.strip())
    rows += [RiskLink(risk=risk, kind=kind.PARTNER, partner=name) for name in names]
    RiskLink.objects.bulk_create(rows)


def _keep(risk: Risk, actor: User, *, reason: str) -> None:
    RiskVersion.objects.create(
        risk=risk,
        ordinal=risk.version,
        record=risk_record(risk),
        reason=reason,
        made_by=actor,
        made_at=clock().now(),
    )


def _detail(risk: Risk) -> dict[str, object]:
    return {
        "channel": risk.channel,
        "harms": list(risk.harms),
        "likelihood": str(risk.likelihood),
        "impact": str(risk.impact),
        "treatment": risk.treatment,
        "state": risk.state,
    }
