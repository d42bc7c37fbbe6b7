"""The monitoring gate: may data of this kind about this person be collected for this purpose at this moment.

Whose rule: the packs' `personal_data.yaml` with the rules named there.  Without a registered processing,
without notice, without a needed assessment or consent the answer is no.  Pure: the facts are given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from shoumi.engine.jurisdiction.personal_data.values import (
    BY_BASIS,
    Answer,
    Consent,
    PersonalDataTable,
    Processing,
    Reason,
    Told,
)

# The further down, the nearer to a yes: of several processings the nearest one answers.
_ORDER: Final = tuple(Reason)[1:]


def traits_of(table: PersonalDataTable, kinds: Iterable[str], traits: Iterable[str]) -> frozenset[str]:
    """Return the traits of a processing, with those that its kinds of data bring with them."""
    found = set(traits)
    if table.sensitive & set(kinds):
        found.add("sensitive")
    return frozenset(found)


def consents_needed(
    table: PersonalDataTable, *, kinds: Iterable[str], basis: str, traits: Iterable[str]
) -> tuple[str, ...]:
    """Return to what a person must agree for a processing, each apart: the basis, traits, kinds."""
    wanted = tuple(kinds)
    found = [BY_BASIS] if table.bases[basis].consent else []
    for trait in sorted(traits_of(table, wanted, traits)):
        entry = table.traits[trait]
        if entry.consent and basis not in entry.unless:
            found.append(trait)
    found += sorted(kind for kind in wanted if table.kinds[kind].own_consent)
    return tuple(found)


def assessment_triggers(
    table: PersonalDataTable, *, kinds: Iterable[str], traits: Iterable[str]
) -> tuple[str, ...]:
    """Return the traits because of which an impact assessment comes before a processing."""
    return tuple(t for t in sorted(traits_of(table, kinds, traits)) if table.traits[t].assessment)


def may_collect(  # noqa: PLR0913 - what the answer depends on, by name
    table: PersonalDataTable,
    *,
    kind: str,
    purpose: str,
    at: datetime,
    processings: Sequence[Processing],
    told: Sequence[Told],
    consents: Sequence[Consent],
) -> Answer:
    """Return whether it may be collected at `at`, and what that rests on."""
    if kind not in table.kinds:
        return Answer(Reason.UNKNOWN_KIND)
    if purpose not in table.purposes:
        return Answer(Reason.UNKNOWN_PURPOSE)
    if any(item.kind == kind and item.purpose == purpose for item in table.never):
        return Answer(Reason.NEVER)
    answers = [
        _judge(table, item, kind, at, told, consents)
        for item in processings
        if kind in item.kinds and item.purpose == purpose and _holds(item.starts, item.ends, at)
    ]
    permitted = [answer for answer in answers if answer.since is not None]
    if permitted:
        return min(permitted, key=lambda answer: (answer.since or at, answer.processing))
    if not answers:
        return Answer(Reason.NO_PROCESSING)
    return max(answers, key=lambda answer: _ORDER.index(answer.reason))


def _judge(  # noqa: PLR0911, PLR0913, PLR0917 - one return for each way to a no
    table: PersonalDataTable,
    item: Processing,
    kind: str,
    at: datetime,
    told: Sequence[Told],
    consents: Sequence[Consent],
) -> Answer:
    basis = table.bases.get(item.basis)
    if basis is None or not item.traits <= table.traits.keys():
        return Answer(Reason.NO_PROCESSING, item.id)
    rules = tuple(
        sorted({basis.rule, *(table.traits[t].rule for t in traits_of(table, {kind}, item.traits))} - {""})
    )

    def no(reason: Reason, missing: tuple[str, ...] = ()) -> Answer:
        return Answer(reason, item.id, item.basis, missing=missing, rules=rules)

    if not item.concerns:
        return no(Reason.NOT_CONCERNED)
    if table.kinds[kind].content and item.everybody:
        return no(Reason.ABOUT_EVERYBODY)
    since = [item.starts]
    if assessment_triggers(table, kinds=item.kinds, traits=item.traits):
        if item.assessed is None or item.assessed > at:
            return no(Reason.NO_ASSESSMENT)
        since.append(item.assessed)
    known = [row for row in told if item.id in row.processings and _holds(row.since, row.until, at)]
    if not known:
        return no(Reason.NO_NOTICE)
    notice = min(known, key=lambda row: (row.since, row.id))
    since.append(notice.since)
    needed = consents_needed(table, kinds={kind}, basis=item.basis, traits=item.traits)
    given = {
        row.scope: row
        for row in sorted(consents, key=lambda row: row.given, reverse=True)
        if row.processing == item.id and _holds(row.given, row.withdrawn, at)
    }
    missing = tuple(scope for scope in needed if scope not in given)
    if missing:
        return no(Reason.NO_CONSENT, missing)
    since += [given[scope].given for scope in needed]
    return Answer(
        Reason.PERMITTED,
        item.id,
        item.basis,
        notice.id,
        tuple(given[scope].id for scope in needed),
        since=max(since),
        rules=rules,
    )


def _holds(start: datetime, end: datetime | None, at: datetime) -> bool:
    return start <= at and (end is None or at < end)
