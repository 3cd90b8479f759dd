"""The page of a dialogue on any date: what it shows, says and refuses, for visitors, in previews and for staff."""

import re

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dialogues.asked import read
from dialogues.models import Instrument
from portal.models import TerritorialNote
from portal.versions import sharing
from tests.factories import make_country, make_dialogue
from tests.portal.test_hostile_input import STRINGS

ADDRESS = "/dialogues/open-process/"


@pytest.fixture
def dialogue(db):
    dialogue = make_dialogue(title="Open Process", slug="open-process", start="2009", published=True)
    dialogue.chair_terms.create(country=make_country("CZ", "Czechia"), start="2021", end="2021")
    dialogue.mandates.create(title="First mandate", start="2010", end="2016")
    dialogue.mandates.create(title="Second mandate", start="2016", end="2021")
    dialogue.participations.create(country=make_country("GE", "Georgia"), role="observer", start="2010", end="2016")
    dialogue.participations.create(country=make_country("TD", "Chad"))
    plan = Instrument.objects.create(slug="plan", title="The plan", kind="action-plan", adopted="2016-09-20")
    plan.dialogues.add(dialogue)
    domain = plan.domains.create(title="Asylum")
    domain.reference_countries.create(country=make_country("CH", "Switzerland"), start="2018", end="2019")
    dialogue.meetings.create(title="Ministers meet", start="2022-10-24", end="2022-10-25", place="Prague")
    dialogue.activities.create(title="A webinar", date="2021", domain=domain)
    return dialogue


def text_of(page):
    body = page[page.index("<main") : page.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split()).replace(" ,", ",")


def look(client, query=""):
    response = client.get(ADDRESS + query)
    assert response.status_code == 200, query
    return response.content.decode()


def section(text, start, end):
    return text[text.index(start) : text.index(end, text.index(start))]


def test_whole_page_moves_to_the_day(client, dialogue):
    then, later = text_of(look(client, "?on=2018-06-30")), text_of(look(client, "?on=2022-12-31"))
    assert "On 30 June 2018 Chair Not stated for this day" in then
    assert "Mandate Second mandate, 2016 – 2021 Earlier mandates First mandate" in then
    assert "In force on 30 June 2018 (1)" in then
    assert "No longer on this day Georgia Observer, 2010 – 2016" in then
    assert (
        "Asylum Switzerland, 2018 – 2019 the sources do not say on which day it began A webinar 2021, To come" in then
    )
    assert "To come 24–25 October 2022 Prague" in then
    assert "Mandate Second" not in later
    assert "Past 24–25 October 2022 Prague" in later
    assert "not stated formerly Switzerland, 2018 – 2019" in later


def test_page_without_a_day_is_that_of_today(client, dialogue):
    today = look(client)
    dated = look(client, f"?on={timezone.localdate().isoformat()}")
    assert "You see the dialogue" not in today
    assert "Past 24–25 October 2022" in text_of(today)
    for part in ("Who takes part", "Activities", "Meetings"):
        assert section(text_of(today), part, "Cite this page") == section(text_of(dated), part, "Cite this page")


def test_unknown_years_are_never_silent(client, dialogue):
    for query in ("", "?on=1950", "?on=2018"):
        assert "Chad the sources leave the years open" in text_of(look(client, query))


def test_banner_names_the_day_and_leads_back(client, dialogue):
    page = look(client, "?on=2021-06-30")
    assert "<strong>as it stood on 30 June 2021</strong>" in page
    assert '<a href=".">Go to today</a>' in page
    assert "stands for" not in page


@pytest.mark.parametrize(
    "on, said",
    [("2021-06", "30 June 2021 stands for June 2021"), ("2020", "31 December 2020 stands for 2020"),
     ("2021-41", "31 December 2021 stands for second half of 2021")],
)  # fmt: skip
def test_month_or_year_says_which_day_stands_for_it(client, dialogue, on, said):
    assert said in text_of(look(client, f"?on={on}"))


def test_present_year_is_shown_as_of_today(client, dialogue):
    today = timezone.localdate()
    assert read(QueryDict(f"on={today.year}")).day == today
    assert read(QueryDict(f"on={today:%Y-%m}")).day == today


def test_day_before_the_dialogue_began_is_explained(client, dialogue):
    assert "The dialogue began only later: 2009." in text_of(look(client, "?on=2008-12-31"))
    assert "began only later" not in look(client, "?on=2009-01-01")
    dialogue.start = None
    dialogue.save()
    assert "is dated before 1 January 2010" in text_of(look(client, "?on=2008-12-31"))


