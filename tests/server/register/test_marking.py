"""What leaves the house bears the mark that holds, and the ledger says what bore it, or why not."""

from __future__ import annotations

import io
import subprocess

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook
from tests.fakes.foreign_files.documents import parts
from tests.fakes.foreign_files.papers import papers
from tests.fakes.foreign_files.pictures import drawn
from tests.server.register.company import approve, draft, registered, signed_in, stored

from shoumi.connectors.media import programs as media_programs
from shoumi.connectors.media import read_media
from shoumi.engine.marking.marking import read_labels
from shoumi.server.files.services import file_open
from shoumi.server.ledger.queries import entries_of, entry_details
from shoumi.server.ledger.services import clock
from shoumi.server.register.models import EmbeddedMark, MarkLook, TradeSecret
from shoumi.server.register.queries.marking import form_of, look_of, mark_of
from shoumi.server.register.services import changes, contents, documents, exports
from shoumi.server.register.services.marking import UNDESIGNATED, copy_line, marked_copy
from shoumi.server.register.values import Limits, ScopeValue

pytestmark = pytest.mark.any_database  # about the bytes of files


def document() -> bytes:
    stream = io.BytesIO()
    made = Document()
    made.add_paragraph("烧结曲线的说明")
    made.save(stream)
    return stream.getvalue()


def with_file(company, name: str, content: bytes, **changes) -> tuple[TradeSecret, object]:
    """Return a registered secret and a stored file that is one of its files."""
    secret = registered(company, **changes)
    row = secret.files.get()
    row.file = stored(company.proposer, name, content)
    row.save()
    return secret, row.file


def opened_entry(secret) -> dict:
    return details(secret, "register:file:opened")


def details(secret, tag: str) -> dict:
    entry = entries_of(secret.ledger_subject).filter(tag=tag).last()
    return {item.name: item.value for item in entry_details(entry)}


def hand_out(company, secret, file, actor=None):
    return contents.secret_file_open(actor=actor or company.proposer, secret_id=secret.pk, file_id=file.pk)


@pytest.mark.requirement("CPU-16", "MRK-07")
def test_a_downloaded_document_bears_mark_period_and_reader_and_the_original_stays(company):
    original = document()
    secret, file = with_file(company, "说明.docx", original)
    handout = hand_out(company, secret, file)
    labels = read_labels(handout.content, "docx")
    assert labels.mark == mark_of(secret)
    title, level, period, owner = labels.mark.parts
    assert (title, level, owner) == (secret.number, "重要商密", f"{secret.entity} {secret.owner_department}")
    assert secret.period_ends_on.isoformat() in period
    assert company.proposer.username in labels.copy
    assert secret.number in labels.copy
    assert "2026-03-01 17:00" in labels.copy
    detail = opened_entry(secret)
    assert detail["watermark"] == "visible"
    assert len(detail["marked_sha256"]) == 64
    assert "unmarked" not in detail
    with file_open(file) as reader:
        assert reader.read() == original


@pytest.mark.requirement("CPU-16")
@pytest.mark.parametrize("name", ["曲线.pdf", "曲线.png"])
def test_pdf_and_pictures_bear_it_too(company, name):
    stream = io.BytesIO()
    drawn("RGB").resize((900, 600)).save(stream, "PNG")
    content = dict(papers())["90-1-extras.pdf"] if name.endswith("pdf") else stream.getvalue()
    secret, file = with_file(company, name, content)
    handout = hand_out(company, secret, file)
    labels = read_labels(handout.content, "pdf" if name.endswith("pdf") else "png")
    assert labels.mark.level == "重要商密"
    assert company.proposer.username in labels.copy


def unmarked_but_numbered(handout):
    """Tell whether a document went out with the hidden number of its copy and with no mark to be seen."""
    return b"shoumi-header" in handout.content and read_labels(handout.content, "docx").mark is None


