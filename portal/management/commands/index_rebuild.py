"""Make the search index anew from the database, while the old one serves."""

import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.search import store, writing


class Command(BaseCommand):
    help = "Makes the search index anew and puts it in place of the old one, which serves meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--wait", type=float, default=60, help="Seconds to wait for another writer (default 60).")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            done = writing.rebuild(wait=options["wait"], told=self.progress if sys.stderr.isatty() else None)
        except store.IndexUnavailable as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{done} records in {time.monotonic() - started:.1f} s.")

    def progress(self, done: int, total: int) -> None:
        self.stderr.write(f"\r{done} of {total}", ending="\n" if done >= total else "")
        self.stderr.flush()
