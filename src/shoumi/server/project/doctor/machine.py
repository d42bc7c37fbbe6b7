"""Checks of the machine: directories, modes of key files, secrecy settings, missing programs."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
from collections.abc import Iterator
from ctypes.util import find_library
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shoumi.connectors.media import missing_programs
from shoumi.server.project.config import Config
from shoumi.server.project.doctor.finding import Finding, Level

OPENSSL_AT_LEAST = (3, 0)
FREE_BYTES_AT_LEAST = 5 * 1024**3
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def data_findings(config: Config) -> Iterator[Finding]:
    """Examine the data directory: there, ours, closed to others, with room left."""
    home = Path(config.data_directory).absolute()
    if not home.is_dir():
        yield Finding(
            Level.FAIL,
            "data",
            _("{path} is missing.").format(path=home),
            _("Start `shoumi run` once, or set SHOUMI_DATA_DIRECTORY."),
        )
        return
    if not os.access(home, os.W_OK | os.X_OK):
        yield Finding(
            Level.FAIL,
            "data",
            _("{path} cannot be written.").format(path=home),
            _("chown it to the user that runs Shoumi (now uid {uid}).").format(uid=os.getuid()),
        )
    mode = stat.S_IMODE(home.stat().st_mode)
    if mode & 0o077:
        yield Finding(Level.WARN, "data", _open_to_others(home, mode), f"chmod 700 {home}")
    free = shutil.disk_usage(home).free
    if free < FREE_BYTES_AT_LEAST:
        yield Finding(
            Level.WARN,
            "data",
            _("{free} GiB are free in {path}.").format(free=f"{free / 1024**3:.1f}", path=home),
            _("Make room: uploads and the ledger stop when it is full."),
        )
    else:
        yield Finding(
            Level.OK, "data", _("{path}, {free} GiB free.").format(free=f"{free / 1024**3:.0f}", path=home)
        )


def keys_findings(config: Config) -> Iterator[Finding]:
    """Examine every key file: mode 0600 and owned by the user that runs Shoumi."""
    home = Path(config.data_directory).absolute()
    files = sorted(
        path
        for folder in ("keys", "witness", "tsa")
        for path in (home / folder).rglob("*.key")
        if path.is_file()
    )
    if not files:
        yield Finding(
            Level.WARN, "keys", _("There are no key files yet."), _("They are made at the first start.")
        )
        return
    good = True
    for path in files:
        facts = path.stat()
        if stat.S_IMODE(facts.st_mode) & 0o077:
            good = False
            yield Finding(
                Level.FAIL,
                "keys",
                _open_to_others(path, stat.S_IMODE(facts.st_mode)),
                f"chmod 600 {path}",
            )
        if facts.st_uid != os.getuid():
            good = False
            yield Finding(
                Level.FAIL,
                "keys",
                _("{path} belongs to uid {owner}, not to {uid}.").format(
                    path=path, owner=facts.st_uid, uid=os.getuid()
                ),
                f"chown {os.getuid()} {path}",
            )
    if good:
        count = len(files)
        text = ngettext("{count} key file, closed to others.", "{count} key files, closed to others.", count)
        yield Finding(Level.OK, "keys", text.format(count=count))


def _open_to_others(path: Path, mode: int) -> str:
    return _("{path} is open to others (mode {mode}).").format(path=path, mode=f"{mode:04o}")


def settings_findings(config: Config) -> Iterator[Finding]:
    """Examine what must not be so in life: debug pages, plain HTTP beyond this machine."""
    if config.debug:
        yield Finding(
            Level.FAIL,
            "settings",
            _("SHOUMI_DEBUG is on: error pages show the inside."),
            _("Unset SHOUMI_DEBUG."),
        )
    address = urlsplit(config.public_url)
    if address.scheme != "https" and address.hostname not in LOOPBACK:
        yield Finding(
            Level.FAIL,
            "settings",
            _("{url} is not https: sign-ins can be read on the way.").format(url=config.public_url),
            _("Put a proxy with TLS in front and set SHOUMI_PUBLIC_URL to its https address."),
        )
    elif not config.debug:
        yield Finding(Level.OK, "settings", _("Reached as {url}.").format(url=config.public_url))


def programs_findings(_config: Config) -> Iterator[Finding]:
    """Examine the programs and libraries that Debian supplies."""
    openssl = shutil.which("openssl")
    if openssl is None:
        yield Finding(
            Level.FAIL, "programs", _("openssl is missing: no internal time-stamps."), "apt install openssl"
        )
    else:
        said = subprocess.run([openssl, "version"], capture_output=True, text=True, check=False).stdout  # noqa: S603 - the found program
        version = tuple(int(part) for part in (re.findall(r"\d+", said) or ["0", "0"])[:2])
        if version < OPENSSL_AT_LEAST:
            yield Finding(
                Level.FAIL,
                "programs",
                _("{version} is too old.").format(version=said.strip()),
                _("Install OpenSSL 3.0 or newer."),
            )
        else:
            yield Finding(Level.OK, "programs", _("{version} is installed.").format(version=said.strip()))
    for program, package in missing_programs():
        yield Finding(
            Level.WARN,
            "programs",
            _("{program} is missing: audio and video go out without a spoken reminder.").format(
                program=program
            ),
            f"apt install {package}",
        )
    if find_library("harfbuzz-subset") is None:
        yield Finding(
            Level.WARN,
            "programs",
            _("libharfbuzz-subset is missing: a PDF takes 20 s and more."),
            "apt install libharfbuzz-subset0",
        )
    if not Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").exists():
        yield Finding(
            Level.FAIL,
            "programs",
            _("The Noto CJK fonts are missing: PDFs show boxes, and PDF and pictures cannot be marked."),
            "apt install fonts-noto-cjk",
        )
