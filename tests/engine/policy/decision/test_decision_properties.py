"""What holds for every person and every secret, whatever their facts."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import cedarpy
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.policy.company import (
    CN,
    CONTEXT,
    JP_PLACES,
    NOW,
    RD,
    RD_PLACES,
)

from shoumi.engine.policy import (
    Action,
    HeldRole,
    Role,
    Stage,
    Subject,
    decide,
    decide_each,
)
from shoumi.engine.policy import resources as make
from shoumi.engine.policy.facts import SecretFacts
from shoumi.engine.policy.rules import shipped_rule_book, shipped_sources

CONTENT = (Action.SECRET_OPEN_CONTENT, Action.FILE_DOWNLOAD, Action.EVIDENCE_DOWNLOAD)
PLACES = st.sampled_from(["company", CN, "entity:jp", RD, "department:sales", "case:7", "case:8"])
HELD = st.builds(HeldRole, st.sampled_from(Role), PLACES)
SUBJECTS = st.builds(
    Subject,
    id=st.sampled_from(["a-1", "a-2"]),
    person=st.sampled_from([None, "p-1", "p-2"]),
    roles=st.frozensets(HELD, max_size=4),
    legal_entity=st.just("cn"),
    department=st.sampled_from([None, "lab", "rd", "sales"]),
    departments=st.sampled_from([(), ("rd",)]),
    posts=st.frozensets(st.sampled_from(["chemist", "driver"])),
    clearance=st.integers(0, 3),
    active=st.sampled_from([True, True, True, False]),
    ends_at=st.sampled_from([None, NOW + timedelta(days=1), NOW - timedelta(days=1)]),
)
FACTS = st.builds(
    SecretFacts,
    stage=st.sampled_from(Stage),
    level=st.integers(0, 3),
    proposer=st.sampled_from([None, "a-1", "a-2", "a-3"]),
    reviewers=st.frozensets(st.sampled_from(["a-1", "a-2"])),
    deciders=st.frozensets(st.sampled_from(["a-1", "a-2"])),
    custodian=st.sampled_from([None, "p-1", "p-3"]),
    departments=st.frozensets(st.sampled_from(["rd", "sales"])),
    posts=st.frozensets(st.sampled_from(["chemist"])),
    persons=st.frozensets(st.sampled_from(["p-1", "p-2"])),
    cases=st.frozensets(st.sampled_from(["7", "8"])),
    places=st.sampled_from([RD_PLACES, JP_PLACES]),
)
SECRET_ACTIONS = [
    item
    for item in Action
    if item.startswith("secret.") and item not in (Action.SECRET_PROPOSE, Action.SECRET_IMPORT)
]
BINDING = {Role.IT_ADMINISTRATOR, Role.AUDITOR, Role.OUTSIDE_COUNSEL}  # these roles also take away


def permitted(person, known):
    """The names of all that `person` may do to a secret, its files and its evidence."""
    wishes = [(action, make.secret("s", known)) for action in SECRET_ACTIONS]
    wishes += [(action, make.file("f", known)) for action in Action if action.startswith("file.")]
    wishes += [(action, make.evidence("e", known)) for action in Action if action.startswith("evidence.")]
    decisions = decide_each(person, wishes, CONTEXT)
    assert not any(decision.faulty for decision in decisions)
    return {action for (action, _item), decision in zip(wishes, decisions, strict=True) if decision.permitted}


@settings(max_examples=60, deadline=None)
@given(SUBJECTS, FACTS, st.data())
def test_taking_away_never_gives(person, known, data):
    """Less role, scope, clearance or place never permits more; roles that bind are kept."""
    fewer = data.draw(
        st.frozensets(st.sampled_from(sorted(person.roles, key=str)))
        if person.roles
        else st.just(frozenset())
    )
    kept = frozenset(held for held in person.roles if held.role in BINDING) | fewer
    less = dataclasses.replace(
        person,
        roles=kept,
        posts=frozenset(),
        department=None,
        departments=(),
        clearance=max(person.clearance - 1, 0),
    )
    narrower = dataclasses.replace(known, departments=frozenset(), posts=frozenset(), persons=frozenset())
    everything = permitted(person, known)
    assert permitted(less, known) <= everything
    assert permitted(person, narrower) <= everything
    assert permitted(less, narrower) <= permitted(person, narrower)


@settings(max_examples=60, deadline=None)
@given(SUBJECTS, FACTS)
def test_what_nobody_may_ever_do(person, known):
    may = permitted(person, known)
    roles = {held.role for held in person.roles}
    if not person.active or (person.ends_at and person.ends_at <= NOW):
        assert not may
    if known.proposer == person.id:
        assert not may & {Action.SECRET_REVIEW, Action.SECRET_APPROVE}
    if roles & {Role.IT_ADMINISTRATOR, Role.AUDITOR}:
        assert not may & set(CONTENT)
    if person.clearance < known.level and known.proposer != person.id:
        assert not may & set(CONTENT)
    if Role.OUTSIDE_COUNSEL in roles and not (
        {held.scope for held in person.roles if held.role is Role.OUTSIDE_COUNSEL}
        & ({"company"} | known.places | {f"case:{case}" for case in known.cases})
    ):
        assert not may
    if not roles and known.proposer != person.id and known.custodian != person.person:
        assert person.id in known.deciders or not may


@settings(max_examples=40, deadline=None)
@given(SUBJECTS, FACTS)
def test_one_by_one_and_together_agree(person, known):
    secret = make.secret("s", known)
    wishes = [(action, secret) for action in SECRET_ACTIONS]
    assert decide_each(person, wishes, CONTEXT) == [decide(person, *wish, CONTEXT) for wish in wishes]


@settings(max_examples=10, deadline=None)
@given(SUBJECTS, FACTS)
def test_rules_about_other_actions_decide_nothing(person, known):
    """Asking only the rules that name an action, or none, gives what asking all of them gives."""
    secret, book = make.secret("s", known), shipped_rule_book()
    everything = cedarpy.PolicySet.from_str("\n".join(shipped_sources().rules.values()))
    whole = dataclasses.replace(book, _concerned=dict.fromkeys(Action, everything))
    wishes = [(action, secret) for action in SECRET_ACTIONS]
    assert decide_each(person, wishes, CONTEXT) == decide_each(person, wishes, CONTEXT, book=whole)
