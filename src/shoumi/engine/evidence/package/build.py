"""Writing an evidence package: a BagIt 1.0 zip, the same bytes for the same contents.

Source: RFC 8493 for bag, manifests and tag files; `docs/formats/evidence-package.md` for the rest.
Exhibits are read twice, once for their hashes and once into the package, never held; a file that
changed in between stops the writing.  Where the bytes go is the caller's.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from shoumi.engine.canonical import canonical_bytes
from shoumi.engine.evidence.hashes import DoubleHasher, FileDigests, blocks_of
from shoumi.engine.evidence.notes import NoteSigner, sign_note
from shoumi.engine.evidence.package.archive import Member, lay_out
from shoumi.engine.evidence.package.contents import (
    Exhibit,
    ExhibitChangedError,
    PackageContents,
    PackageContentsError,
    stored_name,
)
from shoumi.engine.evidence.package.texts import bag_info, readme, script
from shoumi.engine.evidence.tlog_proof import TlogProof

SIGNED_HEADER: Final = "shoumi evidence package v1"
BAGIT: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
EXHIBIT_COLUMNS: Final = ("file", "name", "size", "sha256", "sm3", "detail")
UNLOGGED: Final = "-"  # stands for the detail of an exhibit whose hash is in none


class ByteSink(Protocol):
    """Anything that is written like an open binary file."""

    def write(self, block: bytes, /) -> object:
        """Take `block`."""
        ...


@dataclass(frozen=True, slots=True)
class PackageReceipt:
    """What was written."""

    folder: str  # the name of the folder inside the zip
    size_bytes: int
    sha256: str  # of the whole zip, 64 hex digits
    files: int


@dataclass(frozen=True, slots=True)
class _File:
    """One file of the package: its bytes, or the exhibit they come from."""

    name: str
    digests: FileDigests
    crc32: int
    data: bytes | None = None
    exhibit: Exhibit | None = None


def write_package(contents: PackageContents, signer: NoteSigner, sink: ByteSink) -> PackageReceipt:
    """Write the package of `contents`, signed by `signer` (the ledger's key), to `sink` as a zip.

    Raises:
        PackageContentsError, ExhibitChangedError, EvidenceError: as `iterate_package`.
    """
    hasher, size, files = hashlib.sha256(), 0, _files_of(contents, signer)
    for block in _archive(contents.identifier, files):
        hasher.update(block)
        size += len(block)
        sink.write(block)
    return PackageReceipt(contents.identifier, size, hasher.hexdigest(), len(files))


def iterate_package(contents: PackageContents, signer: NoteSigner) -> Iterator[bytes]:
    """Yield the package of `contents`, signed by `signer`, as a zip in blocks of at most 1 MiB.

    Everything is verified, and every exhibit hashed, before the first block is given.

    Raises:
        PackageContentsError: the contents do not make a package, or `signer` is not the ledger's key.
        ExhibitChangedError: an exhibit is not the file recorded, or changed while it was read.
        EvidenceError: (a leaf of it) a signature, proof, commitment or time-stamp does not hold.
    """
    return _archive(contents.identifier, _files_of(contents, signer))


def _files_of(contents: PackageContents, signer: NoteSigner) -> list[_File]:
    """Return all files of the package, sorted by name, hashed and signed."""
    if signer.verifier_key != contents.log_key:
        raise PackageContentsError(reason="the signer is not the ledger's key")
    contents.verify()
    payload = _payload_of(contents)
    payload_bytes = sum(file.digests.size_bytes for file in payload)
    tags = [
        _file("bagit.txt", BAGIT),
        _file("bag-info.txt", bag_info(contents, f"{payload_bytes}.{len(payload)}")),
        _file("manifest-sha256.txt", _manifest({file.name: file.digests.sha256 for file in payload})),
        _file("manifest-sm3.txt", _manifest({file.name: file.digests.sm3 for file in payload})),
        *(_file(f"README.{language}.txt", readme(language, contents)) for language in ("zh", "ja", "en")),
        *(_file(name, script(name)) for name in ("verify.sh", "verify.py")),
        *_proofs_of(contents),
    ]
    tagmanifest = _manifest({file.name: file.digests.sha256 for file in tags})
    signed = f"{SIGNED_HEADER}\n{hashlib.sha256(tagmanifest).hexdigest()}\n"
    last = [
        _file("tagmanifest-sha256.txt", tagmanifest),
        _file("signature", sign_note(signed, signer).encode()),
    ]
    return sorted([*payload, *tags, *last], key=lambda file: file.name)


def _payload_of(contents: PackageContents) -> list[_File]:
    details: list[_File] = []
    for entry in contents.entries:
        for detail in entry.details:
            path = f"data/details/{entry.proof.leaf_index:010d}-{detail.name}"
            details += [
                _file(f"{path}.json", canonical_bytes(detail.value)),
                _file(f"{path}.salt", base64.b64encode(detail.salt)),
            ]
    rows = ["\t".join(EXHIBIT_COLUMNS)]
    exhibits: list[_File] = []
    for number, exhibit in enumerate(contents.exhibits, start=1):
        stored = stored_name(number, exhibit.name)
        file = _read_exhibit(f"data/exhibits/{stored}", exhibit)
        exhibits.append(file)
        digests = file.digests
        where = _detail_with(digests.sha256, details)
        fields = (stored, exhibit.name, str(digests.size_bytes), digests.sha256, digests.sm3, where)
        rows.append("\t".join(fields))
    return [
        _file("data/record.json", canonical_bytes(contents.record)),
        _file("data/exhibits.tsv", ("\n".join(rows) + "\n").encode()),
        *details,
        *exhibits,
    ]


def _proofs_of(contents: PackageContents) -> Iterator[_File]:
    yield _file("proof/checkpoint", contents.checkpoint_note.encode())
    yield _file("proof/policy", str(contents.policy).encode())
    for entry in contents.entries:
        path = f"proof/entry-{entry.proof.leaf_index:010d}"
        proof = TlogProof(entry.proof.leaf_index, entry.proof.path, contents.checkpoint_note)
        yield _file(f"{path}.json", entry.data)
        yield _file(f"{path}.tlog-proof", str(proof).encode())
    if contents.stamp is not None:
        yield _file("proof/checkpoint.tsr", contents.stamp.token.der)
        yield _file("proof/tsa.pem", contents.stamp.certificates)


def _file(name: str, data: bytes) -> _File:
    hasher = DoubleHasher()
    hasher.update(data)
    return _File(name, hasher.digests(), zlib.crc32(data), data=data)


def _read_exhibit(name: str, exhibit: Exhibit) -> _File:
    hasher, crc = DoubleHasher(), 0
    with exhibit.open() as stream:
        for block in blocks_of(stream):
            hasher.update(block)
            crc = zlib.crc32(block, crc)
    digests = hasher.digests()
    if exhibit.digests not in {None, digests}:
        raise ExhibitChangedError(name=exhibit.name)
    return _File(name, digests, crc, exhibit=exhibit)


def _detail_with(sha256: str, details: list[_File]) -> str:
    """Return the name of the first disclosed detail that holds the hash as a string, or a dash."""
    wanted = f'"{sha256}"'.encode()
    for file in details:
        if file.name.endswith(".json") and file.data is not None and wanted in file.data:
            return file.name.removeprefix("data/details/")
    return UNLOGGED


def _manifest(hashes: dict[str, str]) -> bytes:
    return "".join(f"{value}  {name}\n" for name, value in sorted(hashes.items())).encode()


def _archive(folder: str, files: list[_File]) -> Iterator[bytes]:
    members = [Member(f"{folder}/{file.name}", file.digests.size_bytes, file.crc32) for file in files]
    layout = lay_out(members)
    for file, header in zip(files, layout.headers, strict=True):
        yield header
        if file.data is not None:
            yield file.data
        elif file.exhibit is not None:
            yield from _copy(file.exhibit, file.digests)
    yield layout.tail


def _copy(exhibit: Exhibit, digests: FileDigests) -> Iterator[bytes]:
    hasher, size = hashlib.sha256(), 0
    with exhibit.open() as stream:
        for block in blocks_of(stream):
            hasher.update(block)
            size += len(block)
            yield block
    if (size, hasher.hexdigest()) != (digests.size_bytes, digests.sha256):
        raise ExhibitChangedError(name=exhibit.name)
