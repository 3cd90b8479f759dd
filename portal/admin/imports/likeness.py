"""Entries that may be about a record the portal has, on the page of an import: which one it is, or that it is new."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.imports import likeness

FIELD = "same-"
ALL_SAME, ALL_NEW = "same", "new"  # what the buttons for all of them send


def asks(imported):
    return imported.targets.exclude(likely={}).exists()


def records_of(targets):
    """By the key of a target: its likely records, with the address of each, and what was chosen."""
    wanted = {}
    for target in targets:
        for one in target.likely.get("records", ()):
            wanted.setdefault(target.content_type.model_class(), set()).add(one["pk"])
    found = {
        (model, str(pk)): record
        for model, keys in wanted.items()
        for pk, record in model._base_manager.in_bulk(list(keys)).items()
    }
    told = {}
    for target in targets:
        model = target.content_type.model_class()
        records = [
            {**one, "record": found[model, one["pk"]], "url": _url_of(model, one["pk"])}
            for one in target.likely.get("records", ())
            if (model, one["pk"]) in found
        ]
        if records:
            told[target.pk] = {"field": f"{FIELD}{target.pk}", "records": records, "chosen": target.likely["chosen"]}
    return told


def _url_of(model, pk):
    if not admin.site.is_registered(model):
        return ""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[pk])


def choose(imported, sent):
    """What was chosen in the form, of each on the page and then of all that are open. How many answers are other than
    before. Raises ValidationError.
    """
    n = 0
    chosen = {name.removeprefix(FIELD): value for name, value in sent.items() if name.startswith(FIELD)}
    for target in imported.targets.filter(pk__in=[key for key in chosen if key.isdecimal()]):
        if target.likely and target.likely["chosen"] == chosen[str(target.pk)]:
            continue
        try:
            likeness.choose(target, chosen[str(target.pk)])
        except ValueError as error:
            raise ValidationError(_("Choose one of the list for “%s”.") % target.label) from error
        n += 1
    if sent.get("_likeness") in {ALL_SAME, ALL_NEW}:
        n += likeness.choose_for_all(imported, as_new=sent["_likeness"] == ALL_NEW)
    return n
