"""The page on which an editor goes through what was read of one project: each value beside its words in the page, to be
taken, corrected, moved to another field or left unplaced, and what is unplaced to be given to a field.
"""

import hashlib
import json

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.admin.imports import judge_for
from portal.admin.marked import segments_of, sureness
from portal.imports import planning
from portal.imports.entries import Names
from portal.models import Import
from projects.legacy import pieces, slots
from projects.legacy.entries import mark_of
from projects.legacy.known import Known

# As many as a form may have fields for; what comes behind them stays as it was read.
MOST_PIECES, MOST_UNPLACED = 120, 80
MOST_NAMES = 2000
NOWHERE = ""
LISTS = {  # the names a value may be taken from, by the kind of thing
    "countries": "country",
    "country_groups": "country_group",
    "regions": "region",
    "themes": "theme",
    "programme": "programme",
    "roles": "organisation",
}


def look(request, target, context):
    sheet = Sheet(target, request.POST if request.method == "POST" else None)
    if sheet.is_sent and sheet.save(request):
        words = _("Saved. This is what it would do now.")
        messages.success(request, words)
        return HttpResponseRedirect(context["plan_url"] if "_done" in request.POST else request.get_full_path())
    context |= {"sheet": sheet, "segments": sheet.segments}
    return TemplateResponse(request, "admin/projects/legacy_entry.html", context)


