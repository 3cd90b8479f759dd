"""Reads the text of files that wait for it, those whose reader has died, and on request those that failed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from publications.extraction import extract, open_files
from publications.models import PublicationFile

State = PublicationFile.State


class Command(BaseCommand):
    help = "Reads the text of files that wait to be read. Can be ended and run again at any time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--failed", action="store_true", help="also those that could not be read before")
        parser.add_argument("--again", action="store_true", help="also those that have been read")
        parser.add_argument("--dry-run", action="store_true", help="say how many, read none")

    def handle(self, *args: Any, **options: Any) -> None:
        states = [State.FAILED] * options["failed"] + [State.DONE] * options["again"]
        asked = PublicationFile.objects.filter(state__in=states)
        if options["dry_run"]:
            self.stdout.write(f"{open_files().count() + asked.count()} files would be read.")
            return
        asked.update(state=State.WAITING, attempts=0, last_error="")
        files = list(open_files().select_related("publication"))
        failed = 0
        for n, file in enumerate(files, 1):
            if not extract(file.pk):
                failed += 1
                file.refresh_from_db()
                self.stderr.write(f"{file.publication.slug}, {file}: {file.last_error or 'taken by another reader'}")
            if self.stdout.isatty():
                self.stdout.write(f"\r{n} of {len(files)}", ending="")
        self.stdout.write(f"{len(files) - failed} files read, {failed} failed.")
        if failed:
            raise CommandError(f"{failed} of {len(files)} files could not be read.")
