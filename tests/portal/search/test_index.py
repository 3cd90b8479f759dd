"""The index follows the database: what is saved is found, what is withdrawn is not, and nothing is lost between."""

import datetime

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.models import CountryGroup, IndexChange
from portal.search import checking, store, writing
from portal.search.finding import Search
from publications.models import Series
from tests.factories import make_country, make_project, make_publication, make_theme, publish, publisher

VISITOR = AnonymousUser()


def found(words, reader=VISITOR):
    return Search(words, reader).find().total


def test_published_record_is_found_once_the_index_has_followed(search_index):
    make_project(title="Harbour of arrivals", published=True)
    assert found("harbour") == 0
    search_index()
    assert found("harbour") == 1


def test_draft_is_in_no_index(search_index, colleague):
    make_project(title="Harbour of arrivals")
    search_index()
    assert found("harbour") == found("harbour", colleague) == 0


def test_staff_only_publication_is_for_staff_and_counts_for_nobody_else(search_index, colleague):
    make_publication(title="Harbour study", published=True)
    make_publication(title="Harbour memorandum", audience="staff", published=True)
    search_index()
    assert (found("harbour"), found("harbour", colleague)) == (1, 2)
    assert (found("memorandum"), found("memorandum", colleague)) == (0, 1)


def test_withdrawn_record_leaves_the_index(search_index):
    project = make_project(title="Harbour", published=True)
    search_index()
    project.withdraw(by=publisher(), reason="Superseded.")
    search_index()
    assert found("harbour") == 0


def test_deleted_record_leaves_the_index(search_index):
    project = make_project(title="Harbour", published=True)
    search_index()
    project.delete()
    search_index()
    assert found("harbour") == 0
    assert checking.check() == []


def test_record_becomes_findable_when_its_time_has_come_without_being_saved(search_index):
    now = timezone.now()
    publish(make_project(title="Tomorrow's harbour"), at=now + datetime.timedelta(hours=1))
    search_index()
    assert found("harbour") == 0
    with time_machine.travel(now + datetime.timedelta(hours=2)):
        search_index()
        assert found("harbour") == 1


def test_expired_record_is_not_found_even_while_no_worker_runs(search_index):
    now = timezone.now()
    publish(make_project(title="Brief harbour"), until=now + datetime.timedelta(hours=1))
    search_index()
    assert found("harbour") == 1
    with time_machine.travel(now + datetime.timedelta(hours=2)):
        assert found("harbour") == 0


def test_embargo_lifts_for_visitors(search_index, colleague):
    now = timezone.now()
    make_publication(title="Harbour study", embargo_until=now + datetime.timedelta(hours=1), published=True)
    search_index()
    assert (found("harbour"), found("harbour", colleague)) == (0, 1)
    with time_machine.travel(now + datetime.timedelta(hours=2)):
        search_index()
        assert found("harbour") == 1


def test_new_name_of_a_country_finds_what_is_filed_under_it(search_index):
    country = make_country("TR", "Turkey")
    make_project(title="Border work", countries=[country], published=True)
    search_index()
    country.name = "Türkiye"
    country.save()
    search_index()
    assert found("Türkiye") == found("turkiye") == 1


@pytest.mark.parametrize("side", ["project", "theme"])
def test_links_set_from_either_side_are_followed(search_index, side):
    project, theme = make_project(title="Border work", published=True), make_theme(name="Remittances")
    search_index()
    if side == "project":
        project.themes.add(theme)
    else:
        theme.projects.add(project)
    search_index()
    assert found("remittances") == 1
    if side == "project":
        project.themes.clear()
    else:
        theme.projects.clear()
    search_index()
    assert found("remittances") == 0


def test_everything_an_entry_names_is_followed(search_index):
    """What `indexed` fetches for an entry is renamed, named anew and deleted; the index holds what the entry says."""
    publication = make_publication(title="Study", countries=[make_country("TR", "Türkiye")], published=True)
    series = Series.objects.create(slug="s", title="Quayside papers")
    group = CountryGroup.objects.create(slug="g", name="Lagoon states")
    publication.series = series
    publication.save()
    publication.country_groups.add(group)
    publication.themes.add(theme := make_theme(name="Remittances"))
    search_index()
    assert found("quayside") == found("lagoon") == found("remittances") == 1

    series.title_en = "Pierside papers"
    series.save()
    publication.type.name_en = "Treatise"
    publication.type.save()
    publication.countries.get().other_names.create(name="Anatolia", kind="former")
    theme.delete()
    group.delete()
    search_index()
    assert found("pierside") == found("treatise") == found("anatolia") == 1
    assert found("quayside") == found("lagoon") == found("remittances") == 0
    assert checking.check() == []


def test_what_became_due_is_not_lost_when_the_writer_died_between_two_folders(search_index, monkeypatch):
    now = timezone.now()
    publish(make_project(title="Tomorrow's harbour"), at=now + datetime.timedelta(hours=1))
    search_index()
    whole = writing.Writers.commit

    def one_folder_only(self, head):
        first = next(iter(self.writers))
        self.writers = {first: self.writers[first]}
        whole(self, head)
        raise KeyboardInterrupt

    with time_machine.travel(now + datetime.timedelta(hours=2)):
        with monkeypatch.context() as broken:
            broken.setattr(writing.Writers, "commit", one_folder_only)
            with pytest.raises(KeyboardInterrupt):
                search_index()
        search_index()
        assert checking.check() == []
        assert found("harbour") == 1


