"""What was found in a source is written down: targets and lines, with what is remembered of earlier readings."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.text import Truncator

from portal.imports import likeness, readers, unknown
from portal.imports.entries import Entry, Found, Line, Problem
from portal.imports.planning import in_parts
from portal.models import Import, ImportLine, ImportTarget, Origin


def keep(imported: Import, found: Found) -> None:
    """Write down what was found, instead of what an earlier reading found. Plan it afterwards."""
    with transaction.atomic():
        imported.lines.all().delete()
        imported.targets.all().delete()
        imported.text, imported.remarks, imported.names = found.text, found.remarks, found.names.known
        unknown.choose_as_before(imported)
        known = _recognised(readers.get(imported.reader).scheme, found.entries)
        lines = [_line(imported, line, None) for line in found.lines]
        targets = []
        for position, entry in enumerate(found.entries, start=1):
            target = _target(imported, position, entry, known.get((entry.model, entry.source, entry.key)))
            targets.append(target)
            lines += [_line(imported, line, target) for line in entry.lines]
        ImportTarget.objects.bulk_create(targets, batch_size=500)
        ImportLine.objects.bulk_create(lines, batch_size=500)
        imported.save()


def _recognised(scheme: str, entries: Iterable[Entry]) -> dict[Any, Origin]:
    """By model, source and key: where such an entry went before."""
    found = {}
    asked = sorted((entry for entry in entries if entry.key), key=lambda entry: (entry.model.__name__, entry.source))
    for (model, source), own in groupby(asked, key=lambda entry: (entry.model, entry.source)):
        kind = ContentType.objects.get_for_model(model)
        for keys in in_parts((entry.key for entry in own), 500):
            for origin in Origin.objects.filter(content_type=kind, scheme=scheme, source=source, key__in=keys):
                found[model, source, origin.key] = origin
    return found


def _target(imported: Import, position: int, entry: Entry, origin: Origin | None) -> ImportTarget:
    known = str(entry.record.pk) if entry.record is not None else origin.object_id if origin else ""
    likely = {} if known else likeness.of(entry)
    said_before = origin.said if origin and origin.object_id == known else None
    return ImportTarget(
        imported=imported,
        position=position,
        content_type=ContentType.objects.get_for_model(entry.model),
        object_id=known or likeness.chosen(likely),
        label=Truncator(entry.label or str(entry.record or "")).chars(300),
        source=entry.source,
        key=entry.key,
        said={"fields": {}, "links": {}, "rows": {}} | entry.said,
        base=entry.base or said_before,
        pieces=entry.pieces,
        unplaced=entry.unplaced,
        remarks=entry.remarks,
        likely=likely,
    )


def _line(imported: Import, line: Line, target: ImportTarget | None) -> ImportLine:
    return ImportLine(
        imported=imported,
        number=line.number,
        label=Truncator(line.label).chars(300),
        target=target,
        row=list(line.row),
        problems=[_told(problem) for problem in line.problems],
    )


def _told(problem: Problem) -> dict[str, str]:
    value = Truncator(problem.value).chars(80)
    return {"field": problem.field, "value": value, "message": problem.message}