class TypedField(forms.CharField):
    """Browsers send the ends of lines in a way of their own."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")

    def has_changed(self, initial, data):
        return not self.disabled and self.to_python(initial) != self.to_python(data)


class PlaceForm(forms.Form):
    """A value and where it goes."""

    slot = forms.ChoiceField(label=gettext_lazy("Field"), required=False)

    def __init__(self, sheet, slot, value, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        self.fields["slot"].choices = sheet.choices
        room = {"max_length": slots.LONGEST} if len(value) <= slots.LONGEST else {"disabled": True}
        self.fields["value"] = TypedField(
            label=gettext_lazy("Value"), required=False, widget=self._widget(slot, value), **room
        )
        for name, label in slot.more if slot else ():
            self.fields[f"more_{name}"] = TypedField(label=label, required=False, max_length=slots.LONGEST)
        for field in self:
            if field.errors:
                field.field.widget.attrs |= {"aria-invalid": "true", "aria-describedby": f"{field.auto_id}_error"}

    def _widget(self, slot, value):
        attributes = {"dir": "auto"}
        if slot and slot.field in LISTS and self.sheet.lists[slot.field]:
            attributes["list"] = f"names-{slot.field}"
        if len(value) > 80 or (slot and slot.shape in (slots.TEXT, slots.PROSE)):
            return forms.Textarea(attrs={"rows": min(12, 2 + len(value) // 70), **attributes})
        return forms.TextInput(attrs=attributes)

    def typed(self, before=None):
        """What was typed, as a value of the place that was chosen. None where something is wrong with it."""
        slot = self.sheet.slots.get(self.cleaned_data.get("slot", ""))
        if slot is None:
            return None
        more = {
            name.removeprefix("more_"): text
            for name, text in self.cleaned_data.items()
            if name.startswith("more_") and name.removeprefix("more_") in dict(slot.more)
        }
        try:
            value = slots.typed(slot, self.cleaned_data.get("value", ""), more, before, self.sheet.known)
        except ValidationError as error:
            self.add_error("value", error)
            return None
        return slot.field, value


class PieceForm(PlaceForm):
    taken = forms.BooleanField(label=gettext_lazy("Take it"), required=False)

    def __init__(self, sheet, n, data):
        self.piece, self.number = sheet.target.pieces[n], n + 1
        slot = slots.slot_of(self.piece["field"], self.piece["value"])
        value = slots.shown(self.piece["field"], self.piece["value"], sheet.known)
        rest = {f"more_{name}": self.piece["value"].get(name) or "" for name, _label in slot.more}
        initial = {"taken": self.piece["taken"], "slot": slot.name, "value": value, **rest}
        super().__init__(sheet, slot, value, data, prefix=f"p{n}", initial=initial)

    @property
    def more(self):
        return [self[name] for name in self.fields if name.startswith("more_")]

    @property
    def sure(self):
        return sureness(self.piece["confidence"])

    @property
    def is_made_here(self):
        return self.piece.get("read", {}) is None

    def decided(self):
        """The piece as it is from now on; None where it goes back to what is not placed. Its mistakes stand in
        `errors`.
        """
        touched = {"slot", "value", *(name for name in self.fields if name.startswith("more_"))} & set(
            self.changed_data
        )
        leaves = not self.cleaned_data.get("taken") or self.cleaned_data.get("slot") == NOWHERE
        if leaves:
            if touched and self.cleaned_data.get("slot") != NOWHERE and not self.piece["taken"]:
                self.add_error("taken", _("You changed this and did not tick it. Tick it, or take the change back."))
            if self.is_made_here:
                return None
            return self.piece | ({"taken": False, "decided": True} if self.piece["taken"] else {})
        same = None if "slot" in touched and self._moves() else self.piece["value"]
        typed = self.typed(same)
        if typed is None:
            return self.piece
        field, value = typed
        changed = (field, value) != (self.piece["field"], self.piece["value"])
        if not changed and self.piece["taken"]:
            return self.piece
        new = {name: said for name, said in self.piece.items() if name != "problem"}
        new |= {"field": field, "value": value, "taken": True, "decided": True}
        if changed and "read" not in self.piece:
            new["read"] = {"field": self.piece["field"], "value": self.piece["value"]}
        return pieces.told(new, self.sheet.known)

    def _moves(self):
        slot = self.sheet.slots.get(self.cleaned_data.get("slot", ""))
        return slot is None or slot.field != self.piece["field"]


class UnplacedForm(PlaceForm):
    def __init__(self, sheet, n, data):
        self.one, self.number = sheet.target.unplaced[n], n + 1
        initial = {"slot": NOWHERE, "value": " ".join(self.one["words"].split())}
        super().__init__(sheet, None, initial["value"], data, prefix=f"u{n}", initial=initial)

    def placed(self):
        """A piece made from it; None where it stays."""
        if self.cleaned_data.get("slot", NOWHERE) == NOWHERE:
            if "value" in self.changed_data:
                self.add_error(
                    "slot", _("You changed this text. Choose the field it goes to, or take the change back.")
                )
            return None
        typed = self.typed()
        if typed is None:
            return None
        made = {name: self.one[name] for name in ("start", "end", "words")}
        made |= {"field": typed[0], "value": typed[1], "confidence": 1, "why": _("placed by hand"), "taken": True}
        return pieces.told(made | {"decided": True, "read": None, "language": self.sheet.language}, self.sheet.known)


class Sheet:
    """All that is asked about one project."""

    def __init__(self, target, data):
        self.target, self.data, self.known = target, data, Known()
        self.is_sent, self.problem = data is not None, ""
        self.slots = slots.slots()
        self.language = next((piece["language"] for piece in target.pieces), pieces.language_of(""))
        self.lists = {field: self._names(kind) for field, kind in LISTS.items()}
        self.pieces = [PieceForm(self, n, data) for n in range(min(len(target.pieces), MOST_PIECES))]
        self.unplaced = [UnplacedForm(self, n, data) for n in range(min(len(target.unplaced), MOST_UNPLACED))]

    @property
    def choices(self):
        own = [(slot.name, slot.label) for slot in self.slots.values()]
        return [(NOWHERE, _("Nowhere: keep it as unplaced")), *own]

    def _names(self, kind):
        found = self.known.labels(kind)
        return found if len(found) <= MOST_NAMES else []

    @property
    def more_than_shown(self):
        n = len(self.target.pieces) + len(self.target.unplaced) - len(self.pieces) - len(self.unplaced)
        words = ngettext(
            "One thing more was read than there is room for on this page: it stays as it was read.",
            "%(n)s things more were read than there is room for on this page: they stay as they were read.",
            n,
        )
        return words % {"n": n} if n else ""

    @property
    def sign(self):
        """Of what is shown: what was corrected in another window is not written over."""
        said = json.dumps([self.target.pieces, self.target.unplaced], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:20]

    @property
    def seen(self):
        return self.data.get("_seen", "") if self.is_sent else self.sign

    @property
    def segments(self):
        marks = [
            form.piece
            | {
                "number": form.number,
                "anchor": f"piece-{form.number}",
                "is_taken": form.piece["taken"],
                "sure": form.sure,
            }
            for form in self.pieces
        ]
        marks += [form.one | {"anchor": f"unplaced-{form.number}", "is_unplaced": True} for form in self.unplaced]
        return segments_of(self.target.imported.text, marks)

    @property
    def mistakes(self):
        return [form for form in [*self.pieces, *self.unplaced] if form.errors]

    def save(self, request):
        """Whether everything was right and has been written down. Else nothing is, and the mistakes stand beside it."""
        with transaction.atomic():
            imported = Import.objects.select_for_update(of=("self",)).get(pk=self.target.imported_id)
            self.target.refresh_from_db(fields=["pieces", "unplaced"])
            if self.data.get("_seen") != self.sign or imported.state != Import.State.READ:
                self.problem = _(
                    "This was changed in another window since you opened it. Nothing was saved: copy what you typed, "
                    "and load the page again."
                )
                return False
            if not all([form.is_valid() for form in [*self.pieces, *self.unplaced]]):  # noqa: C419 (every form is asked)
                return False
            kept, unplaced = self._decided()
            if self.mistakes:
                return False
            names = Names(imported.names)
            target = self.target
            target.pieces, target.unplaced = kept, unplaced
            target.said = pieces.said(kept, mark_of(target.source, target.key), names, self.known)
            titles = [one["shown"] for one in kept if one["taken"] and one["field"] == "title"]
            target.label = next(iter(titles), target.label)[:300]
            target.save(update_fields=["pieces", "unplaced", "said", "label"])
            imported.names = names.known
            imported.save(update_fields=["names"])
        planning.plan(imported, judge_for(request))
        return True

    def _decided(self):
        kept, unplaced, forms_of = [], list(self.target.unplaced[MOST_UNPLACED:]), {}
        for form in self.pieces:
            piece = form.decided()
            if piece is None:
                unplaced.append({name: form.piece[name] for name in ("start", "end", "words")})
            else:
                forms_of[id(piece)] = form
                kept.append(piece)
        for form in self.unplaced:
            piece = form.placed()
            if piece is None:
                unplaced.append(form.one)
            else:
                forms_of[id(piece)] = form
                kept.append(piece)
        kept += self.target.pieces[MOST_PIECES:]
        for piece in pieces.in_the_way(kept):
            if form := forms_of.get(id(piece)):
                words = _("%s stands here already, or there is no room for both: take one of them.")
                form.add_error("value", words % piece["label"])
        return sorted(kept, key=_place), sorted(unplaced, key=_place)


def _place(one):
    return one["start"], one["end"]
