"""The witness's private key: an Ed25519 key in PEM, in a file only its owner can read.

Made on first use; the public half is written beside it as FILE.pub, for whoever should trust it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import stat
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from shoumi.engine.errors import ConfigurationError
from shoumi.engine.evidence.notes import Ed25519Signer, SignatureKind, parse_verifier_key

_ID_DIGITS: Final = 16


class WitnessKeyError(ConfigurationError):
    """The key file cannot be used."""

    code = "configuration.witness_key"
    message = "The key file {path} cannot be used: {reason}."


def open_signer(path: Path, name: str | None) -> Ed25519Signer:
    """Return the signer over the key in `path`; the key is made if there is none.

    The name is the one in FILE.pub; for a new key it is `name`, or made from the public key.

    Raises:
        WitnessKeyError: others may read the file, or it holds no Ed25519 key.
    """
    public = path.with_name(path.name + ".pub")
    if not path.exists():
        _make(path)
    key = _load(path)
    if not public.exists():
        digits = hashlib.sha256(key.public_key().public_bytes_raw()).hexdigest()[:_ID_DIGITS]
        signer = Ed25519Signer(name or f"witness/{digits}", key, SignatureKind.COSIGNATURE)
        _write(public, f"{signer.verifier_key}\n".encode(), 0o644)
        return signer
    known = parse_verifier_key(public.read_text(encoding="utf-8").strip())
    signer = Ed25519Signer(known.name, key, SignatureKind.COSIGNATURE)
    if signer.verifier_key != known:
        raise WitnessKeyError(path=str(path), reason=f"{public.name} holds another key's public half")
    if name not in {None, known.name}:
        raise WitnessKeyError(path=str(path), reason=f"its name is {known.name}")
    return signer


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write(path, pem, 0o600)


def _write(path: Path, content: bytes, mode: int) -> None:
    """Put `content` at `path`, whole or not at all; what is there already stays."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        with contextlib.suppress(FileExistsError):  # another process was faster
            os.link(draft, path)
    finally:
        draft.unlink()


def _load(path: Path) -> Ed25519PrivateKey:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise WitnessKeyError(path=str(path), reason="others may read it; run chmod 600 on it")
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise WitnessKeyError(path=str(path), reason="it is not a PEM key without passphrase") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise WitnessKeyError(path=str(path), reason="it is not an Ed25519 key")
    return key
