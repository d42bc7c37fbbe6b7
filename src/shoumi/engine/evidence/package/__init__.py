"""Evidence packages: what the ledger knows of a record, packed so that a stranger can check it alone.

Source: BagIt 1.0 (RFC 8493) for the form; `docs/formats/evidence-package.md` tells every file.
`build` writes, `check` verifies; both work on streams and mappings they are handed.
"""

from shoumi.engine.evidence.package.archive import ArchiveFiles, ArchiveShapeError
from shoumi.engine.evidence.package.build import PackageReceipt, iterate_package, write_package
from shoumi.engine.evidence.package.check import Trust, check_package
from shoumi.engine.evidence.package.contents import (
    Detail,
    Exhibit,
    ExhibitChangedError,
    LoggedEntry,
    PackageContents,
    PackageContentsError,
    Stamp,
)
from shoumi.engine.evidence.package.reading import PackageFiles, PackageShapeError
from shoumi.engine.evidence.package.report import Check, PackageReport, Status

__all__ = [
    "ArchiveFiles",
    "ArchiveShapeError",
    "Check",
    "Detail",
    "Exhibit",
    "ExhibitChangedError",
    "LoggedEntry",
    "PackageContents",
    "PackageContentsError",
    "PackageFiles",
    "PackageReceipt",
    "PackageReport",
    "PackageShapeError",
    "Stamp",
    "Status",
    "Trust",
    "check_package",
    "iterate_package",
    "write_package",
]
