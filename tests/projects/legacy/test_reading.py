"""What holds for every page, whatever it says: nothing is lost, nothing is invented, nothing breaks."""

import json
import os
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.imports.entries import Unreadable
from projects.legacy import words as words_module
from projects.legacy.page import MOST_CHARACTERS, from_file, from_text
from projects.legacy.reading import read
from projects.legacy.vocabulary import Phrase, shipped
from projects.legacy.words import Words
from tests.pdfs import make_pdf
from tests.projects.legacy import layouts
from tests.projects.legacy.ground import make_ground

pytestmark = pytest.mark.one_database

GROUND, PHRASES = make_ground(), shipped()

snippets = st.sampled_from(
    [phrase.words for phrase in PHRASES[::7]]
    + [
        "Donor: ",
        "Duration: ",
        "Country:",
        "\n",
        "\n\n",
        "\n\n\n",
        "\t",
        "• ",
        "1. ",
        " – ",
        "(ABC)",
        "2016",
        "March 2017",
    ]
    + [
        "Albania",
        "Kosovo*",
        "European Commission",
        "EUR 1.2 million",
        "60%",
        "https://example.org/x",
        "**",
        "| a | b |",
    ]
    + [
        "Call for experts",
        "More information here",
        "\u202e",
        "\x00",
        "é",
        "\u0301",
        "المانح: ",
        "ﬁ",
        "İ",
        "²",
        "½",
        "🙂",
    ]
)
pages = st.lists(st.one_of(snippets, st.text(max_size=12)), max_size=60).map("".join)
often = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def page_of(text, name=""):
    return from_text(text, name), read(from_text(text, name), PHRASES, GROUND)


@often
@given(pages)
def test_words_stand_where_a_piece_says_and_values_are_json(text):
    page, reading = page_of(text)
    for proposal in reading.proposals:
        for piece in proposal.pieces:
            assert proposal.span.start <= piece.start < piece.end <= proposal.span.end
            assert page.text[piece.start : piece.end] == piece.words
            assert json.loads(json.dumps(piece.value)) == piece.value
            assert 0 <= piece.confidence <= 1


@often
@given(pages)
def test_all_that_is_written_is_placed_or_kept(text):
    page, reading = page_of(text)
    covered = bytearray(len(page.text))
    for proposal in reading.proposals:
        for start, end in [*((p.start, p.end) for p in proposal.pieces), *proposal.unplaced, *proposal.signs]:
            covered[start:end] = b"\x01" * (end - start)
    for start, end in reading.unplaced:
        assert not any(covered[start:end])  # what belongs to no project is in none
        covered[start:end] = b"\x01" * (end - start)
    assert not [
        sign for sign, is_covered in zip(page.text, covered, strict=True) if not is_covered and not sign.isspace()
    ]


@often
@given(pages)
def test_projects_do_not_overlap_and_their_keys_differ(text):
    reading = page_of(text)[1]
    spans = [proposal.span for proposal in reading.proposals]
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert len({proposal.key for proposal in reading.proposals}) == len(spans)


@often
@given(pages)
def test_page_read_again_says_the_same(text):
    assert page_of(text)[1] == page_of(text)[1]


def test_signs_hold_labels_and_what_says_nothing():
    page, reading = page_of(layouts.plain())
    said = {page.text[start:end] for proposal in reading.proposals for start, end in proposal.signs}
    labels = {"Objective:", "Summary:", "Donors:", "Implementing agency:", "Duration:", "Countries:"}
    assert said == labels | {"–", ",", ";", "and the"}


def test_phrases_are_data_and_not_code():
    text = "Safe Harbours (SAHARA)\n\nQapla: European Commission\n\nWann: 2016–2018"
    assert page_of(text)[1].proposals == []
    more = [*PHRASES, Phrase("Qapla", "tlh", "donor", True), Phrase("Wann", "de", "period", True)]
    (proposal,) = read(from_text(text), more, GROUND).proposals
    assert (proposal.value("roles")["organisation"], proposal.value("end")) == (1, "2018")


