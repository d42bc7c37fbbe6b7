"""The one place of the server where permission is asked.

Services call `require` before they open their transaction; queries that return content do the same; templates
ask `decide` before they draw a button.  The rules are those of `engine.policy`.
It writes nothing: refusals are recorded by `middleware` and `services.refusals`, outside any transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from django.contrib.auth.models import AnonymousUser

from shoumi.engine import policy
from shoumi.engine.errors import RefusalError
from shoumi.engine.policy import Action, Context, Decision, Obligation, Resource, Role, Subject
from shoumi.engine.policy.rules import NO_RULE, PURPOSE_MISSING, explain, who_may
from shoumi.server.accounts import queries
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock

logger = logging.getLogger("shoumi.policy")

_subjects: ContextVar[dict[str, Subject] | None] = ContextVar("subjects", default=None)


class NotPermittedError(RefusalError):
    """The rules do not permit it; `reasons` are ids of rules, `explanations` their English sentences."""

    code = "policy.not_permitted"
    message = "This is not permitted: {explanation}"

    def __init__(self, *, action: Action, resource: Resource, decision: Decision) -> None:
        """Keep what was refused, and why."""
        self.action = action
        self.resource = resource
        self.decision = decision
        super().__init__(
            action=str(action),
            resource=f"{resource.kind}:{resource.id}",
            reasons=decision.reasons,
            explanation=" ".join(explain(reason) for reason in decision.reasons),
        )

    @property
    def reasons(self) -> tuple[str, ...]:
        """Ids of the rules that refused."""
        return self.decision.reasons

    @property
    def openings(self) -> tuple[str, ...]:
        """Ids of the rules that would permit it to somebody, if it was refused for want of any."""
        return who_may(self.action) if NO_RULE in self.decision.reasons else ()


@contextmanager
def remembered_subjects() -> Iterator[None]:
    """Look each user's roles and places up only once inside the block: for one request, batch or service.

    A block inside another shares its memory.
    """
    if _subjects.get() is not None:
        yield
        return
    token = _subjects.set({})
    try:
        yield
    finally:
        _subjects.reset(token)


def forget_subjects() -> None:
    """Look everybody up anew from now on; called by whatever changes roles or places."""
    remembered = _subjects.get()
    if remembered is not None:
        remembered.clear()


def subject_of(user: User | AnonymousUser) -> Subject:
    """Return who `user` is for the rules, from memory inside `remembered_subjects`."""
    remembered = _subjects.get()
    if remembered is None or not isinstance(user, User):
        return queries.subject_of(user)
    key = str(user.pk)
    if key not in remembered:
        remembered[key] = queries.subject_of(user)
    return remembered[key]


def role_names(user: User) -> list[Role]:
    """Return the roles that `user` holds now, in the order of the enum."""
    now = clock().now()
    held = {item.role for item in subject_of(user).roles if item.in_force(now)}
    return [role for role in Role if role in held]


def decide(
    user: User | AnonymousUser,
    action: Action,
    resource: Resource,
    context: Context | None = None,
) -> Decision:
    """Return whether `user` may do `action` to `resource` now, with reasons and obligations.

    Never raises for a fault: that is a refusal, and an alarm in the log.
    """
    return decide_each(user, [(action, resource)], context)[0]


def decide_each(
    user: User | AnonymousUser,
    wishes: Sequence[tuple[Action, Resource]],
    context: Context | None = None,
) -> list[Decision]:
    """Return one decision per wish, in their order: what a page asks for its buttons and rows."""
    decisions = policy.decide_each(subject_of(user), wishes, context or Context(clock().now()))
    for (action, resource), decision in zip(wishes, decisions, strict=True):
        if decision.faulty:
            logger.error(
                "policy fault: %s on %s:%s: %s",
                action,
                resource.kind,
                resource.id,
                "; ".join(decision.faults),
            )
    return decisions


def permits(user: User | AnonymousUser, action: Action, resource: Resource) -> bool:
    """Tell whether `user` may do it: for drawing a button, not for doing it."""
    return decide(user, action, resource).permitted


def require(
    user: User | AnonymousUser,
    action: Action,
    resource: Resource,
    context: Context | None = None,
    *,
    purpose: str = "",
) -> Decision:
    """Return the decision if `user` may; whoever calls fulfils its obligations.

    `purpose` is why, in the person's own words; some permissions ask for it.

    Raises:
        NotPermittedError: the rules refuse, or the reason they ask for is missing.
    """
    context = context or Context(clock().now(), purpose)
    decision = decide(user, action, resource, context)
    if (
        decision.permitted
        and Obligation.REASON_REQUIRED in decision.obligations
        and not context.purpose.strip()
    ):
        decision = Decision(policy.Effect.REFUSE, (PURPOSE_MISSING,))
    if not decision.permitted:
        raise NotPermittedError(action=action, resource=resource, decision=decision)
    return decision
