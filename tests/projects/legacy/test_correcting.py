"""The page on which an editor corrects what was read of a project, and the one that tells where a record came from."""

import html
import re

import pytest

from portal.imports import unknown
from portal.models import Origin
from projects.models import Project
from tests.bringing import read_in
from tests.factories import make_country, make_organisation, make_project, publish
from tests.forms import form_in, read_form
from tests.projects.legacy import layouts

pytestmark = pytest.mark.django_db
ASIDE = "Contact: Jo Mast, the harbour master"
PAGE = layouts.plain((layouts.HARBOUR,)).replace("Donors:", f"{ASIDE}\n\nDonors:")


@pytest.fixture
def donor():
    make_country("AL", "Albania")
    make_country("ME", "Montenegro")
    make_organisation("Institute of Coastal Studies")
    return make_organisation("Northern Lights Fund")


@pytest.fixture
def bring(donor, editor):
    def do(text=PAGE, name="https://old.example/work"):
        return read_in("legacy-page", editor, name, text, {"name": name})

    return do


def url_of(imported, position=1):
    return f"/admin/portal/import/{imported.pk}/entry/{position}/"


def number_of(imported, field, which=0):
    """The prefix of a piece in the form."""
    pieces = imported.targets.get().pieces
    return f"p{[n for n, piece in enumerate(pieces) if piece['field'] == field][which]}"


def unplaced_of(imported, words):
    unplaced = imported.targets.get().unplaced
    return f"u{next(n for n, one in enumerate(unplaced) if words in one['words'])}"


def correct(client, imported, changes, drop=()):
    data = read_form(client, url_of(imported), "entry_form").data | changes
    for name in drop:
        data.pop(name, None)
    return client.post(url_of(imported), data)


def test_every_value_stands_beside_its_words_and_how_sure_it_is(editor_client, bring):
    imported = bring()
    page = editor_client.get(url_of(imported)).content.decode()
    text = html.unescape(re.sub(r"<[^>]+>", "", page))
    start = next(one for one in imported.targets.get().pieces if one["field"] == "start")
    assert 'title="Start, sure (0.90)">March 2016</mark>' in page
    assert f"sure ({start['confidence']:.2f})" in text
    assert "Northern Lights Fund" in page
    assert f'<mark class="mark-unplaced " title="Not placed">{ASIDE}</mark>' in page


def test_text_of_the_page_is_never_markup(editor_client, bring):
    imported = bring(PAGE.replace("Twelve ports", '<script>alert(1)</script> &amp; " twelve ports'))
    page = editor_client.get(url_of(imported)).content.decode()
    assert "<script>alert" not in page
    plan = editor_client.get(f"/admin/portal/import/{imported.pk}/change/").content.decode()
    assert "<script>alert" not in plan


def test_form_sent_untouched_changes_nothing(editor_client, bring):
    imported = bring()
    before = imported.targets.get()
    assert correct(editor_client, imported, {}).status_code == 302
    after = imported.targets.get()
    assert (after.pieces, after.unplaced, after.said) == (before.pieces, before.unplaced, before.said)


def test_corrected_date_is_what_the_draft_says(editor_client, bring, carry):
    imported = bring()
    sent = correct(editor_client, imported, {f"{number_of(imported, 'end')}-value": "5 June 2019"})
    assert sent.status_code == 302
    carry(imported)
    assert str(Project.objects.get().end) == "2019-06-05"


def test_value_that_is_not_ticked_is_left_out_and_kept(editor_client, bring, carry):
    imported = bring()
    correct(editor_client, imported, {}, drop=[f"{number_of(imported, 'roles')}-taken"])
    carry(imported)
    project = Project.objects.get()
    assert [role.role for role in project.roles.all()] == ["implementing"]
    assert [one["taken"] for one in Origin.objects.get().pieces if one["field"] == "roles"] == [False, True]


