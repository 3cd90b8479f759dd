"""The command that harvests: what it tells, what it keeps, how it exits."""

import io

import pytest
from django.core.management import CommandError, call_command

from portal.models import Import, ImportTarget
from publications.models import Publication
from tests.publications.harvesting.conftest import ANSWERED, record

REPORT = {"title": "Ports of Arrival", "type": "Report"}


@pytest.fixture
def harvest(repository, within_reach, editor, report):
    """What the command wrote on both channels, and its exit code."""

    def do(*arguments, url=None, who="edith"):
        out, err = io.StringIO(), io.StringIO()
        try:
            call_command("harvest", url or repository.url, f"--as={who}", *arguments, stdout=out, stderr=err)
        except SystemExit as end:
            return out.getvalue(), err.getvalue(), end.code
        return out.getvalue(), err.getvalue(), 0

    return do


def test_harvest_is_told_and_counted(repository, harvest):
    repository.pages = [[record("a", **REPORT)]]
    out, _err, code = harvest()
    assert code == 0
    assert "1 create: Ports of Arrival" in out
    assert "1 harvest: 1 create, 0 update, 0 skip, 0 conflict, 0 refuse; 0 not brought in whole." in out
    assert Publication.objects.get().title == "Ports of Arrival"


def test_dry_run_keeps_nothing(repository, harvest):
    repository.pages = [[record("a", **REPORT)]]
    out, _err, code = harvest("--dry-run")
    assert (code, "nothing kept: a dry run" in out) == (0, True)
    assert not Publication.objects.exists()
    assert not Import.objects.exists()
    assert not ImportTarget.objects.exists()


def test_next_run_asks_for_what_changed_since(repository, harvest):
    repository.pages = [[record("a", **REPORT)]]
    harvest("--set=com")
    out, _err, code = harvest("--set=com")
    assert (code, "0 create, 0 update, 1 skip" in out) == (0, True)
    assert repository.asked[-1]["from"] == ANSWERED
    harvest("--set=com", "--all")
    assert "from" not in repository.asked[-1]
    harvest("--from=2020-01-01")
    assert repository.asked[-1]["from"] == "2020-01-01"


def test_record_that_cannot_be_brought_in_keeps_the_others_out_unless_told(repository, harvest):
    repository.pages = [[record("a", **REPORT), record("b", type="Report")]]
    out, err, code = harvest()
    assert code == 1
    assert "It has no title" in out
    assert "Nothing of it was written" in err
    assert not Publication.objects.exists()
    _out, _err, code = harvest("--leave-out")
    assert (code, Publication.objects.count()) == (1, 1)


def test_repository_that_cannot_be_harvested_ends_with_its_reason(repository, harvest):
    repository.script = [(404, {}, b"")]
    out, err, code = harvest()
    assert code == 1
    assert "status 404" in err
    assert "1 not brought in whole" in out


@pytest.mark.parametrize(("arguments", "message"), [
    ({"url": "nonsense"}, "valid URL"), ({"who": "nobody"}, "nobody called nobody"), ({"who": "stan"}, "may not bring this in"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused_at_once(repository, harvest, colleague, arguments, message):
    with pytest.raises(CommandError, match=message):
        harvest(**arguments)
    assert not repository.asked


def test_date_that_is_none_is_refused(repository, harvest):
    with pytest.raises(CommandError, match="Write a day as"):
        harvest("--from=yesterday")
