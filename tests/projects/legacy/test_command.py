"""`manage.py import_legacy`: what it prints, what it writes, and how it ends."""

import pytest
from django.core.management import CommandError, call_command

from portal.models import Import, Organisation, Version
from projects.models import Project
from tests.factories import make_country, make_organisation, make_project
from tests.projects.legacy import layouts

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(tmp_path, editor):
    make_country("AL", "Albania")
    make_organisation("Institute of Coastal Studies")
    path = tmp_path / "page.txt"
    path.write_text(layouts.plain((layouts.HARBOUR,)) + "\n\nContact: Jo Mast", encoding="utf-8")
    return path


def run(*arguments):
    call_command("import_legacy", *(str(one) for one in arguments), "--as", "edith")


def test_dry_run_tells_every_field_and_writes_nothing(page, capsys):
    run(page, "--dry-run")
    told = capsys.readouterr().out
    assert "Safe Harbours for Seafarers on the Adriatic: create" in told
    assert "Start: March 2016, sure (0.90)" in told
    assert "not taken: Countries: Montenegro, a guess" in told
    assert "unplaced: “Contact: Jo Mast”" in told
    assert "not known, left out: Northern Lights Fund" in told
    assert "1 file: 1 create, 0 update, 0 skip, 0 conflict, 0 refuse; nothing kept: a dry run." in told
    assert not Project.objects.exists()
    assert not Import.objects.exists()


def test_drafts_are_made_and_a_second_run_changes_nothing(page, capsys):
    run(page)
    assert "1 create, 0 update" in capsys.readouterr().out
    project = Project.objects.get()
    assert (project.status, project.changed_by.username) == ("draft", "edith")
    assert [role.organisation.name for role in project.roles.all()] == ["Institute of Coastal Studies"]
    assert Organisation.objects.count() == 1  # the donor nobody knows is not made
    versions = Version.objects.count()
    run(page)
    assert "0 create, 0 update, 1 skip" in capsys.readouterr().out
    assert Version.objects.count() == versions


def test_page_that_moved_is_recognised_by_the_name_it_was_given(page, tmp_path, capsys):
    run(page, "--name", "https://old.example/work")
    other = tmp_path / "other.txt"
    other.write_text(page.read_text().replace("September 2018", "June 2019"))
    run(other, "--name", "https://old.example/work")
    assert "0 create, 1 update" in capsys.readouterr().out
    assert str(Project.objects.get().end) == "2019-06"


@pytest.fixture
def asked(page):
    """The page with a second project; of the first one there is one here that has its title."""
    page.write_text(layouts.plain((layouts.HARBOUR, layouts.BRIDGES)), encoding="utf-8")
    return make_project(title=layouts.HARBOUR.title)


def test_dry_run_lists_open_questions_and_ends_well(page, asked, capsys):
    run(page, "--dry-run")
    told = capsys.readouterr().out
    assert f"record {asked.pk}: it has the same title" in told
    assert "1 open question:\n    1. Safe Harbours for Seafarers on the Adriatic: It may be the same" in told
    assert (
        "nothing of this page is written. Run it without --dry-run to answer them in the admin, or with --leave-out"
        in told
    )
    run(page, "--dry-run", "--leave-out")
    assert "would be left out" in capsys.readouterr().out
    assert (Project.objects.count(), Import.objects.count()) == (1, 0)


def test_page_with_an_open_question_is_not_written_and_its_address_is_told(page, asked, capsys, settings):
    settings.SITE_URL = "https://portal.example"
    with pytest.raises(SystemExit) as ended:
        run(page)
    told, imported = capsys.readouterr(), Import.objects.get()
    assert ended.value.code == 1
    assert "Nothing of it was written" in told.err
    url = f"https://portal.example/admin/portal/import/{imported.pk}/change/"
    assert (
        f"Answer the questions as edith at {url} and bring it in there, or run this again with --leave-out." in told.err
    )
    assert (Project.objects.count(), imported.state) == (1, "read")


def test_rest_of_a_page_is_brought_in_where_somebody_says_so(page, asked, capsys):
    run(page, "--leave-out")
    told = capsys.readouterr()
    assert "1 create, 0 update, 0 skip, 1 conflict, 0 refuse; 0 not brought in whole" in told.out
    assert "1 open question" in told.out
    assert told.err == ""
    assert sorted(Project.objects.values_list("acronym", flat=True)) == ["", "BRIDGE"]


def test_help_says_what_becomes_of_open_questions(capsys):
    with pytest.raises(SystemExit):
        call_command("import_legacy", "--help")
    told = " ".join(capsys.readouterr().out.split())
    for words in ("open questions", "not brought in at all", "--leave-out", "Ends with 1"):
        assert words in told


def test_name_that_was_left_out_is_brought_once_somebody_has_entered_it(page, capsys):
    run(page)
    assert "not known, left out: Northern Lights Fund" in capsys.readouterr().out
    make_organisation("Northern Lights Fund")
    run(page)
    assert "0 create, 1 update" in capsys.readouterr().out
    assert [role.role for role in Project.objects.get().roles.order_by("role")] == ["donor", "implementing"]


def test_file_that_cannot_be_read_ends_with_1_and_the_others_are_brought_in(page, tmp_path, capsys):
    torn = tmp_path / "torn.pdf"
    torn.write_bytes(b"%PDF-1.7 torn")
    with pytest.raises(SystemExit) as ended:
        run(torn, tmp_path / "nowhere.txt", page)
    told = capsys.readouterr()
    assert ended.value.code == 1
    assert "torn.pdf: The file is damaged" in told.err
    assert "nowhere.txt: No such file" in told.err
    assert "3 files: 1 create, 0 update, 0 skip, 0 conflict, 0 refuse; 2 not brought in whole." in told.out
    assert Project.objects.count() == 1


def test_somebody_must_be_named_who_may_add_projects(page, colleague):
    with pytest.raises(CommandError, match="--as"):
        call_command("import_legacy", str(page))
    with pytest.raises(CommandError, match="nobody called"):
        call_command("import_legacy", str(page), "--as", "nobody")
    with pytest.raises(CommandError, match="may not bring"):
        call_command("import_legacy", str(page), "--as", "stan")


def test_one_name_is_not_given_to_two_pages(page):
    with pytest.raises(CommandError, match="one file"):
        run(page, page, "--name", "x")
