"""Reading the text of files in the background: who reads which file, and what happens when a reader dies.

The state stands on the file's own row. A reader takes a file by a conditional update under a name of its own and
keeps renewing a lease; when it dies the lease runs out and the next one takes the file. Pages are exchanged in one
transaction, and only by the reader whose name still stands on the row: never two sets, never those of an old file.
"""

import datetime
import json
import logging
import time
import uuid
from collections.abc import Callable
from typing import IO, Any

from django.db import OperationalError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from portal import sandbox
from publications import ocr
from publications.models import PublicationFile
from publications.pages import put_pages
from publications.pictures import cover_height
from publications.text import PageText

LIMITS = sandbox.Limits(cpu=60, wall=90)
LEASE = datetime.timedelta(seconds=60)  # longer than a beat and a database that is locked for a while
MOST_ATTEMPTS = 3
PATIENCE = 20 * 60  # seconds of recognising pages of one file; pages beyond are told of
PATIENCE_AT_ONCE = 60  # where somebody waits for the answer, because no worker does the work

State = PublicationFile.State
logger = logging.getLogger(__name__)


class Unreadable(Exception):
    """The file's text cannot be read; the message is for editors."""


class TakenAway(Exception):
    """The row no longer bears our name: the file was replaced, asked for again, or our lease had run out."""


def dead() -> QuerySet[PublicationFile]:
    """Files whose reader has died."""
    return PublicationFile.objects.filter(state=State.RUNNING, leased_until__lt=timezone.now())


def open_files() -> QuerySet[PublicationFile]:
    """Files that may be taken: they wait, or their reader has died and not too often."""
    waiting = PublicationFile.objects.filter(state=State.WAITING)
    return (waiting | dead().filter(attempts__lt=MOST_ATTEMPTS)).order_by("added_at", "pk")


def give_up() -> list[uuid.UUID]:
    """Files that have ended their readers too often have failed. Their keys."""
    words = _("Reading it was broken off %s times: the program or the machine stopped in the middle.") % MOST_ATTEMPTS
    hopeless = dead().filter(attempts__gte=MOST_ATTEMPTS)
    keys = list(hopeless.values_list("pk", flat=True))
    hopeless.filter(pk__in=keys).update(state=State.FAILED, last_error=words, leased_until=None, reader=None)
    return keys


@task
def extract_text(file_id: str) -> None:
    """The background task; asks nothing but the row.

    The queue forgets a task whose worker was killed. So another look is arranged before the first one, and goes on
    as long as the file is neither read nor given up; on the way one more file is taken whose reader has died.
    """
    give_up()
    if PublicationFile.objects.filter(pk=file_id, state__in=(State.WAITING, State.RUNNING)).exists():
        if extract_text.get_backend().supports_defer:
            later = timezone.now() + LEASE + datetime.timedelta(seconds=1)
            extract_text.using(run_after=later).enqueue(file_id)
        extract(file_id, PATIENCE if extract_text.get_backend().supports_defer else PATIENCE_AT_ONCE)
    if left := dead().first():
        extract(left.pk)


def take_up() -> None:
    """For the worker, now and then: files that were left over because a worker was killed at a bad moment."""
    give_up()
    if extract_text.get_backend().supports_defer and not DBTaskResult.objects.ready().exists():
        for key in open_files().values_list("pk", flat=True):
            extract_text.enqueue(str(key))


def ask_for(*files: PublicationFile) -> None:
    """Have the text of files read (again).

    A queue in the database gets its task in the transaction of what is being saved: both or neither. One that works
    at once has to wait until that has been committed.
    """
    ids = [str(file.pk) for file in files]
    PublicationFile.objects.filter(pk__in=ids).update(**ANEW)
    for file_id in ids:
        if extract_text.get_backend().supports_defer:
            extract_text.enqueue(file_id)
        else:
            transaction.on_commit(lambda file_id=file_id: extract_text.enqueue(file_id))  # type: ignore[misc]


ANEW = {"state": State.WAITING, "attempts": 0, "last_error": "", "leased_until": None, "reader": None}


