"""The list of labels and phrases is data that editors keep."""

from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError
from django.urls import reverse

from projects.legacy.vocabulary import kept, shipped
from projects.models import LegacyPhrase
from tests.forms import send_form

pytestmark = pytest.mark.django_db


def load(**options):
    out = StringIO()
    call_command("load_legacy_phrases", stdout=out, **options)
    return out.getvalue()


def test_phrases_are_loaded_again_without_effect():
    first = load()
    assert " 0 unchanged" in first
    assert "created" in first
    assert " 0 created" in load()
    assert {(one.words, one.meaning, one.is_label, one.value) for one in kept()} <= {
        (" ".join(one.words.split()), one.meaning, one.is_label, one.value) for one in shipped()
    }


def test_shipped_phrases_hold_to_the_rules_of_the_list():
    for phrase in shipped():
        row = LegacyPhrase(phrase=phrase.words, language=phrase.language, meaning=phrase.meaning,
                           is_label=phrase.is_label, value=phrase.value)  # fmt: skip
        row.clean_fields(exclude=["folded"])
        row.clean()


def test_phrase_stands_in_the_list_once_whatever_its_case():
    LegacyPhrase.objects.create(phrase="Bailleur", language="fr", meaning="donor")
    with pytest.raises(IntegrityError):
        LegacyPhrase.objects.create(phrase="BAILLEUR", language="fr", meaning="donor")


def test_currency_needs_its_code():
    with pytest.raises(ValidationError, match="stands for"):
        LegacyPhrase(phrase="crowns", meaning="currency", is_label=False).full_clean()


def test_phrase_that_was_deleted_or_changed_in_the_admin_stays_so(admin_client):
    load()
    sponsor = LegacyPhrase.objects.get(phrase="Sponsor", language="en")
    admin_client.post(f"/admin/projects/legacyphrase/{sponsor.pk}/delete/", {"post": "yes"})
    assert not LegacyPhrase.objects.filter(pk=sponsor.pk).exists()
    assert " 0 created" in load()
    assert "1 created" in load(overwrite=True)


def test_phrase_whose_meaning_an_administrator_changed_keeps_it(client, administrator):
    load()
    client.force_login(administrator)
    support = LegacyPhrase.objects.get(phrase="Supported by", language="en", is_label=True)
    send_form(client, reverse("admin:projects_legacyphrase_change", args=[support.pk]), {"meaning": "partner"})
    support.refresh_from_db()
    assert support.meaning == "partner"
    assert " 0 created" in load()


def test_editor_adds_a_phrase_and_changes_one_by_a_draft(client, editor):
    phrase = LegacyPhrase.objects.create(phrase="Bailleur", language="fr", meaning="donor")
    client.force_login(editor)
    fields = {"phrase": "Qui paie", "language": "fr", "meaning": "donor", "is_label": "on", "value": "", "note": ""}
    send_form(client, reverse("admin:projects_legacyphrase_add"), fields, _save="1")
    assert LegacyPhrase.objects.filter(phrase="Qui paie").exists()
    send_form(client, reverse("admin:projects_legacyphrase_change", args=[phrase.pk]), {"phrase": "Payeur"}, _save="1")
    phrase.refresh_from_db()
    assert phrase.phrase == "Bailleur"
