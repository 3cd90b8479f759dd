"""A harvest as an import: what is new or changed there as entries, what was withdrawn there as a remark."""

import re
from typing import Any

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal import trying
from portal.imports.entries import Entry, Found, Line, Names
from portal.imports.planning import in_parts
from portal.imports.readers import Reader
from portal.models import Import, Origin
from portal.versions import batches
from publications.bibliographies.entries import entries_of
from publications.harvesting.client import Client, Harvest, Limits, Record
from publications.harvesting.dublin_core import reference_of
from publications.models import Publication

SCHEME = NAME = "oai"
INSTANT = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ)?")
may_reach: trying.Reach = trying.is_public  # tests let it reach a server of their own
limits = Limits()


class HarvestOptions(forms.Form):
    """`since` is filled with what the last harvest of the address says, unless everything is asked for."""

    url = forms.URLField(
        label=gettext_lazy("Address of the repository (base URL)"),
        max_length=250,
        assume_scheme="https",
        help_text=gettext_lazy("As https://repository.example/oai: without verb and other arguments."),
    )
    set = forms.CharField(label=gettext_lazy("Set"), max_length=200, required=False)
    since = forms.CharField(
        label=gettext_lazy("Only what changed since"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("As 2024-05-31. If empty: since the last harvest of this address and set."),
    )
    all = forms.BooleanField(label=gettext_lazy("Everything, whenever it changed"), required=False)

    def clean_url(self) -> str:
        return self.cleaned_data["url"].partition("#")[0].removesuffix("?")

    def clean_since(self) -> str:
        value = self.cleaned_data["since"].strip()
        if value and not INSTANT.fullmatch(value):
            raise ValidationError(_("Write a day as 2024-05-31, or an instant as 2024-05-31T12:00:00Z."))
        return value

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            cleaned["name"] = cleaned["url"]
            if not cleaned["since"] and not cleaned["all"]:
                cleaned["since"] = last_answer(cleaned["url"], cleaned["set"])
        return cleaned


def last_answer(url: str, of_set: str = "") -> str:
    """When the repository answered to the last harvest that was complete and brought in whole, by its own clock."""
    done = Import.objects.filter(reader=NAME, state=Import.State.DONE, leaves_out=False, options__url=url)
    for options in done.filter(options__set=of_set).order_by("-done_at").values_list("options", flat=True):
        if options.get("is_complete") and INSTANT.fullmatch(options.get("answered", "")):
            return options["answered"]
    return ""


def read(imported: Import) -> Found:
    options = imported.options
    harvest = Client(options["url"], may_reach, limits).harvest(options.get("set", ""), options.get("since", ""))
    imported.options = options | {"answered": harvest.answered[:20], "is_complete": harvest.is_complete}
    names = Names()
    # A record that changed while it was read stands in the list twice: the later one holds.
    records = {record.identifier: record for record in harvest.records if record.identifier}
    here = [record for record in records.values() if not record.is_deleted]
    references = [reference_of(number, record) for number, record in enumerate(here, start=1)]
    entries = entries_of(references, names, options["url"])
    gone = [record for record in records.values() if record.is_deleted]
    withdrawn = list(_withdrawn(gone, options["url"], len(entries)))
    return Found(
        [*entries, *withdrawn], names, remarks=_remarks(harvest, options, len(here), len(gone), len(withdrawn))
    )


def _remarks(harvest: Harvest, options: dict[str, Any], here: int, gone: int, known: int) -> list[str]:
    told = {"name": harvest.name or options["url"], "here": here, "gone": gone, "known": known}
    words = [_("%(name)s: %(here)s records, %(gone)s withdrawn, of which %(known)s are here.") % told]
    if since := options.get("since"):
        words.append(_("Only what changed there since %s was asked for.") % since)
    if nameless := sum(not record.identifier for record in harvest.records):
        left_out = ngettext(
            "%s record has no identifier and was left out: nothing would recognise it.",
            "%s records have no identifier and were left out: nothing would recognise them.",
            nameless,
        )
        words.append(left_out % nameless)
    return [*words, *harvest.remarks]


def _withdrawn(records: list[Record], source: str, before: int) -> list[Entry]:
    """Of those that are here. The record stays; its editors' note says once that it was withdrawn there."""
    kind = ContentType.objects.get_for_model(Publication)
    by_key = {record.identifier: record for record in records}
    origins: list[Origin] = []
    for keys in in_parts(by_key, 500):
        origins += Origin.objects.filter(content_type=kind, scheme=SCHEME, source=source, key__in=keys).order_by("pk")
    here: dict[str, Publication] = {}
    notes: dict[str, str] = {}
    for pks in in_parts({origin.object_id for origin in origins}, 500):
        for subject in batches.look(Publication, pks):
            here[subject.key], notes[subject.key] = subject.record, subject.shown["fields"]["editors_note"]
    entries = []
    for number, origin in enumerate((one for one in origins if one.object_id in notes), start=before + 1):
        record, note = by_key[origin.key], notes[origin.object_id]
        words = _("Withdrawn at %(source)s on %(day)s.") % {"source": source, "day": record.changed[:10] or "?"}
        was_told = words in origin.said.get("fields", {}).get("editors_note", "")
        if not was_told and words not in note:
            note = f"{note}\n{words}".strip()
        said = origin.said | {"fields": origin.said.get("fields", {}) | {"editors_note": note}}
        entries.append(
            Entry(
                Publication,
                said,
                [Line(number, str(here[origin.object_id]))],
                source=source,
                key=origin.key,
                unplaced=origin.unplaced,
                remarks=[words],
            )
        )
    return entries


READER = Reader(
    NAME,
    gettext_lazy("Publications: harvest by OAI-PMH"),
    SCHEME,
    (Publication,),
    read,
    help_text=gettext_lazy("What another repository gives out as Dublin Core. Its next harvest asks for changes only."),
    options=HarvestOptions,
)
