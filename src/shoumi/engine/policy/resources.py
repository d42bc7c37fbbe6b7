"""Makes the resources that decisions are about, each kind with exactly the facts its rules read.

The shapes are those of `cedar/schema.cedarschema`.
Nothing is looked up: the caller gives every place above the thing (`places`), and ids as they are stored.
"""

from __future__ import annotations

from collections.abc import Iterable

from shoumi.engine.policy.facts import BookFacts, CarrierFacts, EntryFacts, SecretFacts, StepFacts
from shoumi.engine.policy.values import (
    COMPANY,
    Attribute,
    Kind,
    Resource,
    case_scope,
    department_scope,
)


def _places(places: Iterable[str]) -> frozenset[str]:
    return frozenset({COMPANY, *places})


def _of_secret(kind: Kind, item_id: str, facts: SecretFacts) -> Resource:
    cases = frozenset(case_scope(case) for case in facts.cases)
    attributes = {
        "stage": facts.stage.value,
        "level": facts.level,
        "proposer": facts.proposer,
        "reviewers": facts.reviewers,
        "deciders": facts.deciders,
        "custodian": facts.custodian,
        "departments": frozenset(department_scope(item) for item in facts.departments),
        "posts": facts.posts,
        "persons": facts.persons,
        "cases": cases,
    }
    return Resource(kind, item_id, attributes, _places(facts.places | cases))


def secret(secret_id: str, facts: SecretFacts) -> Resource:
    """Return a trade secret."""
    return _of_secret(Kind.SECRET, secret_id, facts)


def file(file_id: str, facts: SecretFacts) -> Resource:
    """Return a file; `facts` are those of the secret it belongs to."""
    return _of_secret(Kind.FILE, file_id, facts)


def evidence(evidence_id: str, facts: SecretFacts) -> Resource:
    """Return the evidence package of a secret; `facts` are those of the secret."""
    return _of_secret(Kind.EVIDENCE, evidence_id, facts)


def book(book_id: str, facts: BookFacts) -> Resource:
    """Return one of the two ledgers of secrets, or a line of it."""
    attributes: dict[str, Attribute] = {
        "side": facts.side,
        "level": facts.level,
        "custodian": facts.custodian,
        "signer": facts.signer,
    }
    return Resource(Kind.BOOK, book_id, attributes, _places(facts.places))


def duty(duty_id: str, *, person: str | None, post: str | None, places: Iterable[str] = ()) -> Resource:
    """Return the designation of a department, a post or a person as dealing with secrets."""
    attributes: dict[str, Attribute] = {"bearer": person, "post": post or ""}
    return Resource(Kind.DUTY, duty_id, attributes, _places(places))


def carrier(carrier_id: str, facts: CarrierFacts) -> Resource:
    """Return a carrier of a designated secret."""
    attributes: dict[str, Attribute] = {
        "keeper": facts.keeper,
        "holder": facts.holder,
        "recipient": facts.recipient,
        "custodian": facts.custodian,
        "departments": frozenset(department_scope(item) for item in facts.departments),
        "posts": facts.posts,
        "persons": facts.persons,
    }
    return Resource(Kind.CARRIER, carrier_id, attributes, _places(facts.places))


def storage(unit_id: str, *, keeper: str | None = None, places: Iterable[str] = ()) -> Resource:
    """Return a storage unit that the person `keeper` looks after."""
    return Resource(Kind.STORAGE, unit_id, {"keeper": keeper}, _places(places))


def inventory(
    inventory_id: str, *, keeper: str | None = None, signer: str | None = None, places: Iterable[str] = ()
) -> Resource:
    """Return an inventory: `keeper` is the person counted, `signer` the account that signed for them."""
    return Resource(Kind.INVENTORY, inventory_id, {"keeper": keeper, "signer": signer}, _places(places))


def unit(scope: str, places: Iterable[str] = ()) -> Resource:
    """Return a department, legal entity or the company as something to work in.

    `scope` is its own place (`department:…`, `entity:…`, `company`), `places` are those above it.
    """
    return Resource(Kind.UNIT, scope, {"scope": scope}, _places((scope, *places)))


def person(person_id: str, places: Iterable[str] = ()) -> Resource:
    """Return the record of a person who stands in `places`."""
    return Resource(Kind.PERSON, person_id, {}, _places(places))


def role_grant(
    grant_id: str, *, requester: str, grantee: str, role: str, places: Iterable[str] = ()
) -> Resource:
    """Return a role grant for the lowest of `places`; requester and grantee are account ids."""
    return Resource(
        Kind.ROLE_GRANT,
        grant_id,
        {"requester": requester, "grantee": grantee, "role": role},
        _places(places),
    )


