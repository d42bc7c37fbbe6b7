"""Making tables at once gives those that Django makes one by one."""

import pytest
from django.apps import apps
from django.db import connections, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.db.utils import ConnectionHandler

from shoumi.server.migrating import ALONE, EachTableAlone, TablesAtOnce

NUMBER = models.BigAutoField(primary_key=True)
OPERATIONS = [
    migrations.CreateModel("Shelf", [("id", NUMBER), ("code", models.CharField(max_length=9))]),
    migrations.CreateModel(
        "Binder",
        [("id", NUMBER.clone()), ("shelf", models.ForeignKey("first.shelf", on_delete=models.PROTECT))],
    ),
    migrations.AddField(
        "shelf", "latest", models.ForeignKey("first.binder", null=True, on_delete=models.SET_NULL)
    ),
    migrations.AddIndex("shelf", models.Index(fields=["code"], name="shelf_code")),
    migrations.AddConstraint("binder", models.UniqueConstraint(fields=["shelf"], name="binder_once")),
]
CHANGES = [
    migrations.CreateModel("Label", [("id", NUMBER.clone()), ("text", models.TextField(default=""))]),
    migrations.AddField("shelf", "count", models.PositiveIntegerField(default=7)),
    migrations.AddField("shelf", "seen_at", models.DateTimeField(null=True)),
    migrations.AddField(
        "shelf", "label", models.ForeignKey("first.label", null=True, on_delete=models.PROTECT)
    ),
    migrations.AddField("label", "shelf", models.ForeignKey("first.shelf", on_delete=models.CASCADE)),
    migrations.AlterField("shelf", "code", models.CharField(max_length=20, unique=True)),
    migrations.RemoveConstraint("binder", "binder_once"),
    migrations.AddConstraint(
        "shelf", models.CheckConstraint(condition=models.Q(count__lt=900), name="shelf_not_endless")
    ),
]


@pytest.fixture
def connection(tmp_path, django_db_blocker):
    """An empty database beside that of the suite."""
    handler = ConnectionHandler(
        {"default": {**connections.settings["default"], "ENGINE": "django.db.backends.sqlite3"}}
    )
    handler.settings["default"] |= {"NAME": tmp_path / "empty.sqlite3", "OPTIONS": {}}
    with django_db_blocker.unblock():
        yield handler["default"]
        handler["default"].close()


def migration(kind, operations):
    one = kind("0001_initial", "first")
    one.operations = operations
    return one


def schema(connection):
    """Return table → columns and constraints."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            columns = connection.introspection.get_table_description(cursor, table)
            constraints = connection.introspection.get_constraints(cursor, table)
            found[table] = (
                {(one.name, one.type_code, one.null_ok) for one in columns},
                {
                    (str(one["columns"]), one["unique"], str(one["foreign_key"]))
                    for one in constraints.values()
                },
            )
    return found


def test_all_tables_at_once_are_those_made_one_by_one_and_are_undone(connection):
    seen = []
    for kind in (migrations.Migration, TablesAtOnce):
        one = migration(kind, OPERATIONS)
        with connection.schema_editor() as editor:
            one.apply(ProjectState(), editor)
        seen.append(schema(connection))
        with connection.schema_editor() as editor:
            one.unapply(ProjectState(), editor)
        assert schema(connection) == {}
    assert set(seen[0]) == {"first_shelf", "first_binder"}
    assert seen[0] == seen[1]


def test_what_does_not_make_tables_is_refused_before_anything_is_made(connection):
    one = migration(TablesAtOnce, [*OPERATIONS, migrations.RunPython(migrations.RunPython.noop)])
    with connection.schema_editor() as editor, pytest.raises(TypeError, match="Raw Python operation"):
        one.apply(ProjectState(), editor)
    assert schema(connection) == {}


def test_columns_are_those_of_tables_drawn_all_and_rows_stay(connection):
    seen = []
    for kind in (migrations.Migration, EachTableAlone):
        with connection.schema_editor() as editor:
            state = migration(TablesAtOnce, OPERATIONS).apply(ProjectState(), editor)
            editor.execute("INSERT INTO first_shelf (id, code) VALUES (3, 'upper')")
        before, one = schema(connection), migration(kind, CHANGES)
        made = state.clone()
        with connection.schema_editor() as editor:
            made = one.apply(made, editor)
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, code, count, seen_at FROM first_shelf")
            assert cursor.fetchall() == [(3, "upper", 7, None)]
        seen.append((schema(connection), sorted(made.models)))
        assert made.apps.get_model("first.label").shelf.field.related_model is made.apps.get_model(
            "first.shelf"
        )
        with connection.schema_editor() as editor:
            one.unapply(state.clone(), editor)
        assert schema(connection) == before
        with connection.schema_editor() as editor:
            migration(kind, OPERATIONS).unapply(ProjectState(), editor)
    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RenameField("shelf", "code", "sign"),
        migrations.AlterField("shelf", "id", models.BigIntegerField(primary_key=True)),
    ],
)
def test_what_other_tables_point_to_is_not_changed_alone(connection, operation):
    with connection.schema_editor() as editor, pytest.raises(TypeError, match="may concern other tables"):
        migration(EachTableAlone, [CHANGES[0], operation]).apply(ProjectState(), editor)
    assert schema(connection) == {}


def test_every_migration_of_nothing_but_new_tables_and_columns_draws_few_models():
    """Each other way costs the first start of an installation seconds."""
    slow = []
    for (app, name), one in MigrationLoader(None).disk_migrations.items():
        ours = apps.get_app_config(app).name.startswith("shoumi.")
        plain = len(one.operations) > 1 and all(isinstance(each, ALONE) for each in one.operations)
        if ours and plain and not isinstance(one, (TablesAtOnce, EachTableAlone)):
            slow.append(f"{app}.{name}")
    assert slow == []
