"""Looks at what lies below a folder, as somebody does who has stolen the disk."""

from __future__ import annotations

from pathlib import Path


def files_below(folder: Path) -> list[Path]:
    """Return every plain file below `folder`."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def is_readable_below(folder: Path, secret: bytes) -> bool:
    """Tell whether `secret` stands anywhere below `folder`, in content or name."""
    return any(secret in _content(path) or secret in str(path).encode() for path in files_below(folder))


def _content(path: Path) -> bytes:
    """Return what a file holds: nothing, if a running server has removed it since it was listed."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
