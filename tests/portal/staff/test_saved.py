"""Saved searches: keeping them, what is new in them, and the feed of each."""

import datetime
import xml.etree.ElementTree as ET

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal import roles
from portal.models import SavedSearch
from portal.models.desk import MOST_SEARCHES
from tests.factories import make_project, make_publication, make_theme, publisher
from tests.people import make_person

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def save(desk, query="q=lighthouse", **fields):
    response = desk.post("/staff/saved/", {"query": query, "name": "Lights", **fields})
    assert response.status_code == 302
    return SavedSearch.objects.order_by("-pk").first()


def news(desk, saved):
    response = desk.get(f"/staff/saved/{saved.pk}/")
    assert response.status_code == 200
    return [str(result.record) for result in response.context["news"]]


def feed_of(client, saved):
    response = client.get(f"/staff/feeds/{saved.token}.atom")
    assert response.status_code == 200
    return ET.fromstring(response.content)  # noqa: S314 (our own)


def test_search_is_saved_with_its_filters(desk, shelf, colleague):
    saved = save(desk, "q=lighthouse&kind=publication&from=2020&page=4&evil=1", alert="weekly")
    assert (saved.owner, saved.name, saved.text, saved.alert) == (colleague, "Lights", "lighthouse", "weekly")
    assert saved.filters == "kind=publication&from=2020"
    assert (
        "/staff/search/?q=lighthouse&amp;kind=publication&amp;from=2020"
        in desk.get(f"/staff/saved/{saved.pk}/").content.decode()
    )


def test_hits_of_the_moment_of_saving_are_no_news(desk, shelf):
    assert news(desk, save(desk)) == []


def test_new_hit_is_news_until_its_owner_has_seen_it(desk, shelf, library):
    saved = save(desk)
    library.add("Lighthouse architecture")
    assert news(desk, saved) == ["Lighthouse architecture"]
    assert "1 new" in desk.get("/staff/").content.decode()
    assert news(desk, saved) == ["Lighthouse architecture"], "looking at the page takes nothing away"
    desk.post(f"/staff/saved/{saved.pk}/looked/")
    assert news(desk, saved) == []
    assert "1 new" not in desk.get("/staff/").content.decode()


def test_what_came_after_the_page_was_made_is_still_news(desk, shelf, library):
    saved = save(desk)
    library.add("Lighthouse architecture")
    checked = desk.get(f"/staff/saved/{saved.pk}/").context["checked"]
    library.add("Lighthouse lamps")
    desk.get("/staff/")
    desk.post(f"/staff/saved/{saved.pk}/looked/", {"checked": checked})
    assert news(desk, saved) == ["Lighthouse lamps"]


@pytest.mark.parametrize("checked", ["", "never", "2999-01-01T00:00:00+00:00", "2026-01-01T00:00:00", "\0"])
def test_moment_that_cannot_be_is_now(desk, shelf, library, checked):
    saved = save(desk)
    library.add("Lighthouse architecture")
    news(desk, saved)
    assert desk.post(f"/staff/saved/{saved.pk}/looked/", {"checked": checked}).status_code == 302
    assert news(desk, saved) == []
    library.add("Lighthouse lamps")
    assert news(desk, saved) == ["Lighthouse lamps"]


def test_record_that_changed_and_matches_as_before_is_no_news(desk, shelf, library):
    saved = save(desk)
    shelf["guide"].abstract = "Another abstract."
    shelf["guide"].save()
    library.catch_up()
    assert news(desk, saved) == []


def test_page_that_did_not_match_before_is_news(desk, shelf, library):
    saved = save(desk)
    library.attach(shelf["guide"], "Le phare.", "Again the lighthouse, on a new page.", language="fr")
    assert news(desk, saved) == ["Guide for keepers"]
    saved.refresh_from_db()
    assert saved.memory[f"publication:{shelf['guide'].pk}"]["new"] == "fr:2"


def test_record_that_went_and_came_back_is_no_news(desk, shelf, library):
    saved = save(desk)
    project = shelf["project"]
    project.withdraw(by=publisher(), reason="By mistake.")
    library.catch_up()
    assert news(desk, saved) == []
    project.reopen(by=publisher())
    project.publish(by=publisher())
    library.catch_up()
    assert news(desk, saved) == []


def test_new_record_that_is_withdrawn_again_is_no_news(desk, shelf, library):
    saved = save(desk)
    late = library.add("Lighthouse architecture")
    assert news(desk, saved) == ["Lighthouse architecture"]
    late.withdraw(by=publisher(), reason="By mistake.")
    assert news(desk, saved) == []
    assert "1 new" not in desk.get("/staff/").content.decode(), "before the index has heard of it"
    library.catch_up()
    assert "1 new" not in desk.get("/staff/").content.decode()


