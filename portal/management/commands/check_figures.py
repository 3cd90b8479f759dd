"""Prints the figures check; ends with 1 where something does not add up and nobody has said why. For cron."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from portal.figures import checking, explaining
from portal.figures.checking import Verdict

SIGNS = {Verdict.FAILS: "does not add up", Verdict.OPEN: "cannot be checked", Verdict.HOLDS: "holds"}


class Command(BaseCommand):
    help = "Compares parts with totals, shares with 100, and what is stated twice. Changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--findings", action="store_true", help="Print only what does not add up.")

    def handle(self, *args: Any, findings: bool, **options: Any) -> None:
        with override(settings.MODELTRANSLATION_DEFAULT_LANGUAGE):
            found = explaining.findings(checking.all_checks())
            for one in found:
                if not findings or one.check.verdict is Verdict.FAILS:
                    self.print(one)
        unexplained = sum(one.is_unexplained for one in found)
        failing = sum(one.check.verdict is Verdict.FAILS for one in found)
        self.stdout.write(f"{len(found)} comparisons, {failing} do not add up, {unexplained} of these unexplained.")
        if unexplained:
            raise CommandError(f"Unexplained findings: {unexplained}.", returncode=1)

    def print(self, one: explaining.Finding) -> None:
        self.stdout.write(
            f"{SIGNS[one.check.verdict]}: {one.check.label}: {one.check.words} {one.check.reason}".rstrip()
        )
        for explanation in one.explanations:
            self.stdout.write(f"    explained by {explanation.by}, {explanation.at:%Y-%m-%d}: {explanation.note}")
        for explanation in one.lapsed:
            self.stdout.write(f"    lapsed, written for {explanation.values}: {explanation.note}")
