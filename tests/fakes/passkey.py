"""A passkey in software: makes and uses WebAuthn credentials as a browser with an authenticator would.

Source: W3C Web Authentication Level 2, sections 6.1 (authenticator data), 6.5.4 (attested credential data),
5.8.1 (client data).  ES256 only, attestation "none".
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor

USER_PRESENT, USER_VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def encode(data: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(data).decode().rstrip("=")


def decode(text: str) -> bytes:
    """The reverse."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class SoftwarePasskey:
    """One authenticator with one credential."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = os.urandom(32)
        self.user_handle = b""
        self.counter = 0
        self.verifies = True  # that it is the right person, by fingerprint or PIN

    def _client_data(self, kind: str, challenge: str) -> bytes:
        data = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(data).encode()

    def _authenticator_data(self, rp_id: str, flags: int, more: bytes = b"") -> bytes:
        self.counter += 1
        head = hashlib.sha256(rp_id.encode()).digest()
        return head + struct.pack(">BI", flags, self.counter) + more

    def create(self, options: dict) -> dict:
        """Answer `navigator.credentials.create`."""
        asked = options["publicKey"]
        self.user_handle = decode(asked["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        public = cbor.encode(
            {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        )
        attested = bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + public
        data = self._authenticator_data(asked["rp"]["id"], USER_PRESENT | USER_VERIFIED | ATTESTED, attested)
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        return {
            "type": "public-key",
            "id": encode(self.credential_id),
            "rawId": encode(self.credential_id),
            "response": {
                "clientDataJSON": encode(self._client_data("webauthn.create", asked["challenge"])),
                "attestationObject": encode(attestation),
            },
            "clientExtensionResults": {"credProps": {"rk": True}},
            "authenticatorAttachment": "platform",
        }

    def get(self, options: dict) -> dict:
        """Answer `navigator.credentials.get`."""
        asked = options["publicKey"]
        flags = USER_PRESENT | (USER_VERIFIED if self.verifies else 0)
        data = self._authenticator_data(asked["rpId"], flags)
        client = self._client_data("webauthn.get", asked["challenge"])
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return {
            "type": "public-key",
            "id": encode(self.credential_id),
            "rawId": encode(self.credential_id),
            "response": {
                "clientDataJSON": encode(client),
                "authenticatorData": encode(data),
                "signature": encode(signature),
                "userHandle": encode(self.user_handle),
            },
            "clientExtensionResults": {},
            "authenticatorAttachment": "platform",
        }