def test_search_whose_filter_is_gone_is_not_widened(desk, shelf, library):
    theme = make_theme(slug="lamps")
    saved = save(desk, "q=lighthouse&theme=lamps")
    theme.delete()
    library.add("Lighthouse architecture")
    page = desk.get(f"/staff/saved/{saved.pk}/").content.decode()
    assert "can no longer be put" in page
    assert news(desk, saved) == []
    assert desk.get("/staff/").status_code == 200


@pytest.mark.parametrize(
    "query, fields",
    [
        ("q=", {}),
        ("", {}),
        ("q=lighthouse+(", {}),
        ("q=lighthouse&kind=nothing", {}),
        ("q=lighthouse", {"alert": "hourly"}),
        ("q=lighthouse", {"name": "x" * 121}),
        ("q=" + "x" * 600, {}),
        ("q=lighthouse", {"name": "\u202e\u200b"}),
    ],
)
def test_search_that_cannot_be_kept_is_refused_with_words(desk, shelf, query, fields):
    response = desk.post("/staff/saved/", {"query": query, "name": "Lights", **fields}, follow=True)
    assert not SavedSearch.objects.exists()
    assert 'role="alert"' in response.content.decode()


def test_one_person_keeps_so_many_and_no_more(desk, shelf, colleague):
    SavedSearch.objects.bulk_create(
        SavedSearch(owner=colleague, name=str(n), text="lamp") for n in range(MOST_SEARCHES)
    )
    desk.post("/staff/saved/", {"query": "q=lighthouse", "name": "One more"})
    assert SavedSearch.objects.count() == MOST_SEARCHES


def test_name_stays_on_one_line(desk, shelf):
    saved = save(desk, name="Lights\r\nBcc: everybody\u202e")
    assert saved.name == "Lights Bcc: everybody"


def test_search_can_be_renamed_and_deleted(desk, shelf):
    saved = save(desk)
    desk.post(f"/staff/saved/{saved.pk}/change/", {"name": "Lamps", "alert": "daily"})
    saved.refresh_from_db()
    assert (saved.name, saved.alert) == ("Lamps", "daily")
    desk.post(f"/staff/saved/{saved.pk}/change/", {"name": "", "alert": "daily"})
    saved.refresh_from_db()
    assert saved.name == "Lamps"
    desk.post(f"/staff/saved/{saved.pk}/delete/")
    assert not SavedSearch.objects.exists()


def test_news_of_two_lookers_at_once_are_written_once(desk, shelf, library):
    from portal.staff import watching

    saved = save(desk)
    library.add("Lighthouse architecture")
    stale = SavedSearch.objects.get(pk=saved.pk)
    early = datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC)
    watching.refreshed([SavedSearch.objects.get(pk=saved.pk)], early)
    watching.refreshed([stale], early + datetime.timedelta(hours=1))
    saved.refresh_from_db()
    moments = [known["at"] for known in saved.memory.values() if known["at"] >= early.timestamp()]
    assert moments == [early.timestamp()]


def test_number_of_queries_at_the_desk_does_not_grow_with_the_news(desk, shelf, library):
    def queries():
        desk.get("/staff/")
        with CaptureQueriesContext(connection) as captured:
            assert desk.get("/staff/").status_code == 200
        return len(captured)

    for _ in range(3):
        save(desk)
    few = queries()
    for n in range(5):
        library.add(f"Lighthouse {n}", catch_up=False)
    for _ in range(6):
        save(desk, "q=keeper")
    library.catch_up()
    assert "5 new" in desk.get("/staff/").content.decode()
    assert queries() <= few + 3 + 6, "one for the news of each kind, and one of the thesaurus for each search"


# The feed ----------------------------------------------------------------------------------------------------------


def test_feed_says_which_record_and_which_passages_matched(desk, client, shelf, settings):
    settings.SITE_URL = "https://portal.example"
    saved = save(desk)
    client.logout()
    feed = feed_of(client, saved)
    entries = {entry.findtext("a:title", None, ATOM): entry for entry in feed.findall("a:entry", ATOM)}
    assert set(entries) == {"Guide for keepers", "Internal lighthouse note", "Lighthouse twinning"}
    guide = entries["Guide for keepers"]
    assert guide.find("a:link", ATOM).get("href") == "https://portal.example/publications/guide/"
    summary = guide.find("a:summary", ATOM)
    assert summary.get("type") == "html"
    assert "A <mark>lighthouse</mark> needs a keeper" in summary.text
    assert 'href="https://portal.example/publications/guide/en/2/"' in summary.text
    assert "title or description" in entries["Lighthouse twinning"].findtext("a:summary", None, ATOM)


