"""What records say now, and what they said when a table was written from them: told by the signs in its rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from portal.imports.planning import in_parts
from portal.models import Origin, Version
from portal.versions import batches
from portal.versions.content import Content, digest, key_of

AT_ONCE = 500


def sign_of(digest: str) -> str:
    """A digest in a cell: enough of it to be told apart, and nothing a program takes for a number."""
    return f"v{digest[:15]}"


class Shown:
    """A record with what its form shows."""

    def __init__(self, record: models.Model, content: Content) -> None:
        self.record, self.content, self.sign = record, content, sign_of(digest(content))


@dataclass
class Records:
    """What the rows of one table are about. By short name, and by the mark of a row without one: keys of records; by
    mark too what earlier imports have `told`. By key what records say; by key and sign what they said before.
    """

    by_slug: dict[str, Any] = field(default_factory=dict)
    by_mark: dict[str, Any] = field(default_factory=dict)
    told: dict[str, Content] = field(default_factory=dict)
    shown: dict[Any, Shown] = field(default_factory=dict)
    bases: dict[Any, Content] = field(default_factory=dict)


def look_at(model: type[models.Model], signs: dict[Any, set[str]]) -> tuple[dict[Any, Shown], dict[Any, Content]]:
    """Of some keys, with the signs that rows have of them."""
    shown: dict[Any, Shown] = {}
    for part in in_parts(signs, AT_ONCE):
        for subject in batches.look(model, part):
            shown[key_of(subject.record.pk)] = Shown(subject.record, subject.shown)
    older = {key: found - {"", shown[key].sign} for key, found in signs.items() if key in shown}
    kind = ContentType.objects.get_for_model(model)
    bases: dict[Any, Content] = {}
    for part in in_parts([key for key, found in older.items() if found], AT_ONCE):
        versions = Version.objects.filter(content_type=kind, object_id__in=[str(key) for key in part])
        by_text = {str(key): key for key in part}
        wanted = {}
        for pk, text, sign in versions.order_by().values_list("pk", "object_id", "digest"):
            if sign_of(sign) in older[by_text[text]]:
                wanted[pk] = (by_text[text], sign_of(sign))
        contents = Version.objects.filter(pk__in=wanted).values_list("pk", "content")
        bases |= {wanted[pk]: content for pk, content in contents}
    return shown, bases


def told_rows(scheme: str, accessor: str, keys: Iterable[Any]) -> dict[Any, dict[str, Content]]:
    """By record and key: the rows that earlier imports of such a sheet have told of without an id."""
    marks = {mark_of_rows(accessor, key): key for key in keys}
    found: dict[Any, dict[str, Content]] = {}
    for part in in_parts(marks, AT_ONCE):
        for origin in Origin.objects.filter(scheme=scheme, source="", key__in=part):
            found[marks[origin.key]] = {row["id"]: row for row in origin.said["rows"].get(accessor, [])}
    return found


def mark_of_rows(accessor: str, key: Any) -> str:
    return f"{accessor} of {key}"


def kept_rows(said: dict[str, Content], before: dict[str, Content], told: dict[str, Content]) -> None:
    """What earlier tables have told stays told, though this one does not name it: it is neither taken back nor said
    again where somebody has changed it.
    """
    for key, row in told.items():
        if key not in said:
            said[key] = before[key] = row
