"""Ways around the second person: what people try, through the real forms and with the right tokens, to make something
public or to change what is public alone. After each, visitors get byte for byte what they got before.
"""

import datetime
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from dialogues.models import Activity, Dialogue, Domain, Instrument, Meeting, MeetingSeries
from portal import kinds, roles
from portal.admin.several.steps import publishing_sign
from portal.models import Draft, Organisation, Page, Redirect, Version
from portal.versions import drafts, history
from portal.versions.batches import look
from portal.versions.content import take
from projects.models import Programme, Project
from publications import extraction
from publications.models import PublicationFile, RepairDecision, Series
from tests.factories import make_country, make_dialogue, make_organisation, make_project, make_publication, publish
from tests.forms import complaints, form_in, read_form, send_form
from tests.people import make_person
from tests.portal.admin.conftest import change_url

pytestmark = pytest.mark.one_database

WAYS = []


def way(attempt):
    WAYS.append(attempt)
    return attempt


class Browser(Client):
    """Checks tokens as in production, and sends the one it was given."""

    def __init__(self, person=None):
        super().__init__(enforce_csrf_checks=True)
        if person:
            self.force_login(person)
            self.get("/admin/" if person.is_staff else "/staff/")

    def post(self, path, data=None, **options):
        data = dict(data or {})
        if "csrftoken" in self.cookies:
            data.setdefault("csrfmiddlewaretoken", self.cookies["csrftoken"].value)
        return super().post(path, data, **options)


def make_live(record, by):
    record.changed_by = by
    record.save()
    return publish(record)


@pytest.fixture
def world(db, search_index, editor, reviewer, administrator, colleague):
    """What is live, what is on its way, and who would like it otherwise."""
    looker = make_person("vera", roles.STAFF)
    looker.groups.set([Group.objects.create(name="lookers")])
    looker.groups.get().permissions.set(Permission.objects.filter(codename__startswith="view_"))
    serbia = make_country()
    programme = Programme.objects.create(slug="routes", name="Routes programme")
    donor = make_organisation("Ministry of Routes", slug="ministry")
    project = make_project(title="Safe routes", slug="safe-routes", countries=[serbia], programme=programme)
    project.roles.create(role="donor", organisation=donor)
    publication = make_publication(title="Routes report", slug="report", projects=[project])
    publication.series = Series.objects.create(slug="papers", title="Papers on routes")
    file = PublicationFile(publication=publication, file=SimpleUploadedFile("a.txt", b"The o!ces of safe routes."))
    file.save()
    assert extraction.extract(file.pk)
    dialogue = make_dialogue(title="Routes process", slug="routes-process")
    series = MeetingSeries.objects.create(slug="yearly", name="Yearly", dialogue=dialogue)
    meeting = Meeting.objects.create(dialogue=dialogue, title="Ministerial", slug="ministerial", series=series)
    instrument = Instrument.objects.create(slug="plan", title="Routes plan", kind="action-plan")
    instrument.dialogues.add(dialogue)
    found = SimpleNamespace(
        editor=editor,
        eva=make_person("eva", roles.EDITOR),
        reviewer=reviewer,
        administrator=administrator,
        colleague=colleague,
        looker=looker,
        serbia=serbia,
        programme=programme,
        donor=donor,
        project=make_live(project, editor),
        publication=make_live(publication, editor),
        file=file,
        dialogue=make_live(dialogue, editor),
        series=series,
        meeting=meeting,
        instrument=instrument,
        domain=Domain.objects.create(instrument=instrument, title="Return"),
        activity=Activity.objects.create(dialogue=dialogue, title="Visit"),
        other=make_organisation("Other ministry"),
        inner=make_live(make_publication(title="Inner routes", slug="inner", audience="staff"), editor),
        page=Page.objects.create(slug="contact", title="Contact", text="<p>Write to us.</p>", is_public=True),
        half=make_project(title="Half routes", slug="half", changed_by=editor),
        half_process=make_dialogue(title="Half process", changed_by=editor),
        waiting=make_project(title="Waiting routes", slug="waiting", changed_by=editor),
    )
    found.waiting.submit(by=editor)
    found.follow = search_index
    return found


def addresses(world):
    own = [
        thing.get_absolute_url()
        for thing in (world.project, world.publication, world.dialogue, world.meeting, world.half, world.waiting)
    ]
    own.append(f"/ar{world.project.get_absolute_url()}")
    lists = ["/", "/projects/", "/publications/", "/dialogues/", "/dialogues/meetings/", "/countries/", "/figures/"]
    found = [
        "/countries/rs/",
        "/organisations/ministry/",
        "/organisations/",
        "/about/contact/",
        "/publications/report/en/1/",
    ]
    searched = [
        "/search/?q=routes",
        "/publications/?q=routes",
        "/search/suggestions/?q=rou",
        "/publications/report/en.txt",
    ]
    return own + lists + found + searched


