"""What was meant to be spent and what was, by purpose and year, in the legal entity's own currency.

Struck out expenses count for nothing.  Reads only.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from shoumi.server.assurance.models import BudgetLine, Expense, Money
from shoumi.server.people.models import LegalEntity

CURRENCIES = {"CN": "CNY", "JP": "JPY"}


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One purpose in one year."""

    purpose: str
    label: str
    planned: Decimal
    spent: Decimal
    version: int  # of the line of the budget, 0 if there is none

    @property
    def left(self) -> Decimal:
        """What is left of the budget, negative if more was spent."""
        return self.planned - self.spent


def currency_of(entity: LegalEntity) -> str:
    """Return the currency in which a legal entity counts."""
    return CURRENCIES[entity.country]


def money_of(entity: LegalEntity, year: int) -> list[MoneyLine]:
    """Return a line for each purpose, whether or not anything was planned or spent."""
    planned = {row.purpose: row for row in BudgetLine.objects.filter(entity=entity, year=year)}
    spent = dict(
        Expense.objects.filter(entity=entity, spent_on__year=year, struck_at=None)
        .order_by()
        .values_list("purpose")
        .annotate(total=Sum("amount"))
    )
    nothing = Decimal(0)
    return [
        MoneyLine(
            purpose,
            str(label),
            planned[purpose].amount if purpose in planned else nothing,
            spent.get(purpose, nothing),
            planned[purpose].version if purpose in planned else 0,
        )
        for purpose, label in Money.choices
    ]


def money_total(lines: list[MoneyLine]) -> tuple[Decimal, Decimal]:
    """Return what was planned and what was spent over all purposes."""
    nothing = Decimal(0)
    return sum((line.planned for line in lines), nothing), sum((line.spent for line in lines), nothing)
