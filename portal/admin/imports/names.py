"""Names that the portal does not know, on the page of an import: what each stands for is chosen by a person."""

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.imports import unknown

CREATE = "create"
MOST_COMPARED = 5000  # records of a kind among which those alike are looked for


def names_of(imported, user):
    """Each with what was chosen for it, or may be: the likeliest records of its kind."""
    records = {}  # of each model once, however many names of its kind there are
    for key, one in imported.names.items():
        model = apps.get_model(one["model"])
        if model not in records:
            records[model] = list(model._base_manager.all()[:MOST_COMPARED])
        chosen = model._base_manager.filter(pk=one["pk"]).first() if one["pk"] is not None else None
        meta = model._meta
        yield {
            "key": key,
            "name": one["name"],
            "kind": capfirst(meta.verbose_name),
            "chosen": chosen,
            "url": reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
            if admin.site.is_registered(model)
            else "",
            "can_create": user.has_perm(f"{meta.app_label}.add_{meta.model_name}"),
            "alike": [record for record in alike(records[model], one["name"]) if record != chosen],
        }


def alike(records, name, most=5):
    """Records whose names share a word with this one, most words first."""
    words = {word.casefold() for word in name.split() if len(word) > 3} or {name.casefold()}
    found = []
    for record in records:
        shared = len(words & {word.strip("(),.").casefold() for word in str(record).split()})
        if shared:
            found.append((shared, record))
    return [record for _shared, record in sorted(found, key=lambda one: (-one[0], str(one[1])))[:most]]


@transaction.atomic
def choose(imported, request):
    """What was chosen in the form: a key, the word to create it, or nothing. The records that were created; none
    where it raises ValidationError.
    """
    created = []
    for key, one in imported.names.items():
        wanted = request.POST.get(f"name-{key}", "")
        if wanted == CREATE and one["pk"] is None:
            try:
                created.append(unknown.create(imported, key, request.user))
            except PermissionDenied as error:
                raise ValidationError(_("You may not add “%s”.") % one["name"]) from error
            except ValidationError as error:
                raise ValidationError(f"“{one['name']}”: {' '.join(error.messages)}") from error
        elif wanted != CREATE:
            model = apps.get_model(one["model"])
            record = None
            if wanted:
                is_key = wanted.isascii() and wanted.isdigit()
                record = model._base_manager.filter(pk=wanted).first() if is_key else None
                if record is None:
                    raise ValidationError(_("Choose one of the list for “%s”.") % one["name"])
            unknown.choose(imported, key, record)
    return created
