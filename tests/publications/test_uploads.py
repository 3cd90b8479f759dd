"""Many files at a time in the form of a publication, and the list of all files with its buttons."""

import pytest
from django.urls import reverse

from portal.models import AuditEntry
from portal.versions import drafts
from publications.admin.uploads import guess_language
from publications.models import Publication, PublicationFile
from tests.factories import make_publication, publish
from tests.forms import complaints, read_form, send_form
from tests.pdfs import make_pdf
from tests.publications.test_admin import ADD, change_url, good, study, upload  # noqa: F401 (fixtures)
from tests.publications.test_text import attach, docx

State = PublicationFile.State
LIST = "/admin/publications/publicationfile/"


def file_url(file):
    return reverse("admin:publications_publicationfile_change", args=[file.pk])


def send_files(client, url, *uploads, _verb=None, **typed):
    button = {"_verb": _verb} if _verb else {"_continue": "1"}
    return send_form(client, url, typed | {"more_files": list(uploads)}, **button)


def stored(publication):
    return [(file.original_name, file.language, file.format, file.position) for file in publication.files.all()]


@pytest.fixture
def draft(editor):
    return make_publication(changed_by=editor)


def test_several_files_are_told_apart_by_their_names(editor_client, good):  # noqa: F811
    files = [
        upload("report-en.pdf", make_pdf("One")),
        upload("Report_FR.docx", docx("Deux")),
        upload("report (ar).txt", "واحد".encode()),
        upload("annex.txt", b"Without a language"),
    ]
    assert send_files(editor_client, ADD, *files, **good, more_files_language="ru").status_code == 302
    assert stored(Publication.objects.get()) == [
        ("report-en.pdf", "en", "pdf", 1),
        ("Report_FR.docx", "fr", "docx", 2),
        ("report (ar).txt", "ar", "txt", 3),
        ("annex.txt", "ru", "txt", 4),
    ]
    page = editor_client.get(change_url(Publication.objects.get())).content.decode()
    assert 'type="file" name="more_files" multiple' in page
    assert "A name that ends in a language" in page


def test_files_are_added_behind_those_that_are_there(editor_client, draft):
    attach(b"There already", "en.txt", draft)
    assert send_files(editor_client, change_url(draft), upload("b-fr.txt", b"Deux")).status_code == 302
    assert [name for name, *_rest in stored(draft)] == ["en.txt", "b-fr.txt"]
    assert "b-fr.txt" in AuditEntry.objects.about(draft).first().note
    draft.refresh_from_db()
    assert draft.changed_by.username == "edith"


def test_every_file_that_cannot_be_taken_is_named_and_nothing_is_saved(editor_client, good):  # noqa: F811
    taken = attach(b"Somebody else's", "other.txt")
    files = [
        upload("good-en.pdf", make_pdf("Good")),
        upload("liar-fr.pdf", b"no PDF at all"),
        upload("half-ar.pdf", make_pdf("Half")[:60]),
        upload("empty-ru.txt", b""),
        upload("other-fr.txt", b"Somebody else's"),
    ]
    response = send_files(editor_client, ADD, *files, **good)
    told = complaints(response)["more_files"]
    assert [line.split(":")[0] for line in told] == ["liar-fr.pdf", "half-ar.pdf", "empty-ru.txt", "other-fr.txt"]
    assert "content is TXT" in told[0]
    assert "damaged" in told[1]
    assert "empty" in told[2]
    assert "belongs to “" in told[3]
    assert Publication.objects.get() == taken.publication


def test_two_files_for_one_place_are_both_named(editor_client, good):  # noqa: F811
    files = [upload("a-fr.txt", b"A"), upload("b-fr.txt", b"B"), upload("c.txt", b"C"), upload("d.txt", b"C")]
    told = complaints(send_files(editor_client, ADD, *files, **good))["more_files"]
    assert [line.split(":")[0] for line in told] == ["a-fr.txt", "b-fr.txt", "c.txt", "d.txt"]
    assert "another TXT in the same language (fr)" in told[0]
    assert "chosen twice" in told[2]


