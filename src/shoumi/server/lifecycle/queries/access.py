"""Cases and steps as the rules see them, and the rows that somebody may see.

The roles named here are those of `engine/policy/cedar/cases_of_people.cedar`; a test compares both for every
role and every row of the demonstration company.  Reads only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from shoumi.engine.jurisdiction.procedures.values import RECEIVER
from shoumi.engine.policy import COMPANY, Resource, Role, resources
from shoumi.engine.policy.facts import StepFacts
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.lifecycle.models import Attestation, CaseParty, CaseStep, PersonCase, StepRecord
from shoumi.server.lifecycle.queries.standing_in import OWNERS, stand_ins
from shoumi.server.people.models import Department
from shoumi.server.people.queries import department_places
from shoumi.server.people.queries.listing import scopes_of
from shoumi.server.people.queries.sets import NOTHING

READERS = frozenset(
    {
        Role.HR,
        Role.LEGAL,
        Role.SECRECY_OFFICER,
        Role.LEADER,
        Role.DEPARTMENT_OWNER,
        Role.DEPARTMENT_SECRECY_OFFICER,
        Role.AUDITOR,
    }
)
OPENERS = frozenset({Role.HR, Role.LEGAL, Role.SECRECY_OFFICER})
EXPORTERS = OPENERS | {Role.AUDITOR}
LIVE = (CaseStep.State.OPEN, CaseStep.State.WAITING)
WITH_PLACES = ("person__user", "entity", "department__entity")
STEP_PLACES = ("case__person", "case__entity", "case__department__entity")


def cases() -> QuerySet[PersonCase]:
    """Return all cases with what their places need."""
    return PersonCase.objects.select_related(*WITH_PLACES)


def case_places(case: PersonCase) -> frozenset[str]:
    """Return all places in which a case stands: those of the person when it was opened."""
    above = department_places(case.department) if case.department else frozenset()
    return above | {case.entity.scope}


def case_resource(case: PersonCase) -> Resource:
    """Return the case as the rules see it."""
    return case_resources([case])[0]


def case_resources(rows: Iterable[PersonCase]) -> list[Resource]:
    """Return cases as the rules see them, in their order: a fixed number of queries."""
    known = list(rows)
    steps = list(CaseStep.objects.filter(case__in=known).exclude(state=CaseStep.State.DROPPED))
    parts = _parts(known, steps)
    tasked: dict[UUID, set[str]] = defaultdict(set)
    for step in steps:
        tasked[step.case_id].add(step.role)
    return [
        resources.person_case(
            str(case.pk),
            about=str(case.person_id),
            doers=parts[case.pk],
            tasked=tasked[case.pk],
            places=case_places(case),
        )
        for case in known
    ]


def _parts(rows: list[PersonCase], steps: list[CaseStep]) -> dict[UUID, set[str]]:
    """Return the accounts that have something to do in each case by name."""
    found: dict[UUID, set[str]] = defaultdict(set)
    cases_, places = {case.pk: case for case in rows}, {case.pk: case_places(case) for case in rows}
    doers = doers_of()
    for step in steps:
        found[step.case_id] |= doers(cases_[step.case_id], step, places[step.case_id])
    parties = CaseParty.objects.filter(case__in=rows, person__user__isnull=False)
    for case, user in parties.values_list("case", "person__user"):
        found[case].add(str(user))
    asked = Attestation.objects.filter(record__step__case__in=rows)
    for case, user in asked.values_list("record__step__case", "user"):
        found[case].add(str(user))
    return found


def given_now(step: CaseStep) -> bool:
    """Tell whether the step is in the hands of somebody to whom it was given."""
    if step.given_to_id is None:
        return False
    return step.given_until is None or step.given_until >= clock().now().date()


def doers_of() -> Callable[[PersonCase, CaseStep, frozenset[str]], frozenset[str]]:
    """Return what tells by name who does a step besides the holders of its role: asked once, then free.

    The step is given to them, or they stand in for somebody who is away and whose it is.
    """
    found = stand_ins()

    def doers(case: PersonCase, step: CaseStep, places: frozenset[str]) -> frozenset[str]:
        given = step.given_to_id if given_now(step) else None
        named = {given} if given else set()
        for each in found:
            if each.does(case, step.role, places) or (given == each.delegator.pk and each.apart(case)):
                named.add(each.delegate.pk)
        return frozenset(map(str, named))

    return doers


def step_resource(step: CaseStep) -> Resource:
    """Return a step as the rules see it."""
    return step_resources(step.case, [step])[0]


def step_resources(case: PersonCase, steps: Iterable[CaseStep]) -> list[Resource]:
    """Return steps of one case as the rules see them, in their order: a fixed number of queries."""
    known = list(steps)
    accounts: dict[str, str] = {
        row.party: str(row.person.user_id)
        for row in case.parties.select_related("person")
        if row.person.user_id
    }
    if case.person.user_id:
        accounts["person"] = str(case.person.user_id)
    attestors: dict[UUID, set[str]] = defaultdict(set)
    rows = Attestation.objects.filter(record__step__in=known)
    for step_id, user in rows.values_list("record__step", "user"):
        attestors[step_id].add(str(user))
    places, doers = case_places(case), doers_of()
    found = []
    for step in known:
        signers = [party for party in step.signers.split("|") if party]
        facts = StepFacts(
            about=str(case.person_id),
            role=step.role,
            personal=step.personal,
            doers=doers(case, step, places),
            signers=frozenset(accounts[party] for party in signers if party in accounts),
            attestors=frozenset(attestors[step.pk]),
            receiver=accounts.get("receiver") if step.receives else None,
        )
        found.append(resources.person_step(str(step.pk), facts, places))
    return found


def cases_visible_to(user: User) -> QuerySet[PersonCase]:
    """Return the cases that `user` may know of."""
    if not acts(user):
        return cases().none()
    scopes = scopes_of(user, READERS)
    if COMPANY in scopes:
        return cases()
    person = gate.subject_of(user).person
    steps = CaseStep.objects.exclude(state=CaseStep.State.DROPPED).order_by()
    it = within(scopes_of(user, [Role.IT_ADMINISTRATOR]))
    it &= Exists(steps.filter(case=OuterRef("pk"), role=Role.IT_ADMINISTRATOR))
    own = Q(person=person) if person else NOTHING
    given = _given(user)
    for each in stand_ins(delegate=user):
        for role, places in each.held.items():
            there = within(places) & Exists(steps.filter(case=OuterRef("pk"), role=role))
            it |= there & _apart(each.about, person)
        given |= _given(each.delegator) & _apart(each.about, person, "case__")
    parts = (
        steps.filter(given).values("case"),
        CaseParty.objects.filter(person__user=user).order_by().values("case"),
        Attestation.objects.filter(user=user).order_by().values("record__step__case"),
    )
    found = within(scopes) | own | it
    for named in parts:
        found |= Q(pk__in=named)
    return cases().filter(found)


def cases_read_by(user: User) -> QuerySet[PersonCase]:
    """Return the cases that `user` may see as a whole: never one's own."""
    if not acts(user):
        return cases().none()
    person = gate.subject_of(user).person
    rows = cases().filter(within(scopes_of(user, READERS)))
    return rows.exclude(person=person) if person else rows


