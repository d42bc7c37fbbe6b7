"""SARIF: valid under the official schema, and its indexes, places and fingerprints lead where they should."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import unquote, urlparse

import jsonschema
from tests.fakes.scan_reports import SHA256, records, write_whole

from shoumi.engine.inspection.report import SARIFReport, Summary
from shoumi.engine.inspection.report.sarif import uri_of

SCHEMA = json.loads(
    (Path(__file__).parents[3] / "vectors/sarif/sarif-schema-2.1.0.json").read_text(encoding="utf-8")
)
VALIDATOR = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)


def written() -> dict:
    text: list[str] = []
    write_whole(SARIFReport(text.append))
    return json.loads("".join(text))


def test_a_report_is_valid_sarif():
    VALIDATOR.validate(written())


def test_a_scan_without_findings_is_valid_too():
    text: list[str] = []
    SARIFReport(text.append).end(Summary())
    told = json.loads("".join(text))
    VALIDATOR.validate(told)
    assert told["runs"][0]["results"] == []


def test_the_schema_refuses_what_is_no_report():
    told = written()
    told["runs"][0]["results"][0]["level"] = "dreadful"
    assert not VALIDATOR.is_valid(told)


def test_every_result_refers_to_its_rule_and_its_file():
    (run,) = written()["runs"]
    assert len(run["results"]) == len(records())
    for result, record in zip(run["results"], records(), strict=True):
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == record.id
        place = result["locations"][0]["physicalLocation"]["artifactLocation"]
        artifact = run["artifacts"][place["index"]]
        assert artifact["location"]["uri"] == place["uri"]
        assert artifact["hashes"] == {"sha-256": SHA256}
        assert result["partialFingerprints"] == {"shoumiFinding/v1": record.finding}
        assert result["level"] == "error"
        assert record.text in result["message"]["text"]


def test_lines_of_plain_text_are_regions_and_other_places_logical():
    results = written()["runs"][0]["results"]
    assert results[1]["locations"][0]["physicalLocation"]["region"] == {"startLine": 2}
    names = [result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] for result in results[3:7]]
    assert names == [
        "共享/图 纸%.zip#客户 B2",
        "共享/图 纸%.zip#page 3",
        "共享/图 纸%.zip!/内部/a b.docx#paragraph 2",
        "共享/图 纸%.zip!/内部/a b.docx#comment 2 paragraph 1",
    ]


def test_paths_become_uris_and_back():
    for path in ("/a b/c%#?.txt", "文件/名.txt", "a:b.txt"):
        uri = uri_of(path)
        assert uri.isascii()
        assert unquote(urlparse(uri).path) == path
