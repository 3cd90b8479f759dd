"""The calendar of meetings, series, and the page of one: in order, filtered, and no more exact than the facts."""

import datetime
import html
import json
import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from dialogues import agenda
from dialogues.filters import MeetingFilter
from dialogues.models import Meeting, MeetingSeries
from portal.dates import PartialDate
from portal.models import TerritorialNote
from tests.factories import make_country, make_dialogue, make_organisation, make_publication

PAGE = "/dialogues/meetings/"


def make_meeting(**fields):
    return Meeting.objects.create(**{"title": "Meeting", "is_listed": True} | fields)


def at(*starts):
    """A meeting for each date, called after it."""
    return [make_meeting(title=f"On {start}", start=start) for start in starts]


def shown(client, query="", page=PAGE):
    response = client.get(f"{page}?{query}")
    assert response.status_code == 200
    return re.findall(r'dir="auto">([^<]+)</a>', response.content.decode())


def text_of(client, address):
    body = client.get(address).content.decode()
    return html.unescape(
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body[body.index("<main") : body.index("</main>")]))
    )


def test_next_meeting_comes_first_then_the_latest(client, db, time_machine):
    time_machine.move_to(datetime.datetime(2021, 6, 15, 12, tzinfo=datetime.UTC))
    at("2022-03-01", "2021-07-02", "2022", "2021-05-04", "2019", "2019-03", "2019-03-09", "2021-41", None)
    assert shown(client) == [
        "On 2021-07-02", "On 2021-41", "On 2022-03-01", "On 2022",
        "On 2021-05-04", "On 2019-03-09", "On 2019-03", "On 2019", "On None",
    ]  # fmt: skip


def test_meetings_stand_under_the_month_that_is_known_and_no_other(client, db):
    at("2021-10-19", "2021-10", "2021", "2021-41", None)
    body = client.get(PAGE).content.decode()
    headings = re.findall(r"<h[23][^>]*>([^<]+)</h[23]>", body[body.index("Held</h2>") - 80 : body.index("</main>")])
    assert headings == ["Held", "October 2021", "Second half of 2021", "2021, month not stated", "Date not stated"]
    assert "1 October" not in body
    assert "1 January" not in body


