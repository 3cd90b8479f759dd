"""Restoring: a draft where visitors see the record, and never past what the person's own form lets them write."""

import pytest

from dialogues.models import Meeting
from portal import roles
from portal.models import AuditEntry, Country, Draft, Organisation, Page, Version
from portal.versions import drafts
from portal.versions.content import take
from projects.models import Programme, Project
from tests.factories import make_country, make_dialogue, make_organisation, make_project, publish
from tests.people import make_person
from tests.portal.admin.conftest import texts
from tests.portal.versions.conftest import keep, restore, url


@pytest.fixture
def project(editor):
    project = make_project(title="Safe routes", changed_by=editor)
    project.countries.add(make_country("TR", "Türkiye"))
    keep(project, editor)
    project.countries.clear()
    keep(project, editor, title_en="Safer routes")
    return project


def stored():
    return Project.objects.get()


def refused(client, record, number=1):
    return [
        client.get(url(record, "restore", number)).status_code,
        client.post(url(record, "restore", number)).status_code,
    ]


def test_draft_is_restored_at_once_with_its_links(editor_client, editor, project):
    restore(editor_client, project, 1, reason="The name was right")
    assert stored().title == "Safe routes"
    assert stored().countries.get().iso2 == "TR"
    version = Version.objects.about(project).first()
    assert (version.number, version.verb, version.by, version.note) == (
        3,
        "restore",
        editor,
        "Version 1. The name was right",
    )
    entry = AuditEntry.objects.about(project).first()
    assert (entry.verb, entry.note, entry.by) == ("restore", version.note, editor)


def test_what_was_there_can_be_restored_in_turn(editor_client, project):
    Project.objects.update(acronym="NEVER KEPT")
    restore(editor_client, project, 1)
    found = Version.objects.about(project).get(number=3)
    assert (found.verb, found.content["fields"]["acronym"]) == ("found", "NEVER KEPT")


def test_restoring_what_is_live_makes_a_draft_and_visitors_see_no_change(client, editor, reviewer, project):
    publish(project)
    before = client.get(project.get_absolute_url()).content
    client.force_login(editor)
    restore(client, project, 1)
    client.logout()
    assert client.get(project.get_absolute_url()).content == before
    draft = drafts.open_draft(project)
    assert (draft.status, draft.changed_by, draft.version.verb) == ("writing", editor, "restore")
    drafts.publish(draft, by=reviewer)
    assert stored().title == "Safe routes"


def test_reviewer_restores_what_is_live_as_a_draft_too(reviewer_client, project):
    publish(project)
    restore(reviewer_client, project, 1)
    assert stored().title == "Safer routes"
    assert Draft.objects.get().is_open


def test_restoring_never_restores_a_state(client, editor, reviewer, project):
    """An editor asks for a version that was live, of a record that is withdrawn."""
    publish(project)
    keep(project, editor, acronym="LIVE")
    project.withdraw(by=reviewer, reason="A mistake")
    keep(project, editor, acronym="GONE")
    client.force_login(editor)
    restore(client, project, 3)
    assert (stored().status, stored().acronym, stored().withdrawal_reason) == ("archived", "LIVE", "A mistake")


def test_who_restored_does_not_publish_it(client, project, reviewer):
    client.force_login(reviewer)
    restore(client, project, 1)
    assert stored().changed_by == reviewer


def test_record_in_review_is_closed_to_its_editor(editor_client, editor, project):
    project.submit(by=editor)
    assert refused(editor_client, project) == [403, 403]
    assert stored().title == "Safer routes"


def test_draft_in_review_is_closed_to_its_editor(editor_client, editor, project):
    publish(project)
    content = take(project)
    draft = drafts.save(project, content | {"fields": content["fields"] | {"acronym": "X"}}, by=editor)
    drafts.submit(draft, by=editor)
    assert refused(editor_client, project) == [403, 403]
    assert Draft.objects.get().version == draft.version


def test_who_may_only_look_cannot_restore(client, project):
    looker = make_person("lou", roles.STAFF)
    looker.user_permissions.add(*project_permissions("view_project"))
    client.force_login(looker)
    assert client.get(url(project, "history")).status_code == 200
    assert refused(client, project) == [403, 403]


