"""Names that the portal does not know, on the page: found among all records of their kind, or created where they can."""

import re

import pytest

from portal.admin.imports import names
from portal.imports import keeping
from portal.imports.entries import NEW, Entry, Found, Line, Names
from portal.models import Country, Import, Organisation, OrganisationName
from projects.models import Project
from publications.models import Series
from tests.factories import make_country, make_organisation

ONE = f"{NEW}1"


@pytest.fixture
def asks(client):
    """An import of somebody's that is read and asks what these names stand for; and its address."""

    def do(by, *asked, model=Organisation, state="read"):
        known = Names()
        for name in asked:
            known.new(model, name)
        imported = Import.objects.create(reader="test", by=by)
        keeping.keep(imported, Found([Entry(Project, {}, [Line(1)], "One")], known))
        Import.objects.filter(pk=imported.pk).update(state=state)
        client.force_login(by)
        return imported, f"/admin/portal/import/{imported.pk}/change/"

    return do


def chosen(imported, key=ONE):
    imported.refresh_from_db()
    return imported.names[key]["pk"]


def offered(page):
    return re.findall(r'<option value="(\d+)">', page)


@pytest.mark.parametrize("name", ["Sweden International Development Agency", "Swedisch Developmnt Agency", "SIDA"])
def test_records_called_much_like_it_are_offered(asks, client, editor, name):
    sida = make_organisation("Swedish International Development Agency", acronym="SIDA")
    make_organisation("Ministry of Fisheries")
    _imported, url = asks(editor, name)
    assert offered(client.get(url).content.decode()) == [str(sida.pk)]


def test_other_names_are_compared_and_merged_records_are_not_offered(asks, client, editor):
    kept, gone = make_organisation("Fund of the Tides"), make_organisation("Harbour Trust")
    OrganisationName.objects.create(organisation=kept, name="Harbour Board")
    Organisation.objects.filter(pk=gone.pk).update(merged_into=kept)
    _imported, url = asks(editor, "Harbour Boards")
    assert offered(client.get(url).content.decode()) == [str(kept.pk)]


@pytest.mark.django_db
def test_likest_names_come_first():
    for name in ("Ministry of Trade of Chad", "Ministry of Foreign Affairs of Chad", "Ministry of Trade of Mali"):
        make_organisation(name)
    best = names.Called(Organisation).like("Ministry for Foreign Affairs, Chad")
    assert Organisation.objects.get(pk=best[0]).name == "Ministry of Foreign Affairs of Chad"


def test_any_record_of_the_kind_can_be_searched_for(asks, client, editor):
    other = make_organisation("Quite Another")
    imported, url = asks(editor, "Fund of the Tides")
    page = client.get(url).content.decode()
    search = re.search(rf'<select name="search-{ONE}"[^>]*>', page)[0]
    assert 'aria-label="Search all organisations for “Fund of the Tides”"' in search
    told = {name: re.search(rf'data-{name}="([^"]*)"', search)[1] for name in ("app-label", "model-name", "field-name")}
    asked = {name.replace("-", "_"): value for name, value in told.items()} | {"term": "quite"}
    assert client.get("/admin/autocomplete/", asked).json()["results"] == [{"id": str(other.pk), "text": str(other)}]
    client.post(url, {"_names": "1", f"name-{ONE}": "", f"search-{ONE}": str(other.pk)})
    assert chosen(imported) == other.pk


@pytest.mark.parametrize("written", ["Swedish Development Agency", "sida", "SWEDISH  development agency", "sida-se"])
def test_without_scripts_a_name_an_acronym_or_a_code_is_written_out(asks, client, editor, written):
    sida = make_organisation("Swedish Development Agency", acronym="SIDA", slug="sida-se")
    imported, url = asks(editor, "Sweden Aid")
    assert f'<input type="text" name="text-{ONE}"' in client.get(url).content.decode()
    client.post(url, {"_names": "1", f"name-{ONE}": "", f"text-{ONE}": written})
    assert chosen(imported) == sida.pk


def test_country_is_written_by_its_code(asks, client, editor):
    make_country("NE", "Niger")
    make_country("NG", "Nigeria")
    imported, url = asks(editor, "Republic of the Niger", model=Country)
    client.post(url, {"_names": "1", f"name-{ONE}": "", f"text-{ONE}": "ne"})
    assert chosen(imported) == Country.objects.get(iso2="NE").pk


