"""What one cycle says otherwise than another: reported anew, no longer reported, and changed field by field."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from dialogues.cycles.entries import Entry, named
from dialogues.models.initiatives import Initiative


@dataclass(frozen=True)
class FieldChange:
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Changed:
    entry: Entry
    before: Entry
    fields: list[FieldChange]


@dataclass(frozen=True)
class Difference:
    added: list[Entry]
    ended: list[Entry]
    changed: list[Changed]
    same: list[Entry]


def amount_in_words(entry: Entry) -> str:
    if entry.amount is None:
        return ""
    return f"{number_format(entry.amount, use_l10n=True, force_grouping=True)} {entry.currency}"


# Labels are read when they are needed, in the reader's language.
FIELDS: list[tuple[Callable[[], str], Callable[[Entry], str]]] = [
    (lambda: _("title"), lambda one: one.title),
    (lambda: _("description"), lambda one: one.description),
    (lambda: _("reported by"), lambda one: one.partner.label if one.partner else ""),
    (lambda: _("domains"), lambda one: named(one.domains)),
    (lambda: _("countries"), lambda one: named(one.countries)),
    (lambda: _("period"), lambda one: one.period if one.start or one.end else ""),
    (lambda: _("amount"), amount_in_words),
    (lambda: _("links"), lambda one: " ".join(one.links)),
]


def field_changes(before: Entry, entry: Entry) -> list[FieldChange]:
    return [
        FieldChange(capfirst(label()), value(before), value(entry))
        for label, value in FIELDS
        if value(before) != value(entry)
    ]


def compare(before: Sequence[Entry], after: Sequence[Entry], former: dict[str, str]) -> Difference:
    """`former` leads from an initiative to the one it continues, through the cycles that lie between."""
    old = {one.key: one for one in before}
    added, changed, same, known = [], [], [], set()
    for entry in after:
        if (root := _ancestor(entry, old, former)) is None:
            added.append(entry)
            continue
        known.add(root.key)
        if fields := field_changes(root, entry):
            changed.append(Changed(entry, root, fields))
        else:
            same.append(entry)
    return Difference(added, [one for one in before if one.key not in known], changed, same)


def _ancestor(entry: Entry, old: dict[str, Entry], former: dict[str, str]) -> Entry | None:
    key, seen = entry.continues, set()
    while key and key not in old and key not in seen:
        seen.add(key)
        key = former.get(key)
    return old.get(key or "")


def former_of(dialogue_pk: int) -> dict[str, str]:
    found = Initiative.objects.filter(cycle__dialogue=dialogue_pk, continues__isnull=False)
    return {str(pk): str(other) for pk, other in found.values_list("pk", "continues")}
