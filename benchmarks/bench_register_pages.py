"""The console's pages over 100,000 secrets, 1 M carriers and 5 M life events, on SQLite and PostgreSQL.

Each page is asked for in-process, signed in as the secrecy officer, an auditor and an employee; the figure is
the 95th percentile.  Reference, in the same run: a plain SELECT of the rows that the page shows, by their
keys.  Before anything is timed, what a search and a filter find is compared with a plain LIKE or WHERE.
Aim: under 300 ms.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import tempfile
import time
from contextlib import nullcontext
from http import HTTPStatus
from pathlib import Path

from installed import installation
from register_at_scale import RARE, SECRETS, fill, say

ROUNDS = 20
AIM_SECONDS = 0.3
READERS = ("officer", "auditor", "employee")
PAGES = {
    "home": "/",
    "register": "/register/",
    "register, page 900": "/register/?page=900",
    "sorted by name": "/register/?sort=name",
    "sorted by level": "/register/?sort=-level",
    "filter: level and state": "/register/?level=core&state=registered",
    "filter: ends within 90 days": "/register/?expiring=1&sort=ends",
    "search: 烧结": "/register/?q=烧结",
    "search: 焼結曲線": "/register/?q=焼結曲線",
    "search: battery": "/register/?q=battery",
    f"search: {RARE}": f"/register/?q={RARE}",
    "search: a number": "/register/?q=0042",
    "search in the head: 烧结": "/search/?q=烧结",
    "cockpit": "/assurance/",
}


def client_of(name: str) -> object:
    """Return a client signed in as `name`, past the reminder."""
    from django.test import Client

    from shoumi.server.accounts.models import User
    from shoumi.server.accounts.queries import reminder_for
    from shoumi.server.accounts.services import reminder_acknowledge

    user = User.objects.get(username=name)
    reminder_acknowledge(actor=user, reminder=reminder_for(user, "en"))
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def verify() -> None:
    """Compare what the list finds with plain conditions, so that nothing wrong is timed."""
    from django.db.models import Q
    from django.http import QueryDict

    from shoumi.server.accounts.models import User
    from shoumi.server.register.models import TradeSecret
    from shoumi.server.register.queries.secrets import secrets_visible_to
    from shoumi.server.register.views.lists import SecretListing

    officer = User.objects.get(username="officer")
    seen = TradeSecret.objects.filter(pk__in=secrets_visible_to(officer).values("pk"))
    for word in ("烧结", RARE, "battery", "焼結曲線"):
        found = SecretListing(officer, QueryDict(f"q={word}")).total
        plain = Q()
        for field in ("name", "number", "description", "legacy_number"):
            plain |= Q(**{f"{field}__icontains": word})
        assert found == seen.filter(plain).count() > 0, (word, found)
    found = SecretListing(officer, QueryDict("level=core&state=registered")).total
    assert found == seen.filter(level="core", state="registered").count() > 0


def count() -> None:
    """Count the figures of the cockpit, as a task does every night."""
    from shoumi.server.assurance.services.snapshots import figures_count
    from shoumi.server.people.models import LegalEntity

    for entity in LegalEntity.objects.order_by("code"):
        began = time.perf_counter()
        figures = figures_count(entity).figures
        secrets = sum(figures["secrets"].values())
        say(f"figures of {entity.code}: {secrets} secrets counted in {time.perf_counter() - began:.0f} s")


def measure() -> bool:
    """Print a line for each page and reader; return whether every page meets the aim."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    met = True
    for name in READERS:
        client = client_of(name)
        for title, address in PAGES.items():
            if title == "cockpit" and name == "employee":
                continue  # theirs is no cockpit
            with CaptureQueriesContext(connection) as asked:
                body = _get(client, address)
            queries = asked.captured_queries  # the next request forgets them
            seconds = sorted(_timed(client, address) for _ in range(ROUNDS))
            p95 = seconds[int(ROUNDS * 0.95) - 1]
            plain = _plain(body)
            met = met and p95 < AIM_SECONDS
            say(
                f"{name:9} {title:32} p50 {statistics.median(seconds) * 1000:5.0f} p95 {p95 * 1000:5.0f} ms"
                f" {len(queries):3} queries   plain SELECT {plain * 1000:6.1f} ms"
                f"{'' if p95 < AIM_SECONDS else '   over the aim'}"
            )
            if p95 >= AIM_SECONDS:
                slow = sorted(queries, key=lambda query: -float(query["time"]))[:3]
                for query in slow:
                    say(f"            {float(query['time']) * 1000:6.0f} ms  {query['sql'][:300]}")
    return met


def _get(client: object, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == HTTPStatus.OK, (address, answer.status_code)
    return answer.content.decode()


def _timed(client: object, address: str) -> float:
    began = time.perf_counter()
    _get(client, address)
    return time.perf_counter() - began


def _plain(body: str) -> float:
    """Return the seconds of a plain SELECT of the secrets that the page links to."""
    from shoumi.server.register.models import TradeSecret

    keys = set(re.findall(r"/register/secrets/([0-9a-f-]{36})/", body))
    began = time.perf_counter()
    rows = list(TradeSecret.objects.filter(pk__in=keys).order_by().values())
    seconds = time.perf_counter() - began
    assert len(rows) == len(keys)
    return seconds


def main() -> int:
    """Print the figures; return 0 if every page meets the aim."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--secrets", type=int, default=SECRETS)
    options.add_argument("--postgresql", action="store_true", help="on a cluster of its own")
    options.add_argument("--database-url", default="", help="one of PostgreSQL; with --directory")
    options.add_argument("--directory", type=Path, help="keep the installation there and use it again")
    chosen = options.parse_args()
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))
    from postgres import cluster

    with tempfile.TemporaryDirectory() as scratch:
        directory = chosen.directory or Path(scratch)
        place = cluster() if chosen.postgresql else nullcontext(chosen.database_url)
        with place as url, installation(directory, url):
            from shoumi.server.register.models import TradeSecret

            if TradeSecret.objects.count() < chosen.secrets:
                fill(secrets=chosen.secrets, say=say)
            verify()
            count()
            return 0 if measure() else 1


if __name__ == "__main__":
    sys.exit(main())
