"""A real OpenLDAP server on loopback, in a folder of its own, with entries that a test gives.

It is started once for a test, listens on a free port with and without TLS, and is stopped by its handle.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import subprocess
import time
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

BASE = "dc=example,dc=com"
ADMIN, PASSWORD = f"cn=admin,{BASE}", "canary-password-31d0"
SCHEMAS = ("core", "cosine", "inetorgperson")
TEXT, WHOLE, NAME = (f"1.3.6.1.4.1.1466.115.121.1.{kind}" for kind in (15, 27, 12))
ACTIVE_DIRECTORY = (  # as much of it as is read here, under its own numbers
    f"attributetype ( 1.2.840.113556.1.4.221 NAME 'sAMAccountName' EQUALITY caseIgnoreMatch SYNTAX {TEXT} )",
    f"attributetype ( 1.2.840.113556.1.4.8 NAME 'userAccountControl' EQUALITY integerMatch SYNTAX {WHOLE} )",
    f"attributetype ( 1.2.840.113556.1.2.102 NAME 'memberOf' EQUALITY distinguishedNameMatch SYNTAX {NAME} )",
    f"attributetype ( 1.2.840.113556.1.4.35 NAME 'employeeID' EQUALITY caseIgnoreMatch SYNTAX {TEXT} )",
    f"attributetype ( 1.2.840.113556.1.2.141 NAME 'department' EQUALITY caseIgnoreMatch SYNTAX {TEXT} )",
    (
        "objectclass ( 1.2.840.113556.1.5.9 NAME 'user' SUP organizationalPerson STRUCTURAL MAY ( "
        "sAMAccountName $ userAccountControl $ memberOf $ employeeID $ department $ displayName $ mail ) )"
    ),
)


class Slapd:
    """Use as a context manager; `folder` must have a short path and be empty."""

    def __init__(self, folder: Path, ldif: str, size_limit: int = 500) -> None:
        self.folder, self._ldif, self._limit = folder, ldif, size_limit
        self.port, self.tls_port = free_port(), free_port()
        self.ca_file = folder / "certificate.pem"

    @property
    def url(self) -> str:
        return f"ldap://127.0.0.1:{self.port}"

    @property
    def tls_url(self) -> str:
        return f"ldaps://127.0.0.1:{self.tls_port}"

    def __enter__(self) -> Self:
        self._certify()
        (self.folder / "data").mkdir()
        lines = [f"include /etc/ldap/schema/{name}.schema" for name in SCHEMAS]
        lines += ACTIVE_DIRECTORY
        lines += [
            "modulepath /usr/lib/ldap", "moduleload back_mdb",
            f"sizelimit size={self._limit} size.prtotal=unlimited",
            f"TLSCertificateFile {self.ca_file}", f"TLSCertificateKeyFile {self.folder / 'key.pem'}",
            "database mdb", f"suffix {BASE}", f"rootdn {ADMIN}", f"rootpw {PASSWORD}",
            f"directory {self.folder / 'data'}", "access to * by users read by anonymous auth",
        ]  # fmt: skip
        config = self.folder / "slapd.conf"
        config.write_text("\n".join(lines) + "\n", encoding="utf-8")
        subprocess.run(
            ["/usr/sbin/slapadd", "-q", "-f", config],
            input=self._ldif.encode(),
            check=True,
            capture_output=True,
        )
        listening = f"{self.url}/ {self.tls_url}/"
        self._server = subprocess.Popen(
            ["/usr/sbin/slapd", "-f", config, "-h", listening, "-d", "0"], stderr=subprocess.DEVNULL
        )
        for _try in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.tls_port)) == 0:
                    return self
            time.sleep(0.02)
        raise AssertionError("slapd does not listen")

    def __exit__(self, *_exception: object) -> None:
        self._server.terminate()
        self._server.wait(10)

    def _certify(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
        now = dt.datetime.now(dt.UTC)
        address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(address, critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        self.ca_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (self.folder / "key.pem").write_bytes(pem)


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def person(number: str, name: str, department: str, uid: str = "", **more: str) -> str:
    """Return an entry in LDIF."""
    uid = uid or number
    values = {"uid": uid, "cn": name, "sn": name, "departmentNumber": department, "employeeNumber": number}
    known = [f"{key}: {value}" for key, value in (values | more).items() if value]
    lines = [f"dn: uid={uid},{BASE}", "objectClass: inetOrgPerson", *known]
    return "\n".join(lines) + "\n\n"


def account(number: str, name: str, department: str, control: int, *groups: str) -> str:
    """Return an entry in LDIF as Active Directory has it."""
    values = {"cn": name, "sn": name, "displayName": name, "department": department, "employeeID": number}
    lines = [f"dn: cn={number},{BASE}", "objectClass: user", f"cn: {number}", f"sAMAccountName: u{number}"]
    lines += [f"{key}: {value}" for key, value in values.items() if key != "cn"]
    lines += [f"userAccountControl: {control}", *(f"memberOf: {group}" for group in groups)]
    return "\n".join(lines) + "\n\n"


ROOT = f"dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\no: Example\ndc: example\n\n"
