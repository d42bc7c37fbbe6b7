"""Exceptions: one person says why findings are harmless, another decides, and the day on which it ends comes.

An exception covers what was written down when it was proposed, nothing that is found later.  It takes nothing
out of what was counted: what it covers leaves the open findings, says who excepted it, and comes back when it
ends or when the content of the file is another one.  The verdict of each file follows (`verdicts`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop as _

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.inspection.inspecting import UNMARKED
from shoumi.engine.policy import Action, Role
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import role_holders
from shoumi.server.documents.models import ExceptedFinding, Match, MatchException, Scan
from shoumi.server.documents.queries.access import exception_resource, match_resource
from shoumi.server.documents.queries.excepted import excepted, place_of, today
from shoumi.server.documents.services.keeping import SYSTEM
from shoumi.server.documents.services.verdicts import verdicts_of_exception
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.notifications.services import notify

LONGEST: Final = timedelta(days=366)  # of an exception
MOST_COVERED: Final = 5000  # findings that one person can be asked to look at
_BATCH: Final = 400  # values of one question to the database
State = MatchException.State
Scope = MatchException.Scope
WAITS: Final = _("An exception for %(count)s findings waits for your decision.")
AGREED: Final = _("Your exception for %(count)s findings is in force until %(until)s.")
REFUSED: Final = _("Your exception for %(count)s findings was refused.")


class ExceptionDateError(InputError):
    """An exception ends on a day to come, within a year."""

    code = "documents.exception_date"
    message = "An exception ends on a day to come, within a year."


class ExceptionWideError(InputError):
    """It would cover more than anybody can look at."""

    code = "documents.exception_wide"
    message = "This would cover {count} findings; at most {most} can be excepted at once. Choose less."


class ExceptionOpenError(ConflictError):
    """The finding has an exception already, or one that waits."""

    code = "documents.exception_open"
    message = "There is an exception for this finding already, or one that waits for a decision."


class ExceptionDecidedError(ConflictError):
    """Somebody has decided already, or it has ended."""

    code = "documents.exception_decided"
    message = "This exception has been decided or has ended already."


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why findings are harmless, how far that reaches, and until when."""

    scope: str
    reason: str
    expires_on: date


def exception_propose(*, actor: User, match: Match, grounds: Grounds) -> MatchException:
    """Propose to take a finding for harmless, and those like it as far as `grounds.scope` says.

    Raises:
        NotPermittedError: the gate refuses.
        ExceptionDateError, ExceptionWideError, ExceptionOpenError: it cannot be.
    """
    gate.require(actor, Action.MATCH_EXCEPT, match_resource(match))
    if not today() < grounds.expires_on <= today() + LONGEST:
        raise ExceptionDateError
    with transaction.atomic():
        scan = Scan.objects.select_for_update(of=("self",), no_key=True).get(pk=match.scan_id)
        if excepted_or_waiting(Match.objects.filter(pk=match.pk)).exists():
            raise ExceptionOpenError
        rows = covered_by(match, grounds.scope).values_list("finding", "file__digest")
        pairs = sorted(set(rows[: MOST_COVERED + 1]))
        if len(pairs) > MOST_COVERED:
            raise ExceptionWideError(count=rows.count(), most=MOST_COVERED)
        row = MatchException.objects.create(
            entity_id=scan.entity_id,
            department_id=match.secret.owner_department_id if match.secret else None,
            scope=grounds.scope,
            kind=match.kind,
            code=match.code,
            text=match.text,
            finding=match.finding,
            place=place_of(scan),
            path=match.file.path,
            covered=len(pairs),
            reason=grounds.reason.strip()[:300],
            expires_on=grounds.expires_on,
            proposed_by=actor,
            proposed_at=clock().now(),
        )
        ExceptedFinding.objects.bulk_create(
            (ExceptedFinding(exception=row, finding=finding, digest=digest) for finding, digest in pairs),
            batch_size=500,
        )
        _point(row, pairs)
        append(
            LedgerTag.DOCUMENTS_EXCEPTION_PROPOSED,
            actor=actor.ledger_actor,
            subject=row.ledger_subject,
            detail={
                "finding": row.finding,
                "place": row.place,
                "path": row.path,
                "scope": row.scope,
                "covered": row.covered,
                "reason": row.reason,
                "until": str(row.expires_on),
            },
        )
        notify(
            users=[user for user in _deciders(row) if user != actor],
            message=WAITS,
            parameters={"count": row.covered},
            link=row.get_absolute_url(),
        )
    return row


def covered_by(match: Match, scope: str) -> QuerySet[Match]:
    """Return the findings of the same scan and the same owner that an exception of `match` would cover.

    With an excerpt of a secret goes that the copy bears no mark: the one is there because of the other.
    """
    what = Q(kind=match.kind, code=match.code)
    if match.kind == Match.Kind.FINGERPRINT and match.secret is not None:
        what |= Q(code=UNMARKED, secret=match.secret)
    rows = Match.objects.filter(what, scan=match.scan_id)
    if match.secret is None:
        rows = rows.filter(secret=None)
    else:
        rows = rows.filter(secret__owner_department=match.secret.owner_department_id)
    rows = rows.exclude(pk__in=excepted_or_waiting(rows).values("pk"))
    folder = match.file.folder
    below = Q(file__folder=folder) | Q(file__folder__startswith=f"{folder}/") if folder else Q()
    if scope == Scope.KIND:
        return rows.filter(below)
    alike = rows.filter(_alike(match))
    return alike.filter(below) if scope == Scope.FOLDER else alike.filter(file=match.file_id)