def test_file_for_a_place_that_is_taken_in_the_table_is_named(editor_client, draft):
    attach(b"There already", "en.txt", draft)
    told = complaints(send_files(editor_client, change_url(draft), upload("new-en.txt", b"New")))
    assert told["files"] == ["new-en.txt: There is a file of this format in this language already."]
    assert len(stored(draft)) == 1


def test_file_takes_the_place_of_one_that_is_removed_with_it(editor_client, draft):
    attach(b"There already", "en.txt", draft)
    response = send_files(editor_client, change_url(draft), upload("new-en.txt", b"New"), **{"files-0-DELETE": "on"})
    assert response.status_code == 302
    assert [name for name, *_rest in stored(draft)] == ["new-en.txt"]


def test_files_are_asked_for_again_when_the_form_comes_back_for_another_reason(editor_client, good):  # noqa: F811
    typed = good | {"title_en": ""}
    told = complaints(send_files(editor_client, ADD, upload("a-fr.txt", b"A"), **typed))
    assert told["more_files"] == ["Choose the files again: a browser does not keep them."]
    told = complaints(send_files(editor_client, ADD, upload("a.txt", b"A"), **good, more_files_language="French"))
    assert "BCP 47" in told["more_files_language"][0]
    assert not Publication.objects.exists()


def test_more_files_than_one_request_should_carry_are_refused(editor_client, good):  # noqa: F811
    files = [upload(f"{n}.txt", str(n).encode()) for n in range(51)]
    told = complaints(send_files(editor_client, ADD, *files, **good))
    assert told["more_files"] == ["Choose at most 50 files at once."]


def test_files_and_a_step_go_together(editor_client, good):  # noqa: F811
    send_files(editor_client, ADD, upload("a-fr.txt", b"A"), **good, _verb="submit")
    publication = Publication.objects.get()
    assert (publication.status, len(stored(publication))) == ("review", 1)


def test_live_record_gets_its_files_by_a_draft(client, editor, reviewer, draft):
    publish(draft)
    client.force_login(editor)
    assert send_files(client, change_url(draft), upload("a-fr.txt", b"A")).status_code == 302
    assert not stored(draft)
    open_draft = drafts.open_draft(draft)
    assert [row["fields"]["original_name"] for row in open_draft.version.content["rows"]["files"]] == ["a-fr.txt"]
    drafts.publish(open_draft, by=reviewer)
    assert len(stored(draft)) == 1


@pytest.mark.parametrize(
    "name, language",
    [
        ("report-fr.pdf", "fr"),
        ("Report_AR.docx", "ar"),
        ("report.ru.txt", "ru"),
        ("report (de).pdf", "de"),
        ("report fr.pdf", "fr"),
        ("report.pdf", ""),
        ("annex-no.pdf", ""),
        ("how-to-do-it.pdf", ""),
        ("fr.pdf", ""),
        ("refr.pdf", ""),
        ("report-french.pdf", ""),
        ("report-fr", ""),
    ],
)
def test_language_is_taken_from_the_end_of_a_name_only_where_it_is_certain(name, language):
    assert guess_language(name) == language


# The list of files


@pytest.fixture
def failed(draft):
    file = attach(make_pdf("Readable after all"), "report.pdf", draft)
    PublicationFile.objects.filter(pk=file.pk).update(state=State.FAILED, attempts=3, last_error="Reading broke off.")
    return file


def press(client, url, file_id="all", **typed):
    return client.post(url, {"action": "extract_again", "_selected_action": str(file_id)} | typed, follow=True)


def test_list_of_files_says_what_waits_what_failed_and_why(editor_client, failed):
    attach(b"Waits", "waits.txt")
    page = editor_client.get(LIST).content.decode()
    assert "<b>1</b> Could not be read" in page
    assert "<b>1</b> Waiting for its text to be read" in page
    assert "Reading broke off." in page
    assert "Retry those that failed" in page
    only = editor_client.get(f"{LIST}?state__exact=failed").content.decode()
    assert "waits.txt" not in only