def tasks_of(user: User) -> QuerySet[CaseStep]:
    """Return the steps of open cases that `user` can do something about: record, sign, attest, receive.

    One pass over the live steps: each condition looks at the step itself, or into a small set found once.
    """
    rows = CaseStep.objects.filter(case__state=PersonCase.State.OPEN, state__in=LIVE)
    if not acts(user):
        return rows.none()
    person = gate.subject_of(user).person
    held = _given(user)
    if not scopes_of(user, [Role.AUDITOR]):
        for role in OWNERS:
            if scopes := scopes_of(user, [role]):
                held |= Q(role=role) & within(scopes, "case__")
    for each in stand_ins(delegate=user):
        theirs = _given(each.delegator)
        for role, places in each.held.items():
            theirs |= Q(role=role) & within(places, "case__")
        held |= theirs & _apart(each.about, None, "case__")
    if person:
        held &= ~Q(case__person=person)
        mine = Q(role=Role.EMPLOYEE) | Q(signers__contains="|person|") & ~_signed("person")
        held |= Q(case__person=person) & mine
        parties = CaseParty.objects.filter(person=person).order_by()
        for party in parties_of(user):
            does = Q(signers__contains=f"|{party}|") & ~_signed(party)
            does |= Q(receives=True) if party == RECEIVER else NOTHING
            held |= Q(case__in=parties.filter(party=party).values("case")) & does
    asked = Attestation.objects.filter(user=user, answered_at__isnull=True).order_by()
    return rows.filter(held | Q(pk__in=asked.values("record__step"))).select_related(*STEP_PLACES)


def _signed(party: str) -> Exists:
    """Return the condition that a party has signed a step: then it is no longer theirs to do."""
    records = StepRecord.objects.filter(step=OuterRef("pk"), counts_from__isnull=False)
    return Exists(records.filter(signed__has_key=party).order_by())


def _apart(about: str, person: str | None, prefix: str = "") -> Q:
    """Return the condition that a case is about none of the two persons."""
    names = [name for name in (about, person) if name]
    return ~Q(**{f"{prefix}person__in": names}) if names else ~NOTHING


def _given(user: User) -> Q:
    """Return the condition that a step is in the user's hands because it was given to them."""
    return Q(given_to=user) & (Q(given_until__isnull=True) | Q(given_until__gte=clock().now().date()))


def parties_of(user: User) -> list[str]:
    """Return as which parties `user` is named in cases."""
    rows = CaseParty.objects.filter(person__user=user)
    return sorted(set(rows.values_list("party", flat=True)))


def within(scopes: Iterable[str], prefix: str = "") -> Q:
    """Return the condition that a case, which stands at `prefix`, lies in one of `scopes`."""
    places = set(scopes)
    if COMPANY in places:
        return ~NOTHING
    found = NOTHING
    if entities := _ids(places, "entity"):
        found |= Q(**{f"{prefix}entity__in": entities})
    roots = Department.objects.filter(pk__in=_ids(places, "department")).values_list("path", flat=True)
    for root in roots:
        below = Department.objects.filter(path__startswith=root).order_by().values("pk")
        found |= Q(**{f"{prefix}department__in": below})
    return found


def acts(user: User) -> bool:
    """Tell whether the rules that bind everyone let the user act at all."""
    subject = gate.subject_of(user)
    outside = any(held.role is Role.OUTSIDE_COUNSEL for held in subject.roles)
    return subject.active and not outside and (subject.ends_at is None or clock().now() < subject.ends_at)


def _ids(scopes: Iterable[str], kind: str) -> list[UUID]:
    pairs = (scope.partition(":") for scope in scopes)
    return [UUID(key) for head, _colon, key in pairs if head == kind]
