from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dialogues", "0003_comments_as_a_thread")]

    operations = [migrations.RemoveField(model_name="initiative", name="comments")]
