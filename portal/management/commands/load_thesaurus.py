"""Loads the terms of the field; also for production."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from portal import thesaurus


class Command(BaseCommand):
    help = "Adds the concepts of the thesaurus in four languages. What administrators changed or deleted stays so."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--overwrite", action="store_true", help="put back what administrators changed")

    def handle(self, *args: Any, overwrite: bool, **options: Any) -> None:
        with transaction.atomic():
            rows = list(thesaurus.load(overwrite))
        created = sum(new for _concept, new, _changed, _kept in rows)
        updated = sum(changed for _concept, _new, changed, _kept in rows)
        kept = sum(kept for _concept, _new, _changed, kept in rows)
        self.stdout.write(
            f"Concepts: {created} created, {updated} updated, {len(rows) - created - updated - kept} unchanged, "
            f"{kept} kept as administrators have them."
        )
