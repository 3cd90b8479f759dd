"""What nobody types: control characters and texts without end, in a search that is to be saved."""

import pytest

from portal.models import SavedSearch
from tests.portal.staff.test_saved import ATOM, feed_of, save


@pytest.mark.parametrize("query", ["q=%00lighthouse&plain=1", "q=light%01house&plain=1", "q=lighthouse%0A%07"])
def test_control_characters_are_never_saved(desk, shelf, query):
    saved = save(desk, query)
    assert saved.text.isprintable()
    assert feed_of(desk, saved).findtext("a:subtitle", None, ATOM).endswith(saved.text)


@pytest.mark.parametrize("name", ["kind", "country", "theme", "without", "sort", "from"])
def test_control_characters_in_a_filter_are_an_error_or_nothing(desk, shelf, name):
    save(desk, f"q=lighthouse&{name}=a%00b&{name}=%00")
    assert all(one.filters.isprintable() for one in SavedSearch.objects.all())


def test_what_is_too_long_is_refused_also_as_plain_words(desk, shelf):
    response = desk.post("/staff/saved/", {"query": f"q={'lamp ' * 200}&plain=1", "name": "Long"}, follow=True)
    assert "at most 512 characters" in response.content.decode()
    assert not SavedSearch.objects.exists()
    assert desk.get(f"/staff/search/?q={'lamp ' * 200}&plain=1").status_code == 400


def test_feed_holds_what_was_saved_when_nobody_cleaned_it(desk, client, shelf, colleague):
    saved = SavedSearch.objects.create(
        owner=colleague, name="Li\x01ghts", text="light\x0bhouse \ufffe", filters="plain=1"
    )
    feed = feed_of(client, saved)
    assert feed.findtext("a:title", None, ATOM) == "Lights"
    assert feed.findtext("a:subtitle", None, ATOM).endswith("lighthouse ")
