"""`pip install .` without extras, in a clean environment: no Django, and the verifier works there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def clean(tmp_path_factory) -> Path:
    """Return the programs of an environment that has nothing but the bare distribution."""
    scratch = tmp_path_factory.mktemp("bare")
    source = scratch / "source"
    source.mkdir()
    shutil.copytree(
        ROOT / "src", source / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", "vendor")
    )
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, source)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", scratch / "venv"], check=True)
    programs = scratch / "venv" / "bin"
    pip = [sys.executable, "-m", "pip", "--python", programs / "python", "--disable-pip-version-check"]
    pip += ["install", "--quiet"]
    pip.append("--no-compile")  # the tests import little of it
    subprocess.run(
        [
            *pip,
            "--require-hashes",
            "-r",
            ROOT / "requirements" / "build.txt",
            "-r",
            ROOT / "requirements" / "bare.txt",
        ],
        check=True,
    )
    subprocess.run([*pip, "--no-build-isolation", source], check=True)
    return programs


def run(*command: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin"},
    )


@pytest.mark.slow
def test_the_command_works_without_django(clean):
    assert run(clean / "python", "-c", "import django").returncode == 1
    shown = run(clean / "shoumi", "--help")
    assert shown.returncode == 0
    assert "verify" in shown.stdout


@pytest.mark.slow
def test_the_verifier_says_what_it_cannot_read(clean, tmp_path):
    missing = run(clean / "shoumi", "verify", tmp_path / "nothing.zip")
    assert missing.returncode == 2
    assert "nothing.zip" in missing.stdout + missing.stderr
    assert "Traceback" not in missing.stderr


@pytest.mark.slow
def test_tracing_needs_nothing_more(clean, tmp_path):
    Image.effect_noise((64, 64), 60).save(tmp_path / "picture.png")
    (tmp_path / "keys").write_text("0" * 64)
    ran = run(clean / "shoumi", "trace", tmp_path / "picture.png", "--key", tmp_path / "keys")
    assert (ran.returncode, ran.stderr) == (1, "")


@pytest.mark.slow
def test_the_packs_travel_with_the_distribution(clean):
    loaded = run(
        clean / "python",
        "-c",
        "from shoumi.engine.jurisdiction import load_pack; print(load_pack('cn').id, load_pack('jp').id)",
    )
    assert loaded.stdout.split() == ["cn", "jp"], loaded.stderr


@pytest.mark.slow
def test_the_policies_travel_with_the_distribution(clean):
    checked = run(clean / "python", "-c", "from shoumi.engine.policy import check_policies; check_policies()")
    assert checked.returncode == 0, checked.stderr


@pytest.mark.slow
def test_a_scan_needs_nothing_more(clean, tmp_path):
    (tmp_path / "会议.txt").write_text("核心商密\n资料", encoding="utf-8")
    found = run(clean / "shoumi", "scan", tmp_path, "--format", "jsonl")
    assert found.returncode == 12, found.stderr
    assert '"id": "cn.core_secret"' in found.stdout
    assert run(clean / "shoumi", "scan", tmp_path, "--engine", "ray://localhost:1").returncode == 5
