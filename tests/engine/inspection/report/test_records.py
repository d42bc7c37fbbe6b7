"""Records: masked, counted by value, and the same after a way through JSON."""

from __future__ import annotations

import json

from tests.fakes.scan_reports import MEMBER, records

from shoumi.engine.inspection.report.records import FindingRecord, full_path


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
