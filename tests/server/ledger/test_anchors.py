"""Anchoring: cosignatures and time-stamps that verify, and gaps that are shown and closed."""

from __future__ import annotations

import socket
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from tests.fakes.evidence import OTHER_WITNESS, WITNESS
from tests.server.ledger.attacks import drop_triggers, fill, sql

from shoumi.connectors.tsa import HTTPAuthority
from shoumi.connectors.witness import WitnessClient
from shoumi.engine.evidence.trust import all_of, trusted_checkpoint
from shoumi.server.ledger.anchors import anchor
from shoumi.server.ledger.audit import audit_run
from shoumi.server.ledger.checkpoints import checkpoint_latest, checkpoint_make, checkpoint_note
from shoumi.server.ledger.gaps import RETRY_MOST, open_gap
from shoumi.server.ledger.keys import log_signer
from shoumi.server.ledger.mirror import mirror_directory
from shoumi.server.ledger.models import (
    LedgerCosignature,
    LedgerEntry,
    LedgerGap,
    LedgerParty,
    LedgerTimestamp,
)
from shoumi.server.ledger.parties import PartyChangedError, party_accept, party_known
from shoumi.server.ledger.ports import Ports, ports_replaced
from shoumi.server.ledger.sealed_rows import verify_timestamp

pytestmark = pytest.mark.django_db
Kind = LedgerParty.Kind


def made(count=3):
    fill(count)
    return checkpoint_make()


@pytest.fixture
def dead_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound, never listening: connections are refused
        yield held.getsockname()[1]


def test_a_checkpoint_is_cosigned_and_stamped(everybody):
    checkpoint = made()
    anchor(checkpoint)
    note = checkpoint_note(checkpoint)
    trusted = trusted_checkpoint(note, all_of(log_signer().verifier_key, WITNESS.verifier_key))
    assert trusted.checkpoint.size == 3
    verify_timestamp(LedgerTimestamp.objects.get(), note)
    assert (mirror_directory() / "checkpoint").read_text() == note
    assert not LedgerGap.objects.exists()
    assert audit_run().state == "holds"


def test_the_witness_follows_a_growing_ledger(everybody):
    for _ in range(4):
        anchor(made(200))
    assert list(LedgerCosignature.objects.order_by("id").values_list("checkpoint_id", flat=True)) == [
        200,
        401 + 1,  # the accepted witness and authority are entries, too
        602,
        802,
    ]


def test_a_witness_that_signed_without_our_knowing_is_believed(everybody, witness_url):
    first = made(5)
    anchor(first)
    drop_triggers()
    sql("DELETE FROM ledger_ledgercosignature")
    anchor(made(5))
    assert LedgerCosignature.objects.get().checkpoint_id == checkpoint_make().size
    assert open_gap(Kind.WITNESS) is None


def test_a_later_checkpoint_shown_meanwhile_is_no_gap(everybody):
    first = made(5)
    anchor(made(5))
    anchor(first)
    assert open_gap(Kind.WITNESS) is None


def test_a_witness_that_saw_more_than_we_have_opens_a_gap(everybody):
    anchor(made(5))
    early = made(5)
    anchor(early)
    drop_triggers()
    sql("DELETE FROM ledger_ledgertimestamp")
    sql("DELETE FROM ledger_ledgercosignature")
    sql("DELETE FROM ledger_ledgercheckpoint WHERE size > 5")
    (mirror_directory() / "checkpoint").unlink()
    anchor(checkpoint_latest())
    assert open_gap(Kind.WITNESS).error_code == "evidence.ledger_rolled_back"


def test_stamps_come_once_a_minute_and_at_once_on_demand(everybody, fixed_clock):
    anchor(made())
    anchor(made())
    assert LedgerTimestamp.objects.count() == 1
    anchor(made(), at_once=True)
    assert LedgerTimestamp.objects.count() == 2
    fixed_clock.advance(timedelta(seconds=61))
    anchor(made())
    assert LedgerTimestamp.objects.count() == 3