def seen_by_visitors(world):
    """Every address with its answer; and which rows are public, whatever shows them."""
    world.follow()
    answers = {}
    for address in addresses(world):
        answer = Client().get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        answers[address] = (answer.status_code, answer.get("Location"), body)
    public = {
        (kind.name, pk)
        for kind in kinds.all()
        for pk in kind.model.objects.filter(status="published").values_list("pk", flat=True)
    }
    public |= {("meeting", pk) for pk in Meeting.objects.filter(is_listed=True).values_list("pk", flat=True)}
    public |= {("page", pk) for pk in Page.objects.filter(is_public=True).values_list("pk", flat=True)}
    public |= {
        ("draft", pk) for pk in Draft.objects.filter(status__in=("published", "approved")).values_list("pk", flat=True)
    }
    return answers, public


def test_there_are_enough_ways():
    assert len(WAYS) == len({attempt.__name__ for attempt in WAYS}) >= 25


@pytest.mark.parametrize("attempt", WAYS, ids=lambda attempt: attempt.__name__)
def test_nothing_becomes_public_and_nothing_public_changes(world, attempt):
    answers, public = seen_by_visitors(world)
    assert {status for status, _to, _body in answers.values()} == {200, 404}
    attempt(world)
    after, public_now = seen_by_visitors(world)
    assert public_now <= public
    for address, answer in answers.items():
        assert after[address] == answer, f"{address} is not what it was"


def refused(response, *statuses):
    """Not a redirect to what was done: closed, or the form again with what is wrong."""
    assert response.status_code in (statuses or (403,)), (response.status_code, response.get("Location"))
    return response


def complains(response, words):
    refused(response, 200)
    found = " ".join(str(text) for texts in complaints(response).values() for text in texts)
    assert words in found, found


def text_of(record):
    return take(record)["fields"]


# An editor's forms


@way
def editor_sends_the_columns_of_a_status_with_a_draft(world):
    typed = {
        "title_en": "Half written",
        "status": "published",
        "published_at_0": "2020-01-01",
        "published_at": "2020-01-01T10:00",
        "approved_by": world.reviewer.pk,
        "submitted_by": world.reviewer.pk,
        "changed_by": world.reviewer.pk,
        "first_published_at": "2020-01-01",
    }
    assert send_form(Browser(world.editor), change_url(world.half), typed, _continue="1").status_code == 302
    world.half.refresh_from_db()
    assert (world.half.title, world.half.approved_by) == ("Half written", None)
    assert world.half.changed_by == world.editor


@way
def editor_adds_a_record_as_published(world):
    typed = {"title_en": "New routes", "status": "published", "approved_by": world.reviewer.pk}
    sent = send_form(Browser(world.editor), "/admin/projects/project/add/", typed, _verb="publish")
    complains(sent, "somebody else must publish")
    assert not Project.objects.filter(title="New routes").exists()


@way
def editor_sends_every_verb_by_hand_for_a_draft(world):
    browser = Browser(world.editor)
    for verb in ("publish", "publish-draft", "take-back-draft", "reschedule", "send-back", "withdraw", "", "delete"):
        for record in (world.half, world.project, world.waiting, world.meeting):
            told = {"reason": "Because"} if verb in {"send-back", "withdraw"} else {}
            form = read_form(browser, change_url(record), f"{record._meta.model_name}_form").data
            browser.post(change_url(record), form | told | {"_verb": verb, "title_en": "By hand"})
    assert not Draft.objects.exclude(status="writing").exists()


@way
def editor_publishes_their_own_draft_of_a_live_page(world):
    browser = Browser(world.editor)
    send_form(browser, change_url(world.project), {"title_en": "Other"}, _verb="submit-draft")
    for verb in ("publish-draft", "take-back-draft", "publish", "reschedule"):
        form = read_form(browser, change_url(world.project), "project_form").data
        refused(browser.post(change_url(world.project), form | {"_verb": verb}), 200, 403)
    assert drafts.open_draft(world.project).status == "review"


@way
def editor_publishes_the_draft_of_another(world):
    send_form(Browser(world.eva), change_url(world.project), {"title_en": "Other"}, _verb="submit-draft")
    browser = Browser(world.editor)
    form = read_form(browser, change_url(world.project), "project_form").data
    refused(browser.post(change_url(world.project), form | {"_verb": "publish-draft"}))


@way
def editor_mixes_the_buttons_of_a_live_page(world):
    browser = Browser(world.editor)
    for n, buttons in enumerate(
        (
            {"_continue": "1", "_save": "1"},
            {"_draft": "1", "_save": "1", "_addanother": "1"},
            {"_draft": "", "_continue": "1", "_verb": ""},
            {"_saveasnew": "1"},
            {"_save": "1", "_popup": "1", "_to_field": "id"},
        )
    ):
        sent = send_form(browser, change_url(world.project), {"title_en": f"Mixed {n}"}, **buttons)
        assert sent.status_code == 302
        assert text_of(world.project)["title_en"] == "Safe routes"
    assert Project.objects.count() == 3