def test_organisation_moves_to_another_role_and_is_told_by_its_name(editor_client, bring, carry, donor):
    other = make_organisation("Coastal Bank")
    imported = bring()
    n = number_of(imported, "roles")
    correct(editor_client, imported, {f"{n}-slot": "roles=partner", f"{n}-value": "coastal bank"})
    carry(imported)
    assert {(role.role, role.organisation) for role in Project.objects.get().roles.all()} == {
        ("partner", other),
        ("implementing", Project.objects.get().roles.get(role="implementing").organisation),
    }


def test_name_nobody_knows_is_proposed_on_the_plan_and_not_created(editor_client, bring):
    imported = bring()
    correct(editor_client, imported, {f"{number_of(imported, 'roles')}-value": "Bank of the Deep"})
    imported.refresh_from_db()
    assert [one["name"] for one in imported.names.values()] == ["Bank of the Deep"]
    correct(editor_client, imported, {f"{number_of(imported, 'end')}-value": "2019"})
    imported.refresh_from_db()
    assert len(imported.names) == 1
    plan = editor_client.get(f"/admin/portal/import/{imported.pk}/change/").content.decode()
    assert "Bank of the Deep" in plan


def test_name_that_was_corrected_is_asked_about_no_more(editor_client, bring, donor):
    imported = bring(PAGE.replace("Northern Lights Fund", "Bank of the Deep").replace("Coastal Studies", "Dry Land"))
    assert [one["name"] for one in imported.names.values()] == ["Bank of the Deep", "Institute of Dry Land"]
    n = number_of(imported, "roles")
    correct(editor_client, imported, {f"{n}-value": donor.name})
    imported.refresh_from_db()
    assert [one["name"] for one in imported.names.values()] == ["Institute of Dry Land"]
    correct(editor_client, imported, {f"{n}-value": "Bank of the Shallows"})
    imported.refresh_from_db()
    assert {one["name"] for one in imported.names.values()} == {"Institute of Dry Land", "Bank of the Shallows"}
    said = imported.targets.get().said["rows"]["roles"]
    assert {row["fields"]["organisation"] for row in said} == set(imported.names)


def test_title_taken_for_a_summary_can_be_moved(editor_client, bring):
    imported = bring()
    n = number_of(imported, "summary")
    correct(editor_client, imported, {f"{n}-slot": "objective"})
    said = imported.targets.get().said["fields"]
    assert "summary_en" not in said
    assert said["objective_en"].endswith("all of them use.")


def test_text_that_was_not_placed_is_given_to_a_field(editor_client, bring, carry):
    imported = bring()
    n = unplaced_of(imported, "harbour master")
    correct(editor_client, imported, {f"{n}-slot": "other_partners", f"{n}-value": "the harbour master"})
    target = imported.targets.get()
    assert not any("harbour master" in one["words"] for one in target.unplaced)
    carry(imported)
    assert Project.objects.get().other_partners == "the harbour master"


def test_text_given_to_a_field_by_mistake_goes_back(editor_client, bring):
    imported = bring()
    before = imported.targets.get().unplaced
    correct(editor_client, imported, {f"{unplaced_of(imported, 'harbour master')}-slot": "target_groups"})
    correct(editor_client, imported, {f"{number_of(imported, 'target_groups')}-slot": ""})
    assert imported.targets.get().unplaced == before
    assert "target_groups_en" not in imported.targets.get().said["fields"]


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("end", "next summer", "“next summer” is no date"),
        ("start", "2016-13", "“2016-13” is no date"),
        ("title", "x" * 301, "Title: Ensure this value has at most 300 characters"),
        ("title", " ", "Write something, or untick it"),
        ("countries", "\x00", "Null characters are not allowed"),
    ],
)
def test_bad_value_is_told_beside_it_and_nothing_is_lost(editor_client, bring, field, typed, told):
    imported = bring()
    before = imported.targets.get()
    n, objective = number_of(imported, field), number_of(imported, "objective")
    sent = correct(editor_client, imported, {f"{n}-value": typed, f"{objective}-value": "Typed with care."})
    assert sent.status_code == 200
    page = html.unescape(sent.content.decode())
    assert told in page
    assert form_in(sent, "entry_form")[f"{objective}-value"] == "Typed with care."
    assert "Nothing was saved yet" in page
    assert imported.targets.get().said == before.said


