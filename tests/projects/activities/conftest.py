"""Reading a file, and bringing it in as the editor."""

import pytest

from portal.imports.entries import Unreadable
from portal.safe_xml import parse
from projects.activities.reading import found_in
from tests.bringing import read_in
from tests.projects.activities.files import activity, file_of


@pytest.fixture
def read(db):
    """What is found in a file of these activities."""
    return lambda *activities, **options: found_in(parse(file_of(*activities, **options)))


@pytest.fixture
def entry(read):
    """The one entry of an activity that holds `more`."""

    def do(*more, **given):
        found = read(activity("XM-TEST-1-A", *more, **given))
        assert not found.lines
        return found.entries[0]

    return do


@pytest.fixture
def problem(db):
    """Why a file cannot be read."""

    def do(content):
        with pytest.raises(Unreadable) as refused:
            found_in(parse(content))
        return str(refused.value)

    return do


@pytest.fixture
def bring(editor):
    def do(*activities, by=None):
        return read_in("iati", by or editor, "list.xml", file_of(*activities))

    return do
