"""What the figures check compares among the key figures. No figure is named here: what belongs together follows from
how a group presents its figures, from totals, years and units, and from the keys for what is measured.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from portal.editorial import Reader
from portal.figures import checking
from portal.figures.checking import Check, Rule, Stated, Verdict
from portal.models import FigureGroup, KeyFigure

PER_CENT = "%"
MAIN = settings.MODELTRANSLATION_DEFAULT_LANGUAGE
Shown = FigureGroup.Presentation


def find(reader: Reader | None) -> Iterator[Check]:
    """Key figures are public, so that every reader gets the same."""
    yield from of_figures(KeyFigure.objects.select_related("group", "source").order_by("group", "position", "pk"))


def of_figures(figures: Iterable[KeyFigure]) -> Iterator[Check]:
    known = Known(figures)
    for group in known.groups:
        if group.presentation in {Shown.PARTS, Shown.SHARES}:
            yield from known.of_parts(group)
    yield from known.of_equals()
    yield from known.of_changes()


def unit_of(figure: KeyFigure) -> str:
    """In the main language, whatever the reader's."""
    return str(getattr(figure, f"unit_{MAIN}") or "").strip().casefold()


class Known:
    """All key figures, by what they are compared by."""

    def __init__(self, figures: Iterable[KeyFigure]) -> None:
        self.by_group: dict[FigureGroup, list[KeyFigure]] = defaultdict(list)
        self.by_key: dict[str, list[KeyFigure]] = defaultdict(list)
        self.changes: list[KeyFigure] = []
        self.places: dict[tuple[int, str], int] = defaultdict(int)
        for figure in figures:
            self.by_group[figure.group].append(figure)
            alike = (figure.group.pk, unit_of(figure))
            self.places[alike] = max(self.places[alike], checking.decimals_of(figure.value))
            if figure.change_since is not None:
                self.changes.append(figure)
            elif key := figure.key:
                self.by_key[key].append(figure)

    @property
    def groups(self) -> Iterable[FigureGroup]:
        return self.by_group

    def stated(self, figure: KeyFigure, label: str = "") -> Stated:
        alike = self.places[figure.group.pk, unit_of(figure)]
        step = checking.step_of(figure.value, figure.decimals, alike)
        is_part = not figure.is_total and figure.change_since is None
        if not step and figure.decimals is None and is_part and figure.group.presentation == Shown.SHARES:
            step = Decimal(1)  # a share is worked out, never counted
        return Stated(
            label=label or figure.label,
            value=figure.value,
            words=figure.words if figure.value is None else " ".join(filter(None, (figure.words, figure.unit))),
            record=figure,
            step=step,
            is_exact=figure.qualifier == KeyFigure.Qualifier.EXACT,
            place=", ".join(filter(None, (str(figure.source or ""), figure.place))),
            note=figure.note,
            around=figure.group.note,
        )

    def named(self, figure: KeyFigure) -> Stated:
        """With its group, where figures of several are side by side."""
        return self.stated(figure, f"{figure.group}: {figure.label}")

    # Parts

    def of_parts(self, group: FigureGroup) -> Iterator[Check]:
        """Year by year. Parts are compared with the totals beside them, or else with what states the same elsewhere."""
        by_year: dict[int | None, list[KeyFigure]] = defaultdict(list)
        for figure in self.by_group[group]:
            if figure.change_since is None:
                by_year[figure.year].append(figure)
        for year, figures in by_year.items():
            parts = [figure for figure in figures if not figure.is_total]
            totals = [figure for figure in figures if figure.is_total]
            if not parts:
                continue
            label, key = in_year(group.name, year), f"{group.pk}:{year or ''}"
            if group.presentation == Shown.SHARES:
                stated = [self.stated(figure) for figure in parts]
                yield self.if_alike(checking.add_up(f"shares:{key}", label, stated, None), parts)
            elif not totals:
                totals = [one for one in self.by_key.get(group.measures.casefold(), []) if one.group != group]
                totals = [one for one in totals if one.year == year] if group.measures else []
            for total in totals:
                yield self.sum(f"sum:{key}:{total.pk}", label, parts, total)
            if not totals and group.presentation == Shown.PARTS:
                yield self.without_total(f"sum:{key}", label, parts)

    def sum(self, key: str, label: str, parts: list[KeyFigure], total: KeyFigure) -> Check:
        named = self.stated(total) if total.group == parts[0].group else self.named(total)
        check = checking.add_up(key, label, [self.stated(figure) for figure in parts], named)
        return self.if_alike(check, [*parts, total])

    def without_total(self, key: str, label: str, parts: list[KeyFigure]) -> Check:
        reason = _("No total is stated for this year, in the group or under its key.")
        check = checking.add_up(key, label, [self.stated(figure) for figure in parts], None)
        return Check(key, Rule.SUM, label, check.parts, None, Verdict.OPEN, check.computed, reason=reason)

    def if_alike(self, check: Check, figures: list[KeyFigure]) -> Check:
        """Not compared where the units differ, or where there is more than one."""
        units = {unit_of(figure) for figure in figures}
        if len(units) == 1:
            return check
        return opened(check, _("The units differ: %s.") % ", ".join(sorted(units)))

    # The same thing elsewhere

    def of_equals(self) -> Iterator[Check]:
        for key, figures in self.by_key.items():
            alike: dict[tuple[Any, ...], list[KeyFigure]] = defaultdict(list)
            for figure in figures:
                alike[figure.year, figure.country_id, figure.region_id].append(figure)
            for (year, country, region), same in alike.items():
                if len(same) < 2:
                    continue
                name = f"same:{key}:{year or ''}:{country or ''}:{region or ''}"
                check = checking.agree(name, in_year(same[0].label, year), [self.named(one) for one in same])
                yield self.if_alike(check, same)
            if len(undated := [one for one in figures if one.year is None]) and len(undated) < len(figures):
                stated = [self.named(one) for one in figures]
                reason = _("Some of these have no year, so nobody knows whether they should agree.")
                name = f"same:{key}:undated"
                yield Check(name, Rule.SAME, figures[0].label, stated, None, Verdict.OPEN, reason=reason)

    # Changes

    def of_changes(self) -> Iterator[Check]:
        for figure in self.changes:
            key, told = f"change:{figure.pk}", self.named(figure)
            since, until = (self.one_of(figure, year) for year in (figure.change_since, figure.year))
            if since is None or until is None:
                reason = _("One of the two values is not stated, or stated in several units.")
                stated = [self.named(one) for one in (since, until) if one is not None]
                yield Check(key, Rule.CHANGE, figure.label, stated, told, Verdict.OPEN, reason=reason)
                continue
            in_per_cent = unit_of(figure) == PER_CENT and unit_of(since) != PER_CENT
            check = checking.changed(key, figure.label, self.named(since), self.named(until), told, in_per_cent)
            yield check if in_per_cent else self.if_alike(check, [since, until, figure])

    def one_of(self, change: KeyFigure, year: int | None) -> KeyFigure | None:
        """What a change speaks of in one year; of several the first, because those are compared by themselves."""
        found = [
            one
            for one in self.by_key.get(change.measures.casefold(), [])
            if (one.year, one.country_id, one.region_id) == (year, change.country_id, change.region_id)
        ]
        return found[0] if len({unit_of(one) for one in found}) == 1 else None


def opened(check: Check, reason: str) -> Check:
    """What cannot be compared after all."""
    return Check(check.key, check.rule, check.label, check.parts, check.against, Verdict.OPEN, reason=reason)


def in_year(name: str, year: int | None) -> str:
    return f"{name}, {year}" if year else name


checking.register(checking.Source("key-figures", find, (KeyFigure,)))
