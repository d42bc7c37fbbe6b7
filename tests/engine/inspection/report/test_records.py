"""Records: masked, counted by value, and the same after a way through JSON."""

from __future__ import annotations

import json
from random import Random

import pytest
from tests.fakes.findings import WordFinder, text_part
from tests.fakes.identifiers import bank_card, resident_id
from tests.fakes.scan_reports import MEMBER, records

from shoumi.engine.inspection.inspecting import Means, inspect
from shoumi.engine.inspection.recognise import Recogniser
from shoumi.engine.inspection.report.records import FindingRecord, finding_records, full_path
from shoumi.engine.inspection.values import Extraction, FindingKind, Reason, Unreadable


def test_text_is_masked_unless_revealed():
    assert records()[0].text == "13*******00"
    assert records(reveal=True)[0].text == "13900000000"


def test_the_same_value_is_one_by_its_number():
    first, second, again, *_ = (record.same for record in records())
    assert first == again != second


def test_a_record_is_the_same_after_a_way_through_json():
    for record in records():
        assert FindingRecord.from_json(json.loads(json.dumps(record.to_json()))) == record


def test_places_are_told_as_a_person_would_look_for_them():
    places = [{k: v for k, v in record.location.items() if k not in {"start", "end"}} for record in records()]
    assert places == [
        {"line": 1},
        {"line": 2},
        {"line": 2},
        {"sheet": "客户", "cell": "B2"},
        {"page": 3},
        {"paragraph": 2},
        {"part": "comment 2", "paragraph": 1},
        {},
    ]


def test_the_path_of_a_member_names_its_container():
    assert full_path("outer.zip", MEMBER) == f"outer.zip!/{MEMBER}"
    assert full_path("a.txt", "") == "a.txt"


@pytest.mark.requirement("WEC-07")
def test_identity_and_account_numbers_of_customers_are_found_and_masked():
    source = Random(7)  # noqa: S311 - test data
    numbers = (resident_id(source), bank_card(source))
    text = f"客户身份证号码{numbers[0]}，银行账户：{numbers[1]}。"
    extraction = Extraction("text/plain", (text_part(text),))
    told = finding_records(inspect(extraction, Means(Recogniser.load())), extraction, "")
    assert {"cn.resident_id", "cn.bank_card"} <= {record.id for record in told}
    assert not any(number in json.dumps(record.to_json()) for number in numbers for record in told)


def test_of_a_row_of_a_table_not_one_letter_is_shown():
    row = WordFinder("陆知微 0555 1234567", FindingKind.EXACT, "customers", facts=(("row", "K7"),))
    extraction = Extraction("text/plain", (text_part("请联系陆知微 0555 1234567。"),))
    (told,) = finding_records(inspect(extraction, Means(exact=(row,))), extraction, "")
    assert told.text == "*** **** *******"


def test_equal_values_are_known_again_in_other_files_and_closed_files_only_as_their_copies():
    extraction = Extraction(
        "text/plain", (text_part("手机 13912345678"),), unreadable=(Unreadable(Reason.ENCRYPTED),)
    )
    findings = inspect(extraction, Means(Recogniser.load()))
    one, copy, other = (
        {
            record.kind: record.like
            for record in finding_records(findings, extraction, sha256, likeness=b"key")
        }
        for sha256 in ("11", "11", "22")
    )
    assert one == copy
    assert one[FindingKind.IDENTIFIER] == other[FindingKind.IDENTIFIER] != ""
    assert one[FindingKind.UNREADABLE] != other[FindingKind.UNREADABLE]
