"""One's own preferences, and the time zone somebody works in: typed, shown and named; never on public pages."""

import datetime

import pytest
import time_machine
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from portal.middleware import own_time_zone
from portal.models import AuditEntry, Preference
from portal.models.people import known_time_zone, time_zones
from portal.versions import drafts
from projects.models import Project
from tests.factories import make_publication, publish
from tests.forms import complaints, read_form, send_form
from tests.portal.admin.conftest import change_url, texts

PAGE = "/admin/preferences/"
NEW_YORK = "America/New_York"


def choose(person, zone):
    return Preference.objects.update_or_create(user=person, defaults={"time_zone": zone})[0]


# Preferences


def test_zone_and_letters_are_chosen_and_read_back(editor_client, editor):
    page = editor_client.get(PAGE).content.decode()
    assert '<option value="" selected>As the portal: Europe/Vienna' in page
    answer = editor_client.post(PAGE, {"time_zone": NEW_YORK}, follow=True)
    assert texts(answer) == ["Your preferences are saved."]
    own = Preference.objects.get()
    assert (own.user, own.time_zone, own.wants_letters) == (editor, NEW_YORK, False)
    form = read_form(editor_client, PAGE, "preferences_form").data
    assert form["time_zone"] == NEW_YORK
    assert "wants_letters" not in form
    editor_client.post(PAGE, {"time_zone": "", "wants_letters": "on"})
    own.refresh_from_db()
    assert (own.time_zone, own.wants_letters) == ("", True)


def test_list_of_zones_tells_the_time_there(editor_client):
    with time_machine.travel(datetime.datetime(2026, 7, 1, 12, 0, tzinfo=datetime.UTC), tick=False):
        page = editor_client.get(PAGE).content.decode()
    assert '<optgroup label="America">' in page
    assert ">New York · Wed 08:00<" in page
    assert ">Argentina, Buenos Aires · Wed 09:00<" in page
    assert "Europe/Vienna, it is 1 July 2026, 14:00" in page


@pytest.mark.parametrize("name", ["Middle/Earth", "Factory", "../../etc/passwd", "localtime", "x" * 500])
def test_zone_that_is_none_is_refused(editor_client, name):
    answer = editor_client.post(PAGE, {"time_zone": name})
    assert answer.status_code == 200
    assert answer.context["form"].errors["time_zone"]
    assert not Preference.objects.exists()


def test_preferences_are_only_ones_own(client, editor, reviewer):
    choose(reviewer, "Asia/Tokyo")
    client.force_login(editor)
    client.post(PAGE, {"time_zone": NEW_YORK, "user": reviewer.pk, "id": reviewer.preference.pk})
    assert set(Preference.objects.values_list("user__username", "time_zone")) == {
        ("edith", NEW_YORK),
        ("rex", "Asia/Tokyo"),
    }


def test_only_those_who_work_in_the_admin_have_the_page(client, colleague):
    assert client.get(PAGE).status_code == 302
    client.force_login(colleague)
    assert client.get(PAGE).status_code == 302
    assert client.post(PAGE, {"time_zone": NEW_YORK}).status_code == 302
    assert not Preference.objects.exists()


def test_every_page_of_the_admin_leads_to_them(editor_client):
    assert f'<a href="{PAGE}">Preferences</a>' in editor_client.get("/admin/").content.decode()


def test_all_zones_that_are_offered_are_valid():
    assert len(time_zones()) > 400
    for name in time_zones():
        known_time_zone(name)
        assert Preference(time_zone=name).zone is not None


def test_zone_this_machine_does_not_know_any_more_is_the_portals(editor_client, editor):
    choose(editor, "Europe/Atlantis")
    assert editor_client.get("/admin/").status_code == 200


# Where it holds


@pytest.mark.parametrize(
    "path, zone",
    [
        ("/admin/", NEW_YORK),
        ("/admin/projects/project/", NEW_YORK),
        ("/staff/", NEW_YORK),
        ("/", "Europe/Vienna"),
        ("/projects/", "Europe/Vienna"),
        ("/fr/projects/", "Europe/Vienna"),
    ],
)
def test_own_zone_holds_in_the_admin_and_at_the_desk_only(editor, path, zone):
    choose(editor, NEW_YORK)
    request = RequestFactory().get(path)
    request.user = editor
    seen = []
    own_time_zone(lambda request: seen.append(timezone.get_current_timezone_name()) or HttpResponse())(request)
    assert seen == [zone]
    assert timezone.get_current_timezone_name() == "Europe/Vienna"


def test_zone_does_not_outlive_a_request_that_breaks(editor):
    choose(editor, NEW_YORK)
    request = RequestFactory().get("/admin/")
    request.user = editor

    def breaks(request):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        own_time_zone(breaks)(request)
    assert timezone.get_current_timezone_name() == "Europe/Vienna"


def test_next_request_in_the_same_thread_has_its_own_zone(client, editor, reviewer, project):
    choose(editor, NEW_YORK)
    client.force_login(editor)
    client.get("/admin/")
    client.force_login(reviewer)
    assert client.get(change_url(project)).context["time_zone"] == "Europe/Vienna"


def test_public_page_costs_no_query_for_it(client, editor, django_assert_num_queries):
    request = RequestFactory().get("/projects/")
    request.user = editor
    with django_assert_num_queries(0):
        own_time_zone(lambda request: HttpResponse())(request)


# Typed and shown


