"""What the law does not let an agreement say: forbidden words, the binding of who may not be bound.

Source: `forbidden` of each pack's library and the country's rules on non-competition through `noncompete`.
Every refusal names its rule.  Words are found by pattern: what is refused is certain, what is let pass is for
a lawyer to read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from shoumi.engine.jurisdiction.agreements.values import AgreementKind, Clause, Facts, Library, OwnChange
from shoumi.engine.jurisdiction.basis import Basis, Force, basis_on, proposal
from shoumi.engine.jurisdiction.documents import filled, places_in
from shoumi.engine.jurisdiction.loading import load_pack
from shoumi.engine.jurisdiction.noncompete import Check, check_agreement, law_on
from shoumi.engine.jurisdiction.rules import RuleNotInForceError
from shoumi.engine.jurisdiction.values import Texts

_EMPTY: Final = Texts(
    zh="该条款不得清空；任选条款可以不选。",
    ja="この条項を空にすることはできません。任意の条項は選ばないことができます。",
    en="This clause cannot be emptied; an optional one can be left out.",
)
_LOST: Final = Texts(
    zh="修改后的文字须保留并仅使用下列填写项：{places}。",
    ja="変更後の文言は、次の記入項目を残し、ほかの項目を使わないものとしてください：{places}",
    en="The changed wording must keep these fields and use no others: {places}.",
)
_FIGURES: Final = Texts(
    zh="竞业限制的期限和金额只写在经核对的填写项中；请删除：{figures}。",
    ja="競業避止の期間と金額は、確認された記入項目にのみ記載します。削除してください：{figures}",
    en="Term and sums of non-competition stand in the checked fields only; take out: {figures}.",
)
_FIGURE: Final = re.compile(
    r"[0-9０-９〇一二两三四五六七八九十百千万億亿半][0-9０-９〇一二两三四五六七八九十百千万億亿,，.．]*"
    r"\s*(?:[个個箇かカヶケヵ]月|年|日|元|円|倍|[%％])"
)
_NO_FIELDS: Final = Texts(zh="无", ja="なし", en="none")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an agreement is not made like this."""

    clause: str  # empty: the agreement as a whole
    text: Texts
    basis: Basis


def non_compete_check(library: Library, kind: AgreementKind, facts: Facts, day: date) -> Check | None:
    """Return what the law on non-competition says; None for another kind, or where nothing is proposed yet.

    Raises:
        InputError: the proposal is none, as `noncompete.check_agreement` says.
    """
    if not kind.non_compete or facts.non_compete is None:
        return None
    return check_agreement(law_on(library.pack, day), facts.non_compete, facts.overrides)


def refusals_of(check: Check | None) -> tuple[Refusal, ...]:
    """Return the refusals of the check on non-competition that nobody overrode."""
    return tuple(Refusal("", found.text, found.basis) for found in check.refused) if check else ()


def refused_changes(
    library: Library, clauses: Iterable[Clause], own: Mapping[str, OwnChange]
) -> tuple[Refusal, ...]:
    """Return what speaks against a company's wordings themselves: emptied, other fields or figures."""
    found = []
    for clause in clauses:
        change = own.get(clause.id)
        if change is None:
            continue
        if not change.text.strip():
            found.append(Refusal(clause.id, _EMPTY, proposal()))
        elif _stray(change) or _places(change.text + change.heading) != _places(clause.text + clause.heading):
            found.append(Refusal(clause.id, _lost(clause), proposal()))
        elif figures := _own_figures(library, clause, change):
            found.append(
                Refusal(
                    clause.id,
                    _put(_FIGURES, "{figures}", dict.fromkeys(("zh", "ja", "en"), figures)),
                    proposal(),
                )
            )
    return tuple(found)


def refused_words(
    library: Library, kind: AgreementKind, texts: Mapping[str, str], day: date
) -> tuple[Refusal, ...]:
    """Return what the law forbids in `texts` (clause → heading and text); nothing by a rule not in force."""
    found = []
    pack = load_pack(library.pack)
    for row in library.forbidden:
        if kind.party not in row.parties or kind.id in row.except_kinds:
            continue
        try:
            basis, _numbers = basis_on(pack, row.rule, day, Force.LAW)
        except RuleNotInForceError:
            continue
        found += [
            Refusal(clause, row.text, basis) for clause, text in texts.items() if row.pattern.search(text)
        ]
    return tuple(found)


def _places(text: str) -> frozenset[str]:
    return frozenset(places_in(text))


def _stray(change: OwnChange) -> bool:
    """Return whether a brace is left that is no place, and so would never be filled."""
    texts = (change.heading, change.text)
    return any(brace in filled(text, dict.fromkeys(places_in(text), "")) for text in texts for brace in "{}")


def _lost(clause: Clause) -> Texts:
    places = ", ".join(f"{{{place}}}" for place in sorted(_places(clause.text + clause.heading)))
    return _put(
        _LOST, "{places}", {code: places or _NO_FIELDS.in_language(code) for code in ("zh", "ja", "en")}
    )


def _own_figures(library: Library, clause: Clause, change: OwnChange) -> str:
    """Return the figures that a wording adds to a clause whose figures come from the checked proposal."""
    checked = any(library.fields[place].origin.startswith("non_compete.") for place in _places(clause.text))
    added = [each for each in _FIGURE.findall(change.text) if each not in _FIGURE.findall(clause.text)]
    return ", ".join(dict.fromkeys(added)) if checked else ""


def _put(text: Texts, place: str, words: Mapping[str, str]) -> Texts:
    zh, ja, en = (getattr(text, code).replace(place, words[code]) for code in ("zh", "ja", "en"))
    return Texts(zh=zh, ja=ja, en=en)
