"""A library with an index of its own, and people at the desk."""

import datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.models import SavedSearch
from portal.search import store, writing
from publications.models import PublicationFile
from tests.factories import make_country, make_project, make_publication
from tests.pdfs import make_pdf

SUNDAY = datetime.datetime(2027, 2, 28, 6, 0, tzinfo=datetime.UTC)


@pytest.fixture
def library(db, settings, tmp_path, django_capture_on_commit_callbacks):
    """Callables: library.add(title, *pages), library.catch_up()."""
    settings.INDEX_DIR = tmp_path / "index"
    store.forget()

    class Library:
        catch_up = staticmethod(writing.catch_up)

        @staticmethod
        def attach(publication, *pages, language="en", catch_up=True):
            upload = SimpleUploadedFile(f"{publication.slug}-{language}.pdf", make_pdf(*pages))
            with django_capture_on_commit_callbacks(execute=True):
                file = PublicationFile(publication=publication, language=language, file=upload)
                file.full_clean()
                file.save()
            writing.catch_up() if catch_up else None
            return file

        @classmethod
        def add(cls, title, *pages, published=True, catch_up=True, **fields):
            publication = make_publication(published=published, title=title, **fields)
            if pages:
                cls.attach(publication, *pages, catch_up=False)
            writing.catch_up() if catch_up else None
            return publication

    yield Library
    store.forget()


@pytest.fixture
def shelf(library):
    """Three records that speak of lighthouses, and one that does not."""
    guide = library.add(
        "Guide for keepers",
        "Nothing here but a title page.",
        "A lighthouse needs a keeper, and a keeper needs oil.",
        "The lighthouse of the northern cape was lit in winter.",
        slug="guide",
        date="2019",
        countries=[make_country("TR", "Türkiye")],
        catch_up=False,
    )
    note = make_publication(
        title="Internal lighthouse note", slug="note", audience="staff", date="2021", published=True
    )
    project = make_project(title="Lighthouse twinning", slug="twinning", start="2017", published=True)
    library.add("Harbours", slug="harbours")
    return {"guide": guide, "note": note, "project": project}


@pytest.fixture
def desk(client, colleague):
    """The browser of a member of staff."""
    client.force_login(colleague)
    return client


@pytest.fixture
def owner(colleague):
    colleague.email = "stan@example.org"
    colleague.first_name = "Stan"
    colleague.save()
    return colleague


@pytest.fixture
def saved(desk, owner, shelf):
    """A daily one, saved on the Sunday before."""
    with time_machine.travel(SUNDAY, tick=False):
        desk.force_login(owner)
        desk.post("/staff/saved/", {"query": "q=lighthouse", "name": "Lights", "alert": "daily"})
    return SavedSearch.objects.get()


@pytest.fixture
def addition(saved, library):
    return library.add("Lighthouse architecture", "Foreword.", "How a lighthouse is built.", slug="architecture")
