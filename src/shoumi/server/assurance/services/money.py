"""The budget of a year line by line, and expenses with their receipts.

Follows the guide 二(一): money and means are secured.  An expense is struck out with a reason, never changed.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from shoumi.engine.errors import InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts.models import User
from shoumi.server.assurance.models import BudgetLine, Expense, Money
from shoumi.server.assurance.services.plans import YEARS, YearError
from shoumi.server.assurance.services.writing import AlreadyEndedError, subject_of, verify_past
from shoumi.server.files.models import StoredFile
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entity_resource, today_of
from shoumi.server.people.services.editing import RecordChangedError, locked, text_of
from shoumi.server.people.services.writing import counted, writing

LARGEST = Decimal("999999999999.99")
CENT = Decimal("0.01")


class AmountError(InputError):
    """No amount of money."""

    code = "assurance.amount"
    message = "An amount is a number of at least {least} with at most two decimals."


def budget_set(  # noqa: PLR0913 - the parts of a line, each named
    *, actor: User, entity: LegalEntity, year: int, purpose: str, amount: Decimal, expected_version: int = 0
) -> BudgetLine:
    """Set how much may be spent on one purpose in one year; 0 as `expected_version` for a new line.

    Raises:
        NotPermittedError, YearError, AmountError, RecordChangedError: each as it says.
    """
    with writing(
        actor=actor,
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(entity),
        tag=LedgerTag.ASSURANCE_MONEY_CHANGED,
    ) as entry:
        if year not in YEARS:
            raise YearError(year=year)
        _verify_amount(amount, least=Decimal(0))
        same = {"entity": entity, "year": year, "purpose": Money(purpose)}
        row = BudgetLine.objects.select_for_update(no_key=True).filter(**same).first()
        before = row.amount if row else None
        if row is None:
            row = BudgetLine.objects.create(**same, amount=amount, created_at=clock().now())
        elif row.version != expected_version:
            raise RecordChangedError
        else:
            row.amount = amount
            counted(row)
        entry.subject = subject_of(row)
        entry.detail = {
            "event": "budget",
            "year": year,
            "purpose": row.purpose,
            "before": str(before) if before is not None else None,
            "after": str(amount),
        }
    return row


def expense_record(  # noqa: PLR0913 - the parts of an expense, each named
    *,
    actor: User,
    entity: LegalEntity,
    spent_on: date,
    purpose: str,
    amount: Decimal,
    text: str,
    receipt: StoredFile,
) -> Expense:
    """Record money that was spent, with its receipt."""
    with writing(
        actor=actor,
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(entity),
        tag=LedgerTag.ASSURANCE_MONEY_CHANGED,
    ) as entry:
        verify_past(spent_on, today_of(entity))
        _verify_amount(amount, least=CENT)
        row = Expense.objects.create(
            entity=entity,
            spent_on=spent_on,
            purpose=Money(purpose),
            amount=amount,
            text=text_of(Expense, "text", text, required=True),
            receipt=receipt,
            recorded_by=actor,
            created_at=clock().now(),
        )
        entry.subject = subject_of(row)
        entry.detail = {
            "event": "spent",
            "spent_on": spent_on.isoformat(),
            "purpose": row.purpose,
            "amount": str(amount),
            "receipt_sha256": receipt.sha256,
        }
    return row


def expense_strike(*, actor: User, expense: Expense, expected_version: int, reason: str) -> Expense:
    """Strike out an expense that was recorded wrongly; it no longer counts and stays readable."""
    with writing(
        actor=actor,
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(expense.entity),
        tag=LedgerTag.ASSURANCE_MONEY_CHANGED,
    ) as entry:
        row = locked(Expense, expense.pk, expected_version)
        if row.struck_at is not None:
            raise AlreadyEndedError
        row.struck_at = clock().now()
        row.struck_reason = text_of(Expense, "struck_reason", reason, required=True)
        counted(row)
        entry.subject = subject_of(row)
        entry.detail = {"event": "struck", "reason": row.struck_reason}
    return row


def _verify_amount(amount: Decimal, *, least: Decimal) -> None:
    if not amount.is_finite() or not least <= amount <= LARGEST or amount != amount.quantize(CENT):
        raise AmountError(least=str(least))
