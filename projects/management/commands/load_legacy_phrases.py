"""Loads the labels and phrases of old pages; also for production."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from projects.legacy import vocabulary


class Command(BaseCommand):
    help = "Adds the labels and phrases by which old pages are read. What was changed or deleted in the admin stays so."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--overwrite", action="store_true", help="bring back what was deleted")

    def handle(self, *args: Any, overwrite: bool, **options: Any) -> None:
        with transaction.atomic():
            created, there = vocabulary.load(overwrite)
        self.stdout.write(f"Phrases of old pages: {created} created, {there} unchanged.")
