"""What records lack: the same checks in the form of one record and in the report over all of them."""

import csv
import datetime
import io

import pytest
from django.utils import timezone

from dialogues.models import ChairTerm, Meeting, Participation
from portal import completeness, kinds, roles
from portal.models import Source
from projects.models import Link, Project, ProjectIdentifier, ProjectRole
from publications.models import Contributor, PublicationIdentifier
from tests.factories import (
    make_country,
    make_dialogue,
    make_organisation,
    make_project,
    make_publication,
    make_record,
    make_region,
    make_theme,
)
from tests.people import make_person

ALL_TITLES = {f"title_{code}": "Lights" for code in ("en", "fr", "ar", "ru")}


def lacks(record):
    return {check.name for check in checks_of(record) if getattr(counted(record), completeness.flag(check))}


def checks_of(record):
    return kinds.of(record).completeness


def counted(record):
    return completeness.with_lacks(type(record)._base_manager.filter(pk=record.pk), checks_of(record)).get()


def make_source():
    return Source.objects.get_or_create(slug="report", defaults={"title": "Report"})[0]


@pytest.fixture
def whole(db):
    """A project that lacks nothing."""
    donor = make_organisation("Donor")
    project = make_project(
        countries=[make_country()],
        regions=[make_region()],
        themes=[make_theme(iati_sector="15190")],
        donors=[donor],
        **ALL_TITLES,
        **{f"objective_{code}": "To light." for code in ("en", "fr", "ar", "ru")},
        summary="<p>Lights for all.</p>",
        start="2019",
        end="2021",
        source=make_source(),
        last_checked=datetime.date(2026, 1, 1),
    )
    ProjectRole.objects.filter(project=project).update(share=100)
    ProjectRole.objects.create(project=project, role="implementing", organisation=make_organisation())
    ProjectIdentifier.objects.create(project=project, scheme="iati", value="XM-1-2")
    Link.objects.create(project=project, label="Its page", url="https://example.org/lights")
    return project


