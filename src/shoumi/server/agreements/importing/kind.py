"""The import of payments for the wizard: who may, what each row would do, what is written.

A row is known again by its number at the bank: brought in twice, it does nothing the second time.  Nothing
shown before the file is applied tells a sum of anybody whom the person who imports may not see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shoumi.engine.canonical import JSONValue
from shoumi.engine.errors import ShoumiError
from shoumi.engine.jurisdiction.noncompete import load_non_compete
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.agreements.importing.specs import PAYMENTS
from shoumi.server.agreements.models import NonCompete, NonCompetePayment
from shoumi.server.agreements.queries.noncompete import non_competes, paying_scope
from shoumi.server.agreements.sealing import seal, unseal
from shoumi.server.agreements.services.arrears import arrears_of
from shoumi.server.files.tables import ParsedRow, ParsedTable
from shoumi.server.files.tables.cells import CellError
from shoumi.server.files.tables.plans import Change, Effect, ImportKind, Plan
from shoumi.server.ledger.services import Record, append_many, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.queries import entity_resource


class PayeeUnknownError(CellError):
    """Nobody whose non-competition runs is called so."""

    code = "agreements.payee_unknown"
    message = "No non-competition under way belongs to “{value}”."


class PayeeAmbiguousError(CellError):
    """Several are called so."""

    code = "agreements.payee_ambiguous"
    message = "Several persons are called “{value}”; give the employee number."


class PaymentChangedError(CellError):
    """The number at the bank was brought in with other values."""

    code = "agreements.payment_changed"
    message = "The number “{value}” was brought in before with another day or amount."


class UnitError(CellError):
    """The amount has smaller parts than the currency."""

    code = "agreements.payment_unit"
    message = "The amount has smaller parts than the currency has."


@dataclass(frozen=True, slots=True)
class Paid:
    """One payment that is new."""

    non_compete: NonCompete
    day: date
    amount: Decimal
    reference: str


@dataclass(slots=True)
class Work:
    """The payments to be written."""

    new: list[Paid] = field(default_factory=list)


class Planner:
    """One import being planned."""

    def __init__(self, actor: User) -> None:
        self.work = Work()
        self.plan = Plan(work=self.work)
        rows = list(non_competes().exclude(state=NonCompete.State.WAIVED))
        wishes = [(Action.NON_COMPETE_PAY, entity_resource(row.agreement.entity)) for row in rows]
        allowed = gate.decide_each(actor, wishes)
        self.rows = [row for row, decision in zip(rows, allowed, strict=True) if decision.permitted]
        known = NonCompetePayment.objects.filter(non_compete__in=[row.pk for row in self.rows])
        self.known = {
            (each.non_compete_id, each.reference): each for each in known.select_related("amount__key")
        }
        self.seen: set[tuple[UUID, str]] = set()

    def take(self, row: ParsedRow) -> None:
        """Plan one row; what is wrong with it becomes a fault at its cell."""
        column = "payee"
        try:
            held = self._payee(row.values["payee"])
            column = "amount"
            amount = self._amount(held, row.values["amount"])
            column = "reference"
            self._payment(row, held, amount)
        except ShoumiError as error:
            self.plan.faults.append(row.fault(error, column))

    def _payee(self, text: str) -> NonCompete:
        found = [row for row in self.rows if row.agreement.person.number == text]
        found = found or [row for row in self.rows if row.agreement.person.name == text]
        if not found:
            raise PayeeUnknownError(value=text)
        if len(found) > 1:
            raise PayeeAmbiguousError(value=text)
        return found[0]

    @staticmethod
    def _amount(held: NonCompete, amount: Decimal) -> Decimal:
        digits = load_non_compete(held.agreement.entity.pack).digits
        if amount != round(amount, digits):
            raise UnitError
        return amount

    def _payment(self, row: ParsedRow, held: NonCompete, amount: Decimal) -> None:
        day, reference = row.values["day"], row.values["reference"]
        label = f"{held.agreement.party} · {day.isoformat()} · {reference}"
        before = self.known.get((held.pk, reference))
        if before is not None:
            if (before.day, Decimal(unseal(before.amount)["amount"])) != (day, amount):
                raise PaymentChangedError(value=reference)
            self.plan.changes.append(Change(Effect.UNCHANGED, PAYMENTS.name, row.cell(), label))
            return
        self.work.new.append(Paid(held, day, amount, reference))
        self.plan.changes.append(Change(Effect.NEW, PAYMENTS.name, row.cell(), label))


def payments_allow(actor: User) -> None:
    """Return if `actor` may bring in payments somewhere; each row asks again for its own entity.

    Raises:
        NotPermittedError: nowhere.
    """
    gate.require(actor, Action.NON_COMPETE_PAY, paying_scope(actor))


def payments_plan(actor: User, tables: Sequence[ParsedTable]) -> Plan:
    """Return what the tables would do to the present payments."""
    planner = Planner(actor)
    for table in tables:
        for row in table.rows:
            planner.take(row)
    return planner.plan


def payments_apply(actor: User, plan: Plan, subject: str, detail: Mapping[str, JSONValue]) -> None:
    """Write all payments of `plan`; part of the caller's transaction."""
    work: Work = plan.work
    now = clock().now()
    NonCompetePayment.objects.bulk_create(
        NonCompetePayment(
            non_compete=paid.non_compete,
            day=paid.day,
            reference=paid.reference,
            amount=seal({"amount": str(paid.amount)}),
            recorded_by=actor,
            recorded_at=now,
        )
        for paid in work.new
    )
    for key in dict.fromkeys(paid.non_compete.pk for paid in work.new):
        arrears_of(key)
    records = [
        Record(
            LedgerTag.AGREEMENTS_PAYMENT_RECORDED,
            actor.ledger_actor,
            paid.non_compete.ledger_subject,
            {"day": paid.day.isoformat(), "reference": paid.reference},
        )
        for paid in work.new
    ]
    closing = Record(LedgerTag.AGREEMENTS_PAYMENTS_IMPORTED, actor.ledger_actor, subject, detail)
    append_many([*records, closing])


PAYMENT_IMPORT = ImportKind(
    name="agreements.payments",
    title=_("Import payments of compensation"),
    specs=(PAYMENTS,),
    allow=payments_allow,
    plan=payments_plan,
    apply=payments_apply,
    help=_(
        "The bank's list as CSV or spreadsheet: day, payee, amount and the bank's number of each payment."
    ),
)
