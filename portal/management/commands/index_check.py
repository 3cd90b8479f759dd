"""Compare the search index with the database, record by record."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.models import IndexChange
from portal.search import checking, store

SHOWN = 50


class Command(BaseCommand):
    help = "Compares the search index with the database. Ends with an error where they differ."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            differences = checking.check()
        except store.IndexUnavailable as error:
            raise CommandError(f"{error} Run index_rebuild.") from error
        for one in differences[:SHOWN]:
            self.stdout.write(f"{one.audience}: {one.key} {one.what}")
        waiting = checking.waiting()
        if waiting:
            self.stdout.write(f"{waiting} changes wait for the worker.")
        if differences:
            raise CommandError(f"{len(differences)} differences. The worker follows changes; index_rebuild mends all.")
        self.stdout.write(f"The index holds what the database holds ({IndexChange.objects.count()} changes logged).")
