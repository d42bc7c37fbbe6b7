"""Any time-stamp authority that answers over HTTP, such as one outside the organisation.

Source: RFC 3161, section 3.4.  One question, one answer: retrying, and showing the gap meanwhile, is the
ledger's task.  If there is no answer there is no time-stamp; the local clock never stands in.
"""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import timedelta
from email.message import Message
from typing import IO, Final
from urllib.parse import urlsplit

from shoumi.engine.errors import ConfigurationError, UnavailableError
from shoumi.engine.evidence.timestamp import (
    MAX_REPLY_BYTES,
    AuthorityKind,
    TimestampToken,
    read_certificates,
    request_for,
    verify_reply,
)

_OK: Final = 200


class AuthorityUnavailableError(UnavailableError):
    """The authority did not answer in time, or not with a time-stamp reply."""

    code = "unavailable.timestamp_authority"
    message = "The time-stamp authority {name} did not give a time-stamp: {reason}."


class AuthorityAddressError(ConfigurationError):
    """The address is not one of HTTP."""

    code = "configuration.timestamp_address"
    message = "The address of the time-stamp authority must begin with http:// or https://."


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Redirects are refused: the authority asked is the one that was configured."""

    def redirect_request(  # noqa: PLR0913, PLR0917 - the signature is urllib's
        self,
        req: urllib.request.Request,  # noqa: ARG002
        fp: IO[bytes],  # noqa: ARG002
        code: int,  # noqa: ARG002
        msg: str,  # noqa: ARG002
        headers: Message,  # noqa: ARG002
        newurl: str,  # noqa: ARG002
    ) -> None:
        return None


class HTTPAuthority:
    """A `TimestampAuthority` at `url`, whose tokens must verify under `roots` (PEM)."""

    kind: AuthorityKind = "external"

    def __init__(
        self,
        url: str,
        *,
        name: str,
        roots: bytes,
        timeout: timedelta = timedelta(seconds=10),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Keep the settings; nothing is asked yet.

        Raises:
            AuthorityAddressError: `url` is not http or https.
            CertificateShapeError: `roots` is not PEM.
        """
        if urlsplit(url).scheme not in {"http", "https"}:
            raise AuthorityAddressError
        read_certificates(roots)
        self.name = name
        self.certificates = roots
        self._url = url
        self._timeout = timeout.total_seconds()
        self._headers = dict(headers or {})
        self._opener = urllib.request.build_opener(_NoRedirect)

    def stamp(self, data: bytes) -> TimestampToken:
        """Return a token over `data`, as `TimestampAuthority` says.

        Raises:
            AuthorityUnavailableError: no answer, an HTTP error, or an answer too long.
            TimestampShapeError, TimestampMismatchError, TimestampUntrustedError: it answered with
                something that is not a token for this query under `roots`.
        """
        request = request_for(data)
        reply = self._post(request.der)
        return verify_reply(reply, request, data, self.certificates)

    def _post(self, query: bytes) -> bytes:
        headers = {
            **self._headers,
            "Content-Type": "application/timestamp-query",
            "Accept": "application/timestamp-reply",
        }
        # The scheme was checked when the address was set.
        request = urllib.request.Request(self._url, data=query, headers=headers, method="POST")  # noqa: S310
        try:
            with self._opener.open(request, timeout=self._timeout) as response:
                if response.status != _OK:
                    raise AuthorityUnavailableError(name=self.name, reason=f"HTTP status {response.status}")
                reply: bytes = response.read(MAX_REPLY_BYTES + 1)
        except urllib.error.HTTPError as error:
            raise AuthorityUnavailableError(name=self.name, reason=f"HTTP status {error.code}") from error
        except (OSError, http.client.HTTPException) as error:
            raise AuthorityUnavailableError(name=self.name, reason=str(error) or "no answer") from error
        if len(reply) > MAX_REPLY_BYTES:
            raise AuthorityUnavailableError(name=self.name, reason="the answer is too long")
        return reply
