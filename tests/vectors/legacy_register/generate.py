"""Makes an older secrets ledger as companies keep it: merged header, mixed dates, 500 rows, 12 faulty.

Everything in it is invented.  `ledger_workbook(path)` writes the file, `expected_faults` says which cell is
wrong and how; `python -m tests.vectors.legacy_register.generate FILE` writes it by hand.
Given the same seed, the same file.
"""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

ROWS = 500
FIRST_ROW = 5  # rows 1 and 2 are title and filling note, 3 and 4 the header
SHEET = "商业秘密台账"
HEADER = (
    ("序号", None), ("商密编号", None), ("商业秘密名称*", None), ("信息类别", None), ("密  级", None),
    ("保密期限", None), ("权属部门", None), ("知悉范围", None), ("载体", "形式"), (None, "存放地点"),
    ("责任人", "姓名"), (None, "联系电话"),
    ("产生日期", None), ("备注", None),
)  # fmt: skip
DEPARTMENTS = ("总经理办公室", "研发部", "生产部", "销售部", "人力资源与法务部", "信息技术部")
CATEGORIES = (
    "研发信息",
    "生产信息",
    "配置信息",
    "软件信息",
    "客户信息",
    "经营信息",
    "财务信息",
    "人力资源信息",
    "R&D",
    None,
)
LEVELS = {
    "core": ("核心商密", "核心", "核心商业秘密", "A级", "Ａ級", "極秘", "core", "核心商密（A级）", "核 心"),
    "important": ("重要商密", "重要", "重要商业秘密", "B级", "秘", "㊙", "Important", "【重要】"),
    "general": ("普通商密", "普通", "一般", "C级", "社外秘", "general", "普通商业秘密"),
}
THINGS = (
    "配方",
    "工艺参数",
    "图纸",
    "测试记录",
    "报价策略",
    "客户清单",
    "源代码",
    "模具设计",
    "采购价格",
    "设备配置",
)
PRODUCTS = ("轴承", "涂层", "传感器", "密封件", "电机", "滤芯", "薄膜", "磁体")
CARRIERS = ("纸质", "电子文档", "纸质、电子文档", "移动硬盘", "样品", "服务器")
PLACES = ("档案室2-03", "研发楼B302保密柜", "文件服务器/RD", "样品间", "财务室保险柜")
PERSONS = ("顾清和", "苏念安", "沈若溪", "闻景行", "叶星辰", "凌子墨", "温如言", "祁远山", "傅听澜", "程以恒")


@dataclass(frozen=True)
class Expected:
    """One fault that the ledger holds on purpose."""

    cell: str
    column: str
    code: str


# offset from the first data row → column letter, what stands there, what must be found
_WRONG = {
    11: ("E", "机密", "level", "tables.state_secret_level"),
    47: ("E", "高", "level", "tables.unknown_level"),
    83: ("E", None, "level", "tables.required"),
    120: ("M", "2023-02-30", "made_on", "tables.impossible_date"),
    161: ("M", "03/04/2024", "made_on", "tables.ambiguous_date"),
    202: ("M", "2024年5月", "made_on", "tables.incomplete_date"),
    244: ("F", "看情况", "period", "tables.not_a_period"),
    289: ("C", None, "name", "tables.required"),
    333: ("D", "机密信息类", "category", "register.legacy_category"),
    378: ("B", "SM-2020-0001", "number", "tables.duplicate_row"),
    421: ("F", "2010-12-31", "period", "register.legacy_period_ended"),
    466: ("C", "技术" * 101, "name", "tables.text_too_long"),
}


def _dates(day: date, choice: random.Random) -> object:
    """Return a day in one of the styles found in one and the same file."""
    styles = (
        day.isoformat(), f"{day.year}/{day.month}/{day.day}", f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}", int(f"{day:%Y%m%d}"), day,
        (day - date(1899, 12, 30)).days, f" {day.year}年{day.month}月{day.day}日 ",
        f"{day.year}．{day.month}．{day.day}",
    )  # fmt: skip
    if day >= date(2019, 5, 1):
        styles += (
            f"R{day.year - 2018}.{day.month}.{day.day}",
            f"令和{day.year - 2018}年{day.month}月{day.day}日",
        )
    return choice.choice(styles)


