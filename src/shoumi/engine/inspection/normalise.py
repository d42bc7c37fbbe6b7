"""Folds the ways one text is written into one, and leads every place back to where it stood.

Sources: Unicode 15, UAX #15 (compatibility mappings of single letters) and UAX #44 (general categories);
常用漢字表 (2010) for old and new kanji.  Full-width letters and digits, spaces and hyphens of all kinds,
half-width kana, Kangxi radicals and compatibility ideographs become their plain twin; what has no
width vanishes.  Case is left alone, as are circled digits (they number, and would run into the
number behind them) and the full-width comma (it parts sentences, the plain one parts cells).

Texts are arrays of 16-bit codes: one code for each character, so that places are those of `str`.  A character
beyond the basic plane is told apart from others by a code of the private area only.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint16]
Numbers = NDArray[np.uint32]  # of characters, of whichever plane
Places = NDArray[np.int64]

GONE: Final = 0xFFFF  # a noncharacter: stands in the table for what has no width
PLANE: Final = 0x10000
_MANY: Final = 32  # with more than one of so many places true, a mask is looked through place by place
_PRIVATE, _PRIVATE_SIZE = 0xE000, 0x1900
VOICED, SEMI_VOICED = 0xFF9E, 0xFF9F  # half-width sound marks: they follow their kana as a character
_SOUND_MARK: Final = re.compile(f"[{chr(VOICED)}{chr(SEMI_VOICED)}]")
_NOWHERE: Final = np.zeros(0, np.int64)
_HYPHENS: Final = "‐‑‒–—―−﹘﹣－─━⸺⸻"
_WIDTHLESS: Final = (
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff"
)
_KEPT: Final = "，。、゛゜"  # their mappings would change what they do in a text

# old form, new form: kanji that Japan simplified, and name variants that registers keep
_OLD_AND_NEW: Final = """
亞亜 惡悪 壓圧 圍囲 爲為 醫医 壹壱 稻稲 飮飲 隱隠 營営 榮栄 衞衛 驛駅 悅悦 閱閲 圓円 緣縁 艷艶 鹽塩 奧奥
應応 橫横 歐欧 毆殴 黃黄 溫温 穩穏 假仮 價価 畫画 會会 壞壊 懷懐 繪絵 擴拡 殼殻 覺覚 學学 嶽岳 樂楽 勸勧
卷巻 寬寛 歡歓 罐缶 觀観 關関 陷陥 巖巌 顏顔 歸帰 氣気 龜亀 僞偽 戲戯 犧犠 舊旧 據拠 擧挙 虛虚 峽峡 挾挟
狹狭 鄕郷 堯尭 曉暁 區区 驅駆 勳勲 薰薫 徑径 惠恵 溪渓 經経 繼継 莖茎 螢蛍 輕軽 鷄鶏 藝芸 缺欠 儉倹 劍剣
圈圏 檢検 權権 獻献 縣県 險険 顯顕 驗験 嚴厳 效効 廣広 恆恒 鑛鉱 號号 國国 黑黒 濟済 碎砕 齋斉 劑剤 櫻桜
册冊 雜雑 參参 慘惨 棧桟 蠶蚕 贊賛 殘残 絲糸 齒歯 兒児 辭辞 濕湿 實実 舍舎 寫写 釋釈 壽寿 收収 從従 澁渋
獸獣 縱縦 肅粛 處処 緖緒 敍叙 奬奨 將将 燒焼 稱称 證証 乘乗 剩剰 壤壌 孃嬢 條条 淨浄 疊畳 穰穣 讓譲 釀醸
觸触 囑嘱 寢寝 愼慎 晉晋 眞真 盡尽 圖図 粹粋 醉酔 隨随 髓髄 數数 樞枢 瀨瀬 淸清 靑青 靜静 齊斉 攝摂 竊窃
專専 戰戦 淺浅 潛潜 纖繊 踐践 錢銭 禪禅 雙双 壯壮 搜捜 插挿 爭争 總総 聰聡 莊荘 裝装 騷騒 臟臓 藏蔵 屬属
續続 墮堕 體体 對対 帶帯 滯滞 臺台 瀧滝 擇択 澤沢 單単 擔担 膽胆 團団 彈弾 斷断 癡痴 遲遅 晝昼 蟲虫 鑄鋳
廳庁 聽聴 敕勅 鎭鎮 遞逓 鐵鉄 轉転 點点 傳伝 黨党 盜盗 燈灯 當当 鬭闘 德徳 獨独 讀読 屆届 繩縄 貳弐 腦脳
霸覇 廢廃 拜拝 賣売 麥麦 發発 髮髪 拔抜 蠻蛮 祕秘 彥彦 濱浜 甁瓶 拂払 佛仏 變変 邊辺 邉辺 辨弁 辯弁 瓣弁
舖舗 襃褒 寶宝 沒没 飜翻 槇槙 每毎 萬万 滿満 默黙 彌弥 譯訳 藥薬 與与 豫予 餘余 譽誉 搖揺 樣様 謠謡 遙遥
來来 賴頼 亂乱 覽覧 畧略 龍竜 兩両 獵猟 綠緑 鄰隣 壘塁 淚涙 勵励 禮礼 隸隷 靈霊 齡齢 戀恋 爐炉 勞労 樓楼
郞郎 錄録 灣湾 髙高 﨑崎 嵜崎 濵浜 槗橋 舘館 冨富 峯峰 嶋島 嶌島 斎斉 凜凛 穗穂 桒桑 栁柳 靏鶴 𠮷吉
囘回 槪概 渴渇 旣既 敎教 揭掲 擊撃 聲声 窗窓 增増 鬪闘 惱悩 竝並 步歩 豐豊 曆暦 歷歴 鍊錬 祿禄 亙亘 碕崎
埜野 渕淵 籐藤 劔剣 劒剣 舩船 邨村 凉涼 况況 决決 冲沖 减減 凑湊 羣群 逺遠 煕熙
"""


@dataclass(frozen=True, slots=True)
class Trace:
    """How the places of codes follow from those of the original's characters."""

    gone: Places  # where in the original a character vanished, ascending
    count: int  # of codes
    length: int  # of the original, in characters

    def places(self, at: Places) -> Places:
        """Return where the codes `at` stood; the end of the original for the end."""
        if not len(self.gone):
            return at
        shifted = self.gone - np.arange(len(self.gone))
        return np.where(at < self.count, at + np.searchsorted(shifted, at, side="right"), self.length)

    def behind(self, at: Places) -> Places:
        """Return for places of the original the first code that stands there or behind."""
        return at - np.searchsorted(self.gone, at)


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in one way of writing."""

    codes: Codes
    trace: Trace

    @property
    def text(self) -> str:
        """The folded text; the private area stands for characters beyond the basic plane."""
        return self.codes.tobytes().decode("utf-16-le", "replace")


def fold(text: str, *, kanji: bool = False) -> Folded:
    """Return `text` in one way of writing; with `kanji`, old and variant forms also become the new ones.

    Work: two look-ups a character.
    """
    codes, doubled = codes_of(text)
    if text.isascii():
        return Folded(codes, Trace(_NOWHERE, len(codes), len(text)))
    table = _kanji_table() if kanji else fold_table()
    folded = table.take(codes)
    if doubled:
        _fold_beyond(doubled, folded, kanji=kanji)
    if not (folded >= VOICED).any():
        return Folded(folded, Trace(_NOWHERE, len(folded), len(text)))
    sounds = (folded == VOICED) | (folded == SEMI_VOICED)
    if sounds.any():
        folded = _sounded(folded, sounds)
    gone = folded == GONE
    places = gone.nonzero()[0]
    return Folded(
        folded[~gone] if len(places) else folded, Trace(places, len(folded) - len(places), len(text))
    )


def folded(text: str) -> str:
    """Return the text of `fold`, which for a short one is faster so: two look-ups a character, no arrays."""
    if text.isascii():
        return text
    plain = text.translate(_twins())
    return fold(text).text if _SOUND_MARK.search(plain) else plain


class _Twins(dict[int, str | None]):
    """For the number of each character its plain twin, None for what has no width; filled as it is asked."""

    def __missing__(self, letter: int) -> str | None:
        code = int(fold_table()[letter]) if letter < PLANE else code_beyond(letter)
        twin = None if code == GONE else chr(code)
        if len(self) < PLANE:
            self[letter] = twin
        return twin


@cache
def _twins() -> _Twins:
    return _Twins()


def codes_of(text: str) -> tuple[Codes, dict[int, list[int]]]:
    """Return one 16-bit code for each character, and where each character beyond the basic plane stands."""
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), np.uint8).astype(np.uint16), {}
    numbers = numbers_of(text)
    places = true_places(numbers >= PLANE)
    codes, wide = numbers.astype(np.uint16), numbers[places].astype(np.int64)
    codes[places] = _PRIVATE + wide % _PRIVATE_SIZE
    beyond: dict[int, list[int]] = {}
    for code, place in zip(wide.tolist(), places.tolist(), strict=True):
        beyond.setdefault(code, []).append(place)
    return codes, beyond


def numbers_of(text: str) -> Numbers:
    """Return the number of each character, to write over."""
    return np.array([text]).view(np.uint32)[: len(text)]  # copied as a whole, where encoding asks each


def true_places(mask: NDArray[np.bool_]) -> Places:
    """Return where a contiguous `mask` is true: `flatnonzero`, twice as fast where few of its places are.

    Eight places are looked at as one number; only those that are not zero are looked into.
    """
    whole = len(mask) & ~7
    eights = mask[:whole].view(np.uint64)
    some = (eights != 0).nonzero()[0]
    if len(some) * _MANY > len(mask):
        return mask.nonzero()[0]
    inner = eights.take(some).view(np.bool_).nonzero()[0]
    places = (some << 3).take(inner >> 3) + (inner & 7)
    rest = mask[whole:].nonzero()[0]
    return np.concatenate([places, rest + whole]) if len(rest) else places


def edges_of(values: Places) -> list[int]:
    """Return where stretches of equal `values` begin, and their number; nothing for none."""
    if not len(values):
        return []
    return [0, *((values[1:] != values[:-1]).nonzero()[0] + 1).tolist(), len(values)]


@cache
def fold_table() -> Codes:
    """Return for each code its plain twin; `GONE` for what has no width."""
    table = np.arange(PLANE, dtype=np.uint16)
    for code in (*range(0x80, 0x3400), *range(0xF900, 0xFFF0)):  # between them nothing has a twin
        letter = chr(code)
        twin = _twin(letter)
        if twin != letter:
            table[code] = ord(twin)
    table[[ord(letter) for letter in _HYPHENS]] = ord("-")
    table[[ord(letter) for letter in _WIDTHLESS]] = GONE
    table[0xFE00:0xFE10] = GONE  # variation selectors
    table[0xD800:0xE000] = 0xFFFD  # halves of a pair that stand alone
    table[[ord(letter) for letter in _KEPT]] = [ord(letter) for letter in _KEPT]
    table[[VOICED, SEMI_VOICED]] = VOICED, SEMI_VOICED
    table.setflags(write=False)
    return table


@cache
def _kanji_table() -> Codes:
    table = fold_table().copy()
    for old, new in kanji_pairs().items():
        if ord(old) < PLANE:
            table[ord(old)] = ord(new)
    for code in (fold_table() != np.arange(PLANE)).nonzero()[0]:  # a mapped letter may itself be an old form
        table[code] = table[fold_table()[code]] if fold_table()[code] != GONE else GONE
    table.setflags(write=False)
    return table


@cache
def kanji_pairs() -> dict[str, str]:
    """Return the new form of each old or variant form."""
    pairs = {pair[0]: pair[1] for pair in _OLD_AND_NEW.split() if pair[0] != pair[1]}
    return {old: pairs.get(new, new) for old, new in pairs.items()}


def _twin(letter: str) -> str:
    """Return the plain twin of one character, itself if there is none of the same length."""
    category = unicodedata.category(letter)
    if category == "Zs":
        return " "
    if category in {"No", "Cs", "Co"}:
        return letter
    twin = unicodedata.normalize("NFKC", letter)
    return twin if len(twin) == 1 and ord(twin) < PLANE else letter


@lru_cache(maxsize=4096)
def code_beyond(letter: int) -> int:
    """Return the code for a character beyond the basic plane: of its plain twin, or a private one."""
    if 0xE0100 <= letter <= 0xE01EF or 0xE0000 <= letter <= 0xE007F:  # noqa: PLR2004 - selectors and tags
        return GONE
    twin = _twin(chr(letter))
    return ord(twin) if ord(twin) < PLANE else _PRIVATE + letter % _PRIVATE_SIZE


def voiced(kana: int, sound: int) -> int:
    """Return the kana that one with a half-width sound mark behind it is; 0 if there is none."""
    mark = "\u3099" if sound == VOICED else "\u309a"
    joined = unicodedata.normalize("NFC", chr(kana) + mark)
    return ord(joined) if len(joined) == 1 else 0


def _fold_beyond(beyond: dict[int, list[int]], folded: Codes, *, kanji: bool) -> None:
    """Fold what lies beyond the basic plane, in place: mathematical letters, selectors, variants."""
    pairs = kanji_pairs() if kanji else {}
    for code, places in beyond.items():
        plain = pairs.get(chr(code))
        folded[places] = ord(plain) if plain else code_beyond(code)


def _sounded(folded: Codes, sounds: NDArray[np.bool_]) -> Codes:
    """Join the half-width sound marks with the kana before them."""
    folded = folded.copy()
    for at in sounds.nonzero()[0].tolist():
        joined = voiced(int(folded[at - 1]), int(folded[at])) if at else 0
        if joined:
            folded[at - 1], folded[at] = joined, GONE
    return folded


def codes_in(letters: str) -> NDArray[np.bool_]:
    """Return a look-up table over all codes of those in `letters`, a class of a regular expression."""
    table = np.zeros(PLANE, np.bool_)
    table[[found.start() for found in re.finditer(letters, "".join(map(chr, range(PLANE))))]] = True
    return table


def table_of(flags: dict[str, int], *, beyond: int = 0) -> NDArray[Any]:
    """Return a look-up table of 8-bit flags over all codes, from the characters that bear each."""
    table = np.full(PLANE, beyond, np.uint8)
    for letters, flag in flags.items():
        for letter in letters:
            table[ord(letter)] |= flag
    return table
