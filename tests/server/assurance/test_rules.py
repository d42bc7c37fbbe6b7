"""Rule documents: drafted from the company's data, approved, bound by the procedure, read, compared, kept."""

from __future__ import annotations

import io
from datetime import date

import pytest
from docx import Document
from tests.server.assurance.ruling import TODAY, approved, binding, publish, record, started
from tests.server.people.company import grant

from shoumi.engine.jurisdiction.documents import load_documents
from shoumi.engine.policy import Role
from shoumi.engine.policy.values import entity_scope
from shoumi.server.accounts import gate
from shoumi.server.approvals.models import ApprovalRequest
from shoumi.server.approvals.services import TookPartError, request_decide
from shoumi.server.assurance.models import RuleAcknowledgement, RuleVersion
from shoumi.server.assurance.queries import rules as read
from shoumi.server.assurance.services import bodies, duties, letters, office, plans, rules
from shoumi.server.assurance.services.daily import assurance_run
from shoumi.server.assurance.services.rules.approving import RuleIncompleteError
from shoumi.server.assurance.services.rules.drafting import DepartureReasonError, RuleStateError
from shoumi.server.assurance.services.rules.publishing import (
    ProcedureIncompleteError,
    StepFileError,
    UnknownStepError,
)
from shoumi.server.assurance.services.rules.reading import OtherWordsError
from shoumi.server.assurance.services.writing import DaysReversedError, StandsTwiceError
from shoumi.server.notifications.models import Notification
from shoumi.server.people.services.editing import FieldMissingError, RecordChangedError
from shoumi.server.places.models import Zone


@pytest.fixture
def ready(company, paper, monkeypatch):
    """The company with everything that fills the templates; PDFs are printed in one test only."""
    letter = letters.letter_record(
        actor=company.officer, entity=company.cn, capacity="representative", holder=company.head.person,
        scope="全部", since=date(2025, 1, 1), letter=paper("执照.pdf"),
    )  # fmt: skip
    assert letter.letter_sha256
    bodies.body_establish(
        actor=company.officer,
        entity=company.cn,
        form="group",
        name="商业秘密领导小组",
        since=date(2025, 1, 1),
    )
    made = office.office_set(
        actor=company.officer,
        entity=company.cn,
        department=company.office,
        form="own",
        since=date(2025, 1, 1),
    )
    office.staff_add(
        actor=company.officer, office=made, person=company.officer.person, full_time=True, duties="",
        since=date(2025, 1, 1),
    )  # fmt: skip
    office.department_cooperate(actor=company.officer, department=company.lab, reason="", since=TODAY)
    office.officer_appoint(
        actor=company.officer, department=company.lab, person=company.colleague.person, full_time=False,
        since=TODAY,
    )  # fmt: skip
    Zone.objects.create(
        entity=company.cn, department=company.lab, code="Z1", name="材料实验室", kind="secret", level=3,
        created_at=company.cn.created_at,
    )  # fmt: skip
    duties.measure_record(
        actor=company.officer, entity=company.cn, step="research", name="图纸加密", level=2,
        keeper=company.rd, since=TODAY,
    )  # fmt: skip
    plan = plans.plan_make(actor=company.officer, entity=company.cn, year=2026, goals="应定尽定")
    plans.task_add(
        actor=company.officer,
        plan=plan,
        title="定密清查",
        owner=company.head.person,
        due_on=date(2026, 6, 30),
    )
    monkeypatch.setattr(
        "shoumi.server.assurance.services.rules.publishing.pdf_of",
        lambda _version: b"%PDF-1.7 not printed here",
    )
    return company


def test_a_document_is_filled_from_the_companys_own_data(ready):
    version = started(ready)
    text = "\n".join(version.clauses.values_list("text", flat=True))
    for words in ("澄光（示范）有限公司", "商业秘密领导小组", "总经理办公室", "核心商密", "何清越", "柏舟"):
        assert words in text, words
    assert "〔" not in text
    assert "{" not in text
    japanese = started(ready, language="ja")
    assert "極秘" in "\n".join(japanese.clauses.values_list("text", flat=True))
    with pytest.raises(StandsTwiceError):
        started(ready)


