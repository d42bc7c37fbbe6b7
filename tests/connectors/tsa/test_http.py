"""Asking an authority over HTTP: a good answer, and every bad one."""

from __future__ import annotations

import socket
from datetime import timedelta

import pytest
from tests.fakes.tsa_server import authority_folder, granting, openssl_reply, served

from shoumi.connectors.tsa.http import AuthorityAddressError, AuthorityUnavailableError, HTTPAuthority
from shoumi.engine.evidence.timestamp import (
    MAX_REPLY_BYTES,
    CertificateShapeError,
    TimestampAuthority,
    TimestampMismatchError,
    TimestampShapeError,
    TimestampUntrustedError,
    request_for,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return authority_folder(tmp_path_factory.mktemp("outside"))


@pytest.fixture(scope="module")
def roots(folder):
    return (folder / "ca.pem").read_bytes()


def ask(url, roots, **options):
    options.setdefault("timeout", timedelta(seconds=5))
    port: TimestampAuthority = HTTPAuthority(url, name="Example TSA", roots=roots, **options)
    assert port.kind == "external"
    return port.stamp(b"data")


@pytest.mark.parametrize("chain", [False, True])
def test_a_good_answer(folder, roots, chain):
    with served(granting(folder, chain=chain)) as url:
        token = ask(url, roots)
    assert token.tsa_name == "CN=Example TSA"


def test_the_query_is_sent_as_the_standard_says(folder, roots):
    seen = []

    def answer(query):
        seen.append(query)
        return granting(folder)(query)

    with served(answer) as url:
        ask(url, roots, headers={"Authorization": "Basic eDp5"})
    assert seen[0].startswith(b"\x30")


@pytest.mark.parametrize("status", [204, 301, 302, 400, 401, 404, 500, 503])
def test_other_statuses_are_no_answer(folder, roots, status):
    with (
        served(lambda _: (status, {"Location": "http://127.0.0.1:9/"}, b"")) as url,
        pytest.raises(AuthorityUnavailableError, match=str(status)),
    ):
        ask(url, roots)


def test_an_old_answer_is_refused(folder, roots):
    old = openssl_reply(folder, request_for(b"data").der)
    with served(lambda _: (200, {}, old)) as url, pytest.raises(TimestampMismatchError):
        ask(url, roots)


def test_an_answer_about_other_data_is_refused(folder, roots):
    other = request_for(b"other")
    with (
        served(lambda _: (200, {}, openssl_reply(folder, other.der))) as url,
        pytest.raises(TimestampMismatchError),
    ):
        ask(url, roots)


def test_another_authority_is_refused(folder, roots, tmp_path):
    with served(granting(authority_folder(tmp_path))) as url, pytest.raises(TimestampUntrustedError):
        ask(url, roots)


@pytest.mark.parametrize("body", [b"", b"<html>sign in</html>", bytes.fromhex("30053003020102")])
def test_something_else_is_refused(roots, body):
    with served(lambda _: (200, {}, body)) as url, pytest.raises(TimestampShapeError):
        ask(url, roots)


def test_an_endless_answer_is_cut(roots):
    with (
        served(lambda _: (200, {}, bytes(MAX_REPLY_BYTES + 1))) as url,
        pytest.raises(AuthorityUnavailableError, match="too long"),
    ):
        ask(url, roots)


def test_silence_ends_in_time(roots):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(AuthorityUnavailableError):
            ask(url, roots, timeout=timedelta(milliseconds=200))


def test_a_closed_port_is_no_answer(roots):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(AuthorityUnavailableError):
        ask(f"http://127.0.0.1:{port}/", roots)


@pytest.mark.parametrize("url", ["ftp://example.com/", "file:///etc/passwd", "example.com", ""])
def test_other_addresses_are_refused(roots, url):
    with pytest.raises(AuthorityAddressError):
        HTTPAuthority(url, name="x", roots=roots)


def test_roots_are_needed():
    with pytest.raises(CertificateShapeError):
        HTTPAuthority("https://tsa.example.com/", name="x", roots=b"")
