"""Loads the countries of the world; also for production."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.translation import override

from portal import countries


class Command(BaseCommand):
    help = "Adds the 250 countries with their names in four languages. Names that are there already stay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--overwrite", action="store_true", help="put back what editors changed")

    def handle(self, *args: Any, overwrite: bool, **options: Any) -> None:
        with transaction.atomic(), override(settings.MODELTRANSLATION_DEFAULT_LANGUAGE):
            rows = list(countries.load(overwrite))
        created = sum(new for _country, new, _changed in rows)
        updated = sum(changed for _country, _new, changed in rows)
        self.stdout.write(
            f"Countries: {created} created, {updated} updated, {len(rows) - created - updated} unchanged."
        )
