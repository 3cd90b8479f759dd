from django.db import migrations

from portal import append_only


def install(apps, schema_editor):
    for table in append_only.TABLES:
        append_only.install(schema_editor.connection, table)


def remove(apps, schema_editor):
    for table in append_only.TABLES:
        append_only.remove(schema_editor.connection, table)


class Migration(migrations.Migration):
    """The audit log and the versions only grow, whoever writes to the database."""

    dependencies = [("portal", "0006_letters")]
    operations = [migrations.RunPython(install, remove)]
