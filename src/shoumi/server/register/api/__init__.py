"""The API of the register: secrets, operations on them, and the two secrets ledgers, each with its router."""

from shoumi.server.register.api.ledgers import router as ledgers_router
from shoumi.server.register.api.operations import router as operations_router
from shoumi.server.register.api.secrets import router

__all__ = ["ledgers_router", "operations_router", "router"]
