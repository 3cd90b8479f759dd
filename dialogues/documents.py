"""Documents of meetings: records of later kinds that point at one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from dialogues.models import Meeting
from portal import kinds
from portal.editorial import Reader


@dataclass(frozen=True)
class Documents:
    kind: kinds.Kind
    count: int


def with_documents(meetings: Iterable[Meeting], user: Reader) -> list[Meeting]:
    """Gives each meeting its `documents`, as far as the reader may see them: one query for each kind that has any.
    Those that have them already keep them.
    """
    meetings = list(meetings)
    asked: list[Any] = [meeting for meeting in meetings if not hasattr(meeting, "documents")]
    for meeting in asked:
        meeting.documents = []
    keys = [meeting.pk for meeting in asked]
    for kind in kinds.all() if asked else ():
        for path in kind.paths_to(Meeting):
            found = kind.visible_to(user).order_by().filter(**{f"{path}__in": keys})
            counts = dict(found.values_list(path).annotate(n=Count("pk", distinct=True)))
            for meeting in asked:
                if meeting.pk in counts:
                    meeting.documents.append(Documents(kind, counts[meeting.pk]))
    return meetings
