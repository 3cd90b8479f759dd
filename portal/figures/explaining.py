"""Findings with what people have written about them. An explanation never takes a finding off the list, and lapses,
visibly, with the first change of a value it was written for.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from portal.figures.checking import Check, Verdict, may_explain
from portal.models import AuditEntry, FigureExplanation
from portal.models.desk import one_line

LONGEST = 500
ORDER = [Verdict.FAILS, Verdict.OPEN, Verdict.HOLDS]


@dataclass(frozen=True)
class Finding:
    """A comparison, what holds of what was written about it, and what has lapsed, the latest first."""

    check: Check
    explanations: list[FigureExplanation]
    lapsed: list[FigureExplanation]

    @property
    def is_unexplained(self) -> bool:
        return self.check.verdict is Verdict.FAILS and not self.explanations

    @property
    def rank(self) -> tuple[int, bool]:
        return ORDER.index(self.check.verdict), not self.is_unexplained


class Moved(Exception):
    """What somebody explains does not say any more what they have seen."""


def findings(checks: Iterable[Check]) -> list[Finding]:
    """In one query. What nobody has explained comes first, what holds comes last."""
    told: dict[str, list[FigureExplanation]] = defaultdict(list)
    for explanation in FigureExplanation.objects.select_related("by"):
        told[explanation.check_key].append(explanation)
    found = [
        Finding(
            check,
            [one for one in told[check.key] if is_about(one, check)],
            [one for one in told[check.key] if not is_about(one, check)],
        )
        for check in checks
    ]
    return sorted(found, key=lambda finding: finding.rank)


def is_about(explanation: FigureExplanation, check: Check) -> bool:
    return check.verdict is Verdict.FAILS and explanation.digest == check.digest


def explain(check: Check, note: str, digest: str, by: Any) -> FigureExplanation:
    """`digest` is that of the values somebody has seen. Raises PermissionDenied, Moved; ValueError without a note."""
    if not may_explain(by, check):
        raise PermissionDenied
    if check.verdict is not Verdict.FAILS or check.digest != digest:
        raise Moved
    note = one_line(note)[:LONGEST]
    if not note:
        raise ValueError("An explanation says something.")
    with transaction.atomic():
        explanation = FigureExplanation.objects.create(
            check_key=check.key,
            shown=check.label[:300],
            values=check.values[:300],
            digest=check.digest,
            note=note,
            by=by,
        )
        AuditEntry.record(explanation, "explain", by, note=f"{explanation.values}: {note}")
    return explanation


def take_back(explanation: FigureExplanation, by: Any) -> None:
    """The finding is unexplained again; what was said stays in the audit log."""
    with transaction.atomic():
        AuditEntry.record(explanation, "take back", by, note=f"{explanation.values}: {explanation.note}")
        explanation.delete()
