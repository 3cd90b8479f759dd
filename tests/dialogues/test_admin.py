"""The admin of dialogues: what hangs on a live dialogue is changed by drafts, and rows are checked together."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from dialogues.models import Activity, Cycle, Dialogue, Domain, Initiative, Instrument, Meeting, MeetingSeries
from portal import roles
from portal.versions import content, drafts, history
from tests.factories import make_country, make_dialogue, make_organisation, make_publication
from tests.forms import complaints, read_form, send_form
from tests.people import make_person


def url(record, page="change"):
    meta = record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=[record.pk] if page != "add" else [])


@pytest.fixture
def live():
    return make_dialogue(title="Budapest Process", published=True)


@pytest.fixture
def in_review(editor):
    dialogue = make_dialogue(title="In review", changed_by=editor)
    dialogue.submit(by=editor)
    return dialogue


@pytest.fixture
def draft(editor):
    return make_dialogue(title="Draft", changed_by=editor)


def instrument_of(dialogue, **fields):
    instrument = Instrument.objects.create(slug=f"plan-{dialogue.pk}", title="Plan", kind="action-plan", **fields)
    instrument.dialogues.add(dialogue)
    return instrument


# New things on a live dialogue

ADDED = {
    Meeting: {"title_en": "Ministerial"},
    Activity: {"title_en": "Peer visit"},
    MeetingSeries: {"name_en": "Webinars", "slug": "webinars"},
    Cycle: {"number": "1"},
    Instrument: {"title_en": "Declaration", "slug": "declaration", "kind": "declaration"},
}


@pytest.mark.parametrize("model", ADDED, ids=lambda model: model.__name__)
@pytest.mark.parametrize("name", ["live", "in_review"])
def test_editor_cannot_add_to_a_closed_dialogue(request, editor_client, model, name):
    dialogue = request.getfixturevalue(name)
    field = "dialogues" if model is Instrument else "dialogue"
    typed = ADDED[model] | {field: [dialogue.pk] if model is Instrument else dialogue.pk}
    response = send_form(editor_client, url(model, "add"), typed, _save="1")
    assert "only who may publish it" in complaints(response)[field][0]
    assert not model.objects.exists()


@pytest.mark.parametrize("model", ADDED, ids=lambda model: model.__name__)
def test_editor_adds_to_a_draft_and_reviewer_to_a_live_one_what_is_no_row_of_it(
    client, editor, reviewer, draft, live, model
):
    is_row = model in {Meeting, Activity}
    for user, dialogue in ((editor, draft), (reviewer, live)):
        client.force_login(user)
        field = "dialogues" if model is Instrument else "dialogue"
        typed = ADDED[model] | {field: [dialogue.pk] if model is Instrument else dialogue.pk}
        if "slug" in typed:
            typed["slug"] = f"{typed['slug']}-{dialogue.pk}"
        response = send_form(client, url(model, "add"), typed, _save="1")
        if is_row and dialogue == live:
            assert "Add it as a row in the form of what visitors see" in complaints(response)[field][0]
        else:
            assert response.status_code == 302
    assert model.objects.count() == (1 if is_row else 2)


def test_reviewer_moves_a_meeting_onto_a_live_dialogue_by_a_draft_only(client, reviewer, draft, live):
    meeting = Meeting.objects.create(dialogue=draft, title="Ministerial")
    client.force_login(reviewer)
    typed = {"dialogue": live.pk, "title_en": "Words of one person"}
    response = send_form(client, url(meeting), typed, _save="1")
    assert "press “Save as a draft”" in complaints(response)["dialogue"][0]
    assert not live.meetings.exists()
    assert send_form(client, url(meeting), typed, _draft="1").status_code == 302
    assert not live.meetings.exists()
    send_form(client, url(meeting), _verb="submit-draft")
    assert "You wrote this yourself" in complaints(send_form(client, url(meeting), _verb="publish-draft"))["__all__"][0]
    client.force_login(make_person("rita", roles.REVIEWER))
    assert send_form(client, url(meeting), _verb="publish-draft").status_code == 302
    assert live.meetings.get().title == "Words of one person"


def test_reviewer_does_not_restore_a_meeting_onto_a_live_dialogue_at_once(reviewer_client, draft, live):
    meeting = Meeting.objects.create(dialogue=live, title="Ministerial")
    number = history.as_found(meeting).number
    meeting.dialogue = draft
    meeting.save()
    address = reverse("admin:dialogues_meeting_restore", args=[meeting.pk, number])
    seen = reviewer_client.get(address).context["seen"]
    page = reviewer_client.post(address, {"seen": seen, "reason": ""})
    assert "somebody else must read this first" in page.content.decode()
    assert not live.meetings.exists()


def test_reviewer_changes_no_live_thing_in_the_rows_of_another_form(reviewer_client, draft, live):
    domain = Domain.objects.create(instrument=instrument_of(live), title="Return")
    visit = Activity.objects.create(dialogue=draft, title="Visit", domain=domain)
    response = send_form(reviewer_client, url(draft), {"activities-0-title_en": "Mine"}, _continue="1")
    assert "somebody else must read this first" in complaints(response)["activities-0-domain"][0]
    visit.refresh_from_db()
    assert visit.title == "Visit"


def test_editor_cannot_add_a_domain_to_an_instrument_of_a_live_dialogue(editor_client, live):
    typed = {"instrument": instrument_of(live).pk, "title_en": "Return"}
    response = send_form(editor_client, url(Domain, "add"), typed, _save="1")
    assert "instrument" in complaints(response)
    assert not Domain.objects.exists()


def test_editor_cannot_reach_a_live_dialogue_through_a_meeting_or_a_domain(editor_client, draft, live):
    meeting = Meeting.objects.create(dialogue=live, title="Ministerial")
    domain = Domain.objects.create(instrument=instrument_of(live), title="Return")
    new = {"title_en": "X", "slug": "x", "kind": "declaration", "dialogues": [draft.pk], "adopted_at": meeting.pk}
    assert "adopted_at" in complaints(send_form(editor_client, url(Instrument, "add"), new, _save="1"))
    for field, value in (("domain", domain.pk), ("meeting", meeting.pk)):
        typed = {"title_en": "Visit", "dialogue": draft.pk, field: value}
        assert field in complaints(send_form(editor_client, url(Activity, "add"), typed, _save="1"))


@pytest.mark.parametrize("page", ["change", "add"])
def test_row_of_a_draft_cannot_stand_on_a_live_page(editor_client, draft, live, page):
    domain = Domain.objects.create(instrument=instrument_of(live), title="Return")
    form = url(draft) if page == "change" else url(Dialogue, "add")
    typed = {"title_en": "Draft"} | rows("activities", {"title_en": "On a live page", "domain": domain.pk})
    response = send_form(editor_client, form, typed, _continue="1")
    assert "only who may publish it" in complaints(response)["activities-0-domain"][0]
    assert not Activity.objects.exists()


def test_row_that_stands_on_a_live_page_is_neither_changed_nor_removed_nor_moved(editor_client, draft, live):
    domain = Domain.objects.create(instrument=instrument_of(live), title="Return")
    visit = Activity.objects.create(dialogue=draft, title="Visit", domain=domain)
    for typed in ({"title_en": "Other"}, {"domain": ""}):
        given = {f"activities-0-{name}": value for name, value in typed.items()}
        response = send_form(editor_client, url(draft), given, _continue="1")
        assert "only who may publish it" in complaints(response)["activities-0-__all__"][0]
    response = send_form(editor_client, url(draft), {"activities-0-DELETE": "on"}, _continue="1")
    assert "“Visit” cannot be removed" in complaints(response)["activities"][0]
    visit.refresh_from_db()
    assert (visit.title, visit.domain) == ("Visit", domain)
    # The rest of the draft is open.
    assert send_form(editor_client, url(draft), {"acronym": "D"}, _continue="1").status_code == 302


def test_reviewer_puts_no_new_row_on_a_live_page_through_another_form(reviewer_client, draft, live):
    domain = Domain.objects.create(instrument=instrument_of(live), title="Return")
    typed = rows("activities", {"title_en": "Visit", "domain": domain.pk})
    response = send_form(reviewer_client, url(draft), typed, _continue="1")
    assert "somebody else must read this first" in complaints(response)["activities-0-domain"][0]
    assert not Activity.objects.exists()


def test_editor_adds_nothing_to_a_listed_meeting_without_a_dialogue(editor_client, draft):
    listed = Meeting.objects.create(title="Conference", is_listed=True)
    typed = {"title_en": "Visit", "dialogue": draft.pk, "meeting": listed.pk}
    assert "meeting" in complaints(send_form(editor_client, url(Activity, "add"), typed, _save="1"))
    new = {"title_en": "X", "kind": "declaration", "dialogues": [draft.pk], "adopted_at": listed.pk}
    assert "adopted_at" in complaints(send_form(editor_client, url(Instrument, "add"), new, _save="1"))
    assert not Activity.objects.exists()
    assert not Instrument.objects.exists()


def test_editor_cannot_move_an_instrument_or_an_activity_onto_a_live_dialogue(editor_client, draft, live):
    instrument = instrument_of(draft)
    activity = Activity.objects.create(dialogue=draft, title="Visit")
    listed = Meeting.objects.create(title="Conference", is_listed=True)
    for record, typed in (
        (instrument, {"dialogues": [draft.pk, live.pk]}),
        (instrument, {"adopted_at": listed.pk}),
        (activity, {"dialogue": live.pk}),
        (activity, {"meeting": listed.pk}),
    ):
        response = send_form(editor_client, url(record), typed, _save="1")
        assert set(typed) <= set(complaints(response)), typed
    assert list(instrument.dialogues.all()) == [draft]
    assert Activity.objects.get().dialogue == draft


# What is there already


@pytest.fixture
def hanging(live):
    instrument = instrument_of(live)
    domain = Domain.objects.create(instrument=instrument, title="Return")
    return [
        Meeting.objects.create(dialogue=live, title="Ministerial"),
        instrument,
        domain,
        Activity.objects.create(dialogue=live, title="Visit"),
        MeetingSeries.objects.create(dialogue=live, slug="s", name="Webinars"),
        Cycle.objects.create(dialogue=live, number=1),
    ]


def said(record):
    return content.digest(content.take(record))


def test_what_an_editor_changes_on_a_live_dialogue_is_a_draft(editor_client, hanging):
    for record in hanging:
        before = said(record)
        field = next(name for name in ("title_en", "name_en", "note") if hasattr(record, name))
        assert send_form(editor_client, url(record), {field: "Other words"}, _save="1").status_code == 302, record
        assert drafts.open_draft(record).version.content["fields"][field] == "Other words"
        assert said(record) == before
        assert editor_client.post(url(record, "delete"), {"post": "yes"}).status_code == 403, record


def test_what_a_reviewer_changes_on_a_live_dialogue_is_a_draft_for_somebody_else(client, reviewer, hanging):
    other = make_person("rita", roles.REVIEWER)
    for record in hanging:
        client.force_login(reviewer)
        field = next(name for name in ("title_en", "name_en", "note") if hasattr(record, name))
        send_form(client, url(record), {field: "Other words"}, _verb="submit-draft")
        response = send_form(client, url(record), _verb="publish-draft")
        assert "You wrote this yourself" in complaints(response)["__all__"][0]
        client.force_login(other)
        assert send_form(client, url(record), _verb="publish-draft").status_code == 302, record
        assert getattr(type(record).objects.get(pk=record.pk), field) == "Other words"


def test_editor_cannot_move_a_meeting_onto_a_live_dialogue(editor_client, draft, live):
    meeting = Meeting.objects.create(dialogue=draft, title="Ministerial")
    response = send_form(editor_client, url(meeting), {"dialogue": live.pk}, _save="1")
    assert "dialogue" in complaints(response)
    meeting.refresh_from_db()
    assert meeting.dialogue == draft


def test_rows_that_an_editor_adds_to_a_live_dialogue_are_a_draft(client, editor, reviewer, live):
    client.force_login(editor)
    typed = rows("meetings", {"title_en": "Ministerial"})
    assert send_form(client, url(live), typed, _verb="submit-draft").status_code == 302
    assert not Meeting.objects.exists()
    client.force_login(reviewer)
    assert read_form(client, url(live), "dialogue_form").data["meetings-0-title_en"] == "Ministerial"
    send_form(client, url(live), _verb="publish-draft")
    assert Meeting.objects.get().dialogue == live


def test_editor_cannot_list_a_meeting_nor_change_a_listed_one(client, editor, reviewer):
    client.force_login(editor)
    send_form(client, url(Meeting, "add"), {"title_en": "Conference", "is_listed": "on"}, _save="1")
    meeting = Meeting.objects.get()
    assert not meeting.is_listed
    client.force_login(reviewer)
    send_form(client, url(meeting), {"is_listed": "on"}, _save="1")
    meeting.refresh_from_db()
    assert meeting.is_listed
    client.force_login(editor)
    assert b"Only who may publish dialogues can tick or clear it." in client.get(url(Meeting, "add")).content
    send_form(client, url(meeting), {"title_en": "Other"}, _save="1")
    meeting.refresh_from_db()
    assert meeting.title == "Conference"


def test_series_of_a_public_meeting_is_changed_by_a_draft(editor_client, draft, live):
    open_to_all = MeetingSeries.objects.create(slug="a", name="Of a draft")
    Meeting.objects.create(title="Round", series=open_to_all, dialogue=draft)
    shown = [MeetingSeries.objects.create(slug=slug, name=slug) for slug in ("b", "c")]
    Meeting.objects.create(title="Round", series=shown[0], dialogue=live)
    Meeting.objects.create(title="Round", series=shown[1], is_listed=True)
    for series in shown:
        send_form(editor_client, url(series), {"name_en": "Renamed"}, _save="1")
        assert MeetingSeries.objects.get(pk=series.pk).name == series.slug
        assert drafts.open_draft(series)
        assert editor_client.post(url(series, "delete"), {"post": "yes"}).status_code == 403
    assert send_form(editor_client, url(open_to_all), {"name_en": "Renamed"}, _save="1").status_code == 302


def test_instrument_named_on_a_live_page_is_changed_by_a_draft(editor_client, draft, live):
    replaced, cited = instrument_of(draft), instrument_of(make_dialogue())
    instrument_of(live, replaces=replaced)
    make_publication(instrument=cited, published=True)
    for instrument in (replaced, cited):
        send_form(editor_client, url(instrument), {"title_en": "X"}, _save="1")
        assert Instrument.objects.get(pk=instrument.pk).title == instrument.title
        assert drafts.open_draft(instrument)
        assert editor_client.post(url(instrument, "delete"), {"post": "yes"}).status_code == 403


def test_nobody_adds_to_changes_or_deletes_from_a_closed_cycle(client, editor, reviewer, draft):
    cycle, going_on = (Cycle.objects.create(dialogue=draft, number=number) for number in (1, 2))
    old, new = (Initiative.objects.create(cycle=one, title="Training") for one in (cycle, going_on))
    cycle.close(by=reviewer, leave_out=True)
    for user in (editor, reviewer, get_user_model().objects.create_superuser("root", password="a-long-pass-phrase")):
        client.force_login(user)
        for record in (cycle, old):
            assert client.post(url(record), {"title_en": "X", "cycle": going_on.pk}).status_code == 403
            assert client.post(url(record, "delete"), {"post": "yes"}).status_code == 403
        typed = {"title_en": "More", "cycle": cycle.pk}
        assert "cycle" in complaints(send_form(client, url(Initiative, "add"), typed, _save="1"))
        assert "cycle" in complaints(send_form(client, url(new), {"cycle": cycle.pk}, _save="1"))
    assert Initiative.objects.count() == 2


def test_editor_reports_in_cycles_of_drafts_only(client, editor, reviewer, draft, live):
    own, public = (Cycle.objects.create(dialogue=dialogue, number=1) for dialogue in (draft, live))
    reported = Initiative.objects.create(cycle=public, title="Training")
    client.force_login(editor)
    assert send_form(client, url(Initiative, "add"), {"title_en": "A", "cycle": own.pk}, _save="1").status_code == 302
    response = send_form(client, url(Initiative, "add"), {"title_en": "B", "cycle": public.pk}, _save="1")
    assert "only who may publish it" in complaints(response)["cycle"][0]
    send_form(client, url(reported), {"title_en": "X"}, _verb="submit-draft")
    assert Initiative.objects.get(pk=reported.pk).title == "Training"
    client.force_login(reviewer)
    send_form(client, url(reported), _verb="publish-draft")
    assert Initiative.objects.get(pk=reported.pk).title == "X"


def test_amount_of_an_initiative_needs_its_currency(editor_client, draft):
    cycle = Cycle.objects.create(dialogue=draft, number=1)
    typed = {"title_en": "A", "cycle": cycle.pk, "amount": "10"}
    response = send_form(editor_client, url(Initiative, "add"), typed, _save="1")
    assert complaints(response) == {"currency": ["An amount needs its currency."]}


def test_status_of_an_initiative_is_no_field(editor_client, editor, draft):
    cycle = Cycle.objects.create(dialogue=draft, number=1)
    typed = {"title_en": "Training", "cycle": cycle.pk, "status": "verified", "verified_by": editor.pk}
    send_form(editor_client, url(Initiative, "add"), typed, _save="1")
    initiative = Initiative.objects.get()
    assert (initiative.status, initiative.submitted_by, initiative.verified_by) == ("submitted", editor, None)


# Rows together


def rows(prefix, *given):
    found = {f"{prefix}-TOTAL_FORMS": str(len(given))}
    for n, row in enumerate(given):
        found |= {f"{prefix}-{n}-{name}": value for name, value in row.items()}
    return found


def test_overlapping_chairs_are_told_above_the_rows(editor_client, draft):
    turkey, hungary = make_country("TR", "Türkiye"), make_country("HU", "Hungary")
    one = {"country": turkey.pk, "start": "2006", "end": "2019-06"}
    two = {"country": hungary.pk, "start": "2018-01"}
    response = send_form(editor_client, url(draft), rows("chair_terms", one, two), _continue="1")
    assert complaints(response)["chair_terms"] == ["The terms of Türkiye and Hungary overlap."]
    assert not draft.chair_terms.exists()
    response = send_form(editor_client, url(draft), rows("chair_terms", one, two | {"start": "2019-06"}), _continue="1")
    assert response.status_code == 302
    assert draft.chair_terms.count() == 2


def test_mistakes_in_participants(editor_client, draft):
    state, body = make_country("TR", "Türkiye"), make_organisation("IOM")
    cases = [
        ([{"country": state.pk, "organisation": body.pk}], "participations-0-__all__", "exactly one"),
        ([{"note": "nobody"}], "participations-0-__all__", "exactly one"),
        ([{"country": state.pk, "start": "2010", "end": "2009"}], "participations-0-end", "before the start"),
        ([{"country": state.pk}, {"country": state.pk}], "participations", "twice"),
        ([{"country": state.pk, "start": "2001"}, {"country": state.pk, "start": "2005"}], "participations", "twice"),
    ]
    for given, place, message in cases:
        response = send_form(editor_client, url(draft), rows("participations", *given), _continue="1")
        assert response.status_code == 200, given
        assert message in complaints(response)[place][0], complaints(response)
    assert not draft.participations.exists()


def test_sector_counted_twice(editor_client, draft):
    meeting = Meeting.objects.create(dialogue=draft, title="Conference")
    given = [{"sector_en": "NGOs", "number": "3"}, {"sector_en": "ngos", "number": "4"}]
    response = send_form(editor_client, url(meeting), rows("attendance", *given), _save="1")
    assert complaints(response)["attendance"] == ["A sector is counted twice."]


def test_country_leads_a_domain_once(editor_client, draft):
    domain = Domain.objects.create(instrument=instrument_of(draft), title="Return")
    state = make_country("TR", "Türkiye")
    given = [{"country": state.pk}, {"country": state.pk}]
    response = send_form(editor_client, url(domain), rows("reference_countries", *given), _save="1")
    assert "twice" in complaints(response)["reference_countries"][0]


def test_address_of_the_calendar_is_taken(editor_client):
    response = send_form(editor_client, url(Dialogue, "add"), {"title_en": "X", "slug": "meetings"}, _continue="1")
    assert "calendar of meetings" in str(complaints(response))
    assert not Dialogue.objects.exists()
