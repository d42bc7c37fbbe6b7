"""Traceable copies: a number for each download, who sees them, and tracing one that turned up."""

from __future__ import annotations

import io
from datetime import timedelta
from functools import cache

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from openpyxl import Workbook, load_workbook
from PIL import Image
from tests.fakes.pages import after, crop, jpeg, png, rendered, text_page
from tests.server.register.company import registered, signed_in, stored
from tests.server.register.test_attempts import who_may

from shoumi.cli import main
from shoumi.engine.errors import ShoumiError
from shoumi.engine.marking.marking import read_labels
from shoumi.engine.marking.tiles import decode
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.files.services import content_keys_rotate, file_open
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.ledger.queries import entries_of, entry_details
from shoumi.server.register.models import CopyIssue, CopySearch, SecretFile, TileKey
from shoumi.server.register.queries.copies import searches_of, traced
from shoumi.server.register.services import contents, tile_keys, tracing
from shoumi.server.register.services.copies import KINDS

pytestmark = pytest.mark.any_database  # about the bytes of files

PAGE = (900, 1200)


@cache
def page_pdf() -> bytes:
    """Return a PDF of two pages of text."""
    stream = io.BytesIO()
    text_page(1).save(stream, "PDF", resolution=150, save_all=True, append_images=[text_page(2)])
    return stream.getvalue()


@cache
def page_jpeg() -> bytes:
    """Return a JPEG of a page."""
    stream = io.BytesIO()
    text_page(3, PAGE).save(stream, "JPEG", quality=85)
    return stream.getvalue()


CONTENTS = {"工艺.png": cache(lambda: png(text_page(4, PAGE))), "工艺.pdf": page_pdf, "工艺.jpg": page_jpeg}


def with_file(company, secret, name, content):
    """Attach a file to a secret, and return it."""
    file = stored(company.proposer, name, content)
    SecretFile.objects.create(
        secret=secret, file=file, added_by=company.proposer, added_at=secret.registered_at
    )
    return file


def handed(company, secret, file, person=None):
    """Let somebody download the file; return what was sent."""
    person = person or company.colleague
    return contents.secret_file_open(actor=person, secret_id=secret.pk, file_id=file.pk)


def said_of(entry):
    """Return what an entry commits to."""
    return {detail.name: detail.value for detail in entry_details(entry)}


def looked_up(company, content, *, actor=None, name="截图.png", purpose="群聊里出现的截图"):
    """Have a picture examined and return the look-up."""
    actor = actor or company.officer
    search = tracing.copy_search_open(actor=actor, stored=stored(actor, name, content), purpose=purpose)
    tracing.copy_search_run(search.pk)
    search.refresh_from_db()
    return search


@pytest.mark.requirement("CPU-16", "MRK-07")
@pytest.mark.parametrize("name", CONTENTS)
def test_each_download_is_a_copy_whose_hidden_number_names_its_reader(company, name):
    secret = registered(company)
    file = with_file(company, secret, name, CONTENTS[name]())
    copy = handed(company, secret, file)
    issue = CopyIssue.objects.get()
    assert (issue.reader, issue.secret, issue.file, issue.form) == (company.colleague, secret, file, "hidden")
    picture = rendered(copy.content, 120) if name.endswith("pdf") else Image.open(io.BytesIO(copy.content))
    best = decode(jpeg(50)(picture.convert("L")), tile_keys.tile_keys_open())[0]
    assert (best.accepted, best.copy_id) == (True, issue.copy_id)
    said = said_of(entries_of(secret.ledger_subject).filter(tag="register:file:opened").get())
    assert (said["copy"], said["hidden"], said["copy_sha256"]) == (issue.code, "yes", issue.sha256)
    assert said["watermark"] == "visible"
    labels = read_labels(copy.content, KINDS[file.media_type])
    assert issue.code in labels.copy
    assert said["sha256"] == file.sha256 != issue.sha256
    with file_open(file) as original:
        assert original.read() == CONTENTS[name]()


def test_two_downloads_have_two_numbers(company):
    secret = registered(company)
    file = secret.files.get().file
    handed(company, secret, file)
    handed(company, secret, file, company.head)
    first, second = CopyIssue.objects.all()
    assert first.copy_id != second.copy_id
    assert {first.reader, second.reader} == {company.colleague, company.head}


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("曲线.txt", b"180, 240, 300", "no: kind"),
        ("坏.pdf", b"%PDF-1.7\nbroken", "no: marking.damaged"),
        ("小.png", png(Image.new("L", (20, 20))), "no: marking.unsupported"),
    ],
)
def test_what_bears_no_number_is_handed_out_unchanged_and_the_ledger_says_why(company, name, content, reason):
    secret = registered(company)
    file = with_file(company, secret, name, content)
    copy = handed(company, secret, file)
    assert copy.content in {None, content}
    issue = CopyIssue.objects.get()
    assert (issue.form, issue.tile_key, issue.sha256) == ("none", None, file.sha256)
    said = said_of(entries_of(secret.ledger_subject).filter(tag="register:file:opened").get())
    assert (said["hidden"], said["copy"], said["watermark"]) == (reason, issue.code, "owed")


