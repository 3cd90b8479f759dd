"""What others use is neither deleted nor taken out of a record, also where only a draft speaks of it."""

import pytest
from django.core.exceptions import ValidationError

from dialogues.models import Activity, Meeting
from portal.models import AuditEntry, Country, Organisation
from portal.versions import drafts
from portal.versions.content import put, take
from portal.versions.uses import uses, why_not_removed
from tests.factories import make_country, make_dialogue, make_organisation, make_project, make_publication
from tests.forms import complaints, send_form
from tests.portal.versions.conftest import delete, url


@pytest.fixture
def dialogue(db):
    return make_dialogue(title="Budapest Process", published=True)


@pytest.fixture
def meeting(dialogue):
    return Meeting.objects.create(dialogue=dialogue, title="Ministerial", slug="ministerial")


def without_meetings(dialogue):
    content = take(dialogue)
    return content | {"rows": content["rows"] | {"meetings": []}}


def saying(record, **fields):
    content = take(record)
    return content | {"fields": content["fields"] | fields}


# Rows that are taken out


def test_draft_that_removes_what_another_page_points_at_is_not_published(dialogue, meeting, editor, reviewer):
    draft = drafts.save(dialogue, without_meetings(dialogue), by=editor)
    drafts.submit(draft, by=editor)
    publication = make_publication(title="Report", meeting=meeting, published=True)
    with pytest.raises(ValidationError, match="“Ministerial” cannot be removed: it is used by Publication “Report”"):
        drafts.publish(draft, by=reviewer)
    publication.refresh_from_db()
    assert publication.meeting == meeting


def test_row_that_another_page_points_at_is_not_removed_in_the_form(editor_client, dialogue, meeting):
    make_publication(title="Report", meeting=meeting, published=True)
    for record in (dialogue, make_dialogue(title="Unpublished")):
        Meeting.objects.update(dialogue=record)
        response = send_form(editor_client, url(record, "change"), {"meetings-0-DELETE": "on"}, _continue="1")
        assert "is used by Publication “Report”" in complaints(response)["meetings"][0]
        assert drafts.open_draft(record) is None
    assert Meeting.objects.exists()


def test_row_with_a_draft_of_its_own_is_not_removed_before_that_is_discarded(editor_client, editor, dialogue, meeting):
    draft = drafts.save(meeting, saying(meeting, title_en="Conference"), by=editor)
    response = send_form(editor_client, url(dialogue, "change"), {"meetings-0-DELETE": "on"}, _continue="1")
    assert "it has an open draft. Discard that first." in complaints(response)["meetings"][0]
    with pytest.raises(ValidationError, match="Discard that first"):
        put(dialogue, without_meetings(dialogue))
    drafts.discard(draft, by=editor)
    assert put(dialogue, without_meetings(dialogue)) == []
    assert not Meeting.objects.exists()


def test_row_that_only_a_draft_of_another_page_speaks_of_is_not_removed(editor, dialogue, meeting):
    publication = make_publication(title="Report", published=True)
    draft = drafts.save(publication, saying(publication, meeting=str(meeting.pk)), by=editor)
    with pytest.raises(ValidationError, match="the open draft of “Report” speaks of it"):
        put(dialogue, without_meetings(dialogue))
    drafts.discard(draft, by=editor)
    put(dialogue, without_meetings(dialogue))


def test_row_that_only_its_own_record_and_its_draft_speak_of_is_removed(client, editor, reviewer, dialogue, meeting):
    Activity.objects.create(dialogue=dialogue, title="Visit", meeting=meeting)
    client.force_login(editor)
    send_form(client, url(dialogue, "change"), {"title_en": "Prague Process"}, _draft="1")
    sent = send_form(client, url(dialogue, "change"), {"meetings-0-DELETE": "on"}, _verb="submit-draft")
    assert sent.status_code == 302
    drafts.publish(drafts.open_draft(dialogue), by=reviewer)
    assert not Meeting.objects.exists()
    assert Activity.objects.get().meeting is None


# What is deleted


@pytest.mark.parametrize("name", ["organisation", "country"])
def test_what_only_an_open_draft_names_is_not_deleted(client, administrator, editor, name):
    project = make_project(title="Safe routes", published=True)
    content = take(project)
    if name == "country":
        thing = make_country()
        content["links"]["countries"] = [thing.pk]
    else:
        thing = make_organisation("Switzerland")
        role = make_project(donors=[thing]).roles.get()
        content["rows"]["roles"] = take(role.project)["rows"]["roles"]
        role.delete()
    draft = drafts.save(project, content, by=editor)
    client.force_login(administrator)
    page = delete(client, thing).content.decode()
    assert f'Draft of a live page: <a href="{url(project, "change")}">Safe routes</a>' in page
    assert type(thing).objects.filter(pk=thing.pk).exists()
    assert not AuditEntry.objects.filter(verb="delete").exists()
    drafts.discard(draft, by=editor)
    assert delete(client, thing).status_code == 302
    assert not (Organisation if name == "organisation" else Country).objects.exists()


def test_draft_that_holds_the_number_elsewhere_does_not_name_it(editor):
    project = make_project(published=True)
    country = make_country()
    drafts.save(project, saying(project, acronym=str(country.pk)), by=editor)
    assert list(uses(country)) == []


def test_many_rows_are_asked_for_with_few_queries(dialogue, meeting, django_assert_num_queries):
    for n in range(120):
        meeting.attendance.create(sector=f"Ministry {n}", number=1)
    with django_assert_num_queries(5):
        assert why_not_removed(meeting, dialogue) == ""
