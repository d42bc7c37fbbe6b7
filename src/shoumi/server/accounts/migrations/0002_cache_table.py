"""Makes the table of the cache that all processes share, if the settings ask for one."""

from django.core.management import call_command
from django.db import migrations


def create(apps, schema_editor):
    """Make the table unless it exists."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    """After the tables of this app."""

    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
