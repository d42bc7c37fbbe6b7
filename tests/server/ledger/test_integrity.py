"""The light: green only when everything holds and is fresh; amber says what is late; red names the entry."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.server.ledger.attacks import copy_row, drop_triggers, fill, sql, squeeze_in

from shoumi.server.ledger.anchors import anchor
from shoumi.server.ledger.audit import audit_run
from shoumi.server.ledger.checkpoints import checkpoint_make
from shoumi.server.ledger.integrity import integrity_status
from shoumi.server.ledger.models import LedgerAudit
from shoumi.server.ledger.ports import Ports, ports_replaced

pytestmark = pytest.mark.django_db


@pytest.fixture
def whole(everybody, fixed_clock):
    """A ledger that shines green."""
    fill(300)
    anchor(checkpoint_make())
    checkpoint_make()
    audit_run()
    return fixed_clock


def codes():
    return {reason.code for reason in integrity_status().reasons}


def test_green(whole):
    status = integrity_status()
    assert (status.state, status.first_bad_index, status.reasons) == ("green", None, ())
    assert status.checked_at == whole.now()
    assert status.entries == status.covered == 302


@pytest.mark.parametrize(
    ("hours", "late"),
    [(1 / 3600, set()), (24.9, set()), (25.1, {"audit_old"})],
)
def test_an_audit_grows_old(whole, hours, late):
    anchor(checkpoint_make(), at_once=True)
    whole.advance(timedelta(hours=hours))
    assert codes() == late


def test_new_entries_must_be_signed_cosigned_and_stamped_in_time(whole):
    anchor(checkpoint_make(), at_once=True)
    fill(1)
    assert integrity_status().state == "green"
    whole.advance(timedelta(seconds=11))
    assert codes() == {"checkpoint_late"}
    checkpoint_make()
    assert integrity_status().state == "green"
    whole.advance(timedelta(minutes=4))
    assert codes() == {"witness_late", "internal_late"}
    anchor(checkpoint_make())
    assert integrity_status().state == "green"


def test_without_witness_it_is_amber_and_says_so(whole, authority):
    with ports_replaced(Ports(internal=lambda: authority)):
        assert codes() == {"witness_absent"}


def test_never_audited_is_amber(everybody):
    assert (integrity_status().state, codes()) == ("amber", {"audit_missing"})


def test_triggers_taken_down_are_noticed(whole):
    drop_triggers()
    assert codes() == {"triggers_missing"}


@pytest.mark.requirement("CPU-02")
@pytest.mark.parametrize("place", [0, 150, 299])
@pytest.mark.parametrize(
    "attack",
    [
        lambda place: sql("""UPDATE ledger_ledgerentry SET actor = 'user:x' WHERE "index" = %s""", [place]),
        lambda place: sql("""DELETE FROM ledger_ledgerentry WHERE "index" = %s""", [place]),
        squeeze_in,
    ],
    ids=["update", "delete", "insert"],
)
def test_red_names_the_first_bad_entry(whole, attack, place):
    drop_triggers()
    attack(place)
    audit_run()
    status = integrity_status()
    assert (status.state, status.first_bad_index) == ("red", place)
    assert str(place) in status.text


def test_entries_missing_at_the_end_are_red_without_an_audit(whole):
    drop_triggers()
    sql('DELETE FROM ledger_ledgerentry WHERE "index" >= 290')
    status = integrity_status()
    assert (status.state, status.first_bad_index) == ("red", 290)


def test_a_database_set_back_is_red_without_an_audit(whole):
    drop_triggers()
    sql("DELETE FROM ledger_ledgercheckpoint WHERE size > 300")
    assert integrity_status().state == "red"


def test_a_result_of_an_audit_cannot_be_forged(whole):
    drop_triggers()
    copy_row(5, 302)
    audit_run()
    LedgerAudit.objects.update(state="holds", first_bad_index=None, finding="")
    assert (integrity_status().state, codes()) == ("red", {"audit_altered"})


def test_the_light_turns_green_again_when_the_rows_are_right_again(whole):
    drop_triggers()
    sql("""UPDATE ledger_ledgerentry SET actor = 'user:x' WHERE "index" = 7""")
    audit_run()
    assert integrity_status().state == "red"
    sql("""UPDATE ledger_ledgerentry SET actor = 'user:1' WHERE "index" = 7""")
    anchor(checkpoint_make(), at_once=True)
    audit_run()
    assert codes() == {"triggers_missing"}
