"""Harvests another repository into drafts of publications; by cron, what changed there since the last time."""

from django.core.management.base import CommandError

from portal.admin.imports.commands import ImportCommand
from portal.imports import carrying_out
from publications.harvesting.reading import NAME, HarvestOptions


class Command(ImportCommand):
    help = "Makes drafts of publications from what a repository gives out by OAI-PMH, or changes those it made before."
    reader = NAME

    def add_arguments(self, parser):
        parser.add_argument("url", metavar="URL", help="the base URL of the repository")
        parser.add_argument("--set", dest="of_set", default="", help="one of its sets")
        parser.add_argument(
            "--from",
            dest="since",
            default="",
            help="only what changed since, as 2024-05-31 (default: the last harvest)",
        )
        parser.add_argument("--all", dest="everything", action="store_true", help="everything, whenever it changed")
        self.add_common_arguments(parser)

    def handle(self, *args, url, of_set, since, everything, dry_run, username, leave_out, **options):
        user = self.user(username)
        form = HarvestOptions({"url": url, "set": of_set, "since": since, "all": everything})
        if not form.is_valid():
            raise CommandError(" ".join(message for messages in form.errors.values() for message in messages))
        # A repository may take minutes to answer: no transaction is open meanwhile.
        imported = carrying_out.begin(NAME, user, url, None, form.cleaned_data)
        try:
            totals, is_whole = self.bring_in(imported, url, dry_run, leave_out)
        finally:
            if dry_run:
                imported.delete()
        self.end("1 harvest", totals, int(not is_whole), dry_run)
