"""The demonstration company: invented people, secrets and files, loaded once through the real services."""

from shoumi.server.project.demo.load import demonstration_load

__all__ = ["demonstration_load"]
