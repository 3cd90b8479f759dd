"""Files of publications: sent whole or in part, under a header's name, to whom they belong and to nobody else."""

import datetime
import io
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from portal import sandbox
from publications.files import clean_name, write_whole
from publications.models import PublicationFile
from tests.factories import make_publication

TEXT = b"The first page.\fThe second page, with an accent: \xc3\xa9."


def attach(publication, content=TEXT, name="Report of the year.txt", language="en"):
    file = PublicationFile(publication=publication, language=language, file=SimpleUploadedFile(name, content))
    file.full_clean()
    file.save()
    return file


@pytest.fixture
def file(db):
    return attach(make_publication(published=True, slug="report"))


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_file_is_sent_under_the_address_of_its_record(client, file):
    response = client.get("/publications/report/en.txt")
    assert response.status_code == 200
    assert body(response) == TEXT
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Content-Length"] == str(len(TEXT))
    assert response["Content-Language"] == "en"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == 'inline; filename="Report of the year.txt"'
    assert "sandbox" in response["Content-Security-Policy"]
    assert (file.pages, file.format, file.size) == (2, "txt", len(TEXT))


def test_file_is_stored_under_its_checksum_and_never_under_its_name(file):
    assert file.file.name == f"publications/{file.sha256[:2]}/{file.sha256}.txt"


def test_page_web_browsers_would_run_is_sent_as_a_download(client, db):
    attach(make_publication(published=True, slug="page"), b"<!doctype html><script>alert(1)</script>", "page.html")
    response = client.get("/publications/page/en.html")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_name_that_would_fool_a_reader_is_sent_without_its_tricks(client, db):
    attach(make_publication(published=True, slug="trick"), TEXT + b"!", "gpj.\u202etxt.txt")
    assert "\u202e" not in client.get("/publications/trick/en.txt")["Content-Disposition"]
    assert "%E2%80%AE" not in client.get("/publications/trick/en.txt")["Content-Disposition"]


@pytest.mark.parametrize(
    "asked, status, part",
    [
        ("bytes=0-3", 206, slice(0, 4)),
        ("bytes=4-", 206, slice(4, None)),
        ("bytes=-5", 206, slice(-5, None)),
        ("bytes=10-99999", 206, slice(10, None)),
        ("bytes=-99999", 206, slice(None)),
        ("bytes=99999-", 416, slice(0, 0)),
        ("bytes=-0", 416, slice(0, 0)),
        ("bytes=5-2", 200, slice(None)),
        ("bytes=0-1,4-5", 200, slice(None)),
        ("bytes=-", 200, slice(None)),
        ("pages=1-2", 200, slice(None)),
        ("bytes=" + "9" * 400 + "-", 200, slice(None)),
    ],
)
def test_part_of_a_file(client, file, asked, status, part):
    response = client.get("/publications/report/en.txt", headers={"range": asked})
    assert response.status_code == status
    assert body(response) == TEXT[part]
    if status == 206:
        first, last, _step = part.indices(len(TEXT))
        assert response["Content-Range"] == f"bytes {first}-{last - 1}/{len(TEXT)}"
    if status == 416:
        assert response["Content-Range"] == f"bytes */{len(TEXT)}"


def test_known_file_is_not_sent_again(client, file):
    etag = client.get("/publications/report/en.txt")["ETag"]
    assert etag == f'"{file.sha256}"'
    assert client.get("/publications/report/en.txt", headers={"if-none-match": etag}).status_code == 304
    changed = client.get("/publications/report/en.txt", headers={"range": "bytes=0-3", "if-range": '"other"'})
    assert changed.status_code == 200


@pytest.mark.parametrize("address", ["fr.txt", "en.pdf", "en.exe", "EN.txt"])
def test_file_that_is_not_there_is_a_404(client, file, address):
    assert client.get(f"/publications/report/{address}").status_code == 404


