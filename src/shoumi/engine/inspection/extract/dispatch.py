"""Which reader reads which type, and what becomes of a reader's failure.

No reader's failure goes further than the member it read: it is noted as a closed door, and what the reader
had given before stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from shoumi.engine.inspection.extract import kinds
from shoumi.engine.inspection.extract.archives import (
    read_archive,
    read_bzip2,
    read_gzip,
    read_xz,
    read_zip,
    read_zstd,
)
from shoumi.engine.inspection.extract.ciphers import encrypted_by
from shoumi.engine.inspection.extract.gathering import Harvest, Reader
from shoumi.engine.inspection.extract.limits import ClosedError, SpentError
from shoumi.engine.inspection.extract.mail import read_eml
from shoumi.engine.inspection.extract.naming import misnamed
from shoumi.engine.inspection.extract.olddoc import read_doc
from shoumi.engine.inspection.extract.oldsheets import read_xls
from shoumi.engine.inspection.extract.oldslides import read_ppt
from shoumi.engine.inspection.extract.opendocument import read_odf
from shoumi.engine.inspection.extract.outlook import read_msg
from shoumi.engine.inspection.extract.papers import read_pdf
from shoumi.engine.inspection.extract.pictures import check_picture
from shoumi.engine.inspection.extract.richtext import read_rtf
from shoumi.engine.inspection.extract.sheets import read_xlsx
from shoumi.engine.inspection.extract.slides import read_pptx
from shoumi.engine.inspection.extract.storage import read_ole
from shoumi.engine.inspection.extract.texts import read_html, read_text
from shoumi.engine.inspection.extract.word import read_docx
from shoumi.engine.inspection.values import Misnamed, Reason

READERS: Final[Mapping[str, Reader]] = MappingProxyType(
    {
        kinds.TEXT: read_text,
        kinds.XML: read_text,
        kinds.HTML: read_html,
        kinds.DOCX: read_docx,
        kinds.XLSX: read_xlsx,
        kinds.XLSB: read_xlsx,
        kinds.PPTX: read_pptx,
        kinds.DOC: read_doc,
        kinds.XLS: read_xls,
        kinds.PPT: read_ppt,
        kinds.OLE: read_ole,
        kinds.OUTLOOK: read_msg,
        kinds.MAIL: read_eml,
        kinds.RTF: read_rtf,
        kinds.PDF: read_pdf,
        kinds.ZIP: read_zip,
        kinds.GZIP: read_gzip,
        kinds.BZIP2: read_bzip2,
        kinds.XZ: read_xz,
        kinds.ZSTD: read_zstd,
        **dict.fromkeys(
            (kinds.TAR, kinds.SEVEN, kinds.RAR, kinds.LHA, kinds.CAB, kinds.ARCHIVE), read_archive
        ),
    }
)


_MAY_BE_BLANK: Final = frozenset({kinds.EMPTY, kinds.TEXT, kinds.HTML, kinds.XML})


def read_member(content: bytes, harvest: Harvest, name: str) -> None:
    """Read `content` by its type.

    Raises:
        SpentError: the whole file has had its share.
    """
    read_as(kinds.kind_of(content, name), content, harvest)


def read_as(kind: str, content: bytes, harvest: Harvest) -> None:
    """Read `content`, which is of the type `kind`; see `read_member`."""
    before, closed = harvest.told, len(harvest.unreadable)
    try:
        _read(kind, content, harvest)
        if harvest.told == before and kind not in _MAY_BE_BLANK:
            harvest.closed(Reason.UNKNOWN, "nothing in it can be read")
        if misnamed(harvest.name, kind) and len(harvest.unreadable) == closed:  # else the closed door says it
            harvest.misnamed.append(Misnamed(kind, harvest.member))
    except SpentError:
        raise
    except ClosedError as error:
        harvest.closed(error.reason, error.detail)
    except MemoryError:
        harvest.closed(Reason.MEMORY)
    except Exception as error:  # noqa: BLE001 - a reader that breaks says that the file is not what it seems
        harvest.closed(Reason.DAMAGED, type(error).__name__)
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, SystemExit, GeneratorExit)):
            raise
        harvest.closed(Reason.DAMAGED, type(error).__name__)  # a panic of a library in Rust


def _read(kind: str, content: bytes, harvest: Harvest) -> None:
    if kind == kinds.EMPTY:
        return
    if kind == kinds.ENCRYPTED:
        raise ClosedError(Reason.ENCRYPTED, f"encrypted by {encrypted_by(content)}")
    reader = harvest.outside.readers.get(kind) or READERS.get(kind)
    if reader is None and kind.startswith(kinds.ODF):
        reader = read_odf
    if reader is not read_text and len(content) > harvest.limits.content_bytes:
        raise ClosedError(Reason.TOO_LARGE, f"more than {harvest.limits.content_bytes} bytes")
    if kind.startswith("image/"):
        harvest.picture(content)
        if harvest.outside.look is None:  # who looks into it says what is wrong with it
            check_picture(kind, content)
    elif reader is None:
        raise ClosedError(Reason.UNKNOWN, f"no reader for {kind[:80]}")
    else:
        reader(content, harvest)
