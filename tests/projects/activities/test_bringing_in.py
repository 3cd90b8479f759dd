"""Activities become drafts; a second reading changes what their source has changed, and nothing else."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.imports import planning, unknown
from portal.models import Draft, Import, Organisation, Origin, Version
from projects.models import Project, ProjectIdentifier, ProjectRole, Result
from tests.factories import make_country, make_organisation, make_project, publish
from tests.people import make_person
from tests.projects.activities.files import activity, element, file_of, told

BUDGET = element(
    "budget",
    children=element("period-start", iso_date="2016-01-01")
    + element("period-end", iso_date="2016-12-31")
    + element("value", "1000.5", currency="EUR"),
)
DOCUMENT = element(
    "document-link", children=told("title", "Report"), url="https://example.org/report", format="text/html"
)
RESULT = element("result", children=told("title", "Staff trained"))
END = '<activity-date type="2" iso-date="2016-10-01"/><activity-date type="4" iso-date="2018-10-31"/>'


@pytest.fixture
def known(db):
    make_country("RS", "Serbia")
    return make_organisation(name="Doer")


def full(**given):
    return activity(
        "XM-TEST-1-A", element("recipient-country", code="RS"), BUDGET, DOCUMENT, RESULT, **{"dates": END} | given
    )


def test_activity_becomes_a_draft_with_all_its_parts(known, bring, carry, editor):
    imported = bring(full())
    assert carry(imported) == {"create": 1, "update": 0}
    project = Project.objects.get()
    assert (project.title, project.status, project.changed_by) == ("Safe Routes", "draft", editor)
    assert (str(project.start), str(project.end)) == ("2016-10-01", "2018-10-31")
    assert (str(project.budget), project.currency) == ("1000.50", "EUR")
    assert [country.iso2 for country in project.countries.all()] == ["RS"]
    assert [(role.role, role.organisation) for role in project.roles.all()] == [("implementing", known)]
    assert [(link.label, link.url) for link in project.links.all()] == [("Report", "https://example.org/report")]
    assert [result.title for result in project.results.all()] == ["Staff trained"]
    assert [one.value for one in project.identifiers.all()] == ["XM-TEST-1-A"]
    origin = Origin.objects.about(project).get()
    assert (origin.scheme, origin.source, origin.key) == ("iati", "XM-TEST-1", "XM-TEST-1-A")
    assert {"field": "activity-status", "words": "2: implementation"} in origin.unplaced


def test_second_reading_skips_all_and_writes_no_version(known, bring, carry, actions):
    files = [full(), activity("XM-TEST-1-B", element("related-activity", type="1", ref="XM-TEST-1-A"), title="Second")]
    carry(bring(*files))
    versions = Version.objects.count()
    again = bring(*files)
    assert actions(again) == ["skip", "skip"]
    carry(again)
    assert (Version.objects.count(), Project.objects.count()) == (versions, 2)


def test_each_new_activity_with_its_rows_costs_a_few_statements(known, bring, carry):
    def some(numbers):
        parts = (
            element("recipient-country", code="RS"),
            BUDGET,
            DOCUMENT,
            RESULT,
            told("participating-org", "Doer", role="1"),
        )
        return bring(*(activity(f"XM-TEST-1-{n}", *parts, title=f"Routes {n}", dates=END) for n in numbers))

    carry(some(range(2)))
    costs = []
    for imported in (some(range(100, 120)), some(range(200, 240))):
        with CaptureQueriesContext(connection) as asked:
            assert carry(imported)["create"] in {20, 40}
        costs.append(len(asked))
    assert ProjectRole.objects.count() == Result.objects.count() * 2 == 124
    assert (costs[1] - costs[0]) / 20 <= 15


def changed_in(imported):
    [step] = planning.steps_of(imported, list(imported.targets.select_related("content_type")))
    return step.subject.touched


@pytest.mark.parametrize(
    "given, touched",
    [
        ({"title": "Safer Routes"}, ["title_en"]),
        ({"dates": END.replace("2018-10-31", "2019-01-31")}, ["end"]),
        ({"dates": '<activity-date type="2" iso-date="2016-10-01"/>'}, ["end"]),
        ({"description": ""}, ["summary_en"]),
    ],
)
def test_source_that_changed_one_thing_changes_that_alone(known, bring, carry, actions, given, touched):
    carry(bring(full()))
    again = bring(full(**given))
    assert actions(again) == ["update"]
    assert changed_in(again) == {"fields": touched, "links": [], "rows": []}


def test_source_that_takes_things_out_takes_them_out_here(known, bring, carry):
    carry(bring(full()))
    again = bring(activity("XM-TEST-1-A", dates=END))
    assert changed_in(again) == {"fields": ["budget", "currency"], "links": ["countries"], "rows": ["results", "links"]}
    carry(again)
    project = Project.objects.get()
    assert (project.budget, project.currency, project.countries.count(), project.links.count()) == (None, "", 0, 0)


def test_what_an_editor_changed_since_stays(known, bring, carry, actions):
    carry(bring(full()))
    project = Project.objects.get()
    project.title_en, project.start = "Our title", "2016-11"
    project.save()
    project.countries.add(make_country("XK", "Kosovo"))
    own = make_organisation(name="Own")
    project.roles.create(role="donor", organisation=own)
    project.links.all().delete()
    assert actions(bring(full())) == ["skip"]
    again = bring(full(description=told("description", "Told anew.")))
    assert changed_in(again) == {"fields": ["summary_en"], "links": [], "rows": []}
    carry(again)
    project.refresh_from_db()
    assert (project.title, str(project.start), project.summary) == ("Our title", "2016-11", "<p>Told anew.</p>")
    assert (project.countries.count(), project.roles.count(), project.links.count()) == (2, 2, 0)


def test_what_both_changed_waits_for_a_person(known, bring, carry, actions):
    carry(bring(full()))
    Project.objects.get().roles.update(share=50)
    project = Project.objects.get()
    project.title_en = "Our title"
    project.save()
    assert actions(bring(full(title="Their title"))) == ["conflict"]


def test_live_project_gets_a_draft_and_visitors_see_the_old_text(known, bring, carry, client):
    carry(bring(full()))
    project = publish(Project.objects.get())
    carry(bring(full(title="Safer Routes")))
    project.refresh_from_db()
    assert (project.title, project.status) == ("Safe Routes", "published")
    assert Draft.objects.open().about(project).get().version.content["fields"]["title_en"] == "Safer Routes"
    assert "Safer Routes" not in client.get(project.get_absolute_url()).content.decode()


def test_project_with_the_identifier_is_filled_and_keeps_what_it_says(known, bring, carry):
    project = make_project(title="Our title", start="2016-10")
    ProjectIdentifier.objects.create(project=project, scheme="iati", value="XM-TEST-1-A")
    carry(bring(full()))
    project.refresh_from_db()
    assert (project.title, str(project.start), str(project.end)) == ("Our title", "2016-10", "2018-10-31")
    assert (project.identifiers.count(), project.roles.count(), Project.objects.count()) == (1, 1, 1)


def test_month_entered_here_stays_when_it_is_read_twice(known, bring, carry, actions):
    project = make_project(title="Safe Routes", start="2016-10")
    ProjectIdentifier.objects.create(project=project, scheme="iati", value="XM-TEST-1-A")
    carry(bring(full()))
    assert actions(bring(full())) == ["skip"]
    project.refresh_from_db()
    assert str(project.start) == "2016-10"


def test_project_with_the_same_title_is_asked_about(known, bring, actions):
    make_project(title="Safe routes")
    imported = bring(full())
    assert actions(imported) == ["conflict"]
    assert "may be the same" in imported.targets.get().refusal


def test_unknown_organisation_is_left_out_until_somebody_creates_it(bring, carry, actions, editor):
    imported = bring(activity())
    assert [one["name"] for one in imported.names.values()] == ["Doer"]
    carry(imported)
    assert not Organisation.objects.exists()
    again = bring(activity())
    assert actions(again) == ["skip"]
    unknown.create(again, "new:1", by=editor)
    third = bring(activity())
    assert actions(third) == ["update"]
    carry(third)
    assert Project.objects.get().roles.get().organisation.type == "multilateral"
    assert actions(bring(activity())) == ["skip"]


def test_organisation_renamed_here_and_at_the_source_is_the_same_row(bring, carry, actions):
    known = make_organisation(name="Doer", iati_identifier="XM-D")
    carry(bring(activity(participants=told("participating-org", "Doer", role="4", ref="XM-D"))))
    known.name_en = "Maker"
    known.save()
    assert actions(bring(activity(participants=told("participating-org", "Doers Ltd", role="4", ref="XM-D")))) == [
        "skip"
    ]


def test_one_bad_activity_keeps_the_others_out_and_is_named(known, bring, carry, actions):
    imported = bring(
        activity("A", title="One"),
        activity("B", title="Two", dates='<activity-date type="2" iso-date="2016-13-01"/>'),
        activity(None),
    )
    assert sorted(actions(imported)) == ["create", "refuse", "refuse"]
    assert carry(imported, leave_out=True)["create"] == 1
    assert Project.objects.get().title == "One"


def test_script_in_a_title_is_shown_as_text(known, bring, editor, client):
    imported = bring(
        activity(title="<script>alert(1)</script>", description=told("description", "<p onclick='x'>y</p>"))
    )
    client.force_login(editor)
    page = client.get(f"/admin/portal/import/{imported.pk}/change/").content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_editor_uploads_a_file(known, editor, client):
    client.force_login(editor)
    sent = client.post("/admin/portal/import/add/?reader=iati", {"file": io.BytesIO(file_of(full()))})
    page = client.get(sent.url).content.decode()
    assert "XM-TEST-1-A" in page
    assert "Create: 1" in page


# The command


@pytest.fixture
def run(tmp_path):
    def do(*contents, **options):
        paths = []
        for n, content in enumerate(contents):
            paths.append(tmp_path / f"{n}.xml")
            paths[-1].write_bytes(content)
        out, err, code = io.StringIO(), io.StringIO(), 0
        try:
            call_command("import_iati", *map(str, paths), stdout=out, stderr=err, **options)
        except SystemExit as stopped:
            code = stopped.code
        return out.getvalue(), err.getvalue(), code

    return do


def test_command_brings_in_and_a_second_time_skips(known, run, editor):
    out, _err, code = run(file_of(full()), username="edith")
    assert (code, Project.objects.count()) == (0, 1)
    assert "1 create: XM-TEST-1-A: Safe Routes" in out
    assert out.endswith("1 file: 1 create, 0 update, 0 skip, 0 conflict, 0 refuse; 0 not brought in whole.\n")
    assert "0 create, 0 update, 1 skip" in run(file_of(full()), username="edith")[0]


def test_dry_run_tells_and_keeps_nothing(known, run, editor):
    out, _err, code = run(file_of(full()), username="edith", dry_run=True)
    assert "1 create, 0 update" in out
    assert (code, Project.objects.count(), Import.objects.count()) == (0, 0, 0)


def test_command_fails_where_anything_does_and_names_it(known, run, editor):
    out, err, code = run(
        b"nonsense", file_of(full(), activity(None)), file_of(activity("B", title="Other")), username="edith"
    )
    assert code == 1
    assert "no well-formed XML" in err
    assert "iati-identifier: The activity has no identifier" in out
    assert "Nothing of it was written" in err
    assert [project.title for project in Project.objects.all()] == ["Other"]
    assert Import.objects.filter(state="read").count() == 1


def test_command_leaves_out_what_cannot_be_brought_in_where_it_is_told_to(known, run, editor):
    _out, _err, code = run(file_of(full(), activity(None)), username="edith", leave_out=True)
    assert (code, Project.objects.count()) == (1, 1)


def test_command_needs_somebody_with_the_right(known, run, colleague, editor):
    for options in ({}, {"username": "nobody"}, {"username": colleague.username}):
        with pytest.raises(CommandError):
            run(file_of(full()), **options)
    assert not Import.objects.exists()


def test_command_without_a_file_there_goes_on(known, editor, tmp_path):
    err = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("import_iati", str(tmp_path / "none.xml"), username="edith", stdout=io.StringIO(), stderr=err)
    assert "No such file" in err.getvalue()


def test_project_in_review_is_not_changed_by_an_editor(known, bring, carry, editor):
    carry(bring(full()))
    Project.objects.get().submit(by=editor)
    assert "reviewed" in bring(full(title="Safer Routes")).targets.get().refusal


def test_who_may_not_add_projects_brings_in_none(known, bring):
    someone = make_person("vera", "staff")
    assert bring(full(), by=someone).targets.get().refusal == "You may not add one."
