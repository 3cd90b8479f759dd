"""Queries without hits: what the library lacks, in the words of those who looked. Kept so that it tells of nobody."""

import datetime
import hashlib
import hmac
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from portal.languages import fold
from portal.models import UnansweredQuery
from portal.waiting import waiting_at_most

KEPT = datetime.timedelta(days=180)
LONGEST = 120  # longer ones are pasted texts
MOST_ROWS = 20_000  # so that nobody fills the database by asking
PATIENCE = 100  # milliseconds for which a search waits to be noted
PERSONAL = re.compile(
    r"@|https?:|www\."  # addresses of people and of pages
    r"|\d(?:[\s./()+-]*\d){5}"  # six digits and more, however they are grouped: telephones, files, birthdays
)
YEARS = re.compile(r"\b(?:19|20)\d\d(?:\.\.|[-–](?=(?:19|20)\d\d\b))(?:(?:19|20)\d\d\b)?")

logger = logging.getLogger(__name__)


def note_unanswered(text: str) -> None:
    """Remember that a query found nothing. Never raises: a search must not fail because of it.

    The text is kept from the second time on; until then only a keyed hash of it, because what is asked once may
    name somebody. What looks like an address or a long number is not kept at all.
    """
    folded = " ".join(fold(text.replace("\0", " ")).split())
    if not folded or len(folded) > LONGEST or PERSONAL.search(YEARS.sub(" ", folded)):
        return
    try:
        with _impatient():
            _note(folded)
    except DatabaseError:
        logger.warning("A query without hits could not be noted", exc_info=True)


def _note(folded: str) -> None:
    today = timezone.localdate()
    key = hmac.new(settings.SECRET_KEY.encode(), f"unanswered:{folded}".encode(), hashlib.sha256).hexdigest()
    again = UnansweredQuery.objects.filter(key=key)
    if again.update(count=F("count") + 1, last_day=today, text=folded):
        return
    _make_room()
    UnansweredQuery.objects.get_or_create(key=key, defaults={"first_day": today, "last_day": today})


def _make_room() -> None:
    """What was asked once goes first, the oldest before others: nobody can silence the report by asking much."""
    rows = UnansweredQuery.objects.all()
    if rows.count() < MOST_ROWS:
        return
    # Some at once, so that a flood does not pay for the look at each of its drops.
    once = rows.filter(text="").order_by("last_day", "pk").values_list("pk", flat=True)[: MOST_ROWS // 100 + 1]
    oldest = list(once) or list(rows.order_by("count", "last_day", "pk").values_list("pk", flat=True)[:1])
    rows.filter(pk__in=oldest).delete()


@contextmanager
def _impatient() -> Iterator[None]:
    """A transaction that gives up at once where somebody else is writing: whoever searches is waiting for it."""
    with waiting_at_most(PATIENCE), transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{PATIENCE}ms"])
        yield


def prune_unanswered(today: datetime.date) -> int:
    """For the worker's rounds: how many were too old."""
    return UnansweredQuery.objects.filter(last_day__lt=today - KEPT).delete()[0]