def _alike(match: Match) -> Q:
    """Return the condition of the same text, or of the same secret."""
    if not match.like:
        return Q(pk=match.pk)
    return Q(like=match.like) | (~Q(kind=match.kind) & Q(code=UNMARKED))


def excepted_or_waiting(rows: QuerySet[Match]) -> QuerySet[Match]:
    """Return those of `rows` that somebody has excepted, or wants to."""
    return rows.filter(excepted() | Q(exception__state=State.PROPOSED))


def exception_decide(*, actor: User, exception_id: UUID, agree: bool, answer: str) -> MatchException:
    """Agree to an exception that somebody else proposed, or refuse it.

    Raises:
        NotPermittedError: the gate refuses, above all to whoever proposed it.
        ExceptionDecidedError: somebody was faster, or its day has come.
    """
    with transaction.atomic():
        row = _locked(exception_id)
        gate.require(actor, Action.MATCH_DECIDE, exception_resource(row))
        if row.state != State.PROPOSED or row.expires_on < today():
            raise ExceptionDecidedError
        row.state = State.IN_FORCE if agree else State.REFUSED
        row.decided_by, row.decided_at, row.answer = actor, clock().now(), answer.strip()[:300]
        row.save(update_fields=["state", "decided_by", "decided_at", "answer"])
        verdicts = verdicts_of_exception(row) if agree else 0
        append(
            LedgerTag.DOCUMENTS_EXCEPTION_APPROVED if agree else LedgerTag.DOCUMENTS_EXCEPTION_REFUSED,
            actor=actor.ledger_actor,
            subject=row.ledger_subject,
            detail={"answer": row.answer, "covered": row.covered, "verdicts": verdicts},
        )
        notify(
            users=[row.proposed_by],
            message=AGREED if agree else REFUSED,
            parameters={"count": row.covered, "until": str(row.expires_on)}
            if agree
            else {"count": row.covered},
            link=row.get_absolute_url(),
        )
    return row


def exception_end(*, actor: User, exception_id: UUID) -> MatchException:
    """End an exception before its day, or take a proposal back; its findings are open and count again.

    Raises:
        NotPermittedError: the gate refuses.
        ExceptionDecidedError: it has ended or was refused.
    """
    with transaction.atomic():
        row = _locked(exception_id)
        gate.require(actor, Action.MATCH_EXCEPT, exception_resource(row))
        if row.state not in {State.PROPOSED, State.IN_FORCE}:
            raise ExceptionDecidedError
        _end(row, actor.ledger_actor)
    return row


def exceptions_expire() -> int:
    """End exceptions and proposals whose day is over; return how many."""
    over = MatchException.objects.filter(state__in=(State.PROPOSED, State.IN_FORCE), expires_on__lt=today())
    count = 0
    for exception_id in list(over.values_list("pk", flat=True)):
        with transaction.atomic():
            row = _locked(exception_id)
            if row.state in {State.PROPOSED, State.IN_FORCE}:
                _end(row, SYSTEM)
                count += 1
    return count


def _deciders(row: MatchException) -> QuerySet[User]:
    """Return the secrecy office that decides."""
    return role_holders(Role.SECRECY_OFFICER, row.entity.scope)


def _end(row: MatchException, actor: str) -> None:
    held, row.state = row.state == State.IN_FORCE, State.ENDED
    row.save(update_fields=["state"])
    append(
        LedgerTag.DOCUMENTS_EXCEPTION_ENDED,
        actor=actor,
        subject=row.ledger_subject,
        detail={"verdicts": verdicts_of_exception(row) if held else 0},
    )


def _locked(exception_id: UUID) -> MatchException:
    # a batch of a scan may name it meanwhile: it holds its scan, for which we are about to wait
    rows = MatchException.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("entity", "department__entity", "proposed_by").get(pk=exception_id)


def _point(row: MatchException, pairs: Sequence[tuple[str, str]]) -> None:
    """Let the findings of every scan that are covered name the exception."""
    rows = Match.objects.filter(scan__entity=row.entity_id)
    for first in range(0, len(pairs), _BATCH):
        wanted = set(pairs[first : first + _BATCH])
        found = rows.filter(finding__in={finding for finding, _digest in wanted})
        found = found.filter(file__digest__in={digest for _finding, digest in wanted})
        hits = found.values_list("pk", "finding", "file__digest", "scan__source", "scan__share")
        ids = [pk for pk, finding, digest, *place in hits if (finding, digest) in wanted and _is(row, *place)]
        for at in range(0, len(ids), _BATCH):
            Match.objects.filter(pk__in=ids[at : at + _BATCH]).update(exception=row)


def _is(row: MatchException, source: str, share: str) -> bool:
    return row.place == place_of(Scan(source=source, share=share))
