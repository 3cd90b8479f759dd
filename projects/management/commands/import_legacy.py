"""Old pages into draft projects, from files; what it would do with --dry-run. Names nobody knows are never created."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import override

from portal.admin.imports.commands import ImportCommand
from portal.admin.marked import sureness
from portal.models import Import, ImportTarget
from projects.legacy.entries import READER

WIDEST = 100  # characters of a value on one line


class Command(ImportCommand):
    help = "Brings projects of old pages in as drafts, and says where in the page each value was read."
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

    def bring_in(self, imported: Import, *args: Any) -> Any:
        if self.page_name:
            imported.name, imported.options = self.page_name[:300], {"name": self.page_name[:250]}
            imported.save(update_fields=["name", "options"])
        return super().bring_in(imported, *args)

    def tell(self, imported: Import) -> None:
        for target in imported.targets.all():
            self._tell_one(target)
        for remark in imported.remarks:
            self.stdout.write(f"  {remark}")
        unknown = [one["name"] for one in imported.names.values() if one["pk"] is None]
        if unknown:
            self.stdout.write(f"  not known, left out: {'; '.join(unknown)}")

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
