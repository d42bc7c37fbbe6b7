"""What was recorded of a step, and whether that is all its pack asks for.

Records add up: items answered and parties who signed in several records count together.  Who may not do a
step, does it alone where two are needed, or witnesses what they took part in does not count, and the answer
says so.  A missing item stays open until it is found or accounted for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import product
from types import MappingProxyType

from shoumi.engine.jurisdiction.procedures.values import CaseStep, EvidenceKind
from shoumi.engine.jurisdiction.values import Texts


class ItemState(StrEnum):
    """What became of one item of a list."""

    SETTLED = "settled"  # handed over, closed, told, looked for
    NOT_HELD = "not_held"  # the person has none
    MISSING = "missing"  # stays open


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """One item of a list."""

    state: ItemState
    at: datetime | None = None  # when; needed where time is measured


@dataclass(frozen=True, slots=True)
class Record:
    """What was recorded of one step at one moment."""

    step: str  # its id in the plan
    at: datetime
    by: tuple[str, ...]  # who did it
    items: Mapping[str, ItemAnswer] = field(default_factory=lambda: MappingProxyType({}))
    signed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  # party → who signed
    refused: frozenset[str] = frozenset()  # parties who refused to sign
    witnesses: tuple[str, ...] = ()  # of the refusal


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """How far the records of a step go."""

    at: datetime | None  # since when it is all there; None: something is missing
    refused: tuple[str, ...]  # parties whose refusal stands for their signature
    open_items: tuple[str, ...]
    missing_items: tuple[str, ...]  # of the open ones, those that were looked for in vain
    open_signers: tuple[str, ...]
    items_at: Mapping[str, datetime | None]  # when each item was done
    faults: tuple[Texts, ...]  # why records do not count


_BARRED = Texts(
    zh="办理人不得办理本人的这一步骤，该记录不计入",
    ja="この手順を行えない人による記録のため、数えません",
    en="recorded by somebody who may not do this step; it does not count",
)
_TOO_FEW = Texts(
    zh="此步骤须由更多人共同办理，该记录不计入",
    ja="この手順はより多くの人が共同で行う必要があるため、数えません",
    en="more persons must do this step together; the record does not count",
)
_UNNAMED = Texts(
    zh="尚未指定此步骤所需的人员，该记录不计入",
    ja="この手順に必要な人が指定されていないため、数えません",
    en="whoever is needed for this step is not named yet; the record does not count",
)
_WITNESSES = Texts(
    zh="拒签须由足够数量、未参与办理的见证人见证，该拒签不计入",
    ja="署名拒否には、関与していない立会人が必要な人数いなければならないため、数えません",
    en="a refusal needs enough witnesses who took no other part; it does not count",
)
_NOT_REFUSABLE = Texts(
    zh="此步骤不能以拒签记录代替",
    ja="この手順は署名拒否の記録で代えられません",
    en="a refusal cannot stand for this step",
)
_SIGNER = Texts(
    zh="签名人与登记的当事人不符，或同一人以多个身份签名，该签名不计入",
    ja="署名者が登録された当事者と異なるか、同じ人が複数の立場で署名したため、数えません",
    en="signed by somebody else than the named party, or by one person for two; it does not count",
)
_NO_TIME = Texts(
    zh="该事项缺少办理时间，不计入",
    ja="行った時刻がない項目は数えません",
    en="an item without its moment does not count",
)


def fulfilment(
    step: CaseStep, records: Sequence[Record], parties: Mapping[str, str], witnesses: int
) -> Fulfilment:
    """Return how far `records`, in the order of their moments, satisfy a step."""
    tally = _Tally(step, parties, witnesses)
    at: datetime | None = None
    for record in records:
        tally.add(record)
        if at is None and tally.complete:
            at = max([record.at, *(moment for moment in tally.items_at.values() if moment)])
    return Fulfilment(
        at=at,
        refused=tuple(party for party in step.signers if party in tally.refused - tally.signed.keys()),
        open_items=tally.open_items,
        missing_items=tuple(item for item in tally.open_items if item in tally.missing),
        open_signers=tally.open_signers,
        items_at=MappingProxyType(dict(tally.items_at)),
        faults=tuple(dict.fromkeys(tally.faults)),
    )


class _Tally:
    """Adds records up."""

    def __init__(self, step: CaseStep, parties: Mapping[str, str], witnesses: int) -> None:
        self.step, self.parties, self.witnesses = step, parties, witnesses
        self.counted = False
        self.items_at: dict[str, datetime | None] = {}
        self.missing: set[str] = set()
        self.signed: dict[str, set[str]] = {}
        self.refused: set[str] = set()
        self.faults: list[Texts] = []

    @property
    def open_items(self) -> tuple[str, ...]:
        return tuple(item.id for item in self.step.items if item.id not in self.items_at)

    @property
    def open_signers(self) -> tuple[str, ...]:
        missing = [party for party in self.step.signers if party not in {*self.signed, *self.refused}]
        signed = [party for party in self.step.signers if party in self.signed]
        choices = product(*(sorted(self.signed[party]) for party in signed))
        if not missing and not any(len(set(choice)) == len(signed) for choice in choices):
            return tuple(signed[1:])  # one person cannot sign for two
        return tuple(missing)

    @property
    def complete(self) -> bool:
        return self.counted and not self.open_items and not self.open_signers

    def add(self, record: Record) -> None:
        barred = {self.parties[party] for party in self.step.barred if party in self.parties}
        if barred & set(record.by):
            self.faults.append(_BARRED)
        elif len(set(record.by)) < self.step.persons:
            self.faults.append(_TOO_FEW)
        elif any(party not in self.parties for party in self.step.parties):
            self.faults.append(_UNNAMED)
        else:
            self.counted = True
            self._items(record)
            self._signatures(record)
            self._refusals(record)

    def _items(self, record: Record) -> None:
        timed = self.step.evidence is EvidenceKind.MEASURED
        for item, answer in record.items.items():
            if answer.state is ItemState.MISSING:
                self.missing.add(item)
            elif timed and answer.state is ItemState.SETTLED and answer.at is None:
                self.faults.append(_NO_TIME)
            elif item not in self.items_at:
                settled = answer.state is ItemState.SETTLED
                self.items_at[item] = (answer.at or record.at) if settled else None

    def _signatures(self, record: Record) -> None:
        for party, who in sorted(record.signed.items()):
            others = {each for name, each in self.parties.items() if name != party}
            if self.parties.get(party, who) != who or who in others:
                self.faults.append(_SIGNER)
            else:
                self.signed.setdefault(party, set()).add(who)

    def _refusals(self, record: Record) -> None:
        if not record.refused:
            return
        took_part = {self.parties[party] for party in record.refused if party in self.parties}
        independent = set(record.witnesses) - took_part - set(record.signed.values()) - set(record.by)
        if not self.step.refusable:
            self.faults.append(_NOT_REFUSABLE)
        elif len(independent) < self.witnesses:
            self.faults.append(_WITNESSES)
        else:
            self.refused |= record.refused
