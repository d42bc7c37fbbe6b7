"""Invented identifiers whose check digits hold, and the templates of the packs' examples.

Made here so that no valid number stands in any file. `<resident_id wide>` in an example is a resident
identity number in full-width digits; `filled` explains the rest by its code.
"""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable

DIGITS = string.digits
CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
PROVINCES = (11, 13, 21, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 50, 51, 52, 53, 61, 62, 64, 65)
ZERO_WIDTH = "\u200b"
Random = random.Random


def digits(source: Random, count: int, alphabet: str = DIGITS) -> str:
    """Return random digits, not all the same at the end."""
    while True:
        text = "".join(source.choice(alphabet) for _place in range(count))
        if count < 6 or len(set(text[-6:])) > 1:
            return text


def check_resident(first: str) -> str:
    return "10X98765432"[sum(int(sign) * weight for sign, weight in zip(first, WEIGHTS, strict=True)) % 11]


def _division(source: Random) -> str:
    province = source.choice(PROVINCES)
    return (
        f"{province}{source.randint(1, 3 if province in {11, 31, 50} else 20):02}{source.randint(1, 40):02}"
    )


def _birthday(source: Random) -> str:
    return f"{source.randint(1935, 2015)}{source.randint(1, 12):02}{source.randint(1, 28):02}"


def resident_id(source: Random, ending: str = "") -> str:
    while True:
        first = f"{_division(source)}{_birthday(source)}{digits(source, 3)}"
        last = check_resident(first)
        if not ending or last == ending:
            return first + last


def resident_id_15(source: Random) -> str:
    return f"{_division(source)}{_birthday(source)[2:]}{digits(source, 3)}"


def foreigner_id(source: Random) -> str:
    first = f"9{source.choice(PROVINCES)}{digits(source, 3)}{_birthday(source)}{digits(source, 3)}"
    return first + check_resident(first)


def credit_code(source: Random) -> str:
    first = f"91{_division(source)}{digits(source, 9, CREDIT)}"
    values = [pow(3, place, 31) for place in range(17)]
    total = sum(CREDIT.index(sign) * value for sign, value in zip(first, values, strict=True))
    return first + CREDIT[-total % 31]


def with_luhn(first: str) -> str:
    total = 0
    for place, sign in enumerate(reversed(first)):
        value = int(sign) * (1 if place % 2 else 2)
        total += value - 9 * (value > 9)
    return first + str(-total % 10)


def bank_card(source: Random) -> str:
    return with_luhn("62" + source.choice("12358") + digits(source, 15))


def payment_card(source: Random) -> str:
    head = source.choice(("4", "51", "55", "3528", "3566"))
    return with_luhn(head + digits(source, 15 - len(head)))


def my_number(source: Random) -> str:
    first = digits(source, 11)
    rest = (
        sum(int(sign) * weight for sign, weight in zip(first, (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True))
        % 11
    )
    return first + str(0 if rest <= 1 else 11 - rest)


def corporate_number(source: Random) -> str:
    last = digits(source, 12)
    total = sum(int(sign) * (2 - place % 2) for place, sign in enumerate(last))
    return f"{9 - total % 9}{last}"


def iban(source: Random) -> str:
    country, length = source.choice((("DE", 22), ("FR", 27), ("GB", 22), ("CH", 21), ("NL", 18), ("SE", 24)))
    account = digits(source, length - 4)
    if country in {"GB", "NL"}:
        account = digits(source, 4, string.ascii_uppercase) + account[4:]
    numbers = "".join(str(int(sign, 36)) for sign in account + country + "00")
    return f"{country}{98 - int(numbers) % 97:02}{account}"


def mobile(source: Random) -> str:
    return source.choice(("130", "139", "151", "158", "176", "188", "199")) + digits(source, 8)


def barcode(source: Random) -> str:
    """Return the GTIN-13 of some goods of Japan or China (GS1 General Specifications, 7.9)."""
    first = source.choice(("45", "49", "69")) + digits(source, 10)
    total = sum(int(sign) * (1 + 2 * (place % 2)) for place, sign in enumerate(first))
    return first + str(-total % 10)


def driving_licence(source: Random) -> str:
    first = source.choice(("00", "10", "30", "44", "62", "97")) + digits(source, 8)
    weights = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    total = sum(int(sign) * weight for sign, weight in zip(first, weights, strict=True))
    return f"{first}{(11 - total % 11) % 10}{source.choice('0001')}"


def residence_card(source: Random) -> str:
    return digits(source, 2, "ABCDEFGH") + digits(source, 8) + digits(source, 2, "ABCDEFGH")


MAKERS: dict[str, Callable[[Random], str]] = {
    "resident_id": resident_id,
    "resident_id_15": resident_id_15,
    "foreigner_id": foreigner_id,
    "credit_code": credit_code,
    "bank_card": bank_card,
    "payment_card": payment_card,
    "my_number": my_number,
    "corporate_number": corporate_number,
    "iban": iban,
    "mobile": mobile,
    "barcode": barcode,
    "residence_card": residence_card,
    "driving_licence": driving_licence,
}
ALPHABETS = {
    "d": DIGITS,
    "x": "0123456789abcdef",
    "l": string.ascii_lowercase + DIGITS,
    "u": string.ascii_uppercase + DIGITS,
    "w": string.ascii_letters + DIGITS,
    "s": string.ascii_letters + DIGITS + "_-",
}
_TEMPLATE = re.compile(r"<([a-z]\w*)(?: ([a-z0-9-]+))?>")


def wide(text: str) -> str:
    """Return the text in full-width letters and digits."""
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def grouped(text: str, sizes: str, joint: str = " ") -> str:
    """Return the text in groups, sizes such as `4-4-4`."""
    groups, at = [], 0
    for size in map(int, sizes.split("-")):
        groups.append(text[at : at + size])
        at += size
    return joint.join(groups)


def broken(text: str) -> str:
    """Return the text with another check: one digit in its middle is one more."""
    at = len(text) - 4
    return f"{text[:at]}{(int(text[at], 36) + 1) % 10}{text[at + 1 :]}"


def filled(template: str, source: Random) -> str:
    """Return a pack's example with values in place of `<…>`.

    `<d8>` is 8 digits, `<d4n>` 4 digits of which the first is not 0, `<w36>` 36 letters and digits, `<x32>`
    hexadecimal, `<l…>` small, `<u…>` capital, `<s…>` with _ and -; other names are those of `MAKERS`.
    """

    def value(found: re.Match[str]) -> str:
        name, form = found[1], found[2] or ""
        run = re.fullmatch(r"([dxluws])(\d+)(n?)", name)
        if run:
            text = digits(source, int(run[2]), ALPHABETS[run[1]])
            return source.choice("23456789") + text[1:] if run[3] else text
        if name not in MAKERS:
            return found[0]
        text = resident_id(source, "X") if (name, form) == ("resident_id", "x") else MAKERS[name](source)
        if form == "wide":
            return wide(text)
        if form == "hidden":
            return ZERO_WIDTH.join(text)
        if form == "broken":
            return broken(text)
        return grouped(text, form) if "-" in form else text

    return _TEMPLATE.sub(value, template)