@pytest.mark.parametrize(
    ("slot", "typed", "told"),
    [
        ("themes", "Nonsense", "the portal knows no “Nonsense”"),
        ("phase", "third", "“third” is no number"),
        ("budget", "lots", "“lots” is no number"),
        ("stage_stated", "dormant", "is none of: Planned, Current, Ended"),
        ("currency", "Taler", "three-letter code"),
        ("start", "2018", "Start stands here already"),
    ],
)
def test_text_that_fits_no_field_is_told_why(editor_client, bring, slot, typed, told):
    imported = bring()
    n = unplaced_of(imported, "harbour master")
    sent = correct(editor_client, imported, {f"{n}-slot": slot, f"{n}-value": typed})
    assert sent.status_code == 200
    assert told in html.unescape(sent.content.decode())


def test_bad_address_of_a_link_and_bad_day_of_a_call_are_told(editor_client, bring):
    imported = bring(PAGE + "\n\nCall for Experts: https://old.example/call\n\nMore information can be found here.")
    calls, links = number_of(imported, "calls"), number_of(imported, "links")
    sent = correct(editor_client, imported, {f"{calls}-more_closes": "June 2019", f"{links}-more_url": "nowhere"})
    page = html.unescape(sent.content.decode())
    assert "“June 2019” is no day" in page
    assert "Link: Enter a valid URL" in page


def test_change_without_a_tick_is_asked_about(editor_client, bring):
    imported = bring(PAGE.replace("Albania", "Ruritania"))
    n = next(n for n, one in enumerate(imported.targets.get().pieces) if one["value"] == {"new": "Ruritania"})
    sent = correct(editor_client, imported, {f"p{n}-value": "Albania"})
    assert "do not take it" in sent.content.decode()


def test_value_that_is_changed_and_no_longer_taken_is_asked_about(editor_client, bring):
    imported = bring()
    end, before = number_of(imported, "end"), imported.targets.get().pieces
    for changes in ({f"{end}-value": "June 2019"}, {f"{end}-value": "June 2019", f"{end}-slot": ""}):
        sent = correct(editor_client, imported, changes, drop=[f"{end}-taken"])
        assert "do not take it" in sent.content.decode()
        assert "June 2019" in sent.content.decode()
    assert imported.targets.get().pieces == before


def test_page_that_was_corrected_in_another_window_is_not_written_over(editor_client, bring):
    imported = bring()
    n = number_of(imported, "end")
    old = read_form(editor_client, url_of(imported), "entry_form").data
    correct(editor_client, imported, {f"{n}-value": "June 2019"})
    sent = editor_client.post(url_of(imported), old | {f"{n}-value": "July 2019"})
    assert "in another window" in sent.content.decode()
    assert form_in(sent, "entry_form")[f"{n}-value"] == "July 2019"
    assert imported.targets.get().said["fields"]["end"] == "2019-06"


def test_who_else_looks_sees_and_cannot_correct(client, bring, reviewer):
    imported = bring()
    client.force_login(reviewer)
    assert "disabled" in client.get(url_of(imported)).content.decode()
    assert client.post(url_of(imported), {}).status_code == 403


def test_import_that_was_carried_out_is_shown_and_not_corrected(editor_client, bring, carry):
    imported = bring()
    carry(imported)
    assert editor_client.get(url_of(imported)).status_code == 200
    said = editor_client.post(url_of(imported), {}, follow=True).content.decode()
    assert "not waiting any more" in said


def test_project_that_is_left_out_is_not_written_and_may_come_back(editor_client, bring, carry):
    imported = bring(layouts.plain((layouts.HARBOUR, layouts.BRIDGES)))
    editor_client.post(url_of(imported), {"_left_out": "yes"})
    assert [one.action for one in imported.targets.all()] == ["skip", "create"]
    editor_client.post(url_of(imported), {"_left_out": "no"})
    assert [one.action for one in imported.targets.all()] == ["create", "create"]
    editor_client.post(url_of(imported), {"_left_out": "yes"})
    carry(imported)
    assert [project.acronym for project in Project.objects.all()] == ["BRIDGE"]


