"""Which encoding bytes are in: by mark, by what only one encoding allows, else by how common the letters are.

Sources: GB 18030, Big5, JIS X 0208 with its three encodings, Unicode 15 chapter 3.10; the common characters
are the most frequent of present-day Chinese and Japanese prose.  Works on short texts, where a detector
that waits for statistics of pairs does not.  Korean and Cyrillic are not told apart from damage.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_JIS: Final = re.compile(rb"\x1b(?:\$[@B]|\([BJI])")
_HZ: Final = re.compile(rb"~\{(?:[\x21-\x77][\x21-\x7e])+~\}")
_HANS: Final = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里"
    "用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实"
    "日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政"
    "美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员"
    "解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件"
    "计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象"
    "完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运"
    "号码密户合同客价供应商技术图纸配方银行证联系邮箱电话姓址"
)
_HANT: Final = (
    "這個們來為國說時會對過發後裡種經學現當沒動還進樣開從實軍無與長機關點業將兩間問應戰頭體見產話給門東聲"
    "員論處義幾認條係氣題爾變總電數報結務場計資許統區隊決馬書聽達強難權設記類據邊張該規萬傳師觀讓識帶導爭"
    "運號碼戶價應商技術圖紙銀證聯郵話姓客請貴單帳檔案臺灣訊網頁購買訂"
)
_JA: Final = (
    "日一国人年大十二本中長出三時行見月後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名"
    "川千水半男西電校語土木聞食車何南万毎白天母火右読友左休父雨会同事自社発者地業方新場員立開手力問代明動"
    "京目通言理体田主題意不作用度強公持野以思家世多正安院心界教文元重近考画海売知道集別物使品計死特私始朝"
    "運終台広住無真有口少町料工建空急止送切転研足究楽起着店病質待試族銀早映親験英医仕去味写字答夜音注帰"
    "株式会社営秘密客顧番号契約様御部課担当連絡電話住所氏名価格図面設計技術製造"
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An encoding that short texts may be in: its commonest letters, and where its first level lies."""

    common: str
    kana: int  # what kana say for it: GB 2312 and Big5 have them too, the former at the places of JIS X 0208
    leads: range
    trails: tuple[int, ...]


_HIGH: Final = tuple(range(0xA1, 0xFF))
_CANDIDATES: Final = {
    "gb18030": _Candidate(_HANS, -4, range(0xB0, 0xD8), _HIGH),
    "cp932": _Candidate(_JA, 17, range(0x88, 0x98), (*range(0x40, 0x7F), *range(0x80, 0xFD))),
    "euc_jp": _Candidate(_JA, 17, range(0xB0, 0xD0), _HIGH),
    "big5hkscs": _Candidate(_HANS + _HANT, -4, range(0xA4, 0xC7), (*range(0x40, 0x7F), *_HIGH)),
}
_WHOLE: Final = {  # characters as each encoding builds them, be they assigned or not
    "gb18030": re.compile(rb"(?:[\0-\x80\xff]|[\x81-\xfe](?:[\x40-\x7e\x80-\xfe]|[0-9][\x81-\xfe][0-9]))*+"),
    "cp932": re.compile(rb"(?:[\0-\x80\xa0-\xdf\xfd-\xff]|[\x81-\x9f\xe0-\xfc][\x40-\x7e\x80-\xfc])*+"),
    "euc_jp": re.compile(rb"(?:[\0-\x7f]|\x8e[\xa1-\xdf]|\x8f?[\xa1-\xfe]{2})*+"),
    "big5hkscs": re.compile(rb"(?:[\0-\x80]|[\x81-\xfe][\x40-\x7e\xa1-\xfe])*+"),
}
_LONGEST: Final = 4  # bytes of a character
_SAMPLE: Final = 1 << 16
_SCORED: Final = 1 << 11  # bytes; longer samples are guessed no better
_FEW: Final = 8  # bytes for each zero: with fewer zeros they may be strays
_BEYOND: Final = re.compile(rb"[\x80-\xff]")


def charset_of(content: bytes, *, declared: str = "") -> str:  # noqa: PLR0911 - one a kind of evidence
    """Return a codec for `content`; `declared` is believed if it fits."""
    for mark, codec in _MARKS:
        if content.startswith(mark):
            return codec
    if b"\x1b" in content and _JIS.search(content):
        return "iso2022_jp_ext" if b"\x1b(I" in content else "iso2022_jp_2"
    if b"\0" in content[:_SAMPLE]:
        wide = _wide(content[:_SAMPLE])
        if wide:
            return wide
    beyond = _BEYOND.search(content)
    if not beyond:
        return "hz" if b"~{" in content and _HZ.search(content) else "utf-8"
    sample = content[beyond.start() : beyond.start() + _SAMPLE]  # a long head in ASCII tells nothing
    if declared:
        known = _known(declared)
        if known and _fits(sample, known):
            return known
    if _fits(sample, "utf-8"):
        return "utf-8"
    return _likeliest(sample)


def text_of(content: bytes, *, declared: str = "") -> str:
    """Return `content` as text; what does not fit becomes the replacement character."""
    codec = charset_of(content, declared=declared)
    return content.decode(codec, "replace").removeprefix("\ufeff")


def is_utf8(sample: bytes) -> bool:
    """Tell whether `sample`, which may end within a character, is sound UTF-8."""
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and error.end == len(sample)
    return True


