"""Records whose facts have grown old, why, and whom to ask."""

import datetime

import pytest
from django.utils import timezone

from projects.models import Project
from tests.factories import make_dialogue, make_project, make_publication

TODAY = timezone.localdate()
LONG_AGO = TODAY - datetime.timedelta(days=366)
LATELY = TODAY - datetime.timedelta(days=364)


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def titles(desk, query=""):
    return [str(line.record) for line in desk.get(f"/staff/stale/?{query}").context["page"]]


def test_due_records_of_all_kinds_stand_in_the_order_of_their_days(desk, editor):
    make_project(title="Second", review_due=TODAY - datetime.timedelta(days=2), changed_by=editor)
    make_dialogue(title="First", review_due=TODAY - datetime.timedelta(days=3))
    make_publication(title="Today", review_due=TODAY)
    make_project(title="Tomorrow", review_due=TODAY + datetime.timedelta(days=1))
    make_project(title="Never", review_due=None)
    assert titles(desk) == ["First", "Second", "Today"]
    assert "edith" in desk.get("/staff/stale/").content.decode(), "whom to ask"
    assert titles(desk, "kind=project") == ["Second"]


def test_checked_long_ago_is_told_from_never_and_from_lately(desk):
    make_project(title="Old", last_checked=LONG_AGO)
    make_project(title="Fresh", last_checked=LATELY)
    make_project(title="Unchecked")
    assert titles(desk, "why=old") == ["Old"]
    assert titles(desk, "why=never") == ["Unchecked"]


def test_statement_that_something_is_current_grows_old(desk):
    def make(title, **fields):
        make_project(title=title, **fields)

    make("Said long ago", stage_stated="current", stage_as_of="2021")
    make("Planned long ago", stage_stated="planned", stage_as_of="2020")
    make("Said lately", stage_stated="current", stage_as_of=LATELY.isoformat())
    make("Ended for good", stage_stated="ended")
    make("Checked since", stage_stated="current", stage_as_of="2021", last_checked=LATELY)
    make_dialogue(title="States nothing")
    assert titles(desk, "why=stated") == ["Planned long ago", "Said long ago"]


def test_each_reason_tells_its_number(desk):
    make_project(title="Old", last_checked=LONG_AGO)
    make_dialogue()
    counts = {query: count for _label, count, query, _chosen in desk.get("/staff/stale/").context["reasons"]}
    assert counts == {"?why=due": 0, "?why=old": 1, "?why=stated": 0, "?why=never": 1}


def test_archive_is_left_out_and_colleagues_see_what_is_live(client, colleague):
    Project.objects.filter(pk=make_project(title="Archived", review_due=TODAY).pk).update(status="archived")
    make_project(title="Draft", review_due=TODAY)
    make_project(title="Live", review_due=TODAY, published=True)
    client.force_login(colleague)
    assert titles(client) == ["Live"]
    assert "/admin/" not in client.get("/staff/stale/").content.decode()


def test_unknown_reason_is_refused(desk):
    assert desk.get("/staff/stale/?why=lamp").status_code == 400


def test_number_of_queries_does_not_grow_with_records(desk, django_assert_max_num_queries):
    def fill(n):
        for _ in range(n):
            make_project(review_due=TODAY), make_dialogue(review_due=TODAY), make_publication(review_due=TODAY)

    fill(1)
    with django_assert_max_num_queries(32) as few:
        desk.get("/staff/stale/")
    fill(8)
    with django_assert_max_num_queries(len(few)):
        desk.get("/staff/stale/")
