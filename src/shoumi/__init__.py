"""Shoumi keeps a company's trade secrets and customer information, and can prove it.

The floors, from top to bottom: cli, server, edge and connectors, sandbox, engine, packs.
Imports run downwards only; `import-linter` holds the contracts in `pyproject.toml`.
"""

__version__ = "0.1.0"