@way
def editor_sends_several_verbs_at_once(world):
    browser = Browser(world.editor)
    for verbs in (["publish", "submit-draft"], ["submit-draft", "publish-draft"], ["publish-draft", "publish"]):
        form = read_form(browser, change_url(world.project), "project_form").data
        sent = browser.post(change_url(world.project), form | {"title_en": "Twice", "_verb": verbs, "_draft": "1"})
        assert sent.status_code in {200, 302, 403}
    assert not Draft.objects.filter(status="approved").exists()


@way
def editor_publishes_for_a_time_that_has_passed(world):
    times = {"publish_at": "2020-01-01T10:00", "publish_until": "2031-01-01T10:00"}
    for record, verb in ((world.half, "publish"), (world.half, "submit"), (world.project, "submit-draft")):
        sent = send_form(Browser(world.editor), change_url(record), {"title_en": "Past"} | times, _verb=verb)
        refused(sent, 200)
        assert sent.context["decision"].errors
    assert not Draft.objects.exists()


@way
def editor_forges_what_the_form_was_made_from(world):
    browser = Browser(world.editor)
    url = change_url(world.project)
    form = read_form(browser, url, "project_form").data
    for seen in ("", "0" * 64, "x" * 5000, form["_seen"][::-1], ["", form["_seen"]]):
        sent = browser.post(url, form | {"title_en": "Forged", "_seen": seen, "_continue": "1"})
        assert sent.status_code in {302, 409}
    assert text_of(world.project)["title_en"] == "Safe routes"


@way
def editor_writes_in_a_record_that_is_in_review(world):
    browser = Browser(world.editor)
    url = change_url(world.waiting)
    for buttons in ({"_continue": "1"}, {"_draft": "1"}, {"_verb": "submit-draft"}, {"_verb": "archive"}):
        refused(browser.post(url, {"title_en": "Behind the back", "_seen": "", **buttons}))
    assert text_of(world.waiting)["title_en"] == "Waiting routes"


@way
def editor_changes_a_draft_while_it_is_reviewed(world):
    browser = Browser(world.editor)
    send_form(browser, change_url(world.project), {"title_en": "First"}, _verb="submit-draft")
    form = {"title_en": "Second", "_seen": drafts.open_draft(world.project).version.digest, "_draft": "1"}
    refused(browser.post(change_url(world.project), form))
    assert drafts.open_draft(world.project).version.content["fields"]["title_en"] == "First"


@way
def editor_puts_rows_of_a_live_record_into_another(world):
    """The keys of its rows are sent with the form of a draft: they are taken for rows that are written anew."""
    browser = Browser(world.editor)
    row = world.project.roles.get()
    for key, owner in ((row.pk, world.half.pk), (row.pk, world.project.pk)):
        rows = {
            "roles-TOTAL_FORMS": "1",
            "roles-INITIAL_FORMS": "1",
            "roles-0-id": key,
            "roles-0-project": owner,
            "roles-0-role": "donor",
            "roles-0-organisation": world.other.pk,
            "roles-0-DELETE": "",
        }
        send_form(browser, change_url(world.half), rows, _continue="1")
        assert not world.half.roles.filter(pk=row.pk).exists()
    row.refresh_from_db()
    assert (row.project, row.organisation) == (world.project, world.donor)


@way
def editor_removes_rows_of_a_live_record_through_its_form(world):
    sent = send_form(Browser(world.editor), change_url(world.project), {"roles-0-DELETE": "on"}, _continue="1")
    assert sent.status_code == 302
    assert world.project.roles.count() == 1


@way
def editor_gives_a_draft_the_address_of_a_live_page(world):
    browser = Browser(world.editor)
    for address in ("safe-routes", "SAFE-ROUTES", "safe-routes/", "../safe-routes"):
        sent = send_form(browser, change_url(world.half), {"slug": address}, _continue="1")
        assert sent.status_code == 200, address
    send_form(browser, change_url(world.project), {"slug": "moved"}, _draft="1")
    assert not Redirect.objects.exists()


@way
def editor_opens_again_what_is_live(world):
    for verb in ("reopen", "archive", "take-back", "submit"):
        sent = send_form(Browser(world.editor), change_url(world.project), {"acronym": "NEW"}, _verb=verb)
        refused(sent, 200)
    assert not Draft.objects.exists()


@way
def editor_replaces_a_live_file(world):
    browser = Browser(world.editor)
    url = change_url(world.publication)
    new = SimpleUploadedFile("b.txt", b"Other routes altogether.")
    form = read_form(browser, url, "publication_form").data | {"files-0-file": new, "_continue": "1"}
    assert browser.post(url, form).status_code == 302
    assert drafts.open_draft(world.publication)
    more = SimpleUploadedFile("c-fr.txt", b"Encore.")
    form = read_form(browser, url, "publication_form").data | {"more_files": more, "_draft": "1"}
    assert browser.post(url, form).status_code == 302


