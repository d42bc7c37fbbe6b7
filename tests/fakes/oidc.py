"""A company's sign-in service in a thread: OpenID Connect by authorization code, signed with RS256.

Source: OpenID Connect Core 1.0 (section 3.1) and Discovery 1.0.  Everybody who asks is let in as `person`.
"""

from __future__ import annotations

import base64
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa


class OIDCProvider:
    """Listens on a free port of 127.0.0.1 until `close`."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.person = {"sub": "1", "email": "ann@example.com", "email_verified": True, "name": "Ann"}
        self.sign_with = self.key  # another key here: a forged token
        self.audience = "shoumi"
        self.codes: dict[str, str] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self.server.shutdown()
        self.server.server_close()

    def authorize(self, address: str) -> dict[str, str]:
        """Do what the person's browser would at `address`; return the parameters sent back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked.get("nonce", "")
        return {"code": code, "state": asked["state"]}

    def _id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {"iss": self.url, "aud": self.audience, "iat": now, "exp": now + 60, **self.person}
        return jwt.encode(
            claims | ({"nonce": nonce} if nonce else {}), self.sign_with, "RS256", {"kid": "k1"}
        )

    def _keys(self) -> dict[str, object]:
        numbers = self.key.public_key().public_numbers()

        def number(value: int) -> str:
            data = value.to_bytes((value.bit_length() + 7) // 8, "big")
            return base64.urlsafe_b64encode(data).decode().rstrip("=")

        return {
            "keys": [
                {
                    "kty": "RSA",
                    "kid": "k1",
                    "use": "sig",
                    "alg": "RS256",
                    "n": number(numbers.n),
                    "e": number(numbers.e),
                }
            ]
        }

    def _answer(self, path: str, form: dict[str, str]) -> tuple[int, object]:
        if path == "/.well-known/openid-configuration":
            return 200, {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "jwks_uri": f"{self.url}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            }
        if path == "/keys":
            return 200, self._keys()
        if path == "/token" and form.get("code") in self.codes:
            token = self._id_token(self.codes.pop(form["code"]))
            return 200, {"access_token": "a", "token_type": "Bearer", "expires_in": 60, "id_token": token}
        if path == "/userinfo":
            return 200, self.person
        return 400, {"error": "invalid_grant"}

    def _handler(provider) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - the handler below is `self`
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._reply({})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                self._reply({name: values[0] for name, values in parse_qs(body).items()})

            def _reply(self, form: dict[str, str]) -> None:
                status, answer = provider._answer(urlsplit(self.path).path, form)
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_arguments: object) -> None:
                """Say nothing."""

        return Handler


def callback(path: str, parameters: dict[str, str]) -> str:
    """Return the address to which the service sends the browser back."""
    return f"{path}?{urlencode(parameters)}"