def _period(day: date, choice: random.Random) -> object:
    end = date(day.year + 5, day.month, 28)
    return choice.choice(
        ("长期", "永久", "公布前", "5年", "三年", "10年", "36个月", "長期", _dates(end, choice))
    )


def _record(number: int, choice: random.Random) -> list[object]:
    level = choice.choice(list(LEVELS))
    day = date(2020, 1, 6) + timedelta(days=choice.randrange(2200))
    return [
        number + 1,
        f"SM-{2020 + number // 100}-{number % 100 + 1:04d}",
        f"{choice.choice(PRODUCTS)}{choice.choice(THINGS)}（第{number + 1}项）",
        choice.choice(CATEGORIES),
        choice.choice(LEVELS[level]),
        _period(day, choice),
        DEPARTMENTS[number * len(DEPARTMENTS) // ROWS],
        choice.choice(("研发部、生产部", "研发总监；主任工程师", "仅责任人", "销售部/客户经理", None)),
        choice.choice(CARRIERS),
        choice.choice(PLACES),
        choice.choice(PERSONS),
        f"100 0000 00{number % 100:02d}",
        _dates(day, choice),
        choice.choice((None, None, "年度复核", "与外部共同研发")),
    ]


def expected_faults() -> tuple[Expected, ...]:
    """Return every fault of the file in the order of its rows."""
    rows = _row_numbers()
    return tuple(
        Expected(f"{SHEET}!{letter}{rows[offset]}", column, code)
        for offset, (letter, _value, column, code) in _WRONG.items()
    )


def _row_numbers() -> list[int]:
    """Return the sheet's row of each record; a heading stands before each department's records."""
    numbers, row, last = [], FIRST_ROW, ""
    for number in range(ROWS):
        department = DEPARTMENTS[number * len(DEPARTMENTS) // ROWS]
        if department != last:
            row += 1  # the heading
            last = department
        numbers.append(row)
        row += 1
    return numbers


def ledger_workbook(path: Path, seed: int = 20260301) -> Path:
    """Write the ledger to `path` and return it."""
    choice = random.Random(seed)  # noqa: S311 - test data
    workbook = Workbook()
    workbook.active.title = "填表说明"
    workbook.active["A1"] = "本表每年更新一次，由各部门保密员填写。"
    sheet = workbook.create_sheet(SHEET)
    _head(sheet)
    last = ""
    for number, row in enumerate(_row_numbers()):
        record = _record(number, choice)
        if record[6] != last:
            last = str(record[6])
            _heading(sheet, row - 1, f"{last}（见下）")
            block = [place for place, other in zip(_row_numbers(), range(ROWS), strict=True)
                     if DEPARTMENTS[other * len(DEPARTMENTS) // ROWS] == last]  # fmt: skip
            sheet.merge_cells(start_row=block[0], end_row=block[-1], start_column=7, end_column=7)
            sheet.cell(row, 7, last)
        if number in _WRONG:
            letter, value, _column, _code = _WRONG[number]
            record[ord(letter) - ord("A")] = value
            if number == 421:
                record[12] = "2024-05-06"
        for column, value in enumerate(record, start=1):
            if value is not None and column != 7:
                sheet.cell(row, column, value)
    end = _row_numbers()[-1] + 1
    sheet.cell(end, 1, "合计")
    sheet.cell(end, 2, ROWS)
    sheet.cell(end + 1, 1, "注：密级由保密办公室核定，未经批准不得外传。")
    workbook.save(path)
    return path


def _head(sheet: Worksheet) -> None:
    sheet["A1"] = "澄光精密（示范）有限公司商业秘密台账"
    sheet["A1"].font = Font(bold=True, size=16)
    sheet.merge_cells("A1:N1")
    sheet["A2"] = "填报单位：保密办公室"
    for column, (top, below) in enumerate(HEADER, start=1):
        sheet.cell(3, column, top)
        sheet.cell(4, column, below)
        if below is None:
            sheet.merge_cells(start_row=3, end_row=4, start_column=column, end_column=column)
    sheet.merge_cells("I3:J3")
    sheet.merge_cells("K3:L3")
    for row in sheet["A3:N4"]:
        for cell in row:
            cell.alignment = Alignment(horizontal="center", wrap_text=True)


def _heading(sheet: Worksheet, row: int, text: str) -> None:
    sheet.cell(row, 1, text)
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=14)


if __name__ == "__main__":
    ledger_workbook(Path(sys.argv[1]))
