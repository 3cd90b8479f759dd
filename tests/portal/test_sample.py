"""The sample content: what it holds, and that loading it again does no harm."""

from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dialogues.models import Activity, Dialogue, Instrument, Meeting
from portal import kinds
from portal.figures import checking
from portal.models import Country, KeyFigure, Organisation, Page
from projects.models import Project, ProjectRole
from publications.models import Publication
from tests.forms import send_form

WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture(scope="module", autouse=True)
def _loaded(django_db_setup, django_db_blocker):
    """Loaded once; each test's own changes are rolled back to this, and all of it at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_sample", stdout=StringIO())
        yield
        transaction.set_rollback(True)


pytestmark = pytest.mark.django_db


def load(**options):
    out = StringIO()
    call_command("load_sample", stdout=out, **options)
    return out.getvalue()


def outcome(output, label):
    """Created, updated, unchanged and kept, as the table has them."""
    line = next(line for line in output.splitlines() if line.split()[:1] == [label])
    return [int(number) for number in line.split()[1:]]


def test_sample_holds_every_record_of_its_files():
    held = [model.objects.count() for model in (Project, Dialogue, Publication, Organisation, Meeting, KeyFigure)]
    assert held == [79, 10, 45, 66, 16, 207]
    assert Country.objects.count() == 250


def test_every_record_of_the_sample_is_public_and_names_its_source(visitor):
    for kind in kinds.all():
        records = kind.model.objects.all()
        assert kind.visible_to(visitor).count() == records.count()
        assert not records.filter(source=None).exists()
        assert not records.filter(source_locator="").exists()


def test_sample_is_published_by_an_account_nobody_can_sign_in_as():
    account = get_user_model().objects.get(username="sample-content")
    assert not account.has_usable_password()
    assert not account.is_staff
    assert set(Project.objects.values_list("approved_by", "changed_by", "submitted_by")) == {(account.pk, None, None)}


def test_mimak_has_its_donor_and_its_dates():
    mimak = Project.objects.get(slug="mimak")
    assert mimak.title == "Strengthening Migration Management Authorities in Kosovo"
    assert mimak.period == "October 2016 – October 2018"
    donor = mimak.roles.get(role=ProjectRole.Role.DONOR)
    assert (donor.organisation.acronym, donor.note) == ("SEM", "")
    assert mimak.source_locator == "lines 3-13"


def test_mimak_iii_follows_mimak():
    relation = Project.objects.get(slug="mimak-iii").relations.get()
    assert (relation.kind, relation.other.slug) == ("follows", "mimak")
    assert relation.note == "inferred from name"


def test_stage_without_an_end_says_how_old_it_is():
    launched = Project.objects.get(slug="fremm")
    assert (launched.stage_stated, str(launched.stage_as_of)) == ("current", "2021")
    ended = Project.objects.get(slug="mimak")
    assert (ended.stage_stated, ended.stage_as_of, ended.stage) == ("", None, "ended")


def test_acronym_of_our_own_making_is_not_shown():
    assert Project.objects.get(slug="medcoi").acronym == ""


def test_valletta_plan_is_one_instrument_of_three_dialogues():
    plan = Instrument.objects.get(title__startswith="Joint Valletta Action Plan")
    assert plan.dialogues.count() == 3
    assert plan.adopted_at.slug == "valletta-summit-2015"


def test_labelled_activities_of_the_rabat_process_are_led_by_france():
    labelled = Activity.objects.filter(dialogue__slug="rabat-process", kind=Activity.Kind.LABELLED)
    assert [[country.iso2 for country in activity.countries.all()] for activity in labelled] == [["FR"], ["FR"]]


def test_rabat_activities_are_mapped_to_no_domain_because_no_source_does(client):
    """The report does not say which of the numbered domains is asylum and which is labour migration."""
    rows = client.get("/dialogues/rabat-process/trace.json").json()["rows"]
    assert {row["row"] for row in rows} == {"whole", "unplaced"}
    paths = [[step["title"] for step in path] for row in rows for path in row["paths"] if row["row"] == "unplaced"]
    firsts = {path[0] for path in paths}
    assert {"Roundtables by Chad and Switzerland (reference country duo)"} <= firsts
    assert {"Online meeting by Cabo Verde and Portugal (reference country duo)"} <= firsts
    webinar = next(path for path in paths if path[0].startswith("Labelled webinar"))
    assert webinar[1].startswith("Webinar on migration and development")


def test_domains_of_the_silk_routes_partnership_are_gaps_and_papers_follow_their_activities(client):
    told = client.get("/dialogues/budapest-process/trace.json").json()
    assert told["summary"]["domains"] == told["summary"]["without_anything"] == 5
    rows = client.get("/dialogues/euromed-migration/trace.json").json()["rows"]
    survey = next(path for row in rows for path in row["paths"] if path[0]["title"].startswith("Expert survey"))
    assert survey[1]["title"].startswith("Towards sustainable and mutually beneficial migration partnerships")


def test_meeting_without_a_dialogue_is_listed_by_itself():
    conference = Meeting.objects.get(slug="vienna-migration-conference-2021")
    assert conference.dialogue is None
    assert conference.is_listed
    assert conference.participants == "1,477"
    assert sum(row.number for row in conference.attendance.exclude(sector="")) == 1443


def test_kosovo_carries_its_note_and_its_name_does_not():
    kosovo = Country.objects.get(iso2="XK")
    assert kosovo.name == "Kosovo"
    assert set(kosovo.territorial_note.terms.values_list("term", flat=True)) >= {"Kosovo", "Косово", "Pristina"}


def test_the_about_page_exists_in_four_languages():
    about = Page.objects.get(slug="")
    assert all(getattr(about, f"text_{code}") for code in ("en", "fr", "ar", "ru"))


def test_second_run_writes_nothing():
    with CaptureQueriesContext(connection) as queries:
        output = load()
    assert not [query["sql"] for query in queries if query["sql"].startswith(WRITES)]
    assert "Nothing has changed." in output


def test_dry_run_says_what_it_would_do_and_does_not():
    KeyFigure.objects.filter(slug="at-a-glance-employees").update(value=1)
    KeyFigure.objects.filter(slug="at-a-glance-projects").delete()
    output = load(dry_run=True)
    assert "would create" in output
    assert outcome(output, "portal.KeyFigure") == [1, 1, 205, 0]
    assert KeyFigure.objects.get(slug="at-a-glance-employees").value == 1
    assert not KeyFigure.objects.filter(slug="at-a-glance-projects").exists()


def test_correction_in_a_file_reaches_an_untouched_record_with_an_audit_entry():
    Project.objects.filter(slug="trafig").update(title="Before", title_en="Before")
    assert outcome(load(), "projects.Project") == [0, 1, 78, 0]
    trafig = Project.objects.get(slug="trafig")
    assert trafig.title == "Translocal figurations of displaced families"
    assert trafig.state == "published"


def test_project_an_editor_changed_is_kept_with_its_rows(editor):
    mimak = Project.objects.get(slug="mimak")
    mimak.title, mimak.changed_by = "By an editor", editor
    mimak.save()
    mimak.roles.all().delete()
    assert outcome(load(), "projects.Project") == [0, 0, 78, 1]
    mimak.refresh_from_db()
    assert mimak.title == "By an editor"
    assert not mimak.roles.exists()


def test_project_whose_address_an_editor_changed_is_not_loaded_again(editor):
    Project.objects.filter(slug="mimak").update(slug="mimak-phase-one", changed_by=editor)
    assert outcome(load(), "projects.Project") == [0, 0, 78, 1]
    assert Project.objects.get(slug="mimak-iii").relations.get().other.slug == "mimak-phase-one"


def test_withdrawn_record_stays_withdrawn(reviewer):
    publication = Publication.objects.get(slug="annual-report-2021")
    publication.withdraw(by=reviewer, reason="Replaced")
    load()
    publication.refresh_from_db()
    assert publication.status == "archived"


def test_figure_that_was_changed_in_the_admin_is_kept(client, administrator):
    figure = KeyFigure.objects.get(slug="at-a-glance-employees")
    client.force_login(administrator)
    url = reverse("admin:portal_keyfigure_change", args=[figure.pk])
    assert send_form(client, url, {"value": "464"}, _save="1").status_code == 302
    assert outcome(load(), "portal.KeyFigure") == [0, 0, 206, 1]
    figure.refresh_from_db()
    assert figure.value == 464


def test_merged_organisation_stays_merged(administrator):
    old, new = Organisation.objects.get(slug="dgmm"), Organisation.objects.get(slug="pmm")
    Organisation.objects.filter(pk=old.pk).update(merged_into=new)
    ProjectRole.objects.filter(organisation=old).update(organisation=new)
    output = load()
    assert outcome(output, "projects.ProjectRole")[:2] == [0, 0]
    new.refresh_from_db()
    assert new.name == "Presidency of Migration Management"


def test_figures_check_finds_by_itself_what_does_not_add_up_in_the_sample():
    found = {check.label: check.values for check in checking.all_checks() if check.verdict == "fails"}
    assert found == {
        "Vienna Migration Conference 2021: participants by sector": "1,443 / 1,477",
        "Duty stations, 2021": "29 stations / 14 stations",
        "Emigrant stock by world region": "268.0 / 280.6 million emigrants",
        "Increase 2021 over 2020": "0.34 / 0.30 %",
        "Staff by country of duty station, 2021": "352 / 463 people",
    }


def test_figures_check_reports_what_holds_in_the_sample_and_what_nobody_can_tell():
    held = [(check.label, check.values) for check in checking.all_checks() if check.verdict == "holds"]
    assert held == [
        ("Staff by gender, 2021", "463 / 463 people"),
        ("Staff by age, 2021", "463 / 463 people"),
        ("Implementation by region, 2021", "100 / 100"),
        ("Implementation by source of funds, 2021", "100 / 100"),
        ("Revenue, 2021", "58,208,000 / 58,208,000 EUR"),
        ("Staff by nationality, 2021", "463 / 463 people"),
        ("Vienna Migration Conference 2021: ways of taking part", "1,477 / 1,477"),
    ]
    (unknown,) = [check for check in checking.all_checks() if check.verdict == "open"]
    assert unknown.label == "Migrant workers by world region"
    assert "Oceania" in unknown.reason


def test_every_figure_of_the_sample_names_its_source_and_place():
    assert not KeyFigure.objects.filter(source=None).exists()
    assert not KeyFigure.objects.filter(page="").exists()
