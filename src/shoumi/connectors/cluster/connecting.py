"""Joins a Ray cluster, with its token, or says what is missing.

Source: the manual of Ray, "token authentication" (`RAY_AUTH_MODE=token`, since 2.52).  Ray is imported here
and nowhere before, so that whoever has no cluster needs no Ray.
"""

from __future__ import annotations

import importlib
import os
import re
from pathlib import Path
from typing import Any, Final

from shoumi.connectors.cluster.engine import RayEngine
from shoumi.engine.errors import ConfigurationError, InputError, UnavailableError
from shoumi.sandbox.scanning import Setting
from shoumi.sandbox.workers import WorkLimits

_ADDRESS: Final = re.compile(r"ray://([\w.:\[\]-]+:\d{1,5})")
_TOKENS: Final = ("RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH")
_DEFAULT_TOKEN: Final = "~/.ray/auth_token"  # noqa: S105 - where it lies


class ClusterAddressError(InputError):
    """The engine was named in another form."""

    code = "input.cluster_address"
    message = "An engine is named as ray://HOST:PORT, not {address}."


class ClusterMissingError(ConfigurationError):
    """The extra with Ray and Parquet is not installed."""

    code = "configuration.cluster_missing"
    message = "This needs the extra: pip install 'shoumi[cluster]'."


class ClusterTokenError(ConfigurationError):
    """There is no token, or authentication was switched off."""

    code = "configuration.cluster_token"
    message = "The cluster is used with token authentication only: {reason}."


class ClusterUnavailableError(UnavailableError):
    """No cluster answers."""

    code = "unavailable.cluster"
    message = "The cluster at {address} does not answer: {reason}."


def connect(address: str, setting: Setting, limits: WorkLimits | None = None) -> RayEngine:
    """Return an engine on the cluster whose head is at `address`, `ray://HOST:PORT`.

    Raises:
        ClusterAddressError: another form.
        ClusterTokenError: no token.
        ClusterMissingError: Ray is not installed.
        ClusterUnavailableError: nobody answers, the token is another, or this machine is no node.
    """
    named = _ADDRESS.fullmatch(address)
    if not named:
        raise ClusterAddressError(address=address)
    _require_token()
    ray = _ray()
    try:
        ray.init(address=named[1], log_to_driver=False, logging_level="ERROR", configure_logging=False)
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        first = str(error).strip().splitlines() or [type(error).__name__]
        raise ClusterUnavailableError(address=address, reason=first[0][:200]) from error
    return RayEngine(ray, setting, limits)


def _require_token() -> None:
    mode = os.environ.setdefault("RAY_AUTH_MODE", "token")
    if mode.lower() != "token":
        raise ClusterTokenError(reason=f"RAY_AUTH_MODE is {mode}")
    if not any(os.environ.get(name) for name in _TOKENS) and not Path(_DEFAULT_TOKEN).expanduser().is_file():
        raise ClusterTokenError(reason=f"set RAY_AUTH_TOKEN_PATH, or put the token into {_DEFAULT_TOKEN}")


def _ray() -> Any:  # noqa: ANN401 - Ray has no usable types
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nobody is told that we scan
    try:
        return importlib.import_module("ray")
    except ImportError as error:
        raise ClusterMissingError from error
