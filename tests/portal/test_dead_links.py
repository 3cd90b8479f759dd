"""Links of the records: those whose words say nothing, and those that lead nowhere."""

import datetime

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from portal import dead_links, trying
from portal.models import LinkCheck, Page, Redirect
from projects.models import Call, Link, Project
from tests.factories import make_dialogue, make_organisation, make_project

HOME = "https://portal.example"
WEEK = datetime.timedelta(days=7)


@pytest.fixture(autouse=True)
def own_site(settings):
    settings.SITE_URL = HOME
    settings.ALLOWED_HOSTS = ["portal.example", "testserver"]
    dead_links._own_hosts.cache_clear()
    yield
    dead_links._own_hosts.cache_clear()


@pytest.mark.parametrize(
    "text",
    [
        "here", "Here.", "click here!", "HERE »", "Read more…", "link", "more", "→", "", "  ", "www.example.org",
        "https://example.org/a/b", "ici", "Cliquez ici", "en savoir plus", "Plus d’informations", "hier", "Mehr erfahren",
        "здесь", "Подробнее", "Сайт", "هنا", "اضغط هنا", "المزيد", "اقرأ المزيد", "aquí", "Télécharger",
    ],
)  # fmt: skip
def test_words_that_say_nothing_are_vague(text):
    assert dead_links.is_vague(text)


@pytest.mark.parametrize(
    "text",
    ["Annual report 2021", "More than visas", "Here be lions", "EU", "Rapport annuel", "Годовой отчёт", "التقرير السنوي", "Linköping", "site plan"],
)  # fmt: skip
def test_words_that_say_where_it_leads_are_not(text):
    assert not dead_links.is_vague(text)


def test_links_of_prose_rows_pages_and_organisations_are_found_once(editor):
    project = make_project(title="One", summary='<p>See <a href="https://a.example/">the <em>report</em></a>.</p>')
    Link.objects.create(project=project, label="Its page", url="https://b.example/")
    Call.objects.create(project=project, title="For experts", url="https://c.example/")
    make_dialogue(description='<p><a href="/countries/">Countries</a></p>')
    Page.objects.create(slug="imprint", title="Imprint", text='<p><a href="mailto:a@b.example">Write</a></p>')
    make_organisation("Office", website="https://d.example/")
    found = {(link.text, link.url, link.address) for link in dead_links.all_links(None)}
    assert found == {
        ("the report", "https://a.example/", "https://a.example/"),
        ("Its page", "https://b.example/", "https://b.example/"),
        ("For experts", "https://c.example/", "https://c.example/"),
        ("Countries", "/countries/", f"{HOME}/countries/"),
        ("Write", "mailto:a@b.example", ""),
        ("Office", "https://d.example/", "https://d.example/"),
    }
    assert {link.url for link in dead_links.all_links(editor)} == {url for _text, url, _address in found}


def test_links_of_drafts_and_of_the_ground_are_for_those_who_see_them(colleague):
    make_organisation("Office", website="https://d.example/")
    make_project(summary='<p><a href="https://a.example/">here</a></p>')
    archived = make_project(summary='<p><a href="https://b.example/">here</a></p>')
    Project.objects.filter(pk=archived.pk).update(status="archived")
    make_project(summary='<p><a href="https://c.example/">here</a></p>', published=True)
    assert [link.url for link in dead_links.all_links(colleague)] == ["https://c.example/"]


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        (f"{HOME}/projects/", True), ("http://portal.example/x", True), ("https://portal.example.evil.example/", False),
        ("https://evil.example/portal.example", False), ("https://testserver/", True), ("http://[broken", False), ("", False),
    ],
)  # fmt: skip
def test_own_addresses_are_told_from_others(address, inside):
    assert dead_links.is_inside(address) is inside


def problems():
    return dict(LinkCheck.objects.values_list("url", "problem"))


def never(url):
    raise AssertionError(f"{url} was asked for over the network")


def test_own_addresses_are_answered_in_this_process(db):
    live = make_project(title="Live", slug="live", published=True)
    make_project(title="Draft", slug="draft")
    withdrawn = make_project(title="Gone", slug="gone", published=True)
    withdrawn.withdraw(by=withdrawn.approved_by, reason="Old")
    Redirect.objects.create(old_path="/old/", new_path="/projects/live/")
    hrefs = [
        "/projects/live/",
        "/projects/draft/",
        "/projects/gone/",
        "/old/",
        "/no-such-page/",
        "/staff/",
        "/fr/projects/live/",
    ]
    prose = "".join(f'<p><a href="{href}">A page</a></p>' for href in hrefs)
    Project.objects.filter(pk=live.pk).update(summary_en=prose)
    dead_links.check(100, WEEK, try_outside=never)
    assert problems() == {
        f"{HOME}/projects/live/": "",
        f"{HOME}/projects/draft/": "gone",
        f"{HOME}/projects/gone/": "gone",
        f"{HOME}/old/": "moved",
        f"{HOME}/no-such-page/": "gone",
        f"{HOME}/staff/": "moved",
        f"{HOME}/fr/projects/live/": "",
    }
    gone = LinkCheck.objects.get(url=f"{HOME}/projects/gone/")
    assert gone.status == 410
    assert LinkCheck.objects.get(url=f"{HOME}/old/").target == f"{HOME}/projects/live/"


