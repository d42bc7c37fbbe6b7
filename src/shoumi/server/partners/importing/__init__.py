"""The import of partners from tables, for the wizard of `files.tables`."""

from shoumi.server.partners.importing.kind import PARTNER_IMPORT

__all__ = ["PARTNER_IMPORT"]
