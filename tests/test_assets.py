"""What browsers are served: locked by hash, named icons that exist, nothing from elsewhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SERVER = ROOT / "src" / "shoumi" / "server"
VENDOR = SERVER / "static" / "vendor"
PAPER = {"printing", "print"}  # drawn as PDF, never shown in a browser
TEMPLATES = sorted(path for path in (SERVER / "templates").rglob("*.html") if not PAPER & {*path.parts})


def test_every_package_is_locked_by_its_hash_and_by_no_address():
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert "http" not in json.dumps(lock)
    assert "registry=" not in (ROOT / ".npmrc").read_text(encoding="ascii")


def test_nothing_fetched_is_committed():
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8")
    assert "/src/shoumi/server/static/vendor/" in ignored
    assert "node_modules/" in ignored


def test_the_files_of_others_are_there_and_name_no_missing_map():
    names = {"tabler.min.css", "tabler.min.js", "htmx.min.js", "tus.min.js", "icons.json", "licences.json"}
    assert names <= {path.name for path in VENDOR.iterdir()}
    assert not [path.name for path in VENDOR.glob("*.min.*") if b"sourceMappingURL" in path.read_bytes()]


def test_licences_of_what_is_served_are_known_and_free():
    listed = json.loads((VENDOR / "licences.json").read_text(encoding="utf-8"))
    assert {"@tabler/core", "htmx.org", "tus-js-client"} <= {entry["name"] for entry in listed}
    assert {entry["licence"] for entry in listed} <= {
        "MIT",
        "0BSD",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "ISC",
        "BlueOak-1.0.0",
        "Apache-2.0",
        "(MIT OR Apache-2.0)",
    }


def test_every_icon_that_is_named_exists():
    known = set(json.loads((VENDOR / "icons.json").read_text(encoding="utf-8")))
    named = {
        name
        for path in TEMPLATES
        for name in re.findall(
            r"""{% icon "([a-z0-9-]+)"|icon_name="([a-z0-9-]+)\"""", path.read_text(encoding="utf-8")
        )
        for name in name
        if name
    }
    named |= {
        name
        for path in SERVER.rglob("*.py")
        for name in re.findall(r'icon="([a-z0-9-]+)"', path.read_text(encoding="utf-8"))
    }
    assert named
    assert not named - known


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SERVER / "templates")))
def test_no_template_holds_script_or_style_or_foreign_addresses(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*(\bsrc=|application/json))", text)
    assert not re.search(r"<style|\sstyle=|\son(click|change|submit|load|input)=", text)
    assert not re.search(r'(src|href)="(https?:)?//', text)
