"""Workbooks as openpyxl and XlsxWriter write them: headers, charts, tables, hidden sheets, macros."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache, partial
from itertools import product

import xlsxwriter
from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from tests.fakes.foreign_files import Files
from tests.fakes.foreign_files.documents import changed, with_parts

_MAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_TYPES = {
    "xltx": b"application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
    "xlsm": b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
}
HEADERS = ("", "left", "centre", "all", "plain")


@cache
def workbooks() -> Files:
    """Return workbooks by name."""
    builders = {}
    for at, (header, flavour, several) in enumerate(
        product(HEADERS, ("plain", "rich", "hidden"), (False, True))
    ):
        kind = ("xlsx", "xltx", "xlsm")[at % 3]
        build = partial(_openpyxl, header, flavour, several)
        builders[f"openpyxl-{header}-{flavour}-{several:d}.{kind}"] = partial(_made, build, kind)
    for at, (chart, first, table) in enumerate(product((False, True), repeat=3)):
        kind = ("xlsx", "xlsm")[at % 2]
        build = partial(written_by_xlsxwriter, chart=chart, first=first, table=table)
        builders[f"xlsxwriter-{chart:d}{first:d}{table:d}.{kind}"] = partial(_made, build, kind)
    builders["pivot-leftover.xlsx"] = _with_pivot_left_over
    builders["empty-header.xlsx"] = lambda: changed(
        _openpyxl("left", "plain", several=False), "xl/worksheets/sheet1.xml", _with_empty_header
    )
    return Files(builders)


def _made(build: Callable[[], bytes], kind: str) -> bytes:
    return as_kind(build(), kind)


def _with_pivot_left_over() -> bytes:
    pivot = {"xl/pivotCache/pivotCacheDefinition1.xml": b"<pivotCacheDefinition xmlns='x'/>"}
    return with_parts(_openpyxl("left", "plain", several=False), pivot)


def as_kind(content: bytes, kind: str) -> bytes:
    """Return the workbook as a template or with macros."""
    if kind == "xlsx":
        return content
    types = changed(content, "[Content_Types].xml", lambda data: data.replace(_MAIN, _TYPES[kind]))
    return (
        types
        if kind == "xltx"
        else with_parts(types, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(500)})
    )


def _with_empty_header(data: bytes) -> bytes:
    start, end = data.index(b"<headerFooter"), data.index(b"</headerFooter>") + len(b"</headerFooter>")
    return data[:start] + b"<headerFooter/>" + data[end:]


def _openpyxl(header: str, flavour: str, several: bool) -> bytes:
    book = Workbook()
    for number in range(3 if several else 1):
        sheet = book.create_sheet(f"数据{number}") if number else book.active
        for row in range(30):
            sheet.append([row, f"文字 {row}", row * 1.5, f"=A{row + 1}*2"])
        _head(sheet, header)
        if several:
            sheet.HeaderFooter.differentFirst = number == 1
            sheet.HeaderFooter.differentOddEven = number == 2
            if number == 1:
                sheet.firstHeader.center.text = "首页"
    sheet = book.active
    if flavour == "rich":
        _enrich(sheet)
        sheet.defined_names["局部"] = DefinedName("局部", attr_text=f"'{sheet.title}'!$A$1:$B$5")
    if flavour == "hidden":
        sheet.column_dimensions["B"].hidden = True
        hidden = book.create_sheet("隐藏")
        hidden.sheet_state = "veryHidden"
        hidden["A1"] = "隐藏的内容"
        book.active = 0
        sheet.page_setup.orientation = "landscape"
        sheet.print_title_rows = "1:1"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _head(sheet, header: str) -> None:
    if header in {"left", "all"}:
        sheet.oddHeader.left.text = "左 & 右"
    if header in {"centre", "all"}:
        sheet.oddHeader.center.text = "原有页眉"
        sheet.oddFooter.center.text = "第 &P 页"
    if header == "all":
        sheet.oddHeader.right.text = "&D"
        sheet.oddFooter.right.text = "右脚"
    if header == "plain":
        sheet.oddFooter.left.text = "&F"


def _enrich(sheet) -> None:
    sheet.merge_cells("F1:H3")
    sheet["F1"].comment = Comment("批注", "审阅人")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=1, min_row=1, max_row=10))
    sheet.add_chart(chart, "J2")
    rule = DataValidation(type="list", formula1='"甲,乙"')
    sheet.add_data_validation(rule)
    rule.add("A1:A5")
    fill = PatternFill(bgColor="FFC7CE")
    sheet.conditional_formatting.add("C1:C20", CellIsRule(operator="greaterThan", formula=["10"], fill=fill))
    sheet.cell(40, 1, "列"), sheet.cell(40, 2, "值"), sheet.cell(41, 1, "a"), sheet.cell(41, 2, 1)
    sheet.add_table(Table(displayName="表1", ref="A40:B41"))


def written_by_xlsxwriter(*, chart: bool, first: bool, table: bool) -> bytes:
    """Return a workbook with what XlsxWriter writes better than openpyxl."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("参数")
    for row in range(20):
        sheet.write_row(row, 0, [row, row * row, "工艺"])
    sheet.conditional_format("A1:A20", {"type": "data_bar", "data_bar_2010": True})
    sheet.set_header("&L左&C中间&R右")
    if first:
        sheet.set_landscape()
        sheet.set_h_pagebreaks([10])
        sheet.ignore_errors({"number_stored_as_text": "A1:A5"})
    if table:
        sheet.add_table("E1:G5")
        sheet.write_comment("A1", "批注")
        sheet.insert_textbox("J5", "文本框")
    if chart:
        drawn = book.add_chart({"type": "line"})
        drawn.add_series({"values": "=参数!$B$1:$B$20"})
        sheet.insert_chart("E10", drawn)
        page = book.add_chartsheet("图表页")
        drawn = book.add_chart({"type": "pie"})
        drawn.add_series({"values": "=参数!$A$1:$A$5"})
        page.set_chart(drawn)
        book.define_name("参数!局部", "=参数!$A$1")
        page.activate()
    book.close()
    return stream.getvalue()
