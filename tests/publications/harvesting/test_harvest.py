"""A repository harvested into drafts: what is new, what changed, what was withdrawn there, and only that the next time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.models import Draft, Import, Origin, Version
from portal.safe_xml import parse
from publications.harvesting import reading
from publications.harvesting.client import Record
from publications.harvesting.dublin_core import reference_of
from publications.models import Publication
from tests.factories import make_country, make_organisation, make_publication, make_theme, publish
from tests.publications.harvesting.conftest import ANSWERED, dc, record

FIRST = {
    "title": ["Ports of Arrival", "Ports d’arrivée"],
    "creator": ["Nguyen, An", "Example Institute"],
    "subject": ["Return", "unheard of"],
    "description": "<p>It counts &amp; compares.</p>",
    "publisher": "Example Institute",
    "date": "2021-05",
    "type": ["Text", "info:eu-repo/semantics/report"],
    "identifier": ["https://doi.org/10.12345/Ports", "urn:isbn:978-3-16-148410-0", "http://example.org/items/1"],
    "language": "eng",
    "coverage": "Serbia",
    "rights": "https://creativecommons.org/licenses/by-nc/4.0/",
    "relation": "series 1",
}


def first(**more):
    return record("oai:x:1", **(FIRST | more))


@pytest.fixture
def ground(report):
    return make_organisation(name="Example Institute"), make_theme(name="Return"), make_country()


def test_records_become_drafts_with_their_origin(repository, bring, carry, ground):
    institute, theme, country = ground
    repository.pages = [[first(), record("oai:x:2", title="Second", type="Report")]]
    imported = bring()
    assert "Arrivals: 2 records" in imported.remarks[0]
    assert carry(imported)["create"] == 2
    publication = Publication.objects.get(title_en="Ports of Arrival")
    assert (str(publication.date), publication.language, publication.licence) == ("2021-05", "en", "CC-BY-NC-4.0")
    assert (publication.abstract, publication.publisher) == ("It counts & compares.", institute)
    assert [str(row) for row in publication.contributors.all()] == ["An Nguyen", "Example Institute"]
    assert {row.value for row in publication.identifiers.all()} == {"10.12345/ports", "9783161484100"}
    assert (list(publication.themes.all()), list(publication.countries.all())) == ([theme], [country])
    origin = Origin.objects.about(publication).get()
    assert (origin.scheme, origin.source, origin.key) == ("oai", repository.url, "oai:x:1")
    left = [(one["field"], one["words"]) for one in origin.unplaced]
    assert ("title", "Ports d’arrivée") in left
    assert ("identifier", "http://example.org/items/1") in left
    assert ("keyword", "unheard of") in left


def test_second_harvest_asks_for_changes_only_and_changes_nothing(repository, bring, carry, ground, actions):
    repository.pages = [[first()]]
    carry(bring())
    versions = Version.objects.count()
    again = bring()
    assert again.options["since"] == ANSWERED
    assert repository.asked[-1]["from"] == ANSWERED
    assert actions(again) == ["skip"]
    carry(again)
    assert Version.objects.count() == versions
    bring(all="1")
    assert "from" not in repository.asked[-1]
    assert bring(since="2020-01-01").options["since"] == "2020-01-01"


def test_next_harvest_begins_anew_where_the_last_was_cut_or_left_something_out(
    repository, bring, carry, ground, monkeypatch
):
    monkeypatch.setattr(reading, "limits", reading.Limits(pages=1))
    repository.pages = [[first()], [record("oai:x:2", title="Second", type="Report")]]
    cut = bring()
    assert any("Not all of it was read" in one for one in cut.remarks)
    carry(cut)
    assert reading.last_answer(repository.url) == ""
    monkeypatch.setattr(reading, "limits", reading.Limits())
    carry(bring(), leave_out=True)
    assert reading.last_answer(repository.url) == ""
    carry(bring())
    assert reading.last_answer(repository.url) == ANSWERED
    assert reading.last_answer(repository.url, "other") == ""


def test_record_that_changed_there_changes_only_that(repository, bring, carry, ground, actions):
    repository.pages = [[first()]]
    carry(bring())
    publication = Publication.objects.get()
    publication.abstract_en = "An editor's own words."
    publication.save()
    repository.pages = [[first(date="2021-06")]]
    again = bring()
    assert actions(again) == ["update"]
    carry(again)
    publication.refresh_from_db()
    assert (str(publication.date), publication.abstract) == ("2021-06", "An editor's own words.")


def test_record_that_was_withdrawn_there_stays_here_with_a_note(repository, bring, carry, ground, actions):
    repository.pages = [[first()]]
    carry(bring())
    gone = record("oai:x:1", "2026-02-20T00:00:00Z", deleted=True)
    repository.pages = [[gone, record("oai:x:never", deleted=True)]]
    imported = bring()
    assert actions(imported) == ["update"]
    assert "2 withdrawn, of which 1 are here" in imported.remarks[0]
    carry(imported)
    publication = Publication.objects.get()
    words = f"Withdrawn at {repository.url} on 2026-02-20."
    assert (publication.editors_note, publication.title) == (words, "Ports of Arrival")
    assert Origin.objects.get().remarks == [words]
    assert actions(bring()) == ["skip"]
    publication.editors_note = "Settled by telephone."
    publication.save()
    assert actions(bring()) == ["skip"]
    repository.pages = [[first()]]
    assert actions(bring()) == ["skip"]


def test_live_record_that_was_withdrawn_there_gets_a_draft(repository, bring, carry, ground):
    repository.pages = [[first()]]
    carry(bring())
    publish(Publication.objects.get())
    repository.pages = [[record("oai:x:1", deleted=True)]]
    carry(bring())
    assert Publication.objects.get().editors_note == ""
    assert "Withdrawn at" in Draft.objects.open().get().version.content["fields"]["editors_note"]


def test_record_that_is_here_already_by_its_doi_is_taken_for_it(repository, bring, carry, ground, actions):
    own = make_publication(title="Own title")
    own.identifiers.create(scheme="doi", value="10.12345/ports")
    repository.pages = [[first()]]
    imported = bring()
    assert actions(imported) == ["update"]
    carry(imported)
    assert Publication.objects.get().title == "Own title"


def test_record_that_stands_twice_in_a_list_holds_as_it_was_told_last(repository, bring, ground, actions):
    repository.pages = [[first()], [first(title="Later")]]
    imported = bring()
    assert actions(imported) == ["create"]
    assert imported.targets.get().label == "Later"


def test_tokens_without_end_are_followed_so_far_and_no_further(repository, bring, ground, monkeypatch):
    monkeypatch.setattr(reading, "limits", reading.Limits(pages=20))
    repository.pages = [[record("oai:x:1", title="A", type="Report")]] * 500
    imported = bring()
    assert len(repository.asked) == 21
    assert any("more than 20 pages" in one for one in imported.remarks)
    assert not imported.options["is_complete"]


def test_record_without_an_identifier_is_told(repository, bring, ground, actions):
    repository.pages = [[record("", title="A", type="Report"), record("oai:x:2", title="B", type="Report")]]
    imported = bring()
    assert actions(imported) == ["create"]
    assert any("1 record has no identifier" in one for one in imported.remarks)


def test_many_withdrawn_records_cost_no_more_queries(repository, bring, carry, ground, django_assert_max_num_queries):
    repository.pages = [[record(f"oai:x:{n}", title=f"Title {n}", type="Report") for n in range(30)]]
    carry(bring())
    repository.pages = [[record(f"oai:x:{n}", deleted=True) for n in range(30)]]
    waiting = Import.objects.create(reader="oai", by=Import.objects.get().by, options={"url": repository.url})
    with django_assert_max_num_queries(40):
        assert len(reading.read(waiting).entries) == 30


def test_nothing_new_is_told(repository, bring, db):
    imported = bring(since="2026-01-01")
    assert imported.state == Import.State.READ
    assert "0 records" in imported.remarks[0]
    assert "since 2026-01-01" in imported.remarks[1]


def test_failure_is_told_on_the_import(repository, bring, db):
    repository.script = [(404, {}, b"")]
    imported = bring()
    assert (imported.state, "status 404" in imported.problem) == (Import.State.FAILED, True)


def test_editor_begins_a_harvest_on_the_page(client, editor, repository, within_reach, ground):
    repository.pages = [[first()]]
    client.force_login(editor)
    assert "base URL" in client.get("/admin/portal/import/add/?reader=oai").content.decode()
    wrong = client.post("/admin/portal/import/add/?reader=oai", {"url": repository.url, "since": "yesterday"})
    assert "Write a day as" in wrong.content.decode()
    sent = client.post("/admin/portal/import/add/?reader=oai", {"url": repository.url})
    page = client.get(sent.url).content.decode()
    assert "Ports of Arrival" in page
    assert "Create: 1" in page


def test_address_of_the_house_is_refused_on_the_page(client, editor, repository):
    client.force_login(editor)
    sent = client.post("/admin/portal/import/add/?reader=oai", {"url": repository.url})
    assert "none that may be asked" in client.get(sent.url).content.decode()
    assert not repository.asked


def test_types_are_told_from_words_about_review():
    said = parse(dc(title="A", type=["NonPeerReviewed", "info:eu-repo/semantics/bookPart", "odd"]).encode())
    found = reference_of(1, Record("a", "", False, said[0]))
    assert found.kind == "chapter"
    assert found.unplaced == [{"field": "type", "words": "odd"}]


NAMES = (
    "title",
    "creator",
    "subject",
    "description",
    "publisher",
    "date",
    "type",
    "identifier",
    "language",
    "coverage",
    "rights",
    "source",
)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(NAMES), st.lists(st.text(alphabet=st.sampled_from("a1/:-;,.<>& éу10"), max_size=40), max_size=3)
    )
)
def test_nothing_that_a_repository_says_breaks_it(said):
    metadata = parse(dc(**said).encode())[0]
    assert reference_of(7, Record("a", "", False, metadata)).number == 7
