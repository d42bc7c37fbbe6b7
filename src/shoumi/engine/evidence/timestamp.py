"""Time-stamps: an authority's signed word that some bytes existed at a time.

Source: RFC 3161, read and verified through `rfc3161-client`; the port through which tokens are asked for.
An authority of our own is called internal, and its stamp an internal time-stamp, nothing grander.
This module asks nobody: the connectors do.  It never supplies a time of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal, Protocol

from cryptography.x509 import (
    Certificate,
    InvalidVersion,
    load_der_x509_certificate,
    load_pem_x509_certificates,
)
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client.errors import VerificationError
from rfc3161_client.tsp import TimeStampResponse

from shoumi.engine.errors import EvidenceError, InputError

AuthorityKind = Literal["internal", "external"]

MAX_REPLY_BYTES: Final = 256 * 1024

_CERTIFICATES: Final = 0xA0  # the tag of the certificates in SignedData
_DIGESTS: Final = {
    "2.16.840.1.101.3.4.2.1": hashlib.sha256,
    "2.16.840.1.101.3.4.2.2": hashlib.sha384,
    "2.16.840.1.101.3.4.2.3": hashlib.sha512,
}


class TimestampShapeError(EvidenceError):
    """The bytes are no time-stamp reply, or the authority refused in it."""

    code = "evidence.timestamp_shape"
    message = "This is not a granted time-stamp: {reason}."


class TimestampMismatchError(EvidenceError):
    """The time-stamp is over other bytes, or answers another request."""

    code = "evidence.timestamp_mismatch"
    message = "The time-stamp was made for other data than these."


class TimestampUntrustedError(EvidenceError):
    """The token's signature does not verify under the certificates believed here."""

    code = "evidence.timestamp_untrusted"
    message = "The time-stamp's signature is not one of the authority believed here: {reason}."


class CertificateShapeError(InputError):
    """The text given as certificates is not PEM."""

    code = "input.certificate"
    message = "These are not certificates in PEM form."


@dataclass(frozen=True, slots=True)
class TimestampToken:
    """A reply of a time-stamp authority, and what it says; believe it after `verify_token`."""

    der: bytes  # the whole TimeStampResp, as `openssl ts -verify -in` reads it
    time: datetime  # when, by the authority's clock; aware, UTC
    serial: int  # the authority's number for it
    policy: str  # object id of the rules it was issued under
    tsa_name: str  # subject of the signing certificate, or empty if the token carries none


