"""Verifies a Shoumi evidence package, version 1, with Python 3.9 or later and OpenSSL 3.0 or later.

    python3 -I verify.py [FOLDER [KEYS]]

Exit status: 0 everything holds, 1 something does not, 2 the package cannot be read.
FOLDER is the unpacked package (default: where this file lies).  KEYS is a file of "log" and "witness" lines
from a source of your own; without it the keys in the package itself, proof/policy, are believed.
The same steps as verify.sh, in the same order; openssl checks signatures and time-stamp, Python the hashes.
"""
# ruff: noqa: INP001, PLR2004, S603, S607, T201, TRY301 - a script to be read and run by strangers

from __future__ import annotations

import base64
import calendar
import hashlib
import json
import os
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path


class Fault(Exception):  # noqa: N818
    """Something does not hold."""


def read(name: str) -> bytes:
    """Return a file of the package."""
    return Path(name).read_bytes()


def demand(holds: object, fault: str) -> None:
    """Stop with `fault` unless it holds."""
    if not holds:
        raise Fault(fault)


def say(kind: str, text: str) -> None:
    """Print one line."""
    print(f"{kind:8}{text}")


def openssl(*arguments: str, **data: bytes) -> subprocess.CompletedProcess[bytes]:
    """Run openssl with each of `data` in a file; an argument NAME= stands for the file's path."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in data.items():
            Path(folder, name).write_bytes(content)
        named = [str(Path(folder, word[:-1])) if word.endswith("=") else word for word in arguments]
        return subprocess.run(["openssl", *named], capture_output=True, check=False)


def signature_of(key: str, note: bytes, text: bytes) -> tuple[bytes, int]:
    """Return the line of `key` (name+id+base64) in `note` and its time, if it signs `text` (Ed25519)."""
    name, key_id, encoded = key.split("+", 2)
    public = base64.b64decode(encoded, validate=True)
    demand(
        hashlib.sha256(name.encode() + b"\n" + public).hexdigest()[:8] == key_id, f"key: {key} is misspelled"
    )
    lines = [line for line in note.split(b"\n") if line.startswith(f"\u2014 {name} ".encode())]
    demand(len(lines) == 1, f"{name} has not signed once")
    text64 = lines[0].rsplit(b" ", 1)[1]
    raw = base64.b64decode(text64, validate=True)
    demand(base64.b64encode(raw) == text64 and raw[:4].hex() == key_id, f"the line of {name} is misspelled")
    seconds, signature = 0, raw[4:]
    if public[0] == 4:  # a cosignature: eight bytes of time, signed too, stand before it
        (seconds,), signature = struct.unpack(">Q", raw[4:12]), raw[12:]
        text = b"cosignature/v1\ntime %d\n" % seconds + text
    der = bytes.fromhex("302a300506032b6570032100") + public[1:]
    words = [
        "-verify",
        "-pubin",
        "-keyform",
        "DER",
        "-inkey",
        "key=",
        "-rawin",
        "-in",
        "text=",
        "-sigfile",
        "sig=",
    ]
    done = openssl("pkeyutl", *words, key=der, text=text, sig=signature)
    demand(done.returncode == 0, f"the signature of {name} does not hold")
    return lines[0], seconds


def digest(name: str, algorithm: str) -> str:
    """Return the hash of a file in hexadecimal digits."""
    hasher = hashlib.new(algorithm)
    with Path(name).open("rb") as file:
        while block := file.read(1 << 20):
            hasher.update(block)
    return hasher.hexdigest()


def listed(manifest: str, algorithm: str) -> dict[str, str]:
    """Return the files and hashes in `manifest`, each compared with the file."""
    hashes = {line[66:]: line[:64] for line in read(manifest).decode().splitlines()}
    for name, value in hashes.items():
        demand(
            Path(name).is_file() and digest(name, algorithm) == value, f"files: {name} is altered or missing"
        )
    return hashes


def present() -> list[str]:
    """Return every file under the folder; links and devices do not count as files."""
    paths = [path for path in Path().rglob("*") if path.is_symlink() or not path.is_dir()]
    for path in paths:
        demand(path.is_file() and not path.is_symlink(), f"files: {path} is a link or device")
    return [path.as_posix() for path in paths]


def root_of(entry: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """Return the root the path leads to (RFC 9162, 2.1.3.2)."""
    node, last, at = hashlib.sha256(b"\0" + entry).digest(), size - 1, index
    for step in path:
        demand(last > 0, f"entry: the proof of {index} is too long")
        if at % 2 or at == last:
            node = hashlib.sha256(b"\1" + step + node).digest()
            while at and not at % 2:
                at, last = at // 2, last // 2
        else:
            node = hashlib.sha256(b"\1" + node + step).digest()
        at, last = at // 2, last // 2
    demand(last == 0, f"entry: the proof of {index} is too short")
    return node


def check_entry(path: str, size: int, root: bytes) -> bytes:
    """Check step 4 for one entry, its place under the root; return its bytes."""
    entry, proof = read(path), read(path[:-5] + ".tlog-proof")
    head, _, note = proof.partition(b"\n\n")
    _, index, *steps = head.decode().split("\n")
    at = int(index[len("index ") :])
    demand(
        path == f"proof/entry-{at:010d}.json" and 0 <= at < size, f"entry: {path} has the proof of another"
    )
    demand(note == read("proof/checkpoint"), f"entry: the proof of {at} ends at another checkpoint")
    demand(
        root_of(entry, at, size, [base64.b64decode(step) for step in steps]) == root,
        f"entry: {at} is not there",
    )
    fields = json.loads(entry)
    say("ok", f"entry: {at}, {fields['tag']} at {fields['time']}")
    return entry


def check_detail(path: str, entries: dict[str, bytes]) -> bytes:
    """Check step 5 for one detail, what its entry committed to; return its bytes."""
    detail, salt = read(path), base64.b64decode(read(path[:-5] + ".salt"), validate=True)
    made = hashlib.sha256(len(salt).to_bytes(4, "big") + salt + detail).hexdigest()
    at, _, field = path[len("data/details/") : -5].partition("-")
    demand(f'"{field}":"{made}"'.encode() in entries[f"proof/entry-{at}.json"], f"detail: {path} is another")
    say("ok", f"detail: {field} is what entry {int(at)} committed to")
    return detail


def check_exhibits(details: dict[str, bytes]) -> None:
    """Check step 6: the record and the hash of each exhibit stand in details, and so in the ledger."""
    if read("data/record.json") in details.values():
        say("ok", "record: it stands in the ledger")
    else:
        say("note", "record: it is not in the ledger; the signature of the package alone covers it")
    for row in read("data/exhibits.tsv").decode().split("\n")[1:-1]:
        file, name, _, sha, _, where = row.split("\t")
        demand(digest(f"data/exhibits/{file}", "sha256") == sha, f"exhibit: {file} is another")
        if where == "-":
            say(
                "note",
                f"exhibit: {file} ({name}) is not in the ledger; the signature of the package covers it",
            )
            continue
        demand(
            f'"{sha}"'.encode() in details.get(f"data/details/{where}", b""), f"exhibit: {file} is not there"
        )
        say("ok", f"exhibit: {file} ({name}) stands in the ledger ({where})")


def check_stamp() -> None:
    """Check step 7: the time-stamp over the checkpoint and the ledger's signature, at its own time."""
    if not Path("proof/checkpoint.tsr").exists():
        say("note", "time-stamp: none; the times rest on the clocks of the ledger and the witnesses")
        return
    text, _, lines = read("proof/checkpoint").rpartition(b"\n\n")
    said = openssl("ts", "-reply", "-in", "proof/checkpoint.tsr", "-text").stdout.decode(errors="replace")
    moment = next((line[12:] for line in said.split("\n") if line.startswith("Time stamp: ")), "")
    demand(moment, "time-stamp: it cannot be read")
    month, day, clock, year, _ = moment.split()
    at = calendar.timegm(time.strptime(f"{month} {day} {clock.split('.')[0]} {year}", "%b %d %H:%M:%S %Y"))
    stamped = text + b"\n\n" + lines.split(b"\n")[0] + b"\n"
    words = ["-in", "proof/checkpoint.tsr", "-CAfile", "proof/tsa.pem", "-attime", str(at)]
    done = openssl("ts", "-verify", "-data", "stamped=", *words, stamped=stamped)
    demand(done.returncode == 0, "time-stamp: it does not fit the checkpoint or the certificate")
    label = next(
        line for line in read("bag-info.txt").decode().split("\n") if line.startswith("Shoumi-Timestamp: ")
    )
    say("ok", f"time-stamp: {moment}, {label[18:]}")


