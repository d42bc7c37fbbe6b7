"""The import contracts hold, and each refuses a deliberate violation."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

VIOLATIONS = {
    "The floors of the house: imports run downwards only": (
        "engine/canonical.py",
        "import shoumi.connectors",
    ),
    "The rooms of the engine": ("engine/errors.py", "import shoumi.engine.clock"),
    "The apps of the server": ("server/ledger/queries.py", "import shoumi.server.register.models"),
    "Inside an app: urls over views, api and tasks, over forms, services, queries, models": (
        "server/people/models/persons.py",
        "import shoumi.server.people.services",
    ),
    "Django stays in the server": ("cli/verify.py", "import django"),
    "The engine has no socket, process or database": ("engine/policy/__init__.py", "import socket"),
    "Only the ledger touches its tables": (
        "server/register/queries/secrets.py",
        "import shoumi.server.ledger.models",
    ),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts of `pyproject.toml` over the sources below `folder`."""
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--config", folder / "pyproject.toml", "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder / "src"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(
        ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("vendor", "__pycache__", "*.egg-info")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_contracts_hold(copy):
    result = lint(copy)
    assert result.returncode == 0, result.stdout + result.stderr
    assert f"Contracts: {len(VIOLATIONS)} kept, 0 broken" in result.stdout


def test_each_contract_refuses_a_violation(copy):
    for path, line in VIOLATIONS.values():
        file = copy / "src" / "shoumi" / path
        file.write_text(file.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    result = lint(copy)
    assert result.returncode == 1
    told = " ".join(result.stdout.split())  # long names are wrapped
    for name in VIOLATIONS:
        assert f"{name} BROKEN" in told


def test_a_new_room_must_be_given_a_floor(copy):
    (copy / "src" / "shoumi" / "attic").mkdir()
    (copy / "src" / "shoumi" / "attic" / "__init__.py").write_text(
        '"""A room nobody planned."""\n', encoding="utf-8"
    )
    result = lint(copy)
    assert result.returncode == 1
    assert "attic" in result.stdout
