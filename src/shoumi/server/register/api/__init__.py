"""The API of the register: secrets below /api/v1/secrets, operations on them below /api/v1/operations."""

from shoumi.server.register.api.operations import router as operations_router
from shoumi.server.register.api.secrets import router

__all__ = ["operations_router", "router"]
