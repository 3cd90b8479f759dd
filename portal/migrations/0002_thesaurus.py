import uuid

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import portal.rows


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0001_ground"),
    ]

    operations = [
        migrations.CreateModel(
            name="Concept",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    portal.rows.SlugField(
                        help_text="In small letters and without spaces, for instance voluntary-return.",
                        max_length=80,
                        unique=True,
                        verbose_name="short name",
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True,
                        help_text="What is meant, and what is not: for those who look after this list. Readers do not see it.",
                        verbose_name="note",
                    ),
                ),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
            ],
            options={
                "verbose_name": "concept of the thesaurus",
                "verbose_name_plural": "thesaurus",
                "ordering": ["slug"],
            },
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "language",
                    models.CharField(
                        default="en",
                        help_text="A code: en, fr, ar, ru.",
                        max_length=12,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\\Z",
                                "Use a language code of BCP 47, for instance en, fr or sr-Latn.",
                            )
                        ],
                        verbose_name="language",
                    ),
                ),
                (
                    "label",
                    models.CharField(
                        help_text="In the singular, as a dictionary has it.", max_length=160, verbose_name="term"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("preferred", "Preferred term"),
                            ("synonym", "Synonym"),
                            ("acronym", "Acronym"),
                            ("hidden", "Only found: a former name or a common mistake"),
                        ],
                        default="synonym",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("folded", models.CharField(editable=False, max_length=200)),
                ("changed_at", models.DateTimeField(auto_now=True, db_index=True, verbose_name="changed")),
                (
                    "concept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="terms",
                        to="portal.concept",
                        verbose_name="concept",
                    ),
                ),
            ],
            options={
                "verbose_name": "term",
                "verbose_name_plural": "terms",
                "ordering": ["language", "kind", "label"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "preferred")),
                        fields=("concept", "language"),
                        name="portal_term_one_preferred",
                        violation_error_message="One term of each language is the preferred one, and no more.",
                    ),
                    models.UniqueConstraint(
                        fields=("concept", "language", "folded"),
                        name="portal_term_once",
                        violation_error_message="A concept has each term once in a language. Case and accents make no difference.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("folded", ""), _negated=True),
                        name="portal_term_has_letters",
                        violation_error_message="A term has letters or digits.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["preferred", "synonym", "acronym", "hidden"])),
                        name="portal_term_kind_known",
                    ),
                ],
            },
        ),
    ]
