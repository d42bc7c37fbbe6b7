"""Time-stamps: published replies, and every way in which a reply may not hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.fakes.tsa_server import authority_folder, openssl_reply

from shoumi.connectors.tsa import OpenSSLAuthority
from shoumi.engine.errors import EvidenceError
from shoumi.engine.evidence.timestamp import (
    CertificateShapeError,
    TimestampMismatchError,
    TimestampShapeError,
    TimestampUntrustedError,
    parse_token,
    read_certificates,
    request_for,
    verify_reply,
    verify_token,
)

VECTORS = Path(__file__).parents[2] / "vectors" / "rfc3161"


def vector(name):
    return (VECTORS / name).read_bytes()


@pytest.mark.parametrize(
    ("reply", "chain", "time"),
    [
        (
            "sigstage-response-sha256.tsr",
            "sigstage-ts_chain.pem",
            datetime(2025, 5, 9, 11, 58, 55, tzinfo=UTC),
        ),
        (
            "sigstage-response-sha384.tsr",
            "sigstage-ts_chain.pem",
            datetime(2025, 5, 9, 11, 58, 55, tzinfo=UTC),
        ),
        (
            "sigstage-response-sha512.tsr",
            "sigstage-ts_chain.pem",
            datetime(2025, 5, 9, 11, 58, 56, tzinfo=UTC),
        ),
        ("test_tsa-response.tsr", "test_tsa-ts_chain.pem", datetime(2024, 10, 8, 15, 40, 32, tzinfo=UTC)),
    ],
)
def test_published_replies_verify_over_what_they_stamped(reply, chain, time):
    token = parse_token(vector(reply))
    verify_token(token, b"hello", vector(chain))
    assert token.time == time
    with pytest.raises(TimestampMismatchError):
        verify_token(token, b"hellO", vector(chain))


@pytest.mark.parametrize(
    ("reply", "chain", "error"),
    [
        ("sigstage-response-invalid-signature.tsr", "sigstage-ts_chain.pem", EvidenceError),
        ("sigstage-response-sha256.tsr", "test_tsa-ts_chain.pem", TimestampUntrustedError),
        ("test_tsa-response.tsr", "sigstage-ts_chain.pem", TimestampUntrustedError),
    ],
)
def test_published_bad_replies_do_not(reply, chain, error):
    with pytest.raises(error):
        verify_token(parse_token(vector(reply)), b"hello", vector(chain))


def test_the_signer_is_named_even_beside_injected_certificates():
    """CVE-2025-52556: which certificate signed is told by the signature, not by the order of the set."""
    token = parse_token(vector("test_tsa-response-injected-certs.tsr"))
    verify_token(token, b"hello", vector("test_tsa-ts_chain.pem"))
    assert token.tsa_name == parse_token(vector("test_tsa-response.tsr")).tsa_name


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return OpenSSLAuthority(tmp_path_factory.mktemp("tsa") / "keys", name="Testing 内部")


@pytest.fixture(scope="module")
def token(authority):
    return authority.stamp(b"checkpoint")


def test_no_altered_byte_gives_another_time_or_data(authority, token):
    """Some bytes of a reply are not signed; none of them changes what the token says."""
    for position in range(len(token.der)):
        for flip in (1, 0x80):
            der = bytearray(token.der)
            der[position] ^= flip
            try:
                altered = parse_token(bytes(der))
                verify_token(altered, b"checkpoint", authority.certificates)
            except EvidenceError:
                continue
            assert replace(altered, der=token.der) == token, position


def test_fields_that_are_not_those_in_the_bytes_are_refused(authority, token):
    with pytest.raises(TimestampShapeError):
        verify_token(
            replace(token, time=token.time - timedelta(days=1)), b"checkpoint", authority.certificates
        )


@pytest.mark.parametrize("der", [b"", b"\x30", b"\x30\x03\x02\x01\x00", b"x" * 100, bytes(300_000)])
def test_what_is_no_reply_is_refused(der):
    with pytest.raises(TimestampShapeError):
        parse_token(der)


def test_a_refusal_tells_its_status():
    rejection = bytes.fromhex("30053003020102")
    with pytest.raises(TimestampShapeError, match="status 2"):
        parse_token(rejection)


def test_a_reply_must_answer_the_question(tmp_path):
    folder = authority_folder(tmp_path)
    roots = (folder / "ca.pem").read_bytes()
    first, second = request_for(b"data"), request_for(b"data")
    reply = openssl_reply(folder, first.der)
    assert verify_reply(reply, first, b"data", roots).tsa_name == "CN=Example TSA"
    with pytest.raises(TimestampMismatchError):
        verify_reply(reply, second, b"data", roots)


def test_a_chain_in_the_order_openssl_embeds_it_is_read(tmp_path):
    """rfc3161-client refuses a set that is not in the order of DER; OpenSSL writes the file's order."""
    folder = authority_folder(tmp_path)
    roots = (folder / "ca.pem").read_bytes()
    request = request_for(b"data")
    token = verify_reply(openssl_reply(folder, request.der, chain=True), request, b"data", roots)
    assert token.tsa_name == "CN=Example TSA"


def test_certificates_are_pem():
    with pytest.raises(CertificateShapeError):
        read_certificates(b"not PEM")
    with pytest.raises(CertificateShapeError):
        read_certificates(b"")
