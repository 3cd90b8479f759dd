"""Nothing that is not public shows: every kind, every public address, every way a record can be hidden."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver
from django.utils import timezone

from dialogues.models import Meeting, MeetingSeries
from portal import kinds
from portal.models import Office, Page
from publications.models import PublicationFile
from tests.factories import (
    make_country,
    make_dialogue,
    make_organisation,
    make_project,
    make_publication,
    make_record,
    make_region,
    make_theme,
    publish,
    publisher,
)

CANARY = "Zanzibarquux"
KINDS = [kind.name for kind in kinds.all()]
WITHOUT_LANGUAGE = ("/accounts", "/livez", "/readyz", "/robots", "/preview")


def hide_as_draft(record):
    return record


def hide_in_review(record):
    record.submit(by=publisher())
    return record


def hide_until_tomorrow(record):
    return publish(record, at=timezone.now() + datetime.timedelta(days=1))


def hide_as_expired(record):
    now = timezone.now()
    return publish(record, at=now - datetime.timedelta(days=2), until=now - datetime.timedelta(days=1))


def hide_by_withdrawing(record):
    publish(record)
    record.withdraw(by=publisher(), reason="Entered twice.")
    return record


@pytest.fixture
def ground(db):
    """One of everything a page can be about, each linked from a hidden record below."""
    return {
        "country": make_country("TR", "Türkiye"),
        "region": make_region(slug="silk-routes"),
        "theme": make_theme(slug="return"),
        "organisation": make_organisation("Ministry of Tests", slug="ministry"),
        "dialogue": make_dialogue(published=True, title="Open Process", slug="open-process"),
        "project": make_project(published=True, title="Open project", slug="open-project"),
        "publication": make_publication(published=True, title="Open paper", slug="open-paper"),
        "page": Page.objects.create(slug="contact", title="Contact", is_public=True),
        "meeting": Meeting.objects.create(
            title="Open meeting",
            slug="open-meeting",
            is_listed=True,
            start="2021-10-19",
            series=MeetingSeries.objects.create(slug="open-series", name="Open series"),
        ),
    }


def domain_of(dialogue):
    return dialogue.instruments.create(slug="open-plan", title="Open plan", kind="action-plan").domains.create(
        title="X"
    )


def make_hidden(name, ground):
    kind = kinds.get(name)
    record = make_record(kind, title=f"{CANARY} {name}", slug=f"hidden-{name}")
    for path, value in {
        "countries": [ground["country"]],
        "regions": [ground["region"]],
        "themes": [ground["theme"]],
    }.items():
        if hasattr(record, path):
            getattr(record, path).set(value)
    if name == "project":
        record.roles.create(organisation=ground["organisation"])
        record.calls.create(title=f"{CANARY} call", closes=timezone.localdate() + datetime.timedelta(days=3))
        record.dialogues.add(ground["dialogue"])
        record.relations.create(other=ground["project"])
    if name == "publication":
        file = PublicationFile(publication=record, file=SimpleUploadedFile("paper.txt", f"{CANARY} {name}".encode()))
        file.save()
        file.text_pages.create(number=1, text=f"{CANARY} {name}")
        record.projects.add(ground["project"])
        record.dialogues.add(ground["dialogue"])
        record.meeting = ground["meeting"]
        record.domains.add(domain_of(ground["dialogue"]))
        record.replaces = ground["publication"]
        record.save()
    if name == "dialogue":
        record.participations.create(country=ground["country"])
        record.chair_terms.create(country=ground["country"])
        record.cycles.create(number=1, note=f"{CANARY} cycle").initiatives.create(title=f"{CANARY} initiative")
        record.meetings.create(
            title=f"{CANARY} meeting", country=ground["country"], slug="hidden-meeting", start="2021-10-19",
            series=ground["meeting"].series,
        )  # fmt: skip
    # What is public points at what is hidden as well: none of it may give the name away.
    if name == "project":
        ground["publication"].projects.add(record)
        ground["project"].relations.create(other=record, kind="complements")
        record.domains.add(domain_of(ground["dialogue"]))
    if name == "dialogue":
        ground["publication"].dialogues.add(record)
        ground["project"].dialogues.add(record)
        instrument = ground["dialogue"].instruments.create(slug="plan", title="Plan", kind="action-plan")
        domain = instrument.domains.create(title="Domain")
        domain.activities.create(dialogue=record, title=f"{CANARY} activity", meeting=ground["meeting"])
        hidden = record.instruments.create(slug="hidden", title=f"{CANARY} plan", kind="action-plan")
        hidden.adopted_at = ground["meeting"]
        hidden.save()
        instrument.adopted_at = record.meetings.get()
        instrument.save()
    if name == "publication":
        ground["publication"].translation_of = record
        ground["publication"].save()
    return record


def public_addresses(ground):
    """An address for every public route; a route without one fails the test below."""
    slugs = {name: thing.slug for name, thing in ground.items() if hasattr(thing, "slug")}
    return {
        "home": "/",
        "countries": "/countries/",
        "country": "/countries/tr/",
        "region": f"/regions/{slugs['region']}/",
        "theme": f"/themes/{slugs['theme']}/",
        "organisation": f"/organisations/{slugs['organisation']}/",
        "regions": "/regions/",
        "themes": "/themes/",
        "organisations": "/organisations/",
        "search": f"/search/?q={CANARY}",
        "suggestions": f"/search/suggestions/?q={CANARY}",
        "figures": "/figures/",
        "figure-group": "/figures/staff/",
        "figures-download": "/figures.csv",
        "figure-group-download": "/figures/staff.json",
        "about": "/about/",
        "page": "/about/contact/",
        "dialogues:list": f"/dialogues/?q={CANARY}",
        "dialogues:meetings": "/dialogues/meetings/",
        "dialogues:other-meeting": "/dialogues/meetings/open-meeting/",
        "dialogues:calendar": f"/dialogues/meetings.ics?q={CANARY}",
        "dialogues:dialogue-calendar": "/dialogues/open-process/meetings.ics",
        "dialogues:meeting-calendar": "/dialogues/hidden-dialogue/meetings/hidden-meeting.ics",
        "dialogues:other-meeting-calendar": "/dialogues/meetings/open-meeting.ics",
        "dialogues:series": "/dialogues/meetings/series/open-series/",
        "dialogues:detail": "/dialogues/open-process/",
        "dialogues:all-traces": "/dialogues/trace/",
        "dialogues:all-traces-csv": "/dialogues/trace.csv",
        "dialogues:all-traces-json": "/dialogues/trace.json",
        "dialogues:trace": "/dialogues/open-process/trace/",
        "dialogues:trace-csv": "/dialogues/open-process/trace.csv",
        "dialogues:trace-json": "/dialogues/open-process/trace.json",
        "dialogues:cycles": "/dialogues/hidden-dialogue/cycles/",
        "dialogues:cycle": "/dialogues/hidden-dialogue/cycles/1/",
        "dialogues:cycle-changes": "/dialogues/hidden-dialogue/cycles/1/changes/",
        "dialogues:cycle-snapshot": "/dialogues/hidden-dialogue/cycles/1/snapshot.json",
        "dialogues:cycle-download": "/dialogues/hidden-dialogue/cycles/1.csv",
        "dialogues:meeting": "/dialogues/hidden-dialogue/meetings/hidden-meeting/",
        "projects:list": "/projects/?country=TR",
        "projects:detail": "/projects/open-project/",
        "publications:list": "/publications/",
        "publications:detail": "/publications/open-paper/",
        "publications:document": f"/publications/hidden-publication/en/?q={CANARY}",
        "publications:page": "/publications/hidden-publication/en/1/",
        "publications:file": "/publications/hidden-publication/en.pdf",
        "publications:cover": "/publications/hidden-publication/en/cover.jpg",
        "publications:picture": "/publications/hidden-publication/en/1.jpg",
        "events:list": "/events/",
        "events:detail": "/events/hidden-event/",
        "sign-in": "/accounts/sign-in/",
        "sign-out": "/accounts/sign-out/",
        "livez": "/livez",
        "readyz": "/readyz",
        "robots": "/robots.txt",
        "shared-preview": f"/preview/{'x' * 43}/",
    }


@pytest.mark.parametrize(
    "hide", [hide_as_draft, hide_in_review, hide_until_tomorrow, hide_as_expired, hide_by_withdrawing]
)
@pytest.mark.parametrize("name", KINDS)
def test_hidden_record_shows_on_no_public_page(client, ground, name, hide):
    record = hide(make_hidden(name, ground))
    own = [
        record.get_absolute_url(),
        f"/{record._meta.app_label}/",
        f"/{record._meta.app_label}/nothing-{CANARY}/",
    ]
    for address in [*public_addresses(ground).values(), *own]:
        for prefix in ("",) if address.startswith(WITHOUT_LANGUAGE) else ("", "/ar"):
            response = client.get(prefix + address)
            assert response.status_code in {200, 404, 405, 410}, address
            shown = response.content.decode().replace(f"?q={CANARY}", "").replace(f'value="{CANARY}"', "")
            shown = shown.replace(f"nothing-{CANARY}", "").replace(f"<strong>{CANARY}</strong>", "")
            assert f"{CANARY} {name}" not in shown, f"{prefix}{address} shows the hidden {name}"
            for part in ("call", "meeting", "activity", "plan", "cycle", "initiative"):
                assert f"{CANARY} {part}" not in shown, f"{prefix}{address} shows a {part} of the hidden {name}"
    assert client.get(record.get_absolute_url()).status_code in {404, 410}


def test_every_public_route_is_walked_above(ground):
    def names(patterns, namespace=""):
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                inner = getattr(pattern, "namespace", None)
                # The desk's routes are walked in staff/test_rights.py, those of focal points in
                # dialogues/test_reporting.py: visitors reach none of them.
                if inner not in {"admin", "staff", "publications-desk", "reporting"}:
                    yield from names(pattern.url_patterns, f"{inner}:" if inner else namespace)
            elif pattern.name:
                yield namespace + pattern.name

    assert set(names(get_resolver().url_patterns)) == set(public_addresses(ground))


@pytest.mark.parametrize("name", KINDS)
def test_published_record_is_found_by_visitors(client, db, name):
    record = make_record(kinds.get(name), published=True, title=f"{CANARY} {name}")
    assert CANARY in client.get(record.get_absolute_url()).content.decode()
    assert CANARY in client.get(f"/{record._meta.app_label}/").content.decode()
    assert CANARY in client.get(f"/search/?q={CANARY.lower()}").content.decode()


def test_editor_sees_a_draft_and_is_told_that_visitors_do_not(editor_client):
    project = make_project(title="Half done")
    page = editor_client.get(project.get_absolute_url()).content.decode()
    assert "Half done" in page
    assert "Visitors do not see this" in page


def test_staff_only_publication_is_for_staff(client, colleague):
    publication = make_publication(published=True, title="Internal note", audience="staff")
    assert client.get(publication.get_absolute_url()).status_code == 404
    assert "Internal note" not in client.get("/publications/").content.decode()
    client.force_login(colleague)
    assert "Internal note" in client.get(publication.get_absolute_url()).content.decode()


def test_embargoed_publication_is_for_staff_until_its_time(client, colleague):
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    publication = make_publication(published=True, title="Not before tomorrow", embargo_until=tomorrow)
    assert client.get(publication.get_absolute_url()).status_code == 404
    client.force_login(colleague)
    assert client.get(publication.get_absolute_url()).status_code == 200


def test_withdrawn_record_answers_410_with_its_reason(client, db):
    project = hide_by_withdrawing(make_project(title="Twin"))
    response = client.get(project.get_absolute_url())
    assert response.status_code == 410
    assert "Entered twice." in response.content.decode()
    assert "Twin" not in response.content.decode()


def test_never_published_record_answers_404(client, db):
    project = make_project()
    project.archive(by=publisher())
    assert client.get(project.get_absolute_url()).status_code == 404


def test_provisional_organisation_has_no_page_until_a_public_record_names_it(client, db):
    organisation = make_organisation("New partner", is_established=False)
    project = make_project(donors=[organisation])
    assert client.get(organisation.get_absolute_url()).status_code == 404
    publish(project)
    assert client.get(organisation.get_absolute_url()).status_code == 200


def test_offices_show_on_their_countrys_page(client, db):
    Office.objects.create(city="Ankara", country=make_country("TR", "Türkiye"), kind=Office.Kind.OFFICE)
    assert "Ankara" in client.get("/countries/tr/").content.decode()


@pytest.mark.parametrize("name", ["project", "dialogue"])
def test_hidden_record_cannot_be_guessed_by_filtering_for_it(client, ground, name):
    make_hidden(name, ground)
    assert client.get(f"/publications/?{name}=hidden-{name}").status_code == 400
    assert client.get(f"/publications/?{name}=no-such-{name}").status_code == 400


def test_embargoed_publication_that_was_withdrawn_never_was_here(client, db):
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    publication = make_publication(published=True, embargo_until=tomorrow)
    publication.withdraw(by=publisher(), reason="An internal reason.")
    assert client.get(publication.get_absolute_url()).status_code == 404


def test_staff_only_publication_that_was_withdrawn_never_was_here(client, db):
    publication = make_publication(published=True, audience="staff")
    publication.withdraw(by=publisher(), reason="An internal reason.")
    publication.audience = "public"
    publication.save()
    assert client.get(publication.get_absolute_url()).status_code == 404


def test_publication_whose_embargo_was_lifted_early_leaves_a_trace_when_withdrawn(client, db):
    publication = make_publication(published=True, embargo_until=timezone.now() + datetime.timedelta(days=1))
    publication.embargo_until = None
    publication.save()
    publication.withdraw(by=publisher(), reason="Replaced.")
    assert client.get(publication.get_absolute_url()).status_code == 410
