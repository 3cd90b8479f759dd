"""A page read again finds what was made of it; names of the database are known, new ones never made."""

import pytest

from portal.models import Country, CountryName, OrganisationName
from projects.legacy.ground import Ground
from projects.legacy.page import from_text
from projects.legacy.reading import read
from projects.legacy.recognising import recognise
from projects.legacy.vocabulary import shipped
from projects.models import Project, ProjectName
from tests.factories import make_country, make_organisation, make_project
from tests.projects.legacy import layouts

pytestmark = pytest.mark.django_db


def proposals():
    return read(from_text(layouts.plain()), shipped(), Ground.load()).proposals


def test_second_run_recognises_what_the_first_one_made():
    made = [make_project(title=one.title, acronym=one.value("acronym")) for one in proposals()]
    assert [recognise(one)[0].project for one in proposals()] == made
    assert recognise(proposals()[0])[0].reason == "it has the same title"


def test_project_is_recognised_by_another_name_and_the_reason_is_told():
    project = make_project(title="Something else")
    ProjectName.objects.create(project=project, name="sahara")
    (likeness,) = recognise(proposals()[0])
    assert (likeness.project, likeness.reason) == (project, "it is also called sahara")


def test_same_acronym_with_another_title_is_less_sure():
    make_project(title="Dunes and Winds", acronym="SAHARA")
    (likeness,) = recognise(proposals()[0])
    assert likeness.confidence == 0.7


def test_title_that_changed_a_little_is_recognised():
    project = make_project(title="Safer Harbours for Seafarers on the Adriatic")
    (likeness,) = recognise(proposals()[0])
    assert likeness.project == project
    assert "60 per cent of the words" in likeness.reason


def test_stranger_is_not_recognised():
    make_project(title="Orchards of the moon")
    assert recognise(proposals()[0]) == []


def test_recognising_costs_the_same_for_many_projects(django_assert_num_queries):
    for n in range(5):
        make_project(title=f"Safe Harbours for Seafarers {n}")
    proposal = proposals()[0]
    with django_assert_num_queries(3):
        assert len(recognise(proposal)) == 5


def test_names_of_the_database_are_known_by_all_their_forms():
    country = make_country("TR", "Türkiye", name_fr="Turquie")
    CountryName.objects.create(country=country, name="Turkey", kind="former")
    donor = make_organisation("Fund of the Tides", acronym="FT")
    old = make_organisation("Fund of the Waves")
    OrganisationName.objects.create(organisation=donor, name="Tidal Fund")
    type(old).objects.filter(pk=old.pk).update(merged_into=donor)
    text = "Harbours (SAHARA)\n\nDonor: {}\n\nCountries: {}\n\nDuration: 2016–2018"
    for name, place in (("Tidal Fund", "Turkey"), ("FT", "Turquie"), ("Fund of the Waves", "TR")):
        (proposal,) = read(from_text(text.format(name, place)), shipped(), Ground.load()).proposals
        assert proposal.value("roles")["organisation"] == donor.pk
        assert proposal.value("countries") == {"country": "TR"}


def test_new_names_are_proposed_and_never_made():
    text, _facts = layouts.strangers()
    (proposal,) = read(from_text(text), shipped(), Ground.load()).proposals
    assert {"new": "Ruritania"} in proposal.values("countries")
    assert not Country.objects.exists()
    assert not Project.objects.exists()
