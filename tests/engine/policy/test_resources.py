"""Resources carry every place above them, and exactly the facts of their kind."""

from __future__ import annotations

import pytest

from shoumi.engine.policy import COMPANY, Kind, Stage
from shoumi.engine.policy import resources as make
from shoumi.engine.policy.facts import BookFacts, CarrierFacts, EntryFacts, SecretFacts, StepFacts


def test_every_resource_lies_in_the_company():
    facts = SecretFacts(Stage.DRAFT, 1)
    made = [
        make.secret("1", facts),
        make.file("1", facts),
        make.evidence("1", facts),
        make.book("1", BookFacts("owner")),
        make.duty("1", person=None, post=None),
        make.carrier("1", CarrierFacts()),
        make.storage("1"),
        make.inventory("1"),
        make.unit("department:a"),
        make.person("1"),
        make.role_grant("1", requester="a", grantee="b", role="hr"),
        make.login("1"),
        make.key("1"),
        make.setting("1"),
        make.ledger(),
        make.approval("1", requester="a", step="review"),
        make.operation("1", stage="draft", requester="a"),
        make.case("1"),
        make.work("1"),
        make.rule("1", published=True),
        make.training("1"),
        make.zone("1", EntryFacts()),
        make.visit("1", requester="a", host="b"),
        make.risk("1"),
        make.scan("1"),
        make.match("1", proposer=None),
        make.agreement("1"),
        make.meeting("1", host="p"),
        make.partner("1"),
        make.person_case("1", about="p"),
        make.person_step("1", StepFacts("p", "hr")),
        make.privacy_matter("1", owners={"p"}),
        make.unmasking("1", requester="a", about="p", granted=False),
        make.concern("1", to_legal=True, to_office=False),
    ]
    assert {item.kind for item in made} == set(Kind)
    assert all(COMPANY in item.parents for item in made)


def test_a_secret_lies_in_its_cases_and_a_case_in_itself():
    facts = SecretFacts(Stage.REGISTERED, 1, cases=frozenset({"7"}), places=frozenset({"department:a"}))
    assert make.secret("1", facts).parents == {COMPANY, "department:a", "case:7"}
    assert make.case("7").parents == {COMPANY, "case:7"}


def test_a_unit_lies_in_itself():
    assert make.unit("department:a", {"entity:cn"}).parents == {COMPANY, "entity:cn", "department:a"}


@pytest.mark.parametrize("maker", [make.secret, make.file, make.evidence])
def test_file_and_evidence_carry_the_facts_of_their_secret(maker):
    facts = SecretFacts(Stage.REGISTERED, 2, proposer="a", departments=frozenset({"rd"}))
    item = maker("1", facts)
    assert item.attributes["departments"] == {"department:rd"}
    assert item.attributes["level"] == 2
    assert item.attributes["proposer"] == "a"
