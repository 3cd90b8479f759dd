"""The people of the suite, and a word on the database it runs on."""

import uuid

import pytest
from django.utils import translation

from tests.bringing import *  # noqa: F403 (fixtures)
from tests.people import *  # noqa: F403 (fixtures)


def pytest_report_header(config):
    from django.db import connection

    with_xdist = config.getoption("numprocesses", None)
    return f"database: {connection.vendor}, processes: {with_xdist or 1}"


@pytest.fixture(autouse=True)
def no_index_of_another_test(settings):
    """Each test begins without an index; those that search ask for one."""
    settings.INDEX_DIR = settings.VAR_DIR / f"index-{uuid.uuid4().hex}"


@pytest.fixture(autouse=True)
def language_of_the_settings():
    """Each test leaves the language behind that its last request, /fr/ for instance, has made the active one."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True, scope="session")
def flush_between_tests_empties_what_only_grows():
    """After a test with transactions of its own every table is emptied, which the database refuses anybody else."""
    from django.db import connection
    from django.test import TransactionTestCase

    from portal import append_only

    emptied = TransactionTestCase._fixture_teardown

    def teardown(self):
        with append_only.lifted(connection):
            emptied(self)

    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = emptied


@pytest.fixture
def search_index(settings, tmp_path, db):
    """An index of its own; call it to have it follow what the test has saved."""
    from portal.search import store, writing

    settings.INDEX_DIR = tmp_path / "index"
    store.forget()
    writing.catch_up()
    yield writing.catch_up
    store.forget()


@pytest.fixture
def work_once(monkeypatch, db):
    """Call it to have the worker do what there is to do. It keeps the test's connection, which it would else renew."""
    from django.core.management import call_command

    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)
    return lambda: call_command("worker", "--once")
