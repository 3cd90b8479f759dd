"""Letters about new hits of saved searches: one for each owner who has news.

What is told is recorded before the letter leaves: at most once. Should everything stop between the two, a letter is
lost and none is doubled; its news still stand at the desk and in the feed, which do not depend on letters. Only when
the mail server says plainly that it did not take a letter is the record taken back, and the next run tells again.
"""

import datetime
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from smtplib import SMTPDataError, SMTPHeloError, SMTPRecipientsRefused, SMTPSenderRefused
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.models import SavedSearch
from portal.search.finding import Passage
from portal.search.passages import END, START
from portal.search.writing import Head
from portal.staff import watching
from portal.staff.access import RIGHT
from portal.staff.feeds import told_first
from portal.staff.results import records_of
from portal.territory import Notes

EVERY = {SavedSearch.Alert.DAILY: 1, SavedSearch.Alert.WEEKLY: 7}  # days
MOST_TOLD = 20  # hits of one search; of the rest only how many they are
REFUSED = (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError, SMTPHeloError)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Item:
    kind: str
    title: str
    url: str
    passages: Sequence[Passage]


@dataclass(frozen=True)
class Section:
    """The news of one saved search."""

    saved: SavedSearch
    items: Sequence[Item]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.items)


@dataclass
class Report:
    sent: int = 0
    failed: int = 0


def send_alerts() -> Report:
    """Tell everybody whose day it is.

    Raises IndexUnavailable, or what the mail server raises when it cannot be reached: nothing is recorded for those
    not yet told, and the next run tells them. A server that is lost on the way ends the run in the same manner, but
    what was done is reported.
    """
    head = watching.index_head()
    report = Report()
    connection = get_connection()
    connection.open()
    try:
        owners = _told_at_all().values("owner")
        for owner in get_user_model().objects.filter(pk__in=owners).order_by("pk"):
            if not owner.has_perm(RIGHT):
                continue
            failed = report.failed
            _tell(owner, head, connection, report)
            if report.failed > failed and not _opened_again(connection):
                break
    finally:
        _close(connection)
    return report


def anybody_is_due(now: datetime.datetime) -> bool:
    """Whether it is worth while to ask for the mail server."""
    return any(is_due(saved, now) for saved in _told_at_all().only("alert", "told_at", "created_at"))


def _told_at_all() -> QuerySet[SavedSearch]:
    return SavedSearch.objects.filter(alert__in=EVERY, owner__is_active=True).exclude(owner__email="")


def _opened_again(connection: Any) -> bool:
    """After a failure the connection may be dead, and every letter that is sent by it would count as told."""
    _close(connection)
    try:
        connection.open()
    except OSError:
        logger.exception("The mail server is lost; the letters that remain wait for the next run")
        return False
    return True


def _close(connection: Any) -> None:
    try:
        connection.close()
    except OSError:  # every error of smtplib is one
        logger.warning("The mail server did not take leave", exc_info=True)


def is_due(saved: SavedSearch, now: datetime.datetime) -> bool:
    """By days of the calendar, so that a run that is a little earlier than yesterday's still counts."""
    if saved.alert not in EVERY:
        return False
    last = timezone.localdate(saved.told_at or saved.created_at)
    return (timezone.localdate(now) - last).days >= EVERY[SavedSearch.Alert(saved.alert)]


def _tell(owner: Any, head: Head, connection: Any, report: Report) -> None:
    with transaction.atomic():
        now, due, sections = _recorded(owner, head)
    if not sections:
        return
    message = _letter(owner, sections, connection)
    try:
        message.send()
    except REFUSED:
        for saved, before in due:
            SavedSearch.objects.filter(pk=saved.pk, told_at=now).update(told_at=before)
        logger.warning("The mail server refused a letter about saved searches", exc_info=True)
        report.failed += 1
    except Exception:
        # Nobody knows whether it was taken: it counts as told.
        logger.exception("A letter about saved searches may be lost")
        report.failed += 1
    else:
        report.sent += 1


def _recorded(
    owner: Any, head: Head
) -> tuple[datetime.datetime, list[tuple[SavedSearch, datetime.datetime | None]], list[Section]]:
    """The searches that are due, with when their owner was told last, and what there is to tell; now on record.

    The moment is that of the lock: what the desk remembered before is told now, what it remembers later is not.
    """
    rows = list(SavedSearch.objects.select_for_update(of=("self",)).filter(owner=owner).select_related("owner"))
    now = timezone.now()
    due = [(saved, saved.told_at) for saved in rows if is_due(saved, now)]
    sections = []
    for saved, before in due:
        readable = True
        try:
            watching.refresh(saved, head, now, watching.ChangeLog())
        except watching.QueryError:
            readable = False  # its page at the desk says what is wrong; asking again every few minutes mends nothing
        # Another revision: whoever looked before must look again and not remember with a moment before this one.
        SavedSearch.objects.filter(pk=saved.pk).update(told_at=now, revision=F("revision") + 1)
        if readable and (section := _section(saved, before)):
            sections.append(section)
    return now, due, sections


def _section(saved: SavedSearch, before: datetime.datetime | None) -> Section | None:
    news = watching.news_of(saved, before)
    records = records_of((one.key for one in news), saved.owner)
    news = [one for one in news if one.key in records]
    if not news:
        return None
    put, notes = watching.search(saved), Notes()
    items = []
    for one in news[:MOST_TOLD]:
        kind, record = records[one.key]
        title = notes.mark_plain(str(record.title))
        passages = told_first(put.passages(*one.key, limit=3 + len(one.pages)), one.pages)[:3]
        items.append(Item(kind.label, title, settings.SITE_URL + record.get_absolute_url(), passages))
    return Section(saved, items, len(news))


def _letter(owner: Any, sections: Sequence[Section], connection: Any) -> EmailMessage:
    with translation.override(settings.LANGUAGE_CODE):
        n = sum(section.count for section in sections)
        subject = ngettext("%(n)d new hit of your saved searches", "%(n)d new hits of your saved searches", n) % {
            "n": n
        }
        if len(sections) == 1:
            told = {"n": n, "name": sections[0].saved.name}
            subject = ngettext("%(n)d new hit: %(name)s", "%(n)d new hits: %(name)s", n) % told
        context = {
            "sections": [
                (section, [(item, [_plain(p) for p in item.passages]) for item in section.items])
                for section in sections
            ],
            "site_url": settings.SITE_URL,
            "organisation": settings.ORGANISATION,
            "owner": owner,
        }
        body = render_to_string("staff/alert.txt", context)
    headers = {
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{settings.SITE_URL}{sections[0].saved.get_absolute_url()}>",
    }
    return EmailMessage(subject, body, to=[owner.email], headers=headers, connection=connection)


def _plain(passage: Passage) -> tuple[str, str, str]:
    """Its page, its text with brackets around what was found, its address."""
    text = passage.text.replace(START, "[").replace(END, "]")
    page = _("p. %(page)s") % {"page": passage.page.label or passage.number}
    return page, text, settings.SITE_URL + passage.page.url
