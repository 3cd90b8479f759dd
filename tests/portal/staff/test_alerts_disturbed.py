"""Letters when something comes between: a server that drops the line, a desk that is looked at, a search gone bad."""

import datetime
import smtplib

import pytest
import time_machine
from django.test import Client

from portal import roles
from portal.models import SavedSearch
from portal.staff import alerts, watching
from portal.staff.alerts import anybody_is_due
from tests.people import make_person
from tests.portal.staff.test_alerts import DAY, MONDAY, run, send_at


class Server:
    """Stands in for a mail server: a connection that was dropped takes no letter until it is opened again."""

    def __init__(self, fail_on=1, opens=99):
        self.taken, self.tried, self.fail_on, self.opens, self.is_alive = [], 0, fail_on, opens, False

    def open(self):
        if not self.opens:
            raise ConnectionRefusedError("nobody there")
        self.opens -= 1
        self.is_alive = True

    def close(self):
        self.is_alive = False

    def send_messages(self, messages):
        self.tried += 1
        if not self.is_alive or self.tried == self.fail_on:
            self.is_alive = False
            raise smtplib.SMTPServerDisconnected("please run connect() first")
        self.taken += [message.to[0] for message in messages]
        return len(messages)


@pytest.fixture
def three_owners(saved, library):
    for name in ("olga", "otto"):
        person = make_person(name, roles.STAFF)
        person.email = f"{name}@example.org"
        person.save()
        SavedSearch.objects.create(
            owner=person, name="Lights", text="lighthouse", alert="daily", told_at=MONDAY - DAY, looked_at=MONDAY - DAY
        )
    watching.refreshed(SavedSearch.objects.exclude(pk=saved.pk), MONDAY - DAY)
    library.add("Lighthouse architecture")


def serve(monkeypatch, **how):
    server = Server(**how)
    monkeypatch.setattr("portal.staff.alerts.get_connection", lambda: server)
    return server


def test_dropped_connection_loses_one_letter_and_no_other(three_owners, monkeypatch):
    server = serve(monkeypatch)
    report = send_at(MONDAY)
    assert (report.sent, report.failed) == (2, 1)
    assert server.taken == ["olga@example.org", "otto@example.org"]


def test_server_that_is_lost_on_the_way_leaves_the_rest_for_the_next_run(three_owners, monkeypatch):
    server = serve(monkeypatch, opens=1)
    report = send_at(MONDAY)
    assert (report.sent, report.failed, server.tried) == (0, 1, 1)
    monkeypatch.undo()
    assert [letter.to[0] for letter in run(MONDAY)] == ["olga@example.org", "otto@example.org"]


def test_hit_that_the_desk_meets_during_a_run_is_told_once(three_owners, monkeypatch):
    """The desk is looked at after the run began and before its owner's turn."""
    server = serve(monkeypatch, fail_on=0)
    opened = server.open

    def open_slowly():
        opened()
        clock.shift(datetime.timedelta(seconds=30))
        watching.refreshed(SavedSearch.objects.all())
        clock.shift(datetime.timedelta(seconds=30))

    server.open = open_slowly
    with time_machine.travel(MONDAY, tick=False) as clock:
        assert alerts.send_alerts().sent == 3
    monkeypatch.undo()
    assert run(MONDAY + DAY) == []


def test_look_that_began_before_the_letter_remembers_nothing_as_older_than_it(saved, library):
    stale = SavedSearch.objects.get(pk=saved.pk)
    assert run(MONDAY) == []
    library.add("Lighthouse architecture")
    watching.refreshed([stale], MONDAY - datetime.timedelta(minutes=1))
    assert len(run(MONDAY + DAY)) == 1


def test_new_name_does_not_bring_back_what_was_told(saved, addition, monkeypatch):
    """A letter goes out while the form is being read."""
    from portal.staff import saved as views

    find = views._mine

    def find_and_tell(request, pk):
        kept = find(request, pk)
        assert len(run(MONDAY)) == 1
        return kept

    monkeypatch.setattr(views, "_mine", find_and_tell)
    client = Client()
    client.force_login(saved.owner)
    client.post(f"/staff/saved/{saved.pk}/change/", {"name": "Lamps", "alert": "daily"})
    saved.refresh_from_db()
    assert (saved.name, saved.told_at) == ("Lamps", MONDAY)


def test_search_that_can_no_longer_be_put_does_not_stay_due(saved):
    SavedSearch.objects.update(filters="theme=gone")
    assert anybody_is_due(MONDAY)
    assert run(MONDAY) == []
    assert not anybody_is_due(MONDAY)


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": ""}])
def test_who_cannot_be_told_is_not_waited_for(owner, saved, change):
    type(owner).objects.filter(pk=owner.pk).update(**change)
    assert not anybody_is_due(MONDAY)


def test_asking_whether_anybody_is_due_reads_no_memory(saved, django_assert_num_queries):
    with django_assert_num_queries(1) as captured:
        assert anybody_is_due(MONDAY)
    assert "memory" not in captured[0]["sql"]
