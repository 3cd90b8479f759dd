"""Links to previews: who has one sees the newest text, and nobody sees anything once it is over."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from dialogues.models import Instrument, Meeting
from portal import roles
from portal.models import AuditEntry, Page, PreviewLink
from portal.versions import drafts, preview, sharing
from publications.models import PublicationFile
from tests.factories import (
    make_country,
    make_dialogue,
    make_organisation,
    make_project,
    make_publication,
    publish,
    publisher,
)
from tests.people import make_person
from tests.portal.previews.conftest import address, everything, write


@pytest.fixture
def shared(draft, project, editor):
    """The address of a link to the draft."""
    return f"/preview/{sharing.share(project, by=editor)[1]}/"


def over(client, url, why):
    response = client.get(url)
    assert response.status_code == 410
    page = response.content.decode()
    assert why in page
    assert "Safer routes" not in page
    assert response["Cache-Control"] == "private, no-store"


def test_link_shows_the_draft_to_somebody_without_an_account_in_every_language(client, shared):
    for language in ("en", "fr", "ar", "ru"):
        response = client.get(shared, {"language": language})
        page = response.content.decode()
        assert response.status_code == 200
        assert f'<html lang="{language}"' in page
        assert "Georgia" in page if language == "en" else "Preview: not public." in page
        assert not response.cookies
    assert "Safer routes" in client.get(shared).content.decode()
    assert "This link works until" in client.get(shared).content.decode()
    assert "/admin/" not in client.get(shared).content.decode()


@pytest.fixture
def drawn(monkeypatch):
    """The languages of pages that were drawn."""
    found, draw = [], preview.draw

    def counted(record, language, by, **around):
        found.append(language)
        return draw(record, language, by, **around)

    monkeypatch.setattr(preview, "draw", counted)
    return found


def test_strangers_who_follow_a_link_get_one_page_for_a_minute(client, shared, drawn):
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        first = client.get(shared)
        second = client.get(shared)
        assert drawn == ["en"]
        assert second.content == first.content
        named = ("Content-Type", "Cache-Control", "Referrer-Policy", "X-Robots-Tag", "Content-Security-Policy")
        assert {name: second[name] for name in named} == {name: first[name] for name in named}
        client.get(shared, {"language": "ar"})
    with time_machine.travel(now + datetime.timedelta(seconds=61), tick=False):
        client.get(shared)
    assert drawn == ["en", "ar", "en"]
    assert PreviewLink.objects.get().seen == 4


def test_page_that_was_kept_is_for_no_other_link_and_for_nobody_signed_in(client, shared, drawn, project, colleague):
    client.get(shared)
    client.get(f"/preview/{sharing.share(project, by=publisher())[1]}/")
    assert len(drawn) == 2
    client.force_login(colleague)
    client.get(shared)
    client.get(shared)
    assert len(drawn) == 4


def test_page_that_was_kept_gives_way_to_a_newer_text_of_the_record_or_of_the_one_that_shows_it(client, superuser):
    dialogue = make_dialogue(title="Safe routes")
    activity = parts_of(dialogue)["activity"]
    url = f"/preview/{sharing.share(activity, by=superuser)[1]}/"
    assert "Safe routes" in client.get(url).content.decode()
    dialogue.title = "Safer routes"
    dialogue.save()
    assert "Safer routes" in client.get(url).content.decode()
    write(activity, superuser, title_en="Safest course")
    assert "Safest course" in client.get(url).content.decode()


def test_page_that_was_kept_is_not_shown_once_its_link_is_over(client, shared, editor):
    assert client.get(shared).status_code == 200
    sharing.end(PreviewLink.objects.get(), by=editor)
    over(client, shared, "has ended this link")


def test_link_is_kept_by_nobody_and_tells_no_other_site_of_itself(client, shared):
    response = client.get(shared)
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert "Disallow: /preview/" in client.get("/robots.txt").content.decode()


def test_link_shows_always_the_newest_text(client, shared, project, editor):
    write(project, editor, title_en="Safest routes")
    assert "Safest routes" in client.get(shared).content.decode()


def test_opening_a_link_counts_and_writes_nothing_else(client, shared):
    before = everything()
    client.get(shared)
    client.get(shared, {"language": "ar"})
    client.head(shared)
    after = everything()
    assert [table for table in before if before[table] != after[table]] == ["portal_previewlink"]
    link = PreviewLink.objects.get()
    assert link.seen == 2
    assert link.last_seen is not None


def test_visitors_page_is_the_same_before_and_after_a_link_was_opened(client, shared, project):
    for prefix in ("", "/ar"):
        before = client.get(prefix + project.get_absolute_url()).content
        client.get(shared, {"language": prefix.strip("/") or "en"})
        assert client.get(prefix + project.get_absolute_url()).content == before


def test_link_ends_after_seven_days_to_the_second(client, shared):
    end = PreviewLink.objects.get().expires_at
    with time_machine.travel(end - datetime.timedelta(seconds=1), tick=False):
        assert client.get(shared).status_code == 200
    with time_machine.travel(end, tick=False):
        over(client, shared, "links to previews work for 7 days")


def test_link_that_was_ended_shows_nothing(client, shared, editor, project):
    sharing.end(PreviewLink.objects.get(), by=editor)
    over(client, shared, "has ended this link")
    sharing.end(PreviewLink.objects.get(), by=editor)
    verbs = AuditEntry.objects.about(project).order_by("pk").values_list("verb", flat=True)
    assert list(verbs)[-2:] == ["share preview", "end preview"]


def test_link_ends_with_its_draft(client, shared, draft, editor):
    drafts.discard(draft, by=editor)
    over(client, shared, "was published or put away")


def test_link_ends_when_its_draft_is_published(client, shared, draft, reviewer):
    drafts.publish(draft, by=reviewer)
    response = client.get(shared)
    assert (response.status_code, b"was published or put away" in response.content) == (410, True)


def test_link_to_one_draft_does_not_show_the_next(client, shared, draft, project, editor):
    drafts.discard(draft, by=editor)
    write(project, editor, title_en="Safer routes II")
    over(client, shared, "was published or put away")


def test_link_ends_when_its_record_is_withdrawn_and_stays_so_when_it_is_reopened(client, shared, project):
    project.withdraw(by=publisher(), reason="Entered twice.")
    over(client, shared, "withdrawn")
    project.reopen(by=publisher())
    over(client, shared, "was published or put away")


def test_link_ends_when_its_record_is_deleted(client, editor):
    page = Page.objects.create(slug="contact", title="Safer routes")
    editor.user_permissions.add(*permissions("change_page"))
    url = f"/preview/{sharing.share(page, by=fresh(editor))[1]}/"
    assert client.get(url).status_code == 200
    page.delete()
    over(client, url, "was deleted")


def permissions(*names):
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(codename__in=names)


def fresh(user):
    return type(user).objects.get(pk=user.pk)


@pytest.mark.parametrize("loss", ["active", "staff", "role"])
def test_link_ends_when_its_maker_loses_access(client, shared, editor, loss):
    if loss == "role":
        editor.groups.clear()
    else:
        setattr(editor, f"is_{loss}", False)
        editor.save()
    over(client, shared, "has no access any more")


def test_link_to_a_record_that_is_not_public_yet_ends_when_it_is_published(client, editor):
    project = make_project(title="Safer routes")
    url = f"/preview/{sharing.share(project, by=editor)[1]}/"
    assert "Safer routes" in client.get(url).content.decode()
    publish(project, at=timezone.now() + datetime.timedelta(days=1))
    assert client.get(url).status_code == 200
    with time_machine.travel(timezone.now() + datetime.timedelta(days=2), tick=False):
        over(client, url, "was published")
        project.withdraw(by=publisher(), reason="Entered twice.")
        project.reopen(by=publisher())
        over(client, url, "was published")


def parts_of(dialogue):
    instrument = Instrument.objects.create(slug="plan", title="A plan", kind="action-plan")
    instrument.dialogues.add(dialogue)
    return {
        "meeting": dialogue.meetings.create(title="M1", slug="m1"),
        "activity": dialogue.activities.create(title="A course"),
        "instrument": instrument,
        "domain": instrument.domains.create(title="Borders"),
    }


PARTS = ["meeting", "activity", "instrument", "domain"]


@pytest.mark.parametrize("name", PARTS)
def test_link_to_a_part_ends_for_good_when_its_dialogue_is_published(client, superuser, name):
    dialogue = make_dialogue(title="Safer routes")
    url = f"/preview/{sharing.share(parts_of(dialogue)[name], by=superuser)[1]}/"
    assert client.get(url).status_code == 200
    dialogue.publish(by=publisher())
    dialogue.withdraw(by=publisher(), reason="Entered twice.")
    over(client, url, "put away or withdrawn")
    dialogue.reopen(by=publisher())
    over(client, url, "was published")
    dialogue.publish(by=publisher(), at=timezone.now() + datetime.timedelta(days=1))
    over(client, url, "withdrawn")


@pytest.mark.parametrize("name", PARTS)
def test_part_of_a_withdrawn_dialogue_is_not_shared_and_no_draft_of_it(client, superuser, name):
    dialogue = make_dialogue(title="Safer routes", published=True)
    part = parts_of(dialogue)[name]
    write(part, superuser)
    url = f"/preview/{sharing.share(part, by=superuser)[1]}/"
    assert client.get(url).status_code == 200
    dialogue.withdraw(by=publisher(), reason="Entered twice.")
    with pytest.raises(ValidationError, match="reopen"):
        sharing.share(part, by=superuser)
    over(client, url, "put away or withdrawn")
    dialogue.reopen(by=publisher())
    over(client, url, "put away or withdrawn")


def test_instrument_is_drawn_on_a_page_that_was_not_put_away(client, superuser):
    old, new = make_dialogue(title="Zanzibarquux"), make_dialogue(title="Open process")
    instrument = parts_of(old)["instrument"]
    instrument.dialogues.add(new)
    old.archive(by=publisher())
    page = client.get(f"/preview/{sharing.share(instrument, by=superuser)[1]}/").content.decode()
    assert "Open process" in page
    assert "Zanzibarquux" not in page


def test_link_ends_for_good_when_its_page_or_meeting_was_public(client, superuser):
    page = Page.objects.create(slug="contact", title="Safer routes")
    meeting = Meeting.objects.create(title="Safer routes", slug="m1")
    for record, column in ((page, "is_public"), (meeting, "is_listed")):
        url = f"/preview/{sharing.share(record, by=superuser)[1]}/"
        assert client.get(url).status_code == 200
        for value in (True, False):
            setattr(record, column, value)
            record.save()
        over(client, url, "was published")


def test_link_ends_for_good_when_somebody_opened_it_while_its_organisation_was_named(client, superuser):
    named = make_organisation("Safer routes", is_established=False)
    url = f"/preview/{sharing.share(named, by=superuser)[1]}/"
    project = make_project(donors=[named], published=True)
    over(client, url, "was published")
    project.withdraw(by=publisher(), reason="Entered twice.")
    over(client, url, "was published")


def test_link_shows_no_draft_of_another_record(client, shared, editor):
    other = make_project(published=True, title="Other")
    write(other, editor, title_en="Zanzibarquux")
    hidden = make_project(title="Zanzibarquux too")
    for extra in ("", f"?record={hidden.pk}", f"?object_id={other.pk}&draft=2", f"?path={other.get_absolute_url()}"):
        assert "Zanzibarquux" not in client.get(shared + extra).content.decode()
    for below in (f"{shared}preview/", f"{shared}{other.pk}/", f"{shared}..{other.get_absolute_url()}"):
        assert client.get(below).status_code == 404


def test_link_opens_no_other_page_and_no_file(client, editor):
    paper = make_publication(title="Not yet")
    PublicationFile(publication=paper, file=SimpleUploadedFile("paper.txt", b"Words of a paper.")).save()
    url = f"/preview/{sharing.share(paper, by=editor)[1]}/"
    page = client.get(url).content.decode()
    assert "Its files and their pictures open for visitors once it is published." in page
    own = paper.get_absolute_url()
    for closed in (own, f"{own}en.txt", f"{own}en/", f"{own}en/1/", f"{own}en/cover.jpg", f"{own[:-1]}/en.txt"):
        assert client.get(closed).status_code == 404, closed


def test_what_is_shared_is_in_no_list_and_no_search(client, shared, search_index):
    search_index()
    for public in ("/", "/projects/", "/search/?q=Safer", "/search/suggestions/?q=Safer", "/countries/ge/"):
        client.get(shared)
        response = client.get(public)
        assert "Safer routes" not in response.content.decode(), public


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_link_takes_nothing_but_reading(client, shared, method):
    before = everything()
    assert getattr(client, method)(shared).status_code == 405
    assert everything() == before


HOSTILE = [
    "a", "x" * 42, "x" * 44, "x" * 60_000, "0" * 43, "-" * 43, "_" * 43, "%00" * 43, "x" * 42 + "%00",
    "%0a" + "x" * 42, "x" * 43 + "%0a", "..", "../" * 20, "..%2f..%2fadmin", "%2e%2e%2f" * 14, "ю" * 43, "١" * 43,
    "\u202e" + "x" * 42, "%ff%fe" + "x" * 41, "'" + "or" * 21, "';DROP TABLE x;--" + "x" * 26, "<script>" + "x" * 35,
    "x" * 43 + "/extra", "x" * 43 + ";a=b", "{{7*7}}" + "x" * 36, "%" * 43, "x" * 21 + " " + "x" * 21,
]  # fmt: skip


@pytest.mark.parametrize("token", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_token_leads_nowhere(client, shared, token):
    for url in (f"/preview/{token}/", f"/preview/{token}/?language=ar"):
        assert client.get(url).status_code in ({400, 404} if "%0" in token else {404})


def test_token_in_another_case_or_with_more_around_it_leads_nowhere(client, shared):
    token = shared.split("/")[2]
    for other in (token.swapcase(), token[:-1], token + "=", f" {token}", PreviewLink.objects.get().digest):
        assert client.get(f"/preview/{other}/").status_code == 404


@pytest.mark.parametrize("language", ["de", "", "../ar", "ar%00", "x" * 5000])
def test_hostile_language_leads_nowhere(client, shared, language):
    assert client.get(f"{shared}?language={language}").status_code in {400, 404}


def test_the_database_holds_no_token(shared):
    token = shared.split("/")[2]
    assert not [table for table, rows in everything().items() if any(token in row for row in rows)]


def test_the_database_refuses_a_link_that_ends_before_it_begins(shared):
    with pytest.raises(IntegrityError), transaction.atomic():
        PreviewLink.objects.update(expires_at=timezone.now() - datetime.timedelta(days=1))


def test_draft_that_cannot_be_drawn_says_so_in_words(client, shared):
    from portal.models import Organisation

    Organisation.objects.get(name="Switzerland").delete()
    response = client.get(shared)
    assert response.status_code == 409
    assert "does not exist any more" in response.content.decode()


# Making and ending them


def test_only_who_may_change_a_record_shares_and_ends_its_preview(shared, project, colleague):
    viewer = make_person("vera", roles.STAFF)
    viewer.user_permissions.add(*permissions("view_project"))
    for person in (colleague, fresh(viewer)):
        with pytest.raises(PermissionDenied):
            sharing.share(project, by=person)
        with pytest.raises(PermissionDenied):
            sharing.end(PreviewLink.objects.get(), by=person)


def test_what_visitors_see_anyway_is_not_shared(editor):
    for record in (make_project(published=True), make_country()):
        with pytest.raises((ValidationError, PermissionDenied)):
            sharing.share(record, by=editor)
    with pytest.raises(ValidationError, match="send the address"):
        sharing.share(make_project(published=True), by=editor)


def test_what_was_withdrawn_is_not_shared(project, editor):
    project.withdraw(by=publisher(), reason="Entered twice.")
    with pytest.raises(ValidationError, match="reopen"):
        sharing.share(project, by=editor)


HELD_BACK = ["audience", "embargo"]


def held_back(how, **fields):
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    kept = {"audience": "staff"} if how == "audience" else {"embargo_until": tomorrow}
    return make_publication(title="Safer routes", **kept, **fields)


@pytest.mark.parametrize("how", HELD_BACK)
def test_what_is_published_for_staff_or_under_embargo_is_shared_by_nobody(editor, reviewer, how):
    paper = held_back(how, published=True)
    with pytest.raises(PermissionDenied):
        sharing.share(paper, by=editor)
    with pytest.raises(ValidationError, match="kept from visitors"):
        sharing.share(paper, by=reviewer)


@pytest.mark.parametrize("how", HELD_BACK)
def test_link_ends_when_its_record_is_published_for_staff_or_under_embargo(client, reviewer, how):
    paper = held_back(how)
    url = f"/preview/{sharing.share(paper, by=reviewer)[1]}/"
    assert client.get(url).status_code == 200
    publish(paper)
    over(client, url, "was published")


@pytest.mark.parametrize("how", HELD_BACK)
def test_draft_for_staff_is_shared_by_those_only_who_may_publish_it(client, editor, reviewer, how):
    live, unpublished = held_back(how, published=True), held_back(how)
    write(live, editor)
    for paper in (live, unpublished):
        with pytest.raises(PermissionDenied):
            sharing.share(paper, by=editor)
        assert client.get(f"/preview/{sharing.share(paper, by=reviewer)[1]}/").status_code == 200


def test_draft_that_makes_a_public_record_one_for_staff_is_no_editors_to_share(client, editor, reviewer):
    paper = make_publication(title="Safe routes", published=True)
    write(paper, editor, title_en="Safer routes")
    url = f"/preview/{sharing.share(paper, by=editor)[1]}/"
    assert client.get(url).status_code == 200
    write(paper, editor, audience="staff")
    over(client, url, "for staff only by now")
    with pytest.raises(PermissionDenied):
        sharing.share(paper, by=editor)
    sharing.share(paper, by=reviewer)


def test_page_of_links_says_what_is_for_staff_only_and_offers_none_to_editors(client, editor, reviewer):
    paper = held_back("audience")
    for person, offered in ((editor, False), (reviewer, True)):
        client.force_login(person)
        page = client.get(address(paper, "preview_links")).content.decode()
        assert "It is for staff only, or under embargo." in page
        assert ('name="share"' in page) is offered


def test_what_has_expired_is_not_shared(editor):
    project = make_project()
    start = timezone.now() - datetime.timedelta(days=2)
    publish(project, at=start, until=start + datetime.timedelta(days=1))
    with pytest.raises(ValidationError, match="kept from visitors"):
        sharing.share(project, by=editor)


def test_a_record_has_not_more_than_twenty_links(draft, project, editor):
    for _n in range(sharing.AT_ONCE):
        sharing.share(project, by=editor)
    with pytest.raises(ValidationError, match="end one of them"):
        sharing.share(project, by=editor)


def test_editor_makes_a_link_in_the_admin_and_ends_it(client, draft, project, editor):
    client.force_login(editor)
    page = address(project, "preview_links")
    made = client.post(page, {"share": "1"})
    url = made.context["made"]["url"]
    assert url in made.content.decode()
    assert made["Cache-Control"] == "private, no-store"
    path = "/" + url.split("/", 3)[3]
    client.logout()
    assert client.get(path).status_code == 200
    client.force_login(editor)
    listed = client.get(page)
    assert url not in listed.content.decode()
    assert "1 time" in listed.content.decode()
    assert client.post(page, {"end": str(PreviewLink.objects.get().pk)}).status_code == 302
    assert "No link to its preview is open." in client.get(page).content.decode()
    client.logout()
    over(client, path, "has ended this link")


@pytest.mark.parametrize("number", ["0", "x", "-1", "٣", "9" * 30, "1 OR 1"])
def test_ending_a_link_that_is_none_is_not_found(client, shared, project, editor, number):
    client.force_login(editor)
    assert client.post(address(project, "preview_links"), {"end": number}).status_code == 404
    assert PreviewLink.objects.get().ended_at is None


def test_link_is_ended_from_its_own_record_only(client, shared, editor):
    other = make_project()
    client.force_login(editor)
    answer = client.post(address(other, "preview_links"), {"end": str(PreviewLink.objects.get().pk)})
    assert answer.status_code == 404
    assert PreviewLink.objects.get().ended_at is None


def test_sharing_what_is_public_says_what_to_do_instead(client, editor):
    client.force_login(editor)
    answer = client.post(address(make_project(published=True), "preview_links"), {"share": "1"}, follow=True)
    assert "send the address of the page itself" in answer.content.decode()
    assert not PreviewLink.objects.exists()


def test_list_of_links_costs_the_same_for_one_and_for_ten(
    client, shared, project, editor, django_assert_max_num_queries
):
    client.force_login(editor)
    page = address(project, "preview_links")
    with django_assert_max_num_queries(100) as one:
        client.get(page)
    for _n in range(9):
        sharing.share(project, by=editor)
    with django_assert_max_num_queries(100) as ten:
        client.get(page)
    assert len(ten) == len(one)
