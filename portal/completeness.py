"""What a record still lacks, and for whom: the checks that kinds name, asked of one record or of all of them.

Each check is a condition in SQL, so that the form and the report ask the same thing, and a report over many records
costs no more queries than one over few.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.languages import CODES, columns
from portal.prose import ProseField

Words = str | Promise


class Audience(models.TextChoices):
    """Who misses what is lacking."""

    READERS = "readers", _("for readers")
    IATI = "iati", _("for IATI")
    CITING = "citing", _("for those who cite")


@dataclass(frozen=True)
class Check:
    """Something a record of a kind should have. `name` stands in addresses; `field` is where the form mends it: a
    column, or the name of the relation whose rows are edited there. `lacking` holds for records without it; a
    relation to many may stand in it only within `has`.
    """

    name: str
    field: str
    what: Words
    lacking: Q
    audience: Audience = Audience.READERS


@dataclass(frozen=True)
class Lack:
    """What one record lacks. `anchor` is the place in its form."""

    field: str
    what: str
    audience: Audience
    anchor: str


@dataclass(frozen=True)
class Completeness:
    score: int
    lacks: Sequence[Lack]

    @property
    def by_audience(self) -> list[tuple[str, list[Lack]]]:
        grouped = ((one.label, [lack for lack in self.lacks if lack.audience == one]) for one in Audience)
        return [(str(label), lacks) for label, lacks in grouped if lacks]


def has(model: type[models.Model], *conditions: Q, **lookups: Any) -> Q:
    """Records with at least one related row for which all of this is so."""
    own = model._base_manager.filter(*conditions, pk=OuterRef("pk"), **lookups)
    return Q(Exists(own.order_by().values("pk")))


def blank(field: str) -> Q:
    """Translated text that stands in no language."""
    empty = Q()
    for column in columns(field):
        empty &= Q(**{column: ""}) | Q(**{f"{column}__isnull": True})
    return empty


def untranslated(*fields: str) -> Q:
    """Text that stands in some language of the site but not in all of them."""
    found = Q()
    for field in fields:
        for code in CODES:
            column = f"{field}_{code}"
            found |= (Q(**{column: ""}) | Q(**{f"{column}__isnull": True})) & ~blank(field)
    return found


def flag(check: Check) -> str:
    """The column that says of a record whether it lacks this."""
    return f"lacks_{check.name.replace('-', '_')}"


def with_lacks(records: Any, checks: Sequence[Check]) -> Any:
    """Each record with a 1 for everything it lacks and 0 for the rest, and its `score` from 0 to 100."""
    one = {flag(check): Case(When(check.lacking, then=1), default=0, output_field=IntegerField()) for check in checks}
    counted = records.annotate(**one)
    lacking: Any = Value(0)
    for name in one:
        lacking = lacking + models.F(name)
    return counted.annotate(score=Value(100) - lacking * 100 / max(len(checks), 1))


def tally(records: Any, checks: Sequence[Check]) -> dict[str, int]:
    """How many of the records lack each thing, by the name of the check. One query."""
    if not checks:
        return {}
    plain = records.order_by().aggregate(**{flag(one): Count("pk", filter=one.lacking) for one in checks})
    return {check.name: plain[flag(check)] for check in checks}


def lacks_of(record: Any, checks: Iterable[Check]) -> list[Lack]:
    """Of a record that `with_lacks` has prepared."""
    return [
        Lack(check.field, str(check.what), check.audience, anchor(type(record), check.field))
        for check in checks
        if getattr(record, flag(check))
    ]


def of(record: Any, checks: Sequence[Check]) -> Completeness | None:
    """As the record stands in the database; None where its kind asks for nothing, or it is not stored yet."""
    if not checks or record.pk is None:
        return None
    found = with_lacks(type(record)._base_manager.filter(pk=record.pk), checks).first()
    return Completeness(found.score, lacks_of(found, checks)) if found else None


def anchor(model: type[models.Model], name: str) -> str:
    """Where the admin's form has a field: its box, its rows, or of prose, whose box is covered, the words below."""
    field = model._meta.get_field(name)
    if field.one_to_many:
        return f"#{name}-group"
    main = f"{name}_{settings.MODELTRANSLATION_DEFAULT_LANGUAGE}"
    if any(one.name == main for one in model._meta.fields):
        name = main
    return f"#id_{name}_helptext" if isinstance(field, ProseField) else f"#id_{name}"
