"""The admin of publications: files are what they claim, people or organisations, numbers that can be right."""

import io
import zipfile

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from publications.models import FilePage, Publication, PublicationFile, PublicationType
from tests.factories import make_organisation, make_publication
from tests.forms import complaints, read_form, send_form

ADD = "/admin/publications/publication/add/"


@pytest.fixture
def study(db):
    return PublicationType.objects.create(slug="study", name="Study")


@pytest.fixture
def good(study):
    return {"title_en": "New", "type": study.pk}


def pdf(pages=2, width=200):
    document = pypdfium2.PdfDocument.new()
    for _n in range(pages):
        document.new_page(width, 300)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def upload(name, content):
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")


def change_url(publication):
    return reverse("admin:publications_publication_change", args=[publication.pk])


def test_file_is_known_by_its_content(editor_client, good):
    send_form(editor_client, ADD, good | {"files-0-file": upload("study.pdf", pdf(3))}, _continue="1")
    file = PublicationFile.objects.get()
    assert (file.format, file.pages, file.state, file.original_name) == ("pdf", 3, "waiting", "study.pdf")
    assert file.sha256 in file.file.name
    page = editor_client.get(change_url(file.publication)).content.decode()
    assert "study.pdf</a>" in page
    assert "3 pages" in page


def zip_of(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize(
    "name, content, message",
    [
        ("study.pdf", b"GIF89a\x00\x00", "neither PDF"),
        ("study.pdf", b"Just text", "content is TXT"),
        ("study.docx", pdf(), "content is PDF"),
        ("study.pdf", b"%PDF-1.7 and then nothing of the kind", "damaged"),
        ("study.docx", zip_of(a="1"), "archive and no Word document"),
        ("study.html", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "XML and SVG"),
        ("study.pdf", b"", "empty"),
        ("study", pdf(), "nothing"),
    ],
)
def test_file_that_is_not_what_it_claims(editor_client, good, name, content, message):
    response = send_form(editor_client, ADD, good | {"files-0-file": upload(name, content)}, _continue="1")
    assert message in complaints(response)["files-0-file"][0]
    assert not Publication.objects.exists()


def test_same_file_twice_at_once(editor_client, good):
    content = pdf()
    two = {"files-TOTAL_FORMS": "2", "files-0-file": upload("a.pdf", content), "files-0-language": "en",
           "files-1-file": upload("b.pdf", content), "files-1-language": "fr"}  # fmt: skip
    response = send_form(editor_client, ADD, good | two, _continue="1")
    assert "files" in complaints(response)
    assert not Publication.objects.exists()


def test_two_files_of_one_language_and_format_at_once(editor_client, good):
    two = {"files-TOTAL_FORMS": "2", "files-0-file": upload("a.pdf", pdf(1)), "files-0-language": "en",
           "files-1-file": upload("b.pdf", pdf(2)), "files-1-language": "en"}  # fmt: skip
    response = send_form(editor_client, ADD, good | two, _continue="1")
    assert complaints(response)["files"] == ["There is a file of this format in this language already."]
    assert not Publication.objects.exists()


def test_file_that_belongs_to_another_publication(editor_client, good):
    content = pdf()
    send_form(editor_client, ADD, good | {"files-0-file": upload("a.pdf", content)}, _continue="1")
    typed = good | {"title_en": "Other", "files-0-file": upload("a.pdf", content)}
    response = send_form(editor_client, ADD, typed, _continue="1")
    assert "belongs to “New” already" in complaints(response)["files-0-file"][0]


def test_file_is_replaced_in_its_row(editor_client, good):
    send_form(editor_client, ADD, good | {"files-0-file": upload("a.pdf", pdf(1))}, _continue="1")
    publication = Publication.objects.get()
    before = publication.files.get()
    typed = {"files-0-file": upload("b.pdf", pdf(4))}
    assert send_form(editor_client, change_url(publication), typed, _continue="1").status_code == 302
    after = publication.files.get()
    assert (after.pk, after.pages, after.original_name) == (before.pk, 4, "b.pdf")
    assert before.file.storage.exists(before.file.name)


def test_upload_is_asked_for_again_when_the_form_comes_back(editor_client, good):
    typed = good | {"title_en": "", "files-0-file": upload("a.pdf", pdf())}
    found = complaints(send_form(editor_client, ADD, typed, _continue="1"))
    assert found["files-0-file"] == ["Choose the file again: a browser does not keep it."]
    assert "title_en" in found
    typed = good | {"files-0-file": upload("a.pdf", pdf())}
    assert send_form(editor_client, ADD, typed, _continue="1").status_code == 302


def test_upload_is_asked_for_again_when_a_step_is_refused(editor_client, good):
    send_form(editor_client, ADD, good | {"files-0-file": upload("a.pdf", pdf(1))}, _continue="1")
    publication = Publication.objects.get()
    typed = {"files-0-file": upload("b.pdf", pdf(2))}
    found = complaints(send_form(editor_client, change_url(publication), typed, _verb="publish"))
    assert found["files-0-file"] == ["Choose the file again: a browser does not keep it."]
    assert publication.files.get().original_name == "a.pdf"


def test_what_was_read_from_a_file_is_no_field(editor_client, good):
    send_form(editor_client, ADD, good | {"files-0-file": upload("a.pdf", pdf(1))}, _continue="1")
    publication = Publication.objects.get()
    forged = {"files-0-state": "done", "files-0-pages": "99", "files-0-sha256": "0" * 64, "files-0-text_quality": "1"}
    send_form(editor_client, change_url(publication), forged, _continue="1")
    file = publication.files.get()
    assert (file.state, file.pages, file.text_quality) == ("waiting", 1, None)


def test_page_of_text_is_only_looked_at(client, administrator, editor_client, good):
    send_form(editor_client, ADD, good | {"files-0-file": upload("a.pdf", pdf(1))}, _continue="1")
    page = FilePage.objects.create(file=PublicationFile.objects.get(), number=1, text="As read")
    client.force_login(administrator)
    url = reverse("admin:publications_filepage_change", args=[page.pk])
    assert b"As read" in client.get(url).content
    assert client.post(url, {"text": "Other"}).status_code == 403
    assert client.post("/admin/publications/filepage/add/", {}).status_code == 403


@pytest.mark.parametrize(
    "typed, field, message",
    [
        ({"identifiers-0-scheme": "doi", "identifiers-0-value": "11.1/x"}, "identifiers-0-value", "looks like 10.1234"),
        ({"identifiers-0-scheme": "isbn", "identifiers-0-value": "9780306406158"}, "identifiers-0-value", "last digit"),
        ({"identifiers-0-scheme": "doi", "identifiers-0-value": "10.1/x"}, "identifiers-0-value", "looks like"),
        ({"identifiers-0-scheme": "doi", "identifiers-0-value": "10.1234/x"}, "identifiers-0-__all__", "Another"),
        ({"contributors-0-family_name": "Doe", "contributors-0-orcid": "0000-0002-1825-0098"},
         "contributors-0-orcid", "mistyped"),
        ({"contributors-0-given_name": "Jane"}, "contributors-0-__all__", "family name or choose an organisation"),
        ({"language": "English"}, "language", "BCP 47"),
        ({"date": "2021-02-30"}, "date", "Write a year"),
        ({"type": ""}, "type", "required"),
        ({"embargo_until_0": "2031-03-30", "embargo_until_1": "02:30"}, "embargo_until", "does not exist"),
    ],
)  # fmt: skip
def test_mistake_is_told_at_its_place_and_nothing_is_saved(editor_client, good, typed, field, message):
    taken = make_publication()
    taken.identifiers.create(scheme="doi", value="10.1234/x")
    response = send_form(editor_client, ADD, good | typed, _verb="submit")
    assert response.status_code == 200
    assert message in " ".join(complaints(response)[field]), complaints(response)
    assert Publication.objects.get() == taken


def test_person_and_organisation_in_one_row(editor_client, good):
    typed = {"contributors-0-family_name": "Doe", "contributors-0-organisation": make_organisation().pk}
    response = send_form(editor_client, ADD, good | typed, _continue="1")
    assert "not both" in complaints(response)["contributors-0-__all__"][0]


def test_one_identifier_twice_at_once(editor_client, good):
    row = {"identifiers-TOTAL_FORMS": "2"}
    for n in (0, 1):
        row |= {f"identifiers-{n}-scheme": "doi", f"identifiers-{n}-value": "10.1234/y"}
    response = send_form(editor_client, ADD, good | row, _continue="1")
    assert complaints(response)["identifiers"] == ["Another publication has this identifier."]
    issn = {name: value.replace("10.1234/y", "2049-3630") if "value" in name else value for name, value in row.items()}
    issn |= {"identifiers-0-scheme": "issn", "identifiers-1-scheme": "report"}
    assert send_form(editor_client, ADD, good | issn, _continue="1").status_code == 302


def test_authors_keep_the_order_of_the_title_page(editor_client, good):
    authors = {"contributors-TOTAL_FORMS": "3"}
    for n, name in enumerate(("Zorn", "Adams", "Meier")):
        authors |= {f"contributors-{n}-role": "author", f"contributors-{n}-family_name": name}
    send_form(editor_client, ADD, good | authors, _continue="1")
    publication = Publication.objects.get()
    assert [author.family_name for author in publication.contributors.all()] == ["Zorn", "Adams", "Meier"]
    form = read_form(editor_client, change_url(publication), "publication_form").data
    assert [form[f"contributors-{n}-position"] for n in range(3)] == ["1", "2", "3"]
    send_form(editor_client, change_url(publication), {"contributors-0-position": "9"}, _continue="1")
    assert [author.family_name for author in publication.contributors.all()] == ["Adams", "Meier", "Zorn"]


def test_publication_is_no_replacement_of_itself(editor_client, editor):
    publication = make_publication(changed_by=editor)
    response = send_form(editor_client, change_url(publication), {"replaces": publication.pk}, _continue="1")
    assert "cannot replace or translate itself" in complaints(response)["replaces"][0]


def test_editor_cannot_open_a_staff_only_publication_that_is_live(editor_client):
    publication = make_publication(published=True, audience="staff")
    send_form(editor_client, change_url(publication), {"audience": "public", "title_en": "X"}, _verb="submit-draft")
    publication.refresh_from_db()
    assert publication.audience == "staff"
