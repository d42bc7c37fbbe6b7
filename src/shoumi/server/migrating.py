"""Migrations that draw up only the models they need.

Django applies one operation after the other and, for each, draws up every related model of the project anew
from its recorded state, which is nearly all of them: with 150 tables this takes half a minute of processor
time and the tables themselves a second.  A migration of new tables needs the state only at its end; one that
changes columns needs, for each operation, the model of that table.  The written operations stay as
`makemigrations` wrote them and are undone one by one as usual.
"""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

# what is already in a table made from the last state
CONTAINED = (migrations.AddConstraint, migrations.AddField, migrations.AddIndex)
ALONE = (*CONTAINED, migrations.AlterField, migrations.CreateModel, migrations.RemoveConstraint)


class TablesAtOnce(migrations.Migration):
    """A migration of nothing but `CreateModel` and what completes those tables."""

    def apply(
        self,
        project_state: ProjectState,
        schema_editor: BaseDatabaseSchemaEditor,
        collect_sql: bool = False,  # noqa: ARG002 - the editor knows it, too
    ) -> ProjectState:
        """Make every table as it is after the last operation.

        Raises:
            TypeError: an operation is neither `CreateModel` nor contained in one.
        """
        created = [one for one in self.operations if isinstance(one, migrations.CreateModel)]
        names = {one.name_lower for one in created}
        for operation in self.operations:
            if operation not in created and not (
                isinstance(operation, CONTAINED) and operation.model_name_lower in names
            ):
                fault = f"{self}: {operation.describe()} does not belong to making tables"
                raise TypeError(fault)
        # without the drawn models the state only takes notes
        project_state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(self.app_label, project_state)
        for operation in created:
            model = project_state.apps.get_model(self.app_label, operation.name)
            if operation.allow_migrate_model(schema_editor.connection.alias, model):
                schema_editor.create_model(model)
        return project_state


class EachTableAlone(migrations.Migration):
    """A migration of new tables and changes of columns, each of which concerns its own table only."""

    def apply(
        self,
        project_state: ProjectState,
        schema_editor: BaseDatabaseSchemaEditor,
        collect_sql: bool = False,
    ) -> ProjectState:
        """Apply one operation after the other, drawing up anew the model of its table and no other.

        Models that point to that table keep pointing to its model as it was; only its key is read off it.

        Raises:
            TypeError: an operation could change a key that other tables point to, or is none of these.
        """
        for operation in self.operations:
            if not isinstance(operation, ALONE) or getattr(
                getattr(operation, "field", None), "primary_key", False
            ):
                fault = f"{self}: {operation.describe()} may concern other tables"
                raise TypeError(fault)

        def draw(app_label: str, model_name: str, delay: bool = False) -> None:  # noqa: ARG001 - Django's own
            if "apps" in project_state.__dict__:
                project_state.apps.unregister_model(app_label, model_name)
                project_state.apps.render_multiple([project_state.models[app_label, model_name]])

        project_state.reload_model = draw  # type: ignore[method-assign]
        try:
            applied = super().apply(project_state, schema_editor, collect_sql)
        finally:
            del project_state.reload_model
        # what comes after finds models that know each other
        applied.__dict__.pop("apps", None)
        return applied
