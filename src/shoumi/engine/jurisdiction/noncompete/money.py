"""Amounts of money: whole units of the currency, shares of an average, parts of a month.

Rounding is commercial, half a unit up; what a floor or a share of wages gives is rounded up, so that the
amount is never below the exact share.  Arithmetic is exact, on `Decimal` and `Fraction`; no float is taken.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from shoumi.engine.errors import InputError


class AmountError(InputError):
    """The value is no amount of money."""

    code = "jurisdiction.amount"
    message = "“{value}” is no amount of money: a finite number, 0 or more."


def amount(value: Decimal, digits: int) -> Decimal:
    """Return `value` in whole units of the currency, half a unit rounded up.

    Raises:
        AmountError: it is no `Decimal`, not finite, or below 0.
    """
    if not isinstance(value, Decimal) or not value.is_finite() or value < 0:
        raise AmountError(value=str(value))
    return rounded(Fraction(value), digits)


def rounded(exact: Fraction, digits: int) -> Decimal:
    """Return an exact sum of money, not negative, half a unit rounded up."""
    return _units(math.floor(exact * 10**digits + Fraction(1, 2)), digits)


def share_of_average(wages: Sequence[Decimal], percent: Decimal | int, digits: int) -> Decimal:
    """Return `percent` of the average of `wages`, at least one, rounded up to whole units."""
    total = sum((Fraction(wage) for wage in wages), Fraction())
    return _units(math.ceil(total * Fraction(percent) / (100 * len(wages)) * 10**digits), digits)


def _units(number: int, digits: int) -> Decimal:
    return Decimal(number).scaleb(-digits)
