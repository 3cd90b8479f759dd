"""The one background process a host needs: it reads files, follows changes, sends letters, does what is due."""

import logging
import signal
import threading
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from portal import kinds, letters
from portal.models import FormOpen, SentForm
from portal.search import writing
from portal.search.store import IndexUnavailable
from portal.staff import alerts
from portal.staff.unanswered import prune_unanswered
from portal.versions import due

logger = logging.getLogger(__name__)
PAUSE = 60.0  # seconds before a mail server that could not be reached is asked again
SWEEP = 600.0  # seconds between two rounds of what need not be done at once
BACKEND = "default"


class Command(BaseCommand):
    help = "Does the work in the background: tasks, the search index, letters, what is due. One for each host."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Do what there is to do, and end.")
        parser.add_argument("--interval", type=float, default=1.0, help="Seconds between two looks (default 1).")

    def handle(self, *args: Any, **options: Any) -> None:
        tasks = Worker(
            queue_names=["*"],
            interval=options["interval"],
            batch=options["once"],
            backend_name=BACKEND,
            startup_delay=False,
            max_tasks=None,
            worker_id=f"portal-{threading.get_native_id()}-{int(time.time())}",
            excluded_queue_names=[],
        )
        if options["once"]:
            due.put_due_in_place()
            sweep()
            tasks.run()
            writing.catch_up(wait=30)
            letters.send_soon()
            return
        ended = threading.Event()
        beside = [
            threading.Thread(target=work, args=(ended, options["interval"]), name=name, daemon=True)
            for name, work in (("index", follow), ("letters", deliver))
        ]
        for thread in beside:
            thread.start()

        def end(signum: int, frame: Any) -> None:
            ended.set()
            tasks.shutdown(signum, frame)

        signal.signal(signal.SIGINT, end)
        signal.signal(signal.SIGTERM, end)
        try:
            tasks.run()
        finally:
            ended.set()
            for thread in beside:
                thread.join(timeout=10)


def follow(ended: threading.Event, interval: float) -> None:
    """Keep the index up with the database, in a thread of its own: reading one long file must not hold it up."""
    swept = -SWEEP
    while not ended.wait(interval):
        close_old_connections()
        try:
            if time.monotonic() - swept > SWEEP:
                sweep()
                swept = time.monotonic()
            due.put_due_in_place()
            writing.catch_up()
        except Exception:
            logger.exception("The index could not follow; it is tried again")
            ended.wait(5)
    close_old_connections()


def deliver(ended: threading.Event, interval: float) -> None:
    """Send letters, in a thread of its own: a mail server that is dead or slow must not hold up anything else."""
    while not ended.wait(interval):
        close_old_connections()
        try:
            letters.send_waiting()
        except Exception as error:
            logger.warning("Letters wait: %s", error)
            ended.wait(PAUSE)
    close_old_connections()


def sweep() -> None:
    """What each kind has lying about: files whose reader died; changes that every host has seen; letters of the day."""
    for kind in kinds.all():
        kind.sweep()
    writing.prune()
    prune_unanswered(timezone.localdate())
    letters.prune()
    for forgotten in (SentForm, FormOpen):
        forgotten.objects.prune(timezone.now())
    if settings.EMAIL_BACKEND and alerts.anybody_is_due(timezone.now()):
        try:
            alerts.send_alerts()
        except (OSError, IndexUnavailable) as error:
            logger.warning("Letters about saved searches wait: %s", error)
    DBTaskResult.objects.successful().filter(finished_at__lt=writing.old()).delete()