def test_what_cannot_be_marked_goes_out_as_it_is_and_the_ledger_says_why(company, settings):
    secret = registered(company)
    assert hand_out(company, secret, secret.files.get().file).content is None
    assert opened_entry(secret)["unmarked"] == "marking.kind"
    assert opened_entry(secret)["watermark"] == "owed"
    row = secret.files.get()
    row.file = stored(company.proposer, "坏.docx", document()[:-200])
    row.save()
    assert hand_out(company, secret, row.file).content is None
    assert opened_entry(secret)["unmarked"] in {"marking.damaged", "marking.kind"}
    row.file = stored(company.proposer, "大.docx", document())
    row.save()
    settings.CONFIG = settings.CONFIG.model_copy(update={"marking_limit_bytes": 1024})
    assert unmarked_but_numbered(hand_out(company, secret, row.file))
    assert opened_entry(secret)["unmarked"] == "marking.too_large"


@pytest.mark.requirement("CPU-16")
def test_a_marked_file_is_sent_whole_under_its_name(company, client):
    secret, file = with_file(company, "说明.docx", document())
    signed_in(client, company.colleague)
    answer = client.get(reverse("register:file_download", args=[secret.pk, file.pk]))
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Cache-Control"] == "private, no-store"
    assert read_labels(answer.content, "docx").mark == mark_of(secret)
    assert "colleague" in read_labels(answer.content, "docx").copy


def test_a_draft_bears_no_mark_because_no_level_holds(company):
    secret = draft(company)
    row = secret.files.get()
    row.file = stored(company.proposer, "说明.docx", document())
    row.save()
    assert mark_of(secret) is None
    assert unmarked_but_numbered(hand_out(company, secret, row.file))
    assert opened_entry(secret)["unmarked"] == UNDESIGNATED


@pytest.mark.requirement("MRK-02", "MRK-07")
def test_completing_a_marking_task_sets_the_mark_and_records_by_whom(company):
    secret, file = with_file(company, "说明.docx", document())
    task = secret.marking_tasks.get(file__isnull=False)
    contents.marking_done(actor=company.owner, task_id=task.pk)
    row = EmbeddedMark.objects.get()
    mark = mark_of(secret)
    assert (row.title, row.level, row.period, row.owner) == mark.parts
    assert (row.made_by, row.made_at, row.fault) == (company.owner, clock().now(), "")
    again = marked_copy(secret=secret, stored=file, reader=None, at=clock().now())
    assert row.sha256 == again.sha256
    detail = details(secret, "register:carrier:marked")
    assert detail["marked_sha256"] == row.sha256
    contents.marking_done(actor=company.officer, task_id=task.pk)
    assert EmbeddedMark.objects.get().made_by == company.owner


def test_a_task_for_a_file_that_takes_no_mark_says_so(company):
    secret = registered(company)
    task = secret.marking_tasks.get(file__isnull=False)
    contents.marking_done(actor=company.owner, task_id=task.pk)
    row = EmbeddedMark.objects.get()
    assert (row.sha256, row.fault) == ("", "marking.kind")


@pytest.mark.requirement("MRK-06", "MRK-07")
def test_a_change_of_level_holds_from_the_next_copy_on_and_asks_for_marking_anew(company):
    secret, file = with_file(company, "说明.docx", document())
    before = hand_out(company, secret, file).content
    contents.marking_done(actor=company.owner, task_id=secret.marking_tasks.get(file__isnull=False).pk)
    scope = (ScopeValue("departments", str(company.lab.pk)),)
    limits = Limits(period="P7Y", period_reason="longer use", scope=scope)
    wished = changes.wish_of(limits=limits, grading=None, custodian=None)
    changes.change_open(
        actor=company.owner, secret_id=secret.pk, expected_version=secret.version, wished=wished, reason="use"
    )
    changed = approve(company, secret)
    assert changed.marking_tasks.filter(done_at=None, file__isnull=False).count() == 1
    after = hand_out(company, changed, file).content
    old, new = (read_labels(content, "docx").mark for content in (before, after))
    assert old.period != new.period
    assert changed.period_ends_on.isoformat() in new.period
    text = b"".join(data for name, data in parts(after).items()).decode("utf-8", "replace")
    assert old.period not in text