def extract(file_id: uuid.UUID | str, patience: float = PATIENCE) -> bool:
    """Read a file's text and put its pages in place. False where nobody was waiting or it could not be read."""
    reader = uuid.uuid4()
    until = timezone.now() + LEASE
    taken = open_files().filter(pk=file_id).order_by()
    if not taken.update(state=State.RUNNING, reader=reader, leased_until=until, attempts=F("attempts") + 1):
        return False
    ours = PublicationFile.objects.filter(pk=file_id, state=State.RUNNING, reader=reader)

    def renew() -> None:
        try:
            if not ours.update(leased_until=timezone.now() + LEASE):
                raise TakenAway
        except OperationalError:  # a database that is locked or away; the lease covers a while
            logger.warning("the lease on file %s could not be renewed", file_id)

    try:
        if (file := ours.first()) is None:
            return False
        pages, note = recognise_scans(file, read_pages(file, renew), renew, patience)
        return _put_in_place(file, ours, pages, note)
    except TakenAway:
        return False
    except Unreadable as error:
        words = str(error)
    except Exception as error:
        logger.exception("reading file %s failed", file_id)
        words = _("The portal itself failed on it (%s); its log says more.") % type(error).__name__
    ours.update(state=State.FAILED, last_error=words, leased_until=None, reader=None)
    return False


def _put_in_place(file: PublicationFile, ours: QuerySet[PublicationFile], pages: list[PageText], note: str) -> bool:
    cover = cover_height(file)
    told = {"pages": len(pages), "last_error": note, "leased_until": None, "reader": None, "cover_height": cover}
    told |= look_for_alternatives(file)
    with transaction.atomic():
        if not ours.update(state=State.DONE, **told):
            return False
        put_pages(file, pages)
    return True


def look_for_alternatives(file: PublicationFile) -> dict[str, Any]:
    """What the stored file offers those who do not see it, as columns; all null where it cannot be told."""
    names = ("pictures", "undescribed", "is_tagged")
    unknown: dict[str, Any] = dict.fromkeys(names)
    try:
        with file.file.open("rb") as stream:
            code, written = sandbox.run("publications.accessible", file.format, stdin=stream, limits=LIMITS)
        found = json.loads(written) if code == 0 else unknown
    except (sandbox.Stopped, OSError, ValueError):
        return unknown
    return {name: found[name] for name in names}


def read_pages(file: PublicationFile, beat: Callable[[], object] = lambda: None) -> list[PageText]:
    """The pages of a stored file, read by a program of its own under limits. Raises Unreadable.

    `beat` is called every few seconds; what it raises ends the reading.
    """
    try:
        with file.file.open("rb") as stream:
            return read_stream(stream, file.format, file.language, beat)
    except FileNotFoundError as error:
        raise Unreadable(_("The stored file is missing.")) from error


def read_stream(
    stream: IO[bytes], format: str, language: str, beat: Callable[[], object] = lambda: None
) -> list[PageText]:
    """The pages of an open file. Raises Unreadable."""
    code, written = run("publications.text", [format, language], stream, beat)
    lines = [json.loads(line) for line in written.splitlines(keepends=True) if line.endswith(b"\n")]
    if lines and isinstance(lines[-1], dict):
        raise Unreadable(lines[-1]["error"])
    if code != 0:
        raise Unreadable(_("Reading it took more memory or time than is allowed, or ended without a word."))
    return [PageText(*line) for line in lines]


def run(
    module: str, arguments: list[str], stream: IO[bytes], beat: Callable[[], object] = lambda: None
) -> tuple[int, bytes]:
    """One of our programs under limits: its exit code and what it wrote. Raises Unreadable when it takes too long."""
    try:
        return sandbox.run(module, *arguments, stdin=stream, limits=LIMITS, beat=beat)
    except sandbox.Stopped as stopped:
        if stopped.took_too_long:
            raise Unreadable(_("Reading it took too long.")) from stopped
        return 1, b""


def recognise_scans(
    file: PublicationFile, pages: list[PageText], beat: Callable[[], object], patience: float
) -> tuple[list[PageText], str]:
    """The pages, those without usable text recognised from their look where that can be done; and what to tell editors.

    `patience` in seconds: what is not reached in that time stays as it is.
    """
    scans = [n for n, page in enumerate(pages) if file.format == "pdf" and ocr.has_no_text(page)]
    if not scans:
        return pages, ""
    if not (languages := ocr.languages_for(file.language)):
        words = ngettext(
            "%(count)s page holds no text, and Tesseract is not installed for this language (%(language)s).",
            "%(count)s pages hold no text, and Tesseract is not installed for this language (%(language)s).",
            len(scans),
        )
        return pages, words % {"count": len(scans), "language": file.language}
    pages, end, late = list(pages), time.monotonic() + patience, 0
    with file.file.open("rb") as stream:
        for n in scans:
            beat()
            if time.monotonic() > end:
                late += 1
            else:
                pages[n] = ocr.read(stream, pages[n], languages, beat) or pages[n]
    words = ngettext(
        "%(count)s page holds no text and was not reached in time: have the text extracted again.",
        "%(count)s pages hold no text and were not reached in time: have the text extracted again.",
        late,
    )
    return pages, words % {"count": late} if late else ""