def test_key_names_the_page_and_the_project():
    text = layouts.plain()
    named = [proposal.key for proposal in page_of(text, "https://old.example/work")[1].proposals]
    assert named[0] == "https://old.example/work#sahara"
    assert [key.split("#")[1] for key in named] == ["sahara", "orchid", "bridge"]
    unnamed = [proposal.key for proposal in page_of(text)[1].proposals]
    assert [key.split("#")[1] for key in unnamed] == ["sahara", "orchid", "bridge"]
    assert unnamed[0].split("#")[0] != page_of(text + ".")[1].proposals[0].key.split("#")[0]


def test_page_called_current_is_told_from_projects_that_have_ended():
    text, _facts = layouts.traps()
    remarks = [proposal.remarks for proposal in page_of(text)[1].proposals]
    assert all("by its dates this one ended" in one[0] for one in remarks)
    assert not page_of(text.replace("Current projects", "Projects"))[1].proposals[0].remarks


def test_what_is_no_project_stays_with_the_page():
    text, _facts = layouts.traps()
    page, reading = page_of(text)
    kept = [page.text[start:end] for start, end in reading.unplaced]
    assert kept[0] == "Current projects"
    assert kept[1].startswith("Further Work of the House")
    assert "FRUIT II" in kept[2]


def test_misprint_of_the_acronym_is_proposed_as_such():
    text = layouts.plain((layouts.HARBOUR,)).replace("Twelve ports", "SAHRAA asks twelve ports; ICARUS does")
    (proposal,) = page_of(text)[1].proposals
    assert [(row["name"], row["kind"]) for row in proposal.values("other_names")] == [("SAHRAA", "misprint")]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Switzerland (State Secretariat for Coastal Affairs)", 5),
        ("State Secretariat for Coastal Affairs, Switzerland", 5),
        ("Swiss Agency for Development & Cooperation", 4),
        ("the European Commission", 1),
        ("ADA", 3),
        ("Delegation of the European Commission to Albania", None),
        ("Commission européenne", 1),
        ("Coastal Office of Austria (ADA)", 3),
    ],
)
def test_organisation_is_found_by_its_names(written, expected):
    (proposal,) = page_of(f"Safe Harbours (SAHARA)\n\nDonor: {written}\n\nDuration: 2016–2018")[1].proposals
    assert proposal.value("roles")["organisation"] == expected
    assert expected or proposal.value("roles")["new"] == written


def test_support_is_told_from_the_part_of_the_others():
    text = "Safe Harbours (SAHARA)\n\nImplementing Agency: Institute of Coastal Studies with the support of ADA and " \
           "local guides and pilots\n\nDuration: 2016–2018"  # fmt: skip
    (proposal,) = page_of(text)[1].proposals
    assert [(row["organisation"], row["note"]) for row in proposal.values("roles")] == [(6, ""), (3, "in support")]
    assert proposal.values("other_partners") == ["local guides", "pilots"]


def test_mark_of_a_territory_belongs_to_its_words():
    (proposal,) = page_of("Harbours (SAHARA)\n\nDonor: ADA\n\nCountries: Kosovo*, Serbia and Côte d'Ivoire")[
        1
    ].proposals
    places = [(piece.value, piece.words) for piece in proposal.pieces if piece.field == "countries"]
    assert places == [
        ({"country": "XK"}, "Kosovo*"),
        ({"country": "RS"}, "Serbia"),
        ({"country": "CI"}, "Côte d'Ivoire"),
    ]


def test_file_is_told_by_its_content():
    assert "Bonjour à tous" in from_file("Bonjour à tous".encode("cp1252")).text
    assert from_file(make_pdf("Donor: ADA")).text == "Donor: ADA"
    for broken in (b"PK\x03\x04nothing", b"%PDF-1.4 nothing"):
        with pytest.raises(Unreadable):
            from_file(broken)


def test_page_that_is_too_long_is_refused():
    with pytest.raises(Unreadable, match="too long"):
        from_text("x" * (MOST_CHARACTERS + 1))
    with pytest.raises(Unreadable, match="too long"):
        from_file(b"x" * (MOST_CHARACTERS + 1))


