"""Encodings: marks, what only one allows, and short texts without either."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.inspection.extract.charsets import charset_of, is_utf8, text_of

SHORT = {
    "gb18030": [
        "机密",
        "客户名单",
        "姓名,电话\n张三,13800000000\n",
        "技术图纸",
        "本合同由甲乙双方签订",
        "报价单（第二版）",
    ],
    "big5": ["機密文件", "客戶名單", "姓名,電話\n張三,0912000000\n", "本合約由雙方簽訂", "報價單"],
    "cp932": [
        "社外秘",
        "顧客リスト",
        "氏名,電話\n山田太郎,09000000000\n",
        "見積書",
        "この資料は極秘です。",
        "ﾃｽﾄ株式会社",
    ],
    "euc_jp": [
        "顧客リスト",
        "氏名,電話\n山田太郎,09000000000\n",
        "この資料は極秘です。",
        "営業秘密の管理について",
    ],
    "iso2022_jp": ["社外秘", "顧客リスト", "この資料は極秘です。"],
    "utf-8": ["机密", "社外秘", "機密", "plain", "café"],
}
MARKED = ("utf-8-sig", "utf-16", "utf-32")
BARE_WIDE = ("utf-16-le", "utf-16-be")


@pytest.mark.parametrize(
    ("codec", "text"), [(codec, text) for codec, texts in SHORT.items() for text in texts]
)
def test_short_texts_without_a_mark(codec, text):
    assert text_of(text.encode(codec)) == text


@pytest.mark.parametrize("codec", MARKED)
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff\0"), min_size=1))
def test_a_mark_is_believed(codec, text):
    assert text_of(text.encode(codec)) == text


@pytest.mark.parametrize("codec", BARE_WIDE)
@pytest.mark.parametrize(
    "text", ["客户名单 list", "姓名,电话\n张三,13800000000\n", "見積書: total 100", "plain text"]
)
def test_utf16_without_a_mark(codec, text):
    assert text_of(text.encode(codec)) == text


@pytest.mark.parametrize("codec", BARE_WIDE)
@pytest.mark.parametrize(
    "text",
    [
        "中小企业\n",  # whose bytes are all of ASCII
        "客户名单与合同价格\n" * 3,
        "営業秘密の管理について\n",
        "這個報價單請勿外傳\n" * 9,
        "이것은 견적서입니다\n" * 5,
    ],
)
def test_utf16_of_few_zeros(codec, text):
    assert text_of(text.encode(codec)) == text


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "cp932", "big5"])
@pytest.mark.parametrize("strays", [1, 2, 3, 8])
def test_a_text_with_stray_zeros_is_not_taken_for_utf16(codec, strays):
    text = {"gb18030": "服务已启动，客户名单已导出\n", "cp932": "顧客リストを出力しました。\n"}.get(
        codec, "started 報價單\n"
    )
    content = (text * 20).encode(codec)
    broken = content + bytes(strays) + content
    assert text_of(broken) == text * 20 + "\0" * strays + text * 20


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_utf8_is_never_mistaken(text):
    content = text.encode()
    if b"\0" not in content and b"\x1b" not in content and b"~{" not in content and text[0] != "\ufeff":
        assert text_of(content) == text


@given(st.text(min_size=1), st.integers(0, 3))
def test_utf8_that_is_cut_within_a_character_is_sound(text, less):
    content = text.encode()
    assert is_utf8(content[: len(content) - less])
    assert not is_utf8(content + b"\xff")
    assert not is_utf8(b"\xe4" + b"a" + content)


def test_what_is_declared_is_believed_if_it_fits():
    assert charset_of("привет".encode("cp1251"), declared="windows-1251") == "windows-1251"
    assert text_of("机密".encode("gbk"), declared="utf-8") == "机密"
    assert text_of("机密".encode("gbk"), declared="no-such-thing") == "机密"
    assert text_of("〇①㈱".encode("cp932"), declared="Shift_JIS") == "〇①㈱"


@given(st.binary(max_size=400))
def test_any_bytes_have_some_text(content):
    assert isinstance(text_of(content), str)


def test_kana_speak_for_japanese_though_chinese_standards_have_them_too():
    for text in ("これはテストです", "ファイルの一覧を表示する", "の詳細は次のとおり"):
        assert charset_of(text.encode("euc_jp")) == "euc_jp"
    assert text_of("使用の字商标".encode("gb18030")) == "使用の字商标"


def test_bytes_that_an_encoding_does_not_have_rule_it_out():
    for odd in ("備考", "\U00020bb7"):  # in bytes that EUC-JP has not: a lead of GBK, four bytes of GB 18030
        content = f"マイナンバー,快递单号,フリガナ,手机号码,{odd}\r\nサクラ".encode("gb18030")
        assert charset_of(content) == "gb18030"
    assert charset_of("マイナンバー,電話,フリガナ,氏名\r\nサクラ".encode("euc_jp")) == "euc_jp"


def test_letters_of_makers_rule_nothing_out():
    text = "営業秘密の管理について".encode("euc_jp")
    assert charset_of(text + b"\xad\xa1" + text) == "euc_jp"  # row 13


def test_a_last_character_cut_off_rules_nothing_out():
    content = "本合同由甲乙双方签订".encode("gb18030")
    assert charset_of(content[:-1]) == "gb18030"


def test_damage_in_every_encoding_leaves_the_likeliest():
    content = "この資料は極秘です。".encode("cp932") + b"\x81\n" + "顧客リスト\n".encode("cp932")
    assert charset_of(content) == "cp932"
