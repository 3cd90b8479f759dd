from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dialogues", "0004_without_comments_field"),
        ("projects", "0002_legacy_phrases"),
    ]

    operations = [
        migrations.AddField(
            model_name="project",
            name="domains",
            field=models.ManyToManyField(
                blank=True,
                help_text="Domains of a declaration or action plan, where a source says so.",
                related_name="projects",
                to="dialogues.domain",
                verbose_name="commitments it serves",
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="initiatives",
            field=models.ManyToManyField(
                blank=True,
                help_text="As partners have reported them in a data-collection cycle.",
                related_name="projects",
                to="dialogues.initiative",
                verbose_name="initiatives it carries out",
            ),
        ),
    ]
