"""The internal time-stamp authority: the openssl program with a key of our own.

Source: RFC 3161 as `openssl ts` speaks it.  Its word is that of this organisation about its own clock:
enough to order events and to bind a key to a time, not the word of a third party.  Keys are made on
first use in a folder only its owner can read; replacing them is done by hand.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Final

from shoumi.engine.errors import ConfigurationError, UnavailableError
from shoumi.engine.evidence.timestamp import AuthorityKind, TimestampToken, request_for, verify_reply

CA_CERTIFICATE: Final = "ca.pem"
CERTIFICATE: Final = "tsa.pem"
KEYS: Final = ("ca.key", "tsa.key")

_CONFIG: Final = "tsa.cnf"
_FILES: Final = (CA_CERTIFICATE, CERTIFICATE, *KEYS, _CONFIG)
_DAYS: Final = 30 * 365  # evidence is read decades later
_SERIAL_BYTES: Final = 16  # random, so that no counter can be lost in a crash

# The policy stands under the number RFC 5612 keeps for examples: it promises nothing.
# The token embeds the signer only: with a chain in it (`certs =`) some readers refuse the order of the set.
_CONFIG_TEXT: Final = """\
[req]
distinguished_name = name
prompt = no
string_mask = utf8only
utf8 = yes
[name]
CN = $ENV::SHOUMI_TSA_NAME
[ca]
basicConstraints = critical,CA:true,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa]
default_policy = 1.3.6.1.4.1.32473.1.1
digests = sha256, sha384, sha512
signer_digest = sha256
accuracy = secs:1
ordering = no
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
serial = $ENV::SHOUMI_TSA_SERIAL
"""


class OpenSSLMissingError(UnavailableError):
    """The openssl program is not installed, or does not finish in time."""

    code = "unavailable.openssl"
    message = "The openssl program cannot be run: {reason}."


class AuthorityFilesError(ConfigurationError):
    """The folder of the internal authority is incomplete, readable by others, or openssl refuses it."""

    code = "configuration.timestamp_authority"
    message = "The internal time-stamp authority in {path} cannot be used: {reason}."


class OpenSSLAuthority:
    """A `TimestampAuthority` that runs `openssl ts` with keys in `directory`."""

    kind: AuthorityKind = "internal"

    def __init__(
        self,
        directory: Path,
        *,
        name: str = "Shoumi internal time-stamp",
        timeout: timedelta = timedelta(seconds=10),
    ) -> None:
        self.name = name
        self._directory = directory
        self._timeout = timeout

    @property
    def certificates(self) -> bytes:
        """The authority's root certificate in PEM; made on first use.

        Raises:
            AuthorityFilesError, OpenSSLMissingError: as `prepare`.
        """
        self.prepare()
        return (self._directory / CA_CERTIFICATE).read_bytes()

    def prepare(self) -> None:
        """Make the keys and certificates if there are none yet; safe to call again and concurrently.

        Raises:
            AuthorityFilesError: the folder holds some of the files only, or others may read the keys.
            OpenSSLMissingError: openssl cannot be run.
        """
        present = [name for name in _FILES if (self._directory / name).exists()]
        if not present:
            self._make()
        elif len(present) != len(_FILES):
            missing = ", ".join(sorted(set(_FILES) - set(present)))
            raise AuthorityFilesError(path=str(self._directory), reason=f"{missing} missing")
        for name in KEYS:
            if (self._directory / name).stat().st_mode & 0o077:
                raise AuthorityFilesError(path=str(self._directory), reason=f"others may read {name}")

    def stamp(self, data: bytes) -> TimestampToken:
        """Return a token over `data`, as `TimestampAuthority` says.

        Raises:
            AuthorityFilesError, OpenSSLMissingError: as `prepare`.
            EvidenceError: (a leaf of it) what openssl made does not verify.
        """
        self.prepare()
        request = request_for(data)
        with tempfile.TemporaryDirectory(prefix="shoumi-tsa-") as folder:
            query, reply, serial = (Path(folder) / name for name in ("query", "reply", "serial"))
            query.write_bytes(request.der)
            serial.write_text(f"{secrets.randbits(_SERIAL_BYTES * 8 - 1):032X}\n", encoding="ascii")
            ts = ["ts", "-reply", "-config", _CONFIG, "-section", "tsa"]
            files = [
                "-signer",
                CERTIFICATE,
                "-inkey",
                "tsa.key",
                "-queryfile",
                str(query),
                "-out",
                str(reply),
            ]
            self._openssl(self._directory, *ts, *files, serial=str(serial))
            der = reply.read_bytes()
        return verify_reply(der, request, data, (self._directory / CA_CERTIFICATE).read_bytes())

    def _make(self) -> None:
        """Build the folder aside and rename it into place, so that it is whole or absent."""
        self._directory.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".tsa-", dir=self._directory.parent))
        try:
            (draft / _CONFIG).write_text(_CONFIG_TEXT, encoding="utf-8")
            for key in KEYS:
                curve = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
                os.close(os.open(draft / key, os.O_CREAT | os.O_EXCL, 0o600))
                self._openssl(draft, "genpkey", *curve, "-out", key)
                (draft / key).chmod(0o600)
            new = ["req", "-config", _CONFIG, "-new", "-x509", "-sha256", "-days", str(_DAYS)]
            self._openssl(
                draft, *new, "-key", "ca.key", "-extensions", "ca", "-out", CA_CERTIFICATE, suffix=" root"
            )
            issuer = ["-CA", CA_CERTIFICATE, "-CAkey", "ca.key"]
            self._openssl(draft, *new, *issuer, "-key", "tsa.key", "-extensions", "leaf", "-out", CERTIFICATE)
            self._place(draft)
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _place(self, draft: Path) -> None:
        try:
            draft.rename(self._directory)
        except OSError as error:  # somebody else was faster, or files of another kind lie there
            if not all((self._directory / name).exists() for name in _FILES):
                raise AuthorityFilesError(
                    path=str(self._directory), reason="the folder is not empty"
                ) from error

    def _openssl(self, folder: Path, *arguments: str, serial: str = "", suffix: str = "") -> None:
        program = shutil.which("openssl")
        if program is None:
            raise OpenSSLMissingError(reason="it is not installed")
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "LC_ALL": "C.UTF-8",
            "SHOUMI_TSA_NAME": self.name + suffix,
            "SHOUMI_TSA_SERIAL": serial,
        }
        try:
            done = subprocess.run(  # noqa: S603 - a fixed program with arguments of our own
                [program, *arguments],
                cwd=folder,
                env=environment,
                capture_output=True,
                check=False,
                timeout=self._timeout.total_seconds(),
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise OpenSSLMissingError(reason=str(error)) from error
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().replace("\n", "; ")
            raise AuthorityFilesError(path=str(self._directory), reason=f"openssl says {said}")
