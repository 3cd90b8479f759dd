"""Records that an entry of an import may be the same as."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0011_imports")]

    operations = [
        migrations.AddField(
            model_name="importtarget",
            name="likely",
            field=models.JSONField(default=dict),
        ),
    ]
