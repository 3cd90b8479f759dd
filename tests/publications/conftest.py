"""An index of its own for each test that asks for one."""

import pytest

from portal.search import store, writing


@pytest.fixture
def index(db, settings, tmp_path):
    """Call it to have the index follow what was saved."""
    settings.INDEX_DIR = tmp_path / "index"
    store.forget()
    yield writing.catch_up
    store.forget()
