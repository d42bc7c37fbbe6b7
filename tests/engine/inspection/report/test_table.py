"""The table for people: short, in their language, masked, and unable to steer a terminal."""

from __future__ import annotations

import pytest
from tests.fakes.scan_reports import file_record, records, write_whole

from shoumi.engine.inspection.report import Summary, TableReport
from shoumi.engine.inspection.report.table import size_text


def written(language: str) -> str:
    text: list[str] = []
    write_whole(TableReport(text.append, language))
    return "".join(text)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["seal", "page 3", "客户 B2", "encrypted", "2 files", "1 link or special file was"]),
        ("zh_CN.UTF-8", ["密封", "第 3 页", "应当以密封文档保存和流转", "已加密", "文件 2 个"]),
        ("ja_JP", ["封緘", "3 ページ", "暗号化されている", "2 ファイル"]),
    ],
)
def test_it_speaks_the_readers_language(language, words):
    text = written(language)
    assert [word for word in words if word not in text] == []
    assert "core-inside" in text


def test_english_tells_one_from_several():
    text: list[str] = []
    TableReport(text.append, "en").end(Summary(files=1, findings=1, reused=1, skipped=1))
    TableReport(text.append, "en").end(Summary(files=2, findings=0, reused=2, skipped=2))
    one, several = text
    assert "1 file (" in one
    assert "1 finding," in one
    assert "1 file had not changed; its earlier findings were used." in one
    assert "1 link or special file was not opened." in one
    assert "2 files (" in several
    assert "0 findings," in several
    assert "2 files had not changed; their earlier findings were used." in several
    assert "2 links and special files were not opened." in several


def test_values_are_masked_and_files_without_findings_only_counted():
    text = written("en")
    assert "13900000000" not in text
    assert "empty" not in text


def test_many_alike_are_counted_not_listed():
    text: list[str] = []
    alike = records()[4:5] * 1000
    TableReport(text.append).file(file_record(alike), alike)
    assert "×1000" in text[0]
    assert "997 more" in text[0]
    assert len(text[0].splitlines()) < 10


def test_daily_business_is_one_line():
    text: list[str] = []
    daily = [each for each in records() if each.id in {"cn.invented", "cn.mobile"}]
    TableReport(text.append).file(file_record(daily), daily)
    assert text == [
        "allow      共享/图 纸%.zip: identifier cn.invented ×4, Chinese mobile number [cn.mobile]\n"
    ]


def test_no_name_steers_a_terminal():
    text: list[str] = []
    TableReport(text.append).file(file_record(records(), "a\x1b[2Jb\n.txt"), records())
    assert "\x1b" not in text[0]
    assert "a?[2Jb .txt" in text[0]


def test_nothing_found_is_said():
    text: list[str] = []
    TableReport(text.append, "zh").end(Summary(files=1))
    assert "没有检出结果。" in text[0]


def test_sizes_are_told_in_few_words():
    assert [size_text(size) for size in (0, 999, 1000, 1_234_567, 10**16)] == [
        "0 B",
        "999 B",
        "1.0 KB",
        "1.2 MB",
        "10000.0 TB",
    ]