@way
def editor_opens_a_publication_to_everybody(world):
    sent = send_form(
        Browser(world.editor), change_url(world.inner), {"audience": "public", "embargo_until_0": ""}, _save="1"
    )
    assert sent.status_code == 302
    assert Client().get(world.inner.get_absolute_url()).status_code == 404
    assert Client().get("/publications/inner/en.txt").status_code == 404


# What hangs on a live page


@way
def editor_moves_a_meeting_away_from_a_live_dialogue_and_onto_one(world):
    own = make_dialogue(title="Own", changed_by=world.editor)
    browser = Browser(world.editor)
    assert send_form(browser, change_url(world.meeting), {"dialogue": own.pk}, _save="1").status_code == 302
    assert Meeting.objects.get(pk=world.meeting.pk).dialogue == world.dialogue
    meeting = Meeting.objects.create(dialogue=own, title="Smuggled")
    complains(
        send_form(browser, change_url(meeting), {"dialogue": world.dialogue.pk}, _save="1"), "only who may publish"
    )


@way
def editor_lists_a_meeting(world):
    typed = {"title_en": "Listed", "is_listed": "on", "start": "2031-05"}
    assert send_form(Browser(world.editor), "/admin/dialogues/meeting/add/", typed, _save="1").status_code == 302
    made = Meeting.objects.get(title="Listed")
    send_form(Browser(world.editor), change_url(made), {"is_listed": "on"}, _verb="submit-draft")
    assert not Meeting.objects.filter(is_listed=True).exists()


@way
def editor_renames_what_a_live_page_names(world):
    browser = Browser(world.editor)
    for thing in (world.donor, world.serbia):
        refused(browser.post(change_url(thing), {"name_en": "Renamed", "title_en": "Renamed", "_save": "1"}))
        refused(browser.post(f"{change_url(thing)}?_popup=1", {"name_en": "Renamed", "_popup": "1"}))
    own_lists = (world.programme, world.publication.series, world.publication.type)
    for thing in (*own_lists, world.instrument, world.domain, world.series, world.activity):
        field = "name_en" if hasattr(thing, "name_en") else "title_en"
        assert send_form(browser, change_url(thing), {field: "Renamed"}, _save="1").status_code == 302
        assert drafts.open_draft(thing)


@way
def editor_deletes_what_hangs_on_a_live_page(world):
    browser = Browser(world.editor)
    for thing in (world.meeting, world.instrument, world.domain, world.activity, world.series, world.project):
        refused(browser.post(change_url(thing).replace("/change/", "/delete/"), {"post": "yes"}))
        url = change_url(thing).split(f"{thing.pk}/")[0]
        chosen = {"action": "delete_selected", "_selected_action": [thing.pk], "post": "yes", "select_across": "1"}
        browser.post(url, chosen)
        assert type(thing).objects.filter(pk=thing.pk).exists()


@way
def editor_deletes_a_draft_that_carries_a_live_thing(world):
    """An instrument of a draft, with a domain under which a live dialogue works."""
    own = make_dialogue(title="Own", changed_by=world.editor)
    instrument = Instrument.objects.create(slug="own", title="Own plan", kind="action-plan")
    instrument.dialogues.add(own)
    domain = Domain.objects.create(instrument=instrument, title="Shared")
    Activity.objects.filter(pk=world.activity.pk).update(domain=domain)
    before = seen_by_visitors(world)
    Browser(world.editor).post(change_url(instrument).replace("/change/", "/delete/"), {"post": "yes"})
    assert seen_by_visitors(world) == before


@way
def editor_adds_in_a_popup_to_a_live_page(world):
    typed = {"title_en": "Popped", "dialogue": world.dialogue.pk, "_popup": "1"}
    sent = send_form(Browser(world.editor), "/admin/dialogues/meeting/add/?_popup=1", typed, _save="1")
    complains(sent, "only who may publish")
    assert not Meeting.objects.filter(title="Popped").exists()


@way
def editor_repairs_and_reads_again_the_text_of_a_live_file(world):
    browser = Browser(world.editor)
    page = world.file.text_pages.get()
    repairs = f"/admin/publications/filepage/{page.pk}/repairs/"
    for act in ("refuse-all", "accept-all", "reopen-all"):
        refused(browser.post(repairs, {"act": act}))
    assert not RepairDecision.objects.exists()
    chosen = {"action": "extract_again", "_selected_action": [world.file.pk], "select_across": "1"}
    browser.post("/admin/publications/publicationfile/", chosen)
    world.file.refresh_from_db()
    assert world.file.state == "done"
    refused(browser.post(change_url(page), {"original_text": "Other"}))
    refused(browser.post(change_url(world.file), {"original_name": "other.txt"}))


@way
def editor_merges_organisations(world):
    chosen = {"action": "merge", "_selected_action": [world.donor.pk], "target": world.other.pk, "_confirmed": "1"}
    Browser(world.editor).post("/admin/portal/organisation/", chosen)
    assert Organisation.objects.get(pk=world.donor.pk).merged_into is None


