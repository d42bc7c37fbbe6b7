"""Why a file or member was not looked into, in words for people, in three languages.

Readers note one English phrase, which reports for programs and kept states hold as it is.  Here each form of
these phrases has its translations; a test holds the list to the readers.  What a library or the operating
system says, such as the class of its error, has no form and stays as it is.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from shoumi.engine.jurisdiction.values import Texts

_NUMBER: Final = r"[\d,.e+]+"
_FIELDS: Final = {"count": _NUMBER, "told": _NUMBER, "broken": _NUMBER}  # any other holds anything
FORMS: Final = (
    Texts("压缩数据已损坏", "圧縮データが壊れています", "its packed bytes are broken"),
    Texts("成员目录已损坏", "アーカイブの目録が壊れています", "its directory of members is broken"),
    Texts("未安装 {name}", "{name} が入っていません", "{name} is not installed"),
    Texts("libarchive 无法继续读取", "libarchive で読み進められません", "libarchive cannot read on"),
    Texts(
        "解压后的字节数超过单个成员的上限",
        "展開後の大きさが一要素の上限を超えます",
        "more bytes unpacked than a member may have",
    ),
    Texts("压缩数据无法解压", "圧縮データを展開できません", "its packed bytes cannot be unpacked"),
    Texts("超过 {count} 字节", "{count} バイトを超えます", "more than {count} bytes"),
    Texts(
        "解压后超过 {count} 字节", "展開すると {count} バイトを超えます", "more than {count} bytes unpacked"
    ),
    Texts("其中没有可读取的内容", "読み取れる内容がありません", "nothing in it can be read"),
    Texts("没有读取 {kind} 的程序", "{kind} を読み取るプログラムがありません", "no reader for {kind}"),
    Texts(
        "解压后超过原大小的 {count} 倍",
        "展開すると元の大きさの {count} 倍を超えます",
        "unpacks to more than {count} times its size",
    ),
    Texts("嵌套超过 {count} 层", "入れ子が {count} 段を超えます", "more than {count} containers deep"),
    Texts("加密邮件", "暗号化されたメール", "an encrypted mail"),
    Texts("已被 {program} 加密", "{program} で暗号化されています", "encrypted by {program}"),
    Texts("文本中有加密消息", "文章の中に暗号化されたメッセージがあります", "an encrypted message in a text"),
    Texts("XML 超过 {count} 字节", "XML が {count} バイトを超えます", "XML of more than {count} bytes"),
    Texts("XML 有误：{fault}", "XML に誤りがあります：{fault}", "broken XML: {fault}"),
    Texts(
        "声明了此类文件不应有的文档类型",
        "この種のファイルにないはずの文書型宣言があります",
        "declares a document type, which such files do not have",
    ),
    Texts("缺少文件信息", "ファイル情報がありません", "no file information"),
    Texts("文档设有密码", "文書にパスワードが掛かっています", "a document with a password"),
    Texts("工作簿设有密码", "ブックにパスワードが掛かっています", "a workbook with a password"),
    Texts(
        "演示文稿设有密码", "プレゼンテーションにパスワードが掛かっています", "a presentation with a password"
    ),
    Texts("压缩包成员设有密码", "アーカイブの要素にパスワードが掛かっています", "a member with a password"),
    Texts("PDF 设有密码", "PDF にパスワードが掛かっています", "a PDF with a password"),
    Texts(
        "Office 文件设有密码", "Office ファイルにパスワードが掛かっています", "an office file with a password"
    ),
    Texts(
        "Office 文件受权限管理保护",
        "Office ファイルが権限管理で保護されています",
        "an office file under rights management",
    ),
    Texts(
        "记录长度超过文件本身", "ファイルより長いレコードがあります", "a record that is longer than the file"
    ),
    Texts(
        "文字片段长度超过文件本身",
        "ファイルより長い文字列の断片があります",
        "pieces that are longer than the file",
    ),
    Texts("文字片段表已损坏", "文字列の断片の表が壊れています", "the table of pieces is broken"),
    Texts("压缩方法 {count} 无法读取", "圧縮方式 {count} は読み取れません", "compressed by method {count}"),
    Texts(
        "共 {count} 页，其中 {broken} 页无法读取",
        "{count} ページ中 {broken} ページを読み取れません",
        "{broken} of {count} pages cannot be read",
    ),
    Texts("PDF 已损坏，无法修复", "PDF が壊れていて修復できません", "no PDF that PDFium can repair"),
    Texts("没有页面", "ページがありません", "no page"),
    Texts(
        "附件无法解压：{fault}",
        "添付ファイルを展開できません：{fault}",
        "an attachment that cannot be unpacked: {fault}",
    ),
    Texts(
        "{count} 页中既无文字也无图片",
        "{count} ページに文字も画像もありません",
        "neither text nor a picture on {count} pages",
    ),
    Texts("有未闭合的分组", "閉じていないグループがあります", "groups that are not closed"),
    Texts("压缩文本缺少头部", "圧縮された文章に先頭部分がありません", "compressed text without a head"),
    Texts("工作簿超出可用内存", "ブックがメモリに収まりません", "a workbook larger than memory"),
    Texts(
        "工作表超过 {count} 个单元格",
        "シートのセルが {count} 個を超えます",
        "a sheet of more than {count} cells",
    ),
    Texts(
        "由未知程序生成的复合文件",
        "未知のプログラムの複合ファイルです",
        "a compound file of an unknown program",
    ),
    Texts(
        "复合文件的表已损坏", "複合ファイルの表が壊れています", "the tables of the compound file are broken"
    ),
    Texts("数据流不完整：{fault}", "データが途中で切れています：{fault}", "a stream that is cut: {fault}"),
    Texts(
        "只读取了前 {count} 字节的文本",
        "文章は {count} バイトまで読み取りました",
        "the text goes on after {count} bytes",
    ),
    Texts(
        "SQLite 无法继续读取该数据库", "SQLite で読み進められません", "a database that SQLite cannot read on"
    ),
    Texts("{name} 以状态 {count} 结束", "{name} が状態 {count} で終了しました", "{name} ended with {count}"),
    Texts("{name} 无法启动：{fault}", "{name} を起動できません：{fault}", "{name} does not start: {fault}"),
    Texts("图片无法打开", "画像を開けません", "a picture that cannot be opened"),
    Texts("图片不完整", "画像が途中で切れています", "a picture that is cut off"),
    Texts("图片超过 {count} 像素", "画像が {count} 画素を超えます", "a picture of more than {count} pixels"),
    Texts(
        "文字识别超过 {count} 秒",
        "文字認識が {count} 秒を超えました",
        "recognising letters took more than {count} seconds",
    ),
    Texts("超过 {count} 秒", "{count} 秒を超えました", "more than {count} seconds"),
    Texts(
        "检出 {count} 项，只列出前 {told} 项",
        "検出結果 {count} 件のうち、先頭の {told} 件を示します",
        "{count} findings, the first {told} are told",
    ),
    Texts("读取程序没有应答", "読み取りプログラムが応答しません", "no answer"),
    Texts("读取出的内容过大", "読み取った内容が大きすぎます", "what was made of it is too large"),
    Texts(
        "读取程序被信号 {count} 终止",
        "読み取りプログラムがシグナル {count} で止まりました",
        "its reader ended by signal {count}",
    ),
    Texts("读取程序提前退出", "読み取りプログラムが途中で終了しました", "its reader ended early"),
    Texts("所需内存超过上限", "必要なメモリが上限を超えます", "more memory than it may have"),
    Texts("原因未知", "原因は不明です", "unknown"),
    Texts("字符数超过 {count}", "文字数が {count} を超えます", "more than {count} characters"),
    Texts("部分数量超过 {count}", "部分の数が {count} を超えます", "more than {count} parts"),
    Texts("图片数量超过 {count}", "画像の数が {count} を超えます", "more than {count} pictures"),
    Texts(
        "图片总计超过 {count} 字节",
        "画像の合計が {count} バイトを超えます",
        "more than {count} picture_bytes",
    ),
    Texts(
        "解压总计超过 {count} 字节",
        "展開の合計が {count} バイトを超えます",
        "more than {count} unpacked_bytes",
    ),
    Texts("成员数量超过 {count}", "要素の数が {count} を超えます", "more than {count} members"),
    Texts("页数超过 {count}", "ページ数が {count} を超えます", "more than {count} pages"),
    Texts(
        "需要识别文字的页数超过 {count}",
        "文字認識の対象が {count} ページを超えます",
        "more than {count} scan_pages",
    ),
    Texts("没有该文件或目录", "ファイルまたはフォルダーがありません", "No such file or directory"),
    Texts("没有权限", "権限がありません", "Permission denied"),
    Texts("没有权限", "権限がありません", "PermissionError"),
    Texts("文件已不存在", "ファイルがなくなりました", "FileNotFoundError"),
)


def detail_in(language: str, detail: str) -> str:
    """Return `detail`, as a reader noted it, in the language of a tag; as it is if it has no known form."""
    for pattern, texts in _patterns():
        if match := pattern.fullmatch(detail):
            return texts.in_language(language).format(**match.groupdict())
    return detail


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], Texts], ...]:
    """Return a pattern for each form; its fields hold what `_FIELDS` says."""
    made = []
    for texts in FORMS:
        pieces = re.split(r"\{(\w+)\}", texts.en)
        told = [
            re.escape(piece) if at % 2 == 0 else f"(?P<{piece}>{_FIELDS.get(piece, '.+')})"
            for at, piece in enumerate(pieces)
        ]
        made.append((re.compile("".join(told)), texts))
    return tuple(made)
