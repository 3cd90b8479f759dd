"""Old pages into draft projects, from files; what it would do with --dry-run. Names nobody knows are never created."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction
from django.utils.translation import override

from portal.admin.imports import acting, judge_for
from portal.admin.marked import sureness
from portal.imports import carrying_out, readers
from portal.models import Import, ImportTarget
from projects.legacy.entries import READER
from projects.legacy.files import MOST_BYTES

WIDEST = 100  # characters of a value on one line


class Command(BaseCommand):
    help = "Brings projects of old pages in as drafts. What may be a known project already is left out and named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="text, HTML, Word or PDF")
        parser.add_argument("--dry-run", action="store_true", help="show what would be done, and do nothing")
        parser.add_argument("--as", dest="username", help="who brings it in; the only superuser if left out")
        parser.add_argument("--name", default="", help="address of the page: by it a later version is recognised")

    def handle(
        self, *args: Any, files: list[str], dry_run: bool, username: str | None, name: str, **options: Any
    ) -> None:
        user = _user(username)
        if name and len(files) > 1:
            raise CommandError("--name is the address of one page: bring in one file with it.")
        totals: Counter[str] = Counter()
        failed = 0
        with override("en"):
            for file in files:
                problem = self._bring_in(file, name, user, dry_run, totals)
                if problem:
                    self.stderr.write(f"{file}: {problem}")
                    failed += 1
        would = "would be " if dry_run else ""
        told = [f"{n} {would}{word}" for word in ("created", "updated") if (n := totals[word]) or word == "created"]
        told += [f"{totals['unchanged']} unchanged", f"{totals['left out']} left out", f"{failed} files failed"]
        self.stdout.write(f"{len(files)} files: {', '.join(told)}.")
        if dry_run:
            self.stdout.write("This was a dry run: nothing has been written.")
        if failed:
            raise SystemExit(1)

    def _bring_in(self, file: str, name: str, user: Any, dry_run: bool, totals: Counter[str]) -> str:
        """Why it could not be brought in; empty where it was."""
        try:
            with Path(file).open("rb") as opened:
                content = opened.read(MOST_BYTES + 1)
        except OSError as error:
            return error.strerror or str(error)
        judge = judge_for(acting(user))
        try:
            with transaction.atomic():
                imported = carrying_out.begin(READER, user, name or Path(file).name, content, {"name": name})
                carrying_out.read(imported, judge)
                if imported.state == Import.State.FAILED:
                    transaction.set_rollback(True)
                    return imported.problem
                self._tell(file, imported)
                actions = Counter(imported.targets.values_list("action", flat=True))
                if dry_run:
                    transaction.set_rollback(True)
                else:
                    carrying_out.carry_out(imported, user, judge, leave_out=True)
        except (ValidationError, PermissionDenied, IntegrityError) as refused:
            return " ".join(getattr(refused, "messages", [str(refused)]))
        totals["created"] += actions["create"]
        totals["updated"] += actions["update"]
        totals["unchanged"] += actions["skip"]
        totals["left out"] += actions["conflict"] + actions["refuse"]
        return ""

    def _tell(self, file: str, imported: Import) -> None:
        self.stdout.write(self.style.MIGRATE_HEADING(file))
        for target in imported.targets.all():
            self._tell_one(target)
        for remark in imported.remarks:
            self.stdout.write(f"  {remark}")
        unknown = [one["name"] for one in imported.names.values() if one["pk"] is None]
        if unknown:
            self.stdout.write(f"  Names nobody knows, left out: {'; '.join(unknown)}")

    def _tell_one(self, target: ImportTarget) -> None:
        self.stdout.write(f"  {target.label}: {target.get_action_display()}")
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


def _user(username: str | None) -> Any:
    people = get_user_model().objects.filter(is_active=True)
    if username:
        user: Any = people.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is nobody called {username}.")
    else:
        found = list(people.filter(is_superuser=True)[:2])
        if len(found) != 1:
            raise CommandError("Say with --as who brings it in.")
        user = found[0]
    if not readers.get(READER).may_use(user):
        raise CommandError(f"{user} may not add projects.")
    return user