@way
def editor_makes_an_organisation_checked_and_leads_an_address_elsewhere(world):
    browser = Browser(world.editor)
    typed = {"name_en": "Routes unlimited", "is_established": "on"}
    assert send_form(browser, "/admin/portal/organisation/add/", typed, _save="1").status_code == 302
    assert not Organisation.objects.get(name="Routes unlimited").is_established
    moved = {"old_path": "/projects/safe-routes/", "new_path": "/about/"}
    refused(browser.post("/admin/portal/redirect/add/", moved))
    refused(browser.post(change_url(world.page), {"title_en": "Other", "is_public": "on"}))
    refused(browser.post("/admin/portal/page/add/", {"title_en": "Other", "is_public": "on"}))


@way
def administrator_shadows_a_live_page_with_a_redirect(world):
    browser = Browser(world.administrator)
    for old in (
        "/projects/safe-routes/",
        "/ar/projects/safe-routes/",
        "/",
        "/dialogues/routes-process/meetings/ministerial/",
    ):
        sent = send_form(browser, "/admin/portal/redirect/add/", {"old_path": old, "new_path": "/about/"}, _save="1")
        assert "old_path" in complaints(sent), old
    assert not Redirect.objects.exists()


# Lists, and side doors of the admin


@way
def editor_sends_list_forms_and_actions(world):
    browser = Browser(world.editor)
    every = {"select_across": "1", "index": "0", "_confirmed": "1", "reason": "Because", "_save": "1"}
    rows = {
        "form-TOTAL_FORMS": "1",
        "form-INITIAL_FORMS": "1",
        "form-0-id": world.half.pk,
        "form-0-status": "published",
    }
    for action in ("publish_all", "withdraw_all", "delete_selected", "submit_all", ""):
        for record in (world.half, world.project, world.dialogue, world.publication):
            url = change_url(record).split(f"{record.pk}/")[0]
            browser.post(url, every | rows | {"action": action, "_selected_action": [record.pk], "post": "yes"})
    world.project.refresh_from_db()
    assert world.project.status == "published"


@way
def editor_submits_all_and_somebody_who_only_looks_publishes_them(world):
    chosen = {"_selected_action": [world.half.pk, world.waiting.pk]}
    Browser(world.editor).post("/admin/projects/project/", chosen | {"action": "submit_all"})
    Browser(world.looker).post("/admin/projects/project/", chosen | {"action": "publish_all"})
    Browser(world.administrator).post("/admin/projects/project/", chosen | {"action": "publish_all"})
    assert not Project.objects.filter(status="published", slug__in=("half", "waiting")).exists()


@way
def editor_writes_drafts_versions_and_the_log_by_hand(world):
    browser = Browser(world.editor)
    send_form(browser, change_url(world.project), {"title_en": "Other"}, _verb="submit-draft")
    draft = drafts.open_draft(world.project)
    for typed in ({"status": "published"}, {"changed_by": world.eva.pk, "submitted_by": world.eva.pk}):
        refused(browser.post(change_url(draft), typed | {"_save": "1"}))
    for model in ("draft", "auditentry"):
        refused(browser.post(f"/admin/portal/{model}/add/", {"status": "published"}))
    refused(browser.post(change_url(draft).replace("/change/", "/delete/"), {"post": "yes"}))


@way
def editor_hands_their_draft_to_another_author(world):
    browser = Browser(world.editor)
    typed = {"title_en": "Other", "changed_by": world.eva.pk, "submitted_by": world.eva.pk, "by": world.eva.pk}
    send_form(browser, change_url(world.project), typed, _verb="submit-draft")
    draft = drafts.open_draft(world.project)
    assert (draft.changed_by, draft.submitted_by) == (world.editor, world.editor)


@way
def editor_gives_themselves_a_role(world):
    browser = Browser(world.editor)
    group = Group.objects.get(name=roles.REVIEWER)
    refused(browser.post(change_url(world.editor), {"groups": [group.pk], "is_superuser": "on"}))
    refused(browser.post("/admin/auth/user/add/", {"username": "puppet"}))
    refused(browser.post(change_url(group), {"user": world.editor.pk}))
    assert world.editor.groups.get().name == roles.EDITOR


@way
def forms_without_or_with_a_stale_token_are_sent(world):
    browser = Browser(world.reviewer)
    form = read_form(browser, change_url(world.waiting), "project_form").data | {"_verb": "publish"}
    for token in ("", "x" * 64, "y" * 32):
        refused(browser.post(change_url(world.waiting), form | {"csrfmiddlewaretoken": token}))


@way
def other_methods_are_sent_to_every_form(world):
    browser = Browser(world.reviewer)
    for record in (world.project, world.waiting, world.meeting):
        for page in ("", "change/", "delete/", "history/"):
            for method in (browser.put, browser.patch, browser.delete):
                answer = method(f"{change_url(record).removesuffix('change/')}{page}")
                assert answer.status_code in {302, 301, 403, 405}, (method, page)


