"""Reads the text of files that wait for it, those whose reader has died, and on request those that failed."""

import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count

from publications.extraction import ANEW, extract, give_up, open_files
from publications.models import PublicationFile

State = PublicationFile.State
BAR = 30  # characters


class Command(BaseCommand):
    help = "Reads the text of files that wait to be read. Can be ended and run again at any time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--failed", action="store_true", help="also those that could not be read before")
        parser.add_argument("--all", action="store_true", help="also those that have been read, and those that failed")
        parser.add_argument("--limit", type=int, metavar="N", help="at most N files")
        parser.add_argument("--dry-run", action="store_true", help="say how many, read none")

    def handle(self, *args: Any, **options: Any) -> None:
        limit = options["limit"]
        if limit is not None and limit < 0:
            raise CommandError("--limit must not be negative.")
        gone = give_up()
        asked = [State.FAILED, State.DONE] if options["all"] else [State.FAILED] * options["failed"]
        again = PublicationFile.objects.filter(state__in=asked).order_by("added_at", "pk")
        ids = [*open_files().values_list("pk", flat=True), *again.values_list("pk", flat=True)][:limit]
        gone = [key for key in gone if key not in ids]
        if options["dry_run"]:
            self.stdout.write(f"{len(ids)} files would be read. {counts()}")
            return
        read = failed = 0
        for n, pk in enumerate(ids):
            self._show(n, len(ids))
            PublicationFile.objects.filter(pk=pk, state__in=asked).update(**ANEW)
            if extract(pk):
                read += 1
                continue
            failed += self._complain(pk)
        self._show(len(ids), len(ids), ending="\n")
        left = len(ids) - read - failed
        failed += sum(map(self._complain, gone))
        taken = f", {left} taken by another reader" if left else ""
        self.stdout.write(f"{read} files read, {failed} failed{taken}. {counts()}")
        if failed:
            raise CommandError(f"{failed} of {len(ids) + len(gone)} files could not be read.")

    def _complain(self, key: uuid.UUID) -> bool:
        """Whether a file has failed, and why."""
        file = PublicationFile.objects.select_related("publication").filter(pk=key, state=State.FAILED).first()
        if file:
            self.stderr.write(f"{file.publication.slug}, {file}: {file.last_error}")
        return file is not None

    def _show(self, n: int, total: int, ending: str = "") -> None:
        """On a terminal only: a log wants lines."""
        if total and self.stdout.isatty():
            done = BAR * n // total
            self.stdout.write(f"\r[{'#' * done}{'.' * (BAR - done)}] {n} of {total}", ending=ending)
            self.stdout.flush()


def counts() -> str:
    """How many files stand where, in one line."""
    found = dict(PublicationFile.objects.order_by().values_list("state").annotate(Count("pk")))
    return ", ".join(f"{found.get(state, 0)} {state}" for state in State.values) + "."
