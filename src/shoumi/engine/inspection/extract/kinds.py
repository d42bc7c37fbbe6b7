"""What a file is, told by its content; its name decides only where the content cannot.

Sources: the signatures that the formats' own specifications give; puremagic for the names of what has no
reader here.  Does not look further into containers than their list of members.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Final

import olefile
import puremagic

from shoumi.engine.inspection.extract.charsets import is_utf8
from shoumi.engine.inspection.extract.ciphers import encrypted_by

ZIP: Final = "application/zip"
TEXT: Final = "text/plain"
HTML: Final = "text/html"
XML: Final = "application/xml"
RTF: Final = "application/rtf"
PDF: Final = "application/pdf"
MAIL: Final = "message/rfc822"
OUTLOOK: Final = "application/vnd.ms-outlook"
OLE: Final = "application/x-ole-storage"
DOC: Final = "application/msword"
XLS: Final = "application/vnd.ms-excel"
PPT: Final = "application/vnd.ms-powerpoint"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSB: Final = "application/vnd.ms-excel.sheet.binary.macroenabled.12"
PPTX: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODF: Final = "application/vnd.oasis.opendocument"
SQLITE: Final = "application/vnd.sqlite3"
EMPTY: Final = "application/x-empty"
UNKNOWN: Final = "application/octet-stream"
ENCRYPTED: Final = "application/x-encrypted"
GZIP: Final = "application/gzip"
BZIP2: Final = "application/x-bzip2"
XZ: Final = "application/x-xz"
ZSTD: Final = "application/zstd"
TAR: Final = "application/x-tar"
SEVEN: Final = "application/x-7z-compressed"
RAR: Final = "application/vnd.rar"
LHA: Final = "application/x-lzh-compressed"
CAB: Final = "application/vnd.ms-cab-compressed"
ARCHIVE: Final = "application/x-archive"  # others that libarchive reads: cpio, ar, iso

_SIGNATURES: Final[tuple[tuple[bytes, str], ...]] = (
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"PK\x07\x08", ZIP),
    (olefile.MAGIC, OLE),
    (b"{\\rtf", RTF),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"SQLite format 3\0", SQLITE),
    (b"\x1f\x8b", GZIP),
    (b"BZh", BZIP2),
    (b"\xfd7zXZ\0", XZ),
    (b"\x28\xb5\x2f\xfd", ZSTD),
    (b"7z\xbc\xaf\x27\x1c", SEVEN),
    (b"Rar!\x1a\x07", RAR),
    (b"MSCF\0\0\0\0", CAB),
    (b"!<arch>\n", ARCHIVE),
    (b"070701", ARCHIVE),
    (b"070702", ARCHIVE),
    (b"070707", ARCHIVE),
    (b"\xd7\xcd\xc6\x9a", "image/wmf"),
)
_MAIL_HEADS: Final = re.compile(
    rb"\A(?:From [^\r\n]+\r?\n)?(?:[!-9;-~]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*)+", re.DOTALL
)
_MAIL_NAMES: Final = re.compile(
    rb"^(?:from|to|cc|subject|date|message-id|received|return-path|mime-version|content-type|delivered-to)"
    rb"[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_HTML_START: Final = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_LHA: Final = re.compile(rb"-l[hz][0-9ds]-")
_OLE_STREAMS: Final = (
    ("worddocument", DOC),
    ("workbook", XLS),
    ("book", XLS),
    ("powerpoint document", PPT),
    ("__properties_version1.0", OUTLOOK),
)
_MAINS: Final = (("word/", DOCX), ("xl/", XLSX), ("ppt/", PPTX))
_TAR_MARK, _TAR_SUM, _TAR_HEAD = slice(257, 262), slice(148, 156), 512
_HEAD: Final = 1 << 14


def kind_of(content: bytes, name: str = "") -> str:  # noqa: PLR0911 - one a kind of sign
    """Return the media type of `content`."""
    if not content:
        return EMPTY
    head = content[:_HEAD]
    found = next((kind for mark, kind in _SIGNATURES if head.startswith(mark)), "")
    if found == ZIP:
        return _kind_of_zip(content)
    if found == OLE:
        return _kind_of_ole(content)
    if found:
        return found if found != "image/bmp" or content[6:10] == bytes(4) else _other(content, name)
    if _is_tar(head):
        return TAR
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if b"%PDF-" in head[:1024]:
        return PDF
    if _LHA.match(head[2:7]):
        return LHA
    if content[0x8001:0x8006] == b"CD001":
        return ARCHIVE
    return ENCRYPTED if encrypted_by(content) else _other(content, name)


def _is_tar(head: bytes) -> bool:
    """Tell whether a member's head begins here, of the older archives without a mark too: by its sum."""
    if head[_TAR_MARK] == b"ustar":
        return True
    said = head[_TAR_SUM].strip(b" \0")
    if len(head) < _TAR_HEAD or not said.isdigit() or set(said) & set(b"89"):
        return False
    return sum(head[:_TAR_HEAD]) - sum(head[_TAR_SUM]) + 8 * ord(" ") == int(said, 8)


