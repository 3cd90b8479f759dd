"""Reading the text of files in the background: who reads which file, and what happens when a reader dies.

The state stands on the file's own row. A reader takes a file by a conditional update and a lease; when it dies the
lease runs out and the next one takes the file again. Pages are exchanged in one transaction: never two sets.
"""

import datetime
import json
import resource
import subprocess
import sys
import tempfile
import uuid
from typing import IO

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from publications.models import PublicationFile
from publications.pages import put_pages
from publications.text import PageText

CPU_SECONDS, WALL_SECONDS = 60, 90
MEMORY_BYTES, OUTPUT_BYTES = 1 << 30, 1 << 28
LEASE = datetime.timedelta(seconds=2 * WALL_SECONDS)
MOST_ATTEMPTS = 3

State = PublicationFile.State


class Unreadable(Exception):
    """The file's text cannot be read; the message is for editors."""


def open_files() -> QuerySet[PublicationFile]:
    """Files that wait to be read, and those whose reader has died."""
    died = Q(state=State.RUNNING, leased_until__lt=timezone.now(), attempts__lt=MOST_ATTEMPTS)
    return PublicationFile.objects.filter(Q(state=State.WAITING) | died).order_by("added_at")


@task
def extract_text(file_id: str) -> None:
    """The background task; asks nothing but the row."""
    extract(file_id)


def ask_for(file: PublicationFile) -> None:
    """Have the text of a file read (again), once what is being saved has been committed."""
    PublicationFile.objects.filter(pk=file.pk).update(state=State.WAITING, attempts=0, last_error="")
    transaction.on_commit(lambda: extract_text.enqueue(str(file.pk)))


def extract(file_id: uuid.UUID | str) -> bool:
    """Read a file's text and put its pages in place. False where nobody was waiting or it could not be read."""
    taken = open_files().filter(pk=file_id).order_by()
    if not taken.update(state=State.RUNNING, leased_until=timezone.now() + LEASE, attempts=F("attempts") + 1):
        return False
    file = PublicationFile.objects.get(pk=file_id)
    ours = PublicationFile.objects.filter(pk=file_id, state=State.RUNNING, attempts=file.attempts)
    try:
        pages = read_pages(file)
    except Unreadable as error:
        ours.update(state=State.FAILED, last_error=str(error), leased_until=None)
        return False
    with transaction.atomic():
        if not ours.update(state=State.DONE, last_error="", leased_until=None, pages=len(pages)):
            return False  # the lease ran out and somebody else has taken the file
        put_pages(file, pages)
    return True


def read_pages(file: PublicationFile) -> list[PageText]:
    """The pages of a stored file, read by a program of its own under limits. Raises Unreadable."""
    try:
        with file.file.open("rb") as stream:
            return read_stream(stream, file.format, file.language)
    except FileNotFoundError as error:
        raise Unreadable(_("The stored file is missing.")) from error


def read_stream(stream: IO[bytes], format: str, language: str) -> list[PageText]:
    """The pages of an open file, which must have a descriptor. Raises Unreadable."""
    with tempfile.TemporaryFile() as output:
        code = run("publications.text", [format, language], stream, output)
        output.seek(0)
        lines = [json.loads(line) for line in output if line.endswith(b"\n")]
    if lines and isinstance(lines[-1], dict):
        raise Unreadable(lines[-1]["error"])
    if code != 0:
        raise Unreadable(_("Reading it took more memory or time than is allowed, or ended without a word."))
    return [PageText(*line) for line in lines]


def run(module: str, arguments: list[str], stream: IO[bytes], output: IO[bytes]) -> int:
    """One of our programs as a child under limits; its exit code. Raises Unreadable when it takes too long."""
    try:
        return subprocess.run(  # noqa: S603 (our own program, with no word of the file's on its command line)
            [sys.executable, "-m", module, *arguments],
            stdin=stream.fileno(),
            stdout=output.fileno(),
            stderr=subprocess.DEVNULL,
            cwd=settings.BASE_DIR,
            env={"PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "utf-8"},
            preexec_fn=_limit,
            timeout=WALL_SECONDS,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired as error:
        raise Unreadable(_("Reading it took too long.")) from error


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_BYTES, OUTPUT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
