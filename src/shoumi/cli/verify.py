"""`shoumi verify`: checks an evidence package, a zip or the folder it was unpacked to, offline.

Prints one line for each check and what it trusted.
Exit status: 0 everything holds, 1 something does not, 2 the package or the trust file cannot be read.
Needs no database and no configuration; it writes nothing.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from shoumi.engine.errors import InputError, ShoumiError
from shoumi.engine.evidence.package.archive import MAX_MEMBERS, ArchiveFiles
from shoumi.engine.evidence.package.check import Trust, check_package
from shoumi.engine.evidence.package.reading import PackageShapeError
from shoumi.engine.evidence.package.report import Check, PackageReport, Status
from shoumi.engine.evidence.timestamp import read_certificates
from shoumi.engine.evidence.trust import parse_trust_policy

MAX_TRUST_BYTES: Final = 1 << 20
MAX_DEPTH: Final = 5

_HOLDS, _FAILS = 0, 1
_ZIP_BEGINS: Final = b"PK\3\4"
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n?", re.DOTALL)
_BOTTOM: Final = "tagmanifest-sha256.txt"


class PackageUnreadableError(InputError):
    """There is no package at the path, or it cannot be opened."""

    code = "input.package_unreadable"
    message = "{path} cannot be read as an evidence package: {reason}."


class TrustUnreadableError(InputError):
    """The file given with --trust cannot be used."""

    code = "input.trust_unreadable"
    message = "{path} cannot be read as a trust file: {reason}."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument("path", type=Path, metavar="PATH", help="the package: a zip, or the unpacked folder")
    parser.add_argument("--json", action="store_true", help="print the report as one JSON object")
    parser.add_argument(
        "--trust",
        type=Path,
        metavar="FILE",
        help="keys to believe instead of the package's own: `log` and `witness` lines (C2SP tlog-policy), "
        "and PEM certificates of time-stamp authorities if wanted",
    )


def run(args: argparse.Namespace) -> int:
    """Check the package and print the report; return the exit status.

    Raises:
        PackageUnreadableError, TrustUnreadableError: status 2.
    """
    trust = None if args.trust is None else read_trust(args.trust)
    try:
        report = _report(args.path, trust)
    except OSError as error:
        raise PackageUnreadableError(path=str(args.path), reason=error.strerror or str(error)) from error
    if args.json:
        print(json.dumps(report.to_json(), ensure_ascii=False, indent=2))
    else:
        _print(report)
    return _HOLDS if report.holds else _FAILS


def _report(path: Path, trust: Trust | None) -> PackageReport:
    if path.is_dir():
        if not (path / _BOTTOM).is_file():
            raise PackageUnreadableError(path=str(path), reason=f"there is no {_BOTTOM} in it")
        try:
            return check_package(FolderFiles(path), trust)
        except PackageShapeError as error:
            return _broken(error, trust)
    with path.open("rb") as stream:
        if stream.read(len(_ZIP_BEGINS)) != _ZIP_BEGINS:
            raise PackageUnreadableError(path=str(path), reason="it does not begin as a zip")
        try:
            files = ArchiveFiles(stream)
        except ShoumiError as error:
            return _broken(error, trust)
        return check_package(files, trust)


def _broken(error: ShoumiError, trust: Trust | None) -> PackageReport:
    """Return the report of a package whose files could not even be listed."""
    return PackageReport((Check("form", Status.FAILS, error.detail),), own_keys=trust is None)


def _print(report: PackageReport) -> None:
    for check in report.checks:
        trusted = f"  [trusted: {check.trusted}]" if check.trusted else ""
        print(_printable(f"{check.status:<6} {check.name + ':':<12} {check.text}{trusted}"))
    if report.holds:
        print("HOLDS  every check above; notes are gaps stated openly")
    else:
        print("FAILS  at least one check; do not rely on this package")


def _printable(text: str) -> str:
    """Return `text` with everything that could steer a terminal written as a question mark."""
    return "".join(each if each.isprintable() else "?" for each in text)


def read_trust(path: Path) -> Trust:
    """Return what the trust file at `path` says.

    Raises:
        TrustUnreadableError: it cannot be read, is too long, or is not a policy.
    """
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_TRUST_BYTES + 1)
        text = raw.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise TrustUnreadableError(path=str(path), reason=str(error)) from error
    if len(raw) > MAX_TRUST_BYTES:
        raise TrustUnreadableError(path=str(path), reason="it is too long")
    roots = "".join(_PEM.findall(text)).encode()
    try:
        policy = parse_trust_policy(_PEM.sub("", text))
        if roots:
            read_certificates(roots)
    except ShoumiError as error:
        raise TrustUnreadableError(path=str(path), reason=error.detail.rstrip(".")) from error
    if not policy.logs:
        raise TrustUnreadableError(path=str(path), reason="it names no ledger key")
    return Trust(policy, roots or None)


class FolderFiles:
    """The files of an unpacked package; nothing outside the folder is ever opened."""

    def __init__(self, folder: Path) -> None:
        """List the files under `folder`.

        Raises:
            PackageShapeError: a link, a device, or more files than a package may have.
        """
        self._folder = folder
        self._sizes: dict[str, int] = {}
        self._list(folder, "")

    def _list(self, folder: Path, prefix: str) -> None:
        if prefix.count("/") > MAX_DEPTH:
            raise PackageShapeError(reason=f"its folders are nested more than {MAX_DEPTH} deep")
        for path in sorted(folder.iterdir()):
            name = prefix + path.name
            if not name.isascii():
                raise PackageShapeError(reason=f"{_printable(name)} is not one of a package's names")
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                raise PackageShapeError(reason=f"{_printable(name)} is a link or device")
            if path.is_dir():
                self._list(path, f"{name}/")
            else:
                self._sizes[name] = path.stat().st_size
            if len(self._sizes) > MAX_MEMBERS:
                raise PackageShapeError(reason=f"it has more than {MAX_MEMBERS} files")

    def names(self) -> tuple[str, ...]:
        """Return the names of all files, relative to the folder, with slashes."""
        return tuple(self._sizes)

    def size(self, name: str) -> int:
        """Return the length of a file in bytes, as it was when listed."""
        return self._sizes[name]

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """Give a stream over a file."""
        with (self._folder / name).open("rb") as stream:
            yield stream