def test_addresses_never_tried_come_first_then_the_oldest_and_no_more_than_asked(db):
    def trying_all(url):
        tried.append(url)
        return trying.Outcome(200, "")

    project = make_project()
    for name in "abc":
        Link.objects.create(project=project, label="A page", url=f"https://{name}.example/")
    now = timezone.now()
    LinkCheck.objects.create(url="https://a.example/", checked_at=now - datetime.timedelta(days=8))
    LinkCheck.objects.create(url="https://b.example/", checked_at=now - datetime.timedelta(days=9))
    LinkCheck.objects.create(url="https://forgotten.example/", checked_at=now)
    tried = []
    dead_links.check(2, WEEK, try_outside=trying_all)
    assert tried == ["https://c.example/", "https://b.example/"]
    dead_links.check(2, WEEK, try_outside=trying_all)
    assert tried[2:] == ["https://a.example/"]
    dead_links.check(2, WEEK, try_outside=trying_all)
    assert len(tried) == 3, "nothing is tried again before a week has passed"
    assert set(problems()) == {"https://a.example/", "https://b.example/", "https://c.example/"}
    with time_machine.travel(now + datetime.timedelta(days=8)):
        dead_links.check(10, WEEK, try_outside=trying_all)
    assert len(tried) == 6


def test_one_address_in_many_records_is_tried_once(db):
    for _ in range(3):
        Link.objects.create(project=make_project(), label="A page", url="https://a.example/#part")
    tried = []
    dead_links.check(10, WEEK, try_outside=lambda url: tried.append(url) or trying.Outcome(404, "gone"))
    assert tried == ["https://a.example/"]


def test_command_says_what_came_of_it(db, capsys, monkeypatch):
    Link.objects.create(project=make_project(), label="A page", url="http://127.0.0.1/secret")
    call_command("check_links", limit=5)
    out = capsys.readouterr().out
    assert "tried: 1" in out
    assert "the portal does not look: 1" in out
    assert problems() == {"http://127.0.0.1/secret": "refused"}


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def shown(desk, what):
    return [one.link.url for one, _record, _url in desk.get(f"/staff/links/?what={what}").context["shown"]]


def test_report_shows_each_trouble_under_its_heading(desk):
    project = make_project(
        title="One", summary='<p><a href="/lost/">The page</a> <a href="https://a.example/">here</a></p>'
    )
    for n, problem in enumerate(["gone", "moved", ""]):
        url = f"https://{n}.example/"
        Link.objects.create(project=project, label="A page", url=url)
        LinkCheck.objects.create(url=url, status=200, problem=problem, checked_at=timezone.now())
    LinkCheck.objects.create(url=f"{HOME}/lost/", status=404, problem="gone", checked_at=timezone.now())
    assert shown(desk, "vague") == shown(desk, "") == ["https://a.example/"]
    assert shown(desk, "inside") == ["/lost/"]
    assert shown(desk, "outside") == ["https://0.example/"]
    assert shown(desk, "moved") == ["https://1.example/"]
    page = desk.get("/staff/links/?what=outside").content.decode()
    assert f'/admin/projects/project/{project.pk}/change/#links-group"' in page
    assert desk.get("/staff/links/?what=lamp").status_code == 400


def test_nothing_is_fetched_while_the_report_is_made(desk, monkeypatch):
    monkeypatch.setattr("socket.getaddrinfo", lambda *a, **k: pytest.fail("a host was looked up"))
    Link.objects.create(project=make_project(), label="here", url="https://a.example/")
    assert shown(desk, "vague") == ["https://a.example/"]


def test_dangerous_addresses_are_shown_as_text(desk):
    make_project(title="One", summary='<p><a href="https://a.example/?x=%22%3E%3Cscript%3E">here</a></p>')
    Link.objects.create(project=Project.objects.get(), label="here", url="javascript:alert(1)")
    page = desk.get("/staff/links/").content.decode()
    assert "javascript:alert(1)" in page
    assert 'href="javascript:' not in page
    assert 'href="https://a.example' not in page


def test_number_of_queries_does_not_grow_with_links(desk, django_assert_max_num_queries):
    def fill(n):
        for _ in range(n):
            project = make_project(summary='<p><a href="https://a.example/">here</a></p>')
            Link.objects.create(project=project, label="here", url="https://b.example/")

    fill(1)
    with django_assert_max_num_queries(30) as few:
        desk.get("/staff/links/")
    fill(9)
    with django_assert_max_num_queries(len(few)):
        desk.get("/staff/links/")
