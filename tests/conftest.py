"""The people of the suite, and a word on the database it runs on."""

import pytest

from tests.people import *  # noqa: F403 (fixtures)


def pytest_report_header(config):
    from django.db import connection

    with_xdist = config.getoption("numprocesses", None)
    return f"database: {connection.vendor}, processes: {with_xdist or 1}"


@pytest.fixture
def search_index(settings, tmp_path, db):
    """An index of its own; call it to have it follow what the test has saved."""
    from portal.search import store, writing

    settings.INDEX_DIR = tmp_path / "index"
    store.forget()
    writing.catch_up()
    yield writing.catch_up
    store.forget()
