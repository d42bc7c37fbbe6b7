"""Time-stamp authorities behind one port: an internal one by OpenSSL, and any other over HTTP."""

from shoumi.connectors.tsa.http import HTTPAuthority
from shoumi.connectors.tsa.internal import OpenSSLAuthority

__all__ = ["HTTPAuthority", "OpenSSLAuthority"]
