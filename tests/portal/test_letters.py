"""The outbox: letters leave after the act they tell of, once, and a mail server that fails loses none."""

import datetime
import smtplib
import threading

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend as Kept
from django.db import connection, transaction
from django.test import override_settings

from portal import letters
from portal.management.commands import worker
from portal.models import Letter, Preference
from portal.models.letters import MOST_ATTEMPTS

NOON = datetime.datetime(2027, 3, 1, 12, 0, tzinfo=datetime.UTC)
MINUTE, DAY = datetime.timedelta(minutes=1), datetime.timedelta(days=1)


class Dead(BaseEmailBackend):
    def open(self):
        raise ConnectionRefusedError("nobody there")


class Choosy(Kept):
    """Takes no letter of which the subject says so."""

    def send_messages(self, messages):
        if "refuse" in messages[0].subject:
            raise smtplib.SMTPRecipientsRefused({messages[0].to[0]: (550, b"no such box")})
        return super().send_messages(messages)


@pytest.fixture
def edith(editor):
    editor.email = "edith@example.org"
    editor.save()
    return editor


def subjects():
    return [letter.subject for letter in mail.outbox]


def write_at(moment, *args, **kwargs):
    with time_machine.travel(moment, tick=False):
        letters.write(*args, **kwargs)


def send_at(moment, backend=None):
    backend = backend or Kept
    with (
        time_machine.travel(moment, tick=False),
        override_settings(EMAIL_BACKEND=f"{backend.__module__}.{backend.__name__}"),
    ):
        return letters.send_waiting()


def test_letter_is_sent_once_and_the_oldest_first(edith):
    write_at(NOON + MINUTE, edith, "Second", "Text\n")
    write_at(NOON, edith, "First", "Text\n")
    assert send_at(NOON + 2 * MINUTE) == 2
    assert subjects() == ["First", "Second"]
    assert mail.outbox[0].to == ["edith@example.org"]
    assert mail.outbox[0].extra_headers["Auto-Submitted"] == "auto-generated"
    assert send_at(NOON + DAY) == 0
    assert len(mail.outbox) == 2


def test_letter_of_an_act_that_is_undone_is_never_written(edith):
    with transaction.atomic():
        letters.write(edith, "Never", "Text")
        transaction.set_rollback(True)
    assert not Letter.objects.exists()


def test_same_act_is_told_once(edith):
    for _n in range(2):
        letters.write(edith, "Once", "Text", key="audit:1:1")
    assert Letter.objects.count() == 1


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x00"])
def test_title_cannot_add_a_header(edith, break_):
    letters.write(edith, f"Title{break_}Bcc: thief@example.org", "Text")
    letters.send_waiting()
    [letter] = mail.outbox
    assert letter.subject == "Title Bcc: thief@example.org"
    assert letter.recipients() == ["edith@example.org"]
    assert letter.message()["Bcc"] is None


def test_address_with_a_line_end_stops_nobody_elses_letter(edith, reviewer):
    type(edith).objects.filter(pk=reviewer.pk).update(email="rex@example.org\nBcc: thief@example.org")
    reviewer.refresh_from_db()
    letters.write(reviewer, "Bad", "Text")
    letters.write(edith, "Good", "Text")
    assert letters.send_waiting() == 1
    assert subjects() == ["Good"]
    assert "BadHeaderError" in Letter.objects.get(to=reviewer).last_error


def test_long_subject_is_cut(edith):
    letters.write(edith, "x" * 400, "Text")
    assert len(Letter.objects.get().subject) == letters.LONGEST_SUBJECT


def test_dead_mail_server_counts_as_no_attempt_and_loses_nothing(edith):
    write_at(NOON, edith, "Waits", "Text")
    for n in range(20):
        with pytest.raises(ConnectionRefusedError):
            send_at(NOON + n * MINUTE, Dead)
    assert Letter.objects.get().attempts == 0
    assert send_at(NOON + DAY) == 1


