"""An older register is taken over as one batch: faults by cell, nothing half written, one approval."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from tests.server.register.company import (
    ELEMENTS,
    EXCLUSIONS,
    registered,
    signed_in,
    stored,
)
from tests.vectors.legacy_register.generate import (
    DEPARTMENTS,
    PERSONS,
    ROWS,
    expected_faults,
    ledger_workbook,
)

from shoumi.engine.errors import ConflictError
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.approvals.queries import current_step, requests_of
from shoumi.server.approvals.services import request_decide
from shoumi.server.files.tables import ColumnSpec, TableFormat, read_table, write_table
from shoumi.server.files.tables.cells import plain
from shoumi.server.ledger.queries import entries_of
from shoumi.server.register.legacy import read_legacy
from shoumi.server.register.models import BookLine, LegacyBatch, TradeSecret
from shoumi.server.register.queries.exporting import columns
from shoumi.server.register.queries.legacy import resolve
from shoumi.server.register.queries.snapshot import reconcile
from shoumi.server.register.queries.standards import pack_for
from shoumi.server.register.services import legacy, taking_over
from shoumi.server.register.services.exports import ExportFormError, register_export

HEADS = ("编号", "名称", "类别", "密级", "保密期限", "权属部门", "知悉范围", "责任人", "产生日期")
ANSWERS = {
    "elements": {value.element: {"reason": value.reason, "evidence": "as kept so far"} for value in ELEMENTS},
    "exclusions": {value.exclusion: {"answer": "no", "fields": dict(value.fields)} for value in EXCLUSIONS},
    "necessity": "各部门逐年复核",
}


def ledger(*rows):
    """Return an older register with these rows as xlsx bytes."""
    stream = io.BytesIO()
    specs = [ColumnSpec(head, head, (), plain) for head in HEADS]
    write_table(stream, specs, rows, file_format=TableFormat.XLSX, title="台账")
    return stream.getvalue()


GOOD = ("A-1", "配方一", "生产信息", "重要", "5年", "研发部", "材料实验室", "柏舟", "2024-05-01")
CORE = ("A-2", "配方二", "生产信息", "核心商密", "长期", "材料实验室", "仅责任人", "柏舟", "2024-05-01")


def given(company, *rows, actor=None):
    return stored(actor or company.officer, "台账.xlsx", ledger(*rows))


def opened(company, *rows, **changed):
    values = {"actor": company.officer, "entity": company.cn, "stored": given(company, *rows), **ANSWERS}
    return legacy.batch_open(**{**values, **changed})


def decide(batch, person, verdict="approve", reason=""):
    request = next(row for row in requests_of(batch.ledger_subject) if row.is_open)
    request_decide(
        request=request, actor=person, verdict=verdict, reason=reason, step_id=current_step(request).pk
    )


@pytest.mark.requirement("IDN-02", "IDN-03", "IDN-04", "GEN-01")
def test_a_batch_is_registered_after_review_and_approval_and_not_before(company):
    batch = opened(company, GOOD, CORE)
    assert not TradeSecret.objects.exists()
    with pytest.raises(NotPermittedError):
        decide(batch, company.officer)  # imported it
    decide(batch, company.second_officer)
    decide(batch, company.leader)
    assert not TradeSecret.objects.exists()  # a core secret among them takes two leaders
    decide(batch, company.second_leader)
    batch.refresh_from_db()
    assert batch.state == LegacyBatch.State.REGISTERED
    first, second = TradeSecret.objects.order_by("number")
    assert (first.number, first.legacy_number, first.level) == ("SM-2026-0001", "A-1", "important")
    assert str(first.period_ends_on) == "2029-05-01"
    assert first.scope.get().department == company.lab
    assert second.scope.get().person == company.head.person
    for secret in (first, second):
        version = secret.versions.get()
        assert (version.cause, reconcile(version), version.filings.count()) == ("legacy", [], 2)
        assert all(row.evidence.exists() for row in secret.elements.all())
        assert secret.exclusions.count() == 4
        assert not secret.files.exists()  # the whole older register is no file of a single secret
    assert entries_of(first.ledger_subject).filter(tag="register:legacy:registered").exists()


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (
            ("B-1", "甲", "", "重要", "5年", "不存在部", "", "", ""),
            "owner_department",
            "register.legacy_name_unknown",
        ),
        (
            ("B-1", "甲", "", "重要", "5年", "研发部", "", "无此人", ""),
            "custodian",
            "register.legacy_name_unknown",
        ),
        (
            ("B-1", "甲", "", "重要", "5年", "研发部", "无此组", "", ""),
            "scope",
            "register.legacy_name_unknown",
        ),
        (
            ("B-1", "甲", "", "核心", "长期", "研发部", "全体员工", "", ""),
            "scope",
            "register.legacy_scope_too_wide",
        ),
        (("B-1", "甲", "", "核心", "长期", "研发部", "", "", ""), "scope", "register.legacy_scope_too_wide"),
        (("B-1", "甲", "", "绝密", "长期", "研发部", "", "", ""), "level", "tables.state_secret_level"),
    ],
)
def test_faults_are_named_by_their_cell_and_nothing_is_written(company, row, column, code):
    found = legacy.legacy_read(actor=company.officer, stored=given(company, GOOD, row), entity=company.cn)
    assert [(fault.column, fault.code) for fault in found.faults] == [(column, code)]
    assert found.faults[0].cell.endswith("3")
    assert found.faults[0].text
    with pytest.raises(legacy.LegacyFaultyError):
        opened(company, GOOD, row)
    assert not LegacyBatch.objects.exists()
    batch = opened(company, GOOD, row, leave_out_faulty=True)
    assert batch.rows.count() == 1


def test_what_was_taken_over_before_is_not_taken_over_twice(company):
    batch = opened(company, GOOD)
    decide(batch, company.second_officer)
    decide(batch, company.leader)
    found = legacy.legacy_read(actor=company.officer, stored=given(company, GOOD), entity=company.cn)
    assert [fault.code for fault in found.faults] == ["register.legacy_number_taken"]


def test_a_batch_needs_its_answers(company):
    for missing in (
        {"necessity": " "},
        {"elements": {**ANSWERS["elements"], "value": {"reason": "", "evidence": "x"}}},
        {"exclusions": {**ANSWERS["exclusions"], "IDN-X1": {"answer": "yes", "fields": {}}}},
        {"exclusions": {}},
    ):
        with pytest.raises(legacy.LegacyAnswersError):
            opened(company, GOOD, **missing)
    with pytest.raises(legacy.LegacyEmptyError):
        opened(company)


def test_who_imports(company):
    for person in (company.proposer, company.owner, company.leader, company.technician, company.auditor):
        with pytest.raises(NotPermittedError):
            opened(company, GOOD, actor=person, stored=given(company, GOOD, actor=person))
    own = ("C-1", "甲", "", "重要", "5年", "研发部", "", "", "")
    foreign = ("C-2", "乙", "", "重要", "5年", "销售部", "", "", "")
    actor = company.department_officer
    assert opened(company, own, actor=actor, stored=given(company, own, actor=actor)).rows.count() == 1
    with pytest.raises(NotPermittedError):
        opened(company, own, foreign, actor=actor, stored=given(company, own, foreign, actor=actor))


def test_a_batch_is_sent_back_refused_or_withdrawn_and_takes_nothing_over(company):
    returned, refused, withdrawn = (opened(company, GOOD) for _ in range(3))
    decide(returned, company.second_officer, "return", "levels are doubtful")
    decide(refused, company.second_officer, "reject", "no")
    legacy.batch_withdraw(actor=company.officer, batch=withdrawn)
    states = [LegacyBatch.objects.get(pk=row.pk).state for row in (returned, refused, withdrawn)]
    assert states == ["returned", "rejected", "withdrawn"]
    assert not TradeSecret.objects.exists()
    with pytest.raises((ConflictError, StopIteration)):
        decide(withdrawn, company.second_officer)


@pytest.mark.requirement("ARC-03", "ARC-E1")
def test_a_large_batch_is_taken_over_in_portions_and_goes_on_after_a_crash(company, monkeypatch):
    monkeypatch.setattr(taking_over, "PORTION", 2)
    rows = [(f"A-{at}", f"配方{at}", *GOOD[2:]) for at in range(5)]
    batch = opened(company, *rows)
    decide(batch, company.second_officer)
    decide(batch, company.leader)
    batch.refresh_from_db()
    assert (batch.state, TradeSecret.objects.count()) == (LegacyBatch.State.REGISTERING, 0)
    assert taking_over.portion_take_over(batch_id=batch.pk) == 2
    file = taking_over.designations_file

    def crash(secrets, **given):
        if any(secret.legacy_number == "A-3" for secret in secrets):
            raise OSError("the power went off")
        return file(secrets, **given)

    monkeypatch.setattr(taking_over, "designations_file", crash)
    assert taking_over.batches_continue() == 0
    assert TradeSecret.objects.count() == batch.rows.exclude(secret=None).count() == 2
    monkeypatch.setattr(taking_over, "designations_file", file)
    assert taking_over.batches_continue() == 3
    assert taking_over.batches_continue() == 0
    batch.refresh_from_db()
    assert batch.state == LegacyBatch.State.REGISTERED
    secrets = TradeSecret.objects.order_by("number")
    assert [row.legacy_number for row in secrets] == [f"A-{at}" for at in range(5)]
    assert [row.number for row in secrets] == [f"SM-2026-{at:04d}" for at in range(1, 6)]
    for secret in secrets:
        assert {line.side for line in secret.book_lines.all()} == {"owner", "office"}
        assert set(secret.life_events.values_list("kind", flat=True)) == {"created"}
        assert secret.life_events.first().actor == company.leader
    assert len(entries_of(secrets[4].ledger_subject).filter(tag="register:legacy:registered")) == 1


@pytest.mark.slow
def test_the_ledger_of_500_rows_is_taken_over_whole(company, tmp_path):
    for at, name in enumerate(DEPARTMENTS):
        if name not in {"研发部", "销售部", "总经理办公室"}:
            company.department(company.cn, f"X{at}", name)
    company.post(company.rd, "主任工程师", 3)
    for at, name in enumerate(PERSONS):
        company.person(f"D{at:03d}", name, company.director)
    content = ledger_workbook(tmp_path / "台账.xlsx").read_bytes()
    file = stored(company.officer, "台账.xlsx", content)
    found = legacy.legacy_read(actor=company.officer, stored=file, entity=company.cn)
    told = {(fault.cell, fault.code) for fault in found.faults}
    assert told == {(fault.cell, fault.code) for fault in expected_faults()}
    batch = opened(company, stored=file, leave_out_faulty=True)
    assert batch.rows.count() == ROWS - len(expected_faults())
    decide(batch, company.second_officer)
    decide(batch, company.leader)
    decide(batch, company.second_leader)
    assert taking_over.batches_continue() == batch.rows.count()
    secrets = TradeSecret.objects.filter(legacy=True)
    assert BookLine.objects.count() == 2 * secrets.count()
    assert secrets.count() == ROWS - len(expected_faults())
    numbers = sorted(secrets.values_list("number", flat=True))
    assert numbers == [f"SM-2026-{at:04d}" for at in range(1, len(numbers) + 1)]


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_an_export_is_imported_again_with_the_same_meaning(company, form):
    made = [
        registered(company),
        registered(company, level="general", period="P1Y6M", period_reason="the project"),
        registered(company, level="core", period="2030-01-31", period_reason="the contract"),
    ]
    content = register_export(actor=company.officer, rows=made, form=form)
    reading = read_legacy(read_table(io.BytesIO(content), f"台账.{form}"), "cn")
    resolved = resolve(reading, company.cn, pack_for("cn"))
    assert resolved.faults == ()
    for secret, values in zip(made, resolved.rows, strict=True):
        assert (values["number"], values["name"]) == (secret.number, secret.name)
        assert (values["level"], values["period"]) == (secret.level, secret.period)
        assert (values["category"], values["owner_department"]) == (secret.category, str(company.lab.pk))
        assert values["custodian"] == str(company.head.person.pk)
        line = secret.scope.get()
        assert values["scope"] == [[line.kind, str(line.department_id or line.person_id)]]
    assert columns()[-1].name == "exported_for"
    assert "officer" in content.decode("utf-8-sig") if form == "csv" else content.startswith(b"PK")


def test_other_formats_are_not_offered(company):
    with pytest.raises(ExportFormError):
        register_export(actor=company.officer, rows=[], form="pdf")


def test_the_pages_of_an_import(company, client):
    signed_in(client, company.officer)
    faulty = ("B-1", "甲", "", "重要", "5年", "不存在部", "", "", "")
    file = given(company, GOOD, faulty)
    answer = client.post(
        reverse("register:legacy_choose"), {"entity": str(company.cn.pk), "file": str(file.pk)}
    )
    preview = answer.headers["Location"]
    page = client.get(preview).content.decode()
    assert "台账!F3" in page
    marked = client.get(reverse("register:legacy_annotated", args=[company.cn.pk, file.pk]))
    assert marked.content.startswith(b"PK")
    parts = [{"national_security": "no", "leave_out": "1"}, {"necessity": "必要"}, {}]
    for value in ELEMENTS:
        parts[1] |= {f"{value.element}_reason": "理由", f"{value.element}_evidence": "证据"}
    for value in EXCLUSIONS:
        parts[2][f"exclusion_{value.exclusion}-answer"] = "no"
        parts[2] |= {f"exclusion_{value.exclusion}-{key}": text for key, text in value.fields.items()}
    assert client.post(preview, {"national_security": "no"}).status_code == 422
    led_out = client.post(preview, {"national_security": "yes", "leave_out": "1"})
    assert led_out.url == reverse("register:proposal_led_out", args=["cn"])
    address = preview
    for values in parts:
        assert not LegacyBatch.objects.exists()
        assert client.get(address).status_code == 200
        answer = client.post(address, values)
        address = answer.url
    batch = LegacyBatch.objects.get()
    assert answer.headers["Location"] == reverse("register:legacy_detail", args=[batch.pk])
    assert client.get(answer.headers["Location"]).status_code == 200
    signed_in(client, company.leader)
    assert client.get(answer.headers["Location"]).status_code == 200
    signed_in(client, company.seller)
    assert client.get(answer.headers["Location"]).status_code == 403
    assert client.get(preview).status_code in {400, 403, 404}