@pytest.mark.requirement("DOC-11")
def test_a_rule_cannot_bind_without_discussion_consultation_and_publication(ready, paper):
    version = approved(ready, started(ready))
    assert read.binding(ready.cn, TODAY) == []
    with pytest.raises(ProcedureIncompleteError) as caught:
        publish(ready, paper, version)
    assert len(caught.value.fields["steps"]) == 2
    record(ready, paper, version, "discussion")
    with pytest.raises(ProcedureIncompleteError):
        publish(ready, paper, version)
    with pytest.raises(StepFileError):
        record(ready, paper, version, "consultation", file=None)
    for step in ("publication", "filing", "prayer"):
        with pytest.raises(UnknownStepError):
            record(ready, paper, version, step)
    record(ready, paper, version, "consultation")
    with pytest.raises(DaysReversedError):
        publish(ready, paper, version, day=date(2026, 2, 27), in_force_from=date(2026, 2, 28))
    published = publish(ready, paper, version)
    assert read.binding(ready.cn, TODAY) == [published]
    assert read.binding(ready.cn, date(2026, 2, 28)) == []
    days = {item.step.id: item.record.day for item in read.procedure_of(published).steps}
    assert days == {"discussion": TODAY, "consultation": TODAY, "publication": TODAY}


def test_a_consultation_about_other_words_does_not_count(ready, paper):
    version = started(ready)
    record(ready, paper, version, "discussion")
    record(ready, paper, version, "consultation")
    version = rules.clause_save(
        actor=ready.officer, version_id=version.pk, expected_version=version.version, key="purpose",
        heading="目的", text="为保护商业秘密，制定本制度。", reason="采纳职工意见",
    )  # fmt: skip
    version = approved(ready, version)
    state = read.procedure_of(version)
    assert [item.step.id for item in state.missing_before] == ["consultation"]
    assert next(item for item in state.steps if item.step.id == "consultation").stale
    record(ready, paper, version, "consultation")
    assert publish(ready, paper, version).state == "in_force"


@pytest.mark.requirement("GEN-10")
def test_the_programme_has_version_approver_and_date(ready, paper):
    version = binding(ready, paper, "PROGRAMME")
    assert version.ordinal == 1
    assert version.approvers[0]["name"] == "leader"
    assert version.approved_at is not None
    assert "定密清查 (2026-06-30)" in version.clauses.get(key="plan").text


@pytest.mark.slow
@pytest.mark.requirement(
    "DOC-01", "DOC-02", "DOC-03", "DOC-04", "DOC-05", "DOC-06", "DOC-07", "DOC-08", "DOC-09", "DOC-10"
)
@pytest.mark.any_database  # about documents; the way of one is gone on both
def test_every_document_can_be_versioned_published_and_in_force(ready, paper):
    for template in load_documents("cn"):
        binding(ready, paper, template.id)
    present = read.documents_present(ready.cn, TODAY)
    assert set(read.TEN) <= set(present)
    for code, version in present.items():
        assert version is not None, code
        assert (version.ordinal, version.state, version.published_on) == (1, "in_force", TODAY)
        assert version.docx.sha256
        assert version.sha256 == read.words_sha256(version)


@pytest.mark.usefixtures("english")
def test_a_draft_with_open_places_or_missing_parts_is_not_put_to_approval(company):
    version = started(company)  # nothing is recorded: bodies, officers and zones stand open
    with pytest.raises(RuleIncompleteError) as caught:
        rules.version_submit(actor=company.officer, version_id=version.pk, expected_version=version.version)
    assert any("open places" in fault for fault in caught.value.fields["faults"])
    policy = started(company, "POLICY")
    policy = rules.clause_remove(
        actor=company.officer, version_id=policy.pk, expected_version=policy.version, key="lawful", reason="x"
    )
    with pytest.raises(RuleIncompleteError) as caught:
        rules.version_submit(actor=company.officer, version_id=policy.pk, expected_version=policy.version)
    assert any("parts are missing" in fault for fault in caught.value.fields["faults"])


@pytest.mark.requirement("DOC-13")
def test_whether_negligent_leaks_are_named_is_read_from_the_words_in_force(ready, paper):
    assert not read.negligence_clause_in_force(ready.cn, TODAY)
    version = started(ready)
    assert version.negligence
    silent = rules.clause_save(
        actor=ready.officer, version_id=version.pk, expected_version=version.version, key="breach",
        heading="违规行为", text="故意披露商业秘密的，属于违反本制度。", reason="试图删去过失",
    )  # fmt: skip
    assert not silent.negligence
    with pytest.raises(RuleIncompleteError):
        rules.version_submit(actor=ready.officer, version_id=silent.pk, expected_version=silent.version)
    named = rules.clause_save(
        actor=ready.officer, version_id=version.pk, expected_version=silent.version, key="breach",
        heading="违规行为", text="因过失泄露商业秘密的，同样属于违反本制度。", reason="写明过失",
    )  # fmt: skip
    binding(ready, paper, version=named)
    assert read.negligence_clause_in_force(ready.cn, TODAY)
    assert not read.negligence_clause_in_force(ready.cn, date(2026, 2, 28))
    assert not read.negligence_clause_in_force(ready.jp, TODAY)


