"""Letters to people who work in the admin: written beside the act they tell of, sent after it by the worker.

At least once: who dies between sending and noting it leaves a letter that goes out again, under the same Message-ID.
"""

import datetime
import logging
import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.mail import EmailMessage, get_connection
from django.db import connection, models, transaction
from django.urls import reverse
from django.utils import timezone

from portal.models import Letter
from portal.models.desk import one_line
from portal.models.letters import MOST_ATTEMPTS
from portal.versions.rights import people_with

LONGEST_SUBJECT = 150
KEPT = datetime.timedelta(days=90)
PAUSE, LONGEST_PAUSE = datetime.timedelta(minutes=5), datetime.timedelta(hours=6)

logger = logging.getLogger(__name__)


def reachable(right: str = "") -> models.QuerySet[Any]:
    """Whom one may write to: active, with an address, not against letters, and with a right where one is named."""
    found = people_with(right) if right else get_user_model().objects.filter(is_active=True)
    return found.filter(is_staff=True).exclude(email="").exclude(preference__wants_letters=False)


def write(to: Any, subject: str, text: str, about: models.Model | None = None, key: str = "", right: str = "") -> None:
    """A letter to one person, sent when the transaction of the act is done. The same `key` is written once."""
    letter = Letter(
        key=key or uuid.uuid4().hex,
        to=to,
        subject=_subject(subject),
        text=text,
        content_type=ContentType.objects.get_for_model(about) if about else None,
        object_id=str(about.pk) if about else "",
        right=right,
    )
    Letter.objects.bulk_create([letter], ignore_conflicts=True)
    if settings.LETTERS_AT_ONCE and all(send_soon not in hook for hook in connection.run_on_commit):
        transaction.on_commit(send_soon, robust=True)


def send_soon() -> None:
    """Where no worker runs. Whoever has acted is done, whatever becomes of the letter."""
    try:
        send_waiting()
    except OSError as error:
        logger.warning("Letters wait: %s", error)


def send_waiting() -> int:
    """How many were sent. Raises OSError when the mail server cannot be reached: that is no attempt of any letter."""
    if not settings.EMAIL_BACKEND or not Letter.objects.waiting(timezone.now()).exists():
        return 0
    server, sent = get_connection(), 0
    server.open()
    try:
        while letter := _taken():
            if not reachable(letter.right).filter(pk=letter.to_id).exists():
                Letter.objects.filter(pk=letter.pk).update(attempts=MOST_ATTEMPTS, last_error="no longer to be told")
            elif _is_sent(letter, server):
                sent += 1
            else:
                # What failed may have been the connection, which would fail every letter after this one.
                _close(server)
                server.open()
    finally:
        _close(server)
    return sent


def prune() -> None:
    """Letters hold names and reasons: they are kept no longer than somebody may ask what became of them."""
    Letter.objects.filter(created_at__lt=timezone.now() - KEPT).delete()


def _subject(text: str) -> str:
    """One line, whatever a title holds: what follows a line end would be a header."""
    line = one_line(text)
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1] + "…"


def _taken() -> Letter | None:
    """The oldest that waits. It is not due again before this attempt must have ended, whoever looks."""
    with transaction.atomic():
        waiting = Letter.objects.waiting(timezone.now()).select_related("to")
        letter = waiting.select_for_update(skip_locked=True, of=("self",)).first()
        if letter is not None:
            letter.due_at = timezone.now() + min(PAUSE * 2**letter.attempts, LONGEST_PAUSE)
            letter.attempts += 1
            letter.save(update_fields=["due_at", "attempts"])
    return letter


def _is_sent(letter: Letter, server: Any) -> bool:
    host = settings.SITE_URL.split("://")[1].split(":")[0]
    headers = {
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{settings.SITE_URL}{reverse('admin:preferences')}>",
        "Message-ID": f"<letter-{letter.pk}-{letter.created_at:%Y%m%d%H%M%S}@{host}>",
    }
    try:
        EmailMessage(letter.subject, letter.text, to=[letter.to.email], headers=headers, connection=server).send()
    except Exception as error:  # whatever it is, the letters behind it must not wait for it
        level = logging.ERROR if letter.attempts >= MOST_ATTEMPTS else logging.WARNING
        logger.log(level, "Letter %s was not sent, attempt %s", letter.pk, letter.attempts, exc_info=True)
        Letter.objects.filter(pk=letter.pk).update(last_error=f"{type(error).__name__}: {error}"[:300])
        return False
    Letter.objects.filter(pk=letter.pk).update(sent_at=timezone.now(), last_error="")
    return True


def _close(server: Any) -> None:
    try:
        server.close()
    except OSError:  # every error of smtplib is one
        logger.warning("The mail server did not take leave", exc_info=True)
