"""Reads entries from an LDAP directory (RFC 4511) by OpenLDAP's own `ldapsearch`, in pages, over TLS.

Sources: ldapsearch(1), LDIF (RFC 2849), paged results (RFC 2696).  A program that is kept with the protocol
needs no library of ours.  The password goes through a pipe: never on the command line, nor on a disk.
Plain text is spoken with this machine only.  It reads and changes nothing.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from shoumi.engine.errors import ConfigurationError, UnavailableError

PROGRAM: Final = "ldapsearch"
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
INVALID_CREDENTIALS, TIME_LIMIT, SIZE_LIMIT, ADMIN_LIMIT = 49, 3, 4, 11  # result codes of RFC 4511
_ATTRIBUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
MISSING: Final = 127


class DirectoryUnreachableError(UnavailableError):
    """The directory does not answer, or not over TLS as it should."""

    code = "unavailable.directory"
    message = "The directory {host} did not answer as it should (code {code})."


class DirectoryRefusedError(ConfigurationError):
    """The directory does not know the account, or its description cannot be used."""

    code = "configuration.directory"
    message = "The directory {host} cannot be read as it is described: {field}."


class DirectoryTooLargeError(ConfigurationError):
    """More entries are found than may be."""

    code = "configuration.directory_too_large"
    message = "The directory {host} gives more than {limit} entries; narrow the base or the filter."


@dataclass(frozen=True, slots=True)
class DirectorySource:
    """Where people are looked for, and as whom."""

    url: str  # ldaps://host, or ldap://host with StartTLS
    base: str
    filter: str = "(objectClass=inetOrgPerson)"
    bind_dn: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""  # PEM; empty: those of the machine
    page_size: int = 500
    limit: int = 50_000  # entries
    seconds: int = 120


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """One entry: where it stands, and its values by lower-case name."""

    dn: str
    values: Mapping[str, tuple[str, ...]]

    def first(self, name: str) -> str:
        """Return the first value of an attribute, or nothing."""
        return next(iter(self.values.get(name.lower(), ())), "")


def entries(source: DirectorySource, attributes: Iterable[str]) -> list[DirectoryEntry]:
    """Return what the search finds, with these attributes.

    Raises:
        DirectoryRefusedError: the account is wrong, or the description cannot be used.
        DirectoryTooLargeError: more than `source.limit` entries.
        DirectoryUnreachableError: no answer in time, no TLS, or another fault of the directory.
    """
    host = urlsplit(source.url).hostname or ""
    command = _command(source, host, sorted(set(attributes)))
    reading, writing = os.pipe()
    try:
        os.write(writing, source.password.encode())
        os.close(writing)
        done = subprocess.run(  # noqa: S603 - the program and its options are ours, values stand alone
            [*command[:1], "-y", f"/dev/fd/{reading}", *command[1:]] if source.bind_dn else command,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=source.seconds + 10, check=False,
            pass_fds=(reading,), env=_environment(source),
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise DirectoryUnreachableError(host=host, code=TIME_LIMIT) from error
    except FileNotFoundError as error:
        raise DirectoryUnreachableError(host=host, code=MISSING) from error
    finally:
        os.close(reading)
    if done.returncode in {SIZE_LIMIT, ADMIN_LIMIT}:
        raise DirectoryTooLargeError(host=host, limit=source.limit)
    if done.returncode == INVALID_CREDENTIALS:
        raise DirectoryRefusedError(host=host, field="bind_dn, password")
    if done.returncode:
        raise DirectoryUnreachableError(host=host, code=done.returncode)
    found = list(_entries(done.stdout))
    if len(found) > source.limit:
        raise DirectoryTooLargeError(host=host, limit=source.limit)
    return found


def _command(source: DirectorySource, host: str, attributes: Sequence[str]) -> list[str]:
    parts = urlsplit(source.url)
    if parts.scheme not in {"ldap", "ldaps"} or not host or parts.path.strip("/") or parts.query:
        raise DirectoryRefusedError(host=host, field="url")
    if not source.base.strip() or source.base.startswith("-"):
        raise DirectoryRefusedError(host=host, field="base")
    if not (source.filter.startswith("(") and source.filter.endswith(")")):
        raise DirectoryRefusedError(host=host, field="filter")
    wrong = next((name for name in attributes if not _ATTRIBUTE.fullmatch(name)), None)
    if wrong is not None:
        raise DirectoryRefusedError(host=host, field="attributes")
    secure = [] if parts.scheme == "ldaps" or host in LOOPBACK else ["-ZZ"]
    account = ["-D", source.bind_dn] if source.bind_dn else []
    return [
        PROGRAM, "-x", "-LLL", "-o", "ldif-wrap=no", "-H", source.url, *secure, *account, "-b", source.base,
        "-s", "sub", "-E", f"pr={source.page_size}/noprompt", "-l", str(source.seconds),
        "-o", f"nettimeout={source.seconds}", source.filter, *attributes,
    ]  # fmt: skip


def _environment(source: DirectorySource) -> dict[str, str]:
    found = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "LDAPTLS_REQCERT": "demand"}
    return {**found, **({"LDAPTLS_CACERT": source.ca_file} if source.ca_file else {})}


def _entries(text: bytes) -> Iterator[DirectoryEntry]:
    """Yield the entries of an LDIF; what is not UTF-8 is left out, referrals and comments too."""
    for block in text.replace(b"\r\n", b"\n").split(b"\n\n"):
        dn, values = "", dict[str, list[str]]()
        for line in block.split(b"\n"):
            name, colon, rest = line.partition(b":")
            if not colon or line.startswith((b"#", b" ")):
                continue
            value = _value(rest)
            key = name.decode("ascii", "replace").partition(";")[0].lower()
            if value is None:
                continue
            if key == "dn":
                dn = value
            else:
                values.setdefault(key, []).append(value)
        if dn:
            yield DirectoryEntry(dn, {key: tuple(found) for key, found in values.items()})


def _value(rest: bytes) -> str | None:
    try:
        if rest.startswith(b":"):
            return base64.b64decode(rest[1:].strip(), validate=True).decode()
        return rest.strip().decode()
    except (UnicodeDecodeError, binascii.Error):
        return None
