"""Brings the browser files of other projects into the console's static folder; `make assets` calls it.

What is fetched is written in `package.json`, and by what hash in `package-lock.json`.  Nothing fetched is
committed, and no script of a fetched package is run.  A second run with nothing changed does nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.sax.saxutils import quoteattr

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "src" / "shoumi" / "server" / "static" / "vendor"
STAMP = VENDOR / "stamp.txt"

FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.min.js",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "echarts/dist/echarts.min.js": "echarts.min.js",
    "tus-js-client/dist/tus.min.js": "tus.min.js",
    "signature_pad/dist/signature_pad.umd.min.js": "signature_pad.umd.min.js",
    "qr/decode.js": "qr/decode.js",
    "qr/index.js": "qr/index.js",
}
NODES = "@tabler/icons/tabler-nodes-outline.json"  # drawn inline, so no icon costs a request
NAMED_IN_READ_ME = {"combine-errors": "MIT"}  # packages whose own description forgets the licence
SOURCE_MAP = re.compile(rb"\n?(//|/\*)# sourceMappingURL=[^\n*]*(\*/)?\s*$")  # maps are not shipped


def wanted_stamp() -> str:
    """Return what the stamp file holds when everything below `VENDOR` is current."""
    parts = [ROOT / "package-lock.json", Path(__file__)]
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


def is_current() -> bool:
    """Tell whether the last run copied just what is asked for now."""
    targets = [*FILES.values(), "icons.json", "licences.json"]
    return (
        STAMP.exists()
        and STAMP.read_text(encoding="ascii") == wanted_stamp()
        and all((VENDOR / name).exists() for name in targets)
        and (MODULES / "axe-core" / "axe.min.js").exists()
    )


def icon_markup(nodes: list[list[object]]) -> str:
    """Return the inside of one icon's `<svg>` from the package's list of [tag, attributes]."""
    return "".join(
        f"<{tag} " + " ".join(f"{key}={quoteattr(str(value))}" for key, value in attributes.items()) + "/>"
        for tag, attributes in nodes
    )


def licences() -> list[dict[str, str]]:
    """Return name, version and licence of each package whose files are served."""
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    return [
        {
            "name": path.removeprefix("node_modules/"),
            "version": entry["version"],
            "licence": entry.get("license") or NAMED_IN_READ_ME.get(path.removeprefix("node_modules/"), ""),
        }
        for path, entry in sorted(lock.items())
        if path and not entry.get("dev")
    ]


def copy_all() -> None:
    """Write every served file anew, and the stamp last."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    STAMP.unlink(missing_ok=True)
    for source, name in FILES.items():
        (VENDOR / name).parent.mkdir(exist_ok=True)
        (VENDOR / name).write_bytes(SOURCE_MAP.sub(b"\n", (MODULES / source).read_bytes()))
    nodes = json.loads((MODULES / NODES).read_text(encoding="utf-8"))
    icons = {name: icon_markup(parts) for name, parts in sorted(nodes.items())}
    (VENDOR / "icons.json").write_text(json.dumps(icons, separators=(",", ":")), encoding="utf-8")
    (VENDOR / "licences.json").write_text(json.dumps(licences(), indent=1), encoding="utf-8")
    STAMP.write_text(wanted_stamp(), encoding="ascii")


def main() -> int:
    """Fetch and copy if something changed; return the exit status."""
    if is_current():
        return 0
    npm = shutil.which("npm")
    if npm is None:
        sys.stderr.write("npm is missing; install the Debian packages nodejs and npm\n")
        return 5
    done = subprocess.run([npm, "ci", "--ignore-scripts", "--loglevel=error"], cwd=ROOT, check=False)
    if done.returncode:
        return done.returncode
    copy_all()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
