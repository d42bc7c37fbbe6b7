"""Drafts: what is known, what is missing, what is refused; what is offered is fixed."""

from __future__ import annotations

import io
import json

import pytest
from django.db import connection
from docx import Document
from tests.server.agreements.company import drafted, offered, wish

from shoumi.engine.jurisdiction.agreements import (
    AgreementIncompleteError,
    AgreementRefusedError,
    OwnChange,
    UnknownAgreementError,
)
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.agreements.models import Agreement
from shoumi.server.agreements.queries.drafts import examine
from shoumi.server.agreements.queries.texts import refusals_shown, text_drafted, text_fixed
from shoumi.server.agreements.sealing import SealedInputsError, seal, unseal
from shoumi.server.agreements.services.drafting import (
    Change,
    Wish,
    agreement_change,
    agreement_draft,
    agreement_withdraw,
    agreements_lapse,
)
from shoumi.server.agreements.services.errors import DayError, OpenAgreementError, PartyError, StateError
from shoumi.server.agreements.services.offering import agreement_offer
from shoumi.server.files.services import file_open
from shoumi.server.ledger.queries import entries_of, entry_details
from shoumi.server.people.queries import today_of
from shoumi.server.people.services.editing import RecordChangedError


def content(stored) -> bytes:
    with file_open(stored) as reader:
        return b"".join(reader.chunks())


@pytest.mark.requirement("ONB-06")
def test_a_draft_begins_with_what_the_register_of_persons_tells(company):
    row = agreement_draft(actor=company.personnel, wish=wish(company))
    told = {"engagement": "employee", "level": 2, "leaving": "stays", "knows_secrets": True}
    assert row.known.items() >= told.items()
    values = unseal(row.inputs)["values"]
    assert values["company"] == company.cn.name_zh
    assert (values["person"], values["department"], values["post"]) == ("陆知微", "材料实验室", "工程师")
    read = examine(row)
    assert "role" in read.draft.missing_facts
    assert "secret_scope" in read.draft.missing_fields
    with pytest.raises(AgreementIncompleteError):
        agreement_offer(actor=company.personnel, agreement=row, expected_version=row.version)


@pytest.mark.requirement("ONB-07", "ONB-05", "ONB-19")
def test_the_offered_text_names_duties_liability_and_leaks_on_the_internet(company):
    row = offered(company)
    form = json.loads(content(row.form))
    assert row.state == Agreement.State.OFFERED
    assert form["language"] == "zh"
    text = "\n".join(clause["text"] for clause in form["clauses"])
    for words in ("企业商业秘密管理制度", "工艺文件仅在指定计算机上查阅", "赔偿", "互联网"):
        assert words in text, words
    assert content(row.pdf).startswith(b"%PDF-")
    paragraphs = [each.text for each in Document(io.BytesIO(content(row.docx))).paragraphs]
    assert paragraphs[0] == form["title"]
    assert any(row.form.sha256 in line for line in paragraphs)
    assert {each["clause"] for each in row.reasons} == {clause["id"] for clause in form["clauses"]}
    assert any(basis["status"] for each in row.reasons for basis in each["basis"])


@pytest.mark.requirement("ONB-20")
def test_a_japanese_pledge_is_in_japanese(company):
    row = offered(company, person=company.chief_jp.person, kind="joining_pledge", actor=company.personnel_jp)
    form = json.loads(content(row.form))
    assert (form["pack"], form["language"]) == ("jp", "ja")
    assert "誓約" in form["title"]


@pytest.mark.requirement("ONB-15", "ONB-16")
def test_a_joiner_from_a_competitor_promises_not_to_infringe(company):
    row = drafted(company, kind="no_infringement_promise")
    row = agreement_change(
        actor=company.personnel,
        agreement=row,
        expected_version=row.version,
        change=Change(known={"from_competitor": True}),
    )
    text = "".join(line for clause in text_drafted(examine(row), row).clauses for line in clause.lines)
    assert "原单位" in text


def test_own_wording_is_kept_as_a_deviation_and_what_the_law_refuses_stops_the_offer(company, english):
    row = drafted(company)
    clause = next(each for each in examine(row).draft.kind.clauses if "{" not in each.text and not each.when)
    change = Change(own={clause.id: OwnChange(f"{clause.text}另附保密须知。")})
    row = agreement_change(
        actor=company.personnel, agreement=row, expected_version=row.version, change=change
    )
    refused = Change(own={clause.id: OwnChange("泄密的，应支付违约金人民币五万元。")})
    bad = agreement_change(
        actor=company.personnel, agreement=row, expected_version=row.version, change=refused
    )
    shown = refusals_shown(examine(bad).draft.refusals)
    assert [(where, basis.cite) for where, _words, basis in shown] == [(clause.id, shown[0][2].cite)]
    assert shown[0][2].cite
    with pytest.raises(AgreementRefusedError):
        agreement_offer(actor=company.personnel, agreement=bad, expected_version=bad.version)
    good = agreement_change(
        actor=company.personnel, agreement=bad, expected_version=bad.version, change=change
    )
    done = agreement_offer(actor=company.personnel, agreement=good, expected_version=good.version)
    assert [each["clause"] for each in done.deviations] == [clause.id]
    assert done.deviations[0]["old"] == clause.text


