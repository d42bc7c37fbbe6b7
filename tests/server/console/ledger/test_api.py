"""The ledger over the API: entries without values, proofs that verify, and nothing for those who may not."""

from __future__ import annotations

import pytest
from tests.server.ledger.attacks import fill

from shoumi.engine.evidence.checkpoint import open_checkpoint
from shoumi.engine.evidence.proofs import verify_leaf_inclusion
from shoumi.engine.evidence.tlog_proof import parse_tlog_proof
from shoumi.server.ledger.checkpoints import checkpoint_make
from shoumi.server.ledger.keys import log_signer
from shoumi.server.ledger.queries import entry_count

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/ledger"


def test_entries_come_page_by_page_without_values(auditor):
    fill(30)
    first = auditor.get(f"{ROOT}/entries", {"tag": "ledger:evidence:made", "limit": 20}).json()
    rest = auditor.get(
        f"{ROOT}/entries", {"tag": "ledger:evidence:made", "limit": 20, "below": first["older"]}
    ).json()
    assert [len(first["entries"]), len(rest["entries"]), rest["older"]] == [20, 10, None]
    assert set(first["entries"][0]) == {
        "index",
        "time",
        "tag",
        "actor",
        "subject",
        "commitments",
        "leaf_hash",
    }
    assert set(first["entries"][0]["commitments"]) == {"number"}


def test_a_proof_from_the_api_verifies(auditor):
    fill(3)
    checkpoint_make()
    index = entry_count() - 2
    entry = auditor.get(f"{ROOT}/entries/{index}").json()
    proof = parse_tlog_proof(auditor.get(f"{ROOT}/entries/{index}/proof").content.decode())
    root = open_checkpoint(proof.checkpoint_note, log_signer().verifier_key).root
    verify_leaf_inclusion(bytes.fromhex(entry["leaf_hash"]), proof.inclusion_proof, root)


@pytest.mark.parametrize("path", ["entries", "entries/0", "entries/0/proof"])
def test_without_a_role_there_is_nothing(employee, client, path):
    fill(1)
    assert employee.get(f"{ROOT}/{path}").status_code == 403
    assert client.get(f"{ROOT}/{path}").status_code == 401


def test_everybody_signed_in_learns_the_light(employee):
    answer = employee.get(f"{ROOT}/integrity").json()
    assert answer["state"] in {"green", "amber", "red"}
    assert answer["reasons"]


@pytest.mark.parametrize("index", ["99999", str(10**25)])
def test_what_is_not_there_is_not_found(auditor, index):
    for path in ("", "/proof"):
        answer = auditor.get(f"{ROOT}/entries/{index}{path}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "input.not_found")


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": 501}, {"below": -1}, {"since": "soon"}, {"tag": "x" * 129}]
)
def test_wrong_questions_are_told_so(auditor, query):
    assert auditor.get(f"{ROOT}/entries", query).status_code == 422
