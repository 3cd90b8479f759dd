from django.db import migrations

from portal import append_only

TABLE = "portal_auditentry"


def install(apps, schema_editor):
    append_only.install(schema_editor.connection, TABLE)


def remove(apps, schema_editor):
    append_only.remove(schema_editor.connection, TABLE)


class Migration(migrations.Migration):
    """The audit log only grows, whoever writes to the database."""

    dependencies = [("portal", "0005_letters")]
    operations = [migrations.RunPython(install, remove)]
