"""The one decision point: may this subject do this action to this resource in this context?

Evaluated by Cedar (cedarpy) with the slice of entities that a request needs: the subject and the resource.
Permitted means that Cedar allows *and* met no error *and* subject, resource and request fit the schema: Cedar
skips a `forbid` whose condition errors, so an error must never end in a permission.
Nothing is stored or written here: whoever acts on a permission fulfils its obligations or refuses.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import cedarpy

from shoumi.engine.policy.actions import Action
from shoumi.engine.policy.rules import FAULT, NO_RULE, RuleBook, shipped_rule_book
from shoumi.engine.policy.values import (
    Attribute,
    Context,
    Decision,
    Effect,
    Obligation,
    Resource,
    Role,
    Subject,
)

_ROLE_ATTRIBUTE = {
    Role.SECRECY_OFFICER: "secrecyOfficer",
    Role.DEPARTMENT_SECRECY_OFFICER: "departmentSecrecyOfficer",
    Role.DEPARTMENT_OWNER: "departmentOwner",
    Role.LEADER: "leader",
    Role.LEGAL: "legal",
    Role.HR: "hr",
    Role.IT_ADMINISTRATOR: "itAdministrator",
    Role.AUDITOR: "auditor",
    Role.OUTSIDE_COUNSEL: "outsideCounsel",
    Role.EMPLOYEE: "employee",
}

# Attributes that refer to an entity, with its type; all others are plain values.
_REFERENCES = {
    "proposer": "Account",
    "reviewers": "Account",
    "deciders": "Account",
    "decided": "Account",
    "reporter": "Account",
    "requester": "Account",
    "grantee": "Account",
    "signer": "Account",
    "bearer": "Person",
    "post": "Post",
    "owner": "Account",
    "doers": "Account",
    "managers": "Account",
    "assessors": "Account",
    "reporters": "Account",
    "receiver": "Account",
    "signers": "Account",
    "attestors": "Account",
    "about": "Person",
    "witnesses": "Account",
    "custodian": "Person",
    "party": "Person",
    "observers": "Person",
    "host": "Person",
    "learner": "Person",
    "attendees": "Person",
    "owners": "Person",
    "escort": "Person",
    "keepers": "Person",
    "riskOwner": "Person",
    "keeper": "Person",
    "holder": "Person",
    "recipient": "Person",
    "persons": "Person",
    "posts": "Post",
    "departments": "Scope",
    "cases": "Scope",
    "scope": "Scope",
}


def _uid(kind: str, entity_id: str) -> dict[str, str]:
    return {"type": f"Shoumi::{kind}", "id": entity_id}


def _reference(kind: str, entity_id: str) -> dict[str, Any]:
    return {"__entity": _uid(kind, entity_id)}


def _references(kind: str, entity_ids: frozenset[str]) -> list[dict[str, Any]]:
    return [_reference(kind, item) for item in sorted(entity_ids)]


def _moment(moment: datetime) -> dict[str, Any]:
    if moment.tzinfo is None:
        raise ValueError("a time without zone is not a time")
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"__extn": {"fn": "datetime", "arg": text}}


def _attribute(name: str, value: Attribute) -> Any:  # noqa: ANN401 - a JSON value
    kind = _REFERENCES.get(name)
    if isinstance(value, frozenset):
        return _references(kind, value) if kind else sorted(value)
    return _reference(kind, str(value)) if kind else value


def _account(subject: Subject, now: datetime) -> dict[str, Any]:
    roles: dict[str, set[str]] = {name: set() for name in _ROLE_ATTRIBUTE.values()}
    for held in subject.roles:
        if held.in_force(now):
            roles[_ROLE_ATTRIBUTE[held.role]].add(held.scope)
    attributes: dict[str, Any] = {
        "active": subject.active,
        "clearance": subject.clearance,
        "departments": _references("Scope", subject.own_departments),
        "posts": _references("Post", subject.posts),
        "roles": {name: _references("Scope", frozenset(scopes)) for name, scopes in roles.items()},
        "external": any(held.role is Role.OUTSIDE_COUNSEL for held in subject.roles),
    }
    if subject.ends_at is not None:
        attributes["endsAt"] = _moment(subject.ends_at)
    if subject.person is not None:
        attributes["person"] = _reference("Person", subject.person)
    parents = [_uid("Scope", place) for place in sorted(subject.places)]
    return {"uid": _uid("Account", subject.id), "attrs": attributes, "parents": parents}


def _thing(resource: Resource) -> dict[str, Any]:
    attributes = {
        name: _attribute(name, value) for name, value in resource.attributes.items() if value is not None
    }
    parents = [_uid("Scope", place) for place in sorted(resource.parents)]
    return {"uid": _uid(resource.kind, resource.id), "attrs": attributes, "parents": parents}


def _things(wishes: Sequence[tuple[Action, Resource]]) -> list[dict[str, Any]]:
    things: dict[tuple[str, str], dict[str, Any]] = {}
    for _action, item in wishes:
        thing = _thing(item)
        if things.setdefault((item.kind, item.id), thing) != thing:
            text = f"two descriptions of {item.kind} {item.id}"
            raise ValueError(text)
    return list(things.values())


def decide(
    subject: Subject,
    action: Action,
    resource: Resource,
    context: Context,
    *,
    book: RuleBook | None = None,
) -> Decision:
    """Return whether `subject` may do `action` to `resource`, by which rules, and with which obligations.

    Costs about half a millisecond.  Never raises for a fault of the values: those end in a faulty refusal.

    Raises:
        PolicyRulesError: the shipped rules are at fault (first call only; `book` is not checked).
    """
    return decide_each(subject, ((action, resource),), context, book=book)[0]


def decide_each(
    subject: Subject,
    wishes: Sequence[tuple[Action, Resource]],
    context: Context,
    *,
    book: RuleBook | None = None,
) -> list[Decision]:
    """Return one decision per wish, in their order; cheaper than one by one, with the same results.

    Two wishes about the same resource must give the same facts of it.  If they do not, or if a resource does
    not fit the schema, every wish of the call ends in a faulty refusal.

    Raises:
        PolicyRulesError: as for `decide`.
    """
    book = book or shipped_rule_book()
    if not wishes:
        return []
    try:
        account = _account(subject, context.now)
        entities = cedarpy.Entities.from_json_str(json.dumps([account, *_things(wishes)]), book.schema)
        situation = {"now": _moment(context.now), "purpose": context.purpose}
        requests = [
            {
                "principal": _uid("Account", subject.id),
                "action": _uid("Action", action),
                "resource": _uid(item.kind, item.id),
                "context": situation,
            }
            for action, item in wishes
        ]
        return [
            _decision(
                cedarpy.is_authorized(request, book.permissions(action), entities, book.schema),
                request,
                entities,
                book,
            )
            for (action, _item), request in zip(wishes, requests, strict=True)
        ]
    except (ValueError, TypeError, KeyError) as error:
        return [_refusal(faults=(str(error),)) for _ in wishes]


def _refusal(reasons: tuple[str, ...] = (FAULT,), faults: tuple[str, ...] = ()) -> Decision:
    return Decision(Effect.REFUSE, reasons, faulty=bool(faults), faults=faults)


def _ids(result: cedarpy.AuthzResult) -> tuple[str, ...]:
    """Return the ids of the rules that decided; a rule without id shows as its number in the set."""
    named: Mapping[str, str] = result.diagnostics.id_annotations_by_reason
    return tuple(sorted({named.get(name) or name for name in result.diagnostics.reasons}))


def _decision(
    result: cedarpy.AuthzResult,
    request: Mapping[str, Any],
    entities: cedarpy.Entities,
    book: RuleBook,
) -> Decision:
    errors = tuple(result.diagnostics.errors)
    if errors:
        return _refusal((FAULT,), errors)
    if result.decision is cedarpy.Decision.Deny:
        return _refusal(_ids(result) or (NO_RULE,))
    if result.decision is not cedarpy.Decision.Allow:
        return _refusal((FAULT,), (f"no decision: {result.decision}",))
    duties = cedarpy.is_authorized(dict(request), book.duties, entities, book.schema)
    if duties.diagnostics.errors:
        return _refusal((FAULT,), tuple(duties.diagnostics.errors))
    obligations = frozenset(Obligation(book.rules[name].obligation) for name in _ids(duties))
    return Decision(Effect.PERMIT, _ids(result), obligations)
