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


def send_alerts(now: datetime.datetime | None = None) -> Report:
    """Tell everybody whose day it is. Raises IndexUnavailable, or what the mail server raises when it cannot be
    reached; then nothing has been recorded and the next run does it all."""
    now = now or timezone.now()
    head = watching.index_head()
    report = Report()
    connection = get_connection()
    connection.open()
    try:
        owners = SavedSearch.objects.exclude(alert=SavedSearch.Alert.NONE).values("owner")
        people = get_user_model().objects.filter(pk__in=owners, is_active=True).exclude(email="").order_by("pk")
        for owner in people:
            if owner.has_perm(RIGHT):
                _tell(owner, now, head, connection, report)
    finally:
        connection.close()
    return report


def anybody_is_due(now: datetime.datetime) -> bool:
    """Whether it is worth while to ask for the mail server."""
    return any(is_due(saved, now) for saved in SavedSearch.objects.exclude(alert=SavedSearch.Alert.NONE))


def is_due(saved: SavedSearch, now: datetime.datetime) -> bool:
    """By days of the calendar, so that a run that is a little earlier than yesterday's still counts."""
    if saved.alert not in EVERY:
        return False
    last = timezone.localdate(saved.told_at or saved.created_at)
    return (timezone.localdate(now) - last).days >= EVERY[SavedSearch.Alert(saved.alert)]


def _tell(owner: Any, now: datetime.datetime, head: Head, connection: Any, report: Report) -> None:
    with transaction.atomic():
        due, sections = _recorded(owner, now, head)
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
    owner: Any, now: datetime.datetime, head: Head
) -> tuple[list[tuple[SavedSearch, datetime.datetime | None]], list[Section]]:
    """The searches that are due, with when their owner was told last, and what there is to tell; now on record."""
    rows = SavedSearch.objects.select_for_update(of=("self",)).filter(owner=owner).select_related("owner")
    due = [(saved, saved.told_at) for saved in rows if is_due(saved, now)]
    sections = []
    for saved, before in due:
        try:
            watching.refresh(saved, head, now, watching.ChangeLog())
        except watching.QueryError:
            continue  # its page at the desk says what is wrong; what is new is told once it is right again
        SavedSearch.objects.filter(pk=saved.pk).update(told_at=now)
        if section := _section(saved, before):
            sections.append(section)
    return due, sections


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
