"""Lists of literature as publications: drafts with their origin, recognised again, and what a person is asked."""

import json

import pytest

from portal.imports import likeness
from portal.languages import CODES
from portal.models import Import, Origin, Version
from publications.bibliographies import reading
from publications.models import Publication, PublicationType
from tests.factories import make_country, make_organisation, make_publication, make_theme, publish

BIB = """
@techreport{{kovac2019,
  author = {{Kova{{\\v{{c}}}}, Ana and {{Example Institute}}}}, title = {{{title}}}, year = {{2019}}, month = oct,
  institution = {{Example Institute}}, doi = {{10.12345/abc.7}}, keywords = {{return, Serbia, unheard of}},
  abstract = {{It counts.}}, language = {{english}}, pages = {{1--40}}
}}
"""
TITLE = "Return and Readmission"


def bib(title=TITLE, **more):
    return BIB.format(title=title) + "".join(more.values())


@pytest.fixture
def ground(report):
    return make_organisation(name="Example Institute"), make_theme(name="Return"), make_country()


def test_entry_becomes_a_draft_with_what_it_says(bring, carry, ground, editor):
    institute, theme, country = ground
    imported = bring("bibtex", bib(), "ours.bib")
    assert not Publication.objects.exists()
    assert carry(imported) == {"create": 1, "update": 0}
    publication = Publication.objects.get()
    assert (publication.title, str(publication.date), publication.status) == (TITLE, "2019-10", "draft")
    assert [str(row) for row in publication.contributors.all()] == ["Ana Kovač", "Example Institute"]
    assert (publication.publisher, publication.type.slug, publication.language) == (institute, "report", "en")
    assert [row.value for row in publication.identifiers.all()] == ["10.12345/abc.7"]
    assert (list(publication.themes.all()), list(publication.countries.all())) == ([theme], [country])
    origin = Origin.objects.about(publication).get()
    assert (origin.scheme, origin.source, origin.key) == ("reference", "", "doi:10.12345/abc.7")
    assert origin.unplaced == [{"field": "pages", "words": "1–40"}, {"field": "keyword", "words": "unheard of"}]


def test_second_reading_in_whatever_format_changes_nothing(bring, carry, ground, actions):
    carry(bring("bibtex", bib(), "ours.bib"))
    versions = Version.objects.count()
    again = bring("bibtex", bib(), "renamed.bib")
    assert actions(again) == ["skip"]
    item = {
        "type": "report",
        "title": TITLE,
        "DOI": "10.12345/ABC.7",
        "issued": {"date-parts": [[2019, 10]]},
        "language": "en",
    }
    assert actions(bring("csl-json", json.dumps([item]), "zotero.json")) == ["skip"]
    ris = f"TY  - RPRT\nTI  - {TITLE}\nDO  - https://doi.org/10.12345/abc.7\nDA  - 2019/10//\nLA  - eng\nER  - \n"
    assert actions(bring("ris", ris)) == ["skip"]
    assert Version.objects.count() == versions


def test_list_that_changed_changes_only_that_and_leaves_what_an_editor_wrote(bring, carry, ground, actions):
    carry(bring("bibtex", bib()))
    publication = Publication.objects.get()
    publication.abstract_en = "An editor's own words."
    publication.save()
    publication.contributors.first().delete()
    again = bring("bibtex", bib("Return and Reintegration"))
    assert actions(again) == ["update"]
    carry(again)
    publication.refresh_from_db()
    assert (publication.title, publication.abstract) == ("Return and Reintegration", "An editor's own words.")
    assert publication.contributors.count() == 1


def test_published_one_gets_a_draft(bring, carry, ground):
    carry(bring("bibtex", bib()))
    publish(Publication.objects.get())
    again = bring("bibtex", bib("Return and Reintegration"))
    assert again.targets.get().as_draft
    carry(again)
    assert Publication.objects.get().title == TITLE


def test_publication_with_the_same_doi_is_filled_and_not_overwritten(bring, carry, ground, actions):
    own = make_publication(title="Own title", abstract="Own words.")
    own.identifiers.create(scheme="doi", value="10.12345/abc.7")
    imported = bring("bibtex", bib())
    assert actions(imported) == ["update"]
    assert imported.targets.get().likely["records"][0]["why"] == "DOI 10.12345/abc.7"
    carry(imported)
    own.refresh_from_db()
    assert (own.title, own.abstract, str(own.date)) == ("Own title", "Own words.", "2019-10")
    assert own.contributors.count() == 2
    assert own.identifiers.count() == 1
    assert actions(bring("bibtex", bib())) == ["skip"]


