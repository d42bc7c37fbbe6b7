"""The index of secrets follows the register, whatever happens in the middle."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from tests.server.register.company import approve, draft, signed_in, stored

from shoumi.engine.inspection.fingerprint import FingerprintIndex
from shoumi.engine.inspection.values import Part, PartKind
from shoumi.sandbox.scanning import IndexShelf
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.documents.models import Index, IndexedFile, IndexRun
from shoumi.server.documents.services import indexing
from shoumi.server.documents.services.indexing import files_retry, index_check, index_update
from shoumi.server.documents.services.keeping import index_of_secrets, opened_file, path_of, writing
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.ledger.queries import entries_of, entry_details
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.register.models import SecretFile, TradeSecret
from shoumi.server.register.services import drafts, proposals

pytestmark = pytest.mark.any_database  # the register that it follows is tested on both

TEXT = "烧结曲线第一段每分钟五度升温至六百度并保温两小时,随后以每分钟三度升至一千二百度,冷却须在氮气中进行。"
State = IndexedFile.State


def secret_with(company, content, name="曲线.txt", **more):
    """Return a registered secret with one more file of this content."""
    secret = draft(company, **more)
    secret = drafts.secret_file_attach(
        actor=company.proposer,
        secret_id=secret.pk,
        expected_version=secret.version,
        files=[stored(company.proposer, name, content)],
    )
    secret = proposals.secret_submit(
        actor=company.proposer, secret_id=secret.pk, expected_version=secret.version
    )
    return approve(company, secret)


def found(text=TEXT):
    """Return the facts of what the index recognises in a text."""
    file = opened_file(index_of_secrets())
    index = FingerprintIndex.open(file.path, file.read_key())
    return [
        (each.level, each.explanation.matched, dict(each.explanation.facts))
        for each in index.findings([Part(PartKind.TEXT, text)], [])
    ]


@pytest.fixture
def secret(company):
    return secret_with(company, TEXT.encode("gb18030"))


def test_an_approved_secret_is_recognised_by_number_level_and_file(secret):
    run = index_update()
    assert (run.state, run.added, run.closed) == (IndexRun.State.DONE, 1, 1)
    excerpt = f"转发：{TEXT[5:40]}，请查收"
    ((level, name, facts),) = found(excerpt)
    assert (level, name, facts["secret"]) == ("important", "曲线.txt", secret.number)
    assert found("完全无关的一段文字，讲的是食堂下周的菜单与开放时间，请各位同事互相转告。") == []


def test_the_same_update_again_changes_nothing(secret):
    index_update()
    before = path_of(index_of_secrets().pk).read_bytes()
    entries = LedgerEntry.objects.count()
    assert index_update() is None
    IndexedFile.objects.filter(state=State.RECOGNISABLE).delete()  # as if the rows had not been written
    index_update()
    assert path_of(index_of_secrets().pk).read_bytes() == before
    assert LedgerEntry.objects.count() == entries + 1


def test_a_proposal_is_not_recognised(company):
    draft(company)
    assert index_update() is None


def test_a_declassified_secret_is_forgotten(secret):
    index_update()
    TradeSecret.objects.filter(pk=secret.pk).update(state=TradeSecret.State.DECLASSIFIED)
    run = index_update()
    assert (run.removed, found()) == (2, [])
    assert not IndexedFile.objects.exists()


def test_a_file_that_was_taken_off_is_forgotten(secret):
    index_update()
    SecretFile.objects.filter(secret=secret, file__name="曲线.txt").delete()
    index_update()
    assert found() == []


def test_a_changed_level_is_told(secret):
    index_update()
    TradeSecret.objects.filter(pk=secret.pk).update(level="core")
    index_update()
    assert [level for level, *_rest in found()] == ["core"]


def test_files_that_cannot_be_read_are_told_and_tried_again_on_request(company):
    secret_with(company, b"%PDF-1.7\n" + os.urandom(400), "坏.pdf")
    index_update()
    row = IndexedFile.objects.get(file__name="坏.pdf")
    assert (row.state, row.reason) == (State.CLOSED, "damaged")
    assert index_update() is None, "it is not tried again by itself"
    with pytest.raises(NotPermittedError):
        files_retry(actor=company.technician)
    assert files_retry(actor=company.officer) == 2
    assert index_update().closed == 2


def test_nothing_is_lost_when_the_process_dies_after_writing(secret, monkeypatch):
    def dies(*_args, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr(indexing, "append", dies)
    with pytest.raises(KeyboardInterrupt):
        index_update()
    monkeypatch.undo()
    assert not IndexedFile.objects.exists()
    run = index_update()
    assert (run.state, run.added) == (IndexRun.State.DONE, 1)
    assert len(found()) == 1
    assert set(IndexRun.objects.exclude(pk=run.pk).values_list("failure", flat=True)) == {
        indexing.INTERRUPTED
    }


@pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"rubbish")])
def test_a_lost_or_damaged_index_is_made_anew(secret, damage):
    index_update()
    damage(path_of(index_of_secrets().pk))
    assert index_check()
    index_update()
    assert len(found()) == 1
    assert not index_check()


def test_only_one_process_writes(secret):
    index = index_of_secrets()
    with writing(index.pk) as ours:
        assert ours
        code = (
            "import fcntl,sys;f=open(sys.argv[1],'r+b')\n"
            "try: fcntl.flock(f,fcntl.LOCK_EX|fcntl.LOCK_NB)\nexcept BlockingIOError: sys.exit(7)"
        )
        lock = path_of(index.pk).with_suffix(".lock")
        assert subprocess.run([sys.executable, "-c", code, str(lock)], check=False).returncode == 7
        assert index_update() is None


def test_the_index_lies_encrypted_and_its_key_in_no_file(secret):
    index_update()
    row = Index.objects.select_related("key").get(kind=Index.Kind.SECRETS)
    content = path_of(row.pk).read_bytes()
    key = opened_file(row).read_key()
    assert key not in bytes(row.key.wrapped)
    for word in (secret.number.encode(), "曲线".encode(), TEXT[:12].encode()):
        assert word not in content
    assert oct(path_of(row.pk).stat().st_mode)[-3:] == "600"


def test_each_update_stands_in_the_ledger(secret):
    index_update()
    (entry,) = [
        entry
        for entry in entries_of(index_of_secrets().ledger_subject)
        if entry.tag == LedgerTag.DOCUMENTS_INDEX_UPDATED
    ]
    told = next(str(item.value) for item in entry_details(entry) if item.name == "files")
    assert secret.number in told


def test_an_index_is_handed_to_the_command_line_with_its_key_apart(secret, tmp_path):
    index_update()
    with pytest.raises(CommandError):
        call_command("exportindex", "other", index_directory=tmp_path / "i", key_directory=tmp_path / "k")
    for _time in range(2):  # again replaces it
        call_command("exportindex", "secrets", index_directory=tmp_path / "i", key_directory=tmp_path / "k")
    file = IndexShelf(tmp_path / "i", tmp_path / "k").find("secrets")
    opened = FingerprintIndex.open(file.path, file.read_key())
    assert [entry.secret for entry in opened.entries] == [secret.number]
    tags = [entry.tag for entry in entries_of(index_of_secrets().ledger_subject)]
    assert tags.count(LedgerTag.DOCUMENTS_INDEX_EXPORTED) == 2


@pytest.mark.parametrize(("who", "sees"), [("officer", True), ("auditor", True), ("technician", False)])
def test_the_page_tells_counts_to_all_and_names_to_the_office(company, secret, who, sees):
    index_update()
    client = signed_in(Client(), getattr(company, who))
    page = client.get("/documents/index/")
    assert page.status_code == 200
    closed = client.get("/documents/index/closed/").content.decode()
    assert ("烧结曲线.txt" in closed) is sees
    assert client.get("/documents/index/", headers={"HX-Request": "true"}).content.lstrip()[:4] == b"<div"


@pytest.mark.parametrize("who", ["proposer", "owner", "legal", "leader"])
def test_others_do_not_see_the_index(company, who):
    client = signed_in(Client(), getattr(company, who))
    assert client.get("/documents/index/").status_code == 403
    assert client.get("/documents/index/closed/").status_code == 403
