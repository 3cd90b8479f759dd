"""What the commands that bring in files share: who acts, what is told of each file, totals, and the exit code."""

import sys
from collections import Counter
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.template.defaultfilters import filesizeformat

from portal.admin.imports.forms import MOST_BYTES
from portal.admin.imports.rights import acting, judge_for
from portal.admin.imports.rows import problem_once
from portal.imports import carrying_out, readers
from portal.models import Import
from portal.models.imports import Action

CLOSED = (Action.CONFLICT, Action.REFUSE)


class ImportCommand(BaseCommand):
    """`reader` is the name of one. Each file is an import of its own, which the admin shows as well."""

    reader = ""

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", metavar="FILE")
        self.add_common_arguments(parser)

    def add_common_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and keep nothing")
        parser.add_argument("--as", dest="username", metavar="USERNAME", help="who does it, with their rights")
        parser.add_argument("--leave-out", action="store_true", help="bring in the rest where something cannot be")

    def handle(self, *args, files, dry_run, username, leave_out, **options):
        user = self.user(username)
        totals, failed = Counter(), 0
        for name in files:
            with transaction.atomic():
                done, is_whole = self._bring_in(Path(name), user, dry_run, leave_out)
                transaction.set_rollback(dry_run)
            totals += done
            failed += not is_whole
        self.end(f"{len(files)} {'file' if len(files) == 1 else 'files'}", totals, failed, dry_run)

    def end(self, what, totals, failed, dry_run):
        """The line with the totals, and the exit code."""
        words = ", ".join(f"{totals[action]} {action}" for action in Action.values)
        ending = "nothing kept: a dry run" if dry_run else f"{failed} not brought in whole"
        self.stdout.write(f"{what}: {words}; {ending}.")
        if failed:
            sys.exit(1)

    def user(self, username):
        """Who does it, and may. Raises CommandError."""
        user = self._named(username)
        if not readers.get(self.reader).may_use(user):
            raise CommandError(f"{user} may not bring this in.")
        return user

    def _named(self, username):
        users = get_user_model().objects.filter(is_active=True)
        if username:
            if user := users.filter(username=username).first():
                return user
            raise CommandError(f"There is nobody called {username}.")
        found = list(users.filter(is_superuser=True)[:2])
        if len(found) != 1:
            raise CommandError("Say who does it: --as USERNAME.")
        return found[0]

    def _bring_in(self, path, user, dry_run, leave_out):
        """What became of the rows of a file, and whether nothing stood against it."""
        try:
            if path.stat().st_size > MOST_BYTES:
                return self._refuse(path, f"At most {filesizeformat(MOST_BYTES)} can be brought in at once.")
            content = path.read_bytes()
        except OSError as error:
            return self._refuse(path, error.strerror or "It cannot be opened.")
        return self.bring_in(carrying_out.begin(self.reader, user, path.name, content), path, dry_run, leave_out)

    def bring_in(self, imported, what, dry_run, leave_out):
        """Read it and, but for a dry run, carry it out: what became of its rows, whether nothing stood against it."""
        user = imported.by
        judge = judge_for(acting(user))
        carrying_out.read(imported, judge)
        if imported.state == Import.State.FAILED:
            return self._refuse(what, imported.problem)
        self.stdout.write(f"{what}:")
        self.tell(imported)
        counts = Counter(dict(imported.lines.order_by().values_list("action").annotate(n=Count("pk"))))
        is_whole = not carrying_out.stands_against(imported)
        if dry_run:
            return counts, is_whole
        try:
            with transaction.atomic():
                carrying_out.carry_out(imported, user, judge, leave_out)
        except (ValidationError, PermissionDenied, IntegrityError) as error:
            why = " ".join(getattr(error, "messages", [str(error)]))
            self.stderr.write(f"  Nothing of it was written. {why} {self.what_next(imported)}")
            return Counter({action: n for action, n in counts.items() if action in CLOSED}), False
        return counts, is_whole

    def what_next(self, imported):
        return f"It waits at /admin/portal/import/{imported.pk}/change/"

    def _refuse(self, path, why):
        self.stderr.write(f"{path}: {why}")
        return Counter(), False

    def tell(self, imported):
        for remark in imported.remarks:
            self.stdout.write(f"  {remark}")
        for one in imported.names.values():
            if one["pk"] is None:
                self.stdout.write(f"  not known, left out: {one['name']}")
        for line in imported.lines.select_related("target"):
            kept = len(line.target.unplaced) if line.target else 0
            more = f" ({kept} kept in words)" if kept else ""
            self.stdout.write(f"  {line.number} {line.action}: {line.label}{more}")
            for problem in map(problem_once, line.problems):
                self.stdout.write(f"      {problem['field']}: {problem['message']} {problem['value']}".rstrip())
            if line.target:
                for words in filter(None, [line.target.refusal, *line.target.remarks]):
                    self.stdout.write(f"      {words}")
