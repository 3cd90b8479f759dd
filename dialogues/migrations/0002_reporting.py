"""Focal points, states and comments of initiatives, snapshots of closed cycles and notes beside them."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import dialogues.models.initiatives
import portal.dates


def refuse_closed(apps, schema_editor):
    """Nothing in the portal closed a cycle before this; what a script has written there is not thrown away unseen."""
    if apps.get_model("dialogues", "Cycle").objects.filter(closed_at__isnull=False).exists():
        raise ValueError("A cycle is marked as closed: note its snapshot down and empty both columns first.")


class Migration(migrations.Migration):
    dependencies = [
        ("dialogues", "0001_dialogues"),
        ("portal", "0012_likely"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(refuse_closed, migrations.RunPython.noop),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="when")),
                ("text", models.TextField(verbose_name="comment")),
            ],
            options={
                "verbose_name": "comment of the quality check",
                "verbose_name_plural": "comments of the quality check",
                "ordering": ["at", "pk"],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="when")),
                ("text", models.TextField(verbose_name="what is wrong, and what would be right")),
            ],
            options={
                "verbose_name": "correction note",
                "verbose_name_plural": "correction notes",
                "ordering": ["at", "pk"],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="FocalPoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("start", portal.dates.PartialDateField(blank=True, edge="first", null=True, verbose_name="from")),
                ("start_first", models.DateField(blank=True, editable=False, null=True)),
                ("end", portal.dates.PartialDateField(blank=True, edge="last", null=True, verbose_name="to")),
                ("end_last", models.DateField(blank=True, editable=False, null=True)),
            ],
            options={
                "verbose_name": "focal point",
                "verbose_name_plural": "focal points",
                "ordering": ["dialogue", "user"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="when")),
                ("schema", models.PositiveSmallIntegerField(verbose_name="version of the document's form")),
                ("content", models.JSONField(verbose_name="content")),
                ("digest", models.CharField(max_length=64, verbose_name="SHA-256")),
            ],
            options={
                "verbose_name": "snapshot of a cycle",
                "verbose_name_plural": "snapshots of cycles",
                "default_permissions": ("view",),
            },
        ),
        migrations.RemoveConstraint(
            model_name="cycle",
            name="dialogues_cycle_closed_with_snapshot",
        ),
        migrations.RemoveConstraint(
            model_name="initiative",
            name="dialogues_initiative_status_known",
        ),
        migrations.RemoveConstraint(
            model_name="initiative",
            name="dialogues_initiative_checked_by_somebody",
        ),
        migrations.RemoveConstraint(
            model_name="initiative",
            name="dialogues_initiative_verified_by_somebody",
        ),
        migrations.RemoveConstraint(
            model_name="initiative",
            name="dialogues_initiative_four_eyes",
        ),
        migrations.RemoveField(
            model_name="cycle",
            name="closed_at",
        ),
        migrations.RemoveField(
            model_name="cycle",
            name="snapshot",
        ),
        migrations.AddField(
            model_name="initiative",
            name="changed_at",
            field=models.DateTimeField(auto_now=True, verbose_name="last changed"),
        ),
        migrations.AddField(
            model_name="initiative",
            name="changed_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="initiative",
            name="continues",
            field=models.ForeignKey(
                blank=True,
                help_text="The same initiative as it was reported in an earlier cycle.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="continued_by",
                to="dialogues.initiative",
                verbose_name="continues",
            ),
        ),
        migrations.AddField(
            model_name="initiative",
            name="links",
            field=models.TextField(
                blank=True,
                help_text="Addresses of the web, one a line.",
                validators=[dialogues.models.initiatives.web_addresses],
                verbose_name="links",
            ),
        ),
        migrations.AddField(
            model_name="initiative",
            name="reporting_state",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reported_initiatives",
                to="portal.country",
                verbose_name="or by a state",
            ),
        ),
        migrations.AlterField(
            model_name="initiative",
            name="currency",
            field=models.CharField(
                blank=True,
                max_length=3,
                validators=[
                    django.core.validators.RegexValidator(
                        "^[A-Z]{3}\\Z", "Use the three-letter code of ISO 4217, for instance EUR."
                    )
                ],
                verbose_name="currency",
            ),
        ),
        migrations.AlterField(
            model_name="initiative",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("submitted", "Submitted"),
                    ("returned", "Sent back"),
                    ("checked", "Checked"),
                    ("verified", "Verified"),
                ],
                default="submitted",
                editable=False,
                max_length=10,
                verbose_name="status",
            ),
        ),
        migrations.AddConstraint(
            model_name="initiative",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "submitted", "returned", "checked", "verified"])),
                name="dialogues_initiative_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="initiative",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["checked", "verified"]), _negated=True),
                    ("checked_by__isnull", False),
                    _connector="OR",
                ),
                name="dialogues_initiative_checked_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="initiative",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "verified"), ("verified_by__isnull", False)),
                    models.Q(models.Q(("status", "verified"), _negated=True), ("verified_by__isnull", True)),
                    _connector="OR",
                ),
                name="dialogues_initiative_verified_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="initiative",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("verified_by__isnull", True),
                    models.Q(
                        models.Q(
                            ("submitted_by__isnull", True),
                            models.Q(("verified_by", models.F("submitted_by")), _negated=True),
                            _connector="OR",
                        ),
                        models.Q(
                            ("checked_by__isnull", True),
                            models.Q(("verified_by", models.F("checked_by")), _negated=True),
                            _connector="OR",
                        ),
                        models.Q(
                            ("changed_by__isnull", True),
                            models.Q(("verified_by", models.F("changed_by")), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="dialogues_initiative_four_eyes",
            ),
        ),
        migrations.AddConstraint(
            model_name="initiative",
            constraint=models.CheckConstraint(
                condition=models.Q(("reported_by__isnull", True), ("reporting_state__isnull", True), _connector="OR"),
                name="dialogues_initiative_one_partner",
                violation_error_message="An organisation or a state reports it, not both.",
            ),
        ),
        migrations.AddConstraint(
            model_name="initiative",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("continues__isnull", True), models.Q(("continues", models.F("id")), _negated=True), _connector="OR"
                ),
                name="dialogues_initiative_continues_another",
                violation_error_message="It cannot continue itself.",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="who",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="initiative",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="thread",
                to="dialogues.initiative",
                verbose_name="initiative",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="who",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="cycle",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="dialogues.cycle",
                verbose_name="cycle",
            ),
        ),
        migrations.AddField(
            model_name="focalpoint",
            name="country",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="focal_points",
                to="portal.country",
                verbose_name="state",
            ),
        ),
        migrations.AddField(
            model_name="focalpoint",
            name="dialogue",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="focal_points",
                to="dialogues.dialogue",
                verbose_name="dialogue",
            ),
        ),
        migrations.AddField(
            model_name="focalpoint",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="focal_points",
                to="portal.organisation",
                verbose_name="organisation",
            ),
        ),
        migrations.AddField(
            model_name="focalpoint",
            name="user",
            field=models.ForeignKey(
                help_text="An account that cannot sign in to the admin. An administrator makes it.",
                limit_choices_to={"is_active": True, "is_staff": False},
                on_delete=django.db.models.deletion.PROTECT,
                related_name="focal_points",
                to=settings.AUTH_USER_MODEL,
                verbose_name="person",
            ),
        ),
        migrations.AddField(
            model_name="snapshot",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="who",
            ),
        ),
        migrations.AddField(
            model_name="snapshot",
            name="cycle",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="snapshot",
                to="dialogues.cycle",
                verbose_name="cycle",
            ),
        ),
        migrations.AddConstraint(
            model_name="focalpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("start_first__isnull", True),
                    ("end_last__isnull", True),
                    ("end_last__gte", models.F("start_first")),
                    _connector="OR",
                ),
                name="dialogues_focalpoint_ends_after_start",
                violation_error_message="The end lies before the start.",
            ),
        ),
        migrations.AddConstraint(
            model_name="focalpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("country__isnull", True), ("organisation__isnull", False)),
                    models.Q(("country__isnull", False), ("organisation__isnull", True)),
                    _connector="OR",
                ),
                name="dialogues_focalpoint_for_one_partner",
                violation_error_message="Choose exactly one: an organisation or a state.",
            ),
        ),
    ]