def test_page_of_the_list_keeps_the_order(client, db):
    at(*(f"20{year:02}-05-05" for year in range(25)))
    assert shown(client)[0] == "On 2024-05-05"
    assert shown(client, "page=2") == [f"On 200{year}-05-05" for year in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize(
    "start, end, words",
    [
        ("2021-06-14", None, "held"),
        ("2021-06-14", "2021-06-15", "going on"),
        ("2021-06-15", None, "going on"),
        ("2021-06-16", None, "to come"),
        ("2021-06", None, "not known whether held yet"),
        ("2021", None, "not known whether held yet"),
        ("2021-05", "2021-07", "going on"),
        ("2021-07", None, "to come"),
        ("2020", None, "held"),
        (None, None, ""),
    ],
)
def test_whether_it_was_held_is_said_only_where_its_dates_tell(db, time_machine, start, end, words):
    time_machine.move_to(datetime.datetime(2021, 6, 15, 12, tzinfo=datetime.UTC))
    meeting = make_meeting(start=start, end=end)
    meeting.refresh_from_db()
    assert meeting.standing == words


# Filters


def selection(query):
    found = MeetingFilter(QueryDict(query), Meeting.objects.visible_to(AnonymousUser()), AnonymousUser())
    assert found.is_valid(), found.errors
    return found


def test_every_count_beside_a_choice_is_what_the_choice_gives(db):
    dialogue, series = make_dialogue(published=True, slug="open"), MeetingSeries.objects.create(slug="s", name="S")
    make_meeting(
        dialogue=dialogue, start="2021-10-19", type="summit", mode="online", country=make_country("AT", "Austria")
    )
    make_meeting(start="2020-12-30", end="2021-01-02", series=series)
    make_meeting(start="2019", country=make_country("MT", "Malta"), type="summit")
    make_meeting()
    seen = set()
    for facet in selection("").facets:
        for choice in facet.choices:
            assert selection(f"{facet.name}={choice.value}").qs.count() == choice.count, (facet.name, choice)
            seen.add((facet.name, choice.value, choice.count))
    assert ("year", "2021", 2) in seen
    assert ("year", "2020", 1) in seen
    assert ("dialogue", "none", 3) in seen
    assert ("mode", "none", 3) in seen
    assert ("when", "none", 1) in seen


def test_meeting_of_no_dialogue_is_not_called_not_stated(client, db):
    make_meeting(start="2021")
    assert "No dialogue" in client.get(PAGE).content.decode()


def test_active_filters_are_chips_and_an_empty_list_says_which_to_drop(client, db):
    make_meeting(title="Only one", start="2021", type="summit")
    make_meeting(title="Other", start="2020", type="webinar")
    body = client.get(f"{PAGE}?year=2021&type=webinar").content.decode()
    assert "Drop one filter" in body
    assert 'href="?year=2021"' in body
    assert 'href="?type=webinar"' in body


@pytest.mark.parametrize(
    "query",
    [
        "month=2021", "month=2021-13", "month=2021-41", "month=2021-10-05", "month=October", "month=0000-01", "month=9999-12",
        "month=2021-10%20x", "month=" + "1" * 10_000, "year=20211", "year=x", "year=1000", "when=now", "type=feast", "mode=x",
        "country=ZZ", "dialogue=none-such", "series=none-such", "q=" + "a" * 10_000, "&".join(f"year={y}" for y in range(1990, 2020)),
    ],
)  # fmt: skip
def test_filter_that_cannot_be_read_answers_400_and_leads_back(client, db, query):
    response = client.get(f"{PAGE}?{query}")
    assert response.status_code == 400
    assert "This selection cannot be read" in response.content.decode()
    assert f'href="{PAGE}"' in response.content.decode()


@pytest.mark.parametrize(
    "query", ["month=", "month=%202021-10%20", "month=2021-10&month=2021-11", "month=1900-01", "month=2200-12"]
)
def test_odd_but_readable_months_are_shown(client, db, query):
    assert client.get(f"{PAGE}?{query}").status_code == 200


def test_control_characters_answer_400(client, db):
    for address in (f"{PAGE}?month=2021%00", "/dialogues/meetings.ics?type=%00"):
        assert client.get(address).status_code == 400


def test_what_is_hidden_is_no_choice(client, db):
    draft = make_dialogue(title="Secret process", slug="secret")
    series = MeetingSeries.objects.create(slug="hidden", name="Hidden series", dialogue=draft)
    draft.meetings.create(
        title="Secret meeting", slug="secret-meeting", start="2021-10-05", series=series, type="summit"
    )
    MeetingSeries.objects.create(slug="empty", name="Empty series")
    for query in ("", "month=2021-10", "year=2021"):
        body = client.get(f"{PAGE}?{query}").content.decode()
        assert "ecret" not in body
        assert "series" not in body.lower().replace("entries", "")
    assert client.get(f"{PAGE}?series=hidden").status_code == 400
    assert client.get(f"{PAGE}?dialogue=secret").status_code == 400
    for slug in ("hidden", "empty"):
        assert client.get(f"{PAGE}series/{slug}/").status_code == 404


# A month as a table


def days_with_meetings(body):
    table = body[body.index('<table class="days">') : body.index("</table>")]
    return {int(day): label for label, day in re.findall(r'aria-label="([^"]+)"[^>]*>(\d+)</a>', table)}


def test_month_shows_its_days_and_links_those_with_meetings(client, db):
    make_meeting(title="Conference", slug="conference", start="2021-10-19", end="2021-10-20")
    make_meeting(title="Webinar", slug="webinar", start="2021-10-20")
    body = client.get(f"{PAGE}?month=2021-10").content.decode()
    assert days_with_meetings(body) == {19: "19 October 2021: 1 meeting", 20: "20 October 2021: 2 meetings"}
    assert 'href="#meeting-conference"' in body
    assert 'id="meeting-conference"' in body
    assert body.count("<tr>") == 6  # the names of the days, and five weeks
    assert "October 2021: 2 meetings on known days" in body


def test_meeting_without_a_day_stands_beside_the_month_and_on_no_day(client, db):
    at("2021-10", "2021-41", "2021", "2022", None)
    body = client.get(f"{PAGE}?month=2021-10").content.decode()
    assert days_with_meetings(body) == {}
    assert re.findall(r"<h3>([^<]+)</h3>", body) == [
        "October 2021, day not stated", "Second half of 2021, day not stated", "2021, day not stated",
    ]  # fmt: skip
    assert shown(client, "month=2021-10") == ["On 2021-10", "On 2021-41", "On 2021"]
    assert shown(client, "month=2021-03") == ["On 2021"]


def test_meeting_over_the_end_of_a_month_stands_in_both(client, db):
    make_meeting(start="2021-09-30", end="2021-10-02")
    assert set(days_with_meetings(client.get(f"{PAGE}?month=2021-09").content.decode())) == {30}
    assert set(days_with_meetings(client.get(f"{PAGE}?month=2021-10").content.decode())) == {1, 2}


def test_meeting_whose_last_day_is_not_known_marks_its_first_alone(client, db):
    make_meeting(start="2021-10-19", end="2021-11")
    assert set(days_with_meetings(client.get(f"{PAGE}?month=2021-10").content.decode())) == {19}
    assert days_with_meetings(client.get(f"{PAGE}?month=2021-11").content.decode()) == {}


def test_months_are_turned_with_the_filters_kept(client, db):
    at("2021-10-19", "2020-02-03")
    body = client.get(f"{PAGE}?month=2021-12&type=other").content.decode()
    for month in ("2021-11", "2022-01", "2021-10", "2020-02"):
        assert f'href="?type=other&amp;month={month}"' in body
    assert '<input type="hidden" name="month" value="2021-12">' in body
    assert 'href="?type=other"' in body  # the list


def test_calendar_ends_where_its_years_do(client, db):
    assert "month=1899-12" not in client.get(f"{PAGE}?month=1900-01").content.decode()
    assert "month=2201-01" not in client.get(f"{PAGE}?month=2200-12").content.decode()


def test_today_is_marked(client, db, time_machine):
    time_machine.move_to(datetime.datetime(2021, 10, 5, 12, tzinfo=datetime.UTC))
    body = client.get(f"{PAGE}?month=2021-10").content.decode()
    assert '<span aria-current="date">5</span>' in body
    assert 'aria-current="date"' not in client.get(f"{PAGE}?month=2021-11").content.decode()


def test_month_that_opens_is_that_of_the_next_meeting(db, time_machine):
    time_machine.move_to(datetime.datetime(2021, 6, 15, 12, tzinfo=datetime.UTC))
    assert str(agenda.month_to_open([])) == "2021-06"
    at("2019-03", "2020")
    assert str(agenda.month_to_open(selection("").dates)) == "2019-03"
    at("2022-08-01", "2021-09")
    assert str(agenda.month_to_open(selection("").dates)) == "2021-09"


def test_week_begins_as_the_readers_language_has_it(db):
    def first(language):
        with override(language):
            return agenda.sheet_of(PartialDate(2021, 10), []).weeks[0][0].date.weekday()

    assert {code: first(code) for code in ("en", "fr", "ru", "ar")} == {"en": 0, "fr": 0, "ru": 0, "ar": 6}


@pytest.mark.parametrize("query", ["", "month=2021-10"])
def test_number_of_queries_does_not_grow_with_the_meetings(client, db, query):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"{PAGE}?{query}").status_code == 200
        return len(captured)

    def fill(n):
        for number in range(n):
            dialogue = make_dialogue(published=True)
            meeting = dialogue.meetings.create(title="M", start=f"2021-10-1{number}", country=make_country())
            make_publication(published=True, meeting=meeting)

    fill(2)
    few = queries()
    fill(9)
    assert queries() <= few <= 26


