"""Invented publications, as many as asked for, to try search and lists at their real size; and away with them."""

import sys
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.search import writing
from publications.invented import loading
from publications.models import FilePage

BAR = 30
MOST_PAGES = 500


class Command(BaseCommand):
    help = "Adds invented publications until there are as many as asked for. Can be ended and run again at any time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("count", type=int, nargs="?", default=1000, help="how many there should be (default 1000)")
        parser.add_argument("--pages", type=int, default=loading.PAGES, help="pages of each (default 20)")
        parser.add_argument("--seed", type=int, default=1, help="another number, other texts (default 1)")
        parser.add_argument("--remove", action="store_true", help="take all of them away, with their files")

    def handle(self, *args: Any, count: int, pages: int, seed: int, remove: bool, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("This is production. Nothing is invented here.")
        if count < 0 or not 1 <= pages <= MOST_PAGES:
            raise CommandError(f"Give a number of publications from 0 on, and 1 to {MOST_PAGES} pages.")
        told = self.progress if sys.stderr.isatty() else None
        started = time.monotonic()
        try:
            done = loading.remove(told) if remove else loading.load(count, pages, seed, told)
        except LookupError as error:
            raise CommandError(f"There are no {error} to file them under. Run load_sample first.") from error
        followed = writing.catch_up(wait=60)
        if followed is None:
            self.stderr.write("Another process is writing the index; it will follow.")
        self.stdout.write(
            f"{done} {'removed' if remove else 'added'} in {time.monotonic() - started:.1f} s, with the index. "
            f"Invented publications now: {loading.invented().count()}, with "
            f"{FilePage.objects.filter(file__publication__in=loading.invented()).count()} pages."
        )

    def progress(self, done: int, total: int) -> None:
        self.stderr.write(f"\r{'█' * (BAR * done // total):·<{BAR}} {done}/{total}\x1b[K", ending="")
        self.stderr.write("\n" if done >= total else "", ending="")
        self.stderr.flush()