def test_page_of_one_entry_costs_the_same_for_many_pieces(editor_client, bring, django_assert_max_num_queries):
    names = ", ".join(f"Fund Number {n} of the Sea" for n in range(40))
    imported = bring(PAGE.replace("Northern Lights Fund", names))
    with django_assert_max_num_queries(32):
        editor_client.get(url_of(imported))


def test_more_pieces_than_a_form_may_hold_stay_as_they_were_read(editor_client, bring):
    names = ", ".join(f"Fund Number {n} of the Sea" for n in range(150))
    imported = bring(PAGE.replace("Northern Lights Fund", names))
    before = imported.targets.get()
    assert "than there is room for" in editor_client.get(url_of(imported)).content.decode()
    assert correct(editor_client, imported, {}).status_code == 302
    assert imported.targets.get().said == before.said


# What has a place of its own

STAGE = PAGE.replace("Duration: March 2016 – September 2018", "Status: ongoing (as of May 2018)")


def test_stage_without_dates_is_taken_with_the_day_it_was_said(editor_client, bring, carry):
    imported = bring(STAGE)
    said = imported.targets.get().said["fields"]
    assert (said["stage_stated"], said["stage_as_of"]) == ("current", "2018-05")
    correct(editor_client, imported, {f"{number_of(imported, 'stage_as_of')}-value": "June 2018"})
    carry(imported)
    assert str(Project.objects.get().stage_as_of) == "2018-06"


def test_stage_beside_dates_is_read_and_not_taken(bring):
    imported = bring(PAGE.replace("Duration:", "Status: ongoing (as of May 2018)\n\nDuration:"))
    stated = [one for one in imported.targets.get().pieces if one["field"].startswith("stage_")]
    assert [(one["field"], one["taken"]) for one in stated] == [("stage_stated", False), ("stage_as_of", False)]


def test_day_of_a_stage_that_the_page_does_not_say_is_added_by_hand(editor_client, bring, carry):
    imported = bring(STAGE.replace(" (as of May 2018)", ""))
    stage = number_of(imported, "stage_stated")
    assert not imported.targets.get().pieces[int(stage[1:])]["taken"]
    added = {"added-slot": "stage_as_of", "added-value": "2019"}
    assert correct(editor_client, imported, {f"{stage}-taken": "on", **added}).status_code == 302
    carry(imported)
    project = Project.objects.get()
    assert (project.stage_stated, str(project.stage_as_of)) == ("current", "2019")
    assert [one["words"] for one in Origin.objects.get().pieces if one["field"] == "stage_as_of"] == [""]
    again = bring(STAGE.replace(" (as of May 2018)", ""))
    assert [one.action for one in again.targets.all()] == ["skip"]


def test_what_was_added_by_mistake_goes_without_a_trace(editor_client, bring):
    imported = bring()
    before = imported.targets.get()
    correct(editor_client, imported, {"added-slot": "target_groups", "added-value": "Seafarers"})
    assert imported.targets.get().said["fields"]["target_groups_en"] == "Seafarers"
    n = number_of(imported, "target_groups")
    sent = correct(editor_client, imported, {}, drop=[f"{n}-taken"])
    assert sent.status_code == 302
    assert (imported.targets.get().pieces, imported.targets.get().unplaced) == (before.pieces, before.unplaced)


def test_value_that_is_added_nowhere_is_asked_about(editor_client, bring):
    imported = bring()
    sent = correct(editor_client, imported, {"added-value": "Seafarers"})
    assert "Choose the field this goes to" in sent.content.decode()