def test_project_with_everything_is_complete_and_costs_one_query(whole, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = completeness.of(whole, checks_of(whole))
    assert (found.score, found.lacks) == (100, [])


@pytest.mark.parametrize(
    ("without", "expected"),
    [
        (lambda p: Project.objects.filter(pk=p.pk).update(objective_en="", objective_fr="", objective_ar="", objective_ru=""), {"objective"}),
        (lambda p: Project.objects.filter(pk=p.pk).update(objective_fr=""), {"languages"}),
        (lambda p: Project.objects.filter(pk=p.pk).update(summary_en=""), {"summary"}),
        (lambda p: Project.objects.filter(pk=p.pk).update(start=None, start_first=None), {"start"}),
        (lambda p: Project.objects.filter(pk=p.pk).update(end=None, end_last=None), {"end"}),
        (lambda p: p.roles.filter(role="donor").delete(), {"donor", "money"}),
        (lambda p: p.roles.filter(role="donor").update(share=None), {"money"}),
        (lambda p: p.roles.filter(role="implementing").delete(), {"implementing"}),
        (lambda p: p.roles.all().delete(), {"donor", "money", "implementing", "iati-organisation"}),
        (lambda p: p.countries.clear(), set()),
        (lambda p: (p.countries.clear(), p.regions.clear()), {"places", "iati-place"}),
        (lambda p: p.themes.clear(), {"themes", "iati-sector"}),
        (lambda p: p.themes.update(iati_sector=""), {"iati-sector"}),
        (lambda p: p.identifiers.all().delete(), {"iati-identifier"}),
        (lambda p: p.links.all().delete(), {"links"}),
        (lambda p: p.links.update(url=""), {"links", "gone"}),
        (lambda p: Project.objects.filter(pk=p.pk).update(source=None, last_checked=None), {"source", "checked"}),
        (
            lambda p: Project.objects.filter(pk=p.pk).update(start=None, start_first=None, end=None, end_last=None),
            {"start", "end", "iati-date", "iati-status"},
        ),
    ],
)  # fmt: skip
def test_project_lacks_exactly_what_was_taken_away(whole, without, expected):
    without(whole)
    assert lacks(whole) == expected
    assert counted(whole).score == 100 - len(expected) * 100 // len(checks_of(whole))


def test_dialogue_lacks_what_nobody_entered(db):
    bare = make_dialogue(title="Talks")
    assert {"purpose", "participants", "chair", "meetings", "acronym", "languages"} <= lacks(bare)
    Participation.objects.create(dialogue=bare, country=make_country())
    ChairTerm.objects.create(dialogue=bare, country=make_country())
    Meeting.objects.create(dialogue=bare, title="First", slug="first")
    assert not {"participants", "chair", "meetings"} & lacks(bare)


def test_publication_lacks_what_a_citation_needs(db):
    bare = make_publication(title="Study")
    assert {"authors", "date", "identifier", "file", "licence"} <= lacks(bare)
    Contributor.objects.create(publication=bare, family_name="Keeper")
    PublicationIdentifier.objects.create(publication=bare, scheme="doi", value="10.1234/abc")
    bare.is_forthcoming = True
    bare.save()
    assert not {"authors", "date", "identifier", "file"} & lacks(bare)


def test_every_check_names_a_field_of_its_form(administrator, client):
    client.force_login(administrator)
    for kind in kinds.all():
        if not kind.completeness:
            continue
        record = make_record(kind, changed_by=administrator)
        page = client.get(f"/admin/{kind.app_label}/{kind.name}/{record.pk}/change/").content.decode()
        for check in kind.completeness:
            place = completeness.anchor(kind.model, check.field).removeprefix("#")
            assert f'id="{place}"' in page, (kind.name, check.field, place)


def test_no_check_is_named_twice():
    for kind in kinds.all():
        names = [check.name for check in kind.completeness]
        assert len(names) == len(set(names)), kind.name


def test_form_tells_what_the_record_lacks_and_leads_to_it(editor_client, whole):
    whole.themes.clear()
    page = editor_client.get(f"/admin/projects/project/{whole.pk}/change/").content.decode()
    assert "Complete to 91 %" in page
    assert '<a href="#id_themes">It has no theme.</a>' in page
    assert "for IATI" in page


def test_form_of_a_new_record_and_of_a_kind_that_asks_for_nothing_says_nothing(editor_client, db):
    assert "Complete to" not in editor_client.get("/admin/projects/project/add/").content.decode()
    event = make_record(kinds.get("event"))
    assert completeness.of(event, kinds.of(event).completeness) is None


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def titles(response):
    return [str(line.record) for line, _lacks in response.context["lines"]]


def test_report_lists_the_least_complete_of_all_kinds_first(desk, whole):
    make_project(title="Bare project")
    make_dialogue(title="Bare dialogue")
    response = desk.get("/staff/completeness/")
    scores = [line.record.score for line, _lacks in response.context["lines"]]
    assert scores == sorted(scores)
    assert titles(response)[-1] == "Lights"
    assert set(titles(response)) == {"Lights", "Bare project", "Bare dialogue"}
    assert '#id_themes">It has no theme.</a>' in response.content.decode()


def test_report_counts_what_is_lacking_and_narrows_to_it(desk, whole):
    make_project(title="Without theme")
    make_dialogue(title="Talks without theme")
    missing = {one.name: one for one in desk.get("/staff/completeness/").context["missing"]}
    assert missing["themes"].count == 2
    assert missing["donor"].count == 1
    assert set(titles(desk.get("/staff/completeness/" + missing["themes"].query))) == {
        "Without theme", "Talks without theme",
    }  # fmt: skip
    assert titles(desk.get("/staff/completeness/?kind=project&lacks=themes")) == ["Without theme"]


def test_report_narrows_by_state_and_leaves_out_the_archive(desk, db):
    make_project(title="Draft")
    make_project(title="Live", published=True)
    Project.objects.filter(pk=make_project(title="Old").pk).update(status="archived")
    assert set(titles(desk.get("/staff/completeness/"))) == {"Draft", "Live"}
    assert titles(desk.get("/staff/completeness/?state=published")) == ["Live"]
    assert titles(desk.get("/staff/completeness/?state=archived")) == ["Old"]


def test_colleagues_who_do_not_edit_see_live_records_without_links_to_forms(client, colleague, db):
    make_project(title="Draft")
    make_project(title="Live", published=True)
    client.force_login(colleague)
    response = client.get("/staff/completeness/")
    assert titles(response) == ["Live"]
    assert "/admin/" not in response.content.decode()
    rows = list(csv.reader(io.StringIO(client.get("/staff/completeness.csv").getvalue().decode())))
    assert [row[1] for row in rows[1:]] == ["Live"]


@pytest.mark.parametrize("query", ["kind=lamp", "state=lamp", "lacks=lamp", "lacks=%00", "kind=project'"])
def test_report_refuses_what_it_does_not_know(desk, query):
    assert desk.get(f"/staff/completeness/?{query}").status_code == 400
    assert desk.get(f"/staff/completeness.csv?{query}").status_code == 400
    assert desk.get("/staff/completeness/?page=lamp").status_code == 404


def test_csv_has_the_lines_of_the_report_in_its_order(desk, whole):
    for n in range(60):
        make_project(title=f"=Bare {n}")
    first, second = desk.get("/staff/completeness/"), desk.get("/staff/completeness/?page=2")
    assert (len(titles(first)), len(titles(second))) == (50, 11)
    text = desk.get("/staff/completeness.csv").getvalue().decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert head[0] == "kind"
    assert [row[1].removeprefix("'") for row in rows] == titles(first) + titles(second)
    assert rows[0][1].startswith("'="), "no program takes a title for a formula"


def test_number_of_queries_does_not_grow_with_records(desk, db, django_assert_max_num_queries):
    def fill(n):
        for _ in range(n):
            person = make_person(f"p{timezone.now().timestamp()}", "editor")
            make_project(themes=[make_theme()], changed_by=person)
            make_dialogue(changed_by=person)
            make_publication(changed_by=person)

    fill(1)
    with django_assert_max_num_queries(20) as few:
        desk.get("/staff/completeness/")
    fill(8)
    with django_assert_max_num_queries(len(few)):
        desk.get("/staff/completeness/")


def test_sample_like_record_keeps_its_score_in_form_and_report(desk, whole):
    whole.links.all().delete()
    in_form = completeness.of(whole, checks_of(whole)).score
    in_report = next(line.record.score for line, _l in desk.get("/staff/completeness/").context["lines"])
    assert in_form == in_report < 100


def test_form_that_is_closed_tells_and_leads_to_no_boxes(editor_client, whole):
    whole.themes.clear()
    whole.submit(by=make_person("eva", roles.EDITOR))
    page = editor_client.get(f"/admin/projects/project/{whole.pk}/change/").content.decode()
    assert "It has no theme." in page
    assert 'href="#id_themes"' not in page
