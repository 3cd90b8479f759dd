"""What holds for every page: no cookie, no inline code, languages in the path, marks with footnotes, clean errors."""

import datetime
import re

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from portal.models import AuditEntry, KeyFigure, Page, Redirect, TerritorialNote
from portal.models.figures import FigureGroup
from portal.territory import Notes
from tests.factories import (
    make_country,
    make_dialogue,
    make_organisation,
    make_project,
    make_publication,
    make_region,
    make_theme,
    publish,
)


@pytest.fixture
def kosovo(db):
    note = TerritorialNote.objects.create(slug="kosovo", mark="*", text="Under resolution 1244.")
    note.terms.create(term="Kosovo")
    note.terms.create(term="Pristina")
    return make_country("XK", "Kosovo", territorial_note=note)


@pytest.fixture
def site(kosovo):
    """A few public records of each kind, and their addresses."""
    project = make_project(title="Authorities in Kosovo", countries=[kosovo], published=True, start="2016-10")
    dialogue = make_dialogue(title="Open Process", published=True)
    publication = make_publication(title="A study", abstract="On Kosovo.", published=True)
    Page.objects.create(slug="", title="About", text="<p>Hello.</p>", is_public=True)
    records = [project, dialogue, publication]
    return ["/", "/about/", "/countries/", "/countries/xk/", "/figures/", "/search/?q=kosovo"] + [
        address for record in records for address in (record.get_absolute_url(), f"/{record._meta.app_label}/")
    ]


def test_public_pages_set_no_cookie_and_hold_no_form_token(client, site):
    for address in [*site, "/no-such-page/"]:
        response = client.get(address)
        assert not response.cookies, address
        assert "csrfmiddlewaretoken" not in response.content.decode(), address


def test_what_signed_in_people_see_is_kept_by_no_cache(client, site, editor):
    assert client.get("/projects/")["Cache-Control"] == "public, max-age=0"
    client.force_login(editor)
    assert client.get("/projects/")["Cache-Control"] == "private, no-store"