def _other(content: bytes, name: str) -> str:
    """Return the type of what has no signature: text of some sort, or something without a reader."""
    head = content[:_HEAD]
    if _binary(head):
        return _by_puremagic(content, name)
    if _HTML_START.match(head):
        return HTML
    lowered = name.lower()
    if lowered.endswith((".htm", ".html", ".xhtml", ".mht", ".mhtml")) and b"<" in head:
        return MAIL if lowered.endswith((".mht", ".mhtml")) else HTML
    heads = _MAIL_HEADS.match(head)
    if heads and len(_MAIL_NAMES.findall(heads[0])) >= (1 if lowered.endswith(".eml") else 3):
        return MAIL
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml"):
        return XML
    return TEXT


def _binary(head: bytes) -> bool:
    """Tell whether this is no text in any encoding: control characters, and not UTF-16 or UTF-32."""
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return False
    controls = len(head.translate(None, _TEXTUAL))
    if controls == 0:
        return False
    zeros = head.count(0)
    if zeros > len(head) // 20:  # UTF-16 without a mark has its zeros on one side only
        even, odd = head[0::2].count(0), head[1::2].count(0)
        return min(even, odd) > max(even, odd) // 8 or controls - zeros > len(head) // 50
    if controls > max(1, len(head) // 200):
        return True
    return zeros > 0 and not is_utf8(head.replace(b"\0", b""))


_NOISE: Final = 50  # with more than one control character in so many letters
_TEXTUAL: Final = bytes([*range(7, 14), 0x1A, 0x1B, *range(32, 256)])


def _by_puremagic(content: bytes, name: str) -> str:
    """Return what signatures say that are not ours; never that noise is text, as its name may say."""
    head = content[:_HEAD]
    try:
        found = puremagic.from_string(head, mime=True, filename=name or None) or UNKNOWN
    except (puremagic.PureError, ValueError, OSError):
        return UNKNOWN
    noise = len(head.translate(None, _TEXTUAL + b"\0")) > len(head) // _NOISE
    return UNKNOWN if noise and found in {TEXT, HTML, XML, MAIL} else found


def _kind_of_zip(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
            if names and "mimetype" in names[:3]:
                with package.open("mimetype") as stream:
                    said = stream.read(100).decode("ascii", "replace").strip()
                if said.startswith(ODF):
                    return said
    except Exception:  # noqa: BLE001 - damage of any sort leaves it a damaged archive
        return ZIP
    present = set(names)
    if "[Content_Types].xml" in present:
        if "xl/workbook.bin" in present:
            return XLSB
        for folder, kind in _MAINS:
            if any(each.startswith(folder) for each in present):
                return kind
    if "content.xml" in present and "META-INF/manifest.xml" in present:
        return f"{ODF}.text"
    return ZIP


def _kind_of_ole(content: bytes) -> str:
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as storage:
            streams = {"/".join(path).lower() for path in storage.listdir()}
    except Exception:  # noqa: BLE001 - damage of any sort leaves it a damaged storage
        return OLE
    return next((kind for stream, kind in _OLE_STREAMS if stream in streams), OLE)
