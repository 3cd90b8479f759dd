"""Tries the links of all records and remembers what became of each; to be run now and then, at night for instance."""

import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.dead_links import check
from portal.models import LinkCheck


class Command(BaseCommand):
    help = "Tries links that stand in records, one after the other. The staff's desk shows which lead nowhere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, default=200, help="Try at most so many (default 200).")
        parser.add_argument("--days", type=int, default=7, help="Leave out what was tried since so many days (7).")

    def handle(self, *args: Any, limit: int, days: int, **options: Any) -> None:
        counts = check(max(limit, 0), datetime.timedelta(days=days))
        self.stdout.write(f"tried: {sum(counts.values())}")
        for problem in LinkCheck.Problem:
            if counts[problem.value]:
                self.stdout.write(f"  {problem.label}: {counts[problem.value]}")
