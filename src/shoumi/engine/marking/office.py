"""Marking, unmarking and reading office files: what documents, workbooks and presentations have in common.

Sources: ECMA-376 part 2 for the package, part 1 for the three kinds.  Templates and macro variants are
handled like the format they belong to; the kind is found in the content type of the main part, not
believed from a name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from shoumi.engine.marking.documents import erase_document, mark_document
from shoumi.engine.marking.errors import DamagedError, UnsupportedFeatureError
from shoumi.engine.marking.package import Package
from shoumi.engine.marking.properties import (
    FINGERPRINT,
    erase_properties,
    labels_from,
    read_pairs,
    write_properties,
)
from shoumi.engine.marking.slides import erase_presentation, mark_presentation
from shoumi.engine.marking.values import Form, Kind, Labels, Mark
from shoumi.engine.marking.workbooks import erase_workbook, mark_workbook

_Marking = Callable[[Package, str, Mark, Form], dict[str, str]]
_Erasing = Callable[[Package, str, dict[str, str]], None]

_BY_KIND: Final[dict[Kind, tuple[tuple[str, ...], _Marking, _Erasing]]] = {
    Kind.DOCX: (("wordprocessingml.", "ms-word."), mark_document, erase_document),
    Kind.XLSX: (
        ("spreadsheetml.", "ms-excel.sheet.macro", "ms-excel.template.macro"),
        mark_workbook,
        erase_workbook,
    ),
    Kind.PPTX: (("presentationml.", "ms-powerpoint."), mark_presentation, erase_presentation),
}
_MAIN: Final = "/officeDocument"


def mark_office(content: bytes, kind: Kind, mark: Mark, form: Form) -> bytes:
    """Return `content` with this mark and no earlier one of ours."""
    package, main = opened(content, kind)
    _erase(package, main, kind)
    notes = _BY_KIND[kind][1](package, main, mark, form)
    write_properties(package, mark, form, notes)
    return package.bytes()


def unmark_office(content: bytes, kind: Kind) -> bytes:
    """Return `content` without any mark of ours; the very bytes if there was none."""
    package, main = opened(content, kind)
    if not _erase(package, main, kind):
        return content
    return package.bytes()


def read_office(content: bytes, kind: Kind) -> Labels:
    """Return what the properties of `content` say."""
    package, _main = opened(content, kind)
    return labels_from(read_pairs(package))


def opened(content: bytes, kind: Kind) -> tuple[Package, str]:
    """Return the package and the name of its main part, proved to be of this kind.

    Raises:
        DamagedError, EncryptedError, UnsupportedFeatureError: it is not, or cannot be marked.
    """
    package = Package(content)
    mains = [arrow.target for arrow in package.relationships("") if arrow.type.endswith(_MAIN)]
    main = next((name for name in mains if package.has(name)), None)
    if main is None:
        raise DamagedError(reason="it has no main part")
    found = package.type_of(main)
    if not any(part in found for part in _BY_KIND[kind][0]):
        if ".binary." in found:
            raise UnsupportedFeatureError(reason="binary workbooks are not XML")
        raise DamagedError(reason=f"its main part is not one of {kind}")
    return package, main


def _erase(package: Package, main: str, kind: Kind) -> bool:
    """Take out all that bears our sign; tell whether there was anything."""
    pairs = erase_properties(package)
    _BY_KIND[kind][2](package, main, pairs)
    package.drop_ours()
    for source in ("", main):
        package.unrelate(source)
    return FINGERPRINT in pairs
