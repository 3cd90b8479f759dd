"""Figures in a few words."""

import itertools

from portal.models import FigureGroup, KeyFigure

numbers = itertools.count(1)


def make_group(presentation="parts", **fields):
    n = next(numbers)
    return FigureGroup.objects.create(
        **{"slug": f"g{n}", "name": f"Group {n}", "position": n} | fields, presentation=presentation
    )


def make_figure(group, value, **fields):
    n = next(numbers)
    told = {"slug": f"f{n}", "label": f"Figure {n}", "value": value, "year": 2021, "position": n}
    if value is None:
        told["qualifier"] = "unknown"
    return KeyFigure.objects.create(group=group, **told | fields)
