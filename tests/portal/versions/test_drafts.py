"""Drafts of live pages: what visitors see stays, until somebody else puts the draft in place, now or at its time."""

import datetime
import uuid

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from dialogues.models import Meeting
from portal import kinds, roles
from portal.models import AuditEntry, Draft, Redirect, Version
from portal.versions import drafts, due
from portal.versions.content import take
from portal.versions.merging import merge
from projects.models import Project
from tests.factories import make_country, make_dialogue, make_organisation, make_project, make_record, publish
from tests.forms import send_form
from tests.people import make_person

NINE = datetime.datetime(2027, 3, 10, 9, tzinfo=datetime.UTC)


@pytest.fixture
def project(db):
    project = make_project(title="Safe routes", acronym="SAFE")
    project.roles.create(role="donor", organisation=make_organisation("European Union"))
    return publish(project)


def changed(record, **fields):
    content = take(record)
    return content | {"fields": content["fields"] | fields}


def write(project, editor, **fields):
    return drafts.save(project, changed(project, **fields or {"title_en": "Safer routes"}), by=editor)


def title():
    return Project.objects.get().title


@pytest.mark.parametrize("name", [kind.name for kind in kinds.all()])
def test_draft_of_every_kind_changes_nothing_for_visitors_until_it_is_published(name, client, editor, reviewer):
    record = make_record(kinds.get(name), published=True)
    url = record.get_absolute_url()
    before = client.get(url).content
    draft = write(record, editor, title_en="Quite another title")
    assert client.get(url).content == before
    drafts.submit(draft, by=editor)
    assert client.get(url).content == before
    drafts.publish(draft, by=reviewer)
    assert b"Quite another title" in client.get(url).content


def test_draft_that_was_published_says_who_wrote_and_who_approved(project, editor, reviewer):
    draft = write(project, editor)
    drafts.submit(draft, by=editor, note="New name since May")
    drafts.publish(draft, by=reviewer)
    project.refresh_from_db()
    assert (project.changed_by, project.submitted_by, project.approved_by) == (editor, editor, reviewer)
    assert project.status == "published"
    notes = AuditEntry.objects.about(project).order_by("pk").values_list("verb", "by__username", "note")
    assert list(notes) == [
        ("publish", "publisher", ""),
        ("draft", "edith", ""),
        ("submit draft", "edith", "New name since May"),
        ("publish draft", "rex", ""),
    ]
    versions = Version.objects.about(project).order_by("number").values_list("verb", "is_draft")
    assert list(versions) == [("found", False), ("draft", True), ("publish draft", False)]


