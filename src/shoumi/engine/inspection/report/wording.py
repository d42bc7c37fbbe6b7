"""The words of the table for people, in three languages.

They are those of `docs/reference/glossary.md`; names of what is recognised come from the packs.  Reports for
programs have no language.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Final

from shoumi.engine.inspection.recognise import load_catalogue
from shoumi.engine.inspection.values import FindingKind, Reason
from shoumi.engine.inspection.verdict import Action
from shoumi.engine.jurisdiction.values import Texts

ACTIONS: Final = {
    Action.ALLOW: Texts("放行", "許可", "allow"),
    Action.WARN: Texts("提醒", "注意", "warn"),
    Action.JUSTIFY: Texts("说明理由", "理由要", "justify"),
    Action.SEAL: Texts("密封", "封緘", "seal"),
    Action.QUARANTINE: Texts("隔离", "隔離", "quarantine"),
    Action.BLOCK: Texts("阻断", "遮断", "block"),
}
KINDS: Final = {
    FindingKind.IDENTIFIER: Texts("识别项", "識別情報", "identifier"),
    FindingKind.MARKING: Texts("标识", "表示", "marking"),
    FindingKind.EXACT: Texts("数据行", "データ行", "exact match"),
    FindingKind.FINGERPRINT: Texts("指纹", "指紋", "fingerprint"),
    FindingKind.UNREADABLE: Texts("未能检查", "確認不能", "not looked into"),
}
REASONS: Final = {
    Reason.ENCRYPTED: Texts("已加密", "暗号化されている", "encrypted"),
    Reason.DAMAGED: Texts("已损坏", "壊れている", "damaged"),
    Reason.UNKNOWN: Texts("类型未知", "種類が不明", "of unknown type"),
    Reason.TOO_LARGE: Texts("过大", "大きすぎる", "too large"),
    Reason.TOO_DEEP: Texts("嵌套过深", "入れ子が深すぎる", "nested too deep"),
    Reason.TOO_MANY: Texts("成员过多", "要素が多すぎる", "too many members"),
    Reason.TIME: Texts("超时", "時間切れ", "took too long"),
    Reason.MEMORY: Texts("内存不足", "メモリ不足", "needs too much memory"),
    Reason.CRASHED: Texts("读取程序崩溃", "読み取りが異常終了", "its reader crashed"),
    Reason.PROGRAM: Texts(
        "缺少读取程序", "読み取りプログラムがない", "needs a program that is not installed"
    ),
    Reason.DENIED: Texts("无权读取", "読み取り権限がない", "may not be read"),
}
PLACES: Final = {
    "page": Texts("第 {value} 页", "{value} ページ", "page {value}"),
    "line": Texts("第 {value} 行", "{value} 行目", "line {value}"),
    "paragraph": Texts("第 {value} 段", "{value} 段落目", "paragraph {value}"),
    "cell": Texts("{value}", "{value}", "{value}"),
    "part": Texts("{value}", "{value}", "{value}"),
}
FACTS: Final = {  # those of an explanation that a person needs beside the place
    "encoding": Texts("以 {value} 编码", "{value} で符号化", "encoded in {value}"),
    "row": Texts("行键 {value}", "行のキー {value}", "row {value}"),
    "secret": Texts("商业秘密 {value}", "営業秘密 {value}", "secret {value}"),
    "share_of_document": Texts(
        "复制了该文件的 {value:.0%}", "元ファイルの {value:.0%} を写し", "{value:.0%} of it copied"
    ),
    "share_of_part": Texts("占此处的 {value:.0%}", "この箇所の {value:.0%}", "{value:.0%} of this part"),
}
FILE: Final = Texts("文件 {value}", "ファイル {value}", "file {value}")
CHECKS: Final = {  # what spoke for a finding, as far as it tells a person something
    "resident_id": Texts(
        "校验码、地区、日期有效", "検査数字・地域・日付が有効", "check digit, region and date hold"
    ),
    "foreigner_id": Texts("校验码有效", "検査数字が有効", "check digit holds"),
    "credit_code": Texts("校验码有效", "検査文字が有効", "check character holds"),
    "luhn": Texts("校验位有效", "検査数字が有効", "check digit holds"),
    "my_number": Texts("校验位有效", "検査数字が有効", "check digit holds"),
    "corporate_number": Texts("校验位有效", "検査数字が有効", "check digit holds"),
    "invoice_number": Texts("校验位有效", "検査数字が有効", "check digit holds"),
    "driving_licence": Texts(
        "校验位和机关代码有效", "検査数字と公安委員会が有効", "check digit and office hold"
    ),
    "iban": Texts("校验码有效", "検査数字が有効", "check digits hold"),
    "entropy": Texts("具有密钥的随机性", "鍵らしい乱雑さ", "as random as a key"),
    "verbatim": Texts("逐字相同", "一字一句同じ", "word for word"),
    "edited": Texts("有改动", "手が加えられている", "edited"),
    "short": Texts("摘录较短", "短い抜粋", "a short excerpt"),
    "picture": Texts("图片相似", "画像が類似", "a like picture"),
}
OTHER_KIND: Final = Texts(
    "文件名与内容不符，内容为 {value}",
    "ファイル名と中身が一致しません（中身は {value}）",
    "its name says another kind of file; the content is {value}",
)
LEVELS: Final = {
    "core": Texts("核心商密", "極秘", "core"),
    "important": Texts("重要商密", "秘", "important"),
    "general": Texts("普通商密", "社外秘", "general"),
}
TYPES: Final = {
    "text/plain": Texts("纯文本", "プレーンテキスト", "plain text"),
    "text/html": Texts("网页", "HTML", "a web page"),
    "application/xml": Texts("XML", "XML", "XML"),
    "application/pdf": Texts("PDF", "PDF", "PDF"),
    "application/zip": Texts("ZIP 压缩包", "ZIP アーカイブ", "a zip archive"),
    "application/msword": Texts("Word 文档", "Word 文書", "a Word document"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": Texts(
        "Word 文档", "Word 文書", "a Word document"
    ),
    "application/vnd.ms-excel": Texts("Excel 工作簿", "Excel ブック", "an Excel workbook"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": Texts(
        "Excel 工作簿", "Excel ブック", "an Excel workbook"
    ),
    "application/vnd.ms-powerpoint": Texts(
        "PowerPoint 演示文稿", "PowerPoint 資料", "a PowerPoint presentation"
    ),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": Texts(
        "PowerPoint 演示文稿", "PowerPoint 資料", "a PowerPoint presentation"
    ),
}
MORE: Final = Texts("另有 {count} 项", "ほか {count} 件", "{count} more")
UNMARKED: Final = Texts(
    "登记商业秘密的无标识副本", "登録済み営業秘密の表示のない写し", "unmarked copy of a registered secret"
)
FILES: Final = Texts("文件 {count} 个", "{count} ファイル", "{count} files")
FINDINGS: Final = Texts("检出 {count} 项", "検出結果 {count} 件", "{count} findings")
LOOKED_AT: Final = Texts(
    "检查{files}（{size}），用时 {seconds} 秒；{findings}，其中未能检查 {unreadable} 项。",
    "{files}（{size}）を {seconds} 秒で確認。{findings}、うち確認不能 {unreadable} 件。",
    "{files} ({size}) in {seconds} s; {findings}, {unreadable} of them not looked into.",
)
REUSED: Final = Texts(
    "其中 {count} 个文件内容未变，沿用上次结果。",
    "うち {count} ファイルは内容が変わらず、前回の結果を使いました。",
    "{count} files had not changed; their earlier findings were used.",
)
SKIPPED: Final = Texts(
    "跳过链接和特殊文件 {count} 个。",
    "リンクと特殊ファイル {count} 個は開きませんでした。",
    "{count} links and special files were not opened.",
)
_ONE: Final = {  # what English says of one; the other languages have no plural
    FILES: "{count} file",
    FINDINGS: "{count} finding",
    REUSED: "{count} file had not changed; its earlier findings were used.",
    SKIPPED: "{count} link or special file was not opened.",
}
NOTHING: Final = Texts("没有检出结果。", "検出結果はありません。", "Nothing was found.")


def counted(words: Texts, count: int, language: str) -> str:
    """Return `words` of so many in the language of the tag `language`."""
    said = replace(words, en=_ONE[words]) if count == 1 else words
    return said.in_language(language).format(count=f"{count:,}")


@cache
def _names() -> dict[str, Texts]:
    return {kind.id: kind.names for kind in load_catalogue().kinds}


def name_of(found: str) -> Texts | None:
    """Return the name of what a pack recognises, by its id; None for any other id."""
    return _names().get(found)