def test_day_to_come_says_that_it_is(client, dialogue):
    assert "This day is still to come" in look(client, "?on=2200-12-31")
    assert "This day is still to come" not in look(client, "?on=2021-06-30")


def test_dated_page_is_its_own_canonical_and_is_kept_out_of_search_engines(client, dialogue):
    page = look(client, "?on=2021-06&since=2015&utm_source=x")
    assert '<meta name="robots" content="noindex">' in page
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{ADDRESS}?on=2021-06&amp;since=2015">' in page
    assert f'hreflang="ar" href="http://127.0.0.1:8000/ar{ADDRESS}?on=2021-06&amp;since=2015"' in page
    assert f"{ADDRESS}?on=2021-06&amp;since=2015</bdi>, seen" in page
    assert "<title>Open Process on 30 June 2021" in page
    assert "noindex" not in look(client)
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{ADDRESS}">' in look(client)


def test_dates_on_which_something_changed_are_linked(client, dialogue):
    page = look(client, "?on=2021")
    found = re.findall(r'<a href="\?on=([\d-]+)" rel="nofollow"( aria-current="page")?>', page)
    assert [date for date, _here in found] == [
        "2022-01-01", "2021", "2020-01-01", "2018", "2017-01-01", "2016", "2016-09-20", "2010", "2009",
    ]  # fmt: skip
    assert [date for date, here in found if here] == ["2021"]
    for date, _here in found:
        look(client, f"?on={date}")


def test_timeline_is_drawn_with_the_day_and_is_a_table(client, dialogue):
    page = look(client, "?on=2021-06-30")
    drawing = page[page.index("<svg") : page.index("</svg>")]
    for text in (
        "Czechia",
        "Second mandate",
        "The plan",
        "Switzerland, “Asylum”",
        "Meetings",
        "Joined or left",
        "30 June 2021",
    ):
        assert text in drawing, text
    table = text_of("<main" + section(page, "What lasted and what happened", "</table>") + "</main>")
    for line in (
        "Czechia Chairs 2021 holds",
        "First mandate Mandates 2010 – 2016 is over",
        "The plan Instruments since 20 September 2016 the sources leave the years open",
        "Georgia, Observer Participants 2010 – 2016 is over",
        "Ministers meet Meetings and trainings 24–25 October 2022 to come",
    ):
        assert line in table, line


def test_what_changed_is_told_in_words_under_its_kind(client, dialogue):
    text = section(text_of(look(client, "?on=2018-01-01&since=2015-01-01")), "What changed", "Chair and instruments")
    for words in (
        "What changed after 1 January 2015 and up to 1 January 2018",
        "Participants (1) Georgia: leaves, Observer after 2016",
        "Instruments (1) The plan: adopted 20 September 2016",
        "Mandates (2) Second mandate: begins 2016 First mandate: ends after 2016",
        "Reference countries (1) Switzerland, “Asylum”: reference country from then on 2018; the sources do not say",
    ):
        assert words in text, words


def test_nothing_changed_says_so(client, dialogue):
    assert "Nothing changed that the portal knows." in look(client, "?on=2014-06-01&since=2014-01-01")


def test_comparison_without_a_day_runs_to_today(client, dialogue):
    text = text_of(look(client, "?since=2022-01-01"))
    assert "Ministers meet 24–25 October 2022" in text
    assert "Czechia: no longer chair" not in section(text, "What changed", "Chair and instruments")


