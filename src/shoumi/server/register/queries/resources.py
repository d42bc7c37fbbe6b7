"""Secrets, their files and their evidence as the rules see them.

The facts are those of `engine.policy.facts.SecretFacts`; who may do what stands in its Cedar rules only.
"""

from __future__ import annotations

from dataclasses import replace

from shoumi.engine.policy import Resource, resources
from shoumi.engine.policy.facts import SecretFacts
from shoumi.engine.policy.values import Stage
from shoumi.server.approvals.queries import deciders_of, earlier_deciders_of
from shoumi.server.people.models import Department, LegalEntity
from shoumi.server.people.queries import department_places
from shoumi.server.register.models import ScopeEntry, TradeSecret
from shoumi.server.register.queries.standards import level_of, pack_for

State = TradeSecret.State
STAGES = {
    State.DRAFT: Stage.DRAFT,
    State.RETURNED: Stage.RETURNED,
    State.PROPOSED: Stage.PROPOSED,
    State.UNDER_REVIEW: Stage.PROPOSED,
    State.AWAITING_APPROVAL: Stage.PROPOSED,
    State.REGISTERED: Stage.REGISTERED,
    State.CHANGING: Stage.REGISTERED,
    State.DECLASSIFIED: Stage.DECLASSIFIED,
    State.WITHDRAWN: Stage.CLOSED,
    State.NOT_A_SECRET: Stage.CLOSED,
    State.DESTROYED: Stage.CLOSED,
}
MAKERS = {"secret": resources.secret, "file": resources.file, "evidence": resources.evidence}


def secret_facts(secret: TradeSecret) -> SecretFacts:
    """Return what the rules read of a secret; a handful of queries."""
    entries = list(secret.scope.all())
    departments = {str(row.department_id) for row in entries if row.kind == ScopeEntry.Kind.DEPARTMENTS}
    if any(row.kind == ScopeEntry.Kind.ALL_STAFF for row in entries):
        roots = Department.objects.filter(entity_id=secret.entity_id, parent=None)
        departments |= {str(pk) for pk in roots.values_list("pk", flat=True)}
    return SecretFacts(
        stage=STAGES[State(secret.state)],
        level=level_rank(secret),
        proposer=None if secret.legacy else str(secret.proposer_id),
        reviewers=frozenset(earlier_deciders_of(secret.request_id)),
        deciders=frozenset(deciders_of(secret.ledger_subject)),
        custodian=str(secret.custodian_id) if secret.custodian_id else None,
        departments=frozenset(departments),
        posts=frozenset(str(row.post_id) for row in entries if row.kind == ScopeEntry.Kind.POSTS),
        persons=frozenset(str(row.person_id) for row in entries if row.kind == ScopeEntry.Kind.PERSONS),
        places=department_places(secret.owner_department),
    )


def level_rank(secret: TradeSecret) -> int:
    """Return 3 for core, 2 for important, 1 for general; 0 for a secret without level or declassified."""
    if secret.state == State.DECLASSIFIED:
        return 0
    level = level_of(pack_for(secret.pack), secret.level)
    return level.rank if level else 0


def secret_resource(secret: TradeSecret, of: str = "secret") -> Resource:
    """Return the secret, one of its files (`file`) or its evidence (`evidence`) as the rules see it."""
    return MAKERS[of](str(secret.pk), secret_facts(secret))


def secret_resources(secret: TradeSecret) -> dict[str, Resource]:
    """Return the secret, its files and its evidence as the rules see them, from one look at the facts."""
    facts = secret_facts(secret)
    return {kind: make(str(secret.pk), facts) for kind, make in MAKERS.items()}


def setting_resource(entity: LegalEntity, name: str, requester: str | None = None) -> Resource:
    """Return a default of a legal entity as a setting, or the change of it that `requester` asked for."""
    made = resources.setting(f"register.{name}", requester=requester)
    return replace(made, parents=made.parents | {entity.scope})
