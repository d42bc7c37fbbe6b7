"""Packages taken apart, altered, and signed anew by whoever holds the ledger's key."""

from __future__ import annotations

import base64
import hashlib
import io
from contextlib import contextmanager
from pathlib import Path

from shoumi.engine.evidence.notes import sign_note
from shoumi.engine.evidence.package import ArchiveFiles
from tests.fakes.evidence import LOG, WITNESS


class MemoryFiles:
    """A package's files in a dictionary, to be altered at will."""

    def __init__(self, files):
        self.files = files

    def names(self):
        return tuple(self.files)

    def size(self, name):
        return len(self.files[name])

    @contextmanager
    def open(self, name):
        yield io.BytesIO(self.files[name])

    def read(self, name):
        return self.files[name]


def unpacked(raw):
    archive = ArchiveFiles(io.BytesIO(raw))
    files = {}
    for name in archive.names():
        with archive.open(name) as stream:
            files[name] = b"".join(iter(lambda stream=stream: stream.read(1 << 16), b""))
    return files


def signed_anew(files, algorithms=("sha256", "sm3")):
    """What the holder of the ledger's key could make of altered files: all hashes and the signature fresh."""
    files = dict(files)
    payload = sorted(name for name in files if name.startswith("data/"))
    for algorithm in algorithms:
        lines = [f"{hashlib.new(algorithm, files[name]).hexdigest()}  {name}\n" for name in payload]
        files[f"manifest-{algorithm}.txt"] = "".join(lines).encode()
    tags = sorted(set(files) - set(payload) - {"tagmanifest-sha256.txt", "signature"})
    lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in tags]
    files["tagmanifest-sha256.txt"] = "".join(lines).encode()
    digest = hashlib.sha256(files["tagmanifest-sha256.txt"]).hexdigest()
    files["signature"] = sign_note(f"shoumi evidence package v1\n{digest}\n", LOG).encode()
    return files


def write_folder(files: dict[str, bytes], folder: Path) -> Path:
    """Unpack `files` into `folder`."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def change(package, name, old, new):
    assert old in package[name], (name, old)
    return signed_anew({**package, name: package[name].replace(old, new)})


def forgeries(package: dict[str, bytes]) -> dict[str, dict[str, bytes]]:
    """What a company that keeps the ledger's key might try; none of it may hold."""
    entry = min(name for name in package if name.startswith("proof/entry") and name.endswith("json"))
    proof = entry.replace("json", "tlog-proof")
    detail = min(name for name in package if name.endswith("-files.json"))
    salt = detail.replace("json", "salt")
    exhibit = "data/exhibits/0002.pdf"
    first = package["manifest-sm3.txt"][:64]
    other_sm3 = package["manifest-sm3.txt"].replace(first, first[::-1])
    listing = package["data/exhibits.tsv"].replace(str(len(package[exhibit])).encode(), b"5")
    for algorithm in ("sha256", "sm3"):
        old, new = (hashlib.new(algorithm, content).hexdigest() for content in (package[exhibit], b"other"))
        listing = listing.replace(old.encode(), new.encode())
    return {
        "entry": change(package, entry, b"person-6", b"person-5"),
        "proof of another": signed_anew({**package, proof: package[proof].replace(b"index 10", b"index 11")}),
        "no proof": signed_anew({name: data for name, data in package.items() if name != proof}),
        "no entries": signed_anew(
            {name: d for name, d in package.items() if not name.startswith("proof/entry")}
        ),
        "detail": change(package, detail, "図面".encode(), "地図".encode()),
        "salt": signed_anew({**package, salt: base64.b64encode(bytes(32))}),
        "salt spelled otherwise": signed_anew({**package, salt: package[salt] + b"\n"}),
        "exhibit": signed_anew({**package, exhibit: b"other"}),
        "exhibit and list": signed_anew({**package, exhibit: b"other", "data/exhibits.tsv": listing}),
        "another SM3": signed_anew({**package, "manifest-sm3.txt": other_sm3}, ["sha256"]),
        "entry under another number": signed_anew(
            {
                name.replace("0000000010", "0000000011"): content.replace(b"0000000010", b"0000000011")
                for name, content in package.items()
            }
        ),
        "exhibit off the list": signed_anew({**package, "data/exhibits/0009": b"x"}),
        "stamp": signed_anew({**package, "proof/checkpoint.tsr": b"none"}),
        "stamp label": change(package, "bag-info.txt", b"Shoumi-Timestamp", b"Shoumi-Timestemp"),
        "certificate": signed_anew({**package, "proof/tsa.pem": b""}),
        "size": change(package, "proof/checkpoint", b"\n32\n", b"\n33\n"),
        "witness": change(
            package, "proof/checkpoint", WITNESS.verifier_key.name.encode(), b"witness.example.com/9"
        ),
        "exhibit columns": signed_anew({**package, "data/exhibits.tsv": b"file\n"}),
        "record too long": signed_anew({**package, "data/record.json": bytes(17 << 20)}),
        "text not UTF-8": signed_anew({**package, "proof/policy": b"\xff"}),
        "misnamed detail": signed_anew({**package, "data/details/x": b""}),
        "misnamed entry": signed_anew({**package, "proof/entry-1.json": b""}),
        "more in the signature": {
            **package,
            "signature": package["signature"] + package["signature"].split(b"\n\n")[1],
        },
    }
