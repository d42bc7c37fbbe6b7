"""One HTTP question with a limit on time and length, without redirects.

Only `http` and `https` are spoken.  What an answer means is the caller's.
"""

from __future__ import annotations

import http.client
import ssl
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from shoumi.engine.errors import ConfigurationError, UnavailableError

_TEXT: Final = "text/plain; charset=utf-8"


class HTTPAddressError(ConfigurationError):
    """An address is not one of HTTP."""

    code = "configuration.http_address"
    message = "The address {url} does not begin with http:// or https://."


class NoAnswerError(UnavailableError):
    """Nobody answered in time, or with something that is no answer."""

    code = "unavailable.answer"
    message = "{url} gave no answer: {reason}."


def ask(url: str, method: str, body: bytes | None, *, limit: int, timeout: timedelta) -> tuple[int, bytes]:
    """Return status and body of the answer to one question at `url`.

    Raises:
        HTTPAddressError: `url` is not http or https.
        NoAnswerError: none in time, one that is no HTTP, or one longer than `limit` bytes.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise HTTPAddressError(url=url)
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(
            parts.hostname, parts.port, timeout=timeout.total_seconds(), context=context
        )
    else:
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout.total_seconds())
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(method, target or "/", body, {} if body is None else {"Content-Type": _TEXT})
        answer = connection.getresponse()
        data = answer.read(limit + 1)
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswerError(url=url, reason=str(error) or type(error).__name__) from error
    finally:
        connection.close()
    if len(data) > limit:
        raise NoAnswerError(url=url, reason=f"it is longer than {limit} bytes")
    return answer.status, data
