"""Lines of JSON: each is valid under the published schema, and nothing unmasked is in them."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from tests.fakes.scan_reports import write_whole

from shoumi.engine.inspection.report import JSONLReport

SCHEMA = json.loads(
    (Path(__file__).parents[4] / "docs/formats/scan-report.schema.json").read_text(encoding="utf-8")
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def lines(*, reveal: bool = False) -> list[dict]:
    written: list[str] = []
    write_whole(JSONLReport(written.append), reveal=reveal)
    return [json.loads(line) for line in "".join(written).splitlines()]


def test_every_line_is_valid_and_a_file_follows_its_findings():
    told = lines()
    for line in told:
        VALIDATOR.validate(line)
    assert [line["record"] for line in told] == ["finding"] * 8 + ["file", "file", "scan"]
    assert told[8]["findings"] == 8
    assert told[-1]["worst"] == told[8]["verdict"] == "seal"


def test_members_are_told_with_their_container():
    assert lines()[5]["path"] == "共享/图 纸%.zip!/内部/a b.docx"


def test_nothing_unmasked_is_written_unless_revealed():
    assert "13900000003" not in json.dumps(lines())
    assert "13900000003" in json.dumps(lines(reveal=True))


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "guess"},
        {"score": 1.5},
        {"finding": "x"},
        {"unknown": 1},
        {"location": {"cell": "B2"}},
        {"text": "x" * 201},
        {"level": "绝密"},
    ],
)
def test_the_schema_refuses_what_a_finding_is_not(wrong):
    assert not VALIDATOR.is_valid({**lines()[0], **wrong})