def test_same_title_and_year_is_a_question(bring, carry, ground, actions, replan):
    own = make_publication(title="Return and readmission", date="2019")
    make_publication(title="Return and readmission", date="2011")
    imported = bring("bibtex", bib())
    assert actions(imported) == ["conflict"]
    records = imported.targets.get().likely["records"]
    assert records == [{"pk": str(own.pk), "why": "Same title, 2019"}]
    likeness.choose(imported.targets.get(), likeness.NEW)
    replan(imported)
    carry(imported)
    assert actions(bring("bibtex", bib())) == ["skip"]


def test_names_are_proposed_and_nothing_is_created_silently(bring, carry, db, actions, create_names, administrator):
    text = bib(more="\n@book{b, title={Second}, series={Yellow Series}, publisher={Aldus}}")
    imported = bring("bibtex", text)
    told = {(one["model"], one["name"]) for one in imported.names.values()}
    assert told == {
        ("publications.publicationtype", "Report"),
        ("publications.publicationtype", "Book"),
        ("portal.organisation", "Example Institute"),
        ("portal.organisation", "Aldus"),
        ("publications.series", "Yellow Series"),
    }
    assert actions(imported) == ["refuse", "refuse"]
    assert "Choose first what this stands for: “Report”" in imported.targets.first().refusal
    create_names(imported, administrator)
    assert actions(imported) == ["create", "create"]
    carry(imported)
    assert Publication.objects.get(title_en="Second").series.title == "Yellow Series"
    assert PublicationType.objects.get(name="Book").csl_type == "book"


def test_body_that_stands_for_nothing_is_left_out(bring, carry, report):
    carry(bring("bibtex", bib()))
    publication = Publication.objects.get()
    assert publication.publisher is None
    assert [str(row) for row in publication.contributors.all()] == ["Ana Kovač"]


def test_broken_entry_in_the_middle_stands_against_it_until_somebody_agrees(bring, carry, ground, actions):
    text = "@misc{a, title={One}}\n@misc{b, title={Two\n@techreport{c, title={Three}}\n" + bib()
    imported = bring("bibtex", text)
    problems = [line.problems for line in imported.lines.all()]
    assert "line 2" in problems[1][0]["message"]
    assert [bool(one) for one in problems] == [False, True, False, False]
    assert carry(imported, leave_out=True)["create"] == 2
    assert {"Three", TITLE} == {one.title for one in Publication.objects.all()}


def test_two_entries_with_one_doi_or_one_isbn_or_one_title(bring, ground, actions):
    text = bib() + bib("Another").replace("kovac2019", "other")
    assert actions(bring("bibtex", text)) == ["create", "refuse"]
    isbn = "@techreport{a, title={A}, isbn={3161484100}}\n@techreport{b, title={B}, isbn={316148410X}}\n@techreport{c, title={C}, isbn={3-16-148410-X}}"
    imported = bring("bibtex", isbn)
    assert actions(imported) == ["create", "create", "refuse"]
    assert "entry at 2" in imported.lines.last().problems[0]["message"]
    assert "last digit" in imported.targets.first().remarks[0]
    titles = bring("bibtex", "@techreport{a, title={A}, year=2019}\n@techreport{b, title={a}, year=2019}")
    assert "same title and year" in titles.targets.last().remarks[0]


def test_chapters_of_one_book_may_name_its_isbn(bring, db):
    text = "".join(f"@incollection{{c{n}, title={{Chapter {n}}}, isbn={{316148410X}}}}\n" for n in range(2))
    imported = bring("bibtex", text)
    assert not any(line.problems for line in imported.lines.all())
    assert {"field": "isbn", "words": "316148410X"} in imported.targets.first().unplaced


def test_numbers_that_an_export_gives_out_anew_recognise_nothing(bring, carry, report, actions):
    ris = "TY  - RPRT\nID  - 1\nTI  - {}\nPY  - 2019\nER  - \n"
    carry(bring("ris", ris.format("First")))
    assert actions(bring("ris", ris.format("Second"))) == ["create"]
    assert actions(bring("ris", ris.format("First"))) == ["skip"]


def test_key_of_one_list_is_not_that_of_another(bring, carry, report, actions):
    text = "@techreport{smith, title={%s}}"
    carry(bring("bibtex", text % "First", "one.bib"))
    assert actions(bring("bibtex", text % "Second", "two.bib")) == ["create"]
    assert actions(bring("bibtex", text % "First, revised", "one.bib")) == ["update"]
    assert actions(bring("bibtex", text % "First, revised", "copy.bib", source="one.bib")) == ["update"]


def test_title_stands_in_its_own_language(bring, carry, report):
    carry(
        bring(
            "bibtex",
            "@techreport{a, title={Retour volontaire}, language={French}}\n@techreport{b, title={Rückkehr}, language={ger}}",
        )
    )
    french, german = Publication.objects.order_by("pk")
    assert (french.title_fr, french.language) == ("Retour volontaire", "fr")
    assert (german.title_en, german.language) == ("Rückkehr", "de")
    assert {"fr", "en"} <= set(CODES)


