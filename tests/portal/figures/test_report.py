"""The report at the desk: what it finds, what people say about it, and how that lapses."""

import pytest
from django.core.management import CommandError, call_command

from portal import roles
from portal.figures import checking
from portal.models import AuditEntry, FigureExplanation, KeyFigure
from tests.people import make_person
from tests.portal.figures.conftest import make_figure, make_group

pytestmark = pytest.mark.django_db
URL = "/staff/figures/"


@pytest.fixture
def finding():
    group = make_group(name="Lamps")
    make_figure(group, 1, label="Red")
    make_figure(group, 1, label="Blue")
    return make_figure(group, 3, label="All lamps", is_total=True)


def the_check():
    (check,) = checking.all_checks(None)
    return check


def explain(client, **changes):
    check = the_check()
    data = {"check": check.key, "seen": check.digest, "note": "One was lost."} | changes
    return client.post(f"{URL}explain/", data, follow=True)


def test_report_shows_findings_with_their_parts_where_they_are_edited(reviewer_client, finding):
    page = reviewer_client.get(URL).content.decode()
    assert "The parts add up to 2, the total says 3: 1 apart." in page
    assert f'href="/admin/portal/keyfigure/{finding.pk}/change/"' in page
    assert "Not explained" in page
    assert "Readers are told nothing of this" in page


def test_report_shows_what_holds_too(reviewer_client, finding):
    KeyFigure.objects.filter(pk=finding.pk).update(value=2)
    page = reviewer_client.get(URL).content.decode()
    assert "The parts add up to 2, the total says 2." in page
    assert "Not explained" not in page


def test_who_reads_at_the_desk_is_led_to_the_public_page(client, colleague, finding):
    client.force_login(colleague)
    page = client.get(URL).content.decode()
    assert f'href="{finding.get_absolute_url()}"' in page
    assert "/admin/portal/keyfigure/" not in page
    assert "<form method" not in page


def test_report_says_what_readers_are_told(reviewer_client, finding):
    KeyFigure.objects.filter(pk=finding.pk).update(note="Printed so.")
    page = reviewer_client.get(URL).content.decode()
    assert "Printed so." in page
    assert "Readers are told nothing" not in page


def test_explained_finding_stays_with_who_said_what_for_which_values(reviewer_client, reviewer, finding):
    page = explain(reviewer_client).content.decode()
    assert "It stays in the report." in page
    assert "One was lost." in page
    assert "2 / 3" in page
    assert "The parts add up to 2, the total says 3" in page
    assert "Not explained" not in page
    explanation = FigureExplanation.objects.get()
    assert (explanation.by, explanation.values) == (reviewer, "2 / 3")
    entry = AuditEntry.objects.about(explanation).get()
    assert (entry.verb, entry.by, entry.note) == ("explain", reviewer, "2 / 3: One was lost.")


@pytest.mark.parametrize("which", ["All lamps", "Red"])
def test_explanation_lapses_visibly_when_a_value_changes(reviewer_client, finding, which):
    explain(reviewer_client)
    KeyFigure.objects.filter(label=which).update(value=9)
    page = reviewer_client.get(URL).content.decode()
    assert "Lapsed: the values have changed since" in page
    assert "One was lost." in page
    assert "Not explained" in page
    with pytest.raises(CommandError):
        call_command("check_figures")


def test_explanation_holds_while_names_change(reviewer_client, finding):
    explain(reviewer_client)
    KeyFigure.objects.filter(pk=finding.pk).update(label="Lanterns", label_en="Lanterns", note="New", position=9)
    page = reviewer_client.get(URL).content.decode()
    assert "Lapsed" not in page
    assert "Not explained" not in page


def test_values_that_changed_under_the_reader_are_not_explained(reviewer_client, finding):
    page = explain(reviewer_client, seen="0" * 64).content.decode()
    assert "The values have changed meanwhile" in page
    assert not FigureExplanation.objects.exists()


@pytest.mark.parametrize("changes", [{"note": " \n\x00"}, {"check": "nothing"}, {"check": ""}, {"seen": ""}])
def test_what_explains_nothing_is_not_saved(reviewer_client, finding, changes):
    assert explain(reviewer_client, **changes).status_code == 200
    assert not FigureExplanation.objects.exists()


