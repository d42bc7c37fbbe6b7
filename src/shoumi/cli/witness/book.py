"""The witness's book: what it signed last, on disk before any signature leaves.

One file, replaced whole; one process at a time.  A book that is gone while the key is still there is
never begun anew by itself: a witness that forgets would sign a ledger that was set back.
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from shoumi.engine.clock import Clock, format_time
from shoumi.engine.errors import ConfigurationError, ConflictError, EvidenceError, ShoumiError
from shoumi.engine.evidence.checkpoint import add_signatures, cosign, open_checkpoint
from shoumi.engine.evidence.notes import (
    NoteSignature,
    NoteSigner,
    VerifierKey,
    open_note,
    parse_note,
    parse_verifier_key,
)
from shoumi.engine.evidence.witness import AddCheckpoint, ForkedLedgerError, Witnessed, judge


class WitnessStateFileError(ConfigurationError):
    """The state file is missing, damaged, or of another key."""

    code = "configuration.witness_state"
    message = "The state file {path} cannot be used: {reason}."


class WitnessRunningError(ConflictError):
    """Another process has the state file."""

    code = "conflict.witness_running"
    message = "Another witness is using the state file {path}."


class LogKeyChangedError(EvidenceError):
    """The ledger tells another key than the one pinned when it was first seen."""

    code = "evidence.log_key_changed"
    message = "The ledger's key is {given}; pinned is {pinned}. A changed key is a changed ledger."


def begin_book(path: Path) -> None:
    """Write an empty book to `path`, for a witness that has no key yet."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _replace(path, "{}")


def _replace(path: Path, text: str) -> None:
    draft = path.with_name(f"{path.name}.draft")
    with draft.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class WitnessBook:
    """What the witness knows; open it with `with`."""

    def __init__(self, path: Path, signer: NoteSigner, clock: Clock, *, is_new: bool = False) -> None:
        """Keep the settings; a missing book is begun only if `is_new` says that there never was one."""
        self.signer = signer
        self.log_key: VerifierKey | None = None
        self.note: str | None = None  # the checkpoint signed last, with the ledger's and our signature
        self.seen = Witnessed()
        self._path = path
        self._clock = clock
        self._is_new = is_new
        self._mutex = threading.Lock()
        self._lock_file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock_file = self._beside(".lock").open("ab")
        try:
            fcntl.flock(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock_file.close()
            raise WitnessRunningError(path=str(self._path)) from error
        self._load()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lock_file is not None:
            self._lock_file.close()

    def pin(self, key: VerifierKey) -> None:
        """Believe `key` as the ledger's from now on.

        Raises:
            LogKeyChangedError: another key is pinned.
        """
        with self._mutex:
            if self.log_key is None:
                self.log_key = key
                self._save()
            elif self.log_key != key:
                raise LogKeyChangedError(given=str(key), pinned=str(self.log_key))

    def cosign(self, request: AddCheckpoint) -> NoteSignature:
        """Return our cosignature for `request`, after writing down what was signed.

        Raises:
            ShoumiError: (a leaf of it) as `engine.evidence.witness.judge`; a fork is alarmed too.
        """
        with self._mutex:
            if self.log_key is None:
                raise WitnessStateFileError(path=str(self._path), reason="no ledger is pinned")
            try:
                checkpoint = judge(request, self.seen, self.log_key)
            except ForkedLedgerError as error:
                self.alarm(error, request.note)
                raise
            line = cosign(request.note, self.signer, self._clock.now())
            log_lines = [each for each in parse_note(request.note).signatures if each.is_by(self.log_key)]
            self.note = add_signatures(f"{checkpoint.text}\n{log_lines[0].line}", [line])
            self.seen = Witnessed(checkpoint.size, checkpoint.root)
            self._save()
            return line

    def alarm(self, error: ShoumiError, note: str) -> None:
        """Tell people, and keep the two signed checkpoints that show it."""
        when = format_time(self._clock.now())
        print(f"ALARM {when} {error.code}: {error.detail}", file=sys.stderr, flush=True)
        record = {"time": when, "code": error.code, "detail": error.detail, "seen": self.note, "shown": note}
        with self._beside(".alarms").open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(record, ensure_ascii=False) + "\n")
            stream.flush()
            os.fsync(stream.fileno())

    def _load(self) -> None:
        if not self._path.exists():
            if not self._is_new:
                reason = (
                    "it is missing though the key is not new; restore it, or write {} to it to begin anew"
                )
                raise WitnessStateFileError(path=str(self._path), reason=reason)
            begin_book(self._path)
        try:
            state = json.loads(self._path.read_bytes())
            key, note = state.get("log_key"), state.get("note")
            self.log_key = None if key is None else parse_verifier_key(key)
            if note is not None and self.log_key is not None:
                open_note(note, [self.signer.verifier_key])
                checkpoint = open_checkpoint(note, self.log_key)
                self.note, self.seen = note, Witnessed(checkpoint.size, checkpoint.root)
        except (ShoumiError, ValueError, AttributeError, TypeError) as error:
            reason = "it does not hold what this witness signed; restore it"
            raise WitnessStateFileError(path=str(self._path), reason=reason) from error

    def _save(self) -> None:
        """Replace the file, whole, and on disk when this returns."""
        state = {"log_key": None if self.log_key is None else str(self.log_key), "note": self.note}
        _replace(self._path, json.dumps(state, ensure_ascii=False, indent=1))

    def _beside(self, suffix: str) -> Path:
        return self._path.with_name(self._path.name + suffix)