def test_language_nobody_states_is_not_invented(bring, carry, report):
    carry(bring("bibtex", "@techreport{a, title={A}}"))
    assert Publication.objects.get().language == ""


@pytest.mark.parametrize(("field", "value", "message"), [
    ("title", "word " * 40_000, "It has 199999 characters; a title has at most 400."),
    ("abstract", "word " * 40_000, "It has 199999 characters; at most 20000 can be brought in."),
])  # fmt: skip
def test_field_that_is_too_long_is_named(bring, report, field, value, message):
    fields = {"title": "A"} | {field: value}
    text = ", ".join(f"{name} = {{{told}}}" for name, told in fields.items())
    imported = bring("bibtex", f"@techreport{{a, {text}}}\n@techreport{{b, title={{B}}}}")
    (problem,) = imported.lines.first().problems
    assert problem["message"].startswith(message)
    assert (problem["field"], len(problem["value"])) == (field, 80)
    assert imported.lines.last().action == "create"


@pytest.mark.parametrize(("reader", "content", "message"), [
    ("bibtex", b"@misc{a, title={B\xe9n\xe9fices}}", "Line 1 holds bytes that cannot be read as UTF-8"),
    ("bibtex", b"@misc{a,\n title={A\0}}", "line 2 holds a NUL"),
    ("bibtex", b"PK\x03\x04 a spreadsheet", "no entry of BibTeX"),
    ("ris", b"author,title\nA,B", "no entry of RIS"),
    ("csl-json", b"[]", "The list is empty"),
    ("csl-json", b"{", "no JSON"),
])  # fmt: skip
def test_file_that_cannot_be_read_says_why(bring, db, reader, content, message):
    imported = bring(reader, content)
    assert imported.state == Import.State.FAILED
    assert message in imported.problem


def test_other_encoding_is_chosen(bring, report):
    imported = bring("bibtex", "@techreport{a, title={Bénéfices}}".encode("cp1252"), encoding="cp1252")
    assert imported.targets.get().label == "Bénéfices"
    assert bring("bibtex", "@techreport{a, title={Доклад}}".encode("utf-16")).targets.get().label == "Доклад"


def test_strange_signs_and_keys_are_stored(bring, carry, report):
    item = {"type": "report", "title": "A\u0000B\ud800 \u0007C", "id": "k" * 5000, "note": "\u0000"}
    imported = bring("csl-json", json.dumps([item]), "n" * 900)
    carry(imported)
    assert Publication.objects.get().title == "AB C"
    assert Origin.objects.get().key.startswith("sha256:")


def test_editor_pastes_a_list(client, editor, ground):
    client.force_login(editor)
    assert "BibTeX" in client.get("/admin/portal/import/add/").content.decode()
    sent = client.post("/admin/portal/import/add/?reader=bibtex", {"text": bib(), "source": "Ours"})
    page = client.get(sent.url).content.decode()
    assert TITLE in page
    assert "Create: 1" in page
    assert "2 pieces have no place here" in page
    assert "unheard of" in page
    client.post(sent.url, {"_carry_out": "1"})
    assert Publication.objects.get().title == TITLE


def test_ten_thousand_entries_are_read_in_few_queries(report, django_assert_max_num_queries):
    from portal.imports.entries import Names
    from publications.bibliographies import bibtex
    from publications.bibliographies.bibtex_fields import reference_of
    from publications.bibliographies.entries import entries_of

    text = "".join(
        f"@techreport{{k{n}, title={{Title {n}}}, doi={{10.12345/{n}}}, author={{A, B and C, D}}}}\n"
        for n in range(10_000)
    )
    with django_assert_max_num_queries(60):
        entries = entries_of([reference_of(raw) for raw in bibtex.read(text)], Names(), "list")
    assert len({entry.key for entry in entries}) == 10_000
    assert entries[-1].lines[0].number == 10_000


def test_crowd_of_authors_is_cut_and_told(bring, ground):
    names = " and ".join(f"Author{n}, Ana" for n in range(3000))
    target = bring("bibtex", f"@techreport{{a, title = {{A}}, author = {{{names}}}}}").targets.get()
    assert len(target.said["rows"]["contributors"]) == 500
    assert "It names 3000 people" in target.remarks[0]
    assert "Ana Author2999" in target.unplaced[0]["words"]


def test_type_that_is_not_known_is_asked_for_once(ground, django_assert_max_num_queries):
    items = [{"type": "map", "title": f"Map {n}"} for n in range(100)]
    imported = Import(reader="csl-json", file=json.dumps(items).encode())
    with django_assert_max_num_queries(30):
        assert len(reading.read_csl(imported).names.known) == 1
