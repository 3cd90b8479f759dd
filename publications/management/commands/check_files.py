"""Compares the stored files with the rows and the versions that name them. Tells, and changes nothing."""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.versions.files import stored_files
from publications.models import Publication, PublicationFile


class Command(BaseCommand):
    help = (
        "Checks that every stored file is there and unchanged, and lists those that only a version or draft needs and "
        "those that nothing names. Deletes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quick", action="store_true", help="compare sizes only, and read no file")

    def handle(self, *args: Any, **options: Any) -> None:
        named, wrong = set(), 0
        rows = PublicationFile.objects.select_related("publication").order_by("added_at", "pk")
        for file in rows.iterator(chunk_size=500):
            path = Path(file.file.path)
            named.add(path)
            if why := mistake(file, path, options["quick"]):
                wrong += 1
                self.stderr.write(f"{file.publication.slug}, {file}: {why} ({file.file.name})")
        folder = Path(settings.FILES_DIR)
        stored = {path for path in folder.rglob("*") if path.is_file()}
        kept = {folder / name for name in stored_files(Publication)} - named
        gone = sorted(kept - stored)
        for path in gone:
            self.stderr.write(f"missing, and named by a version: {path.relative_to(folder)}")
        for path in sorted(kept & stored):
            self.stdout.write(f"named by a version {path.relative_to(folder)}")
        without = sorted(stored - named - kept)
        for path in without:
            self.stdout.write(f"nothing names {path.relative_to(folder)}")
        total, wrong = len(named | kept), wrong + len(gone)
        told = f"{len(kept)} of them named by versions only, " if kept else ""
        self.stdout.write(f"{total} files, {told}{wrong} wrong, {len(without)} without a row.")
        if wrong:
            raise CommandError(f"{wrong} of {total} files are missing or changed.")


def mistake(file: PublicationFile, path: Path, is_quick: bool) -> str:
    """What is wrong with a stored file, in words; empty where nothing is."""
    try:
        if path.stat().st_size != file.size:
            return "its size has changed"
        if is_quick:
            return ""
        with path.open("rb") as stream:
            return "" if hashlib.file_digest(stream, "sha256").hexdigest() == file.sha256 else "its content has changed"
    except FileNotFoundError:
        return "it is missing"
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
