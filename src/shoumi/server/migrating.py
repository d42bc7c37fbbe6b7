"""A first migration that makes all its tables at once.

Django applies one operation after the other and, for each, draws up every model of the project anew from its
recorded state: with 150 tables this takes half a minute of processor time and the tables themselves a second.
A first migration needs the state only at its end.  The written operations stay as `makemigrations` wrote them
and are undone one by one as usual.
"""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

# what is already in a table made from the last state
CONTAINED = (migrations.AddConstraint, migrations.AddField, migrations.AddIndex)


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
