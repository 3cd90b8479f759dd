"""Key figures: all of them on one page, each group on one of its own, and both to take away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from portal import charts
from portal.formats import figures as formats
from portal.models import FigureGroup, KeyFigure

MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
Shown = FigureGroup.Presentation


@dataclass(frozen=True)
class Row:
    """A figure in the table of its group; `letter` is that of its part of the bar above."""

    figure: KeyFigure
    bar: charts.Bar | None = None
    letter: str = ""
    style: str = ""


@dataclass(frozen=True)
class ShownGroup:
    group: FigureGroup
    rows: Sequence[Row]
    elsewhere: Sequence[Row]
    series: charts.Series | None = None
    shares: charts.Shares | None = None
    is_stairs: bool = False

    @property
    def has_bars(self) -> bool:
        return any(row.bar for row in self.rows)

    @property
    def has_vague(self) -> bool:
        """Whether some bar is an outline, because its figure is not exact."""
        return any(row.bar and row.bar.style == "unsure" for row in self.rows)


def listed() -> QuerySet[KeyFigure]:
    return KeyFigure.objects.select_related("group", "source", "country", "region").order_by("position", "pk")


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    groups = list(FigureGroup.objects.prefetch_related(Prefetch("figures", queryset=listed())))
    every = [figure for group in groups for figure in group.figures.all()]
    shown = [drawn(group, list(group.figures.all()), every) for group in groups]
    return render(request, "portal/figures.html", {"groups": [one for one in shown if one.rows]})


@require_safe
def group(request: HttpRequest, slug: str) -> HttpResponse:
    thing = get_object_or_404(FigureGroup.objects.prefetch_related(Prefetch("figures", queryset=listed())), slug=slug)
    same = Q(measures=thing.measures) | Q(measures="", group__measures=thing.measures)
    elsewhere = listed().filter(same).exclude(group=thing) if thing.measures else []
    context = {"one": drawn(thing, list(thing.figures.all()), elsewhere), "thing": thing}
    return render(request, "portal/figure_group.html", context)


@require_safe
def download(request: HttpRequest, format: str, slug: str = "") -> HttpResponse:
    """In the order of the page. A few hundred rows: nothing to stream."""
    chosen = listed().order_by("group__position", "group__slug", "position", "pk")
    if slug:
        chosen = chosen.filter(group=get_object_or_404(FigureGroup, slug=slug))
    write = formats.in_csv if format == "csv" else formats.in_json
    response = HttpResponse("".join(write(chosen)), content_type=MEDIA_TYPES[format])
    name = f"figures-{slug}" if slug else "figures"
    response["Content-Disposition"] = f'attachment; filename="{name}.{format}"'
    return response


def drawn(group: FigureGroup, figures: list[KeyFigure], elsewhere: Iterable[KeyFigure]) -> ShownGroup:
    """A group with the chart that its presentation asks for, where its figures allow one."""
    shown = [figure for figure in figures if figure.change_since is None]
    parts = [figure for figure in shown if not figure.is_total]
    alike = len({figure.unit for figure in shown}) == 1
    if group.presentation == Shown.SERIES and alike and (series := charts.series(points(shown))):
        return ShownGroup(group, [Row(figure) for figure in figures], [], series=series)
    one_year = len({figure.year for figure in parts}) == 1
    if group.presentation == Shown.SHARES and one_year and (shares := charts.shares(points(parts))):
        letters = dict(zip((part.pk for part in parts), shares.shares, strict=True))
        rows = [
            Row(figure, letter=letters[figure.pk].letter, style=letters[figure.pk].style)
            if figure.pk in letters
            else Row(figure)
            for figure in figures
        ]
        return ShownGroup(group, rows, [], shares=shares)
    totals = [figure for figure in shown if figure.is_total]
    if group.presentation == Shown.PARTS and not totals:
        totals = [one for one in elsewhere if is_total_of(one, group, parts)]
    if not alike or len(parts) < 2 or {total.unit for total in totals} - {part.unit for part in parts}:
        return ShownGroup(group, [Row(figure) for figure in figures], beside(group, totals))
    whole = max((total.value for total in totals if total.value is not None), default=None)
    is_stairs = group.presentation == Shown.PARTS and one_year and all(map(is_drawable, parts))
    found = charts.stairs(points(parts), whole) if is_stairs else charts.bars(points(parts), whole)
    lengths = dict(zip((part.pk for part in parts), found, strict=True))
    lengths |= {total.pk: outline(total, parts, whole) for total in totals}
    rows = [Row(figure, lengths.get(figure.pk)) for figure in figures]
    return ShownGroup(group, rows, beside(group, totals, lengths), is_stairs=is_stairs)


def is_total_of(figure: KeyFigure, group: FigureGroup, parts: list[KeyFigure]) -> bool:
    """Whether a figure of another group states what these parts add up to."""
    key = group.measures.casefold()
    return bool(
        key
        and figure.group.pk != group.pk
        and figure.change_since is None
        and figure.key == key
        and {figure.year} == {part.year for part in parts}
    )


def beside(
    group: FigureGroup, totals: Iterable[KeyFigure], lengths: dict[int, charts.Bar | None] | None = None
) -> list[Row]:
    return [Row(total, (lengths or {}).get(total.pk)) for total in totals if total.group.pk != group.pk]


def outline(total: KeyFigure, parts: list[KeyFigure], whole: Decimal | None) -> charts.Bar | None:
    """A total, against which its parts are seen to add up or not."""
    added = sum((part.value for part in parts if part.value is not None), Decimal(0))
    point, longest = points([total])[0], max(added, whole or Decimal(0))
    bar = charts.bars([point], longest)[0]
    return charts.Bar(bar.x, bar.width, "whole" if point.is_exact else "unsure") if bar else None


def is_drawable(figure: KeyFigure) -> bool:
    return figure.qualifier == KeyFigure.Qualifier.EXACT and figure.value is not None and figure.value >= 0


def points(figures: Iterable[KeyFigure]) -> list[charts.Point]:
    exact = KeyFigure.Qualifier.EXACT
    return [charts.Point(one.year, one.value, one.words, one.qualifier == exact) for one in figures]
