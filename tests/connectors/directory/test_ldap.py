"""Reading a real slapd: pages, TLS, limits, and what is refused before anything is sent."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.slapd import ADMIN, BASE, PASSWORD, ROOT, Slapd, person

from shoumi.connectors.directory import (
    DirectoryRefusedError,
    DirectorySource,
    DirectoryTooLargeError,
    DirectoryUnreachableError,
    entries,
)
from shoumi.connectors.directory.ldap import _entries

MANY = 30
NUMBERS = [f"N{number:03}" for number in range(MANY)]


@pytest.fixture(scope="module")
def slapd(tmp_path_factory):
    people = "".join(
        person(f"N{number:03}", f"人员{number}", "RD", mail="a@example.com") for number in range(MANY)
    )
    with Slapd(tmp_path_factory.mktemp("ldap"), ROOT + people, size_limit=10) as server:
        yield server


@pytest.fixture
def source(slapd):
    return DirectorySource(slapd.url, BASE, bind_dn=ADMIN, password=PASSWORD, page_size=7)


def test_all_pages_are_read_also_over_tls(slapd, source):
    for each in (source, replace(source, url=slapd.tls_url, ca_file=str(slapd.ca_file))):
        found = entries(each, ["employeeNumber", "cn", "mail"])
        assert len(found) == MANY
        assert {entry.first("employeenumber") for entry in found} == {
            f"N{number:03}" for number in range(MANY)
        }
        assert (
            next(entry for entry in found if entry.first("EMPLOYEENUMBER") == "N007").first("cn") == "人员7"
        )
        assert all(entry.dn.endswith(BASE) for entry in found)


def test_an_unknown_certificate_a_wrong_password_and_too_many(slapd, source, capfd):
    with pytest.raises(DirectoryUnreachableError):
        entries(replace(source, url=slapd.tls_url), ["cn"])
    with pytest.raises(DirectoryRefusedError) as caught:
        entries(replace(source, password="wrong-canary"), ["cn"])
    assert "canary" not in f"{caught.value}{capfd.readouterr()}{source!r}"
    with pytest.raises(DirectoryTooLargeError):
        entries(replace(source, limit=MANY - 1), ["cn"])
    with pytest.raises(DirectoryUnreachableError):
        entries(replace(source, url="ldap://127.0.0.1:1"), ["cn"])


@pytest.mark.parametrize(
    "change",
    [
        {"url": "http://127.0.0.1"},
        {"url": "ldap://"},
        {"url": "ldap://127.0.0.1/x?y"},
        {"base": ""},
        {"base": "-f/etc/passwd"},
        {"filter": "-f"},
    ],
)
def test_a_description_that_cannot_be_used_is_refused(change):
    with pytest.raises(DirectoryRefusedError):
        entries(replace(DirectorySource("ldap://127.0.0.1", BASE), **change), ["cn"])
    with pytest.raises(DirectoryRefusedError):
        entries(DirectorySource("ldap://127.0.0.1", BASE), ["-D"])


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_without_a_fault(content):
    for entry in _entries(b"dn: x\n" + content):
        assert entry.dn
