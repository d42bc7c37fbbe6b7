"""An invented company, small enough to hold in the head: the people and things of the matrix.

Two legal entities (cn, jp); in cn the departments rd > lab, sales and office.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from shoumi.engine.policy import COMPANY, Context, HeldRole, Resource, Role, Stage, Subject
from shoumi.engine.policy import resources as make
from shoumi.engine.policy.facts import BookFacts, CarrierFacts, EntryFacts, SecretFacts, StepFacts

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
CONTEXT = Context(NOW)
CN = "entity:cn"
RD = "department:rd"
RD_PLACES = frozenset({RD, CN})
JP_PLACES = frozenset({"department:jp-rd", "entity:jp"})

_ABOVE = {"lab": ("rd",), "rd": (), "sales": (), "office": ()}


def subject(name, *held, department="office", clearance=3, **more) -> Subject:
    """An employee of cn with further roles; `held` are pairs of role and place."""
    roles = {HeldRole(Role.EMPLOYEE, CN), *(HeldRole(role, scope) for role, scope in held)}
    return Subject(
        id=f"a-{name}",
        person=f"p-{name}",
        roles=frozenset(roles),
        legal_entity="cn",
        department=department,
        departments=_ABOVE[department],
        clearance=clearance,
        **more,
    )


# The columns of matrix.txt.
PEOPLE = {
    "officer": subject("officer", (Role.SECRECY_OFFICER, COMPANY)),
    "dept-off": subject("dept-off", (Role.DEPARTMENT_SECRECY_OFFICER, RD), department="rd"),
    "owner": subject("owner", (Role.DEPARTMENT_OWNER, RD), department="rd"),
    "leader": subject("leader", (Role.LEADER, CN)),
    "legal": subject("legal", (Role.LEGAL, CN)),
    "hr": subject("hr", (Role.HR, CN)),
    "it": subject("it", (Role.IT_ADMINISTRATOR, COMPANY)),
    "auditor": subject("auditor", (Role.AUDITOR, COMPANY)),
    "counsel": Subject(
        id="a-counsel",
        person="p-counsel",
        clearance=3,
        roles=frozenset({HeldRole(Role.OUTSIDE_COUNSEL, "case:7", ends_at=NOW + timedelta(days=30))}),
    ),
    "proposer": subject("proposer", department="lab", clearance=1),
    "custodian": subject("custodian", department="lab", clearance=3),
    "scoped": subject("scoped", department="lab", clearance=2),
    "stranger": subject("stranger", department="sales", clearance=3),
    "gone": subject("gone", (Role.SECRECY_OFFICER, COMPANY), active=False),
}


def facts(stage=Stage.REGISTERED, level=2, **more) -> SecretFacts:
    """A secret of the research department, known there and in no other department."""
    known = {
        "proposer": "a-proposer",
        "custodian": "p-custodian",
        "departments": frozenset({"rd"}),
        "places": RD_PLACES,
    }
    return SecretFacts(stage, level, **(known | more))


SECRETS = {
    "draft": facts(Stage.DRAFT),
    "returned": facts(Stage.RETURNED),
    "proposed": facts(Stage.PROPOSED),
    "registered": facts(),
    "core": facts(level=3),
    "in-case": facts(cases=frozenset({"7"})),
    "declassified": facts(Stage.DECLASSIFIED, 0),
    "closed": facts(Stage.CLOSED),
    "of-jp": facts(proposer="a-else", custodian="p-else", departments=frozenset(), places=JP_PLACES),
}

# The things of matrix.txt that are no secrets, with their places in the company.
THINGS = {
    "rd": make.unit(RD, RD_PLACES),
    "cn": make.unit(CN, {CN}),
    "rd-book": make.book("b1", BookFacts("owner", places=RD_PLACES)),
    "rd-line": make.book("b2", BookFacts("owner", 3, custodian="p-custodian", places=RD_PLACES)),
    "rd-list": make.book("b3", BookFacts("owner", signer="a-officer", places=RD_PLACES)),
    "duty-rd": make.duty("d1", person=None, post="post-1", places=RD_PLACES),
    "duty-mine": make.duty("d2", person="p-stranger", post=None, places=RD_PLACES),
    "office-book": make.book("b4", BookFacts("office", places=frozenset({CN}))),
    "office-line": make.book("b5", BookFacts("office", 2, places=RD_PLACES)),
    "colleague": make.person("p-stranger", {"department:sales", CN}),
    "own": None,  # filled in per person
    "someone-in-jp": make.person("p-jp", JP_PLACES),
    "grant-in-cn": make.role_grant("g1", requester="a-hr", grantee="a-scoped", role="leader", places={CN}),
    "counsel-grant": make.role_grant(
        "g2", requester="a-legal", grantee="a-counsel", role="outside_counsel", places={CN, "case:7"}
    ),
    "account": make.login("a-stranger", {"department:sales", CN}),
    "key": make.key("k1", requester="a-it"),
    "setting": make.setting("s1", requester="a-it"),
    "ledger": make.ledger(places={CN}),
    "review-step": make.approval("r1", requester="a-proposer", step="review", places=RD_PLACES),
    "approve-step": make.approval(
        "r2", requester="a-proposer", step="approve", decided={"a-officer"}, places=RD_PLACES
    ),
    "named-step": make.approval(
        "r3", requester="a-custodian", step="other", deciders={"a-owner"}, places=RD_PLACES
    ),
    **{
        f"op-{stage}": make.operation(
            stage,
            stage=stage,
            requester="a-proposer",
            receiver="a-scoped",
            witnesses={"a-stranger"},
            keepers={"p-custodian"},
            places=RD_PLACES,
        )
        for stage in ("draft", "returned", "asked", "approved", "under_way", "closed")
    },
    "carrier": make.carrier(
        "k1",
        CarrierFacts(
            keeper="p-proposer", custodian="p-custodian", departments=frozenset({"rd"}), places=RD_PLACES
        ),
    ),
    "carrier-offered": make.carrier(
        "k2",
        CarrierFacts(recipient="p-stranger", persons=frozenset({"p-scoped"}), places=JP_PLACES),
    ),
    "unit-of-rd": make.storage("u1", keeper="p-scoped", places=RD_PLACES),
    "unit-of-jp": make.storage("u2", places=JP_PLACES),
    "inventory-of-rd": make.inventory("i1", places=RD_PLACES),
    "inventory-of-keeper": make.inventory("i2", keeper="p-scoped", signer="a-officer", places=RD_PLACES),
    "weights": replace(make.setting("score.weights", requester="a-legal"), parents=frozenset({COMPANY, CN})),
    "risk-of-rd": make.risk("q1", owner="p-scoped", places=RD_PLACES),
    "risk-in-jp": make.risk("q2", places=JP_PLACES),
    "case-7": make.case("7", {CN}),
    "case-8": make.case("8", {CN}),
    "finding": make.work("w1", doers={"a-custodian"}, places=RD_PLACES),
    "put-right": make.work("w2", doers={"a-owner"}, reporters={"a-officer"}, places=RD_PLACES),
    "rule-draft": make.rule("d1", published=False, departments={RD}, places={CN}),
    "rule-for-rd": make.rule("d2", published=True, departments={RD}, places={CN}),
    "training": make.training("p-proposer", RD_PLACES),
    "zone": make.zone(
        "z1",
        EntryFacts(frozenset({"rd"}), persons=frozenset({"p-stranger"}), keepers=frozenset({"p-hr"})),
        RD_PLACES,
    ),
    "zone-in-jp": make.zone("z2", EntryFacts(frozenset({"jp-rd"})), JP_PLACES),
    "visit": make.visit(
        "v1",
        requester="a-scoped",
        host="p-proposer",
        escort="p-custodian",
        keepers={"p-hr"},
        places=RD_PLACES,
    ),
    "scan": make.scan("s1", {CN}),
    "match-of-rd": make.match("m1", places=RD_PLACES),
    "match-by-officer": make.match("m2", proposer="a-officer", places=RD_PLACES),
    "match-without-secret": make.match("m3", proposer="a-owner", places={CN}),
    "agreement": make.agreement("g1", person="p-proposer", witnesses={"p-hr"}, places=RD_PLACES),
    "agreement-with-sums": make.agreement("g2", person="p-scoped", sums=True, places=RD_PLACES),
    "agreement-of-hr": make.agreement("g3", person="p-hr", places={CN}),
    "agreement-in-jp": make.agreement("g4", places=JP_PLACES),
    "case-of-scoped": make.person_case(
        "pc1", about="p-scoped", doers={"a-stranger"}, tasked={"hr", "it_administrator"}, places=RD_PLACES
    ),
    "case-of-officer": make.person_case("pc2", about="p-officer", tasked={"hr"}, places={CN}),
    "step-of-hr": make.person_step(
        "ps1", StepFacts("p-scoped", "hr", doers=frozenset({"a-stranger"})), RD_PLACES
    ),
    "step-of-it": make.person_step("ps2", StepFacts("p-scoped", "it_administrator"), RD_PLACES),
    "step-to-sign": make.person_step(
        "ps3",
        StepFacts(
            "p-scoped", "secrecy_officer", personal=True, signers=frozenset({"a-scoped", "a-custodian"})
        ),
        RD_PLACES,
    ),
    "step-to-receive": make.person_step(
        "ps4",
        StepFacts(
            "p-scoped",
            "department_owner",
            attestors=frozenset({"a-stranger", "a-scoped"}),
            receiver="a-custodian",
        ),
        RD_PLACES,
    ),
    "step-received-by-self": make.person_step(
        "ps5", StepFacts("p-scoped", "department_owner", personal=True, receiver="a-scoped"), RD_PLACES
    ),
    "step-of-employee": make.person_step("ps6", StepFacts("p-scoped", "employee", personal=True), RD_PLACES),
    "meeting-of-rd": make.meeting("t1", host="p-proposer", attendees={"p-stranger"}, places=RD_PLACES),
    "meeting-by-auditor": make.meeting("t2", host="p-auditor", attendees={"p-it"}, places={CN}),
    "partner-of-rd": make.partner("pa1", managers={"a-stranger"}, assessors={"a-owner"}, places=RD_PLACES),
    "partner-by-auditor": make.partner("pa2", managers={"a-auditor"}, assessors={"a-legal"}, places={CN}),
    "unmasking": make.unmasking("um1", requester="a-hr", about="p-scoped", granted=False, places=RD_PLACES),
    "unmasking-granted": make.unmasking(
        "um2", requester="a-legal", about="p-officer", granted=True, places={CN}
    ),
    "breach": make.privacy_matter("b1", owners={"p-it", "p-proposer"}, places={CN}),
    "breach-to-close": make.privacy_matter("b2", owners={"p-it"}, requester="a-legal", places={CN}),
    "concern": make.concern("co1", to_legal=True, to_office=True, places={CN}),
    "concern-to-legal": make.concern("co2", to_legal=True, to_office=False, reporter="a-scoped", places={CN}),
    "concern-by-officer": make.concern(
        "co3", to_legal=True, to_office=True, reporter="a-officer", places={CN}
    ),
    "visit-by-it": make.visit("v2", requester="a-it", host="p-it", places=RD_PLACES),
}


def thing(action: str, name: str, who: Subject) -> Resource:
    """The resource that a row of the matrix names, as it is for `who`."""
    if name == "own":
        return (
            make.person(who.person, {CN})
            if action.startswith(("person.", "person_case.", "privacy."))
            else make.login(who.id, {CN})
        )
    if name in THINGS:
        return THINGS[name]
    maker = {"file": make.file, "evidence": make.evidence}.get(action.partition(".")[0], make.secret)
    return maker(name, SECRETS[name])
