"""`shoumi verify` as people call it: zip and folder, statuses, JSON, keys of their own, hostile input."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fakes.evidence import LOG, OTHER_WITNESS, WITNESS, contents_of, zip_of
from tests.fakes.packages import unpacked, write_folder

from shoumi.cli import main
from shoumi.connectors.tsa import OpenSSLAuthority
from shoumi.engine.evidence.trust import all_of


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return OpenSSLAuthority(tmp_path_factory.mktemp("tsa") / "keys")


@pytest.fixture(scope="module")
def archive(authority):
    return zip_of(contents_of(authority=authority))


@pytest.fixture
def package(archive, tmp_path):
    path = tmp_path / "package.zip"
    path.write_bytes(archive)
    return path


def test_a_zip_holds(package, capsys):
    assert main(["verify", str(package)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].startswith("HOLDS")
    assert sum("[trusted: " in line for line in lines) >= 8
    assert any(line.startswith("note   trust:") and "came with the package" in line for line in lines)


def test_a_folder_holds(archive, tmp_path, capsys):
    folder = write_folder(unpacked(archive), tmp_path / "包 folder")
    assert main(["verify", str(folder)]) == 0
    assert "HOLDS" in capsys.readouterr().out


def test_json(package, capsys):
    assert main(["verify", "--json", str(package)]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["holds"] is True
    assert report["keys"] == "package"
    assert {check["status"] for check in report["checks"]} == {"ok", "note"}


def test_every_fault_has_its_line(archive, tmp_path, capsys):
    folder = write_folder(unpacked(archive), tmp_path / "p")
    (folder / "verify.sh").write_bytes(b"echo HOLDS\n")
    (folder / "data/exhibits/0002.pdf").unlink()
    assert main(["verify", str(folder)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("FAILS  files:") for line in lines) == 2
    assert lines[-1].startswith("FAILS")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_altered_byte_of_the_zip_is_refused(archive, tmp_path, data, capsys):
    position = data.draw(st.integers(0, len(archive) - 1))
    altered = bytearray(archive)
    altered[position] ^= data.draw(st.integers(1, 255))
    path = tmp_path / "altered.zip"
    path.write_bytes(bytes(altered))
    assert main(["verify", str(path)]) in {1, 2}, position
    assert "HOLDS" not in capsys.readouterr().out


def trust_file(tmp_path, policy, *certificates):
    path = tmp_path / "trust"
    path.write_bytes(str(policy).encode() + b"\n# roots\n" + b"".join(certificates))
    return str(path)


def test_keys_of_the_readers_own(package, tmp_path, authority, capsys):
    trust = trust_file(tmp_path, all_of(LOG.verifier_key, WITNESS.verifier_key), authority.certificates)
    assert main(["verify", str(package), "--trust", trust]) == 0
    text = capsys.readouterr().out
    assert "as you gave it" in text
    assert "came with the package" not in text


def test_a_key_without_a_certificate_leaves_the_stamp_to_the_package(package, tmp_path, capsys):
    trust = trust_file(tmp_path, all_of(LOG.verifier_key))
    assert main(["verify", str(package), "--trust", trust]) == 0
    text = capsys.readouterr().out
    assert "as it came with the package" in text
    assert "no witness believed here signed" in text


def test_a_quorum_that_is_not_reached_fails(package, tmp_path, capsys):
    trust = trust_file(tmp_path, all_of(LOG.verifier_key, OTHER_WITNESS.verifier_key))
    assert main(["verify", str(package), "--trust", trust]) == 1
    assert "quorum" in capsys.readouterr().out


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"quorum none\n",
        b"log nonsense\nquorum none\n",
        b"x" * (2 << 20),
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\nquorum none\n",
    ],
)
def test_trust_files_that_cannot_be_used(package, tmp_path, content, capsys):
    path = tmp_path / "trust"
    path.write_bytes(content)
    assert main(["verify", str(package), "--trust", str(path)]) == 2
    assert main(["verify", str(package), "--trust", str(tmp_path / "absent")]) == 2


def test_what_cannot_be_read(tmp_path, capsys):
    (tmp_path / "text").write_text("hello")
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    for name in ("text", "empty", "folder", "absent"):
        assert main(["verify", str(tmp_path / name)]) == 2
    assert capsys.readouterr().out == ""


def test_links_devices_and_odd_names_are_refused_not_followed(archive, tmp_path, capsys):
    secret = tmp_path / "secret"
    secret.write_text("outside")
    for number, spoil in enumerate(
        [
            lambda folder: (folder / "link").symlink_to(secret),
            lambda folder: (folder / "loop").symlink_to(folder),
            lambda folder: os.mkfifo(folder / "pipe"),
            lambda folder: (folder / "名前").write_text(""),
            lambda folder: (folder / "esc\x1b[2J").write_text(""),
            lambda folder: (folder / os.fsdecode(b"\xff")).write_text(""),
            lambda folder: (folder / "/".join("abcdefgh")).mkdir(parents=True),
        ]
    ):
        folder = write_folder(unpacked(archive), tmp_path / str(number))
        spoil(folder)
        assert main(["verify", str(folder)]) == 1, number
        text = capsys.readouterr().out
        assert "outside" not in text
        assert "\x1b" not in text


def test_zips_of_other_programs_are_refused(archive, tmp_path, capsys):
    files = unpacked(archive)
    for name, method in (("stored", zipfile.ZIP_STORED), ("deflated", zipfile.ZIP_DEFLATED)):
        path = tmp_path / f"{name}.zip"
        with zipfile.ZipFile(path, "w", method) as other:
            for each, content in files.items():
                other.writestr(f"p/{each}", content)
        assert main(["verify", str(path)]) == 1
        assert "Unpack it" in capsys.readouterr().out


def test_a_zip_bomb_and_a_path_out_of_the_folder_are_refused(tmp_path, capsys):
    for name, content in {"p/bomb": bytes(50 << 20), "../../escape": b"x"}.items():
        sink = io.BytesIO()
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as other:
            other.writestr(name, content)
        path = tmp_path / "hostile.zip"
        path.write_bytes(sink.getvalue())
        assert main(["verify", str(path)]) == 1


def test_a_large_exhibit_needs_little_memory(tmp_path):
    path = tmp_path / "large.zip"
    path.write_bytes(zip_of(contents_of({"big.bin": bytes(64 << 20)})))
    code = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_DATA, (60 << 20, 60 << 20))\n"
        "from shoumi.cli import main\n"
        f"sys.exit(main(['verify', {str(path)!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
