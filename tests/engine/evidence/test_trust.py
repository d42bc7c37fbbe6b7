"""Trust policies: read as the specification writes them, applied as it says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.fakes.evidence import LOG, ORIGIN, MemoryLedger, signer

from shoumi.engine.evidence.checkpoint import OriginMismatchError, add_signatures, cosign
from shoumi.engine.evidence.notes import (
    Ed25519Signer,
    SignatureKind,
    SignatureMismatchError,
    UnknownSignerError,
    VerifierKeyError,
    sign_note,
)
from shoumi.engine.evidence.trust import (
    QuorumError,
    TrustPolicy,
    TrustPolicyError,
    WitnessGroup,
    all_of,
    parse_trust_policy,
    trusted_checkpoint,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WITNESSES = {
    name: signer(f"{name}.example.com", SignatureKind.COSIGNATURE) for name in ("X1", "X2", "X3", "Y1", "Y2")
}
KEYS = {name: witness.verifier_key for name, witness in WITNESSES.items()}
LEDGER = MemoryLedger()
LEDGER.fill(3)

# The shape of the specification's example: two levels of groups.
POLICY = f"""# whom we believe
log {LOG.verifier_key} https://ledger.example.com/

witness X1 {KEYS["X1"]}
witness X2\t{KEYS["X2"]} https://x2.example.com/
  witness X3 {KEYS["X3"]}
group X-witnesses 2 X1 X2 X3

witness Y1 {KEYS["Y1"]}
witness Y2 {KEYS["Y2"]}
group Y-witnesses any Y1 Y2

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def note_by(*names):
    note = LEDGER.checkpoint()
    return add_signatures(note, [cosign(note, WITNESSES[name], NOON) for name in names])


@pytest.mark.parametrize("names", [("X1", "X2", "Y1"), ("X1", "X3", "Y2"), tuple(WITNESSES)])
def test_a_quorum_is_enough(names):
    trusted = trusted_checkpoint(note_by(*names), parse_trust_policy(POLICY))
    assert trusted.checkpoint.size == 3
    assert trusted.log_key == LOG.verifier_key
    assert {each.key for each in trusted.cosignatures} == {KEYS[name] for name in names}


@pytest.mark.parametrize("names", [(), ("X1", "X2", "X3"), ("X1", "Y1", "Y2"), ("Y1",)])
def test_less_is_not(names):
    with pytest.raises(QuorumError):
        trusted_checkpoint(note_by(*names), parse_trust_policy(POLICY))


def test_a_policy_reads_back():
    policy = parse_trust_policy(POLICY)
    assert parse_trust_policy(str(policy)) == policy
    assert policy.quorum == "X-and-Y"


def test_all_of_asks_for_everybody():
    policy = all_of(LOG.verifier_key, KEYS["X1"], KEYS["Y1"])
    trusted_checkpoint(note_by("X1", "Y1"), policy)
    with pytest.raises(QuorumError):
        trusted_checkpoint(note_by("X1"), policy)
    trusted_checkpoint(note_by(), all_of(LOG.verifier_key))


def test_another_ledger_is_not_believed():
    with pytest.raises(UnknownSignerError):
        trusted_checkpoint(note_by(), all_of(signer("other.example.com").verifier_key))


def test_a_believed_key_with_another_origin_is_not():
    note = sign_note(
        f"other.example.com\n{LEDGER.checkpoint().partition(chr(10))[2].partition(chr(10) * 2)[0]}\n", LOG
    )
    with pytest.raises(OriginMismatchError):
        trusted_checkpoint(note, all_of(LOG.verifier_key))


def test_a_false_cosignature_spoils_the_checkpoint():
    line = cosign(note_by(), WITNESSES["X1"], NOON)
    forged = type(line)(line.name, line.key_id, line.signature[:-1] + bytes([line.signature[-1] ^ 1]))
    with pytest.raises(SignatureMismatchError):
        trusted_checkpoint(add_signatures(note_by("X2", "X3", "Y1"), [forged]), parse_trust_policy(POLICY))


W = f"witness w {KEYS['X1']}\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"log {LOG.verifier_key}\n",
        "quorum none\nquorum none\n",
        "quorum nobody\n",
        f"{W}{W}quorum w\n",
        f"{W}witness v {KEYS['X1']}\nquorum w\n",
        f"log {LOG.verifier_key}\nlog {LOG.verifier_key}\nquorum none\n",
        f"{W}group g 2 w\nquorum g\n",
        f"{W}group g 0 w\nquorum g\n",
        f"{W}group g -1 w\nquorum g\n",
        f"{W}group g 01 w\nquorum g\n",
        f"{W}group g some w\nquorum g\n",
        f"{W}group g all\nquorum g\n",
        f"{W}group g all none\nquorum g\n",
        "group g all later\nquorum g\n",
        f"{W}group g all w\ngroup h all w\nquorum g\n",
        f"{W}group g any w w\nquorum g\n",
        f"{W}group w all w\nquorum w\n",
        f"witness none {KEYS['X1']}\nquorum none\n",
        f"log {KEYS['X1']}\nquorum none\n",
        f"witness w {LOG.verifier_key}\nquorum w\n",
        f"log {LOG.verifier_key} a b\nquorum none\n",
        "quorum none\nwhatever\n",
        "quorum none\r\n",
        "quorum none\n" + "#\n" * 2000,
    ],
    ids=range(25),
)
def test_bad_policies_are_refused(text):
    with pytest.raises(TrustPolicyError):
        parse_trust_policy(text)


def test_a_misspelled_key_is_named_as_such():
    with pytest.raises(VerifierKeyError):
        parse_trust_policy("log example.com+00000000+AAAA\nquorum none\n")


def test_a_policy_made_in_code_is_checked_too():
    with pytest.raises(TrustPolicyError):
        TrustPolicy((LOG.verifier_key,), {"w": KEYS["X1"]}, {"g": WitnessGroup(2, ("w",))}, "g")


def test_two_names_of_one_key_are_one_witness():
    private = WITNESSES["X1"]._private_key
    again = Ed25519Signer("again.example.com", private, SignatureKind.COSIGNATURE).verifier_key
    with pytest.raises(TrustPolicyError):
        all_of(LOG.verifier_key, KEYS["X1"], again)


def test_the_origin_is_the_name_of_the_ledgers_key():
    assert trusted_checkpoint(note_by(), all_of(LOG.verifier_key)).checkpoint.origin == ORIGIN
