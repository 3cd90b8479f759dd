"""A reader for tests: what it reads is JSON, a list of entries as they are."""

import json
import uuid

import pytest

from portal.imports import readers
from portal.imports.entries import Entry, Found, Line, Names, Problem, Unreadable
from portal.models import Organisation
from projects.models import Project
from tests.bringing import read_in

ROWS = uuid.UUID("6f1b6a3e-58a5-4c3a-9a55-000000000000")


def row_key(*parts):
    return str(uuid.uuid5(ROWS, " ".join(parts)))


def read(imported):
    try:
        said = json.loads(bytes(imported.file))
    except ValueError as error:
        raise Unreadable("This is no JSON.") from error
    names, entries = Names(), []
    for number, one in enumerate(said, start=1):
        known = {"fields": {}, "links": {}, "rows": {}}
        known["fields"] = {name: value for name, value in one.items() if name not in {"key", "donors", "problem"}}
        for name in one.get("donors", ()):
            organisation = Organisation.objects.filter(name_en=name).first()
            key = organisation.pk if organisation else names.new(Organisation, name)
            row = {"id": row_key(one["key"], name), "fields": {"organisation": key, "role": "donor"}}
            known["rows"].setdefault("roles", []).append(row)
        problems = [Problem(one["problem"], "title", "?")] if "problem" in one else []
        label = one.get("title_en", "")
        entries.append(Entry(Project, known, [Line(number, label, problems=problems)], label, key=one.get("key", "")))
    return Found(entries, names)


@pytest.fixture(autouse=True)
def reader(monkeypatch):
    own = readers.Reader("test", "Projects as JSON", "test", (Project,), read, accepts=("json",), is_pasted=True)
    monkeypatch.setitem(readers._readers, "test", own)
    return own


@pytest.fixture
def bring(editor):
    """Reads and plans what is said of projects; `by` somebody, the editor if nobody is named."""

    def do(*said, by=None):
        return read_in("test", by or editor, "list.json", json.dumps(said))

    return do