def check(keys: str) -> None:
    """Check everything, one line for each step that holds."""
    words = [line.split() for line in read(keys).decode().splitlines()]
    log = next(line[1] for line in words if line[:1] == ["log"])
    tags = hashlib.sha256(read("tagmanifest-sha256.txt")).hexdigest()
    text = f"shoumi evidence package v1\n{tags}\n".encode()
    line, _ = signature_of(log, read("signature"), text)
    demand(read("signature") == text + b"\n" + line + b"\n", "signature: altered")
    say("ok", f"signature: the list of hashes is signed by {log}")

    names = present()
    hashes = {**listed("tagmanifest-sha256.txt", "sha256"), **listed("manifest-sha256.txt", "sha256")}
    if "sm3" in hashlib.algorithms_available:
        listed("manifest-sm3.txt", "sm3")
    else:
        say("note", "files: this Python has no SM3; SHA-256 was checked")
    demand(
        sorted(names) == sorted([*hashes, "signature", "tagmanifest-sha256.txt"]),
        "files: one added or removed",
    )
    say("ok", f"files: {len(names)} files, each as listed and no other")

    note = read("proof/checkpoint")
    text = note[: note.rindex(b"\n\n") + 1]
    signature_of(log, note, text)
    origin, size, root = text.decode().split("\n")[:3]
    demand(origin == log.split("+")[0], "checkpoint: of another ledger")
    say("ok", f"checkpoint: {size} entries, signed by {origin}")
    for key in (line[2] for line in words if line[:1] == ["witness"]):
        _, seconds = signature_of(key, note, text)
        when = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(seconds))
        say("ok", f"witness: {key.split('+')[0]} saw no other version, {when}")

    paths = sorted(name for name in names if name.startswith("proof/entry-") and name.endswith(".json"))
    entries = {path: check_entry(path, int(size), base64.b64decode(root)) for path in paths}
    paths = sorted(name for name in names if name.startswith("data/details/") and name.endswith(".json"))
    check_exhibits({path: check_detail(path, entries) for path in paths})
    check_stamp()
    if keys == "proof/policy":
        say("note", "trust: the keys came with the package; compare them with a source of your own")


def main() -> int:
    """Check the package named on the command line; return the exit status."""
    keys = str(Path(sys.argv[2]).absolute()) if len(sys.argv) > 2 else "proof/policy"
    try:
        os.chdir(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).absolute().parent)
        if not Path("tagmanifest-sha256.txt").is_file() or not Path(keys).is_file():
            raise FileNotFoundError("no evidence package here, or no keys")
        version = openssl("version").stdout.decode().split()
        if version[0] != "OpenSSL" or int(version[1].split(".")[0]) < 3:
            raise OSError("OpenSSL 3.0 or later is needed")
        check(keys)
    except Fault as fault:
        say("FAILS", str(fault))
        return 1
    except (ValueError, IndexError, KeyError, StopIteration) as error:
        say("FAILS", f"something is not written as it must be: {error!r}")
        return 1
    except OSError as error:
        print(f"cannot be read: {error}")
        return 2
    say("HOLDS", "every check above")
    return 0


if __name__ == "__main__":
    sys.exit(main())
