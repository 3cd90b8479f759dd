"""What stood in one field becomes the first comment of a thread, by whoever checked."""

from django.db import migrations


def move(apps, schema_editor):
    initiatives = apps.get_model("dialogues", "Initiative").objects.exclude(comments="")
    comments = apps.get_model("dialogues", "Comment").objects
    for one in initiatives.iterator():
        comments.create(initiative=one, by_id=one.checked_by_id, text=one.comments)


def move_back(apps, schema_editor):
    for one in apps.get_model("dialogues", "Initiative").objects.filter(thread__isnull=False).distinct():
        one.comments = "\n\n".join(one.thread.order_by("at", "pk").values_list("text", flat=True))
        one.save(update_fields=["comments"])


class Migration(migrations.Migration):
    dependencies = [("dialogues", "0002_reporting")]

    operations = [migrations.RunPython(move, move_back)]