def test_a_copy_of_a_workbook_says_in_the_footer_of_every_sheet_whose_it_is(company):
    """It bears no hidden number, which the ledger says."""
    book, stream = Workbook(), io.BytesIO()
    book.active.append(["温度", 180])
    book.create_sheet("曲线").append(["压力", 3])
    book.save(stream)
    secret = registered(company)
    copy = handed(company, secret, with_file(company, secret, "配方.xlsx", stream.getvalue()))
    issue = CopyIssue.objects.get()
    assert issue.form == "none"
    said = said_of(entries_of(secret.ledger_subject).filter(tag="register:file:opened").get())
    assert (said["hidden"], said["watermark"]) == ("no: kind", "visible")
    sheets = load_workbook(io.BytesIO(copy.content)).worksheets
    assert len(sheets) == 3  # the cover sheet before them
    for sheet in sheets[1:]:
        assert issue.code in sheet.oddFooter.center.text
        assert company.colleague.username in sheet.oddFooter.center.text
    assert issue.code in read_labels(copy.content, "xlsx").copy


def test_a_refused_download_issues_no_copy(company):
    secret = registered(company)
    for person in (company.seller, company.technician, company.auditor, company.foreign_officer):
        with pytest.raises(NotPermittedError):
            handed(company, secret, secret.files.get().file, person)
    assert not CopyIssue.objects.exists()


def test_a_number_is_given_once(company):
    secret = registered(company)
    handed(company, secret, secret.files.get().file)
    issue = CopyIssue.objects.get()
    issue.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        issue.save(force_insert=True)


@pytest.mark.requirement("VEN-03")
def test_a_cut_and_compressed_screenshot_leads_to_the_reader(company):
    secret = registered(company)
    file = with_file(company, secret, "工艺.png", CONTENTS["工艺.png"]())
    sent = [handed(company, secret, file, person) for person in (company.head, company.colleague)]
    leak = after(crop(0.4), jpeg(50))(Image.open(io.BytesIO(sent[1].content)))
    search = looked_up(company, png(leak))
    assert (search.state, search.pages) == ("done", 1)
    (result,) = traced(company.officer, search.found)
    assert result.issue.reader == company.colleague
    assert result.strength == "sure"
    sought, ended = entries_of(search.ledger_subject)
    assert (sought.tag, sought.actor) == ("register:copy:sought", company.officer.ledger_actor)
    assert said_of(sought)["purpose"] == "群聊里出现的截图"
    assert ended.tag == "register:copy:traced"
    assert said_of(ended)["found"] == [f"{result.issue.code} read"]


def test_who_may_look_copies_up_and_only_with_a_reason(company):
    secret = registered(company)
    handed(company, secret, secret.files.get().file)
    files = {person.pk: stored(person, "a.txt", b"x") for person in company.everybody.values()}

    def attempt(purpose):
        return lambda person: tracing.copy_search_open(actor=person, stored=files[person.pk], purpose=purpose)

    allowed = {
        "officer",
        "second_officer",
        "foreign_officer",
        "legal",
        "auditor",
        "hr",
    }  # hr is an officer, too
    assert who_may(company, attempt("它出现在论坛上")) == allowed
    assert who_may(company, attempt("  ")) == set()
    assert CopySearch.objects.count() == len(allowed)


def test_a_copy_of_another_legal_entity_is_found_and_not_told(company):
    secret = registered(company)
    file = with_file(company, secret, "工艺.png", CONTENTS["工艺.png"]())
    search = looked_up(company, handed(company, secret, file).content, actor=company.foreign_officer)
    (result,) = traced(company.foreign_officer, search.found)
    assert (result.issue, result.told) == (None, False)
    (known,) = traced(company.auditor, search.found)
    assert known.issue.reader == company.colleague


def test_a_number_that_was_never_issued_is_told_as_such(company):
    found = [{"copy_id": "00000000beef", "how": "read", "sync": 20.0}]
    (result,) = traced(company.officer, found)
    assert (result.issue, result.told) == (None, True)


@pytest.mark.parametrize(
    ("name", "content", "failure"),
    [
        ("a.png", b"no picture", "input.picture_unreadable"),
        ("a.pdf", b"%PDF-1.4 no pages", "input.pdf_unreadable"),
    ],
)
def test_what_cannot_be_read_fails_with_its_reason(company, name, content, failure):
    secret = registered(company)
    file = with_file(company, secret, "工艺.png", CONTENTS["工艺.png"]())
    handed(company, secret, file)
    search = looked_up(company, content, name=name)
    assert (search.state, search.failure, search.found) == ("failed", failure, [])


def test_without_any_copy_there_is_nothing_to_look_for(company):
    search = looked_up(company, png(text_page(1, (200, 200))))
    assert (search.state, search.failure) == ("failed", "register.no_copies")


