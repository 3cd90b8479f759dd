"""A writer that is killed at any moment leaves an index that can be read and that catches up."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

KILLS = 30


def test_index_catches_up_after_its_writer_was_killed_thirty_times(tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("works on a database file of its own; once is enough")
    ran = subprocess.run(
        [sys.executable, "-m", "tests.portal.search.killing", str(KILLS), "22"],
        cwd=Path(__file__).parents[3],
        env=os.environ | {"PORTAL_VAR_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    told = json.loads(ran.stdout)
    assert told["killed"] == KILLS
    assert told["live"] > 10
    assert told["waiting"] == 0
    assert told["differences"] == []