def project_permissions(*names):
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(codename__in=names)


def test_editor_cannot_restore_a_vocabulary_that_is_for_administrators(editor_client):
    country = make_country()
    keep(country)
    keep(country, name_en="Another")
    assert refused(editor_client, country) == [403, 403]
    assert Country.objects.get().name == "Another"


def test_editor_restores_a_vocabulary_of_their_own_app_as_a_draft(client, editor, reviewer):
    programme = Programme.objects.create(name="Prague", slug="prague")
    keep(programme)
    keep(programme, name_en="Praha")
    client.force_login(editor)
    restore(client, programme, 1)
    assert Programme.objects.get().name == "Praha"
    assert drafts.open_draft(programme).changed_by == editor
    client.force_login(reviewer)
    drafts.discard(drafts.open_draft(programme), by=editor)
    restore(client, programme, 1)
    assert Programme.objects.get().name == "Prague"


def test_nobody_makes_a_page_public_by_restoring(client, reviewer, administrator):
    page = Page.objects.create(title="About", slug="x", is_public=True)
    keep(page)
    keep(page, is_public=False, title_en="About us")
    client.force_login(reviewer)
    answer = restore(client, page, 1)
    page.refresh_from_db()
    assert (page.is_public, page.title) == (False, "About")
    assert "Left as it is, because you may not change it: Public" in texts(client.get(answer.url))
    client.force_login(administrator)
    restore(client, page, 1)
    page.refresh_from_db()
    assert page.is_public


def test_public_page_is_restored_as_a_draft_by_who_may_not_make_pages_public(client, reviewer):
    page = Page.objects.create(title="About", slug="x", is_public=True)
    keep(page)
    keep(page, title_en="About us")
    client.force_login(reviewer)
    restore(client, page, 1)
    page.refresh_from_db()
    assert page.title == "About us"
    assert drafts.open_draft(page).version.content["fields"]["title_en"] == "About"


def test_nobody_establishes_an_organisation_by_restoring(client, editor):
    editor.user_permissions.add(*project_permissions("change_organisation"))
    organisation = make_organisation("First", is_established=True)
    keep(organisation)
    keep(organisation, is_established=False, name_en="Second")
    client.force_login(editor)
    restore(client, organisation, 1)
    found = Organisation.objects.get()
    assert (found.name, found.is_established) == ("First", False)


def test_address_people_may_have_kept_is_not_restored_by_an_editor(client, editor, reviewer, project):
    old = project.slug
    publish(project)
    keep(project, slug="new-address")
    project.withdraw(by=reviewer, reason="A mistake")
    client.force_login(editor)
    restore(client, project, 1)
    assert (stored().slug, stored().title) == ("new-address", "Safe routes")
    client.force_login(reviewer)
    restore(client, project, 1)
    assert stored().slug == old


def test_nobody_lists_a_meeting_by_restoring_it_or_its_dialogue(client, editor):
    dialogue = make_dialogue(changed_by=editor)
    meeting = Meeting.objects.create(dialogue=dialogue, title="Senior officials", is_listed=True)
    keep(dialogue)
    keep(meeting)
    keep(meeting, is_listed=False, title_en="Ministers")
    client.force_login(editor)
    restore(client, meeting, 1)
    meeting.refresh_from_db()
    assert (meeting.title, meeting.is_listed) == ("Senior officials", False)
    keep(meeting, title_en="Ministers")
    restore(client, dialogue, 1)
    meeting.refresh_from_db()
    assert (meeting.title, meeting.is_listed) == ("Senior officials", False)
    keep(dialogue)
    meeting.delete()
    restore(client, dialogue, 1)
    assert Meeting.objects.get().is_listed is False


def test_editor_does_not_restore_a_part_onto_a_live_record(client, editor):
    live, own = make_dialogue(published=True), make_dialogue(changed_by=editor)
    meeting = Meeting.objects.create(dialogue=live, title="Senior officials")
    keep(meeting)
    keep(meeting, dialogue=own)
    client.force_login(editor)
    page = restore(client, meeting, 1)
    assert "only who may publish it may add to it" in page.content.decode()
    meeting.refresh_from_db()
    assert meeting.dialogue == own