def test_a_departure_is_seen_and_needs_its_reason_and_nobody_overwrites_another(ready):
    version = started(ready)
    edit = {"version_id": version.pk, "key": "purpose", "heading": "目的", "text": "自拟文字"}
    with pytest.raises(DepartureReasonError):
        rules.clause_save(actor=ready.officer, expected_version=version.version, **edit)
    saved = rules.clause_save(actor=ready.officer, expected_version=version.version, reason="更简明", **edit)
    assert [clause.key for clause in saved.clauses.all() if clause.departs] == ["purpose"]
    with pytest.raises(RecordChangedError):
        rules.clause_save(actor=ready.legal, expected_version=version.version, reason="x", **edit)


def test_who_worked_on_the_words_does_not_approve_them_and_outsiders_get_in_nowhere(ready):
    grant(ready.legal, Role.LEADER, entity_scope(ready.cn.pk))
    version = started(ready)
    version = rules.clause_add(
        actor=ready.legal, version_id=version.pk, expected_version=version.version, heading="补充",
        text="另行补充。", reason="法务意见",
    )  # fmt: skip
    for user in (
        ready.leader,
        ready.hr,
        ready.auditor,
        ready.technician,
        ready.proposer,
        ready.foreign_officer,
    ):
        if user is ready.hr:
            continue  # also a secrecy officer in the tests' company
        with pytest.raises(gate.NotPermittedError):
            rules.clause_remove(
                actor=user, version_id=version.pk, expected_version=version.version, key="scope", reason="x"
            )
    version = rules.version_submit(
        actor=ready.officer, version_id=version.pk, expected_version=version.version
    )
    request = ApprovalRequest.objects.get(pk=version.request_id)
    with pytest.raises(TookPartError):
        request_decide(request=request, actor=ready.legal, verdict="approve")
    request_decide(request=request, actor=ready.leader, verdict="return", reason="补充职责")
    version.refresh_from_db()
    assert (version.state, version.sha256, version.outcome_reason) == ("returned", "", "补充职责")


@pytest.mark.requirement("DOC-12", "ORG-01")
def test_the_social_platform_rule_is_acknowledged_by_version_with_the_hash_of_what_was_read(ready, paper):
    version = binding(ready, paper, "SOCIAL")
    assert Notification.objects.filter(user=ready.seller, message__contains="binds you").exists()
    assert version in read.rules_binding(ready.seller)
    bound = read.coverage_of_reading(version)
    assert bound.read == 0
    with pytest.raises(OtherWordsError):
        rules.rule_acknowledge(actor=ready.seller, version_id=version.pk, text_sha256="0" * 64)
    for _twice in range(2):
        rules.rule_acknowledge(actor=ready.seller, version_id=version.pk, text_sha256=version.sha256)
    row = RuleAcknowledgement.objects.get()
    assert (row.person.user, row.text_sha256) == (ready.seller, version.sha256)
    assert read.coverage_of_reading(version).read == 1
    assert read.coverage_of_reading(version).bound == bound.bound > 5
    with pytest.raises(gate.NotPermittedError):
        rules.rule_acknowledge(actor=ready.counsel, version_id=version.pk, text_sha256=version.sha256)
    told = rules.rule_remind(actor=ready.officer, version_id=version.pk)
    assert told == bound.bound - 1


def test_a_rule_for_one_department_binds_nobody_beside_it(ready, paper):
    version = rules.audience_set(
        actor=ready.officer, version_id=(draft := started(ready)).pk, expected_version=draft.version,
        audience=rules.AudienceValue(departments=[ready.rd]),
    )  # fmt: skip
    version = binding(ready, paper, version=version)
    assert version in read.rules_binding(ready.proposer)  # works in the laboratory below
    assert version not in read.rules_binding(ready.seller)
    with pytest.raises(gate.NotPermittedError):
        rules.rule_acknowledge(actor=ready.seller, version_id=version.pk, text_sha256=version.sha256)


