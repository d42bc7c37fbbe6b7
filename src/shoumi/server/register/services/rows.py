"""Writing many rows of one table at once, where nothing is to be known about them afterwards.

Django's `bulk_create` builds its statement anew, value by value, for every few dozen rows; here the database
is handed the values alone: a repeated statement on SQLite, COPY on PostgreSQL.  Fields prepare their values
as they do for `save`.  It returns no keys: a table that numbers its own rows is written so only if no other
refers to them.  `row_key` makes keys as RFC 9562 (section 5.7) has them.  It asks nobody for permission.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model

from shoumi.server.ledger.services import clock


def row_key() -> UUID:
    """Return a new key that begins with the time: a UUID of version 7.

    What is written together then lies together in every index.  Random keys touch a page of their own for
    each row and index, which a hundred thousand rows pay for dearly.
    """
    moment = int(clock().now().timestamp() * 1000)
    return UUID(int=moment << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62))


def rows_insert(rows: Iterable[Model]) -> None:
    """Insert new rows of one model, in their order; they have the keys of what they refer to.

    Raises:
        TypeError: the rows are of more than one model.
        DatabaseError: (a leaf of it) the table refuses a row; the caller's transaction takes back the others.
    """
    new = list(rows)
    if not new:
        return
    model, connection = type(new[0]), connections[DEFAULT_DB_ALIAS]
    if any(type(row) is not model for row in new):
        raise TypeError("rows of one model at a time")
    options = model._meta  # noqa: SLF001 - Django's documented way
    fields = [field for field in options.concrete_fields if field is not options.auto_field]
    values = zip(
        *(
            [field.get_db_prep_save(field.pre_save(row, add=True), connection) for row in new]
            for field in fields
        ),
        strict=True,
    )
    quote = connection.ops.quote_name
    table = f"{quote(options.db_table)} ({', '.join(quote(str(field.column)) for field in fields)})"
    with connection.cursor() as cursor, connection.wrap_database_errors:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} VALUES ({places})", values)  # noqa: S608 - names of models
    for row in new:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001 - as `bulk_create` does