def test_what_is_written_and_is_nobody_or_two_is_told(asks, client, editor):
    make_organisation("Harbour Trust", slug="one")
    make_organisation("Harbour Trust", slug="two")
    imported, url = asks(editor, "Trust of the Harbour")
    page = client.post(url, {"_names": "1", f"name-{ONE}": "", f"text-{ONE}": "Nobody"}, follow=True).content.decode()
    assert "there is no organisation “Nobody”" in page
    sent = {"_names": "1", f"name-{ONE}": "", f"text-{ONE}": "harbour trust"}
    assert "there is more than one organisation" in client.post(url, sent, follow=True).content.decode()
    assert chosen(imported) is None


def test_country_cannot_be_created_from_a_name_and_the_page_says_what_it_needs(asks, client, editor, administrator):
    for person, way in ((editor, "Ask an administrator to add it."), (administrator, "/admin/portal/country/add/")):
        imported, url = asks(person, "Ruritania", model=Country)
        page = client.get(url).content.decode()
        assert 'value="create"' not in page
        assert "a name is not enough to create one, it needs ISO code, three-letter code." in page
        assert way in page
        page = client.post(url, {"_names": "1", f"name-{ONE}": "create"}, follow=True).content.decode()
        assert not Country.objects.exists()
        assert "This field" not in page
        assert chosen(imported) is None


def test_many_names_stand_on_pages_and_those_of_others_keep_what_was_chosen(asks, client, editor):
    one, two = make_organisation("First"), make_organisation("Second")
    imported, url = asks(editor, *(f"Name {n}" for n in range(names.PER_PAGE + 5)))
    last = f"{NEW}{names.PER_PAGE + 5}"
    page = client.get(url).content.decode()
    assert f'name="name-{ONE}"' in page
    assert f'name="name-{last}"' not in page
    client.post(url, {"_names": "1", f"name-{ONE}": str(one.pk)})
    assert 'href="?names=2#names"' in page
    assert f'name="name-{last}"' in client.get(f"{url}?names=2").content.decode()
    client.post(f"{url}?names=2", {"_names": "1", f"name-{last}": str(two.pk)})
    assert (chosen(imported), chosen(imported, last)) == (one.pk, two.pk)


@pytest.mark.parametrize("state", ["done", "discarded"])
def test_names_of_an_import_that_is_over_are_those_for_which_something_was_chosen(asks, client, editor, state):
    known = make_organisation("Switzerland")
    imported, url = asks(editor, "Swiss", "Suedia", state=state)
    assert "did not know" not in client.get(url).content.decode()
    imported.names[ONE]["pk"] = known.pk
    Import.objects.filter(pk=imported.pk).update(names=imported.names)
    page = client.get(url).content.decode()
    assert "Names the portal did not know" in page
    assert f'<a href="/admin/portal/organisation/{known.pk}/change/">' in page
    assert "Suedia" not in page


def test_who_only_looks_is_offered_nothing(asks, client, editor, reviewer):
    make_organisation("Swiss Fund")
    _imported, url = asks(editor, "Swiss")
    client.force_login(reviewer)
    page = client.get(url).content.decode()
    assert "Swiss" in page
    assert offered(page) == []
    assert "search-" not in page


def test_page_of_names_costs_no_more_queries_with_more_of_them(asks, client, editor, django_assert_max_num_queries):
    for n in range(30):
        make_organisation(f"Institute {n}")
    counts = []
    for most in (2, 40):
        _imported, url = asks(editor, *(f"Institute of {n}" for n in range(most)))
        client.get(url)
        with django_assert_max_num_queries(100) as told:
            client.get(url)
        counts.append(len(told))
    assert counts[0] == counts[1]


def test_kind_that_has_titles_is_compared_by_them(asks, client, editor):
    series = Series.objects.create(title="Migration Papers", slug="papers")
    _imported, url = asks(editor, "Migrations Paper", model=Series)
    assert offered(client.get(url).content.decode()) == [str(series.pk)]


def test_wrong_choice_takes_nothing_from_the_others(asks, client, editor):
    sida = make_organisation("Swedish Agency", acronym="SIDA")
    imported, url = asks(editor, "Swedisch Agency", "Nobody at all")
    sent = {"_names": "1", f"name-{NEW}1": str(sida.pk), f"name-{NEW}2": "", f"text-{NEW}2": "Nobody either"}
    page = client.post(url, sent, follow=True).content.decode()
    assert "“Nobody at all”: there is no organisation “Nobody either”." in page
    assert chosen(imported) == sida.pk
    assert chosen(imported, f"{NEW}2") is None