# Those who only look, and staff


@way
def somebody_who_only_looks_sends_every_form(world):
    browser = Browser(world.looker)
    things = (world.project, world.half, world.waiting, world.meeting, world.programme, world.donor, world.page)
    for thing in things:
        url = change_url(thing)
        for buttons in ({"_save": "1"}, {"_draft": "1"}, {"_verb": "publish"}, {"_verb": "submit"}, {"_popup": "1"}):
            refused(browser.post(url, {"title_en": "Looked", "name_en": "Looked", "_seen": "", **buttons}))
        refused(browser.post(url.replace("/change/", "/delete/"), {"post": "yes"}))
        refused(browser.post(url.split(f"{thing.pk}/")[0] + "add/", {"title_en": "Looked", "name_en": "Looked"}))
        browser.post(url.replace("/change/", "/history/"), {"version": "1", "restore": "1"})
    refused(
        browser.post(f"/admin/publications/filepage/{world.file.text_pages.get().pk}/repairs/", {"act": "refuse-all"})
    )
    assert text_of(world.half)["title_en"] == "Half routes"


@way
def somebody_who_only_looks_presses_the_buttons_of_an_approved_draft(world):
    draft = drafts.save(world.project, with_title(world.project, "Next year"), by=world.editor)
    at = timezone.now() + datetime.timedelta(days=9)
    drafts.publish(draft, by=world.reviewer, at=at)
    for person in (world.looker, world.editor, world.administrator):
        for verb in ("take-back-draft", "publish-draft", "discard-draft"):
            refused(Browser(person).post(change_url(world.project), {"_verb": verb, "publish_at": ""}))
    draft.refresh_from_db()
    assert draft.publish_at == at
    drafts.take_back(draft, by=world.reviewer)


def with_title(record, title):
    content = take(record)
    return content | {"fields": content["fields"] | {"title_en": title}}


@way
def staff_send_forms_of_the_admin_and_of_their_desk(world):
    browser = Browser(world.colleague)
    for thing in (world.project, world.half, world.meeting):
        for page in ("change", "delete", "history"):
            sent = browser.post(change_url(thing).replace("/change/", f"/{page}/"), {"title_en": "Staff"})
            assert sent.status_code == 403 or sent["Location"].startswith("/admin/login/"), page
    assert (
        browser.get("/admin/autocomplete/?app_label=projects&model_name=projectrelation&field_name=other").status_code
        == 302
    )
    items = {"kind": "project", "record": world.half.pk}
    browser.post("/staff/baskets/", {"name": "Mine"})
    basket = world.colleague.baskets.get()
    browser.post("/staff/baskets/add/", items | {"basket": basket.pk})
    browser.post(f"/staff/baskets/{basket.pk}/share/", {"share": "1"})
    basket.refresh_from_db()
    assert basket.token
    assert "Half routes" not in Client().get(f"/staff/baskets/shared/{basket.token}/").content.decode()


# Reviewers, and their own words


@way
def reviewer_publishes_what_they_changed_in_the_same_form(world):
    browser = Browser(world.reviewer)
    for typed in (
        {"title_en": "Mine"},
        {"countries": [world.serbia.pk]},
        {"other_names-TOTAL_FORMS": "1", "other_names-0-name": "Mine"},
    ):
        complains(send_form(browser, change_url(world.waiting), typed, _verb="publish"), "somebody else must publish")
    assert text_of(world.waiting)["title_en"] == "Waiting routes"


@way
def reviewer_publishes_the_draft_they_changed_in_the_same_form(world):
    send_form(Browser(world.editor), change_url(world.project), {"title_en": "Other"}, _verb="submit-draft")
    browser = Browser(world.reviewer)
    for typed in ({"title_en": "Mine"}, {"roles-0-DELETE": "on"}):
        sent = send_form(browser, change_url(world.project), typed, _verb="publish-draft")
        complains(sent, "somebody else must publish")
    assert drafts.open_draft(world.project).version.content["fields"]["title_en"] == "Other"


@way
def reviewer_saves_first_and_publishes_then(world):
    browser = Browser(world.reviewer)
    send_form(browser, change_url(world.waiting), {"title_en": "Mine"}, _continue="1")
    complains(send_form(browser, change_url(world.waiting), _verb="publish"), "somebody else must publish")
    send_form(browser, change_url(world.waiting), {"reason": "No"}, _verb="send-back")
    complains(send_form(browser, change_url(world.waiting), _verb="publish"), "somebody else must publish")
    send_form(browser, change_url(world.waiting), _verb="archive")
    send_form(browser, change_url(world.waiting), _verb="reopen")
    complains(send_form(browser, change_url(world.waiting), _verb="publish"), "somebody else must publish")
    chosen = {"action": "publish_all", "_selected_action": [world.waiting.pk]}
    assert browser.post("/admin/projects/project/", chosen).status_code == 200
    sign = publishing_sign(look(Project, [world.waiting.pk])[0])
    confirmed = chosen | {"_confirmed": "1", "_shown": f"{world.waiting.pk}:{sign}"}
    assert browser.post("/admin/projects/project/", confirmed).status_code == 302


