"""Documents of meetings: records of later kinds that point at one."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from dialogues.models import Meeting
from portal import kinds
from portal.editorial import Reader


@dataclass(frozen=True)
class Documents:
    kind: kinds.Kind
    count: int


def with_documents(meetings: Iterable[Meeting], user: Reader) -> list[Meeting]:
    """Gives each meeting its `documents`, as far as the reader may see them: one query for each kind that has any."""
    meetings = list(meetings)
    for meeting in meetings:
        meeting.documents = []  # type: ignore[attr-defined]
    keys = [meeting.pk for meeting in meetings]
    for kind in kinds.all() if meetings else ():
        for path in kind.paths_to(Meeting):
            found = kind.visible_to(user).order_by().filter(**{f"{path}__in": keys})
            counts = dict(found.values_list(path).annotate(n=Count("pk", distinct=True)))
            for meeting in meetings:
                if meeting.pk in counts:
                    meeting.documents.append(Documents(kind, counts[meeting.pk]))  # type: ignore[attr-defined]
    return meetings