def test_author_entered_after_publishing_is_followed(search_index):
    publication = make_publication(title="Study", published=True)
    search_index()
    publication.contributors.create(family_name="Okonjo", given_name="Ada")
    search_index()
    assert found("author:okonjo") == 1


def test_change_that_is_rolled_back_leaves_no_trace(search_index):
    from django.db import transaction

    publisher()
    before = IndexChange.objects.count()
    with transaction.atomic():
        make_project(title="Harbour", published=True)
        transaction.set_rollback(True)
    assert IndexChange.objects.count() == before


def test_check_names_what_differs(search_index):
    kept = make_project(title="Kept", published=True)
    lost = make_project(title="Lost", published=True)
    search_index()
    assert checking.check() == []
    type(kept).objects.filter(pk=kept.pk).update(title="Renamed behind the index", title_en="Renamed behind the index")
    type(lost).objects.filter(pk=lost.pk).update(status="archived")
    differences = {(one.audience, one.key, one.what) for one in checking.check()}
    assert differences == {
        (audience, f"project:{project.pk}", what)
        for audience in ("visitors", "staff")
        for project, what in ((kept, "out of date"), (lost, "should not be there"))
    }
    with pytest.raises(CommandError, match="4 differences"):
        call_command("index_check")
    call_command("index_rebuild")
    assert checking.check() == []


def test_rebuild_swaps_a_whole_index_and_old_readers_go_on(search_index):
    make_project(title="Harbour", published=True)
    search_index()
    old = Search("harbour", VISITOR)
    before = store.current_name()
    assert writing.rebuild() == 1
    assert store.current_name() != before
    assert old.find().total == found("harbour") == 1


def test_index_of_another_database_is_made_anew(search_index):
    make_project(title="Harbour", published=True)
    search_index()
    before = store.current_name()
    IndexChange.objects.all().delete()  # as after a restored backup: the change it knows is not there
    make_project(title="Quay", published=True)
    search_index()
    assert store.current_name() != before
    assert found("harbour OR quay") == 2


def test_index_of_another_version_is_made_anew(search_index, settings, monkeypatch):
    make_project(title="Harbour", published=True)
    search_index()
    monkeypatch.setattr("portal.search.schema.VERSION", 99)
    store.forget()
    with pytest.raises(store.IndexUnavailable, match="another version"):
        found("harbour")
    search_index()
    assert found("harbour") == 1


def test_second_writer_waits_and_gives_way(search_index):
    make_project(title="Harbour", published=True)
    with store.writer_lock(0) as ours:
        assert ours
        assert writing.catch_up(wait=0) is None
        with pytest.raises(store.IndexUnavailable, match="Another process"):
            writing.rebuild(wait=0)
    assert search_index() == 1
    assert found("harbour") == 1


def test_changes_are_kept_a_month_and_the_newest_for_good(search_index):
    make_project(title="Harbour", published=True)
    search_index()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=40)):
        assert writing.prune() > 0
        assert IndexChange.objects.count() == 1
        assert search_index() == 0
        assert found("harbour") == 1


@pytest.mark.parametrize("damage", ["missing", "emptied", "overwritten"])
def test_damaged_index_is_told_and_titles_are_searched_instead(search_index, client, damage):
    make_project(title="Harbour of arrivals", published=True)
    search_index()
    store.forget()
    for file in (store.root() / store.current_name()).rglob("*"):
        if file.is_file() and (damage != "overwritten" or file.suffix not in (".json", ".lock")):
            if damage == "missing":
                file.unlink()
            else:
                file.write_bytes(b"" if damage == "emptied" else b"\x00" * 64)
    page = client.get("/projects/?q=harbour")
    assert page.status_code == 200
    assert "Harbour of arrivals" in page.content.decode()
    assert "full search is not available" in page.content.decode()
    assert client.get("/readyz").json()["search"] == "titles only"


def test_rebuild_prepares_a_record_once_for_visitors_and_staff(search_index, colleague, monkeypatch):
    from portal.search import schema

    make_publication(title="Harbour study", published=True)
    make_publication(title="Harbour memorandum", audience="staff", published=True)
    prepared = []
    told = schema.record_row
    monkeypatch.setattr(schema, "record_row", lambda key, *rest: prepared.append(key) or told(key, *rest))
    assert writing.rebuild() == 2
    assert len(prepared) == len(set(prepared)) == 2
    assert (found("harbour"), found("harbour", colleague)) == (1, 2)
    assert checking.check() == []


def test_folders_that_began_as_a_copy_go_their_own_ways(search_index, colleague):
    public = make_publication(title="Harbour study", published=True)
    search_index()
    make_publication(title="Harbour memorandum", audience="staff", published=True)
    search_index()
    public.withdraw(by=publisher(), reason="Superseded.")
    search_index()
    assert (found("harbour"), found("harbour", colleague)) == (0, 1)
    assert checking.check() == []


def test_copy_is_made_where_the_file_system_knows_no_links(search_index, colleague, monkeypatch):
    def refuse(*args):
        raise PermissionError

    monkeypatch.setattr(store.os, "link", refuse)
    make_publication(title="Harbour study", published=True)
    writing.rebuild()
    assert (found("harbour"), found("harbour", colleague)) == (1, 1)