class TimestampAuthority(Protocol):
    """Whoever stamps bytes with a time: ours, or one outside."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    @property
    def kind(self) -> AuthorityKind:
        """Whether it is run by the same organisation (`internal`) or not (`external`)."""
        ...

    @property
    def certificates(self) -> bytes:
        """The root certificates, in PEM, under which its tokens verify."""
        ...

    def stamp(self, data: bytes) -> TimestampToken:
        """Return a verified token over `data`.

        Raises:
            UnavailableError: (a leaf of it) no token now; the local clock is never put in its place.
            EvidenceError: (a leaf of it) it answered, but with something that does not hold.
        """
        ...


@dataclass(frozen=True, slots=True)
class TimestampRequest:
    """A query as sent, and the nonce its reply must carry."""

    der: bytes
    nonce: int


def request_for(data: bytes) -> TimestampRequest:
    """Return a query for a stamp over the SHA-256 of `data`, with a random nonce, certificate wanted."""
    request = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()
    nonce = request.nonce
    if nonce is None:  # the builder sets one unless told not to
        raise TimestampShapeError(reason="the query has no nonce")
    return TimestampRequest(request.as_bytes(), nonce)


def parse_token(der: bytes) -> TimestampToken:
    """Return what the reply `der` says; nothing is verified.

    Raises:
        TimestampShapeError: not a reply, or not a granted one.
    """
    response = _decode(der)
    try:
        info = response.tst_info
        signer = _signer_certificate(response)
        return TimestampToken(
            der=der,
            time=info.gen_time.astimezone(UTC),
            serial=info.serial_number,
            policy=info.policy.dotted_string,
            tsa_name="" if signer is None else signer.subject.rfc4514_string(),
        )
    except (ValueError, KeyError, InvalidVersion) as error:
        raise TimestampShapeError(reason="a field or certificate in it cannot be read") from error


def verify_reply(der: bytes, request: TimestampRequest, data: bytes, roots: bytes) -> TimestampToken:
    """Return the token in `der` if it answers `request`, covers `data` and verifies under `roots`.

    Raises:
        TimestampShapeError, TimestampMismatchError, TimestampUntrustedError: as `verify_token`; a
            mismatch also if the reply carries another nonce than the query.
    """
    token = parse_token(der)
    if _decode(der).tst_info.nonce != request.nonce:
        raise TimestampMismatchError
    verify_token(token, data, roots)
    return token


def verify_token(token: TimestampToken, data: bytes, roots: bytes) -> None:
    """Return if `token` was made over `data` by an authority under `roots`; raise otherwise.

    Trusted are the certificates in `roots` (PEM); each had to be valid at the time of the stamp, not
    now.  The time itself is as good as the authority.

    Raises:
        TimestampShapeError: malformed, or its fields are not those in its bytes.
        TimestampMismatchError: it covers other data.
        TimestampUntrustedError: signature, chain or purpose of the certificate do not hold.
    """
    response = _decode(token.der)
    if parse_token(token.der) != token:
        raise TimestampShapeError(reason="its fields are not those in its bytes")
    imprint = response.tst_info.message_imprint
    digest = _DIGESTS.get(imprint.hash_algorithm.dotted_string)
    if digest is None:
        raise TimestampShapeError(reason="its hash algorithm is not known here")
    if digest(data).digest() != imprint.message:
        raise TimestampMismatchError
    verifier = VerifierBuilder(roots=list(read_certificates(roots))).build()
    try:
        verifier.verify_message(response, data)
    except (VerificationError, ValueError, KeyError, InvalidVersion) as error:
        raise TimestampUntrustedError(reason=str(error).rstrip(".")) from error


def read_certificates(pem: bytes) -> Sequence[Certificate]:
    """Return the certificates in `pem`, at least one.

    Raises:
        CertificateShapeError: none, or malformed.
    """
    try:
        return load_pem_x509_certificates(pem)
    except ValueError as error:
        raise CertificateShapeError from error


def _decode(der: bytes) -> TimeStampResponse:
    if len(der) > MAX_REPLY_BYTES:
        raise TimestampShapeError(reason=f"it has {len(der)} bytes")
    try:
        response = decode_timestamp_response(sort_certificates(der))
        if response.status != 0:
            raise TimestampShapeError(reason=f"the authority answered with status {response.status}")
        _ = response.tst_info, response.signed_data
    except (ValueError, IndexError) as error:
        raise TimestampShapeError(reason="it cannot be read") from error
    return response


def sort_certificates(der: bytes) -> bytes:
    """Return the reply with the certificates it embeds in the order DER asks of a set.

    OpenSSL writes a chain in the order of its file, which strict readers refuse.  The order is not
    signed, so nothing that is verified changes; the lengths stay the same.

    Raises:
        IndexError: the bytes end within an element.
    """
    reply = _Element.at(der, 0)  # TimeStampResp: status, then the token if it was granted
    status = _Element.at(der, reply.begin)
    if status.end == reply.end:
        return der
    token = _Element.at(der, status.end)
    kind = _Element.at(der, token.begin)  # the token: its type, then [0] holding SignedData
    signed = _Element.at(der, _Element.at(der, kind.end).begin)
    at = signed.begin
    for _ in range(3):  # version, digest algorithms, content
        at = _Element.at(der, at).end
    certificates = _Element.at(der, at)
    if certificates.tag != _CERTIFICATES:
        return der
    parts: list[bytes] = []
    at = certificates.begin
    while at < certificates.end:
        part = _Element.at(der, at)
        parts.append(der[at : part.end])
        at = part.end
    return der[: certificates.begin] + b"".join(sorted(parts)) + der[at:]


@dataclass(frozen=True, slots=True)
class _Element:
    """One element of DER: its tag, and where its content begins and ends."""

    tag: int
    begin: int
    end: int

    @classmethod
    def at(cls, der: bytes, at: int) -> _Element:
        tag, length, begin = der[at], der[at + 1], at + 2
        if length & 0x80:
            count = length & 0x7F
            length = int.from_bytes(der[begin : begin + count], "big")
            begin += count
        if begin + length > len(der):
            raise IndexError
        return cls(tag, begin, begin + length)


def _signer_certificate(response: TimeStampResponse) -> Certificate | None:
    signers = [(info.issuer, info.serial_number) for info in response.signed_data.signer_infos]
    certificates = map(load_der_x509_certificate, response.signed_data.certificates)
    for certificate in certificates:
        if (certificate.issuer, certificate.serial_number) in signers:
            return certificate
    return None
