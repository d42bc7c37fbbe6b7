"""The checks by which codes tell themselves from random ones, each over many candidates at once.

Sources: GB 11643-1999 (resident identity number, ISO 7064 MOD 11-2), GB 32100-2015 (unified social credit
code), GB/T 2260 (the way division codes are numbered), ISO/IEC 7812-1 annex B (Luhn), ISO 13616-1 (IBAN,
ISO 7064 MOD 97-10), 行政手続における特定の個人を識別するための番号の利用等に関する法律施行令 and its
ordinance of the Ministry of Internal Affairs (検査用数字), 法人番号の指定等に関する省令. A row holds the
ASCII codes of a candidate without separators, in capitals. Whether a number was ever issued nobody can tell
from it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.uint8]
Bools = NDArray[np.bool_]
Check = Callable[[Rows], Bools]
Numbers = NDArray[np.int64]

_MONTHS: Final = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 0, 0, 0])
_FIRST_YEAR, _LAST_YEAR = 1880, 2069
_PROVINCES: Final = (
    *(11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46),
    *(50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83),
)
_MUNICIPALITIES: Final = (11, 12, 31, 50)
_ID_WEIGHTS: Final = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], np.float32)
_CREDIT_LETTERS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_VALUES: Final = np.full(256, -1, np.float32)
_CREDIT_VALUES[[ord(letter) for letter in _CREDIT_LETTERS]] = range(len(_CREDIT_LETTERS))
_CREDIT_WEIGHTS: Final = np.array(
    [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28], np.float32
)
_MY_NUMBER_WEIGHTS: Final = np.array([6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2], np.float32)
_CORPORATE_WEIGHTS: Final = np.array([2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1], np.float32)
_DOUBLED: Final = np.array([0, 2, 4, 6, 8, 1, 3, 5, 7, 9] + [0] * 246, np.uint8)  # sum of the digits
_POWERS_OF_TEN: Final = np.array([pow(10, power, 97) for power in range(80)])
_LICENCE_WEIGHTS: Final = np.array([5, 4, 3, 2, 7, 6, 5, 4, 3, 2], np.float32)
_LICENCE_OFFICES: Final = (0, 10, 11, 12, 13, 14, 20, 21, 22, 23, 24, 25, 30, *range(40, 50), *range(50, 56))
_LICENCE_MORE: Final = (*range(60, 67), *range(70, 75), *range(80, 84), *range(90, 98))


def _digits(rows: Rows) -> Numbers:
    return rows.astype(np.int64) - ord("0")


def _weighed(values: NDArray[Any], weights: NDArray[np.float32]) -> Numbers:
    """Return the sum of each row's small values by weight: single floats hold it exactly, and add fastest.

    Not by `@`, which would wake the threads of the library of linear algebra.
    """
    return np.einsum("ij,j->i", values.astype(np.float32, copy=False), weights).astype(np.int64)


def _table(numbers: tuple[int, ...]) -> Bools:
    table = np.zeros(100, bool)
    table[list(numbers)] = True
    return table


_IS_PROVINCE: Final = _table(_PROVINCES)
_IS_MUNICIPALITY: Final = _table(_MUNICIPALITIES)
_IS_OFFICE: Final = _table((*_LICENCE_OFFICES, *_LICENCE_MORE))


def _is_day(year: Numbers, month: Numbers, day: Numbers) -> Bools:
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    last = _MONTHS[np.clip(month, 0, 15)] - ((month == 2) & ~leap)  # noqa: PLR2004 - February
    return (month >= 1) & (day >= 1) & (day <= last)


def _is_division(digits: Numbers) -> Bools:
    """Whether six digits are numbered as GB/T 2260 numbers divisions; the list itself changes each year."""
    province, city = digits[:, 0] * 10 + digits[:, 1], digits[:, 2] * 10 + digits[:, 3]
    county = digits[:, 4] * 10 + digits[:, 5]
    numbered = (city >= 1) & ((city <= 70) | (city == 90)) | (province > 70) & (city == 0)  # noqa: PLR2004
    few = ~_IS_MUNICIPALITY[province] | (city <= 3)  # noqa: PLR2004 - districts, counties, and once towns
    return _IS_PROVINCE[province] & numbered & few & ((county > 0) | (province > 70))  # noqa: PLR2004


def resident_id(rows: Rows) -> Bools:
    """GB 11643: division, birth date, check character; 15 digits have no check character and no century."""
    if rows.shape[1] == 15:  # noqa: PLR2004 - until 2013
        digits = _digits(rows)
        year = 1900 + digits[:, 6] * 10 + digits[:, 7]
        month, day = digits[:, 8] * 10 + digits[:, 9], digits[:, 10] * 10 + digits[:, 11]
        return _is_division(digits) & _is_day(year, month, day)
    digits = _digits(rows[:, :17])
    year = digits[:, 6] * 1000 + digits[:, 7] * 100 + digits[:, 8] * 10 + digits[:, 9]
    month, day = digits[:, 10] * 10 + digits[:, 11], digits[:, 12] * 10 + digits[:, 13]
    wanted = np.frombuffer(b"10X98765432", np.uint8)[_weighed(digits, _ID_WEIGHTS) % 11]
    born = (year >= _FIRST_YEAR) & (year <= _LAST_YEAR) & _is_day(year, month, day)
    return _is_division(digits) & born & (wanted == rows[:, 17])


def foreigner_id(rows: Rows) -> Bools:
    """The permanent residence card of 2023: 9, province, nation, birth date, check as GB 11643."""
    digits = _digits(rows[:, :17])
    year = digits[:, 6] * 1000 + digits[:, 7] * 100 + digits[:, 8] * 10 + digits[:, 9]
    month, day = digits[:, 10] * 10 + digits[:, 11], digits[:, 12] * 10 + digits[:, 13]
    wanted = np.frombuffer(b"10X98765432", np.uint8)[_weighed(digits, _ID_WEIGHTS) % 11]
    born = (year >= _FIRST_YEAR) & (year <= _LAST_YEAR) & _is_day(year, month, day)
    return _IS_PROVINCE[digits[:, 1] * 10 + digits[:, 2]] & born & (wanted == rows[:, 17])


def credit_code(rows: Rows) -> Bools:
    """GB 32100: the registering authority, division and check character."""
    letters = _CREDIT_VALUES.take(rows.T).T
    province = _digits(rows[:, 2:4])  # 10: registered with the State itself
    number = province[:, 0] * 10 + province[:, 1]
    known = _IS_PROVINCE[np.clip(number, 0, 99)] | (number == 10)  # noqa: PLR2004
    wanted = -_weighed(letters[:, :17], _CREDIT_WEIGHTS) % 31
    random = (rows[:, 8:17] != rows[:, 8:9]).any(axis=1)
    return (letters >= 0).all(axis=1) & known & random & (wanted == letters[:, 17])


def luhn(rows: Rows) -> Bools:
    """ISO/IEC 7812-1: every second digit from the right doubled, sum a multiple of ten."""
    digits = rows - np.uint8(ord("0"))
    digits[:, -2::-2] = _DOUBLED.take(digits[:, -2::-2])
    total = _weighed(digits, np.ones(digits.shape[1], np.float32))
    return (total % 10 == 0) & (rows[:, 1:] != rows[:, :1]).any(axis=1)


def my_number(rows: Rows) -> Bools:
    """The person's number: check digit last."""
    digits = _digits(rows)
    rest = _weighed(digits[:, :11], _MY_NUMBER_WEIGHTS) % 11
    wanted = np.where(rest <= 1, 0, 11 - rest)
    return (wanted == digits[:, 11]) & (rows[:, :11] != rows[:, :1]).any(axis=1)


