"""Closes a breach: somebody proposes it with the result, a second person confirms or sends it back.

It cannot be proposed while somebody must still be told or a step of the playbook has no record.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from shoumi.engine.policy import Action
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.notifications.services import notify
from shoumi.server.people.services.editing import locked
from shoumi.server.people.services.writing import counted, writing
from shoumi.server.privacy.models import Breach
from shoumi.server.privacy.models.breaches import LONGEST
from shoumi.server.privacy.queries.breaches import breach_resource, duties_of, table_for
from shoumi.server.privacy.queries.words import said
from shoumi.server.privacy.services.agreeing import lines_of
from shoumi.server.privacy.services.breaches.reporting import concerned, open_breach
from shoumi.server.privacy.services.errors import BreachOpenError, BreachStateError

TO_CLOSE = _("A personal-data breach waits for a second person to close it.")


def breach_close_propose(*, actor: User, breach: Breach, words: str) -> Breach:
    """Propose to close a breach, saying what came of it.

    Raises:
        NotPermittedError, BreachStateError, TextEmptyError: each as it says.
        BreachOpenError: somebody must still be told, or a step is not recorded.
    """
    with writing(
        actor=actor,
        action=Action.PRIVACY_MATTER_WORK,
        resource=breach_resource(breach),
        tag=LedgerTag.PRIVACY_BREACH_CLOSE_PROPOSED,
    ) as entry:
        row = open_breach(breach)
        done = set(row.steps.values_list("step", flat=True))
        steps = [each for each in table_for(row.entity.country).playbook if each.id not in done]
        duties = [line.duty for line in duties_of(row, clock().now()) if not line.settled]
        if duties or steps:
            raise BreachOpenError(open=" · ".join(said(each.names) for each in (*duties, *steps)))
        label = Breach._meta.get_field("closing_words").verbose_name  # noqa: SLF001 - Django's documented way
        row.closing_words = lines_of(label, words, limit=LONGEST, required=True)
        row.state, row.proposed_by = Breach.State.CLOSING, actor
        counted(row)
        notify(
            users=[user for user in concerned(row) if user != actor],
            message=TO_CLOSE,
            parameters={},
            link=row.get_absolute_url(),
            mail_text=TO_CLOSE,
        )
        entry.subject, entry.detail = row.ledger_subject, {"result": row.closing_words}
    return row


def breach_close_confirm(*, actor: User, breach: Breach) -> Breach:
    """Close a breach as somebody else than who proposed it.

    Raises:
        NotPermittedError, BreachStateError: each as it says.
    """
    return _decide(actor, breach, LedgerTag.PRIVACY_BREACH_CLOSED, reason="", closed=True)


def breach_close_refuse(*, actor: User, breach: Breach, reason: str) -> Breach:
    """Send a breach back to be worked on, saying why.

    Raises:
        NotPermittedError, BreachStateError, TextEmptyError: each as it says.
    """
    return _decide(actor, breach, LedgerTag.PRIVACY_BREACH_CLOSE_REFUSED, reason=reason, closed=False)


def _decide(actor: User, breach: Breach, tag: LedgerTag, *, reason: str, closed: bool) -> Breach:
    with writing(
        actor=actor, action=Action.PRIVACY_MATTER_CONFIRM, resource=breach_resource(breach), tag=tag
    ) as entry:
        row = locked(Breach, breach.pk, None)
        if row.state != Breach.State.CLOSING or row.proposed_by_id != breach.proposed_by_id:
            raise BreachStateError(state=str(row.get_state_display()))
        entry.subject = row.ledger_subject
        if closed:
            row.state, row.closed_by, row.closed_at = Breach.State.CLOSED, actor, clock().now()
        else:
            entry.detail = {"reason": lines_of("", reason, limit=LONGEST, required=True)}
            row.state, row.proposed_by = Breach.State.OPEN, None
        counted(row)
    return row
