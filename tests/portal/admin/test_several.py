"""Changing several records at once: a list of what changes, all of it or nothing, and taking it back."""

import datetime
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib import admin
from django.db import IntegrityError, connection, models
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dialogues.models import Instrument, Meeting
from portal.admin.several.change import ChangesSeveral
from portal.admin.several.form import ChangeForm
from portal.models import AuditEntry, Draft, Organisation, Version
from portal.prose import ProseField
from portal.versions import drafts
from portal.versions.content import take
from portal.versions.shape import shape_of
from projects.models import Programme, Project
from publications.models import Publication
from tests.factories import (
    make_country,
    make_dialogue,
    make_organisation,
    make_project,
    make_publication,
    make_theme,
    publish,
)
from tests.forms import form_in
from tests.portal.admin.conftest import texts

PAST = "/admin/changes-at-once/"
BY_MODEL = {type(admin_): model for model, admin_ in admin.site._registry.items() if isinstance(admin_, ChangesSeveral)}


def several_url(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_several")


def choose(client, records):
    """The first page: what is to be said of these."""
    meta = records[0]._meta
    data = {"action": "change_several", "_selected_action": [record.pk for record in records]}
    response = client.post(reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist"), data, follow=True)
    return response


def look(client, records, **change):
    """The second page: what it does to each. set__acronym="X" fills in the box of the form."""
    sent = {f"several-{name.replace('__', '-')}": value for name, value in change.items()}
    data = form_in(choose(client, records), "several_form") | sent
    return client.post(several_url(type(records[0])), data)


def send(client, model, page, button="_apply", **more):
    return client.post(several_url(model), form_in(page, "several_form") | {button: "1"} | more, follow=True)


def change(client, records, submit=False, **change):
    page = look(client, records, **change)
    return send(client, type(records[0]), page, **({"submit": "1"} if submit else {}))


def undo_page(client, batch):
    return client.get(f"{PAST}{batch}/")


def undo(client, batch, page=None, button="_apply", **more):
    data = form_in(page or undo_page(client, batch), "several_form") | {button: "1"} | more
    return client.post(f"{PAST}{batch}/", data, follow=True)


def last_batch():
    return Version.objects.filter(batch__isnull=False).order_by("-pk").values_list("batch", flat=True)[0]


def everything():
    """What must be the same after a change that was refused."""
    return (
        [take(project) | {"names": None} for project in Project.objects.order_by("pk")],
        Version.objects.count(),
        Draft.objects.count(),
        AuditEntry.objects.count(),
    )


@pytest.fixture
def serbia(db):
    return make_country()


@pytest.fixture
def three(editor):
    return [make_project(title=f"Draft {n}", changed_by=editor) for n in range(3)]


# What can be changed


@pytest.mark.parametrize("model", BY_MODEL.values(), ids=lambda model: model.__name__)
def test_what_can_be_changed_in_many_is_no_text_no_address_no_file_and_publishes_nothing(model):
    shape = shape_of(model)
    known = {field.name: field for field in (*shape.fields, *shape.links)}
    for name in admin.site._registry[model].bulk_fields:
        field = known[name]
        assert not isinstance(field, (ProseField, models.TextField, models.SlugField, models.FileField)), name
        assert not isinstance(field, models.BooleanField), name
        assert not field.unique, name
        assert name not in {"title", "name", "label", "acronym", "status"}


@pytest.mark.parametrize(
    "model", [model for model in BY_MODEL.values() if admin.site._registry[model].bulk_fields], ids=lambda m: m.__name__
)
def test_form_of_every_model_begins_empty_and_changes_nothing(model, superuser, rf):
    request = rf.get("/")
    request.user = superuser
    model_admin = admin.site._registry[model]
    assert len(list(ChangeForm(model_admin, request).rows)) == len(model_admin.bulk_fields)
    form = ChangeForm(model_admin, request, data=QueryDict("several-set-type=&several-empty-type="))
    assert not form.is_valid()
    assert form.non_field_errors() == ["Choose what to change."]


def test_who_may_not_change_a_model_is_offered_nothing(client, editor, serbia):
    client.force_login(editor)
    page = client.get("/admin/portal/country/")
    assert b"Change several at once" not in page.content
    sent = {"_selected_action": serbia.pk, "several-empty-region": "on", "_apply": "1"}
    assert client.post("/admin/portal/country/several/", sent).status_code == 403
    assert client.post("/admin/publications/series/several/", sent).status_code == 403  # nothing of it is for many
    assert client.get("/admin/projects/project/several/").status_code == 405


# The list of what will change, and the change


def test_list_says_of_each_record_what_changes_before_anything_does(editor_client, three, serbia):
    three[0].countries.add(serbia)
    before = everything()
    page = look(editor_client, three, add__countries=[serbia.pk], set__review_due="2031-05-01").content.decode()
    assert everything() == before
    assert "3 records change" in page
    assert page.count("<ins>1 May 2031</ins>") == 3
    assert page.count("<ins>Serbia</ins>") == 2  # one has it already
    page = look(editor_client, three, add__countries=[serbia.pk]).content.decode()
    assert "2 records change" in page
    assert "1 record stays as it is" in page


def test_change_is_written_with_one_batch_in_versions_and_log(editor_client, editor, three, serbia):
    lebanon = make_country("LB", "Lebanon")
    programme = Programme.objects.create(slug="mieux", name="MIEUX")
    three[0].countries.add(lebanon)
    response = change(
        editor_client,
        three,
        add__countries=[serbia.pk],
        remove__countries=[lebanon.pk],
        set__programme=programme.pk,
        set__stage_stated="ended",
        set__stage_as_of="March 2030",
        set__last_checked="2030-03-02",
    )
    assert texts(response)[0].startswith("3 records are changed. <a")
    for project in Project.objects.all():
        assert list(project.countries.all()) == [serbia]
        assert (project.programme, project.stage_stated, project.changed_by) == (programme, "ended", editor)
        assert (str(project.stage_as_of), project.last_checked) == ("2030-03", datetime.date(2030, 3, 2))
        found, changed = Version.objects.about(project).order_by("number")
        assert (found.verb, found.batch) == ("found", None)
        assert (changed.verb, changed.by, changed.is_draft) == ("change at once", editor, False)
        entry = AuditEntry.objects.about(project).get()
        assert (entry.verb, entry.by, entry.before, entry.after) == ("change at once", editor, "draft", "draft")
        assert "Countries: added Serbia\nCountries: taken out Lebanon" in entry.note
    assert Version.objects.filter(batch__isnull=False).values("batch").distinct().count() == 1


def test_values_are_emptied(editor_client, three):
    Project.objects.update(review_due="2031-01-01", source_locator="p. 3")
    change(editor_client, three, empty__review_due="on", empty__source_locator="on")
    assert set(Project.objects.values_list("review_due", "source_locator")) == {(None, "")}


def test_what_was_left_unticked_is_left_alone(editor_client, three):
    page = look(editor_client, three, set__review_due="2031-05-01")
    send(editor_client, Project, page, _selected_action=[three[1].pk])
    assert list(Project.objects.exclude(review_due=None)) == [three[1]]


def test_editor_changes_live_records_and_publishes_nothing(client, editor, reviewer, serbia):
    live = [make_project(title=f"Live {n}", published=True) for n in range(3)]
    seen = [client.get(project.get_absolute_url()).content for project in live]
    client.force_login(editor)
    page = look(client, live, add__countries=[serbia.pk])
    assert page.content.decode().count("as a draft: visitors see nothing of it yet") == 3
    response = send(client, Project, page, submit="1")
    assert "As drafts of what visitors see: 3." in texts(response)[0]
    assert not Project.objects.filter(countries=serbia).exists()
    assert set(Draft.objects.values_list("status", "submitted_by__username")) == {("review", "edith")}
    client.logout()
    assert [client.get(project.get_absolute_url()).content for project in live] == seen
    drafts.publish(drafts.open_draft(live[0]), by=reviewer)
    assert Project.objects.filter(countries=serbia).get() == live[0]


def test_live_and_unpublished_records_are_changed_together_each_in_its_way(editor_client, three):
    publish(three[1])
    change(editor_client, three, set__review_due="2031-05-01")
    assert set(Project.objects.exclude(review_due=None)) == {three[0], three[2]}
    draft = Draft.objects.get()
    assert (draft.object_id, draft.status) == (str(three[1].pk), "writing")
    assert draft.version.content["fields"]["review_due"] == "2031-05-01"
    assert Version.objects.filter(batch=last_batch()).count() == 3


def test_open_draft_goes_on_and_keeps_what_it_said(editor_client, editor):
    project = make_project(title="Live", published=True)
    said = take(project)
    drafts.save(project, said | {"fields": said["fields"] | {"acronym": "NEW"}}, by=editor)
    change(editor_client, [project], set__review_due="2031-05-01")
    fields = Draft.objects.get().version.content["fields"]
    assert (fields["acronym"], fields["review_due"]) == ("NEW", "2031-05-01")


# All of it or nothing


@pytest.mark.parametrize("place", [0, 25, 49])
def test_one_bad_record_of_fifty_stops_all_until_it_is_left_out(editor_client, place):
    projects = [make_project() for _n in range(50)]
    odd = projects[place]
    odd.title, odd.stage_stated, odd.stage_as_of = "The odd one", "current", "2020"
    odd.save()
    before = everything()
    page = look(editor_client, projects, empty__stage_as_of="on", set__review_due="2031-05-01")
    assert [str(subject.record) for subject in page.context["refused"]] == ["The odd one"]
    assert "a stage without dates grows old" in page.content.decode()
    response = send(editor_client, Project, page)
    assert texts(response)[0].startswith("Nothing was changed. “The odd one”: Say when")
    assert everything() == before
    rest = send(editor_client, Project, page, button="_leave_out")
    assert len(rest.context["changing"]) == 49
    send(editor_client, Project, rest)
    assert Project.objects.filter(review_due="2031-05-01").count() == 49


@pytest.mark.parametrize("place", [0, 25, 49])
def test_one_failure_while_writing_undoes_what_was_written(editor_client, monkeypatch, place):
    projects = [make_project() for _n in range(50)]
    page = look(editor_client, projects, set__review_due="2031-05-01")
    before, save = everything(), Project.save

    def fail(project, *args, **kwargs):
        if project.pk == projects[place].pk:
            raise IntegrityError("a rule")
        save(project, *args, **kwargs)

    monkeypatch.setattr(Project, "save", fail)
    response = send(editor_client, Project, page)
    assert f"“{projects[place]}”: it contradicts a rule of the database." in texts(response)[0]
    assert everything() == before


def test_records_closed_to_somebody_are_named_with_the_reason(editor_client, editor, reviewer, three):
    in_review, live, free = three
    in_review.submit(by=editor)
    publish(live)
    draft = drafts.save(live, take(live) | {"fields": take(live)["fields"] | {"acronym": "NEW"}}, by=editor)
    drafts.publish(draft, by=reviewer, at=datetime.datetime(2040, 1, 1, tzinfo=datetime.UTC))
    before = everything()
    page = look(editor_client, three, set__review_due="2031-05-01")
    told = {subject.record: subject.refusal for subject in page.context["refused"]}
    assert told == {
        in_review: "It is being reviewed, so it cannot be changed at the moment.",
        live: "Its draft is approved and waits for its time: take it back before you change it.",
    }
    assert "Nothing was changed" in texts(send(editor_client, Project, page))[0]
    assert everything() == before
    send(editor_client, Project, send(editor_client, Project, page, button="_leave_out"))
    assert list(Project.objects.exclude(review_due=None)) == [free]


def test_second_of_two_people_is_stopped_and_told_which_record_changed(client, editor, reviewer, three):
    other = Client()
    client.force_login(editor)
    other.force_login(reviewer)
    mine = look(client, three, set__review_due="2031-05-01")
    theirs = look(other, three[1:2], set__review_due="2032-05-01")
    send(other, Project, theirs)
    before = everything()
    response = send(client, Project, mine)
    assert texts(response)[0] == "Nothing was changed: “Draft 1” is not as it was when you looked at it. Look again."
    assert everything() == before
    send(client, Project, response)  # the page that came back shows how things are now
    assert set(Project.objects.values_list("review_due", flat=True)) == {datetime.date(2031, 5, 1)}


@pytest.mark.skipif(connection.vendor == "sqlite", reason="one connection holds SQLite's database of the tests")
def test_of_two_people_at_the_same_moment_one_changes_all_and_the_other_nothing(transactional_db, client, request):
    editor, reviewer = request.getfixturevalue("editor"), request.getfixturevalue("reviewer")
    projects = [make_project(title=f"Draft {n}", changed_by=editor) for n in range(10)]
    clients, start = [client, Client()], Barrier(2)
    pages = []
    for person, own, day in zip((editor, reviewer), clients, ("2031-05-01", "2032-05-01"), strict=True):
        own.force_login(person)
        pages.append(look(own, projects[::-1] if pages else projects, set__review_due=day))

    def press(n):
        start.wait()
        try:
            return send(clients[n], Project, pages[n]).content.decode()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(press, range(2)))
    assert sum("10 records are changed" in answer for answer in answers) == 1
    assert sum("is not as it was when you looked at it" in answer for answer in answers) == 1
    assert len(set(Project.objects.values_list("review_due", flat=True))) == 1
    assert Version.objects.filter(batch__isnull=False).count() == 10


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite locks the database, not rows")
def test_records_are_locked_so_that_others_may_go_on_pointing_at_them(editor_client, three):
    page = look(editor_client, three, set__review_due="2031-05-01")
    with CaptureQueriesContext(connection) as asked:
        send(editor_client, Project, page)
    locks = [query["sql"] for query in asked if "projects_project" in query["sql"] and "FOR " in query["sql"]]
    assert locks
    assert all(sql.endswith("FOR NO KEY UPDATE") for sql in locks)


def test_record_that_went_live_after_it_was_shown_is_not_changed(editor_client, three):
    page = look(editor_client, three, set__review_due="2031-05-01")
    publish(three[2])
    assert "“Draft 2” is not as it was" in texts(send(editor_client, Project, page))[0]
    assert not Project.objects.exclude(review_due=None).exists()


def test_record_that_is_gone_after_it_was_shown_stops_all(administrator, client):
    organisations = [make_organisation(f"Organisation {n}") for n in range(2)]
    client.force_login(administrator)
    page = look(client, organisations, set__type="un")
    organisations[0].delete()
    response = send(client, Organisation, page)
    assert "gone" in texts(response)[0]
    assert not Organisation.objects.filter(type="un").exists()


# Hostile input


@pytest.mark.parametrize(
    "sent",
    [
        {"several-set-status": "published"},
        {"several-set-title_en": "Owned"},
        {"several-set-slug": "owned"},
        {"several-set-approved_by": "1"},
        {"several-set-pk": "1"},
        {"several-set-published_at": "2020-01-01"},
        {"several-add-roles": "1"},
        {"several-add-countries": "999999"},
        {"several-add-countries": "x' OR 1=1 --"},
        {"several-set-programme": "9" * 40},
        {"several-set-programme": "\x00"},
        {"several-set-review_due": "not a day"},
        {"several-set-stage_stated": "published"},
        {"several-set-source_locator": "\x00"},
        {"several-set-source_locator": "x" * 121},
        {"status": "published", "set-status": "published"},
    ],
    ids=lambda sent: "-".join(sent)[:40],
)
def test_hostile_names_and_values_change_nothing(editor_client, three, sent):
    page = look(editor_client, three, set__last_checked="2030-01-01")
    shown = page.context and form_in(page, "several_form")
    before = everything()
    data = {name: value for name, value in shown.items() if not name.startswith("several-")}
    response = editor_client.post(several_url(Project), data | sent | {"_apply": "1"})
    assert response.status_code == 200
    assert everything() == before


@pytest.mark.parametrize("key", ["0", "-1", "x", "9" * 30, "\x00", "1 OR 1=1", ""])
def test_hostile_keys_change_nothing(editor_client, three, key):
    page = look(editor_client, three, set__last_checked="2030-01-01")
    before = everything()
    for keys in ([key], [three[0].pk, key]):
        response = send(editor_client, Project, page, _selected_action=keys)
        assert response.status_code == 200
        assert everything() == before


def test_signs_of_another_change_do_not_let_this_one_through(editor_client, three):
    page = form_in(look(editor_client, three, set__last_checked="2030-01-01"), "several_form")
    before = everything()
    other = page | {"several-set-review_due": "2031-01-01", "_apply": "1"}
    assert "is not as it was" in texts(editor_client.post(several_url(Project), other))[0]
    assert everything() == before


def test_part_is_not_led_to_what_is_closed(editor_client, three):
    """An instrument that no visitor sees would appear on the page of a live dialogue."""
    live = make_dialogue(title="Live one", published=True)
    instrument = Instrument.objects.create(title="Declaration", slug="declaration", kind="declaration")
    page = look(editor_client, [instrument], add__dialogues=[live.pk])
    assert "only who may publish it may add to it" in page.content.decode()
    send(editor_client, Instrument, page)
    assert not instrument.dialogues.exists()


def test_reviewer_leads_no_part_to_what_visitors_see_without_a_draft(client, reviewer):
    live = make_dialogue(title="Live one", published=True)
    instrument = Instrument.objects.create(slug="plan", title="Plan", kind="action-plan")
    client.force_login(reviewer)
    page = look(client, [instrument], add__dialogues=live.pk)
    assert "somebody else must read this first" in page.content.decode()


def test_meeting_of_a_live_dialogue_becomes_a_draft(editor_client, serbia):
    live = make_dialogue(title="Live one", published=True)
    meeting = Meeting.objects.create(title="Meeting", slug="meeting", dialogue=live, start="2020", is_listed=True)
    change(editor_client, [meeting], set__country=serbia.pk)
    meeting.refresh_from_db()
    assert meeting.country is None
    assert Draft.objects.get().version.content["fields"]["country"] == serbia.pk


# How much it costs


def test_queries_for_many_grow_by_a_small_number_for_each(editor_client, serbia):
    counts = {}
    for kind, published in (("draft", False), ("live", True)):
        for n in (2, 12):
            projects = [make_project(published=published) for _n in range(n)]
            with CaptureQueriesContext(connection) as shown:
                page = look(editor_client, projects, add__countries=[serbia.pk], set__review_due="2031-05-01")
            with CaptureQueriesContext(connection) as written:
                send(editor_client, Project, page)
            counts[kind, n] = (len(shown), len(written))
    each = {
        kind: [(many - few) / 10 for few, many in zip(counts[kind, 2], counts[kind, 12], strict=True)]
        for kind in ("draft", "live")
    }
    assert max(each["draft"][0], each["live"][0]) <= 3, each
    assert max(each["draft"][1], each["live"][1]) <= 44, each


# Taking it back


def test_change_is_told_in_a_list_and_taken_back(editor_client, three, serbia):
    Project.objects.filter(pk=three[0].pk).update(review_due="2029-01-01")
    three[0].countries.add(serbia)
    before = [take(project) for project in three]
    change(editor_client, three, set__review_due="2031-05-01", add__countries=[serbia.pk])
    batch = last_batch()
    page = editor_client.get(PAST).content.decode()
    assert "Review due: 1 May 2031<br>Countries: added Serbia" in page
    assert "Projects: 3" in page
    assert "3 records change" in undo_page(editor_client, batch).content.decode()
    undo(editor_client, batch)
    assert [take(project) for project in three] == before
    undo(editor_client, last_batch())  # of the undo
    assert set(Project.objects.values_list("review_due", flat=True)) == {datetime.date(2031, 5, 1)}
    assert Project.objects.filter(countries=serbia).count() == 3


def test_undo_takes_back_only_what_the_change_did(editor_client, three, serbia):
    lebanon = make_country("LB", "Lebanon")
    change(editor_client, three, set__review_due="2031-05-01", add__countries=[serbia.pk])
    batch = last_batch()
    Project.objects.filter(pk=three[0].pk).update(title_en="New name")
    three[0].countries.add(lebanon)
    three[1].countries.clear()
    undo(editor_client, batch)
    three[0].refresh_from_db()
    assert (three[0].title, three[0].review_due, list(three[0].countries.all())) == ("New name", None, [lebanon])
    assert not three[1].countries.exists()


def test_what_somebody_has_changed_again_is_named_and_left_alone_only_if_told_so(editor_client, three):
    change(editor_client, three, set__review_due="2031-05-01", set__last_checked="2030-01-01")
    batch = last_batch()
    Project.objects.filter(pk=three[1].pk).update(review_due="2035-05-01")
    page = undo_page(editor_client, batch)
    [refused] = page.context["refused"]
    assert (refused.record, refused.refusal) == (three[1], "Somebody has changed this since: “Review due”.")
    before = everything()
    assert "Nothing was changed" in texts(undo(editor_client, batch, page))[0]
    assert everything() == before
    page = undo(editor_client, batch, page, button="_preview", leave_clashes="1")
    assert "Left as somebody has changed it since: Review due" in page.content.decode()
    undo(editor_client, batch, page)
    said = Project.objects.order_by("pk").values_list("review_due", "last_checked")
    assert list(said) == [(None, None), (datetime.date(2035, 5, 1), None), (None, None)]


def test_undo_of_drafts_takes_them_back_and_closes_those_that_say_nothing_more(editor_client, editor):
    live = [make_project(title=f"Live {n}", published=True) for n in range(2)]
    said = take(live[0])
    drafts.save(live[0], said | {"fields": said["fields"] | {"acronym": "NEW"}}, by=editor)
    change(editor_client, live, set__review_due="2031-05-01")
    batch = last_batch()
    undo(editor_client, batch)
    [draft] = Draft.objects.open()
    fields = draft.version.content["fields"]
    assert (draft.object_id, fields["acronym"], fields["review_due"]) == (str(live[0].pk), "NEW", None)
    undo(editor_client, last_batch())
    assert {d.version.content["fields"]["review_due"] for d in Draft.objects.open()} == {"2031-05-01"}
    assert Draft.objects.open().count() == 2


def test_undo_of_a_draft_that_went_live_meanwhile_is_a_new_draft(editor_client, editor, reviewer):
    live = make_project(title="Live", published=True)
    change(editor_client, [live], set__review_due="2031-05-01", submit=True)
    batch = last_batch()
    drafts.publish(drafts.open_draft(live), by=reviewer)
    undo(editor_client, batch, submit="1")
    live.refresh_from_db()
    assert live.review_due == datetime.date(2031, 5, 1)
    draft = drafts.open_draft(live)
    assert (draft.status, draft.version.content["fields"]["review_due"]) == ("review", None)


def test_the_same_change_after_its_drafts_were_discarded_has_a_batch_of_its_own(editor_client, editor):
    live = make_project(title="Live", published=True)
    for _time in range(2):
        change(editor_client, [live], set__review_due="2031-05-01")
        drafts.discard(drafts.open_draft(live), by=editor)
    assert Version.objects.filter(batch__isnull=False).values("batch").distinct().count() == 2


def undo_urls(client):
    """Of the changes that the list offers to take back."""
    return re.findall(rf'href="({PAST}[^"?]+)"', client.get(PAST).content.decode())


def test_what_was_taken_back_is_marked_and_not_offered_again(editor_client, editor, three):
    change(editor_client, three, set__review_due="2031-05-01")
    batch = last_batch()
    assert undo_urls(editor_client) == [f"{PAST}{batch}/"]
    stale = undo_page(editor_client, batch)
    undo(editor_client, batch)
    undoing = last_batch()
    assert undo_urls(editor_client) == [f"{PAST}{undoing}/"]
    newest, row = editor_client.get(PAST).context["page"]
    assert row["undone"].startswith(f"Taken back: {editor.username}, ")
    assert not newest["undone"]
    Project.objects.update(review_due="2031-05-01")  # as if typed again: the old page would find what to take back
    before = everything()
    assert texts(undo(editor_client, batch, stale)) == [row["undone"]]
    assert everything() == before
    assert undo_page(editor_client, batch).status_code == 302


def test_what_was_taken_back_in_some_records_is_offered_for_the_others(editor_client, three):
    change(editor_client, three, set__review_due="2031-05-01")
    batch = last_batch()
    undo(editor_client, batch, _selected_action=[three[0].pk])
    assert f"{PAST}{batch}/" in undo_urls(editor_client)
    page = undo_page(editor_client, batch)
    assert page.context["words"][-1].startswith("Taken back in 1 of 3: ")
    assert {subject.record for subject in page.context["changing"]} == set(three[1:])
    undo(editor_client, batch, page)
    assert not Project.objects.filter(review_due__isnull=False).exists()
    assert f"{PAST}{batch}/" not in undo_urls(editor_client)


def test_undo_by_a_draft_that_is_put_away_is_offered_again(editor_client, editor, reviewer):
    live = make_project(title="Live", published=True)
    change(editor_client, [live], set__review_due="2031-05-01", submit=True)
    batch = last_batch()
    drafts.publish(drafts.open_draft(live), by=reviewer)
    undo(editor_client, batch)
    assert f"{PAST}{batch}/" not in undo_urls(editor_client)
    drafts.discard(drafts.open_draft(live), by=editor)
    assert f"{PAST}{batch}/" in undo_urls(editor_client)


def test_undo_that_left_nothing_of_a_draft_counts(editor_client):
    change(editor_client, [make_project(title="Live", published=True)], set__review_due="2031-05-01")
    batch = last_batch()
    undo(editor_client, batch)
    assert not Draft.objects.open().exists()
    assert f"{PAST}{batch}/" not in undo_urls(editor_client)


def test_undo_needs_the_same_rights_and_a_batch_that_exists(client, editor, reviewer, colleague, administrator, three):
    client.force_login(editor)
    change(client, three, set__review_due="2031-05-01")
    batch = last_batch()
    for project in three:
        project.submit(by=editor)
    page = undo_page(client, batch)
    assert len(page.context["refused"]) == 3
    before = everything()
    undo(client, batch, page)
    assert everything() == before
    assert undo_page(client, uuid.uuid4()).status_code == 404
    organisation = make_organisation("Organisation")
    client.force_login(administrator)
    change(client, [organisation], set__type="un")
    other = last_batch()
    client.force_login(editor)
    assert client.get(f"{PAST}{other}/").status_code == 403
    assert b"Organisations" not in client.get(PAST).content
    client.force_login(colleague)
    assert client.get(PAST).status_code == 302


def test_list_of_past_changes_costs_a_fixed_number_of_queries(editor_client, three, django_assert_max_num_queries):
    for n in range(5):
        change(editor_client, three, set__review_due=f"2031-05-0{n + 1}")
        undo(editor_client, last_batch())
    editor_client.get(PAST)
    with django_assert_max_num_queries(12):
        page = editor_client.get(PAST)
    assert len(page.context["page"]) == 10


def test_publications_for_staff_only_do_not_become_public_by_a_change_of_many(client, editor):
    """Who may read it is one of the things that are changed in many: for what is live it is a draft."""
    held = make_publication(title="Held back", audience="staff", published=True)
    client.force_login(editor)
    change(client, [held], set__audience="public")
    client.logout()
    assert client.get(held.get_absolute_url()).status_code == 404
    assert Publication.objects.get().audience == "staff"


def test_themes_of_dialogues_are_changed_by_who_may(editor_client):
    theme, dialogue = make_theme(), make_dialogue()
    change(editor_client, [dialogue], add__themes=[theme.pk])
    assert list(dialogue.themes.all()) == [theme]