@pytest.mark.parametrize(
    "query, why",
    [
        ("on=0000", "from 1900 to 2200"), ("on=1899-12-31", "from 1900 to 2200"), ("on=9999-99-99", "from 1900 to 2200"),
        ("on=2201", "from 1900 to 2200"), ("on=2021-02-30", "This is no day"), ("on=2021-13", "This is no day"),
        ("on=yesterday", "This is no day"), ("on=-2021", "This is no day"), ("on=20210630", "This is no day"),
        ("on=٢٠٢١", "This is no day"), ("on=" + "2" * 10_000, "This is no day"), ("since=nonsense", "This is no day"),
        ("on=2021&on=2022", "several days"), ("since=2021&on=2020", "lies after the day that is shown"),
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused_with_a_sentence_and_a_way_back(client, dialogue, query, why):
    response = client.get(f"{ADDRESS}?{query}")
    page = response.content.decode()
    assert response.status_code == 400
    assert why in page
    assert 'name="on"' in page
    assert '<p><a href=".">Open Process</a></p>' in page


def test_no_value_breaks_the_page(client, dialogue):
    for value in STRINGS:
        for name in ("on", "since", "on[]", "ON"):
            assert client.get(ADDRESS, {name: value}).status_code in {200, 400}, (name, value[:40])
    assert client.get(f"{ADDRESS}?on=2021%00").status_code == 400
    assert client.get(f"{ADDRESS}?on=&since=").status_code == 200
    assert client.get("/dialogues/nothing-here/?on=x").status_code == 404


@pytest.mark.parametrize("on", ["1900", "1900-01-01", "2200", "2200-12-31"])
def test_first_and_last_days_there_are_can_be_shown_and_compared(client, dialogue, on):
    dialogue.mandates.create(title="For ever", start="1900", end="2200")
    look(client, f"?on={on}&since=1900")


def test_names_of_a_territory_carry_the_mark_on_any_date(client, dialogue):
    note = TerritorialNote.objects.create(slug="kosovo", mark="*", text="Under resolution 1244.")
    note.terms.create(term="Kosovo")
    kosovo = make_country("XK", "Kosovo", territorial_note=note)
    dialogue.chair_terms.create(country=kosovo, start="2019", end="2019")
    dialogue.participations.create(country=kosovo, start="2012")
    dialogue.meetings.create(title="In Kosovo", start="2019", place="Kosovo")
    dialogue.activities.create(title="Kosovo at work", date="2019")
    plan = Instrument.objects.get(slug="plan")
    plan.domains.create(title="Return to Kosovo").reference_countries.create(country=kosovo, start="2019")
    for query in ("", "?on=2019-06-30&since=2010", "?on=2011", "?on=2022"):
        page = look(client, query)
        assert not re.search(r"Kosovo(?!\*)", re.sub(r"<a [^>]*>\*</a>", "*", text_of(page)).replace(" *", "*")), query
        assert page.count("Under resolution 1244.") == 1


def test_page_takes_the_same_queries_on_every_day_and_for_more_rows(client, dialogue):
    def count(query):
        with CaptureQueriesContext(connection) as queries:
            look(client, query)
        return len(queries)

    count("")  # what is kept for the next time
    few = count("?on=2018-06-30&since=2010")
    assert count("?on=2022") == few
    for n in range(8):
        dialogue.chair_terms.create(
            country=make_country(f"A{chr(65 + n)}", f"State {n}"), start=str(1990 + n), end=str(1990 + n)
        )
        dialogue.participations.create(country=make_country(f"A{chr(65 + n)}"), start=str(1990 + n))
        dialogue.meetings.create(title=f"Meeting {n}", start="2017")
        dialogue.activities.create(title=f"Act {n}", date="2017").countries.add(make_country(f"A{chr(65 + n)}"))
    assert count("?on=2018-06-30&since=2010") == few


def test_preview_in_the_admin_moves_to_a_day_too_with_the_draft_in_place(client, editor, dialogue):
    client.force_login(editor)
    address = reverse("admin:dialogues_dialogue_preview", args=[dialogue.pk])
    dated = client.get(address, {"on": "2018-06-30"}).content.decode()
    assert "Preview" in dated
    assert "<strong>as it stood on 30 June 2018</strong>" in dated
    assert client.get(address, {"on": "nonsense"}).status_code == 400


def test_preview_that_is_shared_offers_no_day(client, editor, db):
    _link, token = sharing.share(make_dialogue(title="Open Process"), by=editor)
    page = client.get(reverse("shared-preview", args=[token]), {"on": "2018"}).content.decode()
    assert "Open Process" in page
    assert 'name="on"' not in page
    assert "as it stood on" not in page


def test_dialogue_that_is_not_public_is_seen_on_a_day_by_staff_only(client, editor, db):
    make_dialogue(title="Secret", slug="secret").mandates.create(title="Mandate", start="2016", end="2018")
    assert client.get("/dialogues/secret/?on=2017").status_code == 404
    client.force_login(editor)
    response = client.get("/dialogues/secret/?on=2017")
    assert "Mandate, 2016 – 2018" in response.content.decode()
    assert response["Cache-Control"] == "private, no-store"
