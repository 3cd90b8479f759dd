"""Readers that are killed: python -m tests.publications.nursery KILLS SEED, with a PORTAL_VAR_DIR of its own.

Makes a database with files and starts one reader after the other as a process of its own, which is killed (-9) at a
random moment. Starts them by fork, so that the moments fall into the work and not into the start of Python.
"""

import datetime
import os
import random
import signal
import sys
import time
import traceback

import django

FILES, PAGES = 8, 60
LONGEST_LIFE = 0.7  # seconds


def text_of(file: int, page: int) -> str:
    return f"File {file} page {page} says readmission, reintegration and return."


def prepare() -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.core.management import call_command

    from publications.models import PublicationFile
    from tests.factories import make_publication
    from tests.pdfs import make_pdf

    call_command("migrate", verbosity=0)
    for n in range(FILES):
        content = make_pdf(*(text_of(n, page) for page in range(1, PAGES + 1)))
        PublicationFile(publication=make_publication(), file=SimpleUploadedFile(f"{n}.pdf", content)).save()


def raise_and_kill(kills: int, dice: random.Random) -> None:
    from django.core.management import call_command
    from django.db import connections

    done = 0
    while done < kills:
        connections.close_all()
        if (child := os.fork()) == 0:
            try:
                call_command("extract_text", all=True, stdout=open(os.devnull, "w"), stderr=open(os.devnull, "w"))  # noqa: SIM115
            except BaseException:
                traceback.print_exc()
            os._exit(0)
        time.sleep(dice.uniform(0, LONGEST_LIFE))
        if os.waitpid(child, os.WNOHANG) == (0, 0):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            done += 1


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    from django.conf import settings

    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    django.setup()
    from publications import extraction

    prepare()
    extraction.LEASE = datetime.timedelta(seconds=0.5)
    raise_and_kill(int(sys.argv[1]), random.Random(int(sys.argv[2])))  # noqa: S311
    time.sleep(0.6)  # until the last lease has run out
