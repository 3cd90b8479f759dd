"""People decide on repairs: a refused one shows the original, and what was decided outlives reading the file again."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.models import AuditEntry, IndexChange
from publications import extraction
from publications.models import PublicationFile, RepairDecision
from publications.pages import decide, put_pages
from publications.repair import GAP, LOST
from tests.factories import make_publication, publish
from tests.publications.test_repair import broken

RAW = "Healthy words before. " + broken("The partners met in 2021 ") + "\nThe o!ces o!er work; the o!ces grow."


@pytest.fixture
def page(db):
    file = PublicationFile(
        publication=make_publication(slug="report"), file=SimpleUploadedFile("report.txt", RAW.encode())
    )
    file.save()
    assert extraction.extract(file.pk)
    return file.text_pages.get()


def read_again(page):
    extraction.ask_for(page.file)
    assert extraction.extract(page.file_id)
    return page.file.text_pages.get()


def admin_url(page, name="change"):
    return reverse(f"admin:publications_filepage_{name}", args=[page.pk])


def test_repairs_of_a_page_are_stored_with_their_places(page):
    assert page.text.startswith(f"Healthy words before. The partners met in {GAP * 4}")
    assert [page.text[token["start"] : token["end"]] for token in page.tokens] == [t["reading"] for t in page.tokens]
    assert (page.repairs, page.gaps) == (7, 4)


def test_refused_repair_shows_the_original_wherever_it_stands_and_others_stay(page, editor):
    assert decide(page, "refused", editor, ["o!ces"]) == 1
    page.refresh_from_db()
    assert page.text.count("o!ces") == 2
    assert "offer work" in page.text
    assert "The partners met" in page.text
    assert page.repairs == 5
    decide(page, "", editor, ["o!ces"])
    page.refresh_from_db()
    assert page.text.count("offices") == 2
    assert not RepairDecision.objects.exists()


def test_all_refused_page_reads_as_the_file_holds_it_and_comes_back_when_accepted(page, editor):
    before = page.text
    decide(page, "refused", editor)
    page.refresh_from_db()
    assert page.text == RAW
    assert (page.repairs, page.gaps) == (0, 0)
    assert page.quality < 1
    decide(page, "accepted", editor)
    page.refresh_from_db()
    assert page.text == before


def test_decisions_outlive_reading_the_file_again(page, editor):
    decide(page, "refused", editor, ["o!ces"])
    decide(page, "accepted", editor, ["SDUWQHUV"])
    text = page.file.text_pages.get().text
    new = read_again(page)
    assert new.pk != page.pk
    assert new.text == text
    assert {token["decision"] for token in new.tokens} == {"", "accepted", "refused"}


def test_accepted_reading_is_unchecked_when_another_reading_takes_its_place(page, editor):
    decide(page, "accepted", editor, ["o!ces"])
    RepairDecision.objects.update(reading="something else")
    assert not any(token["decision"] for token in read_again(page).tokens)


def test_decision_on_one_page_leaves_others_alone(db, editor):
    file = PublicationFile(
        publication=make_publication(), file=SimpleUploadedFile("two.txt", f"{RAW}\x0c{RAW}".encode())
    )
    file.save()
    extraction.extract(file.pk)
    decide(file.text_pages.get(number=1), "refused", editor)
    assert "offices" in file.text_pages.get(number=2).text


def test_search_is_told_when_text_changes_and_only_then(page, editor):
    def changes():
        return IndexChange.objects.filter(kind="publication", record=str(page.file.publication_id)).count()

    before = changes()
    decide(page, "accepted", editor)
    assert changes() == before
    decide(page, "refused", editor)
    assert changes() == before + 1
    put_pages(page.file, [])
    assert changes() == before + 2


def test_every_decision_is_in_the_audit_log(page, editor):
    decide(page, "refused", editor, ["o!ces"])
    decide(page, "accepted", editor)
    second, first = AuditEntry.objects.about(page.file.publication)
    assert (first.verb, first.by) == ("refuse repairs", editor)
    assert first.note == "report.txt (en), 1\no!ces → offices"
    assert "SDUWQHUV" in second.note


def test_quality_of_the_file_follows_what_is_shown(page, editor):
    page.file.refresh_from_db()
    before = page.file.text_quality
    decide(page, "refused", editor)
    page.file.refresh_from_db()
    assert page.file.text_quality < before


def test_live_publication_is_decided_on_by_reviewers_alone(page, editor, reviewer, colleague):
    with pytest.raises(PermissionDenied):
        decide(page, "refused", colleague)
    publish(page.file.publication)
    page.refresh_from_db()
    with pytest.raises(PermissionDenied):
        decide(page, "refused", editor)
    assert not RepairDecision.objects.exists()
    assert decide(page, "refused", reviewer)


@pytest.mark.parametrize("keys", [[], ["no such token"], ["o!ces", "no such token"]])
def test_nothing_is_decided_about_what_the_page_does_not_hold(page, editor, keys):
    with pytest.raises(ValidationError):
        decide(page, "refused", editor, keys)
    assert not RepairDecision.objects.exists()
    assert not AuditEntry.objects.filter(verb="refuse repairs").exists()


def test_overlong_token_can_be_decided_on(db, editor):
    raw = "The partners met in " + LOST * 5000 + " again"
    file = PublicationFile(publication=make_publication(), file=SimpleUploadedFile("long.txt", raw.encode()))
    file.save()
    extraction.extract(file.pk)
    page = file.text_pages.get()
    decide(page, "refused", editor)
    page.refresh_from_db()
    assert page.text == raw


def test_editor_decides_by_buttons(editor_client, page):
    form = editor_client.get(admin_url(page)).content.decode()
    assert 'value="o!ces"' in form
    assert "offices</th>" in form
    answer = editor_client.post(admin_url(page, "repairs"), {"act": "refuse", "token": ["o!ces"]}, follow=True)
    assert "1 repair refused" in answer.content.decode()
    assert "refused: the original is shown" in answer.content.decode()
    page.refresh_from_db()
    assert page.text.count("o!ces") == 2
    answer = editor_client.post(admin_url(page, "repairs"), {"act": "accept-all"}, follow=True).content.decode()
    assert "accepted · edith" in answer
    page.refresh_from_db()
    assert "o!ces" not in page.text


@pytest.mark.parametrize(
    "sent, said",
    [
        ({"act": "refuse"}, "Choose at least one repair."),
        ({"act": "accept", "token": "gone"}, "read again in the meantime"),
        ({"act": "delete-all"}, "no such decision"),
        ({}, "no such decision"),
    ],
)
def test_button_without_sense_says_so(editor_client, page, sent, said):
    assert said in editor_client.post(admin_url(page, "repairs"), sent, follow=True).content.decode()
    assert not RepairDecision.objects.exists()


def test_who_may_not_decide_sees_no_buttons_and_is_refused(editor_client, client, page, colleague):
    publish(page.file.publication)
    form = editor_client.get(admin_url(page)).content.decode()
    assert 'name="act"' not in form
    assert "once it is live or in review" in form
    assert editor_client.post(admin_url(page, "repairs"), {"act": "refuse-all"}).status_code == 403
    assert editor_client.get(admin_url(page, "repairs")).status_code == 403
    client.force_login(colleague)
    assert client.post(admin_url(page, "repairs"), {"act": "refuse-all"}).status_code == 302  # to sign in


def test_pages_nobody_has_looked_at_are_found(editor_client, page, editor):
    address = reverse("admin:publications_filepage_changelist")
    assert "report.txt" in editor_client.get(address, {"repairs": "open"}).content.decode()
    decide(page, "accepted", editor)
    assert "report.txt (en), 1" not in editor_client.get(address, {"repairs": "open"}).content.decode()
    for kind in ("any", "gaps"):
        assert "report.txt (en), 1" in editor_client.get(address, {"repairs": kind}).content.decode()


def test_visitors_see_what_was_repaired_beside_the_original(client, page, editor):
    publish(page.file.publication)
    shown = client.get("/publications/report/en/1/").content.decode()
    assert '<span class="repaired" title="In the file: SDUWQHUV">partners</span>' in shown
    assert 'aria-label="4 characters lost"' in shown
    assert '<code dir="auto">o!ces</code></td><th scope="row"><bdi>offices</bdi></th>' in shown
    assert "SDUWQHUV�PHW" in shown  # the text as the file holds it


def test_visitors_see_the_original_of_what_was_refused(client, page, reviewer):
    publish(page.file.publication)
    decide(page, "refused", reviewer, ["o!ces"])
    shown = client.get("/publications/report/en/1/").content.decode()
    assert "The o!ces <span" in shown
    assert "refused: the original is shown" in shown


def test_markup_in_a_repaired_token_is_text(client, db):
    raw = "The o!ces; <script>o!ces</script> <b>o!ces"
    publication = make_publication(published=True, slug="report")
    file = PublicationFile(publication=publication, file=SimpleUploadedFile("report.txt", raw.encode()))
    file.save()
    extraction.extract(file.pk)
    shown = client.get("/publications/report/en/1/").content.decode()
    assert "&lt;script&gt;" in shown
    assert "<script>o" not in shown
    assert "<b>" not in shown
