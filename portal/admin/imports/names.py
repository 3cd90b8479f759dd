"""Names that the portal does not know, on the page of an import: what each stands for is chosen by a person.

The records called much like it are offered beside a search among all of them; where no script runs, a name, acronym or
code that is written out is looked up instead.
"""

from collections import defaultdict
from functools import cached_property

from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.admin.several.change import as_key
from portal.imports import unknown
from portal.languages import columns
from portal.models import Import
from portal.spellings import Near, folded, in_common, telling

CREATE = "create"
LISTED, SEARCHED, WRITTEN = "name-", "search-", "text-"  # before the key of a name, in what the form sends
FORM = "import_plan"  # one for the whole page: what is chosen reaches whichever button is pressed
PER_PAGE = 50
MOST_ALIKE = 5
CODES = ("iso2", "iso3", "slug")


class Called:
    """What the records of a kind are called, in every language; those that were merged into others are not asked."""

    def __init__(self, model):
        self.keys = defaultdict(set)  # by the folded name or acronym, and by the code as it is
        self.parts = {}  # by the folded name: its telling words
        known = {field.name for field in model._meta.get_fields()}
        own = next(column for column in ("name", "title") if column in known)
        names = [name for name in (*columns(own), "acronym") if name in known]
        names = names if columns(own)[0] in known else [own, *names]
        names += ["other_names__name"] if "other_names" in known else []
        found = model._base_manager.filter(merged_into=None) if "merged_into" in known else model._base_manager.all()
        for pk, *texts in found.order_by().values_list("pk", *names, *(code for code in CODES if code in known)):
            for text in filter(None, texts[len(names) :]):
                self.keys[text.casefold()].add(pk)
            for text in filter(None, texts[: len(names)]):
                name = folded(text)
                self.keys[name].add(pk)
                if name not in self.parts:
                    self.parts[name] = frozenset(telling(name))

    def named(self, text):
        """Keys of the records with this name, acronym or code."""
        return self.keys.get(text.casefold(), set()) | self.keys.get(folded(text), set())

    @cached_property
    def _names(self):
        """By each word of them."""
        found = defaultdict(set)
        for name, words in self.parts.items():
            for word in words:
                found[word].add(name)
        return found

    @cached_property
    def _near(self):
        return Near(self._names)

    def like(self, name):
        """Keys of the records whose names share words with this one, the most first; a slip of the hand is the same."""
        asked = {word: {word} if word in self._names else set(self._near.to(word)) for word in telling(name)}
        shares = {}
        for other in {other for words in asked.values() for word in words for other in self._names[word]}:
            there = self.parts[other]
            words = [next(iter(meant & there), word) for word, meant in asked.items()]
            for pk in self.keys[other]:
                shares[pk] = max(shares.get(pk, 0.0), in_common(words, there))
        return sorted(shares, key=lambda pk: (-shares[pk], str(pk)))[:MOST_ALIKE]


def page_of(imported, request, may_choose):
    """The names on one page of them, with what was chosen for each, or may be. Where there is nothing to choose any
    more: those for which something was.
    """
    is_open = imported.state == Import.State.READ
    keys = [key for key, one in imported.names.items() if is_open or one["pk"] is not None]
    page = Paginator(keys, PER_PAGE).get_page(request.GET.get("names"))
    asked = [(key, imported.names[key], apps.get_model(imported.names[key]["model"])) for key in page]
    models = {model for _key, _one, model in asked}
    called = {model: Called(model) for model in models} if is_open and may_choose else {}
    kinds = {model: _Kind(model, request) for model in models}
    like = {key: called[model].like(one["name"]) if model in called else [] for key, one, model in asked}
    records = {}
    for model in models:
        wanted = {pk for key, one, its in asked if its is model for pk in (*like[key], one["pk"]) if pk is not None}
        records |= {(model, pk): record for pk, record in model._base_manager.in_bulk(wanted).items()}
    names = []
    for key, one, model in asked:
        told = {
            "key": key,
            "name": one["name"],
            "kind": kinds[model],
            "chosen": records.get((model, one["pk"])),
            "url": kinds[model].url_of(one["pk"]) if one["pk"] is not None else "",
            "alike": [records[model, pk] for pk in like[key] if pk != one["pk"]],
        }
        if called and one["pk"] is None:
            lacking = unknown.lacking(model, one.get("told", {}))
            told["lacking"] = ", ".join(lacking)
            told["can_create"] = kinds[model].may_add and not lacking
        told["search"] = kinds[model].search(key, one["name"]) if called else ""
        names.append(told)
    media = sum((kind.media for kind in kinds.values() if called), forms.Media())
    return {"names": names, "names_page": page, "names_media": media}


