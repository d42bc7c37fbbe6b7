"""Talking to witnesses, and reading ledgers as a witness does.

Source: C2SP tlog-witness and tlog-tiles.  What is read is believed by nobody before it was verified.
"""

from shoumi.connectors.witness.client import WitnessClient, WitnessRefusedError, WitnessUnavailableError
from shoumi.connectors.witness.sources import (
    FolderLog,
    HTTPLog,
    LogPlace,
    LogTiles,
    LogUnavailableError,
    read_checkpoint_note,
    read_verifier_key,
)

__all__ = [
    "FolderLog",
    "HTTPLog",
    "LogPlace",
    "LogTiles",
    "LogUnavailableError",
    "WitnessClient",
    "WitnessRefusedError",
    "WitnessUnavailableError",
    "read_checkpoint_note",
    "read_verifier_key",
]
