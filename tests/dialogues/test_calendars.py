"""Meetings as calendars: read back by a library, and line by line by a reader that forgives nothing."""

import datetime
import re

import icalendar
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from dialogues.models import Meeting, MeetingSeries
from portal.calendars import Calendar, Event, write
from portal.models import TerritorialNote
from tests.dialogues.lines import events_in, read_strictly, unfolded
from tests.factories import make_country, make_dialogue, make_organisation, publish, publisher

ALL = "/dialogues/meetings.ics"


def make_meeting(**fields):
    return Meeting.objects.create(**{"title": "Senior officials", "start": "2021-10-19", "is_listed": True} | fields)


def fetch(client, address=ALL, **headers):
    response = client.get(address, headers=headers)
    assert response.status_code == 200, address
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    read_strictly(response.content)
    return icalendar.Calendar.from_ical(response.content)


def titles(client, address=ALL):
    return {str(event["SUMMARY"]) for event in fetch(client, address).events}


def test_meeting_of_two_days_ends_on_the_morning_after(client, db):
    meeting = make_meeting(
        start="2021-10-19", end="2021-10-20", place="Hofburg, Vienna", country=make_country("AT", "Austria")
    )
    [event] = fetch(client).events
    assert event.start == datetime.date(2021, 10, 19)
    assert event.end == datetime.date(2021, 10, 21)
    assert event["UID"] == str(meeting.pk)
    assert event["LOCATION"] == "Hofburg, Vienna, Austria"
    assert event["URL"] == "http://127.0.0.1:8000/dialogues/meetings/senior-officials/"
    assert event["STATUS"] == "CONFIRMED"
    assert event["TRANSP"] == "TRANSPARENT"
    assert event["DTSTAMP"].dt == meeting.changed_at.replace(microsecond=0)
    assert event["LAST-MODIFIED"].dt == meeting.changed_at.replace(microsecond=0)


def test_last_day_that_is_not_stated_is_not_made_up(client, db):
    make_meeting(start="2021-10-19", end="2021-11")
    [event] = events_in(client.get(ALL).content)
    assert "DTEND" not in event
    assert "last day is not stated" in event["DESCRIPTION"]


@pytest.mark.parametrize("start", ["2021", "2021-10", "2021-41", None])
def test_meeting_without_a_day_stands_in_no_calendar_and_the_calendar_says_so(client, db, start):
    make_meeting(title="Webinar", start=start, slug="webinar")
    calendar = fetch(client)
    assert calendar.events == []
    assert calendar["DESCRIPTION"] == (
        "http://127.0.0.1:8000/dialogues/meetings/\n1 meeting is left out: its day is not stated."
    )
    assert "1 of them is not in the calendar file" in client.get("/dialogues/meetings/").content.decode()
    assert client.get("/dialogues/meetings/webinar.ics").status_code == 404
    assert "webinar.ics" not in client.get("/dialogues/meetings/webinar/").content.decode()


def test_calendar_says_what_it_is_and_how_often_to_ask_for_it(client, db):
    make_meeting()
    calendar = fetch(client)
    assert calendar["X-WR-CALNAME"] == calendar["NAME"] == "Meetings – ICMPD"
    assert calendar["REFRESH-INTERVAL"].dt == datetime.timedelta(days=1)
    assert calendar["SOURCE"] == "http://127.0.0.1:8000/dialogues/meetings.ics"
    assert calendar["URL"] == "http://127.0.0.1:8000/dialogues/meetings/"
    assert "METHOD" not in calendar  # it invites nobody


def test_calendar_of_a_dialogue_holds_its_meetings_alone(client, db):
    dialogue = make_dialogue(title="Open Process", slug="open", published=True)
    dialogue.meetings.create(title="Ministers", slug="ministers", start="2022-10-24", type="ministerial")
    make_meeting(title="Elsewhere")
    calendar = fetch(client, "/dialogues/open/meetings.ics")
    [event] = calendar.events
    assert event["SUMMARY"] == "Ministers"
    assert event["CATEGORIES"].cats == ["Ministerial conference", "Open Process"]
    assert "Open Process" in calendar["NAME"]
    assert titles(client) == {"Ministers", "Elsewhere"}
    assert titles(client, "/dialogues/open/meetings/ministers.ics") == {"Ministers"}


def test_one_meeting_has_the_same_identity_in_every_calendar_and_language(client, db):
    dialogue = make_dialogue(slug="open", published=True)
    meeting = dialogue.meetings.create(title="Ministers", title_fr="Ministres", slug="ministers", start="2022-10-24")
    addresses = (ALL, "/dialogues/open/meetings.ics", "/fr/dialogues/open/meetings/ministers.ics")
    assert {str(event["UID"]) for one in addresses for event in fetch(client, one).events} == {str(meeting.pk)}
    meeting.slug, meeting.title = "other", "Other"
    meeting.save()
    assert {str(event["UID"]) for event in fetch(client).events} == {str(meeting.pk)}


