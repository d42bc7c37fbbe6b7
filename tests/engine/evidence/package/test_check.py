"""Checking a package: everything holds, and every single change of any file is refused and named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.evidence import LOG, OTHER_WITNESS, WITNESS, contents_of, signer, zip_of
from tests.fakes.packages import MemoryFiles, forgeries, signed_anew, unpacked

from shoumi.connectors.tsa import OpenSSLAuthority
from shoumi.engine.evidence.package import Trust, check_package
from shoumi.engine.evidence.trust import all_of, parse_trust_policy


def faults(files, trust=None):
    report = check_package(MemoryFiles(files), trust)
    assert report.holds == (not [check for check in report.checks if check.status == "FAILS"])
    return [f"{check.name}: {check.text}" for check in report.checks if check.status == "FAILS"]


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return OpenSSLAuthority(tmp_path_factory.mktemp("tsa") / "keys")


@pytest.fixture(scope="module")
def package(authority):
    return unpacked(zip_of(contents_of(authority=authority, unlogged={"late.txt": b"late"})))


@pytest.mark.requirement("EVI-14")
def test_everything_holds_and_says_what_it_trusted(package):
    report = check_package(MemoryFiles(package))
    assert report.holds
    assert report.own_keys
    assert {check.name for check in report.checks if check.status == "ok"} == {
        *("signature", "files", "checkpoint", "witness", "entry", "detail", "record", "exhibit", "time-stamp")
    }
    assert all(check.trusted for check in report.checks if check.status == "ok" and check.name != "files")
    notes = [check.text for check in report.checks if check.status == "note"]
    assert any("late.txt" in text for text in notes)
    assert any("came with the package" in text for text in notes)
    stamps = [check.text for check in report.checks if check.name == "time-stamp"]
    assert "内部时间戳" in stamps[0]


def test_signing_anew_changes_nothing(package):
    assert signed_anew(package) == package


def test_one_altered_byte_in_any_file_is_refused(package):
    for name, content in package.items():
        for position in {0, len(content) // 2, len(content) - 1}:
            altered = bytearray(content)
            altered[position] ^= 1
            assert faults({**package, name: bytes(altered)}), (name, position)


@given(st.data())
def test_random_changes_are_refused(package, data):
    name = data.draw(st.sampled_from(sorted(package)))
    content = package[name]
    position = data.draw(st.integers(0, len(content) - 1))
    kind = data.draw(st.sampled_from(["flip", "insert", "delete", "cut"]))
    head, tail = content[:position], content[position:]
    altered = {
        "flip": head + bytes([tail[0] ^ data.draw(st.integers(1, 255))]) + tail[1:],
        "insert": head + data.draw(st.binary(min_size=1, max_size=3)) + tail,
        "delete": head + tail[1:],
        "cut": head,
    }[kind]
    assert altered == content or faults({**package, name: altered})


def test_a_letter_outside_ascii_in_any_file_is_refused_and_not_an_error(package):
    for name, content in package.items():
        assert faults({**package, name: "\x80".encode() + content}), name


@pytest.mark.parametrize("name", ["signature", "bagit.txt", "proof/policy"])
def test_every_byte_of_the_small_files_counts(package, name):
    for position in range(len(package[name])):
        altered = bytearray(package[name])
        altered[position] ^= 1 << position % 8
        assert faults({**package, name: bytes(altered)}), position


def test_files_added_removed_or_renamed_are_refused(package):
    for name in package:
        without = {each: content for each, content in package.items() if each != name}
        assert faults(without), name
        assert faults({**without, name + "x": package[name]}), name
    for name in (
        "extra",
        "data/extra",
        "data/exhibits/9999",
        "proof/entry-x",
        ".DS_Store",
        "x-manifest-sha256.txt",
    ):
        assert any(name in fault for fault in faults({**package, name: b""})), name


def test_faults_are_all_named(package):
    names = ["data/exhibits/0002.pdf", "verify.sh", "README.ja.txt"]
    found = faults({**package, **dict.fromkeys(names, b"altered")})
    for name in names:
        assert any(name in fault for fault in found)


def test_even_the_holder_of_the_key_cannot_change_what_was_logged(package):
    """The company keeps the ledger's key: what it signs anew must still be what the ledger held."""
    for story, files in forgeries(package).items():
        assert faults(files), story


def test_another_record_is_told_to_be_outside_the_ledger(package):
    report = check_package(MemoryFiles(signed_anew({**package, "data/record.json": b'{"title":"other"}'})))
    assert report.holds
    assert [check.status for check in report.checks if check.name == "record"] == ["note"]


def test_with_keys_of_the_readers_own(package, authority):
    believed = all_of(LOG.verifier_key, WITNESS.verifier_key)
    report = check_package(MemoryFiles(package), Trust(believed, authority.certificates))
    assert report.holds
    assert not report.own_keys
    assert not [check for check in report.checks if "came with" in check.text + check.trusted]


def test_a_package_by_a_forger_with_keys_of_its_own_fools_nobody_with_keys(package, tmp_path):
    other = OpenSSLAuthority(tmp_path / "tsa")
    stranger = all_of(signer("ledger.example.com/demo").verifier_key)
    for trust in [
        Trust(all_of(signer("other.example.com").verifier_key)),
        Trust(all_of(LOG.verifier_key, OTHER_WITNESS.verifier_key)),
        Trust(stranger, other.certificates),
    ]:
        assert faults(package, trust)


def test_keys_in_the_package_that_contradict_it_are_refused(package):
    policy = parse_trust_policy(package["proof/policy"].decode())
    without = replace(policy, logs=())
    assert faults(signed_anew({**package, "proof/policy": str(without).encode()}))
    another = all_of(LOG.verifier_key, WITNESS.verifier_key, OTHER_WITNESS.verifier_key)
    assert faults(signed_anew({**package, "proof/policy": str(another).encode()}))


def test_scripts_of_another_version_are_noted(package):
    report = check_package(MemoryFiles(signed_anew({**package, "verify.sh": b"echo HOLDS\n"})))
    assert report.holds
    assert [check.text for check in report.checks if check.name == "scripts"] == [
        "verify.sh is not the one this version of Shoumi publishes"
    ]


def test_an_empty_folder_does_not_hold():
    assert faults({})
