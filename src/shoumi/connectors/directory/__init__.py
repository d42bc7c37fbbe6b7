"""Reads people from a directory service by LDAP."""

from __future__ import annotations

from shoumi.connectors.directory.ldap import (
    DirectoryEntry,
    DirectoryRefusedError,
    DirectorySource,
    DirectoryTooLargeError,
    DirectoryUnreachableError,
    entries,
)

__all__ = [
    "DirectoryEntry",
    "DirectoryRefusedError",
    "DirectorySource",
    "DirectoryTooLargeError",
    "DirectoryUnreachableError",
    "entries",
]
