"""The dispatcher: verbs, help, statuses; errors are one line."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from shoumi import cli
from shoumi.cli import VERBS, main


def test_every_verb_has_its_file_and_its_two_functions():
    for verb, text in VERBS:
        module = importlib.import_module(f"shoumi.cli.{verb}")
        assert callable(module.add_arguments)
        assert callable(module.run)
        assert text


def test_help_names_every_verb(capsys):
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    assert all(f"  {verb} " in text for verb, _ in VERBS)


def test_without_a_verb_the_help_is_shown(capsys):
    assert main([]) == 2
    assert "usage" in capsys.readouterr().out


def test_an_unknown_verb_is_named(capsys):
    assert main(["frobnicate"]) == 2
    assert "frobnicate" in capsys.readouterr().err


def test_the_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("shoumi ")


def test_errors_are_one_line_with_the_status_of_their_branch(capsys, tmp_path):
    assert main(["verify", str(tmp_path / "absent")]) == 2
    error = capsys.readouterr().err
    assert error.startswith("shoumi verify: ")
    assert error.count("\n") == 1


def test_an_interrupt_has_its_status(monkeypatch):
    class Verb:
        @staticmethod
        def add_arguments(parser):
            pass

        @staticmethod
        def run(args):
            raise KeyboardInterrupt

    monkeypatch.setattr(cli.importlib, "import_module", lambda name: Verb)
    assert main(["verify"]) == 130


@pytest.mark.parametrize("verb", ["verify", "witness"])
def test_these_verbs_need_no_django(verb):
    code = (
        f"import sys, shoumi.cli.{verb}; print([name for name in sys.modules if name.startswith('django')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"


def test_a_reader_that_goes_away_ends_it_quietly(tmp_path):
    command = f"{sys.executable} -m shoumi.cli --help | true"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False, text=True)
    assert "Traceback" not in done.stderr