class _Kind:
    """A model of which names are not known, for one person."""

    def __init__(self, model, request):
        self.model, meta = model, model._meta
        self.label, self.labels = meta.verbose_name, meta.verbose_name_plural
        self.path = f"admin:{meta.app_label}_{meta.model_name}"
        self.admin = admin.site._registry.get(model)
        self.may_add = request.user.has_perm(f"{meta.app_label}.add_{meta.model_name}")
        self.add_url = reverse(f"{self.path}_add") if self.admin and self.admin.has_add_permission(request) else ""
        may_see = self.admin is not None and self.admin.has_view_permission(request)
        self.leading = _leading_to(model) if may_see and self.admin.get_search_fields(request) else None

    def __str__(self):
        return str(capfirst(self.label))

    def url_of(self, pk):
        return reverse(f"{self.path}_change", args=[pk]) if self.admin else ""

    @cached_property
    def _widget(self):
        """That of the admin's forms, which must be told of a column that leads to the model."""
        if self.leading is None:
            return None
        widget = AutocompleteSelect(self.leading, admin.site)
        widget.is_required = False
        widget.choices = forms.ModelChoiceField(self.model._base_manager.none()).choices
        return widget

    @property
    def media(self):
        return self._widget.media if self._widget else forms.Media()

    def search(self, key, name):
        if self._widget is None:
            return ""
        told = _("Search all %(kind)s for “%(name)s”") % {"kind": self.labels, "name": name}
        return self._widget.render(
            f"{SEARCHED}{key}", None, {"aria-label": told, "data-into": f"{LISTED}{key}", "form": FORM}
        )


def _leading_to(model):
    """A column of another model by whose name the admin searches among the records of this one, all of them."""
    for relation in model._meta.related_objects:
        if relation.field.target_field.primary_key and not relation.field.get_limit_choices_to():
            return relation.field
    return None


def choose(imported, request):
    """What was chosen in the form: a key, the word to create it, or nothing; of the names that were sent. The records
    that were created, and what is wrong with the choices that were not taken: the others hold.
    """
    created, problems, called = [], [], {}
    for key in [key for key in imported.names if f"{LISTED}{key}" in request.POST]:
        try:
            with transaction.atomic():
                created += _choose(imported, key, request, called)
        except ValidationError as error:
            problems += error.messages
    return created, problems


def _choose(imported, key, request, called):
    one = imported.names[key]
    model = apps.get_model(one["model"])
    wanted = request.POST.get(f"{SEARCHED}{key}") or request.POST[f"{LISTED}{key}"]
    if written := request.POST.get(f"{WRITTEN}{key}", "").strip():
        called[model] = called.get(model) or Called(model)
        unknown.choose(imported, key, _written(model, called[model], one["name"], written))
    elif wanted == CREATE and one["pk"] is None:
        return [_create(imported, key, request.user)]
    elif wanted != CREATE:
        unknown.choose(imported, key, _chosen(model, one["name"], wanted))
    return []


def _written(model, called, name, text):
    found = model._base_manager.filter(pk__in=called.named(text))[:2]
    told = {"name": name, "text": text, "kind": model._meta.verbose_name}
    if len(found) > 1:
        raise ValidationError(_("“%(name)s”: there is more than one %(kind)s “%(text)s”.") % told)
    if not found:
        raise ValidationError(_("“%(name)s”: there is no %(kind)s “%(text)s”.") % told)
    return found[0]


def _chosen(model, name, wanted):
    if not wanted:
        return None
    key = as_key(model, wanted) if wanted.isascii() and wanted.isdigit() else None
    record = model._base_manager.filter(pk=key).first() if key is not None else None
    if record is None:
        raise ValidationError(_("Choose one of the list for “%s”.") % name)
    return record


def _create(imported, key, user):
    name = imported.names[key]["name"]
    try:
        return unknown.create(imported, key, user)
    except PermissionDenied as error:
        raise ValidationError(_("You may not add “%s”.") % name) from error
    except ValidationError as error:
        raise ValidationError(f"“{name}”: {' '.join(error.messages)}") from error
