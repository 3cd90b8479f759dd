"""A server that is killed at any moment loses nothing that it has acknowledged, and leaves nothing half done."""

import os

from tests.portal.admin import serving

KILLS = int(os.environ.get("PORTAL_KILLS", "4"))  # 100 take ten minutes


def test_server_killed_again_and_again_loses_no_acknowledged_save_and_leaves_nothing_half_done(tmp_path):
    told = serving.run("tests.portal.admin.killing", tmp_path, KILLS, 22, timeout=300 + 30 * KILLS)
    assert told["wrong"] == [], told["log"]
    counts = told["counts"]
    assert counts["kills"] == KILLS
    assert counts["killed while a form was on its way"] >= KILLS // 2
    assert counts["saves"] >= KILLS // 2
    assert counts["uploads"] > 0