# The page of one


def data_of(client, address):
    body = client.get(address).content.decode()
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', body)[1])


def test_machines_are_told_what_people_are(client, db):
    series = MeetingSeries.objects.create(slug="yearly", name="Yearly conference")
    meeting = make_meeting(
        title="Conference </script> & more", slug="conference", start="2021-10-19", end="2021-10-20", mode="hybrid",
        place="Hofburg, Vienna", country=make_country("AT", "Austria"), series=series,
    )  # fmt: skip
    meeting.organisers.add(make_organisation("The centre"), make_organisation("Hidden", is_established=False))
    said = data_of(client, meeting.get_absolute_url())
    assert (said["@context"], said["@type"]) == ("https://schema.org", "Event")
    assert said["name"] == "Conference </script> & more"
    assert (said["startDate"], said["endDate"]) == ("2021-10-19", "2021-10-20")
    assert said["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert [place["@type"] for place in said["location"]] == ["Place", "VirtualLocation"]
    assert said["location"][0]["address"]["addressCountry"] == "AT"
    assert [body["name"] for body in said["organizer"]] == ["The centre"]
    assert said["superEvent"]["url"] == "http://127.0.0.1:8000/dialogues/meetings/series/yearly/"


@pytest.mark.parametrize("start, told", [("2021", "2021"), ("2021-10", "2021-10"), ("2021-41", "2021"), (None, None)])
def test_machines_are_told_no_day_that_is_not_known(client, db, start, told):
    meeting = make_meeting(slug="m", start=start)
    assert data_of(client, meeting.get_absolute_url()).get("startDate") == told


def test_mark_stands_in_what_machines_are_told(client, db):
    note = TerritorialNote.objects.create(slug="kosovo", mark="*", text="Under resolution 1244.")
    note.terms.create(term="Kosovo")
    meeting = make_meeting(title="Forum on Kosovo", slug="m", country=make_country("XK", "Kosovo"))
    said = data_of(client, meeting.get_absolute_url())
    assert said["name"] == "Forum on Kosovo*"
    assert said["location"][0]["name"] == "Kosovo*"
    assert said["location"][0]["address"]["addressCountry"] == "XK"


def test_documents_of_a_meeting_stand_on_its_page_and_are_counted_in_lists(client, db):
    dialogue = make_dialogue(slug="open", published=True)
    meeting = dialogue.meetings.create(title="Ministers", slug="ministers", start="2021-10-19")
    other = dialogue.meetings.create(title="Officials", slug="officials", start="2020-10-19")
    for number in range(2):
        make_publication(published=True, title=f"Declaration {number}", meeting=meeting)
    make_publication(title="Draft declaration", meeting=meeting)
    make_publication(title="Draft minutes", meeting=other)
    page = client.get(meeting.get_absolute_url()).content.decode()
    assert "Declaration 0" in page
    assert "Declaration 1" in page
    assert "Draft declaration" not in page
    assert 'id="about-publication"' in page
    for address in (PAGE, dialogue.get_absolute_url(), "/", f"{PAGE}?month=2021-10"):
        body = client.get(address).content.decode()
        assert f'href="{meeting.get_absolute_url()}#about-publication">2 publications</a>' in body, address
        assert f"{other.get_absolute_url()}#about" not in body, address


def test_meeting_leads_to_those_before_and_after_it_in_its_series(client, db):
    series = MeetingSeries.objects.create(slug="yearly", name="Yearly conference")
    years = {
        year: make_meeting(title=f"Of {year}", start=year, series=series)
        for year in ("2018", "2019-10", "2021", "2022-03")
    }
    body = client.get(years["2019-10"].get_absolute_url()).content.decode()
    assert re.findall(r'rel="(prev|next)" dir="auto">([^<]+)<', body) == [("prev", "Of 2018"), ("next", "Of 2021")]
    assert 'href="/dialogues/meetings/series/yearly/"' in body
    assert shown(client, page="/dialogues/meetings/series/yearly/") == [
        "Of 2022-03", "Of 2021", "Of 2019-10", "Of 2018",
    ]  # fmt: skip


def test_order_in_a_series_is_not_guessed(client, db):
    series = MeetingSeries.objects.create(slug="yearly", name="Yearly conference")
    one, _other = (make_meeting(title=f"M {start}", start=start, series=series) for start in ("2021", "2021-10-05"))
    assert "cannot be told from their dates" in text_of(client, one.get_absolute_url())


def test_hidden_meeting_of_a_series_is_not_the_next(client, db):
    series = MeetingSeries.objects.create(slug="yearly", name="Yearly conference")
    meeting = make_meeting(title="Seen", start="2021", series=series)
    make_meeting(title="Unseen", start="2022", series=series, is_listed=False)
    assert "Unseen" not in client.get(meeting.get_absolute_url()).content.decode()
    assert shown(client, page="/dialogues/meetings/series/yearly/") == ["Seen"]


def test_country_of_a_meeting_leads_to_its_page(client, db):
    meeting = make_meeting(place="Valletta", country=make_country("MT", "Malta"), start="2015")
    page = client.get(meeting.get_absolute_url()).content.decode()
    assert '<bdi>Valletta</bdi>, <a href="/countries/mt/">Malta</a>' in page