@pytest.mark.requirement("MRK-07")
def test_after_declassification_the_original_is_handed_out(company):
    original = document()
    secret, file = with_file(company, "说明.docx", original)
    changes.declassification_open(
        actor=company.owner, secret_id=secret.pk, expected_version=secret.version, ground="DEC-02",
        reason="no value any more",
    )  # fmt: skip
    approve(company, secret)
    secret.refresh_from_db()
    copy = marked_copy(secret=secret, stored=file, reader=company.owner, at=clock().now())
    assert copy.content is None
    assert copy.fault == UNDESIGNATED


@pytest.mark.requirement("MRK-08")
def test_the_closest_look_of_category_and_level_holds(company):
    secret, file = with_file(company, "说明.docx", document())
    assert look_of(secret) is None
    now = {"entity": company.cn, "set_by": company.officer, "set_at": clock().now()}
    MarkLook.objects.create(**now, footer=False)
    MarkLook.objects.create(**now, level="important", banner=False)
    MarkLook.objects.create(**now, level="core", header=False)
    assert look_of(secret).banner is False
    MarkLook.objects.create(
        **now, category=secret.category, watermark=False,
        label_id="0a1b2c3d-1111-2222-3333-444455556666", site_id="0a1b2c3d-9999-8888-7777-666655554444",
    )  # fmt: skip
    form = form_of(secret)
    assert (form.watermark, form.footer, form.label.label_id[:8]) == (False, True, "0a1b2c3d")
    content = hand_out(company, secret, file).content
    assert "ShoumiMarkWatermark" not in b"".join(parts(content).values()).decode("utf-8", "replace")
    assert read_labels(content, "docx").foreign
    with pytest.raises(IntegrityError), transaction.atomic():
        MarkLook.objects.create(**now, category="X", header=False, watermark=False)


def test_the_line_of_a_copy_is_one_printable_line(company):
    company.proposer.first_name = ""
    line = copy_line(company.proposer, clock().now(), "SM-2026-0001", 0xABC)
    assert line.endswith("SM-2026-0001 · 000000000abc")
    assert "\n" not in line
    assert line.isprintable()


@pytest.mark.requirement("CPU-16")
def test_extract_export_and_labels_carry_level_and_period(company, client):
    secret = registered(company)
    book = load_workbook(
        io.BytesIO(exports.register_export(actor=company.officer, rows=[secret], form="xlsx"))
    )
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row]
    for word in (secret.number, "重要商密", "5年", str(secret.owner_department)):
        assert any(word in cell for cell in cells), word
    for content in (
        documents.extract_print(actor=company.officer, secret=secret),
        documents.labels_print(actor=company.officer, secrets=[secret]),
    ):
        text = "".join(printed(content).split())
        for word in (
            secret.number,
            "重要商密",
            secret.period_ends_on.isoformat(),
            str(secret.owner_department),
        ):
            assert "".join(word.split()) in text, word


def printed(content: bytes) -> str:
    run = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    return run.stdout.decode()


@pytest.mark.requirement("CPU-10", "CPU-16")
def test_a_recording_goes_out_with_the_reminder_spoken_or_says_which_program_is_missing(company, monkeypatch):
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=duration=2", "-f", "mp3", "-"]
    sound = subprocess.run(command, capture_output=True, check=True).stdout
    secret, file = with_file(company, "会议.mp3", sound)
    content = hand_out(company, secret, file).content
    assert read_media(content, "mp3").mark == mark_of(secret)
    assert len(content) > len(sound) * 2
    monkeypatch.setattr(media_programs.shutil, "which", lambda _name: None)
    assert hand_out(company, secret, file).content is None
    assert details(secret, "register:file:opened")["unmarked"] == "unavailable.media_program"
