"""Old pages into draft projects, from files; what it would do with --dry-run. Names nobody knows are never created."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.urls import reverse
from django.utils.translation import override

from portal.admin.imports.commands import CLOSED, ImportCommand
from portal.admin.marked import sureness
from portal.models import Import, ImportTarget
from projects.legacy.entries import READER

WIDEST = 100  # characters of a value on one line
WITHOUT_LEAVE_OUT = (
    "As long as questions stand open, nothing of this page is written. Run it without --dry-run to answer them in the "
    "admin, or with --leave-out to bring in the rest."
)
WITH_LEAVE_OUT = "What is asked about would be left out."


class Command(ImportCommand):
    help = (
        "Brings projects of old pages in as drafts, and says where in the page each value was read. A page with open "
        "questions (is this one of the projects here? a value that no project may have) is not brought in at all: it "
        "waits in the admin for whoever --as names, unless --leave-out says to bring in its other projects. "
        "Organisations and countries nobody knows are left out and named; once they are entered, the same page brings "
        "them. Ends with 1 where a file could not be read or nothing of it was written; --dry-run, which lists the "
        "questions, only where one could not be read."
    )
    reader = READER

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--name", default="", help="address of the page: by it a later version is recognised")

    def handle(
        self, *args: Any, files: list[str], dry_run: bool, username: str, leave_out: bool, **options: Any
    ) -> None:
        self.page_name = options["name"]
        if self.page_name and len(files) > 1:
            raise CommandError("--name is the address of one page: bring in one file with it.")
        with override("en"):
            super().handle(files=files, dry_run=dry_run, username=username, leave_out=leave_out)

    def bring_in(self, imported: Import, what: Any, dry_run: bool, leave_out: bool) -> Any:
        if self.page_name:
            imported.name, imported.options = self.page_name[:300], {"name": self.page_name[:250]}
            imported.save(update_fields=["name", "options"])
        counts, is_whole = super().bring_in(imported, what, dry_run, leave_out)
        imported.refresh_from_db(fields=["state"])
        if dry_run and not is_whole and imported.state == Import.State.READ:
            self.stdout.write(f"  {WITH_LEAVE_OUT if leave_out else WITHOUT_LEAVE_OUT}")
        return counts, is_whole or imported.state == (Import.State.READ if dry_run else Import.State.DONE)

    def what_next(self, imported: Import) -> str:
        url = reverse("admin:portal_import_change", args=[imported.pk])
        return (
            f"Answer the questions as {imported.by} at {settings.SITE_URL}{url} and bring it in there, "
            "or run this again with --leave-out."
        )

    def tell(self, imported: Import) -> None:
        targets = list(imported.targets.all())
        for target in targets:
            self._tell_one(target)
        for remark in imported.remarks:
            self.stdout.write(f"  {remark}")
        unknown = [one["name"] for one in imported.names.values() if one["pk"] is None]
        if unknown:
            self.stdout.write(f"  not known, left out: {'; '.join(unknown)}")
        asked = [target for target in targets if target.action in CLOSED]
        if asked:
            self.stdout.write(f"  {len(asked)} open {'question' if len(asked) == 1 else 'questions'}:")
        for n, target in enumerate(asked, 1):
            self.stdout.write(f"    {n}. {target.label}: {target.refusal}")

    def _tell_one(self, target: ImportTarget) -> None:
        self.stdout.write(f"  {target.label}: {target.action}")
        if target.refusal:
            self.stdout.write(f"    {target.refusal}")
        for one in target.likely.get("records", ()):
            self.stdout.write(f"    record {one['pk']}: {one['why']}")
        for piece in target.pieces:
            sign = "" if piece["taken"] else "not taken: "
            words = "" if _short(piece["words"]) == _short(piece["shown"]) else f" from “{_short(piece['words'])}”"
            self.stdout.write(
                f"    {sign}{piece['label']}: {_short(piece['shown'])}{words}, {sureness(piece['confidence'])}"
            )
        for one in target.unplaced:
            self.stdout.write(f"    unplaced: “{_short(one['words'])}”")
        for remark in target.remarks:
            self.stdout.write(f"    {remark}")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= WIDEST else text[:WIDEST].rstrip() + "…"
