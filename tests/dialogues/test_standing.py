"""What stood in a dialogue on a day, and what changed between two: chairs, roles, instruments, meetings."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dialogues.changes import between, turning_days
from dialogues.models import Instrument, Meeting, Participation
from dialogues.standing import facts_of, standing_on
from dialogues.timetable import drawing_of, lines_of
from tests.factories import make_country, make_dialogue

PARTICIPANT, OBSERVER = Participation.Role.PARTICIPANT, Participation.Role.OBSERVER


@pytest.fixture
def dialogue(db):
    return make_dialogue(title="Open Process", published=True)


def day(text):
    return datetime.date.fromisoformat(text)


def on(dialogue, text):
    return standing_on(facts_of(dialogue, AnonymousUser()), day(text))


def changed(dialogue, since, until):
    """Topic, words and whether it is certain, of each change."""
    found = between(facts_of(dialogue, AnonymousUser()), day(since), day(until))
    return [(group.topic.value, one.text, one.is_certain) for group in found.groups for one in group.changes]


def instrument(dialogue, slug, **fields):
    one = Instrument.objects.create(**{"slug": slug, "title": slug.capitalize(), "kind": "declaration"} | fields)
    one.dialogues.add(dialogue)
    return one


def names(rows):
    return [str(held.row) for held in rows]


def test_chair_of_a_year_chairs_on_every_day_of_it(dialogue):
    dialogue.chair_terms.create(country=make_country("CZ", "Czechia"), start="2021", end="2021")
    assert [names(on(dialogue, text).chairs.now) for text in ("2020-12-31", "2021-01-01", "2021-12-31", "2022-01-01")] == [
        [], ["Czechia"], ["Czechia"], [],
    ]  # fmt: skip
    assert on(dialogue, "2021-06-30").chairs.now[0].unsure == ""


def test_month_of_a_handover_shows_both_chairs_and_says_why(dialogue):
    dialogue.chair_terms.create(country=make_country("CZ", "Czechia"), start="2020", end="2021-06")
    dialogue.chair_terms.create(country=make_country("NL", "Netherlands"), start="2021-06", end="2022")
    held = on(dialogue, "2021-06-15").chairs.now
    assert {str(one.row): one.unsure for one in held} == {
        "Czechia": "the sources do not say on which day it ended",
        "Netherlands": "the sources do not say on which day it began",
    }
    assert names(on(dialogue, "2021-05-31").chairs.now) == ["Czechia"]
    assert names(on(dialogue, "2021-07-01").chairs.now) == ["Netherlands"]


def test_participants_stand_under_the_role_of_the_day(dialogue):
    georgia, serbia, chad = make_country("GE", "Georgia"), make_country("RS", "Serbia"), make_country("TD", "Chad")
    dialogue.participations.create(country=georgia, role=OBSERVER, start="2010", end="2016")
    dialogue.participations.create(country=georgia, role=PARTICIPANT, start="2017")
    dialogue.participations.create(country=serbia, role=PARTICIPANT)
    dialogue.participations.create(country=chad, role=PARTICIPANT, start="2020")

    def roles(text):
        return [(role.value, names(rows)) for role, rows in on(dialogue, text).participants]

    assert roles("2015-06-01") == [("participant", ["Serbia"]), ("observer", ["Georgia"])]
    assert roles("2018-06-01") == [("participant", ["Georgia", "Serbia"])]
    assert [str(row) for row in on(dialogue, "2018-06-01").left] == ["Georgia"]
    assert [str(row) for row in on(dialogue, "2018-06-01").to_join] == ["Chad"]


def test_participant_of_unknown_years_shows_on_every_day_and_is_marked(dialogue):
    dialogue.participations.create(country=make_country())
    for text in ("1900-01-01", "2021-06-30", "2200-12-31"):
        ((_role, (held,)),) = on(dialogue, text).participants
        assert held.unsure == "the sources leave the years open"


def test_instrument_is_in_force_from_its_adoption_until_it_expires_or_is_replaced(dialogue):
    old = instrument(dialogue, "old", adopted="2011-11-04")
    instrument(dialogue, "new", adopted="2016-09-20", end="2021", replaces=old)

    def slugs(text):
        found = on(dialogue, text)
        return [[one.row.slug for one in rows] for rows in (found.in_force, found.over, found.to_come)]

    assert slugs("2011-11-03") == [[], [], ["new", "old"]]
    assert slugs("2011-11-04") == [["old"], [], ["new"]]
    assert slugs("2016-09-19") == [["old"], [], ["new"]]
    assert slugs("2016-09-20") == [["new"], ["old"], []]
    assert slugs("2021-12-31") == [["new"], ["old"], []]
    assert slugs("2022-01-01") == [[], ["new", "old"], []]
    assert on(dialogue, "2016-09-20").over[0].replaced_by.slug == "new"
    assert on(dialogue, "2016-09-19").in_force[0].replaced_by is None


def test_instrument_replaced_within_a_year_is_in_force_and_unsure_during_it(dialogue):
    instrument(dialogue, "new", adopted="2016", replaces=instrument(dialogue, "old", adopted="2011"))
    in_force = {one.row.slug: one.held.unsure for one in on(dialogue, "2016-05-01").in_force}
    assert "on which day it ended" in in_force["old"]
    assert "on which day it began" in in_force["new"]
    assert [one.row.slug for one in on(dialogue, "2017-01-01").over] == ["old"]


def test_instrument_whose_successor_is_undated_stays_and_says_so(dialogue):
    instrument(dialogue, "new", replaces=instrument(dialogue, "old", adopted="2011"))
    found = {one.row.slug: one for one in on(dialogue, "2015-01-01").in_force}
    assert found["old"].replaced_by.slug == "new"
    assert found["new"].held.unsure == "the sources leave the years open"


def test_instrument_replaced_on_the_first_day_there_is_breaks_nothing(dialogue):
    instrument(dialogue, "new", adopted="1900-01-01", replaces=instrument(dialogue, "old"))
    assert [one.row.slug for one in on(dialogue, "1900-01-01").in_force] == ["new", "old"]
    assert [one.row.slug for one in on(dialogue, "1900-01-02").over] == ["old"]


def test_adopted_instrument_that_is_not_yet_in_force_is_to_come(dialogue):
    instrument(dialogue, "plan", adopted="2015-11", start="2016-01-01", end="2020")
    (one,) = on(dialogue, "2015-12-15").to_come
    assert one.is_adopted
    assert not on(dialogue, "2015-10-31").to_come[0].is_adopted


def test_reference_countries_are_those_of_the_day(dialogue):
    domain = instrument(dialogue, "plan", adopted="2015").domains.create(title="Asylum")
    domain.reference_countries.create(country=make_country("TD", "Chad"), start="2016", end="2018")
    domain.reference_countries.create(country=make_country("CH", "Switzerland"), start="2019")

    def leads(text):
        return [str(held.row.country) for held in on(dialogue, text).with_domains[0].domains[0].leads.now]

    assert leads("2015-06-01") == []
    assert leads("2017-06-01") == ["Chad"]
    assert leads("2020-06-01") == ["Switzerland"]


def test_meetings_of_others_show_where_the_dialogue_took_part_or_adopted_something(dialogue):
    other = make_dialogue(title="Other", published=True)
    shared = other.meetings.create(title="Together", start="2018")
    summit = Meeting.objects.create(title="Summit", start="2015", is_listed=True)
    hidden = make_dialogue(title="Hidden").meetings.create(title="Secret", start="2018")
    dialogue.activities.create(title="We came", date="2018", meeting=shared)
    dialogue.activities.create(title="We came there too", date="2018", meeting=hidden)
    instrument(dialogue, "plan", adopted="2015", adopted_at=summit)
    assert [str(one) for one in on(dialogue, "2020-01-01").meetings.earlier] == ["Together", "Summit"]


def test_what_replaces_an_instrument_is_not_told_while_it_is_hidden(dialogue):
    old = instrument(dialogue, "old", adopted="2011")
    instrument(make_dialogue(), "secret", adopted="2012", replaces=old)
    (one,) = on(dialogue, "2020-01-01").in_force
    assert one.replaced_by is None
    assert changed(dialogue, "2011-12-31", "2020-01-01") == []


def test_number_of_queries_does_not_grow_with_the_rows(dialogue):
    def count():
        with CaptureQueriesContext(connection) as queries:
            facts = facts_of(dialogue, AnonymousUser())
            standing_on(facts, day("2018-01-01"))
            lines = lines_of(facts, day("2018-01-01"))
            drawing_of(lines, day("2018-01-01"), day("2026-01-01"))
            between(facts, day("2010-01-01"), day("2018-01-01"))
            turning_days(facts)
        return len(queries)

    def fill(n):
        country, meeting = make_country(), dialogue.meetings.create(title=f"Meeting {n}", start="2017")
        dialogue.chair_terms.create(country=country, start=str(2000 + n), end=str(2000 + n))
        dialogue.participations.create(country=country, start=str(2000 + n), end=str(2000 + n))
        dialogue.mandates.create(title=f"Mandate {n}", start="2016")
        dialogue.trainings.create(title=f"Course {n}", start="2016")
        one = instrument(dialogue, f"plan-{n}", adopted="2016", adopted_at=meeting)
        instrument(dialogue, f"next-{n}", adopted="2020", replaces=one)
        domain = one.domains.create(title=f"Domain {n}")
        domain.reference_countries.create(country=country)
        domain.priorities.create(text="A priority")
        dialogue.activities.create(title=f"Act {n}", domain=domain, meeting=meeting, date="2017").countries.add(country)

    fill(1)
    few = count()
    for n in range(2, 12):
        fill(n)
    assert count() == few
    assert few <= 19


def test_difference_names_chairs_roles_instruments_mandates_leads_and_meetings(dialogue):
    georgia, serbia = make_country("GE", "Georgia"), make_country("RS", "Serbia")
    dialogue.chair_terms.create(country=serbia, start="2016", end="2016")
    dialogue.participations.create(country=georgia, role=OBSERVER, start="2010", end="2015")
    dialogue.participations.create(country=georgia, role=PARTICIPANT, start="2016")
    dialogue.participations.create(country=serbia, start="2016", end="2017")
    old = instrument(dialogue, "old", adopted="2011", end="2017")
    new = instrument(dialogue, "new", adopted="2016", replaces=old)
    new.domains.create(title="Asylum").reference_countries.create(country=serbia, start="2016")
    dialogue.mandates.create(title="Mandate", start="2016", end="2021")
    dialogue.meetings.create(title="Ministers meet", start="2016-09-19", end="2016-09-20")
    dialogue.meetings.create(title="Too late", start="2018-01-02")
    dialogue.meetings.create(title="Undated")
    dialogue.activities.create(title="A webinar", date="2017")
    assert changed(dialogue, "2015-01-01", "2018-01-01") == [
        ("chairs", "Serbia: chair from then on", True),
        ("chairs", "Serbia: no longer chair", True),
        ("participants", "Georgia: Participating state, before Observer", True),
        ("participants", "Serbia: joins, Participating state", True),
        ("participants", "Serbia: leaves, Participating state", True),
        ("instruments", "New: adopted", True),
        ("instruments", "Old: replaced by New", True),
        ("instruments", "Old: expires", True),
        ("mandates", "Mandate: begins", True),
        ("leads", "Serbia, “Asylum”: reference country from then on", True),
        ("meetings", "Ministers meet", True),
        ("activities", "A webinar", True),
    ]


def test_difference_of_days_without_a_change_is_empty(dialogue):
    dialogue.chair_terms.create(country=make_country(), start="2016", end="2018")
    dialogue.participations.create(country=make_country())
    assert changed(dialogue, "2017-01-01", "2017-12-31") == []
    assert changed(dialogue, "2017-06-01", "2017-06-01") == []


@pytest.mark.parametrize(
    "since, until, found",
    [
        ("2016-06-19", "2016-06-20", [True]),  # the day itself belongs to what changed until then
        ("2016-06-20", "2016-06-21", []),  # and not to what changed after it
        ("2016-06-18", "2016-06-19", []),
    ],
)
def test_day_of_a_change_is_counted_once(dialogue, since, until, found):
    instrument(dialogue, "plan", adopted="2016-06-20")
    assert [certain for _topic, _text, certain in changed(dialogue, since, until)] == found


@pytest.mark.parametrize(
    "since, until, found",
    [
        ("2016-06-30", "2018-01-01", [False]),
        ("2014-01-01", "2016-06-30", [False]),
        ("2015-12-31", "2016-12-31", [True]),
    ],
)
def test_change_of_which_only_the_year_is_known_may_lie_outside(dialogue, since, until, found):
    instrument(dialogue, "plan", adopted="2016")
    assert [certain for _topic, _text, certain in changed(dialogue, since, until)] == found


def test_last_day_of_a_term_is_no_change_and_the_next_day_is(dialogue):
    dialogue.chair_terms.create(country=make_country("NL", "Netherlands"), start="2021", end="2021")
    assert changed(dialogue, "2021-06-30", "2021-12-31") == []
    assert changed(dialogue, "2021-12-31", "2022-01-01") == [("chairs", "Netherlands: no longer chair", True)]


def test_same_role_that_goes_on_under_two_rows_is_no_change(dialogue):
    georgia = make_country("GE", "Georgia")
    dialogue.participations.create(country=georgia, start="2010", end="2015", note="as guest of the chair")
    dialogue.participations.create(country=georgia, start="2016")
    assert changed(dialogue, "2011-01-01", "2020-01-01") == []


def test_gap_between_two_rows_is_leaving_and_joining(dialogue):
    georgia = make_country("GE", "Georgia")
    dialogue.participations.create(country=georgia, start="2010", end="2012")
    dialogue.participations.create(country=georgia, start="2016")
    assert [text for _topic, text, _certain in changed(dialogue, "2011-01-01", "2020-01-01")] == [
        "Georgia: leaves, Participating state",
        "Georgia: joins, Participating state",
    ]


def test_turning_days_lead_to_the_state_after_each_change(dialogue):
    dialogue.chair_terms.create(country=make_country(), start="2021", end="2021")
    dialogue.mandates.create(title="Mandate", start="2016", end="2021-06")
    dialogue.meetings.create(title="A meeting", start="2019")
    dates = turning_days(facts_of(dialogue, AnonymousUser()))
    assert [str(date) for date in dates] == ["2022-01-01", "2021", "2021-07-01", "2016"]


def test_turning_day_after_the_last_year_there_is_breaks_nothing(dialogue):
    dialogue.mandates.create(title="For ever", start="2016", end="2200")
    assert [str(date) for date in turning_days(facts_of(dialogue, AnonymousUser()))] == ["2016"]
