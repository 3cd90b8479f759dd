"""The queue of files to be read: nothing stuck, nothing doubled, nothing lost, whoever dies or comes between."""

import datetime
import io
import os
import re
import sqlite3
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from publications import extraction
from publications.models import FilePage, PublicationFile
from tests.factories import make_publication
from tests.pdfs import make_pdf
from tests.publications import nursery
from tests.publications.test_text import attach

State = PublicationFile.State


def row(file, /, **values):
    """The file's row, changed behind everybody's back."""
    PublicationFile.objects.filter(pk=file.pk).update(**values)
    file.refresh_from_db()
    return file


def minutes(n):
    return timezone.now() + datetime.timedelta(minutes=n)


@pytest.fixture
def file(db):
    return attach(make_pdf("One", "Two"), "report.pdf")


@pytest.fixture
def queue(settings):
    """As in production: tasks are rows, done by `work`."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def work():
    call_command("db_worker", batch=True, interval=0, startup_delay=False, reload=False, verbosity=0)


def test_file_whose_reader_died_is_taken_again_when_the_lease_has_run_out(file):
    row(file, state=State.RUNNING, leased_until=minutes(1), attempts=1)
    assert extraction.extract(file.pk) is False  # somebody is at it
    row(file, leased_until=minutes(-1))
    assert extraction.extract(file.pk) is True


def test_file_that_ended_its_readers_three_times_has_failed_and_says_so(file):
    row(file, state=State.RUNNING, leased_until=minutes(-1), attempts=3)
    assert extraction.extract(file.pk) is False
    with pytest.raises(CommandError, match="1 of 1"):
        call_command("extract_text")
    file.refresh_from_db()
    assert file.state == State.FAILED
    assert "broken off 3 times" in file.last_error
    call_command("extract_text", failed=True)
    file.refresh_from_db()
    assert (file.state, file.attempts, file.last_error) == (State.DONE, 1, "")


def test_two_readers_never_leave_two_sets_of_pages(file, monkeypatch):
    read = extraction.read_pages

    def slow(target, beat):
        pages = read(target, beat)  # meanwhile the lease runs out, and another reader finishes first
        row(target, leased_until=minutes(-1))
        monkeypatch.setattr(extraction, "read_pages", read)
        assert extraction.extract(target.pk) is True
        return pages

    monkeypatch.setattr(extraction, "read_pages", slow)
    assert extraction.extract(file.pk) is False
    assert FilePage.objects.filter(file=file).count() == 2


def test_pages_of_a_file_that_was_replaced_meanwhile_never_stand_under_the_new_one(file, monkeypatch):
    read = extraction.read_pages

    def slow(target, beat):
        pages = read(target, beat)
        extraction.ask_for(target)  # replaced, and a second reader has begun
        row(target, state=State.RUNNING, leased_until=minutes(1), attempts=1, reader=target.pk)
        return pages

    monkeypatch.setattr(extraction, "read_pages", slow)
    assert extraction.extract(file.pk) is False
    file.refresh_from_db()
    assert (file.state, file.reader) == (State.RUNNING, file.pk)
    assert not file.text_pages.exists()


def test_reader_that_lives_keeps_its_lease_and_one_that_lost_it_stops(file, monkeypatch):
    leases = []

    def slow(target, beat):
        row(target, leased_until=minutes(-1))
        beat()
        target.refresh_from_db()
        leases.append(target.leased_until)
        row(target, reader=None)
        beat()
        raise AssertionError("it went on")

    monkeypatch.setattr(extraction, "read_pages", slow)
    assert extraction.extract(file.pk) is False
    assert leases[0] > timezone.now()


def test_mistake_of_the_portals_own_leaves_a_file_failed_and_not_stuck(file, monkeypatch, caplog):
    monkeypatch.setattr(extraction, "read_pages", lambda *args: 1 / 0)
    assert extraction.extract(file.pk) is False
    file.refresh_from_db()
    assert (file.state, file.leased_until) == (State.FAILED, None)
    assert "ZeroDivisionError" in file.last_error
    assert "ZeroDivisionError" in caplog.text


def test_file_that_is_deleted_while_it_is_read_does_no_harm(file, monkeypatch):
    read = extraction.read_pages

    def slow(target, beat):
        pages = read(target, beat)
        PublicationFile.objects.filter(pk=target.pk).delete()
        return pages

    monkeypatch.setattr(extraction, "read_pages", slow)
    assert extraction.extract(file.pk) is False
    assert not FilePage.objects.exists()


def test_task_of_a_file_is_saved_with_it_and_done_by_a_worker(queue, transactional_db):
    file = attach(make_pdf("Read by a worker"), "report.pdf")
    assert file.state == State.WAITING
    work()
    file.refresh_from_db()
    assert (file.state, file.text_pages.get().text) == (State.DONE, "Read by a worker")


def test_file_whose_worker_was_killed_is_looked_at_again(queue, transactional_db, time_machine):
    time_machine.move_to(datetime.datetime(2031, 1, 1, tzinfo=datetime.UTC), tick=True)
    file = attach(make_pdf("Read in the end"), "report.pdf")
    # A worker takes the task, arranges the next look, takes the file, and is killed.
    DBTaskResult.objects.get().delete()
    row(file, state=State.RUNNING, attempts=1, leased_until=minutes(1))
    extraction.extract_text.call(str(file.pk))
    work()
    assert row(file).state == State.RUNNING  # the lease still runs
    time_machine.shift(65)
    work()
    assert row(file).state == State.DONE
    time_machine.shift(3600)
    work()
    assert not DBTaskResult.objects.ready().exists()  # and nobody goes on looking


def test_command_reads_what_waits_and_names_what_fails(db, capsys):
    attach(make_pdf("Good"), "good.pdf", make_publication())
    bad = attach(make_pdf("Bad"), "bad.pdf", make_publication())
    row(bad, file="publications/gone.pdf")
    call_command("extract_text", dry_run=True)
    assert "2 files would be read" in capsys.readouterr().out
    with pytest.raises(CommandError, match="1 of 2"):
        call_command("extract_text")
    told = capsys.readouterr()
    assert "The stored file is missing." in told.err
    assert "1 files read, 1 failed. 0 waiting, 0 running, 1 done, 1 failed." in told.out
    assert "\r" not in told.out
    call_command("extract_text")  # what failed waits until it is asked for
    with pytest.raises(CommandError):
        call_command("extract_text", failed=True)


def test_command_takes_no_more_than_it_is_told_to(db, capsys):
    for n in range(3):
        attach(make_pdf(f"Number {n}"), "a.pdf", make_publication())
    call_command("extract_text", limit=2)
    assert "2 files read, 0 failed. 1 waiting" in capsys.readouterr().out
    call_command("extract_text", all=True)
    assert "3 files read" in capsys.readouterr().out
    with pytest.raises(CommandError, match="negative"):
        call_command("extract_text", limit=-1)


def test_command_shows_a_bar_to_somebody_who_watches(db):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    attach(make_pdf("Good"), "good.pdf")
    out = Terminal()
    call_command("extract_text", stdout=out)
    assert f"[{'#' * 30}] 1 of 1" in out.getvalue()


def test_readers_killed_at_any_moment_leave_nothing_stuck_doubled_or_lost(tmp_path):
    """30 readers killed (-9), then one that is left alone. On a database of their own, in SQLite."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    environment |= {"PORTAL_VAR_DIR": str(tmp_path)}
    subprocess.run([sys.executable, "-m", "tests.publications.nursery", "30", "7"], env=environment, check=True)
    database = sqlite3.connect(tmp_path / "portal.sqlite3")
    attempted = database.execute("select count(*) from publications_publicationfile where attempts > 0").fetchone()[0]
    assert attempted >= 3  # else nobody was killed at work
    subprocess.run([sys.executable, "manage.py", "extract_text", "--all"], env=environment, check=True)
    database.create_function("REGEXP", 2, lambda pattern, text: bool(re.search(pattern, text or "")))  # as Django does
    assert database.execute("pragma integrity_check").fetchone() == ("ok",)
    states = database.execute("select state, reader, leased_until from publications_publicationfile").fetchall()
    assert states == [("done", None, None)] * nursery.FILES
    found = database.execute(
        "select f.original_name, p.number, p.text from publications_filepage p"
        " join publications_publicationfile f on f.id = p.file_id order by 1, 2"
    ).fetchall()
    assert found == [
        (f"{file}.pdf", page, nursery.text_of(file, page))
        for file in range(nursery.FILES)
        for page in range(1, nursery.PAGES + 1)
    ]


def test_worker_takes_up_what_a_killed_one_left_over(file, settings, work_once):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    row(file, state=State.WAITING)
    extraction.take_up()
    assert DBTaskResult.objects.ready().count() == 1
    extraction.take_up()
    assert DBTaskResult.objects.ready().count() == 1
    work_once()
    file.refresh_from_db()
    assert file.state == State.DONE
    assert file.text_pages.count() == 2
