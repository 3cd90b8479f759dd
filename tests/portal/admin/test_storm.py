"""Many people at the same records at once: no accepted save is lost, and what is refused comes back."""

import os

from tests.portal.admin import serving

# Of each of eight people; PORTAL_STORM=25 takes some minutes.
SAVES = int(os.environ.get("PORTAL_STORM", "2"))


def test_eight_people_at_five_records_lose_no_accepted_save_and_nothing_they_typed(tmp_path):
    told = serving.run("tests.portal.admin.storm", tmp_path, SAVES, 22, timeout=300 + 60 * SAVES)
    assert told["wrong"] == [], told["log"]
    counts = told["counts"]
    closed = counts.get("closed while it was written, and told what was typed", 0)
    assert counts["accepted"] + closed == 8 * SAVES
    assert counts["accepted"] >= 4 * SAVES, "most are stopped by the steps of others: that is no storm of saves"
    assert counts["refused with 409"] > 0
    assert counts["of drafts"] > 0
