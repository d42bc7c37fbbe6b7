"""The API of the register: secrets, operations, ledgers, carriers, storage units and inventories."""

from shoumi.server.register.api.carriers import carriers_router, inventories_router, storage_router
from shoumi.server.register.api.ledgers import router as ledgers_router
from shoumi.server.register.api.operations import router as operations_router
from shoumi.server.register.api.secrets import router

__all__ = [
    "carriers_router",
    "inventories_router",
    "ledgers_router",
    "operations_router",
    "router",
    "storage_router",
]
