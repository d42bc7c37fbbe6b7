"""`shoumi witness`: a second pair of eyes, run on another machine or by another department.

Reads the ledger's checkpoint, or has it sent, and signs that the ledger only ever grew since it looked
last (C2SP tlog-witness, cosignature/v1).  What it signed is on disk before the signature leaves.

  --once    look at the ledger in --log-dir or --log-url now and print the cosignature (the default)
  --listen  serve POST /add-checkpoint, GET /verifier-key and GET /<origin hash>/checkpoint

The ledger's key comes from --log-key; without it, it is taken from the ledger's place once, written to
the state file and never replaced.  A fork or a roll-back is printed as ALARM, and both signed
checkpoints are kept beside the state file in FILE.alarms.
Exit status: 0 signed or stopped, 1 the ledger is not what it was, 2 bad input, 4 another witness uses
the state file, 5 key or state file unusable, 6 no ledger.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from shoumi.cli.witness.book import WitnessBook, begin_book
from shoumi.cli.witness.keyfile import open_signer
from shoumi.cli.witness.server import WitnessServer
from shoumi.connectors.witness import (
    FolderLog,
    HTTPLog,
    LogPlace,
    LogTiles,
    LogUnavailableError,
    read_checkpoint_note,
    read_verifier_key,
)
from shoumi.engine.clock import SystemClock
from shoumi.engine.errors import EvidenceError
from shoumi.engine.evidence.checkpoint import open_checkpoint
from shoumi.engine.evidence.log import consistency_proof
from shoumi.engine.evidence.notes import NoteSignature, VerifierKey, parse_verifier_key
from shoumi.engine.evidence.tiles import TileReader
from shoumi.engine.evidence.witness import (
    AddCheckpoint,
    ForkedLedgerError,
    WitnessRequestError,
    verify_not_rolled_back,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--log-url", metavar="URL", help="the ledger's address (checkpoint, tiles below it)")
    place.add_argument("--log-dir", type=Path, metavar="DIR", help="the ledger's folder, laid out the same")
    parser.add_argument("--log-key", metavar="VKEY", help="the ledger's public key, name+id+base64")
    parser.add_argument("--key", type=Path, required=True, metavar="FILE", help="our key; made if absent")
    parser.add_argument("--state", type=Path, required=True, metavar="FILE", help="what was signed last")
    parser.add_argument("--name", help="our key's name, when it is made (default: from the key itself)")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--once", action="store_true", help="look now, print the cosignature, stop")
    mode.add_argument("--listen", metavar="HOST:PORT", help="answer requests for cosignatures")


def run(args: argparse.Namespace) -> int:
    """Cosign once, or serve until SIGINT or SIGTERM; return the exit status.

    Raises:
        ShoumiError: (a leaf of it) as the exit statuses above say.
    """
    place = _place_of(args)
    if place is None and args.log_key is None:
        raise WitnessRequestError(reason="one of --log-dir, --log-url and --log-key is needed")
    if not args.key.exists() and not args.state.exists():
        begin_book(args.state)  # before the key: a key without a book is a witness that lost its memory
    signer = open_signer(args.key, args.name)
    with WitnessBook(args.state, signer, SystemClock()) as book:
        if args.log_key is not None:
            book.pin(parse_verifier_key(args.log_key))
        print(f"witness key: {signer.verifier_key}", file=sys.stderr, flush=True)
        if args.listen is None:
            if place is None:
                raise WitnessRequestError(reason="--once needs --log-dir or --log-url")
            print(_look(book, place).line, end="")
            return 0
        _serve(book, place, args.listen)
        return 0


def _place_of(args: argparse.Namespace) -> LogPlace | None:
    if args.log_url is not None:
        return HTTPLog(args.log_url)
    return None if args.log_dir is None else FolderLog(args.log_dir)


def log_key(book: WitnessBook, place: LogPlace | None) -> VerifierKey:
    """Return the pinned key of the ledger; without one, pin what the ledger's place tells.

    Raises:
        LogUnavailableError: there is no ledger yet.
        LogKeyChangedError: the book has another key pinned.
    """
    if book.log_key is None:
        if place is None:
            raise LogUnavailableError(place="-", part="verifier-key", reason="no place was given")
        book.pin(read_verifier_key(place))
        print(f"pinned on first sight: {book.log_key}", file=sys.stderr, flush=True)
    assert book.log_key is not None  # noqa: S101 - pinned in the lines above
    return book.log_key


def _look(book: WitnessBook, place: LogPlace) -> NoteSignature:
    """Fetch the newest checkpoint and what proves its growth, and cosign it."""
    key = log_key(book, place)
    note = read_checkpoint_note(place)
    checkpoint = open_checkpoint(note, key)
    try:
        verify_not_rolled_back(checkpoint, book.seen)
        reader = TileReader(LogTiles(place), checkpoint.size)
        proof = consistency_proof(book.seen.size, checkpoint.size, reader)
        return book.cosign(AddCheckpoint(book.seen.size, proof.path, note))
    except EvidenceError as error:
        if not isinstance(error, ForkedLedgerError):  # the book has told of that itself
            book.alarm(error, note)
        raise


def _serve(book: WitnessBook, place: LogPlace | None, listen: str) -> None:
    host, colon, port = listen.rpartition(":")
    if not colon or not port.isdecimal():
        raise WitnessRequestError(reason="--listen wants HOST:PORT")
    server = WitnessServer((host.strip("[]"), int(port)), book, lambda: log_key(book, place))

    def stop(_signal: int, _frame: FrameType | None) -> None:
        threading.Thread(target=server.shutdown).start()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    print(f"listening on {host}:{server.server_address[1]}", file=sys.stderr, flush=True)
    with server:
        server.serve_forever(poll_interval=0.2)
