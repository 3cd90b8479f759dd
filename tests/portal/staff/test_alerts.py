"""Letters about saved searches: what matched and where, never twice, and nothing when nothing is new."""

import datetime
import smtplib

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command

from portal.models import SavedSearch
from portal.search.store import IndexUnavailable
from portal.staff.alerts import send_alerts
from tests.factories import make_publication, publisher

MONDAY = datetime.datetime(2027, 3, 1, 6, 0, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


def send_at(now):
    with time_machine.travel(now, tick=False):
        return send_alerts()


def run(now):
    mail.outbox.clear()
    report = send_at(now)
    assert report.sent == len(mail.outbox)
    return mail.outbox


def test_letter_says_what_matched_and_where(settings, addition, saved):
    settings.SITE_URL = "https://portal.example"
    [letter] = run(MONDAY)
    assert letter.to == ["stan@example.org"]
    assert letter.subject == "1 new hit: Lights"
    assert "Dear Stan," in letter.body
    assert "Lighthouse architecture (publication)" in letter.body
    assert "https://portal.example/publications/architecture/\n" in letter.body
    assert "p. 2: How a [lighthouse] is built." in letter.body
    assert "https://portal.example/publications/architecture/en/2/" in letter.body
    assert f"https://portal.example/staff/saved/{saved.pk}/" in letter.body
    assert letter.extra_headers["List-Unsubscribe"] == f"<https://portal.example/staff/saved/{saved.pk}/>"
    assert "Guide for keepers" not in letter.body
    assert "&#x27;" not in letter.body
    assert "\n\n\n\n" not in letter.body


def test_nothing_new_is_no_letter(saved):
    assert run(MONDAY) == []


def test_nothing_is_told_twice(addition):
    assert len(run(MONDAY)) == 1
    assert run(MONDAY) == []
    assert run(MONDAY + DAY) == []
    assert run(MONDAY + 30 * DAY) == []


def test_daily_letter_comes_once_a_day(addition, library):
    assert len(run(MONDAY)) == 1
    library.add("Lighthouse lamps")
    assert run(MONDAY + datetime.timedelta(hours=5)) == []
    [letter] = run(MONDAY + DAY - datetime.timedelta(minutes=10))
    assert "Lighthouse lamps" in letter.body
    assert "Lighthouse architecture" not in letter.body


def test_weekly_letter_gathers_a_week(saved, addition, library):
    SavedSearch.objects.update(alert="weekly", told_at=MONDAY - DAY)
    for n in range(6):
        assert run(MONDAY + n * DAY) == [], n
    library.add("Lighthouse lamps")
    [letter] = run(MONDAY + 6 * DAY)
    assert letter.subject == "2 new hits: Lights"
    assert run(MONDAY + 12 * DAY) == []


def test_one_letter_for_all_searches_of_one_person(desk, addition, library):
    with time_machine.travel(MONDAY - DAY, tick=False):
        desk.post("/staff/saved/", {"query": "q=harbours", "name": "Ports", "alert": "daily"})
    library.add("Harbours of the south")
    [letter] = run(MONDAY)
    assert letter.subject == "2 new hits of your saved searches"
    assert "“Lights”" in letter.body
    assert "“Ports”" in letter.body


def test_search_without_alert_is_not_told(addition):
    SavedSearch.objects.update(alert="none")
    assert run(MONDAY) == []


def test_what_its_owner_has_seen_at_the_desk_is_not_told(desk, saved, addition):
    with time_machine.travel(MONDAY - datetime.timedelta(hours=1), tick=False):
        desk.force_login(saved.owner)
        desk.get(f"/staff/saved/{saved.pk}/")
        desk.post(f"/staff/saved/{saved.pk}/looked/")
    assert run(MONDAY) == []


def test_record_that_changed_and_matches_as_before_is_not_told_again(addition, library):
    run(MONDAY)
    addition.abstract = "Corrected."
    addition.save()
    library.catch_up()
    assert run(MONDAY + DAY) == []


def test_new_page_that_matches_is_told(addition, library):
    run(MONDAY)
    library.attach(addition, "Le phare, the lighthouse of the south.", language="fr")
    [letter] = run(MONDAY + DAY)
    assert "the [lighthouse] of the south" in letter.body


def test_withdrawn_record_is_not_told(addition):
    addition.withdraw(by=publisher(), reason="Twice.")  # and the index has not heard of it
    assert run(MONDAY) == []


def test_draft_is_not_told(saved, library):
    make_publication(title="Lighthouse secret")
    library.catch_up()
    assert run(MONDAY) == []


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": ""}])
def test_who_is_gone_or_has_no_address_gets_none(owner, addition, change):
    for name, value in change.items():
        setattr(owner, name, value)
    owner.save()
    assert run(MONDAY) == []


def test_who_lost_the_right_gets_none(owner, addition):
    owner.groups.clear()
    assert run(MONDAY) == []


def test_death_between_record_and_letter_doubles_nothing(desk, saved, addition, monkeypatch):
    def die(self, **kwargs):
        raise SystemExit

    monkeypatch.setattr("django.core.mail.EmailMessage.send", die)
    with pytest.raises(SystemExit):
        send_at(MONDAY)
    monkeypatch.undo()
    assert run(MONDAY + DAY) == []
    desk.force_login(saved.owner)
    assert "1 new" in desk.get("/staff/").content.decode(), "at the desk it is not lost"


def test_letter_that_may_have_arrived_is_not_sent_again(addition, monkeypatch):
    def fail(self, **kwargs):
        raise smtplib.SMTPServerDisconnected("after the last byte")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", fail)
    assert send_at(MONDAY).failed == 1
    monkeypatch.undo()
    assert run(MONDAY + DAY) == []


def test_letter_that_was_refused_is_told_by_the_next_run(addition, monkeypatch):
    def refuse(self, **kwargs):
        raise smtplib.SMTPRecipientsRefused({"stan@example.org": (450, b"later")})

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    assert send_at(MONDAY).failed == 1
    monkeypatch.undo()
    assert len(run(MONDAY + datetime.timedelta(hours=1))) == 1


def test_server_that_cannot_be_reached_changes_nothing(addition, monkeypatch):
    def fail(self):
        raise ConnectionRefusedError("nobody there")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.open", fail)
    with pytest.raises(CommandError, match="cannot be reached"):
        call_command("send_alerts")
    monkeypatch.undo()
    assert len(run(MONDAY)) == 1


def test_without_an_index_nothing_is_told_and_nothing_recorded(addition, settings, tmp_path):
    whole, settings.INDEX_DIR = settings.INDEX_DIR, tmp_path / "nowhere"
    with pytest.raises(IndexUnavailable):
        send_at(MONDAY)
    settings.INDEX_DIR = whole
    assert len(run(MONDAY)) == 1


def test_two_runs_at_once_send_one_letter(addition, monkeypatch):
    """The second begins while the first is at its letter."""
    from django.core.mail import EmailMessage

    send = EmailMessage.send
    inner = []

    def send_and_run_again(self, **kwargs):
        if not inner:
            inner.append(True)
            inner.append(send_at(MONDAY).sent)
        return send(self, **kwargs)

    monkeypatch.setattr("django.core.mail.EmailMessage.send", send_and_run_again)
    mail.outbox.clear()
    assert send_at(MONDAY).sent == 1
    assert inner == [True, 0]
    assert len(mail.outbox) == 1


def test_asking_for_letters_begins_with_what_comes(desk, saved, addition, library):
    SavedSearch.objects.update(alert="none", told_at=MONDAY - 60 * DAY)
    with time_machine.travel(MONDAY, tick=False):
        desk.force_login(saved.owner)
        desk.get("/staff/")
        desk.post(f"/staff/saved/{saved.pk}/change/", {"name": "Lights", "alert": "daily"})
    assert run(MONDAY + DAY) == []


def test_command_says_how_many_were_sent(addition, capsys):
    with time_machine.travel(MONDAY, tick=False):
        call_command("send_alerts")
    assert "letters sent: 1" in capsys.readouterr().out


def test_command_says_that_no_server_is_set(db, settings):
    settings.EMAIL_BACKEND = ""
    with pytest.raises(CommandError, match="PORTAL_EMAIL_URL"):
        call_command("send_alerts")


def test_many_hits_make_a_short_letter(saved, library):
    for n in range(24):
        make_publication(title=f"Lighthouse {n}", published=True)
    library.catch_up()
    [letter] = run(MONDAY)
    assert letter.subject == "24 new hits: Lights"
    assert letter.body.count("* Lighthouse") == 20
    assert "4 more stand at your desk." in letter.body


def test_worker_sends_the_letters_of_the_day_once(addition, saved, work_once):
    mail.outbox.clear()
    with time_machine.travel(MONDAY, tick=False):
        work_once()
        work_once()
    assert len(mail.outbox) == 1


def test_worker_asks_for_no_mail_server_when_nobody_is_due(saved, monkeypatch, work_once):
    monkeypatch.setattr("portal.staff.alerts.send_alerts", lambda: pytest.fail("nobody is due"))
    with time_machine.travel(MONDAY - DAY, tick=False):
        work_once()