def test_only_one_draft_is_open_for_a_record(project, editor, reviewer):
    first = write(project, editor)
    second = drafts.save(project, changed(project, title_en="Safest routes"), by=reviewer)
    assert (first.pk, second.changed_by) == (second.pk, reviewer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.create(
            content_type=first.content_type,
            object_id=first.object_id,
            version=first.version,
            base=first.base,
            changed_by=editor,
        )


def test_nobody_publishes_their_own_draft(project, editor, reviewer):
    draft = write(project, reviewer)
    with pytest.raises(ValidationError, match="somebody else"):
        drafts.publish(draft, by=reviewer)
    draft = write(project, editor)
    drafts.submit(draft, by=editor)
    Draft.objects.filter(pk=draft.pk).update(submitted_by=reviewer)
    with pytest.raises(ValidationError, match="somebody else"):
        drafts.publish(draft, by=reviewer)
    assert title() == "Safe routes"


@pytest.mark.parametrize("column", ["changed_by", "submitted_by"])
def test_the_database_refuses_a_draft_approved_by_its_author(project, editor, reviewer, column):
    draft = write(project, editor)
    columns = {"status": "published", "approved_by": reviewer, column: reviewer}
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.filter(pk=draft.pk).update(**columns)


def test_editor_cannot_publish_send_back_or_take_back(project, editor, reviewer):
    other = make_person("eva", roles.EDITOR)
    draft = write(project, editor)
    drafts.submit(draft, by=editor)
    with pytest.raises(PermissionDenied):
        drafts.publish(draft, by=other)
    with pytest.raises(PermissionDenied):
        drafts.send_back(draft, by=other, reason="No")
    with pytest.raises(PermissionDenied):
        drafts.discard(draft, by=other)
    drafts.publish(draft, by=reviewer, at=timezone.now() + datetime.timedelta(days=1))
    with pytest.raises(PermissionDenied):
        drafts.take_back(draft, by=other)


def test_who_may_not_change_a_record_writes_no_draft_of_it(project, colleague):
    with pytest.raises(PermissionDenied):
        write(project, colleague)


def test_draft_in_review_is_changed_by_reviewers_only(project, editor, reviewer):
    drafts.submit(write(project, editor), by=editor)
    with pytest.raises(ValidationError, match="being reviewed"):
        write(project, editor, title_en="One more change")
    assert write(project, reviewer, title_en="One more change").changed_by == reviewer


def test_draft_is_sent_back_with_a_reason_and_submitted_again(project, editor, reviewer):
    draft = write(project, editor)
    drafts.submit(draft, by=editor)
    with pytest.raises(ValidationError, match="Say what"):
        drafts.send_back(draft, by=reviewer, reason=" ")
    drafts.send_back(draft, by=reviewer, reason="Who pays?")
    assert (draft.status, draft.note) == ("writing", "Who pays?")
    drafts.submit(draft, by=editor)
    drafts.publish(draft, by=reviewer)
    assert title() == "Safer routes"


def test_discarded_draft_stays_in_the_history(project, editor):
    drafts.discard(write(project, editor), by=editor)
    assert drafts.open_draft(project) is None
    assert Version.objects.about(project).filter(is_draft=True).get().content["fields"]["title_en"] == "Safer routes"


def test_approved_draft_is_live_from_its_time_on_without_any_worker(client, project, editor, reviewer):
    draft = write(project, editor)
    with time_machine.travel(NINE - datetime.timedelta(days=1), tick=False):
        drafts.publish(draft, by=reviewer, at=NINE)
        assert draft.status == "approved"
    with time_machine.travel(NINE - datetime.timedelta(seconds=1), tick=False):
        assert b"Safer routes" not in client.get(project.get_absolute_url()).content
    with time_machine.travel(NINE, tick=False):
        assert b"Safer routes" in client.get(project.get_absolute_url()).content
        assert b"Safer routes" in client.get("/projects/").content
    assert Draft.objects.get().status == "published"


def test_approved_draft_can_be_taken_back_and_not_be_changed_before(project, editor, reviewer):
    draft = write(project, editor)
    drafts.publish(draft, by=reviewer, at=timezone.now() + datetime.timedelta(days=1))
    with pytest.raises(ValidationError, match="take it back"):
        write(project, reviewer)
    drafts.take_back(draft, by=reviewer)
    assert (draft.status, draft.approved_by, draft.publish_at) == ("writing", None, None)


def test_due_draft_that_no_longer_fits_waits_for_review_again(client, project, editor, reviewer):
    gone = make_organisation("Switzerland")
    content = take(project)
    row = content["rows"]["roles"][0]
    other = row | {"fields": row["fields"] | {"organisation": gone.pk}}
    draft = drafts.save(project, content | {"rows": content["rows"] | {"roles": [other]}}, by=editor)
    at = timezone.now() + datetime.timedelta(days=1)
    drafts.publish(draft, by=reviewer, at=at)
    gone.delete()
    with time_machine.travel(at, tick=False):
        assert client.get(project.get_absolute_url()).status_code == 200
    draft.refresh_from_db()
    assert (draft.status, draft.approved_by) == ("review", None)
    assert "does not exist any more" in draft.problem


def test_nothing_is_due_costs_one_query(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert due.put_due_in_place() == 0


def test_what_changed_on_the_live_page_meanwhile_is_kept(project, editor, reviewer):
    draft = write(project, editor)
    project.countries.add(make_country("TR"))
    Project.objects.filter(pk=project.pk).update(acronym="SR")
    drafts.publish(draft, by=reviewer)
    project.refresh_from_db()
    assert (project.title, project.acronym, project.countries.count()) == ("Safer routes", "SR", 1)


def test_draft_does_not_silently_undo_what_changed_in_the_same_place(project, editor, reviewer):
    draft = write(project, editor)
    live = Project.objects.get()
    live.title = "Safe routes for all"
    live.save()
    with pytest.raises(drafts.Clash):
        drafts.publish(draft, by=reviewer)
    assert title() == "Safe routes for all"
    drafts.publish(draft, by=reviewer, over=True)
    assert title() == "Safer routes"


def test_new_address_in_a_draft_redirects_once_it_is_live(client, project, editor, reviewer):
    old = project.get_absolute_url()
    draft = write(project, editor, slug="safer")
    assert not Redirect.objects.exists()
    drafts.publish(draft, by=reviewer)
    assert client.get(old).url == "/projects/safer/"


def test_record_that_was_withdrawn_goes_on_from_its_draft(project, editor, reviewer):
    write(project, editor)
    project.withdraw(by=reviewer, reason="A mistake")
    assert title() == "Safe routes"
    project.reopen(by=editor)
    assert title() == "Safer routes"
    assert drafts.open_draft(project) is None


def test_who_wrote_the_draft_a_record_goes_on_from_does_not_publish_it(project, editor, reviewer):
    write(project, reviewer)
    project.withdraw(by=reviewer, reason="A mistake")
    project.reopen(by=editor)
    with pytest.raises(ValidationError, match="somebody else must publish it"):
        Project.objects.get().publish(by=reviewer)


# Two changes brought together


def content(rows=(), countries=(), **fields):
    return {
        "fields": fields,
        "links": {"countries": list(countries)},
        "rows": {"roles": [{"id": key, "fields": row, "links": {}, "rows": {}} for key, row in rows]},
        "names": {},
    }


def test_changes_in_different_places_go_together():
    merged = merge(content(a=1, b=1), content(a=2, b=1), content(a=1, b=3))
    assert (merged.content["fields"], merged.clashes) == ({"a": 2, "b": 3}, [])


def test_the_same_change_twice_is_no_clash():
    assert merge(content(a=1), content(a=2), content(a=2)).clashes == []


def test_different_changes_of_one_thing_clash_and_mine_stands():
    merged = merge(content(a=1), content(a=2), content(a=3))
    assert (merged.content["fields"], merged.clashes) == ({"a": 3}, [("fields", "a")])


def test_links_are_joined():
    merged = merge(content(countries=[1, 2]), content(countries=[1, 2, 3]), content(countries=[2, 4]))
    assert merged.content["links"]["countries"] == [2, 3, 4]


def test_rows_added_and_removed_by_two_people_go_together():
    base = content(rows=[("x", {"share": 1}), ("y", {"share": 1})])
    theirs = content(rows=[("x", {"share": 1}), ("y", {"share": 1}), ("z", {"share": 9})])
    mine = content(rows=[("x", {"share": 2})])
    merged = merge(base, theirs, mine)
    assert [(row["id"], row["fields"]["share"]) for row in merged.content["rows"]["roles"]] == [("x", 2), ("z", 9)]
    assert merged.clashes == []


def test_row_that_one_removed_and_the_other_changed_stays_and_is_a_clash():
    base, changed = content(rows=[("x", {"share": 1})]), content(rows=[("x", {"share": 2})])
    for theirs, mine in ((changed, content()), (content(), changed)):
        merged = merge(base, theirs, mine)
        assert merged.content["rows"]["roles"][0]["fields"] == {"share": 2}
        assert merged.clashes == [("rows", "roles", "x")]


# What stands against a draft


TOMORROW = datetime.timedelta(days=1)


def test_due_draft_of_something_that_is_gone_keeps_nobody_from_reading(client, editor, reviewer):
    meeting = Meeting.objects.create(dialogue=make_dialogue(published=True), title="Senior officials meet")
    drafts.publish(write(meeting, editor, title_en="Others meet"), by=reviewer, at=timezone.now() + TOMORROW)
    Meeting.objects.all().delete()
    with time_machine.travel(timezone.now() + TOMORROW, tick=False):
        assert client.get("/projects/").status_code == 200
    assert Draft.objects.get().status == "discarded"


def test_due_draft_that_breaks_holds_up_no_other(client, monkeypatch, project, editor, reviewer):
    other = make_project(title="Other routes", published=True)
    at = timezone.now() + TOMORROW
    for record in (project, other):
        drafts.publish(write(record, editor, acronym="NEW"), by=reviewer, at=at)
    put = drafts.put

    def breaks(record, content):
        if record.pk == project.pk:
            raise DataError("invalid input")
        return put(record, content)

    monkeypatch.setattr(drafts, "put", breaks)
    with time_machine.travel(at, tick=False):
        assert client.get("/projects/").status_code == 200
    assert Project.objects.get(pk=other.pk).acronym == "NEW"
    draft = drafts.open_draft(project)
    assert (draft.status, draft.problem) == ("review", "It broke something; the log of the site says what.")


def test_who_approved_it_must_still_be_there_when_it_is_due(client, project, editor, reviewer):
    at = timezone.now() + TOMORROW
    drafts.publish(write(project, editor), by=reviewer, at=at)
    reviewer.is_active = False
    reviewer.save()
    with time_machine.travel(at, tick=False):
        client.get("/projects/")
    assert title() == "Safe routes"
    assert "may not publish any more" in drafts.open_draft(project).problem


def test_due_draft_speaks_the_language_of_the_editors_whoever_reads_first(client, project, editor, reviewer):
    at = timezone.now() + TOMORROW
    drafts.publish(write(project, editor, title_fr="Routes plus sûres"), by=reviewer, at=at)
    with time_machine.travel(at, tick=False), translation.override("fr"):
        due.put_due_in_place()
    assert AuditEntry.objects.about(project).first().label == "Safe routes"


def test_withdrawn_record_has_nothing_that_goes_live_by_itself(client, project, editor, reviewer):
    at = timezone.now() + TOMORROW
    drafts.publish(write(project, editor), by=reviewer, at=at)
    project.withdraw(by=reviewer, reason="A mistake")
    assert drafts.open_draft(project).status == "writing"
    with time_machine.travel(at, tick=False):
        client.get("/projects/")
    assert title() == "Safe routes"


def test_draft_is_neither_begun_nor_published_beside_a_record_that_is_not_live(project, editor, reviewer):
    draft = write(project, editor)
    project.withdraw(by=reviewer, reason="A mistake")
    with pytest.raises(ValidationError, match="not live"):
        drafts.publish(draft, by=reviewer)
    drafts.discard(draft, by=editor)
    with pytest.raises(ValidationError, match="not live"):
        write(project, editor)


def test_record_that_goes_on_from_its_draft_keeps_what_was_approved_meanwhile(project, editor, reviewer):
    draft = write(project, editor)
    project.countries.add(make_country("TR"))
    project.calls.create(title="Experts")
    project.withdraw(by=reviewer, reason="A mistake")
    project.reopen(by=editor)
    assert title() == "Safer routes"
    assert (project.countries.count(), project.calls.count()) == (1, 1)
    draft.refresh_from_db()
    assert draft.status == "discarded"


def test_row_that_breaks_a_rule_does_not_go_live(project, editor, reviewer):
    content = take(project)
    link = {
        "id": str(uuid.uuid4()),
        "fields": {"label_en": "Here", "url": "javascript:alert(1)", "position": 1},
        "links": {},
        "rows": {},
    }
    draft = drafts.save(project, content | {"rows": content["rows"] | {"links": [link]}}, by=editor)
    with pytest.raises(ValidationError, match="URL"):
        drafts.publish(draft, by=reviewer)
    assert not project.links.exists()


def test_draft_that_cannot_be_put_in_place_is_shown_with_the_reason_and_discarded(client, project, editor):
    write(project, editor, slug="wanted")
    make_project(title="Another", slug="wanted")
    client.force_login(editor)
    url = reverse("admin:projects_project_change", args=[project.pk])
    page = client.get(url).content.decode()
    assert "It cannot be put in place any more" in page
    assert 'value="Safe routes"' in page
    response = send_form(client, url, _verb="discard-draft")
    assert response.status_code == 302
    assert drafts.open_draft(project) is None
