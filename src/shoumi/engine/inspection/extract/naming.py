"""Whether a name says another kind of file than its content is: a drawing called `holiday.jpg`.

Follows what programs open without a word under such a name: Word and Excel take each other's older and newer
forms, Excel takes tables of HTML and text.  Names without an ending, and endings not listed, say nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from shoumi.engine.inspection.extract import kinds

_PLAIN: Final = (kinds.TEXT, kinds.XML, kinds.HTML, kinds.MAIL)
_LOCKED: Final = (kinds.OLE,)  # a newer office file with a password lies in the older container
_SAID: Final = (
    ("docx docm dotx dotm", (kinds.DOCX, *_LOCKED)),
    ("xlsx xlsm xltx xltm xlsb", (kinds.XLSX, kinds.XLSB, *_LOCKED)),
    ("pptx pptm potx ppsx ppsm", (kinds.PPTX, *_LOCKED)),
    ("doc dot wps", (kinds.DOC, kinds.DOCX, kinds.RTF, kinds.OLE, kinds.HTML, kinds.XML, kinds.MAIL)),
    ("xls xlt et", (kinds.XLS, kinds.XLSX, kinds.XLSB, kinds.OLE, *_PLAIN)),
    ("ppt pps dps", (kinds.PPT, kinds.PPTX, kinds.OLE)),
    ("odt ods odp", (kinds.ODF, kinds.ZIP)),
    ("rtf", (kinds.RTF,)),
    ("pdf", (kinds.PDF,)),
    ("txt csv tsv md log json yaml yml ini htm html xml", _PLAIN),
    ("eml", (kinds.MAIL, kinds.TEXT)),
    ("msg", (kinds.OUTLOOK, kinds.OLE)),
    ("jpg jpeg png gif bmp tif tiff webp", ("image/",)),
    ("zip", (kinds.ZIP,)),
    ("7z", (kinds.SEVEN,)),
    ("rar", (kinds.RAR,)),
    ("tar", (kinds.TAR,)),
    ("gz tgz", (kinds.GZIP,)),
)
_BY_ENDING: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {ending: said for endings, said in _SAID for ending in endings.split()}
)


def misnamed(name: str, kind: str) -> bool:
    """Return whether the ending of `name` says another kind of file than `kind`, which the content is."""
    said = _BY_ENDING.get(name.rpartition(".")[2].lower()) if "." in name else None
    return said is not None and kind != kinds.EMPTY and not kind.startswith(said)