def test_no_answer_is_a_gap_with_growing_pauses_and_no_time_is_made_up(dead_port, fixed_clock, authority):
    address = f"http://127.0.0.1:{dead_port}"
    outside = HTTPAuthority(address, name="outside", roots=authority.certificates)
    silent = Ports(external=lambda: outside, witness=lambda: WitnessClient(address))
    checkpoint = made()
    with ports_replaced(silent):
        anchor(checkpoint)
        anchor(checkpoint)  # too early: not asked again
        gaps = {gap.kind: gap for gap in LedgerGap.objects.all()}
        assert {kind: gap.tries for kind, gap in gaps.items()} == {"witness": 1, "external": 1}
        pauses = []
        for _ in range(12):
            gap = open_gap(Kind.EXTERNAL_AUTHORITY)
            pauses.append(gap.retry_at - gap.tried_at)
            fixed_clock.advance(pauses[-1])
            anchor(checkpoint)
    assert pauses[:4] == [timedelta(seconds=seconds) for seconds in (2, 4, 8, 16)]
    assert pauses[-1] == RETRY_MOST
    assert open_gap(Kind.EXTERNAL_AUTHORITY).error_code == "unavailable.timestamp_authority"
    assert not LedgerTimestamp.objects.exists()
    assert LedgerEntry.objects.filter(tag="ledger:gap:opened").count() == 2


def test_a_gap_closes_when_the_party_answers_again(dead_port, fixed_clock, authority):
    outside = HTTPAuthority(f"http://127.0.0.1:{dead_port}", name="TSA", roots=authority.certificates)
    checkpoint = made()
    with ports_replaced(Ports(external=lambda: outside)):
        anchor(checkpoint)
    fixed_clock.advance(timedelta(seconds=3))
    with ports_replaced(Ports(external=lambda: authority)):
        anchor(checkpoint)
    gap = LedgerGap.objects.get()
    assert gap.closed_at == fixed_clock.now()
    assert LedgerEntry.objects.filter(tag="ledger:gap:closed", subject=f"gap:{gap.pk}").exists()
    assert LedgerTimestamp.objects.count() == 1


def test_an_authority_with_another_key_is_refused_until_accepted(authority, tmp_path):
    with ports_replaced(Ports(internal=lambda: authority)):
        anchor(made())
    other = type(authority)(tmp_path / "other")
    with ports_replaced(Ports(internal=lambda: other)):
        checkpoint = made()
        anchor(checkpoint, at_once=True)
        assert open_gap(Kind.INTERNAL_AUTHORITY).error_code == "evidence.party_changed"
        party_accept(
            Kind.INTERNAL_AUTHORITY, name=other.name, material=other.certificates.decode(), actor="user:1"
        )
        anchor(checkpoint, at_once=True)
    assert open_gap(Kind.INTERNAL_AUTHORITY) is None
    assert LedgerTimestamp.objects.filter(checkpoint=checkpoint).exists()


def test_a_party_written_by_sql_is_not_believed(everybody):
    anchor(made())
    drop_triggers()
    sql(
        "UPDATE ledger_ledgerparty SET material = %s WHERE kind = 'witness'",
        [str(OTHER_WITNESS.verifier_key)],
    )
    result = audit_run()
    assert (result.state, result.finding) == ("broken", "cosignature_mismatch")


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE ledger_ledgercosignature SET line = replace(line, 'A', 'B')", "cosignature_mismatch"),
        ("UPDATE ledger_ledgertimestamp SET token = %s", "timestamp_mismatch"),
    ],
)
def test_an_altered_cosignature_or_time_stamp_is_found(everybody, statement, finding):
    anchor(made())
    drop_triggers()
    token = bytearray(LedgerTimestamp.objects.get().token)
    token[-3] ^= 1
    sql(statement, [bytes(token)] if "%s" in statement else ())
    result = audit_run()
    assert (result.state, result.finding, result.first_bad_index) == ("broken", finding, 0)


def test_the_first_party_of_a_kind_is_accepted_and_told(db):
    party_known(Kind.WITNESS, name="w", material=str(WITNESS.verifier_key))
    assert LedgerEntry.objects.get(tag="ledger:party:accepted").actor == "system:ledger"
    with pytest.raises(PartyChangedError):
        party_known(Kind.WITNESS, name="w", material=str(OTHER_WITNESS.verifier_key))


def test_the_command_accepts_a_new_key_by_its_fingerprint_only(authority, tmp_path, capsys):
    with ports_replaced(Ports(internal=lambda: authority)):
        anchor(made())
    other = type(authority)(tmp_path / "other")
    with ports_replaced(Ports(internal=lambda: other)):
        call_command("ledger_accept", "internal")
        fingerprint = capsys.readouterr().out.split("--fingerprint ")[1].strip()
        with pytest.raises(CommandError):
            call_command("ledger_accept", "internal", fingerprint="00" * 32)
        call_command("ledger_accept", "internal", fingerprint=fingerprint)
        anchor(made(), at_once=True)
    assert LedgerTimestamp.objects.count() == 2
    assert LedgerEntry.objects.filter(tag="ledger:party:accepted", actor="system:command").exists()