def test_calendar_speaks_the_language_of_its_address(client, db):
    make_meeting(title="Ministers", title_fr="Ministres", slug="ministers")
    [event] = fetch(client, "/fr/dialogues/meetings.ics").events
    assert event["SUMMARY"] == "Ministres"
    assert event["SUMMARY"].params["LANGUAGE"] == "fr"
    assert event["URL"].endswith("/fr/dialogues/meetings/ministers/")


def test_the_page_and_the_calendar_hold_the_same_selection(client, db):
    dialogue = make_dialogue(slug="open", published=True)
    series = MeetingSeries.objects.create(slug="yearly", name="Yearly")
    austria, malta = make_country("AT", "Austria"), make_country("MT", "Malta")
    for number in range(12):
        make_meeting(
            title=f"Meeting {number}", start=f"20{10 + number}-05-0{1 + number % 9}", mode=("", "online", "in-person")[number % 3],
            type=("summit", "webinar")[number % 2], country=(austria, malta, None)[number % 3],
            dialogue=(dialogue, None)[number % 2], series=(series, None, None, None)[number % 4],
        )  # fmt: skip
    queries = [
        "", "dialogue=open", "dialogue=none", "type=summit&type=webinar&mode=online", "country=AT", "country=none&year=2012",
        "when=past&mode=none", "when=next", "series=yearly", "q=meeting+1", "year=2015&year=2016", "month=2015-05",
    ]  # fmt: skip
    sizes = set()
    for query in queries:
        page = client.get(f"/dialogues/meetings/?{query}").content.decode()
        shown = set(re.findall(r'dir="auto">(Meeting \d+)</a>', page))
        assert titles(client, f"{ALL}?{query}") == shown, query
        sizes.add(len(shown))
    assert len(sizes) > 4


def test_page_leads_to_the_calendar_of_its_selection(client, db):
    make_dialogue(slug="open", published=True).meetings.create(title="Ministers", slug="m", start="2022-10-24")
    page = client.get("/dialogues/meetings/?dialogue=open&month=2022-10").content.decode()
    assert 'href="webcal://127.0.0.1:8000/dialogues/meetings.ics?dialogue=open"' in page
    assert 'type="text/calendar" href="http://127.0.0.1:8000/dialogues/meetings.ics?dialogue=open"' in page
    dialogue = client.get("/dialogues/open/").content.decode()
    assert 'href="webcal://127.0.0.1:8000/dialogues/open/meetings.ics"' in dialogue
    assert 'href="/dialogues/meetings/?dialogue=open"' in dialogue
    meeting = client.get("/dialogues/open/meetings/m/").content.decode()
    assert 'type="text/calendar" href="http://127.0.0.1:8000/dialogues/open/meetings/m.ics"' in meeting