def test_files_of_hidden_records_are_for_those_who_may_see_the_record(client, colleague, editor):
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    hidden = {
        "draft": make_publication(slug="draft"),
        "staff": make_publication(slug="staff", published=True, audience="staff"),
        "embargo": make_publication(slug="embargo", published=True, embargo_until=tomorrow),
    }
    for name, publication in hidden.items():
        attach(publication, name.encode())
        assert client.get(f"/publications/{name}/en.txt").status_code == 404
    client.force_login(colleague)
    assert [client.get(f"/publications/{name}/en.txt").status_code for name in hidden] == [404, 200, 200]
    assert client.get("/publications/staff/en.txt")["Cache-Control"] == "private, no-store"
    client.force_login(editor)
    assert [client.get(f"/publications/{name}/en.txt").status_code for name in hidden] == [200, 200, 200]


def test_stored_files_have_no_address_of_their_own(client, file):
    for address in (
        f"/files/{file.file.name}",
        f"/media/{file.file.name}",
        f"/{file.file.name}",
        f"/static/{file.file.name}",
    ):
        assert client.get(address).status_code == 404


def test_file_that_is_gone_from_the_store_is_a_404(client, file):
    file.file.storage.delete(file.file.name)
    assert client.get("/publications/report/en.txt").status_code == 404


def test_half_a_file_left_by_a_dead_process_is_replaced_and_never_taken_for_the_whole(db):
    file = attach(make_publication(), b"All of it.", "all.txt")
    path = Path(file.file.path)
    path.write_bytes(b"All")
    file.delete()
    again = attach(make_publication(), b"All of it.", "all.txt")
    assert Path(again.file.path).read_bytes() == b"All of it."
    assert not list(path.parent.glob(".*"))


def test_write_that_fails_leaves_nothing_behind(tmp_path):
    def chunks():
        yield b"half"
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        write_whole(tmp_path / "folder" / "file", chunks())
    assert list((tmp_path / "folder").iterdir()) == []


@pytest.mark.parametrize(
    "name, cleaned",
    [
        ("Report.pdf", "Report.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\Jane\\report.pdf", "report.pdf"),
        ("fdp.\u202etxt.pdf", "fdp.txt.pdf"),
        ("two\r\nlines\x00.pdf", "twolines.pdf"),
        ("e\u0301tude.pdf", "étude.pdf"),
        ("lone \ud800 half.pdf", "lone  half.pdf"),
        ("م\u200cن.pdf", "م\u200cن.pdf"),
        (".pdf", "file.pdf"),
        ("", "file"),
        ("é" * 400 + ".pdf", "é" * 251 + ".pdf"),
        ("x" * 400, "x" * 255),
    ],
)
def test_name_is_kept_without_what_would_fool_a_reader_or_a_program(name, cleaned):
    assert clean_name(name) == cleaned


def test_process_that_opens_files_is_ended_at_its_limits():
    file = io.BytesIO(b"%PDF-1.4 " + b" " * 1000)
    with pytest.raises(sandbox.Stopped) as late:
        sandbox.run("publications.structure", stdin=file, limits=sandbox.Limits(wall=0.01))
    assert late.value.took_too_long
    code, written = sandbox.run("publications.structure", stdin=file, limits=sandbox.Limits(memory=1 << 24))
    assert (code != 0, written) == (True, b"")


def test_process_that_opens_files_does_not_outlive_its_parent():
    """A worker that is killed leaves no orphan at work."""
    if sys.platform != "linux":
        pytest.skip("only Linux tells a child of its parent's death")
    parent = subprocess.Popen(
        [sys.executable, "-c", "import sys; from portal import sandbox\n"
         "sandbox.run('timeit', '-n1', '-r1', 'import time, os; print(os.getpid(), flush=True); time.sleep(60)',"
         " stdin=open(sys.argv[1], 'rb'), limits=sandbox.Limits())", __file__],
        cwd=sandbox.ROOT,
    )  # fmt: skip
    children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
    child = wait_for(lambda: children.read_text().split()[:1])[0]
    wait_for(lambda: b"timeit" in Path(f"/proc/{child}/cmdline").read_bytes())
    wait_for(lambda: "ctypes" in Path(f"/proc/{child}/maps").read_text())
    time.sleep(0.2)
    parent.kill()
    parent.wait()
    wait_for(lambda: not Path(f"/proc/{child}").exists() or "Z (" in Path(f"/proc/{child}/status").read_text())


def wait_for(found, seconds=10):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := found():
            return value
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")