def test_what_holds_cannot_be_explained(reviewer_client, finding):
    KeyFigure.objects.filter(pk=finding.pk).update(value=2)
    explain(reviewer_client)
    assert not FigureExplanation.objects.exists()


def test_long_explanation_is_cut_and_one_with_markup_is_shown_as_text(reviewer_client, finding):
    page = explain(reviewer_client, note="<script>alert(1)</script>" + "x" * 10_000).content.decode()
    assert "<script>alert" not in page
    assert len(FigureExplanation.objects.get().note) == 500


@pytest.mark.parametrize(
    ("role", "status"),
    [(roles.STAFF, 403), (roles.EDITOR, 403), (roles.REVIEWER, 200), (roles.ADMINISTRATOR, 200)],
)
def test_only_who_may_change_figures_explains_them_and_takes_back(client, finding, role, status):
    client.force_login(make_person("sam", role, is_staff=role != roles.STAFF))
    assert explain(client).status_code == status
    assert FigureExplanation.objects.exists() is (status == 200)
    check = the_check()
    told = {"digest": check.digest, "shown": "x", "values": "x", "note": "x", "by": make_person("o", roles.REVIEWER)}
    other = FigureExplanation.objects.create(check_key=check.key, **told)
    response = client.post(f"{URL}explanations/{other.pk}/take-back/", follow=True)
    assert response.status_code == status
    assert FigureExplanation.objects.filter(pk=other.pk).exists() is (status == 403)


def test_explanation_taken_back_stays_in_the_audit_log(reviewer_client, finding):
    explain(reviewer_client)
    explanation = FigureExplanation.objects.get()
    page = reviewer_client.post(f"{URL}explanations/{explanation.pk}/take-back/", follow=True).content.decode()
    assert "Not explained" in page
    entries = AuditEntry.objects.filter(object_id=str(explanation.pk), label=explanation.shown)
    assert [entry.verb for entry in entries] == ["take back", "explain"]


def test_command_ends_with_one_while_something_is_unexplained(reviewer_client, finding, capsys):
    with pytest.raises(CommandError) as error:
        call_command("check_figures")
    assert error.value.returncode == 1
    assert "does not add up: Lamps, 2021" in capsys.readouterr().out
    explain(reviewer_client)
    call_command("check_figures")
    told = capsys.readouterr().out
    assert "explained by rex" in told
    assert "1 do not add up, 0 of these unexplained" in told


def test_command_prints_findings_alone_when_asked(finding, capsys):
    make_figure(make_group("shares"), 100)
    call_command_quietly("--findings")
    assert "holds" not in capsys.readouterr().out
    call_command_quietly()
    assert "holds: Group" in capsys.readouterr().out


def call_command_quietly(*arguments):
    with pytest.raises(CommandError):
        call_command("check_figures", *arguments)


def test_number_of_queries_does_not_grow_with_findings(reviewer_client, django_assert_max_num_queries):
    for _n in range(12):
        group = make_group()
        for value in (1, 2):
            make_figure(group, value)
        make_figure(group, 9, is_total=True)
    with django_assert_max_num_queries(12):
        assert reviewer_client.get(URL).status_code == 200


@pytest.mark.parametrize("query", ["what=nonsense", "what=" + "x" * 10_000, "what=%00"])
def test_unknown_choice_is_answered_with_a_reason(reviewer_client, finding, query):
    assert reviewer_client.get(f"{URL}?{query}").status_code == 400


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=99999999999"])
def test_page_that_is_not_there_is_not_found(reviewer_client, finding, query):
    assert reviewer_client.get(f"{URL}?{query}").status_code == 404


def test_report_is_listed_at_the_desk(client, colleague):
    client.force_login(colleague)
    assert f'href="{URL}"' in client.get("/staff/").content.decode()


@pytest.mark.parametrize("model", ["keyfigure", "figuregroup"])
def test_form_of_a_figure_and_of_its_group_says_what_the_check_says(administrator, client, finding, model):
    client.force_login(administrator)
    explain(client)
    key = finding.pk if model == "keyfigure" else finding.group.pk
    page = client.get(f"/admin/portal/{model}/{key}/change/").content.decode()
    assert "The parts add up to 2, the total says 3" in page
    assert "One was lost." in page
    other = make_figure(make_group(), 1)
    key = other.pk if model == "keyfigure" else other.group.pk
    assert "The parts add up to 2" not in client.get(f"/admin/portal/{model}/{key}/change/").content.decode()
