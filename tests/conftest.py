"""The people of the suite, and a word on the database it runs on."""

from tests.people import *  # noqa: F403 (fixtures)


def pytest_report_header(config):
    from django.db import connection

    with_xdist = config.getoption("numprocesses", None)
    return f"database: {connection.vendor}, processes: {with_xdist or 1}"
