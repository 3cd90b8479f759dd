from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dialogues", "0004_without_comments_field"),
        ("publications", "0006_pictures_described"),
    ]

    operations = [
        migrations.AddField(
            model_name="publication",
            name="activities",
            field=models.ManyToManyField(
                blank=True,
                related_name="publications",
                to="dialogues.activity",
                verbose_name="activities",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="domains",
            field=models.ManyToManyField(
                blank=True,
                related_name="publications",
                to="dialogues.domain",
                verbose_name="domains",
            ),
        ),
    ]