def test_columns_of_a_row_are_corrected_beside_it(editor_client, bring, carry):
    imported = bring(PAGE.replace("Northern Lights Fund", "Northern Lights Fund (60 %, EUR 1,250,000)"))
    n = number_of(imported, "roles")
    form = read_form(editor_client, url_of(imported), "entry_form").data
    assert [form[f"{n}-more_{name}"] for name in ("share", "amount", "currency")] == ["60", "1250000", "EUR"]
    changes = {"share": "55.5 %", "amount": "1 300 000", "currency": "chf", "note": "by its report"}
    correct(editor_client, imported, {f"{n}-more_{name}": text for name, text in changes.items()})
    carry(imported)
    role = Project.objects.get().roles.get(role="donor")
    assert (str(role.share), str(role.amount), role.currency) == ("55.50", "1300000.00", "CHF")
    assert role.note == "by its report"


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        ("amount", "much", "“much” is no number"),
        ("currency", "Taler", "three-letter"),
        ("share", "120", "less than or equal"),
    ],
)
def test_mistake_in_a_column_of_a_row_stands_at_that_column(editor_client, bring, name, typed, told):
    imported = bring()
    box = f"{number_of(imported, 'roles')}-more_{name}"
    page = correct(editor_client, imported, {box: typed}).content.decode()
    assert f'id="id_{box}_error"' in page
    assert told in html.unescape(page[page.index(f'id="id_{box}_error"') :])
    assert re.search(rf'<input[^>]*name="{box}"[^>]*aria-invalid="true"', page)


def test_kinds_of_rows_stand_under_the_name_of_their_sort(editor_client, bring):
    page = editor_client.get(url_of(bring())).content.decode()
    group = page[page.index('<optgroup label="Former and other names">') :]
    assert '<option value="other_names=acronym">Acronym</option>' in group[: group.index("</optgroup>")]


def test_what_was_saved_is_told_with_the_way_to_it(editor_client, bring):
    imported = bring()
    n = number_of(imported, "end")
    sent = correct(editor_client, imported, {f"{n}-value": "June 2019"})
    number = int(n[1:]) + 1
    page = editor_client.get(sent.url).content.decode()
    told = f'Saved: <a href="{url_of(imported)}#piece-{number}">{number}. End</a>'
    assert told in page
    assert "Nothing was changed" in editor_client.get(correct(editor_client, imported, {}).url).content.decode()
    sent = correct(editor_client, imported, {f"{n}-value": "July 2019", "_done": "1"})
    assert "/entry/" not in sent.url
    assert told in editor_client.get(sent.url).content.decode()


def test_one_project_after_the_other_is_saved_with_one_click_each(editor_client, bring):
    imported = bring(f"{PAGE}\n\n{PAGE.replace('Safe Harbours', 'Warm Harbours')}")
    assert imported.targets.count() == 2
    for position in (1, 2):
        form = read_form(editor_client, url_of(imported, position), "entry_form")
        n = next(i for i, piece in enumerate(imported.targets.get(position=position).pieces) if piece["field"] == "end")
        data = form.data | {f"p{n}-value": "June 2019", "_next": "1"}
        sent = editor_client.post(url_of(imported, position), data)
        assert sent.url.startswith(url_of(imported, 2))  # behind the last there is none: it stays
    assert [said["fields"]["end"] for said in imported.targets.values_list("said", flat=True)] == ["2019-06", "2019-06"]


def test_name_nobody_knows_leads_to_where_somebody_says_what_it_is(editor_client, bring):
    imported = bring(PAGE.replace("Northern Lights Fund", "Bank of the Deep"))
    leads = f'href="/admin/portal/import/{imported.pk}/change/#names"'
    assert leads in editor_client.get(url_of(imported)).content.decode()
    (key,) = imported.names
    unknown.choose(imported, key, make_organisation("Deep Bank"))
    assert leads not in editor_client.get(url_of(imported)).content.decode()


