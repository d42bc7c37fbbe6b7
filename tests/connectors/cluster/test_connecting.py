"""Joining a cluster: only by its address, only with a token, and what is missing is said."""

from __future__ import annotations

import builtins
import importlib

import pytest

from shoumi.connectors.cluster import (
    ClusterAddressError,
    ClusterMissingError,
    ClusterTokenError,
    connect,
)
from shoumi.sandbox.scanning import Setting


@pytest.fixture(autouse=True)
def _no_token(monkeypatch, tmp_path):
    for name in ("RAY_AUTH_MODE", "RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.mark.parametrize(
    "address", ["", "ray://", "head:6379", "http://head:6379", "ray://head", "ray://a b:1"]
)
def test_another_form_is_refused(address):
    with pytest.raises(ClusterAddressError):
        connect(address, Setting())


def test_without_a_token_nothing_is_joined():
    with pytest.raises(ClusterTokenError, match="RAY_AUTH_TOKEN_PATH"):
        connect("ray://localhost:1", Setting())


def test_switched_off_authentication_is_refused(monkeypatch):
    monkeypatch.setenv("RAY_AUTH_MODE", "disabled")
    monkeypatch.setenv("RAY_AUTH_TOKEN", "00" * 32)
    with pytest.raises(ClusterTokenError, match="RAY_AUTH_MODE is disabled"):
        connect("ray://localhost:1", Setting())


def test_the_missing_extra_is_named(monkeypatch):
    monkeypatch.setenv("RAY_AUTH_TOKEN", "00" * 32)
    load = importlib.import_module

    def without(name, *more):
        if name == "ray":
            raise builtins.ImportError(name)
        return load(name, *more)

    monkeypatch.setattr(importlib, "import_module", without)
    with pytest.raises(ClusterMissingError, match=r"shoumi\[cluster\]"):
        connect("ray://localhost:1", Setting())
