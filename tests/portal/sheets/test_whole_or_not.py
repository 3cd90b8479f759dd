"""All of a table or nothing of it: with one bad row among ten thousand, and when the program is killed."""

import os

import pytest
from django.core.exceptions import ValidationError

from portal.models import Import, Organisation, Version
from tests.factories import make_organisation
from tests.portal.admin import serving
from tests.portal.sheets.conftest import problems, table
from tests.portal.sheets.killing import ROWS

MANY = 10_000
KILLS = int(os.environ.get("PORTAL_KILLS", "4"))


@pytest.mark.parametrize("bad", [1, 5_000, 10_000])
def test_one_bad_row_of_ten_thousand_keeps_all_out_and_is_named(bring, carry, bad):
    rows = [[f"org-{n}", f"Organisation {n}", "un"] for n in range(1, MANY + 1)]
    rows[bad - 1][2] = "nonsense"
    imported = bring("organisations", table(["slug", "name_en", "type"], *rows))
    [(number, field, message)] = problems(imported)
    assert (number, field) == (bad + 1, "type")  # the header is the first row
    assert message.startswith("This is none of: government")
    assert imported.lines.filter(action="create").count() == MANY - 1
    with pytest.raises(ValidationError, match="cannot be brought in"):
        carry(imported)
    assert not Organisation.objects.exists()


def test_row_that_fails_while_it_is_written_takes_the_others_with_it(bring, carry):
    """Somebody takes the address between the plan and its carrying out."""
    imported = bring(
        "organisations", table(["slug", "name_en"], *([f"org-{n}", f"Organisation {n}"] for n in range(300)))
    )
    make_organisation(name="First", slug="org-299")
    with pytest.raises(ValidationError, match="Organisation 299"):
        carry(imported)
    assert Organisation.objects.get().name == "First"
    assert not Version.objects.exists()
    assert Import.objects.get().state == "read"


def test_import_killed_at_any_moment_leaves_nothing_half_done(tmp_path):
    told = serving.run("tests.portal.sheets.killing", tmp_path, KILLS, 7, timeout=120 + 20 * KILLS)
    assert told["wrong"] == []
    assert told["killed"] == KILLS
    assert told["state"] == "done"
    assert told["counts"][:4] == [0, ROWS, ROWS - ROWS // 3, ROWS]
