"""The material for a package: a package made from it verifies, and what is missing is said."""

from __future__ import annotations

import io
import socket

import pytest
from django.db import transaction
from tests.server.ledger.attacks import fill

from shoumi.connectors.witness import WitnessClient
from shoumi.engine.evidence.package import ArchiveFiles, PackageContents, check_package, write_package
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.ledger.ports import Ports, ports_replaced
from shoumi.server.ledger.queries import NoSuchEntryError
from shoumi.server.ledger.services import append, detail_erase, evidence_material
from shoumi.server.ledger.tags import LedgerTag

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("EVI-14")]


def put(subject, **detail):
    with transaction.atomic():
        return append(LedgerTag.LEDGER_EVIDENCE_MADE, actor="user:1", subject=subject, detail=detail)


def packed(material, clock):
    contents = PackageContents(
        identifier="CN-2026-0001",
        title="配方 A",
        organization="示范公司",
        created=clock.now(),
        record={"number": "CN-2026-0001"},
        entries=material.entries,
        checkpoint_note=material.checkpoint_note,
        log_key=material.log_key,
        witness_keys=material.witness_keys,
        stamp=material.stamp,
    )
    sink = io.BytesIO()
    write_package(contents, material.signer, sink)
    return sink


def test_a_package_made_of_it_verifies(everybody, fixed_clock):
    fill(300)
    put("secret:x", state="proposed", title="配方")
    erased = put("secret:x", state="approved", name="Example Person")
    put("file:y", size=3)
    with transaction.atomic():
        detail_erase(erased, actor="user:9", reason="request", names=["name"])
    material = evidence_material("secret:x", "file:y")
    assert [len(entry.details) for entry in material.entries] == [2, 1, 1]
    assert material.missing == ()
    assert (material.stamp.kind, len(material.witness_keys)) == ("internal", 1)
    report = check_package(ArchiveFiles(packed(material, fixed_clock)))
    assert report.holds


def test_who_does_not_answer_is_missing_and_nothing_stands_in(authority, fixed_clock):
    put("secret:x", state="proposed")
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{held.getsockname()[1]}"
        with ports_replaced(Ports(internal=lambda: authority, witness=lambda: WitnessClient(address))):
            material = evidence_material("secret:x")
    assert material.missing == ("witness",)
    assert material.witness_keys == ()
    packed(material, fixed_clock)


def test_the_outside_authority_goes_before_the_internal_one(authority, tmp_path):
    put("secret:x", state="proposed")
    outside = type(authority)(tmp_path / "outside", name="outside authority")
    with ports_replaced(Ports(internal=lambda: authority, external=lambda: outside)):
        material = evidence_material("secret:x")
    assert (material.stamp.kind, material.stamp.authority) == ("external", "outside authority")


def test_all_entries_lie_under_one_fresh_checkpoint(everybody):
    put("secret:x", state="proposed")
    evidence_material("secret:x")
    put("secret:x", state="approved")
    material = evidence_material("secret:x")
    assert len({entry.proof.tree_size for entry in material.entries}) == 1
    assert material.entries[-1].proof.tree_size > LedgerEntry.objects.filter(subject="secret:x").last().index


def test_nothing_about_it_is_said_so():
    with pytest.raises(NoSuchEntryError):
        evidence_material("secret:unknown")
