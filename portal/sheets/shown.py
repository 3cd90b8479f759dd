"""What records say now, and what they said when a table was written from them: told by the signs in its rows."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from portal.imports.planning import in_parts
from portal.models import Version
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
