"""Whom the ledger asks from outside: time-stamp authorities and the witness, as configured.

The internal authority keeps its keys in `SHOUMI_DATA_DIRECTORY/tsa`; an outside one is set by
`SHOUMI_TIMESTAMP_URL` and `SHOUMI_TIMESTAMP_ROOTS`, the witness by `SHOUMI_WITNESS_URL`.  Tests put twins in
their place with `ports_replaced`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings

from shoumi.connectors.tsa import HTTPAuthority, OpenSSLAuthority
from shoumi.connectors.witness import WitnessClient
from shoumi.engine.errors import ConfigurationError
from shoumi.engine.evidence.notes import NoteSignature, VerifierKey
from shoumi.engine.evidence.proofs import ConsistencyProof
from shoumi.engine.evidence.timestamp import TimestampAuthority


class TimestampRootsError(ConfigurationError):
    """An outside authority is configured, but not what its tokens are verified with."""

    code = "configuration.timestamp_roots"
    message = "SHOUMI_TIMESTAMP_URL is set; SHOUMI_TIMESTAMP_ROOTS must name a readable PEM file for it."


class Witness(Protocol):
    """Somebody with a key of their own who has seen our checkpoints."""

    def verifier_key(self) -> VerifierKey:
        """Return the key its cosignatures verify under."""
        ...

    def cosign(self, note: str, proof: ConsistencyProof) -> NoteSignature:
        """Return the witness's verified cosignature under the checkpoint `note`."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """How to reach everybody the ledger asks; None where nobody is configured."""

    internal: Callable[[], TimestampAuthority] | None = None
    external: Callable[[], TimestampAuthority] | None = None
    witness: Callable[[], Witness] | None = None


_replaced: list[Ports] = []


def ports() -> Ports:
    """Return whom to ask; faults of the configuration come out when they are asked."""
    if _replaced:
        return _replaced[-1]
    config = settings.CONFIG
    directory = Path(config.data_directory).absolute()
    return Ports(
        internal=partial(OpenSSLAuthority, directory / "tsa"),
        external=partial(_external, config.timestamp_url, config.timestamp_roots)
        if config.timestamp_url
        else None,
        witness=partial(WitnessClient, config.witness_url) if config.witness_url else None,
    )


def _external(url: str, roots: Path | None) -> HTTPAuthority:
    """Return the outside authority.

    Raises:
        TimestampRootsError: there are no certificates to verify its tokens with.
    """
    try:
        certificates = Path(roots or "").read_bytes()
    except OSError as error:
        raise TimestampRootsError from error
    return HTTPAuthority(url, name=urlsplit(url).hostname or url, roots=certificates)


@contextmanager
def ports_replaced(replacement: Ports) -> Iterator[None]:
    """Let `ports()` return `replacement` inside the block."""
    _replaced.append(replacement)
    try:
        yield
    finally:
        _replaced.remove(replacement)