@way
def reviewer_writes_a_draft_of_a_record_in_review_and_publishes_the_record(world):
    """A draft beside a record that is not live has no second reader of its own."""
    browser = Browser(world.reviewer)
    send_form(browser, change_url(world.waiting), {"title_en": "Mine"}, _draft="1")
    refused(send_form(browser, change_url(world.waiting), _verb="publish"), 200)


@way
def reviewer_withdraws_opens_again_and_publishes_their_own_draft(world):
    extra = make_project(title="Extra routes", slug="extra", changed_by=world.editor)
    publish(extra)
    browser = Browser(world.reviewer)
    send_form(browser, change_url(extra), {"title_en": "Mine"}, _draft="1")
    send_form(browser, change_url(extra), {"reason": "Because"}, _verb="withdraw")
    send_form(browser, change_url(extra), _verb="reopen")
    assert text_of(extra)["title_en"] == "Mine"
    complains(send_form(browser, change_url(extra), _verb="publish"), "somebody else must publish")


@way
def reviewer_takes_back_what_is_scheduled_and_publishes_their_own_draft(world):
    extra = make_project(title="Extra routes", slug="extra", changed_by=world.editor)
    publish(extra, at=timezone.now() + datetime.timedelta(days=3))
    browser = Browser(world.reviewer)
    send_form(browser, change_url(extra), {"title_en": "Mine"}, _draft="1")
    send_form(browser, change_url(extra), _verb="take-back")
    complains(send_form(browser, change_url(extra), _verb="publish"), "somebody else must publish")


@way
def reviewer_writes_in_what_hangs_on_a_record_and_publishes_the_record(world):
    extra = make_dialogue(title="Extra process", slug="extra", changed_by=world.editor)
    meeting = Meeting.objects.create(dialogue=extra, title="Meeting", slug="one")
    instrument = Instrument.objects.create(slug="extra", title="Extra plan", kind="action-plan")
    instrument.dialogues.add(extra)
    domain = Domain.objects.create(instrument=instrument, title="Field")
    for thing in (meeting, instrument, domain):
        extra.refresh_from_db()
        Dialogue.objects.filter(pk=extra.pk).update(changed_by=world.editor, status="draft")
        extra.refresh_from_db()
        extra.submit(by=world.editor)
        browser = Browser(world.reviewer)
        sent = send_form(browser, change_url(thing), {"title_en": "Mine"}, _save="1")
        assert sent.status_code == 302
        complains(send_form(browser, change_url(extra), _verb="publish"), "somebody else must publish")


@way
def reviewer_approves_a_text_that_was_swapped_in_the_meantime(world):
    """Two who help each other: one approves, in the moment in which the other puts something else there."""
    send_form(Browser(world.editor), change_url(world.project), {"title_en": "Agreed"}, _verb="submit-draft")
    browser = Browser(world.reviewer)
    form = read_form(browser, change_url(world.project), "project_form").data
    rita = make_person("rita", roles.REVIEWER)
    send_form(Browser(rita), change_url(world.project), {"title_en": "Swapped"}, _draft="1")
    refused(browser.post(change_url(world.project), form | {"_verb": "publish-draft"}), 409)
    waiting = read_form(browser, change_url(world.waiting), "project_form").data
    send_form(Browser(rita), change_url(world.waiting), {"title_en": "Swapped"}, _continue="1")
    refused(browser.post(change_url(world.waiting), waiting | {"_verb": "publish"}), 409)


@way
def reviewers_pass_one_text_to_and_fro_without_a_change(world):
    """Saving what is there already makes nobody else its author."""
    browser, rita = Browser(world.reviewer), Browser(make_person("rita", roles.REVIEWER))
    send_form(browser, change_url(world.project), {"title_en": "Mine"}, _verb="submit-draft")
    send_form(rita, change_url(world.project), _draft="1")
    complains(send_form(browser, change_url(world.project), _verb="publish-draft"), "You wrote this yourself")
    own = make_project(title="Own", changed_by=world.reviewer)
    send_form(rita, change_url(own), _continue="1")
    complains(send_form(browser, change_url(own), _verb="publish"), "You wrote this yourself")


