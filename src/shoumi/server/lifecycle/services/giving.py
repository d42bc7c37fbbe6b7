"""Gives a step to somebody else for a time, during an absence, and takes it back.

Our own rule: a step is never given to the person whom the case is about, nor to an auditor.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from shoumi.engine.policy import Action, Role
from shoumi.server.accounts import gate
from shoumi.server.accounts.gate import role_names
from shoumi.server.accounts.models import User
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.lifecycle.models import CaseStep
from shoumi.server.lifecycle.queries.access import step_resource
from shoumi.server.lifecycle.services.cases import locked_open, tell_open_steps
from shoumi.server.lifecycle.services.errors import PartyError, ReasonNeededError
from shoumi.server.people.queries.addressing import verify_by_name
from shoumi.server.people.services.editing import locked, record, text_of


def step_give(  # noqa: PLR0913 - what giving depends on, by name
    *, actor: User, step: CaseStep, to: User | None, until: date | None, reason: str, expected_version: int
) -> CaseStep:
    """Give a step to somebody, or back to whoever holds its role.

    Raises:
        NotPermittedError, CaseOverError, RecordChangedError, ReasonNeededError: each as it says.
        PartyError: this person cannot do it.
        WorkerAddressedError: they work for another company, which is asked instead.
    """
    gate.require(actor, Action.PERSON_STEP_DELEGATE, step_resource(step))
    if not reason.strip():
        raise ReasonNeededError
    if to is not None and to.pk == step.case.person.user_id:
        raise PartyError(name=str(to), reason=_("the case is about this person"))
    if to is not None and {Role.AUDITOR, Role.OUTSIDE_COUNSEL} & set(role_names(to)):
        raise PartyError(name=str(to), reason=_("auditors and outside counsel do no steps"))
    verify_by_name(getattr(to, "person", None))
    with transaction.atomic():
        case = locked_open(step.case, None)
        row = locked(CaseStep, step.pk, expected_version)
        row.given_to, row.given_until = to, until if to else None
        row.given_reason = text_of(CaseStep, "given_reason", reason)
        row.told_at = None
        row.version += 1
        row.save()
        tell_open_steps(case)
        record(
            LedgerTag.LIFECYCLE_STEP_GIVEN,
            actor=actor,
            subject=case.ledger_subject,
            detail={
                "step": row.key,
                "to": to.ledger_actor if to else "",
                "until": until.isoformat() if until and to else "",
                "reason": reason.strip(),
            },
        )
    return row
