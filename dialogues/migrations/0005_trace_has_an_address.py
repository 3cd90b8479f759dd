from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dialogues", "0004_without_comments_field")]

    operations = [
        migrations.RemoveConstraint(model_name="dialogue", name="dialogues_dialogue_slug_not_reserved"),
        migrations.AddConstraint(
            model_name="dialogue",
            constraint=models.CheckConstraint(
                condition=~models.Q(slug__in=["meetings", "trace"]),
                name="dialogues_dialogue_slug_not_reserved",
                violation_error_message="This address is taken by the calendar of meetings or by the commitment trace.",
            ),
        ),
    ]