def test_feed_has_what_the_standard_asks_for(desk, client, shelf):
    saved = save(desk)
    client.logout()
    feed = feed_of(client, saved)
    assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
    for element in (feed, *feed.findall("a:entry", ATOM)):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"a:{name}", ATOM)) == 1
        assert datetime.datetime.fromisoformat(element.findtext("a:updated", None, ATOM)).tzinfo
    assert feed.find("a:author/a:name", ATOM).text
    assert feed.find("a:link[@rel='self']", ATOM).get("href").endswith(f"{saved.token}.atom")
    ids = [entry.findtext("a:id", None, ATOM) for entry in feed.findall("a:entry", ATOM)]
    assert len(ids) == len(set(ids)) == 3
    assert all(one.startswith("tag:") for one in ids)


def test_feed_reads_the_same_when_nothing_happened(desk, client, shelf):
    saved = save(desk)
    client.logout()
    address = f"/staff/feeds/{saved.token}.atom"
    with time_machine.travel("2031-01-01", tick=False):
        first = client.get(address).content
    with time_machine.travel("2031-02-01", tick=False):
        assert client.get(address).content == first


def test_new_hit_comes_first_in_the_feed(desk, client, shelf, library):
    saved = save(desk)
    library.add("Lighthouse architecture")
    client.logout()
    titles = [e.findtext("a:title", None, ATOM) for e in feed_of(client, saved).findall("a:entry", ATOM)]
    assert titles[0] == "Lighthouse architecture"
    assert len(titles) == 4


def test_feed_is_kept_nowhere(desk, client, shelf):
    saved = save(desk)
    client.logout()
    response = client.get(f"/staff/feeds/{saved.token}.atom")
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"


def test_renewed_address_ends_the_old_one(desk, client, shelf):
    saved = save(desk)
    old = saved.token
    desk.post(f"/staff/saved/{saved.pk}/renew/")
    saved.refresh_from_db()
    client.logout()
    assert client.get(f"/staff/feeds/{old}.atom").status_code == 404
    assert client.get(f"/staff/feeds/{saved.token}.atom").status_code == 200
    assert len(saved.token) == 43


def test_feed_ends_with_its_owners_rights(desk, client, shelf, colleague):
    saved = save(desk)
    client.logout()
    colleague.is_active = False
    colleague.save()
    assert client.get(f"/staff/feeds/{saved.token}.atom").status_code == 404
    colleague.is_active = True
    colleague.save()
    colleague.groups.clear()
    assert client.get(f"/staff/feeds/{saved.token}.atom").status_code == 404


def test_feed_shows_no_draft_and_nothing_withdrawn(desk, client, shelf, library):
    saved = save(desk)
    make_publication(title="Lighthouse secret")
    shelf["project"].withdraw(by=publisher(), reason="Over.")
    client.logout()
    titles = [e.findtext("a:title", None, ATOM) for e in feed_of(client, saved).findall("a:entry", ATOM)]
    assert set(titles) == {"Guide for keepers", "Internal lighthouse note"}


def test_feed_holds_whatever_a_title_or_a_page_holds(desk, client, library):
    library.add("Lantern <b>& ]]> \x0c\x01 \ufffe end", "lantern <script>alert(1)</script> &amp; more")
    saved = save(desk, "q=lantern")
    client.logout()
    entry = feed_of(client, saved).find("a:entry", ATOM)
    assert entry.findtext("a:title", None, ATOM).startswith("Lantern <b>& ]]>")
    assert "<script>" not in entry.findtext("a:summary", None, ATOM)


@pytest.mark.parametrize("token", ["x" * 43, "x" * 20, "../../x", "%00" * 20])
def test_guessed_address_is_a_404(client, db, token):
    assert client.get(f"/staff/feeds/{token}.atom").status_code in {400, 404}


def test_feed_is_read_only(desk, client, shelf):
    saved = save(desk)
    assert client.post(f"/staff/feeds/{saved.token}.atom").status_code == 405


def test_other_people_have_their_own(desk, client, shelf):
    save(desk)
    other = make_person("olga", roles.STAFF)
    client.force_login(other)
    assert "Lights" not in client.get("/staff/").content.decode()


def test_project_that_begins_to_match_is_news(desk, shelf, library):
    saved = save(desk)
    quay = make_project(title="Quay", published=True)
    library.catch_up()
    assert news(desk, saved) == []
    quay.objective = "A lighthouse for the quay."
    quay.save()
    library.catch_up()
    assert news(desk, saved) == ["Quay"]
