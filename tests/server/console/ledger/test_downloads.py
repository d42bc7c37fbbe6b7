"""The files on an entry's page are enough to check it by hand, with openssl, as the page says."""

from __future__ import annotations

import re
import subprocess

import pytest
from django.db import transaction
from django.urls import reverse
from tests.server.ledger.conftest import authority, everybody, witness_server, witness_url  # noqa: F401

from shoumi.engine.evidence.checkpoint import read_cosignatures
from shoumi.engine.evidence.notes import parse_note, parse_verifier_key
from shoumi.server.ledger.anchors import anchor
from shoumi.server.ledger.checkpoints import checkpoint_make
from shoumi.server.ledger.queries import coverage_of
from shoumi.server.ledger.services import append
from shoumi.server.ledger.tags import LedgerTag

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(everybody):  # noqa: F811
    """An entry with everything that can cover one."""
    with transaction.atomic():
        made = append(
            LedgerTag.LEDGER_EVIDENCE_MADE, actor="system:test", subject="secret:x", detail={"a": 1}
        )
    anchor(checkpoint_make(), at_once=True)
    return made


def download(browser, folder, name, *args, **query):
    response = browser.get(reverse(f"ledger:{name}", args=args), query)
    assert response.status_code == 200
    file = re.search(r'filename="([^"]+)"', response["Content-Disposition"])[1]
    (folder / file).write_bytes(response.content)
    return folder / file


@pytest.mark.requirement("EVI-14")
def test_the_commands_on_the_page_work(auditor, entry, tmp_path):
    stamp = coverage_of(entry.index).timestamps[0]
    download(auditor, tmp_path, "entry_body", entry.index)
    download(auditor, tmp_path, "checkpoint_file", stamp.checkpoint_id, stamped=1)
    download(auditor, tmp_path, "timestamp_file", stamp.pk)
    download(auditor, tmp_path, "party_file", stamp.party_id)
    page = auditor.get(reverse("ledger:entry_detail", args=[entry.index])).content.decode()
    commands = [
        command.replace("&#x27;", "'")
        for command in re.findall(
            r'<pre class="mono ledger-body" tabindex="0">([^<]*openssl[^<]*)</pre>', page
        )
    ]
    assert len(commands) == 2
    hashed, stamped = (
        subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
        for command in commands
    )
    assert entry.leaf_hash.hex() in hashed
    assert "Verification: OK" in stamped


def test_the_checkpoint_and_the_witness_s_key_fit(auditor, entry, tmp_path):
    cosignature = coverage_of(entry.index).cosignature
    note = download(auditor, tmp_path, "checkpoint_file", cosignature.checkpoint_id).read_text()
    key = parse_verifier_key(
        download(auditor, tmp_path, "party_file", cosignature.party_id).read_text().strip()
    )
    assert [each.key for each in read_cosignatures(parse_note(note), [key])] == [key]


@pytest.mark.parametrize("name", ["checkpoint_file", "timestamp_file", "party_file"])
def test_what_is_not_there_or_not_permitted(auditor, employee, name):
    assert auditor.get(reverse(f"ledger:{name}", args=[12345])).status_code == 404
    assert employee.get(reverse(f"ledger:{name}", args=[12345])).status_code == 403
