"""What is remembered of the hits of a saved search: all of them, and the pages of those that changed last."""

import pytest

from portal.search import passages
from portal.staff import watching
from tests.factories import make_project
from tests.portal.staff.test_saved import news, save


@pytest.fixture
def two_watched(monkeypatch):
    monkeypatch.setattr(watching, "MOST_WATCHED", 2)


def correct(record, library):
    record.title += " (corrected)"
    record.save()
    library.catch_up()


def test_corrected_title_beyond_the_most_watched_is_no_news(desk, shelf, library, two_watched):
    saved = save(desk)
    saved.refresh_from_db()
    assert len(saved.memory) == 3, "all are known"
    assert sum("unseen" in known for known in saved.memory.values()) == 1
    for record in (shelf["guide"], shelf["note"], shelf["project"]):
        correct(record, library)
        assert news(desk, saved) == []


def test_new_hit_is_news_also_where_there_are_more_than_are_watched(desk, shelf, library, two_watched):
    saved = save(desk)
    library.add("Lighthouse architecture")
    assert news(desk, saved) == ["Lighthouse architecture"]
    assert news(desk, saved) == ["Lighthouse architecture"], "when the index stands still"


def test_page_is_news_once_the_record_has_been_looked_at(desk, shelf, library, two_watched):
    saved = save(desk)
    correct(shelf["guide"], library)
    assert news(desk, saved) == []
    library.attach(shelf["guide"], "Le phare, the lighthouse.", language="fr")
    assert [title.split(" (")[0] for title in news(desk, saved)] == ["Guide for keepers"]


def test_pages_of_the_rest_are_not_looked_at(desk, library, two_watched, monkeypatch):
    looked_at, pages_of = [], watching.pages_of
    for n in range(4):
        make_project(title=f"Lighthouse {n}", published=True)
    library.catch_up()
    monkeypatch.setattr(watching, "pages_of", lambda put, hit: looked_at.append(hit.pk) or pages_of(put, hit))
    save(desk)
    assert len(looked_at) == 2


@pytest.mark.parametrize("query", ["q=lighthouse", "q=lighthouse+NOT+harbour", "q=keeper+lighthouse"])
def test_pages_are_those_whose_passages_are_shown(desk, shelf, query):
    saved = save(desk, query)
    saved.refresh_from_db()
    shown = watching.search(saved).passages("publication", shelf["guide"].pk, limit=200)
    expected = sorted(f"{one.page.language}:{one.number}" for one in shown)
    assert saved.memory[f"publication:{shelf['guide'].pk}"]["pages"].split() == expected
    assert expected


def test_nothing_is_marked_to_learn_the_numbers_of_pages(desk, shelf, monkeypatch):
    monkeypatch.setattr(passages, "passage", lambda *args: pytest.fail("no text is shown"))
    saved = save(desk)
    saved.refresh_from_db()
    assert saved.memory[f"publication:{shelf['guide'].pk}"]["pages"] == "en:2 en:3"
