"""The report on text quality: numbers that add up, of stored files and of files that are not stored."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from publications import extraction
from publications.models import PublicationFile
from tests.factories import make_publication
from tests.pdfs import make_pdf
from tests.publications.test_repair import broken

pytestmark = pytest.mark.one_database

PAGES = [
    "The partners met in the region.\nThey plan the next steps.",
    broken("The dialogue of the countries") + "\nThe o!ces work.\n" + broken("met in 2021, and the") + "\nlast words",
]


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "report.txt"
    path.write_text("\x0c".join(PAGES))
    return path


def store(content, name, **fields):
    file = PublicationFile(publication=make_publication(**fields), file=SimpleUploadedFile(name, content))
    file.save()
    extraction.extract(file.pk)
    return file


def rows(said):
    """The cells of each line by the name of its page."""
    return {line.split()[0]: line.split()[1:] for line in said.splitlines() if line.startswith(" ") and line.split()}


def test_plain_file_is_reported_on_and_not_stored(db, text, capsys):
    call_command("report_text_quality", str(text))
    found = rows(capsys.readouterr().out)
    assert found["1"][:7] == ["2", "0", "0", "0", "0", "0", "1.000"]
    assert found["2"][:6] == ["4", "3", "0", "1", "10", "5"]
    assert found["all"][:6] == ["6", "3", "0", "1", "10", "5"]
    assert found["1"][7:] == ["100.0%", "100.0%"]
    assert float(found["2"][7].rstrip("%")) < 50 < float(found["2"][8].rstrip("%"))
    assert not PublicationFile.objects.exists()


def test_stored_file_gives_the_same_numbers(db, text, capsys):
    file = store(text.read_bytes(), "report.txt", slug="report")
    call_command("report_text_quality", str(text))
    told = rows(capsys.readouterr().out)
    call_command("report_text_quality", file=str(file.pk))
    assert rows(capsys.readouterr().out) == told
    call_command("report_text_quality", publication="report", pages=False)
    out = capsys.readouterr().out
    assert "report: report.txt (en)" in out
    assert rows(out)["all"] == told["all"]
    assert "1" not in rows(out)


def test_language_without_a_list_is_said_and_counts_no_words(db, text, capsys):
    call_command("report_text_quality", str(text), language="sq")
    out = capsys.readouterr().out
    assert "no word list for “sq”" in out
    assert rows(out)["all"][7:] == ["–", "–"]


def test_pdf_is_read_as_one(db, tmp_path, capsys):
    (tmp_path / "report.pdf").write_bytes(make_pdf("The partners met", "and worked"))
    call_command("report_text_quality", str(tmp_path / "report.pdf"))
    assert rows(capsys.readouterr().out)["all"][-1] == "100.0%"


@pytest.mark.parametrize(
    "name, content, why",
    [
        ("gone.pdf", None, "No such file"),
        ("bad.pdf", b"%PDF-1.7 nothing", "damaged or locked"),
        ("sheet.xlsx", b"x", "It is none of: docx, html, pdf, txt"),
        ("noname", b"x", "It is none of"),
        ("wrong.txt", b"\xff\xfe", "not in UTF-8"),
    ],
)
def test_file_that_cannot_be_read_is_named_and_ends_in_failure(db, tmp_path, capsys, name, content, why):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(CommandError, match="1 of 1"):
        call_command("report_text_quality", str(tmp_path / name))
    assert why in capsys.readouterr().err


def test_stored_file_without_pages_says_why(db, capsys):
    file = store(make_pdf("Good"), "good.pdf")
    file.text_pages.all().delete()
    PublicationFile.objects.update(state="failed", last_error="It was locked.")
    with pytest.raises(CommandError, match="1 of 1"):
        call_command("report_text_quality")
    assert "It was locked." in capsys.readouterr().err


def test_file_that_reads_worse_than_asked_ends_in_failure(db, tmp_path):
    (tmp_path / "bad.txt").write_text("xqzj wvkq zzxq jqwx the words " * 9)
    call_command("report_text_quality", str(tmp_path / "bad.txt"))
    with pytest.raises(CommandError, match=r"worse than 0.9"):
        call_command("report_text_quality", str(tmp_path / "bad.txt"), at_least=0.9)


@pytest.mark.parametrize(
    "asked, message",
    [
        ({"file": "nothing"}, "no id of a file"),
        ({"publication": "nothing"}, "no such file"),
        ({"file": "a", "publication": "b"}, "one of them"),
    ],
)
def test_question_without_an_answer_is_refused(db, asked, message):
    with pytest.raises(CommandError, match=message):
        call_command("report_text_quality", **asked)
