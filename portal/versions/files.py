"""Files that versions need: those of open drafts, and of what can be restored or brought back."""

from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType
from django.db import models

from portal.models import Version
from portal.versions.content import Content
from portal.versions.shape import Shape, shape_of


def stored_files(model: type[models.Model]) -> set[str]:
    """The names under which the store holds what any version of the records of a model names, as a row names it."""
    about = Version.objects.filter(content_type=ContentType.objects.get_for_model(model)).order_by()
    contents = about.values_list("content", flat=True).iterator(chunk_size=200)
    shape = shape_of(model)
    return {name for content in contents for name in _names(content, shape)}


def _names(content: Content, shape: Shape) -> Iterator[str]:
    for field in shape.fields:
        if isinstance(field, models.FileField) and (name := content["fields"].get(field.name)):
            yield name
    for rows in shape.rows:
        for row in content["rows"].get(rows.accessor, ()):
            yield from _names(row, rows.shape)
