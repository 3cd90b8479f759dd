"""Filters, choosing by typing, organisations, pages, addresses, and what stands on live pages."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from dialogues.models import Meeting
from portal import roles
from portal.models import AuditEntry, Organisation, Page, Redirect, Source, Version
from portal.versions import drafts
from portal.versions.content import digest, take
from projects.models import Programme, ProjectRole
from publications.models import Series
from tests.factories import make_country, make_organisation, make_project, make_publication, publish
from tests.forms import complaints, send_form
from tests.people import make_person
from tests.portal.admin.conftest import change_url

# Filters


def test_list_is_filtered_by_state_and_by_whose(editor_client, reviewer, project):
    other = make_project(changed_by=reviewer)
    publish(make_project())
    listed = lambda query: set(editor_client.get(f"/admin/projects/project/?{query}").context["cl"].queryset)  # noqa: E731
    assert listed("state=draft") == {project, other}
    assert listed("state=draft&mine=yes") == {project}
    assert len(listed("state=published")) == 1
    assert len(listed("state=nonsense")) == 3


def test_search_finds_former_names(editor_client, project):
    project.other_names.create(name="MIMAK I")
    found = editor_client.get("/admin/projects/project/?q=mimak").context["cl"].queryset
    assert list(found) == [project]


# Choosing by typing


def suggest(client, term, field="countries", model="project", app="projects"):
    query = {"term": term, "app_label": app, "model_name": model, "field_name": field}
    return [row["text"] for row in client.get("/admin/autocomplete/", query).json()["results"]]


def test_countries_are_found_in_every_language_by_code_and_by_former_name(editor_client):
    turkey = make_country("TR", "Türkiye")
    turkey.name_fr, turkey.name_ru = "Turquie", "Турция"
    turkey.save()
    turkey.other_names.create(name="Turkey")
    for term in ("Türk", "turkiye", "Turq", "турц", "Turkey", "tr"):
        assert suggest(editor_client, term) == ["Türkiye"], term


def test_best_match_comes_first_and_once(editor_client):
    for iso2, name in [("GQ", "Equatorial Guinea"), ("GN", "Guinea"), ("GW", "Guinea-Bissau"), ("NE", "Niger")]:
        make_country(iso2, name).other_names.create(name=f"Old {name}")
    make_country("NG", "Nigeria")
    assert suggest(editor_client, "Guinea") == ["Guinea", "Guinea-Bissau", "Equatorial Guinea"]
    assert suggest(editor_client, "Niger") == ["Niger", "Nigeria"]


def test_organisations_are_found_by_acronym_and_alias_but_not_when_merged(editor_client, administrator):
    kept, gone = make_organisation("Kept", acronym="KPT"), make_organisation("Gone")
    kept.other_names.create(name="Ancienne")
    gone.merge_into(kept, by=administrator)
    for term in ("kpt", "Ancienne", "Gone"):
        assert suggest(editor_client, term, "organisation", "projectrole") == ["Kept (KPT)"], term


# Organisations


def test_merging_moves_every_use_and_says_where(client, administrator):
    kept, twice = make_organisation("Kept"), make_organisation("Twice")
    project = make_project(donors=[twice])
    client.force_login(administrator)
    ticked = {"action": "merge", "_selected_action": [kept.pk, twice.pk]}
    page = client.post("/admin/portal/organisation/", ticked)
    assert b"organisations in the project: 1" in page.content
    client.post("/admin/portal/organisation/", ticked | {"_confirmed": "1", "target": kept.pk})
    assert project.roles.get().organisation == kept
    twice.refresh_from_db()
    assert twice.merged_into == kept


def test_merging_keeps_what_part_an_organisation_has(administrator):
    kept, twice = make_organisation("Kept"), make_organisation("Twice")
    project = make_project()
    role = project.roles.create(organisation=twice, role=ProjectRole.Role.PARTNER, share=5)
    twice.merge_into(kept, by=administrator)
    moved = project.roles.get()
    assert (moved.pk, moved.role, moved.share, moved.organisation) == (role.pk, "partner", 5, kept)


def test_merging_what_stands_in_one_record_is_refused_as_a_whole(client, administrator):
    kept, twice, third = (make_organisation(name) for name in ("Kept", "Twice", "Third"))
    make_project(donors=[third])
    make_project(donors=[kept, twice])
    client.force_login(administrator)
    data = {"action": "merge", "_selected_action": [third.pk, twice.pk], "_confirmed": "1", "target": kept.pk}
    response = client.post("/admin/portal/organisation/", data)
    assert "“Twice” was not merged, and nothing else either" in response.context["form"].errors["target"][0]
    assert Organisation.objects.filter(merged_into=None).count() == 3
    assert ProjectRole.objects.filter(organisation=third).exists()


def test_editor_cannot_merge_and_cannot_establish(editor_client):
    kept, twice = make_organisation("Kept"), make_organisation("Twice")
    data = {"action": "merge", "_selected_action": [twice.pk], "_confirmed": "1", "target": kept.pk}
    editor_client.post("/admin/portal/organisation/", data)
    assert not Organisation.objects.exclude(merged_into=None).exists()
    send_form(
        editor_client, "/admin/portal/organisation/add/", {"name_en": "New one", "is_established": "on"}, _save="1"
    )
    assert not Organisation.objects.get(name="New one").is_established


def test_merging_hands_over_what_the_survivor_lacks(administrator):
    kept = make_organisation("Kept", is_established=False, website="https://kept.example/")
    ids = {"iati_identifier": "XM-DAC-3-1", "ror": "https://ror.org/01abcde23"}
    twice = make_organisation("Twice", country=make_country(), website="https://twice.example/", **ids)
    twice.merge_into(kept, by=administrator)
    kept.refresh_from_db()
    assert (kept.country.iso2, kept.website, kept.is_established) == ("RS", "https://kept.example/", True)
    assert (kept.iati_identifier, kept.ror) == ("XM-DAC-3-1", "https://ror.org/01abcde23")


def test_merging_is_written_down_at_each_record_it_changes(administrator):
    kept, twice = make_organisation("Kept"), make_organisation("Twice")
    project, publication = make_project(donors=[twice]), make_publication(publisher=twice, published=True)
    meeting = Meeting.objects.create(title="Conference")
    meeting.organisers.add(twice)
    before = {record: record.changed_at for record in (project, publication, meeting)}
    twice.merge_into(kept, by=administrator)
    for record, changed_at in before.items():
        entry = AuditEntry.objects.about(record).first()
        assert (entry.verb, entry.by, entry.note) == ("change", administrator, "Twice → Kept")
        record.refresh_from_db()
        assert record.changed_at > changed_at, record


def test_merging_keeps_what_each_record_said_before_and_says_after(administrator, editor):
    kept, twice = make_organisation("Kept"), make_organisation("Twice", website="https://twice.example/")
    project, meeting = make_project(donors=[twice], changed_by=editor), Meeting.objects.create(title="Conference")
    meeting.organisers.add(twice)
    before = {record: take(record) for record in (project, meeting, kept)}
    twice.merge_into(kept, by=administrator)
    for record, content in before.items():
        merged, found = Version.objects.about(record)
        assert (found.verb, found.content) == ("found", content), record
        assert (merged.verb, merged.by, merged.note) == ("merge", administrator, "Twice → Kept")
        assert merged.digest == digest(take(record))
    assert [version.verb for version in Version.objects.about(twice)] == ["found"]  # nothing of its text has changed


def test_what_is_merged_is_read_again_under_its_lock(administrator):
    kept, twice, other = (make_organisation(name) for name in ("Kept", "Twice", "Other"))
    Organisation.objects.filter(pk=kept.pk).update(note="Written meanwhile")
    twice.merge_into(kept, by=administrator)
    assert Organisation.objects.get(pk=kept.pk).note == "Written meanwhile"
    with pytest.raises(ValidationError, match="has not been merged itself"):
        Organisation.objects.get(pk=twice.pk).merge_into(other, by=administrator)


def test_second_organisation_of_a_name_is_asked_about_first(editor_client):
    same = make_organisation("International Organization", acronym="IO")
    same.other_names.create(name="Organisation internationale")
    add = "/admin/portal/organisation/add/"
    box = 'type="checkbox" name="is_another"'
    assert box not in editor_client.get(add).content.decode()
    for name in ("international organization", "Organisation internationale", "IO"):
        response = send_form(editor_client, add, {"name_en": name}, _save="1")
        assert f'<a href="{change_url(same)}">' in complaints(response)["name_en"][0]
        assert box in response.content.decode()
    assert Organisation.objects.count() == 1
    send_form(editor_client, add, {"name_en": "IO", "is_another": "on"}, _save="1")
    assert Organisation.objects.count() == 2


def test_organisation_is_changed_without_being_asked_about_its_old_name(client, administrator):
    one, _two = make_organisation("Same"), make_organisation("Same")
    client.force_login(administrator)
    assert send_form(client, change_url(one), {"note": "Checked"}, _save="1").status_code == 302


def test_rule_about_two_dates_is_told_in_the_form(client, administrator):
    client.force_login(administrator)
    typed = {"country": make_country().pk, "city": "Vienna", "opened": "2020", "closed": "2019"}
    response = send_form(client, "/admin/portal/office/add/", typed, _save="1")
    assert complaints(response)["__all__"] == ["The office closed before it opened."]


# Pages and addresses


def test_page_goes_public_by_an_administrator_alone(client, reviewer, administrator):
    client.force_login(reviewer)
    typed = {"title_en": "Privacy", "slug": "privacy", "is_public": "on"}
    send_form(client, "/admin/portal/page/add/", typed, _save="1")
    page = Page.objects.get()
    assert not page.is_public
    send_form(client, change_url(page), {"text_en": "<p>We keep nothing.</p>", "is_public": "on"}, _save="1")
    page.refresh_from_db()
    assert (page.text, page.is_public) == ("<p>We keep nothing.</p>", False)
    client.force_login(administrator)
    send_form(client, change_url(page), {"is_public": "on"}, _save="1")
    page.refresh_from_db()
    assert page.is_public
    client.force_login(reviewer)
    send_form(client, change_url(page), {"title_en": "Other"}, _save="1")
    page.refresh_from_db()
    assert page.title == "Privacy"
    assert drafts.open_draft(page).changed_by == reviewer


@pytest.mark.parametrize(
    "old, message",
    [
        ("/fr/old/", "Leave out /fr: /old/"),
        ("/en/old/", "Leave out /en: /old/"),
        ("/projects/", "There is a page"),
        ("/projects/live/", "There is a page"),
        ("/countries/rs/", "There is a page"),
    ],
)
def test_redirect_from_where_something_is_or_with_a_language_is_refused(client, administrator, old, message):
    make_project(slug="live", published=True)
    make_country()
    client.force_login(administrator)
    add = "/admin/portal/redirect/add/"
    response = send_form(client, add, {"old_path": old, "new_path": "/about/"}, _save="1")
    assert message in complaints(response)["old_path"][0]
    make_project(slug="draft")
    for free in ("/projects/draft/", "/old/page.html"):
        assert send_form(client, add, {"old_path": free, "new_path": "/about/"}, _save="1").status_code == 302


def test_address_that_was_public_is_changed_by_reviewers_only(client, editor, reviewer, project):
    publish(project)
    project.withdraw(by=reviewer, reason="Wrong")
    project.reopen(by=editor)
    client.force_login(editor)
    send_form(client, change_url(project), {"slug": "other", "acronym": "X"}, _continue="1")
    project.refresh_from_db()
    assert (project.slug, project.acronym) == ("safe-routes", "X")
    client.force_login(reviewer)
    send_form(client, change_url(project), {"slug": "other"}, _continue="1")
    project.refresh_from_db()
    assert project.slug == "other"


def test_address_that_leads_elsewhere_is_not_given_to_another(reviewer_client, project):
    live = make_project(slug="first", published=True)
    live.slug = "second"
    live.save()
    response = send_form(reviewer_client, change_url(project), {"slug": "first"}, _continue="1")
    assert complaints(response)["slug"] == ["This address leads to /projects/second/ since it moved."]
    add = "/admin/projects/project/add/"
    assert "slug" in complaints(send_form(reviewer_client, add, {"title_en": "First"}, _continue="1"))
    # The one that moved may come back.
    assert send_form(reviewer_client, change_url(live), {"slug": "first"}, _draft="1").status_code == 302
    drafts.publish(drafts.open_draft(live), by=make_person("rita", roles.REVIEWER))
    assert Redirect.target_of("/projects/second/") == "/projects/first/"


def test_short_names_are_made_from_names(client, administrator, reviewer):
    client.force_login(administrator)
    make_organisation()
    cases = {
        "portal/source": ({"title_en": "Annual report", "title": "Annual report"}, "annual-report"),
        "publications/series": ({"title_en": "Working papers"}, "working-papers"),
        "projects/programme": ({"name_en": "Migration EU eXpertise", "acronym": "MIEUX"}, "mieux"),
        "dialogues/meetingseries": ({"name_en": "Yearly conference"}, "yearly-conference"),
        "publications/publicationtype": ({"name_en": "Policy brief"}, "policy-brief"),
    }
    for path, (typed, slug) in cases.items():
        for made in (slug, f"{slug}-2"):
            response = send_form(client, f"/admin/{path}/add/", typed, _save="1")
            assert response.status_code == 302, (path, complaints(response))
            model = apps.get_model(path.replace("/", "."))
            assert model.objects.filter(slug=made).exists(), path


# What stands on live pages besides records


def test_editor_neither_changes_nor_deletes_what_live_records_show(client, editor):
    programme = Programme.objects.create(slug="mieux", name="MIEUX")
    series = Series.objects.create(slug="papers", title="Papers")
    source = Source.objects.create(slug="report", title="Report")
    make_project(programme=programme, source=source, published=True)
    publication = make_publication(series=series, published=True)
    client.force_login(editor)
    assert client.post(change_url(source), {"title": "X"}).status_code == 403
    for shown in (programme, series, publication.type):
        said = take(shown)
        field = "title_en" if shown is series else "name_en"
        assert send_form(client, change_url(shown), {field: "X"}, _save="1").status_code == 302
        assert take(shown) == said
        assert drafts.open_draft(shown).version.content["fields"][field] == "X"
    for shown in (programme, series, source, publication.type):
        assert client.post(change_url(shown).replace("change", "delete"), {"post": "yes"}).status_code == 403, shown
