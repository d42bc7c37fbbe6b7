"""One invented scan, with every sort of finding and place, for the tests of its reports."""

from __future__ import annotations

from shoumi.engine.inspection.report import FileRecord, FindingRecord, Report, Summary, finding_records
from shoumi.engine.inspection.values import (
    Explanation,
    Extraction,
    Finding,
    FindingKind,
    Part,
    PartKind,
)
from shoumi.engine.inspection.verdict import Facts, default_policy, judge
from tests.fakes.findings import found, text_part

SHA256 = "ab" * 32
MEMBER = "内部/a b.docx"
PARTS = (
    text_part("电话 13900000000\n电话 13900000001 和 13900000000"),
    Part(PartKind.SHEET, "姓名\t电话\n甲\t13900000002", "客户"),
    Part(PartKind.PAGE, "核心商密", "3"),
    Part(PartKind.BODY, "一\n配方一号", member=MEMBER),
    Part(PartKind.COMMENT, "批注 13900000003", "2", MEMBER),
)
EXTRACTION = Extraction("application/zip", PARTS)


def findings() -> list[Finding]:
    copied = Explanation("S-1", facts=(("secret", "S-1"), ("share", 0.25)))
    return [
        *(found(PARTS[0], f"1390000000{digit}") for digit in "01"),
        Finding(FindingKind.IDENTIFIER, "cn.invented", 0.9, PARTS[0], 32, 43, Explanation("invented")),
        found(PARTS[1], "13900000002", id="cn.mobile"),
        found(PARTS[2], "核心商密", kind=FindingKind.MARKING, id="cn.core", level="core"),
        found(PARTS[3], "配方一号", kind=FindingKind.FINGERPRINT, id="S-1", explanation=copied, level="core"),
        found(PARTS[4], "13900000003"),
        found(
            None, kind=FindingKind.UNREADABLE, id="unreadable.encrypted", explanation=Explanation("encrypted")
        ),
    ]


def records(*, reveal: bool = False) -> list[FindingRecord]:
    return finding_records(findings(), EXTRACTION, SHA256, reveal=reveal)


def file_record(told: list[FindingRecord], path: str = "共享/图 纸%.zip") -> FileRecord:
    verdict = judge(told, Facts(name=path), default_policy())
    return FileRecord(path, SHA256 if told else "", 1234, "application/zip", verdict, len(told), 0.01234)


def write_whole(report: Report, *, reveal: bool = False) -> None:
    """Write a report of two files, one with everything in it and one with nothing."""
    summary = Summary(skipped=1, seconds=1.25)
    for told, path in ((records(reveal=reveal), "共享/图 纸%.zip"), ([], "/empty\n.txt")):
        record = file_record(told, path)
        summary.add(record, told)
        report.file(record, told)
    report.end(summary)