HOSTILE = {
    "labels": "Donor: ADA\n",
    "titles": "A Title (ABC)\n\n",
    "brackets": "(((((",
    "words without end": "Donor",
    "dates": "2016 – ",
    "months": "March ",
    "one field": "ADA, ",
    "bars": "|",
    "numbers": "1.1",
    "and": "and ",
    "calls": "Call for experts\n",
    "entries": "Title of It (ABC)\nDonor: ADA\nDuration: 2016–2018\nCountry: Albania\n\n\n",
    "sums": "EUR 1,000,000 ",
    "links": "https://a.example/b ",
    "prose": "Funded by the Fund of Funds from March 2016 to May 2017 and ",
}


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE)
def test_work_grows_with_the_length_and_not_faster(unit, monkeypatch):
    """Counted in looks at tokens and characters, which no clock disturbs."""
    looks = 0

    def counted(self, start, end):
        nonlocal looks
        found = within(self, start, end)
        looks += 1 + len(found)
        return found

    within = Words.within
    monkeypatch.setattr(words_module.Words, "within", counted)

    def work(size):
        nonlocal looks
        looks = 0
        page_of("Some Title of It (XYZ)\n\nDonor: ADA\n\nSummary: " + unit * (size // len(unit)))
        return looks

    small, large = work(4_000), work(40_000)
    assert large <= 14 * small + 1_000


needs_page = pytest.mark.skipif(
    not os.environ.get("PORTAL_LEGACY_PAGE"), reason="PORTAL_LEGACY_PAGE does not say where the real page lies"
)


@pytest.fixture
def sample_ground(db):
    from django.core.management import call_command

    from projects.legacy.ground import Ground

    call_command("load_sample", verbosity=0, stdout=open(os.devnull, "w"))  # noqa: SIM115
    return Ground.load()


@needs_page
def test_real_page_gives_its_four_projects(sample_ground):
    """Every stated fact, against the sample's own record of each project."""
    from portal.models import Organisation
    from projects.legacy.recognising import recognise
    from projects.models import Project

    page = from_text(Path(os.environ["PORTAL_LEGACY_PAGE"]).read_text(encoding="utf-8"))
    reading = read(page, PHRASES, sample_ground)
    slugs = ["mimak", "link-up-serbia", "sessiz-destek", "adept"]
    assert len(reading.proposals) == 4
    slug_of = dict(Organisation.objects.values_list("pk", "slug"))
    for slug, proposal in zip(slugs, reading.proposals, strict=True):
        project = Project.objects.get(slug=slug)
        assert (proposal.title, proposal.value("acronym")) == (project.title, project.acronym)
        assert (proposal.value("start"), proposal.value("end")) == (str(project.start), str(project.end))
        assert {row["country"] for row in proposal.values("countries")} == {one.iso2 for one in project.countries.all()}
        groups = {row["country_group"] for row in proposal.values("country_groups")}
        assert groups == {one.slug for one in project.country_groups.all()}
        roles = {(row["role"], slug_of[row["organisation"]]) for row in proposal.values("roles")}
        stated = project.roles.exclude(role="beneficiary")
        assert roles == {(role.role, role.organisation.slug) for role in stated}
        assert {row["title"] for row in proposal.values("calls")} == {call.title for call in project.calls.all()}
        assert [row["url"] for row in proposal.values("links")] == [link.url for link in project.links.all()]
        assert {(row["name"], row["kind"]) for row in proposal.values("other_names")} == {
            (name.name, name.kind) for name in project.other_names.all()
        }
        assert len(proposal.value("objective")) > 150
        assert len(proposal.value("summary")) > 300
        assert recognise(proposal)[0].project == project
        assert any("by its dates this one ended" in remark for remark in proposal.remarks)
    assert not re.search(r"\wwill", reading.proposals[3].value("objective"))
    assert any("MIEUX II" in " ".join(page.text[start:end].split()) for start, end in reading.unplaced)
    assert read(page, PHRASES, sample_ground) == reading


@pytest.mark.parametrize("written", ["Albania, The Ukraine", "Albania, the Ukraine", "Albania and The Ukraine"])
def test_article_before_a_country_is_no_country(written):
    page = from_text(f"Safe Routes\nCountry: {written}\nDonor: European Commission\n")
    [proposal] = read(page, PHRASES, GROUND).proposals
    assert proposal.values("countries") == [{"country": "AL"}, {"country": "UA"}]