def test_refused_letter_is_tried_again_ever_later_and_given_up_at_last(edith, reviewer):
    write_at(NOON, edith, "Please refuse", "Text")
    write_at(NOON, edith, "Behind it", "Text")
    assert send_at(NOON, Choosy) == 1
    assert subjects() == ["Behind it"]
    pauses = []
    for _n in range(2 * MOST_ATTEMPTS):
        letter = Letter.objects.get(subject="Please refuse")
        if letter.attempts == MOST_ATTEMPTS:
            break
        pauses.append(letter.due_at - NOON)
        assert send_at(letter.due_at - datetime.timedelta(seconds=1), Choosy) == 0
        assert Letter.objects.get(pk=letter.pk).attempts == letter.attempts
        send_at(letter.due_at, Choosy)
    assert len(pauses) == MOST_ATTEMPTS - 1
    assert pauses == sorted(pauses)
    assert letter.sent_at is None
    assert "550" in letter.last_error
    assert send_at(NOON + 2.5 * DAY, Choosy) == 0


def test_old_news_is_not_sent_after_a_long_silence(edith):
    write_at(NOON, edith, "Old", "Text")
    assert send_at(NOON + 4 * DAY) == 0
    with time_machine.travel(NOON + 100 * DAY):
        letters.prune()
    assert not Letter.objects.exists()


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": ""}, {"is_staff": False}])
def test_who_may_not_be_written_to_any_more_gets_nothing(edith, change):
    letters.write(edith, "Waits", "Text")
    type(edith).objects.update(**change)
    assert letters.send_waiting() == 0
    assert mail.outbox == []
    assert letters.send_waiting() == 0


def test_who_lost_the_right_or_switched_letters_off_while_it_waited_gets_nothing(edith, reviewer):
    letters.write(edith, "Waits", "Text", right="projects.view_project")
    edith.groups.clear()
    reviewer.email = "rex@example.org"
    reviewer.save()
    letters.write(reviewer, "Waits", "Text")
    Preference.objects.create(user=reviewer, wants_letters=False)
    assert letters.send_waiting() == 0
    assert mail.outbox == []


def test_without_a_mail_server_letters_wait(edith, settings):
    letters.write(edith, "Waits", "Text")
    settings.EMAIL_BACKEND = ""
    assert letters.send_waiting() == 0
    assert Letter.objects.get().attempts == 0


def test_where_no_worker_runs_letters_leave_after_the_act(edith, settings, django_capture_on_commit_callbacks):
    settings.LETTERS_AT_ONCE = True
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        letters.write(edith, "One", "Text")
        letters.write(edith, "Two", "Text")
        assert mail.outbox == []
    assert len(callbacks) == 1
    assert subjects() == ["One", "Two"]


def test_dead_mail_server_does_not_stop_the_act_it_tells_of(edith, settings, django_capture_on_commit_callbacks):
    settings.LETTERS_AT_ONCE = True
    settings.EMAIL_BACKEND = f"{__name__}.Dead"
    with django_capture_on_commit_callbacks(execute=True):
        letters.write(edith, "Waits", "Text")
    assert Letter.objects.get().sent_at is None


def test_worker_sends_what_waits(edith, work_once):
    letters.write(edith, "By the worker", "Text")
    work_once()
    assert subjects() == ["By the worker"]


def test_worker_goes_on_after_a_dead_server_and_ends_when_told(monkeypatch, db):
    ended, calls = threading.Event(), []

    def failing():
        calls.append(1)
        if len(calls) == 3:
            ended.set()
        raise OSError("nobody there")

    monkeypatch.setattr(worker, "PAUSE", 0)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(worker.letters, "send_waiting", failing)
    worker.deliver(ended, 0)
    assert len(calls) == 3


class Slow(Kept):
    """While it sends, another worker looks what there is to do."""

    def send_messages(self, messages):
        with override_settings(EMAIL_BACKEND=f"{Kept.__module__}.{Kept.__name__}"):
            letters.send_waiting()
        return super().send_messages(messages)


def test_letter_that_somebody_is_sending_is_not_sent_by_another(edith):
    for n in range(3):
        write_at(NOON, edith, f"Letter {n}", "Text")
    assert send_at(NOON, Slow) == 1
    assert sorted(subjects()) == ["Letter 0", "Letter 1", "Letter 2"]
    assert not Letter.objects.filter(sent_at=None).exists()


@pytest.mark.skipif("sqlite" in settings.DATABASES["default"]["ENGINE"], reason="threads share one SQLite in memory")
def test_four_workers_at_once_send_each_letter_once(transactional_db, edith):
    for n in range(30):
        letters.write(edith, f"Letter {n}", "Text")
    problems, together = [], threading.Barrier(4)

    def work():
        try:
            together.wait()
            letters.send_waiting()
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert sorted(subjects()) == sorted(f"Letter {n}" for n in range(30))
    assert not Letter.objects.filter(sent_at=None).exists()
