"""Looks at what lies below a folder, as somebody does who has stolen the disk."""

from __future__ import annotations

from pathlib import Path


def files_below(folder: Path) -> list[Path]:
    """Return every plain file below `folder`."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def is_readable_below(folder: Path, secret: bytes) -> bool:
    """Tell whether `secret` stands anywhere below `folder`, in content or name."""
    return any(secret in path.read_bytes() or secret in str(path).encode() for path in files_below(folder))
