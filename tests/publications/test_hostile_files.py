"""Hostile files end refused, failed or harmless, each with words and within limits; and the next good file is read."""

import contextlib
import io
import itertools
import os
import random
from collections import Counter

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from portal import sandbox
from publications import extraction, files, ocr, pictures
from publications.models import PublicationFile
from tests.factories import make_publication
from tests.pdfs import join, make_pdf, make_scan
from tests.publications import flips
from tests.publications.hostile import CASES

pytestmark = pytest.mark.one_database

FLIPS = int(os.environ.get("PORTAL_TEST_FLIPS", "150"))  # 500 now and then
GOOD = itertools.count(1)
TYPES = {"pdf": "application/pdf", "txt": "text/plain; charset=utf-8"}


@pytest.fixture(autouse=True)
def short_limits(monkeypatch, settings, tmp_path):
    """What is allowed in a test to take long would take long in each of them."""
    monkeypatch.setattr(extraction, "LIMITS", sandbox.Limits(cpu=3, wall=15))
    settings.PICTURES_DIR = tmp_path


def take(content, name):
    """As the admin does, but under names that no form would let through."""
    file = PublicationFile(publication=make_publication(published=True), file=ContentFile(content, name=name))
    file.full_clean(exclude={"publication"})
    file.save()
    extraction.extract(file.pk)
    file.refresh_from_db()
    return file


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def check_sent(client, file, content):
    """Whole, as what it is and no more, under a name that does no harm."""
    response = client.get(file.get_absolute_url())
    assert response.status_code == 200
    assert body(response) == content
    sent_as = response["Content-Disposition"]
    assert sent_as.isascii()
    assert sent_as.isprintable()
    for trick in ("%E2%80%AE", "%00", "%0D", "%0A", "../", "..\\"):
        assert trick not in sent_as
    assert "Set-Cookie" not in response.headers
    assert response["X-Content-Type-Options"] == "nosniff"
    if file.format in {"docx", "html"}:
        assert sent_as.startswith("attachment")
    else:
        assert response["Content-Type"] == TYPES[file.format]
    if file.format != "pdf":
        assert "sandbox" in response["Content-Security-Policy"]
    slug = file.publication.slug
    assert client.get(f"/publications/{slug}/").status_code == 200
    if file.format == "pdf":
        assert client.get(f"/publications/{slug}/en/cover.jpg").status_code in {200, 404}
    shown = client.get(f"/publications/{slug}/en/1/")
    assert shown.status_code == (200 if file.state == "done" else 404)
    assert b"<script>alert(1)" not in shown.content


def check_good_file_is_taken(client):
    words = f"Good words, number {next(GOOD)}"
    file = take(words.encode(), "good.txt")
    assert file.state == "done"
    assert body(client.get(file.get_absolute_url())) == words.encode()
    assert file.text_pages.get().text == words


@pytest.mark.parametrize("case", CASES, ids=[f"{case.name[-5:]}: {case.what}".replace("\x00", "0") for case in CASES])
def test_hostile_file_ends_as_it_should_and_does_no_harm(client, db, case):
    content = case.make()
    try:
        file = take(content, case.name)
    except ValidationError as error:
        ended, words = "refused", " ".join(error.messages)
    else:
        ended, words = {"done": "harmless"}.get(file.state, file.state), file.last_error
        check_sent(client, file, content)
    assert ended in case.ends.split(" or "), words
    assert case.words in words
    assert words or ended == "harmless"
    check_good_file_is_taken(client)


def test_there_are_as_many_hostile_files_as_we_say():
    assert len(CASES) >= 60
    assert {end for case in CASES for end in case.ends.split(" or ")} == {"refused", "failed", "harmless"}


def test_no_program_that_opens_files_may_take_more_than_512_mb():
    assert {module.LIMITS.memory for module in (extraction, files, ocr, pictures)} == {1 << 29}


@pytest.mark.parametrize("kind", ["text", "picture", "rewritten"])
def test_good_pdfs_with_bytes_changed_break_nothing(client, db, kind):
    """PORTAL_TEST_FLIPS=500 tries more. What crashed or surprised a reader goes the whole way as well."""
    good = {
        "text": lambda: make_pdf("Some words", "More words\nin two lines", "The last page", labels=True),
        "picture": lambda: make_scan("Words in a picture"),
        "rewritten": lambda: join(make_pdf("Some words"), make_pdf("More words")),
    }[kind]()
    number, seed = FLIPS // 3, 2031
    limits = sandbox.Limits(cpu=10, wall=number * flips.PATIENCE)
    code, written = sandbox.run(
        "tests.publications.flips", str(number), str(seed), stdin=io.BytesIO(good), limits=limits
    )
    ends = written.decode().split()
    assert (code, len(ends)) == (0, number)
    assert "hung" not in ends, Counter(ends)
    assert len(set(ends)) >= 2, Counter(ends)  # else nothing was tried
    dice = random.Random(seed)  # noqa: S311
    contents = [flips.damaged(good, dice) for _n in range(number)]
    odd = [content for content, end in zip(contents, ends, strict=True) if end in {"crashed", "surprised"}]
    for content in [*odd[:5], *contents[:: number // 2]]:
        with contextlib.suppress(ValidationError):
            file = take(content, "a.pdf")
            assert file.state == "done" or file.last_error
            check_sent(client, file, content)
    check_good_file_is_taken(client)
