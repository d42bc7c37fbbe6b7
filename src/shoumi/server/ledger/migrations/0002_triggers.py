"""Let the database itself refuse to change or remove evidence."""

from django.db import migrations

from shoumi.server.ledger.triggers import create_triggers, drop_triggers


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(create_triggers, drop_triggers)]
