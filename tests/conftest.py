"""Fixtures for the whole suite."""

from __future__ import annotations

import gc
import re
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.template import Template
from django.test import Client
from django.test.signals import template_rendered
from django.utils import translation
from xdist.scheduler import LoadScopeScheduling

from shoumi.server.ledger.times import clock_replaced
from shoumi.server.ledger.triggers import create_statements, drop_statements
from tests.fakes.clock import FixedClock
from tests.server.page_rules import faults_of

# what shares something that takes long to make: an installation, the demonstration company, an environment,
# the syntax trees of all modules
TOGETHER = (
    "tests/journeys/",
    "tests/server/demonstration/",
    "tests/test_bare_install.py",
    "tests/test_house_rules.py",
)
PAGES = re.compile(r"tests/server/.*/test_(\w+_)?(pages|views)\.py")
DATABASES = {"db", "transactional_db", "live_server", "installation"}  # fixtures


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Add to tables made straight from the models what migrations add: the cache's table and the triggers.

    Running all migrations takes longer than a hundred tests; the installations of the journeys run them, and
    `make check` fails where they differ from the models.
    """
    with django_db_blocker.unblock():
        call_command("createcachetable", verbosity=0)
        with connection.cursor() as cursor:
            for statement in create_statements(connection.vendor):
                cursor.execute(statement)


@pytest.fixture(scope="session", autouse=True)
def pages_judged():
    """Judge each page that a test opens by what holds of all pages."""
    real = Client.request

    def request(client, **environ):
        answer = real(client, **environ)
        kind = answer.get("Content-Type", "")
        if answer.status_code == 200 and not answer.streaming and kind.startswith("text/html"):
            faults = faults_of(answer.content)
            assert not faults, f"{answer.request['PATH_INFO']}: {faults}"
        return answer

    with patch.object(Client, "request", request):
        yield


@pytest.fixture(scope="session", autouse=True)
def _only_whole_pages_are_recorded(django_test_environment):
    """Record the context of a page for `response.context`, not one copy more for each piece it includes."""

    def rendered(template, context):
        if context.template is template:
            template_rendered.send(sender=template, template=template, context=context)
        return template.nodelist.render(context)

    with patch.object(Template, "_render", rendered):
        yield


def pytest_addoption(parser):
    parser.addoption("--database-only", action="store_true", help="leave out tests that use no database")


def pytest_collection_modifyitems(config, items):
    """Leave out, for a second database, what does not depend on one."""
    if config.getoption("--database-only"):
        left_out = [item for item in items if not asks_database(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if asks_database(item)]


def asks_database(item):
    """Tell whether another database might answer a test differently: not in every language of the pages.

    What pages show of an answer is looked at on one database; that each room and what its list leads to
    opens, on both, by the tests of the demonstration company and of the rooms of a running installation.
    """
    language = getattr(item, "callspec", None) and item.callspec.params.get("language")
    return (
        uses_database(item)
        and not item.get_closest_marker("any_database")
        and not PAGES.match(item.nodeid)
        and language not in {"ja", "en"}
    )


def uses_database(item):
    """Tell whether a test reads or writes a database, its own or that of an installation."""
    return item.get_closest_marker("django_db") is not None or bool(DATABASES & set(item.fixturenames))


def pytest_collection_finish():
    """Keep the tests, thousands that stay to the end, out of the search for garbage: a tenth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


class Scheduling(LoadScopeScheduling):
    """Gives each test to whoever is free, and the tests of a folder `TOGETHER` to one process."""

    def _split_scope(self, nodeid):
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return Scheduling(config, log)


@pytest.fixture
def fixed_clock():
    """The server's clock, standing still until the test says `fixed_clock.advance(...)`."""
    clock = FixedClock()
    with clock_replaced(clock):
        yield clock


@pytest.fixture(autouse=True, scope="session")
def _ledger_can_be_flushed():
    """Lift the ledger's triggers while the database is emptied after a transactional test, and only then."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def lifted(operations, statements):
        vendor = operations.connection.vendor
        if vendor == "postgresql":
            statements = rows_deleted(operations.connection)
        flush(operations, [*drop_statements(vendor), *statements, *create_statements(vendor)])

    with patch.object(BaseDatabaseOperations, "execute_sql_flush", lifted):
        yield


def rows_deleted(connection):
    """Return what empties those tables that have rows: PostgreSQL makes files anew for each one truncated."""
    quoted = connection.ops.quote_name
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"(SELECT '{name}' FROM {quoted(name)} LIMIT 1)" for name in names))
        return [f"DELETE FROM {quoted(name)}" for (name,) in cursor.fetchall()]


@pytest.fixture(autouse=True)
def _language_is_left_behind():
    """End each test in no language: a request of its client leaves that of the reader behind."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _own_ledger_directory(request):
    """Give each test on the database its own copy of the ledger's tiles, as it has its own rows."""
    if uses_database(request.node):
        settings = request.getfixturevalue("settings")
        settings.SHOUMI_LEDGER_DIRECTORY = request.getfixturevalue("tmp_path") / "ledger"