def corporate_number(rows: Rows) -> Bools:
    """The corporate number: check digit first."""
    digits = _digits(rows)
    return (9 - _weighed(digits[:, 1:], _CORPORATE_WEIGHTS) % 9 == digits[:, 0]) & (digits[:, 1:].any(axis=1))


def invoice_number(rows: Rows) -> Bools:
    """T and the corporate number (a sole trader's has no meaning beyond its check digit)."""
    return corporate_number(rows[:, 1:])


def driving_licence(rows: Rows) -> Bools:
    """The Japanese licence: commission of a prefecture (00: abroad) first, check digit before the last digit.

    The last digit counts lost licences.  The police publish no formula; this is the one that is told of it.
    """
    digits = _digits(rows)
    wanted = (11 - _weighed(digits[:, :10], _LICENCE_WEIGHTS) % 11) % 10
    varied = (rows[:, 2:10] != rows[:, 2:3]).any(axis=1)
    return _IS_OFFICE[digits[:, 0] * 10 + digits[:, 1]] & varied & (wanted == digits[:, 10])


def iban(rows: Rows) -> Bools:
    """ISO 13616: moved by four, letters as two digits, rest 1 by 97."""
    moved = np.concatenate([rows[:, 4:], rows[:, :4]], axis=1).astype(np.int64)
    letter = moved >= ord("A")
    values = moved - np.where(letter, ord("A") - 10, ord("0"))
    behind = np.cumsum(letter[:, ::-1] + 1, axis=1)[:, ::-1] - letter - 1  # digits to the right
    return (values * _POWERS_OF_TEN.take(behind)).sum(axis=1) % 97 == 1


def varied(rows: Rows) -> Bools:
    """Not one and the same character throughout the last six."""
    return (rows[:, -6:] != rows[:, -1:]).any(axis=1)


CHECKS: Final[dict[str, Check]] = {
    "resident_id": resident_id,
    "foreigner_id": foreigner_id,
    "credit_code": credit_code,
    "luhn": luhn,
    "my_number": my_number,
    "corporate_number": corporate_number,
    "invoice_number": invoice_number,
    "driving_licence": driving_licence,
    "iban": iban,
    "varied": varied,
}
