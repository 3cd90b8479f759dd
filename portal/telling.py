"""Who is told by letter of what somebody did with a record, and in which words.

Nobody is told of what they did themselves, nor of what they may not see, nor twice of one act.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from portal import letters
from portal.models import Draft
from portal.models.desk import one_line
from portal.versions import rights

if TYPE_CHECKING:
    from portal.editorial.verbs import EditorialModel


@dataclass(frozen=True)
class Act:
    """What somebody is told: one thing, what was done with it, and what is to be said of it besides."""

    about: models.Model
    verb: str
    by: Any
    note: str
    lines: tuple[str, ...]
    key: str
    right: str


_gathered: ContextVar[dict[Any, list[Act]] | None] = ContextVar("gathered", default=None)


def tell_of_step(record: "EditorialModel", verb: str, by: Any, note: str, act: str) -> None:
    """Tell the people concerned that a verb was carried out, in its transaction. `act` names it for all times."""
    if verb not in CONCERNED:
        return
    people = CONCERNED[verb](record)
    extra: tuple[Any, ...] = ()
    if verb == "publish" and record.published_at and record.published_at > timezone.now():
        verb, extra = "schedule", (_public_from(record),)
    tell(record, verb, by, note, people, extra, act=act)


def tell_of_draft(record: models.Model, draft: Draft, verb: str, by: Any, note: str, act: str) -> None:
    """The same of a step that a draft of a live page has taken."""
    writers = [draft.submitted_by, draft.changed_by]
    people: Iterable[Any] = writers
    extra: tuple[Any, ...] = ()
    if verb == "submit draft":
        people = _publishers(record, writers)
    elif verb == "schedule draft":
        extra = (_from_to(draft.publish_at),)
    elif verb == "could not publish draft":
        people, by = [*writers, by], None
    elif verb not in {"send back draft", "publish draft", "take back draft", "discard draft"}:
        return
    tell(record, verb, by, note, people, extra, act=act)


def tell(
    about: models.Model,
    verb: str,
    by: Any,
    note: str,
    people: Iterable[Any],
    extra_lines: Iterable[Any] = (),
    act: str = "",
    right: str = "",
) -> None:
    """Write to those of `people` who may see it (`right`, to view its model unless told) and did not do it themselves.

    A line of `extra_lines` that is lazy is read in the time zone of each reader. `act` names what happened: who is
    told of the same act again is not. A verb that `_words` does not know stands in the letter as it is.
    """
    right = right or f"{about._meta.app_label}.view_{about._meta.model_name}"
    keys = {person.pk for person in people if person is not None and person != by}
    for person in letters.reachable(right).filter(pk__in=keys).select_related("preference").order_by("pk"):
        with _as_read_by(person):
            lines = tuple(str(line) for line in extra_lines)
        key = f"{act}:{person.pk}" if act else ""
        told = Act(about, verb, by, note, lines, key, right)
        if (together := _gathered.get()) is None:
            _write(person, [told])
        else:
            together.setdefault(person, []).append(told)


@contextmanager
def gathered() -> Iterator[None]:
    """What is done with several things inside becomes one letter for each person, and none if it ends in an error."""
    token = _gathered.set({})
    try:
        yield
        acts = _gathered.get() or {}
    finally:
        _gathered.reset(token)
    for person, told in acts.items():
        _write(person, told)


# Who is concerned: verb -> people, of whom tell() leaves out whoever acts and who may not see the record


def _publishers(record: Any, writers: Iterable[Any]) -> Iterable[Any]:
    """Who may publish it: not who wrote it."""
    own = [person.pk for person in writers if person]
    return letters.reachable(rights.publishing(type(record))).exclude(pk__in=own)


def _writers(record: "EditorialModel") -> Iterable[Any]:
    return [record.submitted_by, record.changed_by]


CONCERNED: dict[str, Callable[["EditorialModel"], Iterable[Any]]] = {
    "submit": lambda record: _publishers(record, _writers(record)),
    "send back": _writers,
    "publish": _writers,
    "take back": _writers,
    "withdraw": _writers,
}


# The letter


def _words(verb: str) -> tuple[str, str, str]:
    """How its subject begins, what happened, and what to call the note."""
    return {
        "submit": (_("For review"), _("%(who)s submitted this for review."), _("Note")),
        "send back": (_("Sent back"), _("%(who)s sent this back."), _("What should be changed")),
        "publish": (_("Published"), _("%(who)s published this."), _("Note")),
        "schedule": (_("Scheduled"), _("%(who)s approved this for a time to come."), _("Note")),
        "take back": (_("Taken back"), _("%(who)s made this a draft again before visitors saw it."), _("Note")),
        "withdraw": (_("Withdrawn"), _("%(who)s took this off the site."), _("Reason")),
        "submit draft": (_("For review"), _("%(who)s submitted a draft of this live page."), _("Note")),
        "send back draft": (_("Sent back"), _("%(who)s sent the draft of this back."), _("What should be changed")),
        "publish draft": (_("Published"), _("%(who)s published the draft of this."), _("Note")),
        "schedule draft": (_("Scheduled"), _("%(who)s approved the draft of this for a time to come."), _("Note")),
        "take back draft": (_("Taken back"), _("%(who)s made the approved draft of this a draft again."), _("Note")),
        "discard draft": (_("Discarded"), _("%(who)s discarded the draft of this."), _("Note")),
        "could not publish draft": (
            _("Could not be published"),
            _("The draft of this was due and could not be put in place. It waits for review again."),
            _("Why"),
        ),
    }.get(verb, (verb.capitalize(), _("%(who)s: %(verb)s."), _("Note")))


def _write(person: Any, acts: list[Act]) -> None:
    """One letter of what one person did, perhaps with several things."""
    with _as_read_by(person):
        first = acts[0]
        beginning, happened, noted = _words(first.verb)
        subject = f"{beginning}: {first.about}"
        if len(acts) > 1:
            told = {"beginning": beginning, "n": len(acts), "title": first.about}
            others = ngettext(
                "%(beginning)s: %(title)s and %(n)d other", "%(beginning)s: %(title)s and %(n)d others", len(acts) - 1
            )
            subject = others % {**told, "n": len(acts) - 1}
        who = (first.by.get_full_name() or first.by.get_username()) if first.by else ""
        paragraphs = [happened % {"who": who, "verb": first.verb}]
        for act in acts:
            title = one_line(f"{act.about} ({act.about._meta.verbose_name})")
            paragraphs.append("\n".join([title, *act.lines, settings.SITE_URL + link_to(act.about)]))
        if note := first.note.strip():
            paragraphs.append(f"{noted}:\n" + "\n".join(f"  {one_line(line)}" for line in note.splitlines()))
        preferences = settings.SITE_URL + reverse("admin:preferences")
        paragraphs.append("-- \n" + _("You can switch these letters off: %s") % preferences)
    letters.write(person, subject, "\n\n".join(paragraphs) + "\n", first.about, first.key, first.right)


def link_to(about: models.Model) -> str:
    """Its form in the admin, or its page where it has none."""
    meta = about._meta
    try:
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[about.pk])
    except NoReverseMatch:
        pass
    return about.get_absolute_url() if hasattr(about, "get_absolute_url") else reverse("admin:index")


@contextmanager
def _as_read_by(person: Any) -> Iterator[None]:
    """In the language of the admin, and the time zone of the reader rather than of who acts."""
    zone = person.preference.zone if hasattr(person, "preference") else None
    with override(settings.LANGUAGE_CODE), timezone.override(zone or timezone.get_default_timezone()):
        yield


def _public_from(record: "EditorialModel") -> Any:
    return _from_to(record.published_at, record.expires_at)


def _from_to(start: datetime.datetime | None, end: datetime.datetime | None = None) -> Any:
    def words() -> str:
        told = {"zone": timezone.get_current_timezone_name()}
        for name, moment in (("at", start), ("until", end)):
            told[name] = date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else ""
        if end:
            return _("Visitors will see it from %(at)s until %(until)s (%(zone)s).") % told
        return _("Visitors will see it from %(at)s (%(zone)s).") % told

    return lazy(words, str)()
