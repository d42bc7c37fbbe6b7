"""The scripts in a package, run as a stranger runs them: dash and openssl, Python alone, and by hand."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fakes.evidence import LOG, OTHER_WITNESS, WITNESS, contents_of, signer, zip_of
from tests.fakes.packages import forgeries, signed_anew, unpacked, write_folder

from shoumi.connectors.tsa import OpenSSLAuthority
from shoumi.engine.evidence.package.texts import script, script_sha256
from shoumi.engine.evidence.trust import all_of

ROOT = Path(__file__).parents[4]


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    authority = OpenSSLAuthority(tmp_path_factory.mktemp("tsa") / "keys", name="示范 TSA")
    return unpacked(zip_of(contents_of(authority=authority, unlogged={"late.txt": b"late"})))


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    """Unaltered copies of the scripts, from elsewhere."""
    folder = tmp_path_factory.mktemp("elsewhere")
    for name in ("verify.sh", "verify.py"):
        (folder / name).write_bytes(script(name))
    shell = shutil.which("dash") or "sh"
    return {"sh": [shell, folder / "verify.sh"], "py": [sys.executable, "-I", folder / "verify.py"]}


def run(command, *arguments):
    done = subprocess.run([*command, *arguments], capture_output=True, check=False, timeout=60)
    return done.returncode, done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace")


@pytest.mark.parametrize("kind", ["sh", "py"])
def test_everything_holds(package, scripts, kind, tmp_path):
    folder = write_folder(package, tmp_path / "有 space")
    status, text = run(scripts[kind], folder)
    assert status == 0, text
    assert text.splitlines()[-1] == "HOLDS   every check above"
    for word in (
        "signature",
        "files",
        "checkpoint",
        "witness",
        "entry",
        "detail",
        "record",
        "exhibit",
        "time-stamp",
    ):
        assert re.search(rf"^ok +{word}: ", text, re.MULTILINE), word
    assert re.search(r"^note +exhibit: 0003-late.txt", text, re.MULTILINE)
    assert "内部时间戳" in text
    assert "可信" not in text


def test_both_say_the_same(package, scripts, tmp_path):
    folder = write_folder(package, tmp_path / "p")
    kinds = [
        [
            re.match(r"(\w+) +(\w[\w-]*):?", line).groups()
            for line in run(scripts[kind], folder)[1].splitlines()
        ]
        for kind in ("sh", "py")
    ]
    assert sorted(kinds[0]) == sorted(kinds[1])


@pytest.mark.parametrize("kind", ["sh", "py"])
def test_it_runs_from_where_it_lies(package, kind, tmp_path):
    folder = write_folder(package, tmp_path / "p")
    command = {"sh": ["dash", "verify.sh"], "py": [sys.executable, "-I", "verify.py"]}[kind]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout
    assert sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()) == sorted(
        package
    )


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sh", "py"])
def test_one_altered_byte_in_any_file_is_refused(package, scripts, kind, tmp_path):
    folder = write_folder(package, tmp_path / "p")
    for number, (name, content) in enumerate(package.items()):
        position = (number * 7919) % len(content)
        altered = (
            content[:position] + bytes([content[position] ^ (1 << number % 8)]) + content[position + 1 :]
        )
        (folder / name).write_bytes(altered)
        status, text = run(scripts[kind], folder)
        assert status == 1, (name, position, text)
        assert "FAILS" in text
        (folder / name).write_bytes(content)


@pytest.mark.slow
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_random_changes_are_refused_by_both(package, scripts, tmp_path_factory, data):
    name = data.draw(st.sampled_from(sorted(package)))
    content = package[name]
    position = data.draw(st.integers(0, len(content) - 1))
    new = data.draw(
        st.sampled_from([b"\0", b"\n", b" ", b"\xff", b"a", b"="]) | st.binary(min_size=1, max_size=1)
    )
    kind = data.draw(st.sampled_from(["replace", "insert", "delete"]))
    altered = (
        content[:position] + (b"" if kind == "delete" else new) + content[position + (kind != "insert") :]
    )
    if altered == content:
        return
    folder = write_folder({**package, name: altered}, tmp_path_factory.mktemp("altered"))
    for command in scripts.values():
        status, text = run(command, folder)
        assert status in {1, 2}, (name, position, text)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sh", "py"])
def test_the_line_ends_and_padding_of_the_signature_count(package, scripts, kind, tmp_path):
    folder = write_folder(package, tmp_path / "p")
    good = package["signature"]
    for altered in [
        good + b"\n", good[:-1], good + b"\0", good.replace(b"\n", b"\r\n"), b" " + good,
        good.replace(b"=\n", b"\n"),
        good.replace(b" ledger", b"  ledger"), good[:-3] + bytes([good[-3] ^ 1]) + good[-2:],
        good + good.split(b"\n\n")[1], good.replace(b"shoumi", b"shoumi\0"), b"",
    ]:  # fmt: skip
        (folder / "signature").write_bytes(altered)
        status, text = run(scripts[kind], folder)
        assert status == 1, (altered, text)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sh", "py"])
def test_files_added_removed_renamed_or_linked_are_refused(package, scripts, kind, tmp_path):
    folder = write_folder(package, tmp_path / "p")

    def refused():
        status, text = run(scripts[kind], folder)
        return status == 1 and "FAILS" in text

    for name in (
        "extra",
        "data/exhibits/0009",
        ".DS_Store",
        "x-manifest-sha256.txt",
        "a\nb",
        "data/exhibits/- x",
    ):
        (folder / name).write_bytes(b"")
        assert refused(), name
        (folder / name).unlink()
    for name in ("README.en.txt", "data/exhibits/0002.pdf", "proof/checkpoint.tsr"):
        (folder / name).rename(tmp_path / "outside")
        assert refused(), name
        moved = (tmp_path / "outside").rename(folder / name.replace(".", "2."))
        assert refused(), name
        moved.rename(folder / name)
    (folder / "README.en.txt").rename(tmp_path / "outside")
    (folder / "README.en.txt").symlink_to(tmp_path / "outside")
    assert refused()
    (folder / "README.en.txt").unlink()
    (tmp_path / "outside").rename(folder / "README.en.txt")
    assert run(scripts[kind], folder)[0] == 0


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sh", "py"])
def test_even_the_holder_of_the_key_cannot_change_what_was_logged(package, scripts, kind, tmp_path):
    # What only `shoumi verify` asks for: limits, names and spellings that prove nothing more.
    beyond = {"stamp label", "record too long", "misnamed detail", "misnamed entry", "exhibit off the list",
              "exhibit columns", "salt spelled otherwise"}  # fmt: skip
    for number, (story, files) in enumerate(forgeries(package).items()):
        if story not in beyond:
            status, text = run(scripts[kind], write_folder(files, tmp_path / str(number)))
            assert status in {1, 2}, (story, text)


@pytest.mark.parametrize("kind", ["sh", "py"])
def test_with_keys_of_the_readers_own(package, scripts, kind, tmp_path):
    folder = write_folder(package, tmp_path / "p")
    for number, (policy, expected) in enumerate(
        [
            (all_of(LOG.verifier_key, WITNESS.verifier_key), 0),
            (all_of(LOG.verifier_key, OTHER_WITNESS.verifier_key), 1),
            (all_of(signer("other.example.com").verifier_key), 1),
        ]
    ):
        keys = tmp_path / f"keys{number}"
        keys.write_text(str(policy))
        status, text = run(scripts[kind], folder, keys)
        assert status == expected, text
        assert "came with the package" not in text


@pytest.mark.parametrize("kind", ["sh", "py"])
def test_a_package_without_stamp_witness_or_files_holds_with_notes(scripts, kind, tmp_path):
    files = unpacked(zip_of(contents_of({}, witnesses=())))
    status, text = run(scripts[kind], write_folder(files, tmp_path / "p"))
    assert status == 0, text
    assert re.search(r"^note +time-stamp: none", text, re.MULTILINE)


@pytest.mark.parametrize("kind", ["sh", "py"])
def test_what_is_no_package_is_not_read(scripts, kind, tmp_path):
    assert run(scripts[kind], tmp_path)[0] == 2
    assert run(scripts[kind], tmp_path / "absent")[0] == 2


def test_an_old_openssl_is_refused_in_words(scripts, package, tmp_path):
    (tmp_path / "bin").mkdir()
    fake = tmp_path / "bin" / "openssl"
    fake.write_text("#!/bin/sh\necho 'LibreSSL 3.3.6'\n")
    fake.chmod(0o755)
    folder = write_folder(package, tmp_path / "p")
    for command in scripts.values():
        environment = {"PATH": f"{fake.parent}:/usr/bin:/bin"}
        done = subprocess.run([*command, folder], capture_output=True, check=False, env=environment)
        assert done.returncode == 2
        assert b"OpenSSL 3.0 or later" in done.stdout


def test_the_commands_of_the_readme_work(package, tmp_path):
    folder = write_folder(package, tmp_path / "p")
    commands = {}
    for language in ("en", "zh", "ja"):
        lines = package[f"README.{language}.txt"].decode().splitlines()
        commands[language] = [line[4:] for line in lines if line.startswith("    ") and "=>" not in line]
    assert commands["en"] == commands["zh"] == commands["ja"]
    done = subprocess.run(
        ["dash", "-eu", "-c", "\n".join(commands["en"])], cwd=folder, capture_output=True, check=False
    )
    text = done.stdout.decode()
    assert done.returncode == 0, done.stderr
    assert text.count("Signature Verified Successfully") == 2
    assert "Verification: OK" in text
    assert text.count(": OK\n") >= len(package) - 2
    assert len(set(re.findall(r"^[0-9a-f]{64}\b", text, re.MULTILINE))) == 1
    assert "Time stamp: " in text


@pytest.mark.parametrize("language", ["en", "zh", "ja"])
def test_the_readme_is_filled_in_and_calls_the_stamp_what_it_is(package, language):
    text = package[f"README.{language}.txt"].decode()
    assert "$identifier" not in text
    assert "${" not in text
    for value in (script_sha256("verify.sh"), script_sha256("verify.py"), str(LOG.verifier_key)):
        assert value in text
    assert str(WITNESS.verifier_key) in text
    assert {"en": "internal time-stamp", "zh": "内部时间戳", "ja": "内部タイムスタンプ"}[language] in text
    assert "可信时间戳" not in text


def test_the_published_hashes_of_the_scripts_are_these():
    """Changing a script changes what readers compare it with: then mend the document."""
    text = (ROOT / "docs/formats/evidence-package.md").read_text()
    for name in ("verify.sh", "verify.py"):
        assert script_sha256(name) in text, (name, script_sha256(name))


def test_the_shell_script_is_about_a_page_and_plain():
    text = script("verify.sh").decode()
    assert len(text.splitlines()) <= 120
    assert max(map(len, text.splitlines())) <= 125
    assert text.isascii()
    assert not re.search(r"\\x[0-9a-f]", text), "printf of POSIX knows octal only"


def test_shellcheck_has_nothing_to_say_where_it_is_installed():
    if shutil.which("shellcheck") is None:
        return
    command = ["shellcheck", "--shell=sh", "--severity=warning", "-"]
    done = subprocess.run(command, input=script("verify.sh"), capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()


def test_signed_anew_by_nobody_else(package, scripts, tmp_path):
    """The forgeries above are refused for what they changed: what changes nothing holds."""
    folder = write_folder(signed_anew(package), tmp_path / "p")
    assert run(scripts["sh"], folder)[0] == 0
