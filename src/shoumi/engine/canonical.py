"""Canonical JSON: one value, one sequence of bytes, so that a hash over a record means the record.

Source: RFC 8785 (JSON Canonicalization Scheme), numbers as in ECMA-262 section 6.1.6.1.20, input
limited to I-JSON (RFC 7493): integers beyond 2**53 - 1 are refused if other readers would round them.
Writes only; it does not parse, and does not normalise Unicode: two spellings of a name are two values.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Final, TypeAlias

from shoumi.engine.errors import InputError

JSONValue: TypeAlias = (
    "bool | int | float | str | list[JSONValue] | tuple[JSONValue, ...] | Mapping[str, JSONValue] | None"
)

MAX_INTEGER: Final = 2**53 - 1  # the last integer every JSON reader keeps exactly (RFC 7493, 2.2)

_PLAIN_DIGITS: Final = 21  # ECMA-262 writes numbers below 10**21 without an exponent
_LEAST_EXPONENT: Final = -6  # and numbers from 10**-6 on

_encode = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"), check_circular=False
).encode
_quote = json.JSONEncoder(ensure_ascii=False).encode


class NotCanonicalError(InputError):
    """The value has no canonical form: a number, key or string that JSON readers would disagree about."""

    code = "input.not_canonical"
    message = "The value cannot be written as canonical JSON: {reason}."


def canonical_bytes(value: JSONValue) -> bytes:
    """Return the RFC 8785 form of `value` in UTF-8.

    Tuples are written as arrays.  Work: linear in the size of the value, and for plain records (ASCII
    keys, no floating point) a single pass of the C encoder after a check of the types.

    Raises:
        NotCanonicalError: not-a-number or infinity, an integer that doubles cannot hold, a key that is not a
            string, a lone surrogate, a type JSON does not have, or nesting that ends in a circle.
    """
    try:
        text = _encode(value) if _is_plain(value) else _write(value)
        return text.encode()
    except UnicodeEncodeError as error:
        raise NotCanonicalError(reason="a string holds half of a surrogate pair") from error
    except RecursionError as error:
        raise NotCanonicalError(reason="it is nested too deeply") from error


def _is_plain(value: object) -> bool:
    """Tell whether the C encoder writes `value` exactly as RFC 8785 wants.

    It does for ASCII keys (code point order and UTF-16 order agree) and for exact `str`, `int` within
    range, `bool` and `None`; everything else takes the slow path, which also finds the faults.
    """
    kind = type(value)
    if kind is dict:
        for key, item in value.items():  # type: ignore[attr-defined]
            if type(key) is not str or not key.isascii():
                return False
            if type(item) is not str and not _is_plain(item):
                return False
        return True
    if kind is list:
        return all(map(_is_plain, value))  # type: ignore[call-overload]
    if kind is int:
        return -MAX_INTEGER <= value <= MAX_INTEGER  # type: ignore[operator]
    return kind is str or kind is bool or value is None


def _write(value: object) -> str:
    """Return the canonical text of any value, or raise for what has none."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return _quote(value)
    if isinstance(value, int):
        return _write_integer(int(value))
    if isinstance(value, float):
        return format_number(value)
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_write, value)) + "]"
    if isinstance(value, Mapping):
        return _write_object(value)
    raise NotCanonicalError(reason=f"JSON has no type for {type(value).__name__}")


def _write_integer(value: int) -> str:
    """Return the digits of `value`, if every reader that makes a double of them writes the same ones."""
    text = int.__repr__(value)
    if not -MAX_INTEGER <= value <= MAX_INTEGER:
        try:
            same = format_number(float(value)) == text
        except OverflowError:
            same = False
        if not same:
            raise NotCanonicalError(reason=f"readers would round the integer {text[:40]}")
    return text


def _write_object(value: Mapping[object, object]) -> str:
    members: list[tuple[bytes, str]] = []
    for key, item in value.items():
        if not isinstance(key, str):
            raise NotCanonicalError(reason=f"the key {key!r} is not a string")
        members.append((key.encode("utf-16-be"), f"{_quote(key)}:{_write(item)}"))
    members.sort()  # by UTF-16 code units, RFC 8785 section 3.2.3
    return "{" + ",".join(text for _, text in members) + "}"


def format_number(value: float) -> str:
    """Return `value` as ECMAScript's `Number::toString` writes it, such as `1e+21` or `0.000001`.

    Python's `repr` finds the same shortest digits; only their layout differs.

    Raises:
        NotCanonicalError: not-a-number or infinity.
    """
    if not math.isfinite(value):
        raise NotCanonicalError(reason=f"{value!r} is not a number of JSON")
    if value == 0:
        return "0"  # minus zero too
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = float.__repr__(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    point = len(whole) + int(exponent or "0")
    digits = whole + ("" if fraction == "0" else fraction)
    stripped = digits.lstrip("0")
    point -= len(digits) - len(stripped)  # the value is 0.DIGITS times ten to the power `point`
    digits = stripped.rstrip("0")
    return sign + _layout(digits, point)


def _layout(digits: str, point: int) -> str:
    count = len(digits)
    if count <= point <= _PLAIN_DIGITS:
        return digits + "0" * (point - count)
    if 0 < point <= _PLAIN_DIGITS:
        return digits[:point] + "." + digits[point:]
    if _LEAST_EXPONENT < point <= 0:
        return "0." + "0" * -point + digits
    head = digits[0] + ("." + digits[1:] if count > 1 else "")
    return f"{head}e{point - 1:+d}"