@pytest.mark.parametrize(
    "query", ["type=feast", "mode=x", "country=ZZ", "year=abc", "month=October", "dialogue=secret"]
)
def test_selection_that_cannot_be_read_is_answered_in_words(client, db, query):
    make_dialogue(slug="secret")
    response = client.get(f"{ALL}?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "http://127.0.0.1:8000/dialogues/meetings/" in response.content.decode()


def test_mark_stands_in_the_title_and_its_note_in_the_description(client, db):
    note = TerritorialNote.objects.create(slug="kosovo", mark="*", text="Under resolution 1244.")
    note.terms.create(term="Kosovo")
    note.terms.create(term="Pristina")
    make_meeting(title="Forum on Kosovo", place="Pristina", country=make_country("XK", "Kosovo"))
    make_meeting(title="Forum elsewhere")
    by_title = {str(event["SUMMARY"]): event for event in fetch(client).events}
    assert by_title["Forum on Kosovo*"]["LOCATION"] == "Pristina*, Kosovo*"
    assert str(by_title["Forum on Kosovo*"]["DESCRIPTION"]).count("* Under resolution 1244.") == 1
    assert "1244" not in str(by_title["Forum elsewhere"].get("DESCRIPTION", ""))


def test_calendars_hold_what_visitors_see_and_editors_get_no_more(client, editor_client, db):
    draft = make_dialogue(slug="draft")
    draft.meetings.create(title="Of a draft", slug="of-a-draft", start="2022-10-24")
    make_meeting(title="Unlisted", slug="unlisted", is_listed=False)
    hidden = make_organisation("Secret partner", is_established=False)
    make_meeting(title="Open").organisers.add(hidden)
    assert ".ics" not in editor_client.get("/dialogues/draft/").content.decode()
    assert ".ics" not in editor_client.get("/dialogues/draft/meetings/of-a-draft/").content.decode()
    for someone in (client, editor_client):
        body = someone.get(ALL).content.decode()
        assert "Open" in body
        assert "Of a draft" not in body
        assert "Unlisted" not in body
        assert "Secret partner" not in body
        for address in ("draft/meetings.ics", "draft/meetings/of-a-draft.ics", "meetings/unlisted.ics"):
            assert someone.get(f"/dialogues/{address}").status_code == 404


def test_what_was_withdrawn_is_gone(client, db):
    dialogue = make_dialogue(slug="open", published=True)
    dialogue.meetings.create(title="Ministers", slug="ministers", start="2022-10-24")
    dialogue.withdraw(by=publisher(), reason="Entered twice.")
    assert titles(client) == set()
    assert client.get("/dialogues/open/meetings.ics").status_code == 410
    assert client.get("/dialogues/open/meetings/ministers.ics").status_code == 410


def test_program_that_has_it_already_is_told_so(client, db):
    meeting = make_meeting()
    first = client.get(ALL)
    again = client.get(ALL, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(ALL, headers={"if-modified-since": first["Last-Modified"]}).status_code == 304
    meeting.place = "Vienna"
    meeting.save()
    changed = client.get(ALL, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_program_that_goes_by_time_alone_sees_a_change_and_within_a_day_a_withdrawal(client, db, time_machine):
    dialogue = make_dialogue(slug="open", published=True)
    dialogue.meetings.create(title="Ministers", start="2022-10-24")
    time_machine.move_to(timezone.now() + datetime.timedelta(days=2))
    since = client.get(ALL)["Last-Modified"]
    time_machine.shift(datetime.timedelta(days=1))
    dialogue.withdraw(by=publisher(), reason="Entered twice.")
    response = client.get(ALL, headers={"if-modified-since": since})
    assert response.status_code == 200
    assert events_in(response.content) == []


def test_dialogue_whose_time_has_come_is_news_to_a_program_that_goes_by_time(client, db, time_machine):
    time_machine.move_to(datetime.datetime(2030, 5, 5, 9, tzinfo=datetime.UTC))
    make_meeting()
    dialogue = make_dialogue(slug="open")
    dialogue.meetings.create(title="Ministers", start="2022-10-24")
    publish(dialogue, at=timezone.now() + datetime.timedelta(minutes=5))
    since = client.get(ALL)["Last-Modified"]
    time_machine.shift(datetime.timedelta(minutes=10))
    response = client.get(ALL, headers={"if-modified-since": since})
    assert response.status_code == 200
    assert "Ministers" in response.content.decode()


def test_number_of_queries_does_not_grow_with_the_meetings(client, db):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(ALL)
        return len(captured)

    def fill(n):
        for _ in range(n):
            dialogue = make_dialogue(published=True)
            meeting = dialogue.meetings.create(title="M", start="2022-10-24", country=make_country())
            meeting.organisers.add(make_organisation())
            meeting.host_countries.add(make_country("AT", "Austria"))

    fill(2)
    few = queries()
    fill(8)
    assert queries() == few <= 10


def test_words_of_any_kind_come_back_as_they_were(client, db):
    title = 'A; B, C \\n D "E": ü — الهجرة 🕊'
    make_meeting(title=title, summary="One\r\nTwo\n\nThree\tFour\u2028Five", hosts="x" * 300)
    [event] = fetch(client).events
    assert event["SUMMARY"] == title
    assert str(event["DESCRIPTION"]).startswith("One\nTwo\n\nThree\tFour\nFive\n")


def event_with(title):
    moment = datetime.datetime(2021, 1, 1, tzinfo=datetime.UTC)
    return Event("uid", moment, datetime.date(2021, 10, 19), None, title, "https://portal.example/")


def written(title):
    page = "https://portal.example/"
    return write(Calendar("Name", "About", page, page, "en", [event_with(title)]))


@given(st.text())
def test_no_text_breaks_a_calendar(text):
    body = written(text)
    read_strictly(body)
    [event] = icalendar.Calendar.from_ical(body).events
    plain = re.sub(r"\r\n|[\n\r\v\f\x85\u2028\u2029]", "\n", text)
    assert str(event["SUMMARY"]) == re.sub(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]", "", plain)


@pytest.mark.parametrize("sign", ["a", "é", "ش", "漢", "🕊"])
@pytest.mark.parametrize("length", [59, 60, 61, 73, 74, 75, 76, 150, 1000])
def test_long_lines_are_folded_within_75_octets(sign, length):
    lines = unfolded(written(sign * length))
    assert f"SUMMARY;LANGUAGE=en:{sign * length}" in lines


def test_empty_calendar_is_still_one_by_the_letter():
    page = "https://portal.example/"
    names = [name for name, _ in read_strictly(write(Calendar("Name", "About", page, page, "en", [])))]
    assert names == ["STANDARD", "VTIMEZONE", "VCALENDAR"]


@pytest.mark.parametrize(
    "broken",
    [
        b"BEGIN:VCALENDAR\nEND:VCALENDAR\n",
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:" + b"x" * 80 + b"\r\nEND:VCALENDAR\r\n",
        written("x").replace(b"SUMMARY;LANGUAGE=en:x", b"SUMMARY;LANGUAGE=en:x;y"),
        written("x").replace(b"DTSTART;VALUE=DATE:", b"DTSTART:"),
        written("x").replace(b"STATUS:CONFIRMED", b"STATUS:HELD"),
    ],
)
def test_the_strict_reader_refuses_what_is_wrong(broken):
    with pytest.raises((AssertionError, KeyError)):
        read_strictly(broken)
