"""Who else has a form open: told when it is opened, while it stays open, and no longer than that."""

import datetime
import uuid

import pytest
import time_machine
from django.utils import timezone

from portal import roles
from portal.admin import presence
from portal.models import FormOpen
from portal.versions import content, drafts
from tests.factories import make_project, publish
from tests.forms import form_in, read_form
from tests.people import make_person
from tests.portal.admin.conftest import change_url

NOON = datetime.datetime(2031, 5, 6, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture
def eva(db):
    eva = make_person("eva", roles.EDITOR)
    eva.first_name, eva.last_name = "Eva", "Editor"
    eva.save()
    return eva


@pytest.fixture
def record(eva):
    return make_project(title="Safe routes", changed_by=eva)


def opened_by(client, person, record):
    client.force_login(person)
    return read_form(client, change_url(record), "project_form").data["_token"]


def others(client, person, record):
    client.force_login(person)
    return list(client.get(change_url(record)).context["others_here"])


def report(client, person, record, page=None, **told):
    client.force_login(person)
    return client.post(change_url(record).replace("/change/", "/open/"), {"page": page or uuid.uuid4()} | told)


def test_form_says_who_else_has_it_open(client, eva, editor, record):
    with time_machine.travel(NOON, tick=False):
        opened_by(client, eva, record)
    with time_machine.travel(NOON + datetime.timedelta(minutes=5), tick=False):
        assert others(client, editor, record) == ["Eva Editor has had this form open since 14:00."]
        assert others(client, eva, record) != []
    assert b"Eva Editor has had this form open" not in client.get("/admin/projects/project/add/").content


def test_page_without_script_counts_for_ten_minutes(client, eva, editor, record):
    opened_by(client, eva, record)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=9, seconds=50)):
        assert len(others(client, editor, record)) == 1
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=10, seconds=1)):
        assert FormOpen.objects.of(record).others(editor).count() == 0


def test_page_with_script_counts_while_it_reports(client, eva, editor, record):
    page = opened_by(client, eva, record)
    begin = FormOpen.objects.get().opened_at
    for minutes in range(1, 30):
        with time_machine.travel(begin + datetime.timedelta(minutes=minutes)):
            assert report(client, eva, record, page).status_code == 200
    assert FormOpen.objects.get().opened_at == begin
    with time_machine.travel(begin + datetime.timedelta(minutes=32)):
        assert FormOpen.objects.of(record).others(editor).count() == 0


def test_report_is_answered_with_the_others(client, eva, editor, record):
    opened_by(client, eva, record)
    told = report(client, editor, record).json()["others"]
    assert [words.partition(" has had")[0] for words in told] == ["Eva Editor"]


def test_page_that_was_left_counts_no_longer(client, eva, editor, record):
    page = opened_by(client, eva, record)
    assert report(client, eva, record, page, left="1").status_code == 204
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=11)):
        assert others(client, editor, record) == []


def test_page_that_follows_the_one_left_stays(client, eva, editor, record):
    """After a save the next page may be there before the last one has said that it was left."""
    page = opened_by(client, eva, record)
    begin = FormOpen.objects.get().opened_at
    opened_by(client, eva, record)
    report(client, eva, record, page, left="1")
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=60)):
        assert FormOpen.objects.of(record).others(editor).get().opened_at == begin


def test_who_has_the_form_of_a_draft_open_is_told_too(client, eva, editor, record):
    live = publish(record) or record
    drafts.save(live, content.take(live), by=eva)
    opened_by(client, eva, live)
    assert len(others(client, editor, live)) == 1


@pytest.mark.parametrize("is_live", [False, True])
@pytest.mark.parametrize(("typed", "status"), [({"title_en": "Mine"}, 409), ({"title_en": ""}, 200)])
def test_form_that_comes_back_is_open(client, eva, editor, record, typed, status, is_live):
    if is_live:
        publish(record)
    button = {"_draft": "1"} if is_live else {"_continue": "1"}
    client.force_login(eva)
    form, other = (read_form(client, change_url(record), "project_form").data for _page in range(2))
    if status == 409:
        client.post(change_url(record), other | {"title_en": "Theirs"} | button)
    FormOpen.objects.all().delete()
    answer = client.post(change_url(record), form | typed | button)
    assert answer.status_code == status
    assert str(FormOpen.objects.get(user=eva).page) == form_in(answer, "project_form")["_token"]
    assert len(others(client, editor, record)) == 1


@pytest.mark.parametrize("title", ["Mine", ""])
def test_form_that_comes_back_closed_is_not_open(client, eva, editor, record, title):
    client.force_login(eva)
    form = read_form(client, change_url(record), "project_form").data
    FormOpen.objects.all().delete()
    record.submit(by=editor)
    answer = client.post(change_url(record), form | {"title_en": title, "_continue": "1"})
    assert answer.status_code == 403
    assert not FormOpen.objects.exists()


def test_who_may_only_look_is_told_and_not_named(client, eva, editor, record):
    record.submit(by=eva)
    opened_by(client, make_person("vera", roles.REVIEWER), record)
    assert len(others(client, editor, record)) == 1
    assert report(client, editor, record).status_code == 200
    assert not FormOpen.objects.filter(user=editor).exists()


def test_who_may_not_view_is_told_nothing(client, eva, colleague, record):
    opened_by(client, eva, record)
    assert report(client, colleague, record).status_code == 302  # to sign in
    bare = make_person("bare", roles.STAFF)
    assert report(client, bare, record).status_code == 403


def test_reports_that_make_no_sense_are_refused(client, eva, record):
    assert report(client, eva, record, page="x").status_code == 400
    url = change_url(record).replace("/change/", "/open/")
    assert client.get(url).status_code == 405
    assert client.post(url.replace(str(record.pk), "999999"), {"page": uuid.uuid4()}).status_code == 404
    assert not FormOpen.objects.exists()


def test_form_opens_where_it_cannot_be_written_down(client, eva, record, monkeypatch):
    from django.db import OperationalError

    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(presence.FormOpen, "report", full)
    assert opened_by(client, eva, record)


def test_forms_left_long_ago_are_forgotten(client, eva, record, work_once):
    opened_by(client, eva, record)
    work_once()
    assert FormOpen.objects.count() == 1
    FormOpen.objects.update(until=timezone.now() - datetime.timedelta(seconds=1))
    work_once()
    assert FormOpen.objects.count() == 0