def test_time_is_typed_in_ones_own_zone(reviewer_client, reviewer, waiting):
    choose(reviewer, NEW_YORK)
    assert b"Times are those of America/New_York." in reviewer_client.get(change_url(waiting)).content
    times = {"publish_at": "2031-05-01T10:00", "publish_until": "2031-06-01T10:00"}
    answer = send_form(reviewer_client, change_url(waiting), times, _verb="publish")
    waiting.refresh_from_db()
    assert waiting.published_at == datetime.datetime(2031, 5, 1, 14, 0, tzinfo=datetime.UTC)
    assert waiting.expires_at == datetime.datetime(2031, 6, 1, 14, 0, tzinfo=datetime.UTC)
    told = texts(reviewer_client.get(answer.url))
    assert told == ["“Safe routes” will be published on 1 May 2031, 10:00 (America/New_York)."]


def test_each_reader_of_a_notice_sees_their_own_time(client, editor, reviewer, waiting):
    waiting.publish(by=reviewer, at=datetime.datetime(2031, 5, 1, 14, 0, tzinfo=datetime.UTC))
    choose(reviewer, NEW_YORK)
    for person, told in (
        (reviewer, "1 May 2031, 10:00 (America/New_York)"),
        (editor, "1 May 2031, 16:00 (Europe/Vienna)"),
    ):
        client.force_login(person)
        assert f"Visitors will see it from {told}." in client.get(change_url(waiting)).content.decode()
    client.force_login(reviewer)
    assert read_form(client, change_url(waiting), "project_form").data["publish_at"] == "2031-05-01T10:00"


def test_notice_of_what_was_submitted_names_the_zone(reviewer_client, reviewer, waiting):
    choose(reviewer, "Asia/Tokyo")
    Project.objects.update(submitted_at=datetime.datetime(2027, 1, 1, 0, 0, tzinfo=datetime.UTC))
    assert b"on 1 January 2027, 09:00 (Asia/Tokyo)." in reviewer_client.get(change_url(waiting)).content


def test_time_that_does_not_exist_is_refused_in_the_zone_it_is_typed_in(reviewer_client, reviewer, waiting):
    choose(reviewer, NEW_YORK)
    # 02:30 of this day does not exist in Vienna, and does in New York.
    send_form(reviewer_client, change_url(waiting), {"publish_at": "2031-03-30T02:30"}, _verb="publish")
    waiting.refresh_from_db()
    assert waiting.state == "scheduled"
    again = {"publish_at": "2031-03-09T02:30"}
    answer = send_form(reviewer_client, change_url(waiting), again, _verb="reschedule")
    assert answer.context["decision"].errors["publish_at"] == [
        "9 March 2031, 02:30 does not exist in the time zone America/New_York, because the clocks are put forward. "
        "Write 9 March 2031, 01:59 or earlier, or 9 March 2031, 03:00 or later."
    ]
    assert b'value="2031-03-09T02:30"' in answer.content


def test_record_published_in_the_hour_that_comes_twice_can_still_be_saved(reviewer_client, waiting):
    hours = [datetime.datetime(2026, 10, 25, 0, 30, tzinfo=datetime.UTC), datetime.datetime(2031, 10, 26, 1, 30, tzinfo=datetime.UTC)]  # fmt: skip
    publish(waiting, at=hours[0], until=hours[1])
    answer = send_form(reviewer_client, change_url(waiting), {"acronym": "X"}, _draft="1")
    assert answer.status_code == 302
    assert drafts.open_draft(waiting).version.content["fields"]["acronym"] == "X"
    waiting.refresh_from_db()
    assert (waiting.published_at, waiting.expires_at) == tuple(hours)


def test_dates_in_the_audit_log_are_the_same_for_everybody(reviewer_client, reviewer, waiting):
    choose(reviewer, NEW_YORK)
    publish(waiting)
    send_form(reviewer_client, change_url(waiting), {"publish_until": "2031-05-01T10:00"}, _verb="reschedule")
    note = AuditEntry.objects.about(waiting).filter(verb="reschedule").get().note
    assert note.endswith("/2031-05-01T16:00+02:00")


def test_history_names_the_zone_of_its_times(reviewer_client, reviewer, waiting):
    choose(reviewer, "Asia/Tokyo")
    page = reviewer_client.get(change_url(waiting).replace("change", "history")).content.decode()
    assert "When (Asia/Tokyo)" in page


# The embargo of a publication


def embargoed(client, publication, day, time):
    return send_form(client, change_url(publication), {"embargo_until_0": day, "embargo_until_1": time}, _continue="1")


def test_embargo_is_typed_in_ones_own_zone_which_is_named(editor_client, editor):
    publication = make_publication(changed_by=editor)
    choose(editor, NEW_YORK)
    assert b"Times are those of America/New_York." in editor_client.get(change_url(publication)).content
    embargoed(editor_client, publication, "2031-05-01", "10:00")
    publication.refresh_from_db()
    assert publication.embargo_until == datetime.datetime(2031, 5, 1, 14, 0, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    "day, words",
    [("2031-03-30", "30 March 2031, 02:30 does not exist"), ("2031-10-26", "26 October 2031, 02:30 comes twice")],
)
def test_embargo_until_a_time_that_is_none_or_two_is_refused(editor_client, editor, day, words):
    publication = make_publication(changed_by=editor)
    answer = embargoed(editor_client, publication, day, "02:30")
    assert words in complaints(answer)["embargo_until"][0]
    publication.refresh_from_db()
    assert publication.embargo_until is None


def test_embargo_ends_to_the_second_after_a_change_of_clocks(client, db):
    end = datetime.datetime(2031, 10, 26, 2, 0, tzinfo=datetime.UTC)  # 03:00, the first time that comes once again
    publication = publish(make_publication(embargo_until=end))
    for at, status in ((-1, 404), (0, 200), (1, 200)):
        with time_machine.travel(end + datetime.timedelta(seconds=at), tick=False):
            assert client.get(publication.get_absolute_url()).status_code == status, at