def test_editor_has_the_failed_files_read_again(editor_client, failed, django_capture_on_commit_callbacks):
    waits = attach(b"Waits", "waits.txt")
    with django_capture_on_commit_callbacks(execute=True):
        page = press(editor_client, f"{LIST}?state__exact=failed", select_across="1").content.decode()
    assert "The text of 1 file will be read again." in page
    failed.refresh_from_db()
    waits.refresh_from_db()
    assert (failed.state, failed.attempts, failed.last_error) == (State.DONE, 1, "")
    assert waits.attempts == 0  # not asked for
    assert AuditEntry.objects.about(failed).get().verb == "extract again"


def test_one_file_is_read_again_from_its_own_page(editor_client, failed, django_capture_on_commit_callbacks):
    page = editor_client.get(file_url(failed)).content.decode()
    assert "Extract the text again" in page
    assert 'name="_save"' not in page
    with django_capture_on_commit_callbacks(execute=True):
        press(editor_client, LIST, failed.pk)
    assert failed.text_pages.get().text == "Readable after all"


def test_files_of_live_records_are_read_again_by_reviewers_only(client, editor, reviewer, failed):
    publish(failed.publication)
    client.force_login(editor)
    assert "Extract the text again" not in client.get(file_url(failed)).content.decode()
    assert "left to those who may publish" in press(client, LIST, failed.pk).content.decode()
    failed.refresh_from_db()
    assert failed.state == State.FAILED
    client.force_login(reviewer)
    press(client, LIST, failed.pk)
    failed.refresh_from_db()
    assert failed.state == State.WAITING


def test_staff_who_do_not_edit_press_no_buttons(client, colleague, failed):
    client.force_login(colleague)
    assert client.get(LIST).status_code == 302  # to the sign-in
    assert press(client, LIST, failed.pk).redirect_chain
    failed.refresh_from_db()
    assert failed.state == State.FAILED


def test_file_is_changed_by_nobody_in_the_list(reviewer_client, failed):
    assert reviewer_client.post(file_url(failed), {"language": "fr"}).status_code == 403
    assert reviewer_client.get(f"{LIST}add/").status_code == 403
    assert reviewer_client.post(f"{file_url(failed).replace('change', 'delete')}", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("chosen", ["poor", "ocr", "without", "nonsense"])
def test_list_of_files_is_narrowed_by_how_well_they_were_read(editor_client, draft, chosen):
    files = {name: attach(name.encode(), f"{name}.txt", make_publication()) for name in ("poor", "ocr", "without")}
    PublicationFile.objects.filter(pk=files["poor"].pk).update(text_quality=0.4)
    files["ocr"].text_pages.create(number=1, text="Seen", is_ocr=True)
    files["without"].text_pages.create(number=1, text="")
    page = editor_client.get(f"{LIST}?quality={chosen}").content.decode()
    shown = {name for name in files if f"{name}.txt" in page}
    assert shown == ({chosen} if chosen in files else set(files))


def test_list_of_files_costs_the_same_however_long_it_is(editor_client, django_assert_max_num_queries):
    for n in range(12):
        attach(str(n).encode(), f"{n}.txt", make_publication())
    with django_assert_max_num_queries(11):
        editor_client.get(LIST)


def test_failed_file_stands_on_the_editors_desk(editor_client, failed):
    assert "Files that could not be read" in editor_client.get("/admin/").content.decode()


def test_name_longer_than_the_stores_own_is_taken(editor_client, good):  # noqa: F811
    name = "é" * 245 + ".txt"
    send_form(editor_client, ADD, good | {"files-0-file": upload(name, b"Long name")}, _continue="1")
    assert PublicationFile.objects.get().original_name == name
    assert read_form(editor_client, change_url(Publication.objects.get()), "publication_form").data
