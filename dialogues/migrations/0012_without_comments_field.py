from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dialogues", "0011_comments_as_a_thread")]

    operations = [migrations.RemoveField(model_name="initiative", name="comments")]