def test_a_look_up_is_examined_once(company):
    search = looked_up(company, png(text_page(1, (200, 200))))
    before = LedgerEntry.objects.count()
    tracing.copy_search_run(search.pk)
    assert LedgerEntry.objects.count() == before


def test_keys_are_renewed_after_a_year_and_the_older_still_read(company, fixed_clock):
    first = tile_keys.tile_key_current()
    assert not tile_keys.tile_keys_renew()
    fixed_clock.advance(timedelta(days=366))
    assert tile_keys.tile_keys_renew()
    second = tile_keys.tile_key_current()
    assert (first.pk != second.pk, TileKey.objects.filter(retired_at=None).count()) == (True, 1)
    secrets = [tile_keys.tile_key_secret(row) for row in (second, first)]
    assert tile_keys.tile_keys_open() == secrets
    content_keys_rotate(actor=company.officer)
    assert tile_keys.tile_keys_open() == secrets


def test_the_list_of_copies_is_for_those_whose_task_it_is(company, client):
    secret = registered(company)
    handed(company, secret, secret.files.get().file)
    address = reverse("register:secret_copies", args=[secret.pk])
    code = CopyIssue.objects.get().code
    for name in ("officer", "legal", "auditor", "owner", "department_officer"):
        answer = signed_in(client, company.everybody[name]).get(address)
        assert (answer.status_code, code in answer.content.decode()) == (200, True), name
        tab = client.get(reverse("register:secret_detail", args=[secret.pk])).content.decode()
        assert address in tab
    for name in ("colleague", "proposer", "technician", "seller", "foreign_officer", "leader"):
        answer = signed_in(client, company.everybody[name]).get(address)
        assert (answer.status_code, code in answer.content.decode()) == (403, False), name
    tab = signed_in(client, company.colleague).get(reverse("register:secret_detail", args=[secret.pk]))
    assert address not in tab.content.decode()


def test_the_list_is_exported_by_the_office_and_not_by_the_auditor(company, client):
    secret = registered(company)
    handed(company, secret, secret.files.get().file)
    address = reverse("register:secret_copies", args=[secret.pk])
    asked = {"do": "export", "form": "csv"}
    answer = signed_in(client, company.officer).post(address, asked)
    assert CopyIssue.objects.get().code in answer.content.decode("utf-8-sig")
    assert signed_in(client, company.auditor).post(address, asked).status_code == 403


def test_the_page_from_upload_to_result(company, client):
    secret = registered(company)
    file = with_file(company, secret, "工艺.png", CONTENTS["工艺.png"]())
    copy = handed(company, secret, file)
    signed_in(client, company.legal)
    address = reverse("register:copy_search_list")
    assert client.get(address).status_code == 200
    assert client.post(address, {"purpose": ""}).status_code == 422
    leak = stored(company.legal, "论坛.png", copy.content)
    answer = client.post(address, {"file": str(leak.pk), "purpose": "在论坛上发现"})
    search = CopySearch.objects.get()
    assert answer.headers["Location"] == reverse("register:copy_search", args=[search.pk])
    waiting = client.get(answer.headers["Location"])
    assert 'hx-trigger="every 2s"' in waiting.content.decode()
    tracing.copy_search_run(search.pk)
    shown = client.get(answer.headers["Location"], headers={"HX-Request": "true"}).content.decode()
    assert company.colleague.display_name in shown
    assert "hx-trigger" not in shown
    assert "<html" not in shown


def test_a_look_up_is_seen_by_who_asked_for_it_alone(company, client):
    search = looked_up(company, png(text_page(1, (200, 200))))
    address = reverse("register:copy_search", args=[search.pk])
    assert signed_in(client, company.officer).get(address).status_code == 200
    assert signed_in(client, company.second_officer).get(address).status_code == 404
    assert signed_in(client, company.technician).get(address).status_code == 404
    assert signed_in(client, company.colleague).get(reverse("register:copy_search_list")).status_code == 403
    assert searches_of(company.second_officer).count() == 0


def test_the_command_on_the_server_tells_the_number_alone(company, tmp_path, capsys):
    path = tmp_path / "leak.png"
    path.write_bytes(png(text_page(1, (400, 400))))
    assert main(["trace", str(path)]) == 5  # nothing was ever issued
    secret = registered(company)
    file = with_file(company, secret, "工艺.png", CONTENTS["工艺.png"]())
    path.write_bytes(handed(company, secret, file).content)
    assert main(["trace", str(path)]) == 0
    said = capsys.readouterr().out
    assert CopyIssue.objects.get().code in said
    assert company.colleague.display_name not in said
    assert company.colleague.username not in said


def test_an_error_of_the_tree_is_what_a_missing_secret_raises(company):
    with pytest.raises(ShoumiError):
        contents.secret_file_open(
            actor=company.officer, secret_id=company.officer.pk, file_id=company.officer.pk
        )