def test_text_too_long_to_be_typed_is_shown_in_short_and_stays_whole(editor_client, bring):
    whole = "Stones and walls. " * 3_000
    imported = bring(PAGE.replace("Twelve ports", f"{whole}Twelve ports"))
    before = imported.targets.get().said["fields"]["summary_en"]
    assert len(before) > len(whole) - 5
    page = editor_client.get(url_of(imported)).content.decode()
    assert len(page) < 150_000
    assert re.search(r"\[… 50,\d{3} characters …\]", page)
    assert correct(editor_client, imported, {}).status_code == 302
    assert imported.targets.get().said["fields"]["summary_en"] == before
    sent = correct(editor_client, imported, {f"{number_of(imported, 'summary')}-slot": "objective"})
    assert sent.status_code == 302
    said = imported.targets.get().said["fields"]
    assert "summary_en" not in said
    assert whole.strip() in said["objective_en"]


# Decisions hold


def test_page_read_again_keeps_what_was_corrected(editor_client, bring, carry):
    imported = bring()
    end, role = number_of(imported, "end"), number_of(imported, "roles")
    aside = unplaced_of(imported, "harbour master")
    changes = {f"{end}-value": "June 2019", f"{aside}-slot": "other_partners"}
    correct(editor_client, imported, changes, drop=[f"{role}-taken"])
    carry(imported)
    again = bring()
    assert [one.action for one in again.targets.all()] == ["skip"]
    moved = bring(PAGE.replace("March 2016", "April 2016"))
    assert [one.action for one in moved.targets.all()] == ["update"]
    carry(moved)
    project = Project.objects.get()
    assert (str(project.start), str(project.end), project.other_partners) == ("2016-04", "2019-06", ASIDE)
    assert project.roles.count() == 1


def test_words_that_left_the_page_are_remarked_where_somebody_had_placed_them(editor_client, bring, carry):
    imported = bring()
    correct(editor_client, imported, {f"{unplaced_of(imported, 'harbour master')}-slot": "other_partners"})
    carry(imported)
    again = bring(PAGE.replace(ASIDE, ""))
    assert "is not on the page any more" in " ".join(again.targets.get().remarks)


# Where it came from


def test_form_leads_to_where_the_record_came_from(editor_client, bring, carry):
    carry(bring())
    project = Project.objects.get()
    form = editor_client.get(f"/admin/projects/project/{project.pk}/change/").content.decode()
    url = f"/admin/portal/import/origins/projects.project/{project.pk}/"
    assert url in form
    assert "stands in no field" in form
    page = editor_client.get(url).content.decode()
    for words in ("https://old.example/work", "sahara", "edith", ASIDE, "March 2016", "sure (0.90)"):
        assert words in page


def test_name_that_nobody_chose_anything_for_is_told_as_left_out(editor_client, bring, carry):
    carry(bring(PAGE.replace("Northern Lights Fund", "Bank of the Deep")))
    project = Project.objects.get()
    page = editor_client.get(f"/admin/portal/import/origins/projects.project/{project.pk}/").content.decode()
    left_out = page[page.index("What stands in no field") : page.index("The source, marked")]
    assert "Bank of the Deep" in left_out
    assert "Institute of Coastal Studies" not in left_out


def test_form_of_what_was_entered_here_leads_nowhere(editor_client):
    project = make_project()
    assert (
        "Where it came from" not in editor_client.get(f"/admin/projects/project/{project.pk}/change/").content.decode()
    )
    page = editor_client.get(f"/admin/portal/import/origins/projects.project/{project.pk}/")
    assert "no import has brought anything" in page.content.decode()


@pytest.mark.parametrize("rest", ["projects.project/999/", "projects.project/x/", "nonsense/1/", "projects.nothing/1/"])
def test_origins_of_what_is_not_there_are_not_found(editor_client, rest):
    assert editor_client.get(f"/admin/portal/import/origins/{rest}").status_code == 404


def test_origins_of_what_somebody_may_not_see_are_closed(editor_client):
    assert editor_client.get("/admin/portal/import/origins/accounts.user/1/").status_code == 404
    assert editor_client.get("/admin/portal/import/origins/auth.user/1/").status_code == 403


def test_live_record_leads_there_too(editor_client, bring, carry):
    carry(bring())
    project = publish(Project.objects.get())
    assert "Where it came from" in editor_client.get(f"/admin/projects/project/{project.pk}/change/").content.decode()