def login(account_id: str, places: Iterable[str] = ()) -> Resource:
    """Return an account as something to be managed."""
    return Resource(Kind.LOGIN, account_id, {"owner": account_id}, _places(places))


def key(key_id: str, *, requester: str | None = None) -> Resource:
    """Return a key, or the operation on it that the account `requester` asked for."""
    return Resource(Kind.KEY, key_id, {"requester": requester}, _places(()))


def setting(name: str, *, requester: str | None = None) -> Resource:
    """Return a setting, or the change of it that the account `requester` asked for."""
    return Resource(Kind.SETTING, name, {"requester": requester}, _places(()))


def ledger(ledger_id: str = "ledger", places: Iterable[str] = ()) -> Resource:
    """Return the ledger, or one entry of it whose subject stands in `places`."""
    return Resource(Kind.LEDGER, ledger_id, {}, _places(places))


def approval(  # noqa: PLR0913 - the facts of a request, each named
    request_id: str,
    *,
    requester: str,
    step: str,
    deciders: Iterable[str] = (),
    decided: Iterable[str] = (),
    places: Iterable[str] = (),
) -> Resource:
    """Return a request that waits at `step` (`review`, `approve`, …); persons are account ids."""
    return Resource(
        Kind.APPROVAL,
        request_id,
        {
            "requester": requester,
            "step": step,
            "deciders": frozenset(deciders),
            "decided": frozenset(decided),
        },
        _places(places),
    )


def risk(risk_id: str, *, owner: str | None = None, places: Iterable[str] = ()) -> Resource:
    """Return a risk of the register that stands in `places`; `owner` is the id of a person."""
    return Resource(Kind.RISK, risk_id, {"riskOwner": owner}, _places(places))


def operation(  # noqa: PLR0913 - the facts of an operation, each named
    operation_id: str,
    *,
    stage: str,
    requester: str,
    receiver: str | None = None,
    witnesses: Iterable[str] = (),
    deciders: Iterable[str] = (),
    keepers: Iterable[str] = (),
    places: Iterable[str] = (),
) -> Resource:
    """Return an operation on secrets at `stage`: draft, returned, asked, approved, under_way or closed.

    Keepers are ids of persons, all others of accounts; `places` are those of the owner department.
    """
    return Resource(
        Kind.OPERATION,
        operation_id,
        {
            "stage": stage,
            "requester": requester,
            "receiver": receiver,
            "witnesses": frozenset(witnesses),
            "deciders": frozenset(deciders),
            "keepers": frozenset(keepers),
        },
        _places(places),
    )


def case(case_id: str, places: Iterable[str] = ()) -> Resource:
    """Return a case; its own place is added to `places`."""
    return Resource(Kind.CASE, case_id, {}, _places((case_scope(case_id), *places)))


def work(
    work_id: str, *, doers: Iterable[str] = (), reporters: Iterable[str] = (), places: Iterable[str] = ()
) -> Resource:
    """Return a task, resolution or finding; `doers` are to do it, `reporters` said it is done (accounts)."""
    attributes = {"doers": frozenset(doers), "reporters": frozenset(reporters)}
    return Resource(Kind.WORK, work_id, attributes, _places(places))


def rule(
    rule_id: str,
    *,
    published: bool,
    departments: Iterable[str] = (),
    posts: Iterable[str] = (),
    places: Iterable[str] = (),
) -> Resource:
    """Return a version of a rule document; it binds who stands in `departments` (places) or holds a post."""
    attributes: dict[str, Attribute] = {
        "published": published,
        "departments": frozenset(departments),
        "posts": frozenset(posts),
    }
    return Resource(Kind.RULE, rule_id, attributes, _places(places))


def training(learner: str, places: Iterable[str] = ()) -> Resource:
    """Return what is kept of the training of the person `learner`, who stands in `places`."""
    return Resource(Kind.TRAINING, learner, {"learner": learner}, _places(places))


def zone(zone_id: str, facts: EntryFacts, places: Iterable[str] = ()) -> Resource:
    """Return a zone that stands in `places`."""
    attributes = {
        "departments": frozenset(department_scope(item) for item in facts.departments),
        "posts": facts.posts,
        "persons": facts.persons,
        "keepers": facts.keepers,
    }
    return Resource(Kind.ZONE, zone_id, attributes, _places(places))


