"""Loads the sample content. What counts as an editor's and is left alone: see portal/sample/frame.py."""

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.sample import Outcome, SampleError, load_everything

COLUMNS = [Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.KEPT]
BAR = 30


class Command(BaseCommand):
    help = "Loads the sample content, all or nothing. Run again, it changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="show what would be done, and do nothing")
        parser.add_argument("--force", action="store_true", help="also in production")

    def handle(self, *args: Any, dry_run: bool, force: bool, **options: Any) -> None:
        if settings.PRODUCTION and not force:
            raise CommandError("This is production. Sample content is loaded there only with --force.")
        try:
            counts = load_everything(self.show if self.stdout.isatty() else None, dry_run)
        except SampleError as error:
            raise CommandError(f"{error}\nNothing was loaded.") from error
        finally:
            self.show("", 0, 0)
        self.write_table(counts, dry_run)

    def show(self, name: str, done: int, total: int) -> None:
        """One line that is written over again; nothing where nobody is watching."""
        if not self.stdout.isatty():
            return
        bar = f"{'█' * (BAR * done // total):·<{BAR}} {done}/{total} {name}" if total else ""
        self.stdout.write(f"\r{bar}\x1b[K", ending="")
        self.stdout.flush()

    def write_table(self, counts: dict[str, Counter[Outcome]], dry_run: bool) -> None:
        heads = [column.name.lower() for column in COLUMNS]
        if dry_run:
            heads = ["would create", "would update", "unchanged", "kept"]
        totals = sum(counts.values(), Counter[Outcome]())
        width = max(map(len, counts))
        self.stdout.write(" " * width + "".join(f"{head:>14}" for head in heads))
        for name, count in [*counts.items(), ("total", totals)]:
            self.stdout.write(f"{name:<{width}}" + "".join(f"{count[column]:>14}" for column in COLUMNS))
        if not totals[Outcome.CREATED] + totals[Outcome.UPDATED]:
            self.stdout.write("Nothing would change." if dry_run else "Nothing has changed.")
        elif dry_run:
            self.stdout.write("This was a dry run: nothing has been written.")
