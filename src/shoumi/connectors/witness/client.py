"""The ledger's side of the witness protocol: asks a witness to cosign a checkpoint.

Source: C2SP tlog-witness.  One question, one answer; asking again, and showing the gap meanwhile, is
the ledger's task.  A cosignature is verified before it is returned.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from shoumi.connectors.witness.fetching import NoAnswerError, ask
from shoumi.engine.errors import EvidenceError, UnavailableError
from shoumi.engine.evidence.hashes import Digest
from shoumi.engine.evidence.notes import (
    NoteSignature,
    SignatureKind,
    VerifierKey,
    VerifierKeyError,
    parse_note,
    parse_signature_line,
    parse_verifier_key,
    verify_signature,
)
from shoumi.engine.evidence.proofs import ConsistencyProof
from shoumi.engine.evidence.witness import AddCheckpoint, WitnessStateError

MAX_ANSWER_BYTES: Final = 64 * 1024

_OK, _CONFLICT = 200, 409
_REFUSALS: Final = {400, 403, 404, 422}
_SIZE = re.compile(r"(0|[1-9][0-9]{0,18})\n")


class WitnessUnavailableError(UnavailableError):
    """The witness did not answer, or not as the protocol says."""

    code = "unavailable.witness"
    message = "The witness at {url} did not answer: {reason}."


class WitnessRefusedError(EvidenceError):
    """The witness read the checkpoint and will not sign it; people have to look why."""

    code = "evidence.witness_refused"
    message = "The witness at {url} refuses to sign (HTTP status {status}): {reason}"


class WitnessClient:
    """A witness at `url`; with `key`, cosignatures by any other key are ignored."""

    def __init__(
        self, url: str, *, key: VerifierKey | None = None, timeout: timedelta = timedelta(seconds=10)
    ) -> None:
        self._url = url.rstrip("/")
        self._key = key
        self._timeout = timeout

    def verifier_key(self) -> VerifierKey:
        """Return the witness's key: the one given, or what the witness itself says.

        What it says is worth no more than the connection; pin it when it is first used.

        Raises:
            WitnessUnavailableError: no answer, or not a cosignature key.
        """
        if self._key is None:
            status, body = self._ask("GET", "verifier-key", None)
            try:
                key = parse_verifier_key(body.decode().removesuffix("\n"))
            except (UnicodeDecodeError, VerifierKeyError) as error:
                raise WitnessUnavailableError(url=self._url, reason="it tells no key") from error
            if status != _OK or key.kind is not SignatureKind.COSIGNATURE:
                raise WitnessUnavailableError(url=self._url, reason="its key is not one for cosignatures")
            self._key = key
        return self._key

    def cosign(self, note: str, proof: ConsistencyProof) -> NoteSignature:
        """Return the witness's cosignature under the checkpoint `note`, shown to grow by `proof`.

        Raises:
            WitnessStateError, WitnessRefusedError, WitnessUnavailableError: as `add_checkpoint`.
        """
        return self.add_checkpoint(proof.old_size, note, proof.path)

    def add_checkpoint(self, old_size: int, checkpoint_note: str, path: Sequence[Digest]) -> NoteSignature:
        """Return the verified cosignature under `checkpoint_note`; `path` proves growth from `old_size`.

        Raises:
            WitnessStateError: the witness signed another size last; its `size` says which.
            WitnessRefusedError: the witness will not sign this checkpoint.
            WitnessUnavailableError: no answer, or one the protocol does not know.
            SignatureMismatchError, NoteShapeError: the answer is not a cosignature under the checkpoint.
        """
        request = AddCheckpoint(old_size, tuple(path), checkpoint_note)
        key = self.verifier_key()
        status, body = self._ask("POST", "add-checkpoint", str(request).encode())
        text = body.decode(errors="replace")
        if status == _CONFLICT and (size := _SIZE.fullmatch(text)):
            raise WitnessStateError(size=int(size[1]))
        if status in _REFUSALS:
            reason = text.strip() or "no reason given"
            raise WitnessRefusedError(url=self._url, status=status, reason=reason[:500])
        if status != _OK:
            raise WitnessUnavailableError(url=self._url, reason=f"HTTP status {status}")
        for line in text.removesuffix("\n").split("\n"):
            signature = parse_signature_line(line)
            if signature.is_by(key):
                verify_signature(parse_note(checkpoint_note).text, signature, key)
                return signature
        raise WitnessUnavailableError(url=self._url, reason="it signed with another key than its own")

    def _ask(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        try:
            return ask(f"{self._url}/{path}", method, body, limit=MAX_ANSWER_BYTES, timeout=self._timeout)
        except NoAnswerError as error:
            raise WitnessUnavailableError(url=self._url, reason=error.fields["reason"]) from error