@way
def reviewer_publishes_their_own_draft_for_later_or_over_what_is_live(world):
    browser = Browser(world.reviewer)
    send_form(browser, change_url(world.project), {"title_en": "Mine"}, _verb="submit-draft")
    later = timezone.localtime(timezone.now() + datetime.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    for told in ({"publish_at": later}, {"over": "on"}, {"publish_at": later, "over": "on"}):
        complains(send_form(browser, change_url(world.project), told, _verb="publish-draft"), "You wrote this yourself")
    chosen = {"action": "publish_all", "_selected_action": [world.project.pk]}
    browser.post("/admin/projects/project/", chosen)
    assert drafts.open_draft(world.project).status == "review"


@way
def reviewer_saves_at_once_on_a_live_page(world):
    browser = Browser(world.reviewer)
    for thing in (world.project, world.meeting, world.instrument, world.domain, world.activity):
        for buttons in ({"_continue": "1"}, {"_save": "1", "_popup": "1"}):
            assert send_form(browser, change_url(thing), {"title_en": "Mine"}, **buttons).status_code == 302
        assert text_of(thing)["title_en"] != "Mine"


@way
def reviewer_turns_a_form_that_came_back_into_a_publication(world):
    """The answer to a refused step is a form as well; it publishes no more than the first did."""
    browser = Browser(world.reviewer)
    sent = send_form(browser, change_url(world.waiting), {"title_en": "Mine"}, _verb="publish")
    again = form_in(sent, "project_form")
    assert again["title_en"] == "Mine"
    complains(browser.post(change_url(world.waiting), again | {"_verb": "publish"}), "somebody else must publish")


# The history, the bin, previews


def page_of(record, page):
    return change_url(record).removesuffix("change/") + page


def restore(browser, record, number):
    """Through the page that shows what it would change."""
    url = page_of(record, f"history/{number}/restore/")
    shown = browser.get(url)
    refused(shown, 200)
    return browser.post(url, {"seen": shown.context["seen"], "reason": "It was better"})


@way
def editor_restores_an_older_version_of_a_live_record(world):
    history.as_found(world.project)
    draft = drafts.save(world.project, with_title(world.project, "Newer"), by=world.eva)
    drafts.discard(draft, by=world.eva)
    assert restore(Browser(world.editor), world.project, 2).status_code == 302
    assert drafts.open_draft(world.project).changed_by == world.editor
    assert text_of(world.project)["title_en"] == "Safe routes"


@way
def editor_and_who_only_looks_restore_where_they_may_not(world):
    for record in (world.waiting, world.project, world.half, world.page):
        history.as_found(record)
    refused(Browser(world.editor).post(page_of(world.waiting, "history/1/restore/"), {"seen": "x"}))
    refused(Browser(world.editor).post(page_of(world.page, "history/1/restore/"), {"seen": "x"}))
    refused(Browser(world.editor).post(page_of(world.half, "history/99/restore/"), {"seen": "x"}), 404)
    for record in (world.project, world.half, world.waiting):
        refused(Browser(world.looker).post(page_of(record, "history/1/restore/"), {"seen": "x"}))
    assert not Draft.objects.exists()


@way
def editor_brings_back_what_hung_on_a_live_dialogue(world):
    gone = Meeting.objects.create(dialogue=world.half_process, title="Gone", slug="gone")
    browser = Browser(world.editor)
    sent = browser.post(page_of(gone, "delete/"), {"post": "yes"})
    assert sent.status_code == 302
    Dialogue.objects.filter(pk=world.half_process.pk).update(status="review")
    refused(browser.post(f"/admin/bin/dialogues.meeting/{gone.pk}/", {"reason": "Because"}))
    refused(Browser(world.looker).post(f"/admin/bin/dialogues.meeting/{gone.pk}/", {"reason": "Because"}))
    assert not Meeting.objects.filter(pk=gone.pk).exists()


@way
def reviewer_restores_their_own_text_into_what_is_in_review_and_publishes_it(world):
    reviewer, editor = Browser(world.reviewer), Browser(world.editor)
    meeting = Meeting.objects.create(dialogue=world.half_process, title="First", slug="first")
    for record, above in ((world.half, world.half), (meeting, world.half_process)):
        send_form(reviewer, change_url(record), {"title_en": "Mine"}, _continue="1")
        send_form(editor, change_url(record), {"title_en": "Agreed"}, _continue="1")
        send_form(editor, change_url(above), _verb="submit")
        mine = Version.objects.about(record).get(content__fields__title_en="Mine")
        assert restore(reviewer, record, mine.number).status_code == 302
        assert text_of(record)["title_en"] == "Mine"
        complains(send_form(reviewer, change_url(above), _verb="publish"), "somebody else must publish")


@way
def preview_of_a_draft_is_sent_what_a_form_is_sent(world):
    browser = Browser(world.editor)
    send_form(browser, change_url(world.project), {"title_en": "Newer"}, _draft="1")
    made = browser.post(page_of(world.project, "preview/links/"))
    address = made.context["made"]["url"].split("://")[1].partition("/")[2]
    assert b"Newer" in Client().get(f"/{address}").content
    for client in (Client(), Browser(world.colleague), browser):
        refused(client.post(f"/{address}", {"_verb": "publish", "publish": "1"}), 403, 405)
    refused(browser.post(page_of(world.project, "preview/"), {"_verb": "publish-draft"}), 405)
    refused(Browser(world.looker).post(page_of(world.project, "preview/links/")))