def test_part_of_a_live_record_is_restored_as_a_draft(editor_client):
    meeting = Meeting.objects.create(dialogue=make_dialogue(published=True), title="Senior officials")
    keep(meeting)
    keep(meeting, title_en="Ministers")
    restore(editor_client, meeting, 1)
    meeting.refresh_from_db()
    assert meeting.title == "Ministers"
    assert drafts.open_draft(meeting).version.content["fields"]["title_en"] == "Senior officials"


def test_not_even_a_draft_hangs_a_part_on_what_is_in_review(editor_client, editor):
    reviewed = make_dialogue(changed_by=editor)
    meeting = Meeting.objects.create(dialogue=reviewed, title="Senior officials")
    keep(meeting)
    keep(meeting, dialogue=make_dialogue(published=True))
    reviewed.submit(by=editor)
    page = restore(editor_client, meeting, 1)
    assert "is in review" in page.content.decode()
    assert drafts.open_draft(meeting) is None


def test_editor_does_not_undo_a_closed_row_by_restoring_its_record(client, editor, reviewer):
    dialogue = make_dialogue(changed_by=editor)
    keep(dialogue)
    meeting = Meeting.objects.create(dialogue=dialogue, title="Senior officials", is_listed=True)
    keep(dialogue)
    client.force_login(editor)
    page = restore(client, dialogue, 1)
    assert "is listed" in page.content.decode()
    assert Meeting.objects.get() == meeting
    client.force_login(reviewer)
    restore(client, dialogue, 1)
    assert not Meeting.objects.exists()


def test_a_page_opened_before_somebody_elses_save_restores_nothing(editor_client, editor, project):
    seen = editor_client.get(url(project, "restore", 1)).context["seen"]
    keep(project, editor, title_en="Changed meanwhile")
    page = editor_client.post(url(project, "restore", 1), {"seen": seen})
    assert "It has changed since you opened this page" in page.content.decode()
    assert page.context["seen"] != seen
    assert stored().title == "Changed meanwhile"


def test_post_without_looking_restores_nothing(editor_client, project):
    editor_client.post(url(project, "restore", 1))
    assert stored().title == "Safer routes"


def test_what_is_gone_is_told_before_and_after(editor_client, project):
    make_country("TR").delete()
    assert b"Country \xe2\x80\x9cT\xc3\xbcrkiye\xe2\x80\x9d" in editor_client.get(url(project, "restore", 1)).content
    answer = restore(editor_client, project, 1)
    assert "Left out, because it does not exist any more: Country “Türkiye”" in texts(editor_client.get(answer.url))
    assert stored().title == "Safe routes"


def test_what_cannot_be_left_out_refuses_the_whole(editor_client, project):
    role = project.roles.create(role="donor", organisation=make_organisation("Switzerland"))
    keep(project)
    role.delete()
    Organisation.objects.all().delete()
    page = restore(editor_client, project, 3)
    assert "Organisation “Switzerland” does not exist any more" in page.content.decode()
    assert stored().title == "Safer routes"


def test_what_breaks_a_rule_is_refused_by_the_name_of_its_field(editor_client, editor, project):
    keep(project, editor, title_en="")
    keep(project, editor, title_en="Safest routes")
    page = restore(editor_client, project, 3)
    assert "Title: This field cannot be blank." in page.content.decode()
    assert stored().title == "Safest routes"


def test_restoring_what_is_there_already_writes_nothing(editor_client, project):
    before = Version.objects.count()
    page = restore(editor_client, project, 2)
    assert "nothing to restore" in page.content.decode()
    assert Version.objects.count() == before


def test_version_of_another_record_is_not_restored(editor_client, editor, project):
    other = make_project(title="Other", changed_by=editor)
    for n in range(5):
        keep(other, editor, acronym=f"S{n}")
    seen = editor_client.get(url(project, "restore", 1)).context["seen"]
    assert editor_client.post(url(project, "restore", 4), {"seen": seen}).status_code == 404
    assert stored_title(project) == "Safer routes"


def stored_title(project):
    return Project.objects.get(pk=project.pk).title
