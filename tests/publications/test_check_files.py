"""The check of stored files against their rows: it finds what is wrong and touches nothing."""

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from portal.versions import drafts, history
from portal.versions.content import put, take
from tests.factories import make_publication, publish
from tests.publications.test_text import attach


@pytest.fixture
def files(db, settings, tmp_path):
    settings.FILES_DIR = tmp_path
    return [attach(f"Number {n}".encode(), f"{n}.txt", make_publication(slug=f"report-{n}")) for n in range(4)]


def test_files_that_are_there_and_unchanged_are_found_so(files, capsys):
    call_command("check_files")
    assert capsys.readouterr().out == "4 files, 0 wrong, 0 without a row.\n"


def test_missing_and_changed_files_are_named_and_those_without_a_row_are_kept(files, capsys):
    gone, shorter, other, good = (Path(file.file.path) for file in files)
    gone.unlink()
    shorter.write_bytes(b"Numb")
    other.write_bytes(b"Number 9")
    stray = good.with_name("stray.txt")
    stray.write_bytes(b"Nobody's")
    with pytest.raises(CommandError, match="3 of 4"):
        call_command("check_files")
    told = capsys.readouterr()
    assert [line.split(",")[0] for line in told.err.splitlines()] == ["report-0", "report-1", "report-2"]
    for words in ("is missing", "size has changed", "content has changed"):
        assert words in told.err
    assert f"nothing names {stray.relative_to(stray.parents[2])}" in told.out
    assert "4 files, 3 wrong, 1 without a row." in told.out
    assert stray.exists()
    with pytest.raises(CommandError, match="2 of 4"):
        call_command("check_files", quick=True)  # reads no content, so one of them escapes it


def test_file_that_only_a_version_or_a_draft_needs_is_told_apart_and_missed(files, editor, capsys):
    replaced, drafted = files[:2]
    kept, wanted = Path(replaced.file.path), Path(drafted.file.path)
    history.as_found(replaced.publication)
    publish(drafted.publication)
    drafts.save(drafted.publication, take(drafted.publication), by=editor)
    for file in (replaced, drafted):
        file.delete()
    call_command("check_files")
    told = capsys.readouterr().out
    for path in (kept, wanted):
        assert f"named by a version {path.relative_to(path.parents[2])}" in told
    assert "nothing names" not in told
    assert "4 files, 2 of them named by versions only, 0 wrong, 0 without a row." in told
    kept.unlink()
    with pytest.raises(CommandError, match="1 of 4"):
        call_command("check_files")
    assert f"missing, and named by a version: {kept.relative_to(kept.parents[2])}" in capsys.readouterr().err


def test_version_whose_file_is_gone_from_the_store_is_not_put_back(files):
    file, publication = files[0], files[0].publication
    before = take(publication)
    file.delete()
    assert put(publication, before) == []
    publication.files.get().delete()
    Path(file.file.path).unlink()
    with pytest.raises(ValidationError, match=r"The file “0\.txt” is not there any more"):
        put(publication, before)
    assert not publication.files.exists()