def visit(  # noqa: PLR0913 - the facts of a visit, each named
    visit_id: str,
    *,
    requester: str,
    host: str,
    escort: str | None = None,
    keepers: Iterable[str] = (),
    places: Iterable[str] = (),
) -> Resource:
    """Return a visit to a zone in `places`; the requester is an account, the others are persons."""
    return Resource(
        Kind.VISIT,
        visit_id,
        {"requester": requester, "host": host, "escort": escort, "keepers": frozenset(keepers)},
        _places(places),
    )


def agreement(
    agreement_id: str,
    *,
    person: str | None = None,
    witnesses: Iterable[str] = (),
    sums: bool = False,
    places: Iterable[str] = (),
) -> Resource:
    """Return an agreement: `person` signs it, `sums` says that it tells what somebody earns or is paid."""
    attributes: dict[str, Attribute] = {"party": person, "observers": frozenset(witnesses), "sums": sums}
    return Resource(Kind.AGREEMENT, agreement_id, attributes, _places(places))


def meeting(
    meeting_id: str, *, host: str, attendees: Iterable[str] = (), places: Iterable[str] = ()
) -> Resource:
    """Return a meeting on secrets; who leads it and who is named for it are persons."""
    attributes: dict[str, Attribute] = {"host": host, "attendees": frozenset(attendees)}
    return Resource(Kind.MEETING, meeting_id, attributes, _places(places))


def partner(
    partner_id: str,
    *,
    managers: Iterable[str] = (),
    assessors: Iterable[str] = (),
    places: Iterable[str] = (),
) -> Resource:
    """Return a partner outside; its managers and who assessed the outsourcing to it are accounts."""
    attributes: dict[str, Attribute] = {
        "managers": frozenset(managers),
        "assessors": frozenset(assessors),
    }
    return Resource(Kind.PARTNER, partner_id, attributes, _places(places))


def scan(scan_id: str, places: Iterable[str] = ()) -> Resource:
    """Return a scan of files for a legal entity."""
    return Resource(Kind.SCAN, scan_id, {}, _places(places))


def match(match_id: str, *, proposer: str | None = None, places: Iterable[str] = ()) -> Resource:
    """Return something that a scan found, in the places of its secret or, without one, of its scan.

    `proposer` is the account that proposed to take it for harmless.
    """
    return Resource(Kind.MATCH, match_id, {"proposer": proposer}, _places(places))


def person_case(
    case_id: str,
    *,
    about: str,
    doers: Iterable[str] = (),
    tasked: Iterable[str] = (),
    places: Iterable[str] = (),
) -> Resource:
    """Return a case about the person `about`; doers are accounts, `tasked` the roles that own a step."""
    people = {"doers": frozenset(doers), "tasked": frozenset(tasked)}
    attributes: dict[str, Attribute] = {"about": about, **people}
    return Resource(Kind.PERSON_CASE, case_id, attributes, _places(places))


def unmasking(key: str, *, requester: str, about: str, granted: bool, places: Iterable[str] = ()) -> Resource:
    """Return the wish of the account `requester` to see the person `about`, agreed to or not."""
    attributes: dict[str, Attribute] = {"requester": requester, "about": about, "granted": granted}
    return Resource(Kind.UNMASKING, key, attributes, _places(places))


def privacy_matter(
    key: str, *, owners: Iterable[str], requester: str | None = None, places: Iterable[str] = ()
) -> Resource:
    """Return a breach, an assessment or an erasure; `owners` are the persons who answer for it.

    `requester` is the account whose proposal waits for a second person.
    """
    attributes: dict[str, Attribute] = {"owners": frozenset(owners)}
    if requester is not None:
        attributes["requester"] = requester
    return Resource(Kind.PRIVACY_MATTER, key, attributes, _places(places))


def concern(
    key: str, *, to_legal: bool, to_office: bool, reporter: str | None = None, places: Iterable[str] = ()
) -> Resource:
    """Return what was reported to legal, the secrecy office or both; without `reporter`, by nobody known."""
    attributes: dict[str, Attribute] = {"toLegal": to_legal, "toOffice": to_office, "reporter": reporter}
    return Resource(Kind.CONCERN, key, attributes, _places(places))


def person_step(step_id: str, facts: StepFacts, places: Iterable[str] = ()) -> Resource:
    """Return one step of a case of a person who stands in `places`."""
    attributes: dict[str, Attribute] = {
        "about": facts.about,
        "role": facts.role,
        "personal": facts.personal,
        "doers": facts.doers,
        "signers": facts.signers,
        "attestors": facts.attestors,
        "receiver": facts.receiver,
    }
    return Resource(Kind.PERSON_STEP, step_id, attributes, _places(places))
