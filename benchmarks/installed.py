"""An installation with the demonstration company in this very process, for benchmarks of the console.

Nothing is listening: benchmarks call views and services directly.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def installation(directory: Path, database_url: str) -> Iterator[None]:
    """Set Django up on a new database below `directory`, or on the one at `database_url`."""
    os.environ["SHOUMI_DATA_DIRECTORY"] = str(directory)
    os.environ["DJANGO_SETTINGS_MODULE"] = "shoumi.server.project.settings"
    os.environ.pop("DATABASE_URL", None)
    if database_url:
        os.environ["DATABASE_URL"] = database_url
    import django

    django.setup()
    from django.core.management import call_command

    from shoumi.server.project.demo import demonstration_load
    from shoumi.server.project.static_files import collect_when_changed

    collect_when_changed()
    call_command("migrate", verbosity=0)
    demonstration_load(report=lambda _line: None)
    yield