def test_pages_hold_no_inline_script_or_style(client, site):
    for address in [*site, "/no-such-page/", "/accounts/sign-in/"]:
        response = client.get(address)
        policy = response["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "nonce" not in policy, "a cached page would repeat its nonce"
        assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=|javascript:", response.content.decode())


def test_pages_ask_nothing_of_other_hosts(client, site):
    for address in site:
        for found in re.findall(r'(?:src|href)="(https?://[^"]+)"', client.get(address).content.decode()):
            assert found.startswith("http://127.0.0.1:8000"), (address, found)


@pytest.mark.parametrize("prefix, direction", [("", "ltr"), ("/fr", "ltr"), ("/ar", "rtl"), ("/ru", "ltr")])
def test_language_stands_in_the_path(client, site, prefix, direction):
    page = client.get(f"{prefix}/projects/").content.decode()
    assert f'<html lang="{prefix.strip("/") or "en"}" dir="{direction}">' in page
    for other in ("", "/fr", "/ar", "/ru"):
        assert f'href="http://127.0.0.1:8000{other}/projects/"' in page  # hreflang


def test_readers_language_is_not_guessed_from_the_browser(client, db):
    response = client.get("/", headers={"accept-language": "fr"})
    assert '<html lang="en"' in response.content.decode()
    assert response["Vary"] == "Cookie"


def test_record_shows_its_translation_and_falls_back_where_there_is_none(client, db):
    project = make_project(title="Border", title_fr="Frontière", published=True)
    assert "Frontière" in client.get(f"/fr/projects/{project.slug}/").content.decode()
    assert "Border" in client.get(f"/ru/projects/{project.slug}/").content.decode()


def test_every_mention_carries_the_mark_and_the_page_one_footnote(client, kosovo):
    project = make_project(
        title="Authorities in Kosovo", objective="For Kosovo.", summary="<p>In Pristina, Kosovo.</p>",
        countries=[kosovo], published=True,
    )  # fmt: skip
    page = client.get(project.get_absolute_url()).content.decode()
    body = page[page.index("<main") : page.index('class="notes')]
    text = re.sub(r"<[^>]+>", "", body)
    assert re.findall(r"Kosovo(?!\*)|Pristina(?!\*)", text) == []
    assert page.count("Under resolution 1244.") == 1
    assert page.count('id="ref-kosovo"') == 1
    assert "<title>Authorities in Kosovo*" in page


def test_page_without_a_mention_has_no_footnote(client, site):
    assert "Under resolution" not in client.get("/dialogues/open-process/").content.decode()


def test_territorial_note_ends_with_its_validity(kosovo):
    kosovo.territorial_note.valid_until = "2001-01-01"
    kosovo.territorial_note.save()
    assert Notes().mark("Kosovo") == "Kosovo"


def test_mark_leaves_codes_attributes_and_longer_words_alone(kosovo):
    notes = Notes()
    assert notes.mark_plain("XK Kosovopolje") == "XK Kosovopolje"
    assert notes.mark_plain("Kosovo* already") == "Kosovo* already"
    assert "<b>" not in notes.mark("<b>Kosovo</b>")


def test_mark_within_a_link_is_no_second_link(client, kosovo):
    project = make_project(summary='<p>See <a href="https://x.example/">Kosovo</a>, Kosovo.</p>', published=True)
    page = client.get(project.get_absolute_url()).content.decode()
    assert ">Kosovo*</a>, Kosovo<sup><a " in page


@pytest.mark.parametrize("was, is_now", [(False, False), (False, True), (True, False)])
def test_page_that_is_not_public_moves_without_a_trace(client, db, was, is_now):
    page = Page.objects.create(slug="layoffs", title="P", is_public=was)
    page.slug, page.is_public = "layoffs-2027", is_now
    page.save()
    assert client.get("/about/layoffs/").status_code == 404


def test_meeting_of_a_dialogue_that_is_not_public_moves_without_a_trace(client, db):
    dialogue = make_dialogue(title="Secret talks")
    meeting = dialogue.meetings.create(title="M1", slug="m1")
    old = meeting.get_absolute_url()
    meeting.slug = "better"
    meeting.save()
    assert client.get(old).status_code == 404
    publish(dialogue)
    old, meeting.slug = meeting.get_absolute_url(), "best"
    meeting.save()
    assert client.get(old)["Location"] == "/dialogues/secret-talks/meetings/best/"


def test_meeting_that_moves_to_a_dialogue_that_is_not_public_does_not_tell_where_it_went(client, db):
    meeting = make_dialogue(published=True).meetings.create(title="M1", slug="m1")
    old, meeting.dialogue = meeting.get_absolute_url(), make_dialogue(title="Secret talks")
    meeting.save()
    assert client.get(old).status_code == 404


def test_moved_address_redirects_in_every_language_and_keeps_its_query(client, db):
    Redirect.move("/projects/old/", "/projects/new/")
    response = client.get("/fr/projects/old/?page=1")
    assert response.status_code == 301
    assert response["Location"] == "/fr/projects/new/?page=1"


def test_changed_address_of_a_public_record_goes_on_working(client, db):
    project = make_project(slug="adept", published=True)
    for slug in ("aedp", "adept-2"):
        project.slug = slug
        project.save()
    for old in ("adept", "aedp"):
        response = client.get(f"/projects/{old}/")
        assert (response.status_code, response["Location"]) == (301, "/projects/adept-2/")
    assert Redirect.objects.filter(old_path="/projects/adept-2/").count() == 0


def test_address_of_a_scheduled_record_leaves_no_trace(client, db):
    project = publish(make_project(slug="soon"), at=timezone.now() + datetime.timedelta(days=1))
    project.slug = "later"
    project.save()
    assert client.get("/projects/soon/").status_code == 404


def test_changed_addresses_of_vocabularies_and_meetings_go_on_working(client, db):
    dialogue = make_dialogue(slug="prague-process", published=True)
    dialogue.meetings.create(title="Senior officials", slug="som", start="2021")
    for thing, old in [
        (make_theme(slug="retrun"), "/themes/retrun/"),
        (make_region(slug="silk"), "/regions/silk/"),
        (make_organisation("Agency", slug="agncy"), "/organisations/agncy/"),
        (Page.objects.create(slug="kontact", title="Contact", is_public=True), "/about/kontact/"),
    ]:
        thing.slug = "right"
        thing.save()
        response = client.get(f"/ar{old}")
        new = f"/ar/{old.split('/')[1]}/right/"
        assert (response.status_code, response["Location"]) == (301, new)
    dialogue.slug = "prague"
    dialogue.save()
    response = client.get("/dialogues/prague-process/meetings/som/")
    assert (response.status_code, response["Location"]) == (301, "/dialogues/prague/meetings/som/")


@pytest.mark.parametrize(
    "target", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_redirect_leads_to_this_site_only(db, target):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        Redirect(old_path="/a/", new_path=target).full_clean()


def test_mistyped_address_offers_the_nearest_record(client, db):
    make_project(title="Authorities", slug="mimak", published=True)
    assert "Authorities" in client.get("/projects/mimk/").content.decode()


def test_missing_page_offers_near_matches_and_a_search(client, db):
    make_project(title="Migrant resource centres", published=True)
    response = client.get("/projects/resource-centres/")
    assert response.status_code == 404
    assert "Migrant resource centres" in response.content.decode()


def test_error_page_needs_no_database(monkeypatch, client):
    from portal.views import home

    def broken(*args, **kwargs):
        raise DatabaseError("gone")

    monkeypatch.setattr(home.KeyFigure.objects, "filter", broken)
    quiet = Client(raise_request_exception=False)
    monkeypatch.setattr(home.kinds, "all", list)
    response = quiet.get("/")
    assert response.status_code == 500
    assert "Something went wrong on our side" in response.content.decode()


def test_pages_answer_reading_only(client, site):
    for address in site:
        assert client.post(address.split("?")[0]).status_code == 405


def test_health_needs_a_database_only_where_it_says_so(client, db):
    assert client.get("/livez").status_code == 200
    assert client.get("/readyz").json() == {"database": "ok", "migrations": "ok", "search": "titles only"}


def test_request_id_is_answered_and_a_forged_one_replaced(client, db):
    assert client.get("/livez", headers={"x-request-id": "abc-12345678"})["X-Request-ID"] == "abc-12345678"
    assert client.get("/livez", headers={"x-request-id": "a\tb"})["X-Request-ID"] != "a\tb"


def test_country_code_in_capitals_leads_to_the_one_address(client, kosovo):
    response = client.get("/countries/XK/")
    assert (response.status_code, response["Location"]) == (301, "/countries/xk/")


def test_figure_says_how_exact_it_is(client, db):
    group = FigureGroup.objects.create(slug="g", name="Group")
    KeyFigure.objects.create(group=group, slug="a", label="Countries", value=90, qualifier="over", year=2021)
    KeyFigure.objects.create(group=group, slug="b", label="Volume", value="58208000", unit="EUR", year=2021)
    KeyFigure.objects.create(group=group, slug="c", label="Lost", qualifier="unknown")
    page = client.get("/figures/").content.decode()
    assert "over 90" in page
    assert "58,208,000" in page
    assert "not readable" in page
    assert "2,021" not in page


def test_sign_in_leads_staff_back_and_never_off_the_site(client, colleague):
    data = {"username": "stan", "password": "a-long-pass-phrase"}
    response = client.post("/accounts/sign-in/?next=https://evil.example/", data)
    assert (response.status_code, response["Location"]) == (302, "/")


def test_prose_shows_markup_and_never_script(client, db):
    project = make_project(published=True, summary="<p>Good <strong>words</strong><script>alert(1)</script></p>")
    type(project).objects.filter(pk=project.pk).update(summary_en='<p onclick="x()">Late <img src=x onerror=y></p>')
    page = client.get(project.get_absolute_url()).content.decode()
    assert "<p>Late </p>" in page
    assert "onerror" not in page


def test_audit_log_only_grows(db):
    project = make_project(published=True)
    entry = AuditEntry.objects.about(project).get()
    assert (entry.verb, entry.before, entry.after) == ("publish", "draft", "published")
    with pytest.raises(TypeError):
        entry.delete()
    with pytest.raises(TypeError):
        AuditEntry.objects.all().delete()
    entry.note = "forged"
    with pytest.raises(TypeError):
        entry.save()