def test_who_may_prepare_and_what_cannot_be_drafted(company):
    for who in (company.owner, company.leader, company.auditor, company.technician, company.proposer):
        with pytest.raises(NotPermittedError):
            agreement_draft(actor=who, wish=wish(company))
    with pytest.raises(UnknownAgreementError):
        agreement_draft(actor=company.personnel, wish=wish(company, kind="nothing"))
    with pytest.raises(PartyError):
        agreement_draft(actor=company.legal, wish=Wish(company.cn, "secret_post_nda", party_name="海屿"))
    with pytest.raises(PartyError):
        agreement_draft(actor=company.legal, wish=Wish(company.cn, "contractor_nda"))
    with pytest.raises(PartyError):
        agreement_draft(actor=company.legal, wish=wish(company, kind="refused_signature_record"))
    with pytest.raises(DayError):
        agreement_draft(actor=company.legal, wish=wish(company, ends_on=today_of(company.cn)))
    row = agreement_draft(actor=company.personnel, wish=wish(company))
    with pytest.raises(OpenAgreementError):
        agreement_draft(actor=company.personnel, wish=wish(company))
    with pytest.raises(RecordChangedError):
        agreement_change(actor=company.personnel, agreement=row, expected_version=9, change=Change())
    agreement_withdraw(actor=company.personnel, agreement=row, expected_version=row.version, reason="误建")
    with pytest.raises(StateError):
        agreement_change(
            actor=company.personnel, agreement=row, expected_version=row.version + 1, change=Change()
        )


def test_a_partner_is_a_name_and_its_agreement_lapses_after_its_last_day(company, fixed_clock):
    day = fixed_clock.now().date().replace(day=20)
    row = agreement_draft(
        actor=company.legal,
        wish=Wish(company.cn, "contractor_nda", party_name="海屿技术服务有限公司", ends_on=day),
    )
    assert row.known == {"engagement": "partner"}
    assert unseal(row.inputs)["values"]["partner"] == "海屿技术服务有限公司"
    Agreement.objects.filter(pk=row.pk).update(state="withdrawn")
    assert agreements_lapse() == 0


def test_no_input_lies_readable_in_the_database_and_none_opens_elsewhere(company):
    row = drafted(company)
    assert unseal(row.inputs)["values"]["identity"] == "示例证件号"
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM agreements_sealed")
        rows = [bytes(found[0]) for found in cursor.fetchall()]
    assert rows
    assert not any("示例证件号".encode() in found for found in rows)
    told = "".join(
        str(item.value) for entry in entries_of(row.ledger_subject) for item in entry_details(entry)
    )
    assert told
    assert "示例证件号" not in told
    other = seal({"values": {}})
    other.content = row.inputs.content
    with pytest.raises(SealedInputsError):
        unseal(other)


def test_masked_details_stay_masked_in_the_text(company):
    row = offered(company)
    masked, whole = text_fixed(row, masked=True), text_fixed(row, masked=False)
    assert masked.hidden
    assert not any("示例证件号" in line for line in masked.opening)
    assert any("示例证件号" in line for line in whole.opening)


@pytest.mark.requirement("OFF-13", "OFF-09")
def test_the_exit_pledge_goes_on_after_leaving_also_by_retirement(company):
    row = drafted(company, kind="exit_pledge")
    row = agreement_change(
        actor=company.personnel,
        agreement=row,
        expected_version=row.version,
        change=Change(known={"leaving": "retires"}),
    )
    text = "".join(line for clause in text_drafted(examine(row), row).clauses for line in clause.lines)
    assert "离岗后继续" in text
    assert "不以任何方式泄露" in text
    assert "退休后" in text


@pytest.mark.requirement("JPN-03")
def test_the_japanese_exit_pledge_warns_of_carrying_out(company):
    actor = company.personnel_jp
    row = drafted(company, person=company.chief_jp.person, kind="exit_pledge", actor=actor)
    change = Change(known={"leaving": "resigns"})
    row = agreement_change(actor=actor, agreement=row, expected_version=row.version, change=change)
    text = "".join(line for clause in text_drafted(examine(row), row).clauses for line in clause.lines)
    for words in ("持ち出す", "違法", "犯罪", "不正競争防止法"):
        assert words in text
