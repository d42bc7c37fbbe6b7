"""The decision point: the matrix, the trap of Cedar, and what must hold for all."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.engine.policy.company import (
    CN,
    CONTEXT,
    NOW,
    PEOPLE,
    RD_PLACES,
    facts,
    subject,
    thing,
)

from shoumi.engine.policy import (
    Action,
    Context,
    Effect,
    HeldRole,
    Obligation,
    Role,
    Stage,
    Subject,
    decide,
    decide_each,
)
from shoumi.engine.policy import resources as make
from shoumi.engine.policy.rules import (
    FAULT,
    NO_RULE,
    Sources,
    all_reasons,
    build_rule_book,
    shipped_sources,
)

MATRIX = Path(__file__).with_name("matrix.txt")


def matrix_rows():
    lines = [line.split() for line in MATRIX.read_text().splitlines() if line and not line.startswith("#")]
    header = lines[0][2:]
    assert header == list(PEOPLE)
    return [(Action(row[0]), row[1], dict(zip(header, row[2:], strict=True))) for row in lines[1:]]


@pytest.mark.requirement("IDN-03")
@pytest.mark.parametrize(("action", "name", "expected"), matrix_rows(), ids=lambda value: str(value)[:40])
def test_decides_as_the_matrix_says(action, name, expected):
    decisions = {
        who: decide(person, action, thing(action, name, person), CONTEXT) for who, person in PEOPLE.items()
    }
    assert {who: "+" if decision.permitted else "." for who, decision in decisions.items()} == expected
    for decision in decisions.values():
        assert not decision.faulty
        assert decision.reasons
        assert set(decision.reasons) <= set(all_reasons())


def test_the_matrix_asks_for_every_action():
    assert {action for action, _name, _expected in matrix_rows()} == set(Action)


# --- the trap: Cedar skips a forbid that errors


def broken_book(condition):
    shipped = shipped_sources()
    planted = (
        f'@id("planted") @reason("Planted.") forbid (principal, action, resource) when {{ {condition} }};'
    )
    return build_rule_book(
        Sources(shipped.schema, {**shipped.rules, "planted.cedar": planted}, shipped.duties)
    )


@pytest.mark.parametrize(
    "condition", ["principal.endsAt <= context.now", "resource.no_such_attribute", "1 + true == 2"]
)
def test_a_forbid_that_errors_refuses_and_is_flagged(condition):
    person = PEOPLE["scoped"]
    resource = make.secret("s", facts())
    assert decide(person, Action.SECRET_OPEN_CONTENT, resource, CONTEXT).permitted
    decision = decide(person, Action.SECRET_OPEN_CONTENT, resource, CONTEXT, book=broken_book(condition))
    assert decision.effect is Effect.REFUSE
    assert decision.faulty
    assert decision.reasons == (FAULT,)
    assert decision.faults
    assert not decision.obligations


def test_a_duty_that_errors_refuses_and_is_flagged():
    shipped = shipped_sources()
    duty = (
        '@id("d") @reason("D.") @obligation("record") permit (principal, action, resource) when { 1 < true };'
    )
    book = build_rule_book(Sources(shipped.schema, shipped.rules, shipped.duties + duty))
    decision = decide(
        PEOPLE["scoped"], Action.SECRET_OPEN_CONTENT, make.secret("s", facts()), CONTEXT, book=book
    )
    assert decision.effect is Effect.REFUSE
    assert decision.faulty


@pytest.mark.parametrize(
    ("person", "action", "resource", "context"),
    [
        (PEOPLE["officer"], Action.FILE_DOWNLOAD, make.secret("s", facts()), CONTEXT),
        (PEOPLE["officer"], Action.SECRET_REVIEW, make.person("p"), CONTEXT),
        (PEOPLE["officer"], Action.SECRET_REVIEW, make.secret("s", facts(level="high")), CONTEXT),
        (PEOPLE["officer"], "secret.steal", make.secret("s", facts()), CONTEXT),
        (dataclasses.replace(PEOPLE["officer"], clearance=None), Action.LEDGER_VIEW, make.ledger(), CONTEXT),
        (PEOPLE["officer"], Action.LEDGER_VIEW, make.ledger(), Context(datetime(2026, 3, 1))),  # noqa: DTZ001
        (PEOPLE["officer"], Action.LEDGER_VIEW, make.ledger(), Context(NOW, purpose=None)),
    ],
)
def test_what_does_not_fit_the_schema_is_refused_and_flagged(person, action, resource, context):
    decision = decide(person, action, resource, context)
    assert decision.effect is Effect.REFUSE
    assert decision.faulty
    assert decision.faults


def test_a_resource_without_its_facts_is_refused_and_flagged():
    bare = dataclasses.replace(make.secret("s", facts()), attributes={"level": 0})
    decision = decide(PEOPLE["officer"], Action.SECRET_REVIEW, bare, CONTEXT)
    assert decision.faulty
    assert decision.effect is Effect.REFUSE


def test_two_descriptions_of_one_thing_refuse_all_wishes():
    wishes = [(Action.SECRET_VIEW_METADATA, make.secret("s", facts(level=level))) for level in (1, 3)]
    assert [item.faulty for item in decide_each(PEOPLE["officer"], wishes, CONTEXT)] == [True, True]


# --- reasons


@pytest.mark.parametrize(
    ("person", "action", "resource", "reason"),
    [
        (PEOPLE["gone"], Action.LEDGER_STATUS, make.ledger(), "account-not-active"),
        (
            subject("left", (Role.SECRECY_OFFICER, "company"), ends_at=NOW),
            Action.LEDGER_VIEW,
            make.ledger(),
            "engagement-ended",
        ),
        (PEOPLE["stranger"], Action.SECRET_VIEW_METADATA, make.secret("s", facts()), NO_RULE),
        (
            PEOPLE["scoped"],
            Action.SECRET_OPEN_CONTENT,
            make.secret("s", facts(level=3)),
            "clearance-below-level",
        ),
        (PEOPLE["it"], Action.FILE_DOWNLOAD, make.file("f", facts()), "it-administrator-sees-no-content"),
        (PEOPLE["auditor"], Action.EVIDENCE_DOWNLOAD, make.evidence("e", facts()), "auditor-sees-no-content"),
        (
            PEOPLE["officer"],
            Action.SECRET_VIEW_METADATA,
            make.secret("s", facts(Stage.DRAFT)),
            "draft-is-private",
        ),
        (
            PEOPLE["officer"],
            Action.SECRET_REVIEW,
            make.secret("s", facts(Stage.PROPOSED, proposer="a-officer")),
            "not-own-proposal",
        ),
        (
            PEOPLE["leader"],
            Action.SECRET_APPROVE,
            make.secret("s", facts(Stage.PROPOSED, proposer="a-leader")),
            "not-own-proposal",
        ),
        (
            PEOPLE["leader"],
            Action.SECRET_APPROVE,
            make.secret("s", facts(Stage.PROPOSED, reviewers=frozenset({"a-leader"}))),
            "review-and-approval-by-two",
        ),
        (
            PEOPLE["leader"],
            Action.APPROVAL_DECIDE,
            make.approval("r", requester="a-x", step="approve", decided={"a-leader"}, places=RD_PLACES),
            "one-decision-each",
        ),
        (
            subject("both", (Role.AUDITOR, CN), (Role.SECRECY_OFFICER, CN)),
            Action.SECRET_REVIEW,
            make.secret("s", facts(Stage.PROPOSED)),
            "auditor-changes-nothing",
        ),
        (
            PEOPLE["owner"],
            Action.APPROVAL_DECIDE,
            make.approval("r", requester="a-owner", step="x", deciders={"a-owner"}),
            "not-own-request",
        ),
        (
            PEOPLE["officer"],
            Action.ROLE_APPROVE,
            make.role_grant("g", requester="a-officer", grantee="a-x", role="hr"),
            "second-person-for-role",
        ),
        (
            PEOPLE["officer"],
            Action.ROLE_APPROVE,
            make.role_grant("g", requester="a-x", grantee="a-officer", role="hr"),
            "second-person-for-role",
        ),
        (
            PEOPLE["officer"],
            Action.KEY_APPROVE,
            make.key("k", requester="a-officer"),
            "second-person-for-operation",
        ),
        (PEOPLE["officer"], Action.KEY_APPROVE, make.key("k"), "second-person-for-operation"),
        (
            PEOPLE["counsel"],
            Action.SECRET_OPEN_CONTENT,
            make.secret("s", facts(cases=frozenset({"8"}))),
            "outside-counsel-only-in-the-case",
        ),
    ],
)
def test_a_refusal_names_its_rule(person, action, resource, reason):
    decision = decide(person, action, resource, CONTEXT)
    assert decision.effect is Effect.REFUSE
    assert reason in decision.reasons
    assert not decision.faulty


def test_outside_counsel_sees_nothing_after_the_grant_has_ended():
    secret = make.secret("s", facts(cases=frozenset({"7"})))
    counsel = PEOPLE["counsel"]
    (held,) = counsel.roles
    before = Context(held.ends_at - timedelta(milliseconds=1))
    assert decide(counsel, Action.SECRET_OPEN_CONTENT, secret, before).permitted
    after = decide(counsel, Action.SECRET_OPEN_CONTENT, secret, Context(held.ends_at))
    assert after.reasons == ("outside-counsel-only-in-the-case",)


def test_outside_counsel_named_in_a_knowledge_scope_stays_in_the_case():
    secret = make.secret("s", facts(persons=frozenset({"p-counsel"})))
    decision = decide(PEOPLE["counsel"], Action.SECRET_OPEN_CONTENT, secret, CONTEXT)
    assert decision.reasons == ("outside-counsel-only-in-the-case",)


def test_a_role_is_held_from_its_start_until_before_its_end():
    held = HeldRole(Role.AUDITOR, starts_at=NOW, ends_at=NOW + timedelta(days=1))
    person = Subject("a", frozenset({held}))
    for moment, expected in [(NOW - timedelta(seconds=1), False), (NOW, True), (held.ends_at, False)]:
        assert decide(person, Action.LEDGER_VIEW, make.ledger(), Context(moment)).permitted is expected


def test_an_engagement_ends_on_time():
    person = subject("x", (Role.LEGAL, CN), ends_at=NOW)
    assert decide(person, Action.LEDGER_VIEW, make.ledger(), Context(NOW - timedelta(seconds=1))).permitted
    assert not decide(person, Action.LEDGER_VIEW, make.ledger(), Context(NOW)).permitted


# --- knowledge scope (SCP-01)


@pytest.mark.requirement("SCP-01")
@pytest.mark.parametrize(
    ("scope", "known"),
    [
        ({"departments": frozenset({"rd"})}, True),  # the department above the own one
        ({"departments": frozenset({"lab"})}, True),
        ({"departments": frozenset({"sales"})}, False),
        ({"departments": frozenset({"cn"})}, False),  # an entity is not a department
        ({"departments": frozenset(), "posts": frozenset({"chemist"})}, True),
        ({"departments": frozenset(), "posts": frozenset({"driver"})}, False),
        ({"departments": frozenset(), "persons": frozenset({"p-ann"})}, True),
        ({"departments": frozenset(), "persons": frozenset({"a-ann", "p-bob"})}, False),
        ({"departments": frozenset()}, False),
    ],
)
def test_departments_with_all_below_posts_and_persons_make_the_scope(scope, known):
    ann = subject("ann", department="lab", posts=frozenset({"chemist"}))
    secret = make.secret("s", facts(**scope))
    for action in (Action.SECRET_VIEW_METADATA, Action.SECRET_OPEN_CONTENT):
        assert decide(ann, action, secret, CONTEXT).permitted is known


def test_names_that_look_alike_or_carry_quotes_stay_apart():
    tricky = 'x", "y'
    secret = make.secret(tricky, facts(departments=frozenset(), persons=frozenset({tricky})))
    assert decide(subject("x", department="sales"), Action.SECRET_VIEW_METADATA, secret, CONTEXT).reasons == (
        NO_RULE,
    )
    named = dataclasses.replace(subject("x", department="sales"), person=tricky)
    assert decide(named, Action.SECRET_VIEW_METADATA, secret, CONTEXT).permitted


def test_whoever_is_named_to_decide_sees_opens_and_decides():
    deputy = PEOPLE["stranger"]
    secret = make.secret("s", facts(Stage.PROPOSED, deciders=frozenset({deputy.id})))
    for action in (Action.SECRET_VIEW_METADATA, Action.SECRET_OPEN_CONTENT, Action.SECRET_APPROVE):
        assert decide(deputy, action, secret, CONTEXT).permitted
        assert not decide(PEOPLE["hr"], action, secret, CONTEXT).permitted


# --- obligations


@pytest.mark.parametrize(
    ("who", "action", "name", "expected"),
    [
        ("scoped", Action.SECRET_VIEW_METADATA, "registered", set()),
        ("scoped", Action.SECRET_OPEN_CONTENT, "registered", {Obligation.RECORD, Obligation.WATERMARK}),
        ("scoped", Action.FILE_DOWNLOAD, "declassified", {Obligation.RECORD}),
        ("owner", Action.EVIDENCE_DOWNLOAD, "registered", {Obligation.RECORD, Obligation.REASON_REQUIRED}),
        ("hr", Action.PERSON_VIEW, "colleague", {Obligation.MASK}),
        ("hr", Action.PERSON_VIEW, "own", set()),
        ("hr", Action.PERSON_REVEAL, "colleague", {Obligation.RECORD, Obligation.REASON_REQUIRED}),
        ("scoped", Action.PERSON_REVEAL, "own", {Obligation.RECORD}),
        ("legal", Action.LEDGER_REVEAL, "ledger", {Obligation.RECORD, Obligation.REASON_REQUIRED}),
    ],
)
def test_a_permission_carries_its_obligations(who, action, name, expected):
    decision = decide(PEOPLE[who], action, thing(action, name, PEOPLE[who]), CONTEXT)
    assert decision.permitted
    assert decision.obligations == expected


def test_nothing_is_asked_nothing_is_answered():
    assert decide_each(PEOPLE["officer"], [], CONTEXT) == []


def test_times_in_other_zones_are_the_same_moment():
    held = HeldRole(Role.AUDITOR, ends_at=NOW)
    assert not held.in_force(NOW.astimezone(UTC))
    person = subject("x", (Role.LEGAL, CN), ends_at=NOW.astimezone(None))
    assert not decide(person, Action.LEDGER_VIEW, make.ledger(), CONTEXT).permitted