def _known(name: str) -> str:
    """Return the codec that people mean when they declare `name`."""
    lowered = name.strip().strip("\"'").lower().replace("_", "-")
    meant = {
        "gb2312": "gb18030",
        "gbk": "gb18030",
        "cp936": "gb18030",
        "x-gbk": "gb18030",
        "shift-jis": "cp932",
        "sjis": "cp932",
        "x-sjis": "cp932",
        "windows-31j": "cp932",
        "big5": "big5hkscs",
        "iso-2022-jp": "iso2022_jp_2",
        "us-ascii": "",
        "ascii": "",
        "unicode": "",
        "unknown-8bit": "",
    }.get(lowered, lowered)
    try:
        "".encode(meant or "?")
        b"".decode(meant)
    except (LookupError, UnicodeError, ValueError, TypeError):
        return ""
    return meant


def _fits(sample: bytes, codec: str) -> bool:
    """Tell whether `sample`, which may end within a character, is sound in `codec`."""
    try:
        sample.decode(codec)
    except UnicodeDecodeError as error:
        return error.start >= len(sample) - 4 and len(sample) == _SAMPLE
    except (LookupError, ValueError):
        return False
    return True


def _wide(sample: bytes) -> str:
    """Return UTF-16 or UTF-32 in the byte order that the zeros, line feeds and spaces betray."""
    if len(sample) % 4 == 0 and sample.count(b"\0\0") >= len(sample) // 4:
        for codec in ("utf-32-le", "utf-32-be"):
            if _fits(sample, codec):
                return codec
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if even == odd:
        return ""
    codec = "utf-16-le" if odd > even else "utf-16-be"
    whole = sample[: len(sample) // 2 * 2]
    return codec if _fits(whole, codec) and not _strays(whole, even + odd, codec) else ""


def _strays(sample: bytes, zeros: int, codec: str) -> bool:
    """Tell whether the few zeros in `sample` do not belong there, as in a log that was cut while written."""
    if zeros * _FEW > len(sample):
        return False
    bare, wide = sample.replace(b"\0", b""), sample[:_SCORED].decode(codec, "replace")
    prose = max(_score(wide, each) for each in _CANDIDATES)
    if is_utf8(bare):
        return prose <= 0
    other = _likeliest(bare)
    return other in _CANDIDATES and _score(_dense(bare).decode(other, "replace"), other) > prose


def _likeliest(sample: bytes) -> str:
    """Return the encoding in which `sample` has the commonest letters, of those that it can be in."""
    dense = _dense(sample)
    best, most = "cp1252", 0
    for codec in [codec for codec in _CANDIDATES if _sound(sample, codec)] or _CANDIDATES:
        score = _score(dense.decode(codec, "replace"), codec)
        if score > most:
            best, most = codec, score
    return best


def _sound(sample: bytes, codec: str) -> bool:
    """Tell whether `sample` is built of whole characters of `codec`, but for a last one cut off.

    What is well built but not assigned does not speak against an encoding: makers have filled the gaps of
    the standards with letters of their own, and these only count less.
    """
    try:
        sample.decode(codec)
    except UnicodeDecodeError as error:
        built = _WHOLE[codec].match(sample, error.start)
        return built is not None and len(sample) - built.end() < _LONGEST
    return True


def _dense(sample: bytes) -> bytes:
    """Return the lines of `sample` that hold other than ASCII, at most so many bytes."""
    kept: list[bytes] = []
    size = 0
    for line in sample.splitlines(keepends=True):
        if not line.isascii():
            kept.append(line)
            size += len(line)
            if size >= _SCORED:
                break
    return b"".join(kept)[:_SCORED]


def _score(text: str, codec: str) -> int:
    """Return how much like prose a `text` reads that was read in `codec`."""
    units = np.frombuffer(text.encode("utf-16-le"), "<u2")
    return int(_weights(codec).take(units).sum(dtype=np.int64))


@cache
def _weights(codec: str) -> npt.NDArray[np.int8]:
    """Return what each unit of UTF-16 says for `codec`; work: some hundredths of a second, once."""
    candidate = _CANDIDATES[codec]
    weights = np.full(1 << 16, -8, np.int8)
    weights[:0x80] = 0
    weights[0x80:0xA0] = weights[0xE000:0xF900] = -30
    weights[0xD800:0xE000] = -15  # two of them are one letter
    weights[0xFF61:0xFFA0] = -2  # half-width kana come in pairs where they are wrong
    weights[[ord(letter) for letter in _everyday(codec)]] = 6
    weights[0xFFFD] = -60
    weights[0x3001:0x3012] = weights[0xFF01:0xFF5F] = 15  # punctuation, wide ASCII
    weights[0x3041:0x30FF] = candidate.kana
    weights[[ord(letter) for letter in candidate.common]] = 20
    return weights


def _everyday(codec: str) -> set[str]:
    """Return the characters of the first level of a standard, which holds the everyday ones."""
    candidate = _CANDIDATES[codec]
    codes = (bytes((lead, trail)) for lead in candidate.leads for trail in candidate.trails)
    letters = ((code, code.decode(codec, "ignore")) for code in codes)
    return {
        letter
        for code, letter in letters
        if len(letter) == 1 and "\u4e00" <= letter <= "\u9fff" and letter.encode(codec) == code
    }