def test_the_next_version_takes_todays_data_keeps_own_words_and_replaces_the_former(ready, paper):
    first = started(ready)
    first = rules.clause_save(
        actor=ready.officer, version_id=first.pk, expected_version=first.version, key="purpose",
        heading="目的", text="自拟的目的。", reason="更简明",
    )  # fmt: skip
    first = binding(ready, paper, version=first)
    office.officer_appoint(
        actor=ready.officer, department=ready.rd, person=ready.head.person, full_time=True, since=TODAY
    )
    second = rules.version_next(actor=ready.officer, document=first.document)
    assert second.clauses.get(key="purpose").text == "自拟的目的。"
    assert "研发部: 柏舟" in second.clauses.get(key="officers").text
    changes = {
        change.heading: change.kind
        for change in read.compared(list(first.clauses.all()), list(second.clauses.all()))
    }
    assert changes["部门保密员"] == "changed"
    assert changes["目的"] == "same"
    with pytest.raises(StandsTwiceError):
        rules.version_next(actor=ready.officer, document=first.document)
    second = approved(ready, second)
    record(ready, paper, second, "discussion")
    record(ready, paper, second, "consultation")
    second = publish(ready, paper, second, in_force_from=date(2026, 4, 1))
    first.refresh_from_db()
    assert (first.state, first.in_force_until) == ("replaced", date(2026, 4, 1))
    assert [item.pk for item in read.in_force(ready.cn, date(2026, 3, 31))] == [first.pk]
    assert [item.pk for item in read.in_force(ready.cn, date(2026, 4, 1))] == [second.pk]
    assert first in read.rules_binding(ready.seller)  # still in force today
    retired = rules.version_retire(
        actor=ready.officer, version_id=second.pk, expected_version=second.version, until=date(2026, 5, 1),
        reason="并入新制度",
    )  # fmt: skip
    assert retired.state == "retired"
    assert RuleVersion.objects.count() == 2  # nothing is ever deleted
    with pytest.raises(RuleStateError):
        rules.clause_add(
            actor=ready.officer, version_id=first.pk, expected_version=first.version, heading="x", text="x",
            reason="x",
        )  # fmt: skip


def test_in_japan_the_filing_follows_and_may_be_waived_with_a_reason(ready, paper):
    version = rules.document_start(actor=ready.foreign_officer, entity=ready.jp, code="DOC-04", language="ja")
    for clause in [row for row in version.clauses.all() if "〔" in row.text]:
        version = rules.clause_save(
            actor=ready.foreign_officer, version_id=version.pk, expected_version=version.version,
            key=clause.key, heading=clause.heading, text="秘密管理室が定める。", reason="未設置",
        )  # fmt: skip
    leader = ready.person("J-1", "神崎", ready.chief, sign_in="jp-leader").user
    grant(leader, Role.LEADER, entity_scope(ready.jp.pk))
    version = rules.version_submit(
        actor=ready.foreign_officer, version_id=version.pk, expected_version=version.version
    )
    request_decide(
        request=ApprovalRequest.objects.get(pk=version.request_id), actor=leader, verdict="approve"
    )
    version.refresh_from_db()
    step = {"actor": ready.foreign_officer, "version_id": version.pk, "day": TODAY, "participants": "代表"}
    rules.procedure_record(step="opinion", file=paper(), **step)
    version = rules.version_publish(
        actor=ready.foreign_officer, version_id=version.pk, expected_version=version.version, day=TODAY,
        means="備付け", in_force_from=TODAY, file=paper(),
    )  # fmt: skip
    assert read.binding(ready.jp, TODAY) == [version]
    assert [item.step.id for item in read.procedure_of(version).missing_after] == ["filing"]
    with pytest.raises(FieldMissingError):
        rules.procedure_record(step="filing", waived=True, **step)  # without the reason
    rules.procedure_record(step="filing", waived=True, outcome="常時五人", **step)
    fresh = RuleVersion.objects.select_related("document__entity").get(pk=version.pk)
    assert not read.procedure_of(fresh).missing_after


def test_those_who_have_not_read_are_reminded_weekly(ready, paper):
    version = binding(ready, paper, "SOCIAL")
    assurance_run()
    assert not Notification.objects.filter(message__contains="not acknowledged").exists()
    RuleVersion.objects.filter(pk=version.pk).update(published_on=date(2026, 2, 22))
    assurance_run()
    assert Notification.objects.filter(user=ready.seller, message__contains="not acknowledged").count() == 1
    assurance_run()
    assert Notification.objects.filter(user=ready.seller, message__contains="not acknowledged").count() == 1


def test_the_docx_holds_every_clause_with_its_number(ready):
    version = started(ready)
    paper = Document(io.BytesIO(rules.docx_of(version)))
    text = "\n".join(line.text for line in paper.paragraphs)
    assert "第1条 目的与依据" in text
    assert read.words_sha256(version) in text
    assert all(clause.text.split("\n")[0] in text for clause in version.clauses.all())


@pytest.mark.slow
def test_the_pdf_is_printed(ready):
    assert rules.pdf_of(started(ready, "SOCIAL")).startswith(b"%PDF-")
