"""Lets a Ray cluster inspect: file lists in batches, indexes once per node, each file told exactly once.

    with Scan(connect("ray://head:6379", setting), policy, facts) as scan:
        ...

The files lie where every node sees them under the same path.  Needs the extra `[cluster]` and, on this
machine, a running node of the cluster; refuses a cluster without token authentication.  Keys of indexes
travel with the work in memory and are never written on a node; where the network is not trusted, Ray's TLS
must be on.
"""

from shoumi.connectors.cluster.connecting import (
    ClusterAddressError,
    ClusterMissingError,
    ClusterTokenError,
    ClusterUnavailableError,
    connect,
)
from shoumi.connectors.cluster.engine import RayEngine

__all__ = [
    "ClusterAddressError",
    "ClusterMissingError",
    "ClusterTokenError",
    "ClusterUnavailableError",
    "RayEngine",
    "connect",
]
