"""The fixtures of the invented company."""

from tests.server.approvals.company import calls, company

__all__ = ["calls", "company"]
