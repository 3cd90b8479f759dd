"""The forms of the correction page: a value that was read, text that was not placed, and what a person adds."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.admin.marked import sureness
from projects.legacy import pieces, slots
from projects.legacy.typed import LONGEST, typed

NOWHERE = ""
LISTS = {  # the names a value may be taken from, by the kind of thing
    "countries": "country",
    "country_groups": "country_group",
    "regions": "region",
    "themes": "theme",
    "programme": "programme",
    "roles": "organisation",
}
EDGES = " \t\n,;:.•·*–—-"  # signs around text that nobody types into a field
MORE = "more_"
LONGEST_SHOWN = 4000  # characters of a text that cannot be typed here anyway


class TypedField(forms.CharField):
    """Browsers send the ends of lines in a way of their own."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")

    def has_changed(self, initial, data):
        return not self.disabled and self.to_python(initial) != self.to_python(data)


class Beginning(forms.Textarea):
    """Of a text that is too long to be typed: browsers take a minute over a line of two megabytes."""

    def format_value(self, value):
        return shortened(str(value or ""))


def shortened(text, most=LONGEST_SHOWN):
    """The beginning and the end of a text that is longer than people read it here."""
    if len(text) <= most:
        return text
    left_out = _("[… %s characters …]") % f"{len(text) - most:,}"
    return f"{text[: most // 2]}\n{left_out}\n{text[-most // 2 :]}"


class PlaceForm(forms.Form):
    """A value and where it goes."""

    slot = forms.ChoiceField(label=gettext_lazy("Field"), required=False)

    def __init__(self, sheet, slot, value, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        self.fields["slot"].choices = sheet.choices
        room = {"max_length": LONGEST} if len(value) <= LONGEST else {"disabled": True}
        self.fields["value"] = TypedField(
            label=gettext_lazy("Value"), required=False, widget=self._widget(slot, value), **room
        )
        for name, label in slot.more if slot else ():
            self.fields[MORE + name] = TypedField(
                label=label, required=False, max_length=LONGEST, widget=forms.TextInput(attrs={"dir": "auto"})
            )

    def _widget(self, slot, value):
        attributes = {"dir": "auto"}
        if slot and slot.field in LISTS and self.sheet.lists[slot.field]:
            attributes["list"] = f"names-{slot.field}"
        if len(value) > LONGEST:
            return Beginning(attrs={"rows": 12, **attributes})
        if len(value) > 80 or (slot and slot.shape in (slots.TEXT, slots.PROSE)):
            return forms.Textarea(attrs={"rows": min(12, 2 + len(value) // 70), **attributes})
        return forms.TextInput(attrs=attributes)

    @property
    def chosen(self):
        return self.sheet.slots.get(self.cleaned_data.get("slot", NOWHERE))

    def value_for(self, slot, before=None):
        """What was typed, as (field, value). None where something is wrong with it."""
        more = {name: self.cleaned_data.get(MORE + name) for name, _label in slot.more}
        more = {name: text for name, text in more.items() if text is not None}
        try:
            return slot.field, typed(slot, self.cleaned_data.get("value", ""), more, before, self.sheet.known)
        except ValidationError as error:
            own = f"{MORE}{error.code}"
            self.add_error(own if own in self.fields else "value", error)
            return None

    def made(self, start, end, words, why):
        """A piece of which nothing was read; None where something is wrong with it."""
        said = self.value_for(self.chosen)
        if said is None:
            return None
        piece = {"field": said[0], "value": said[1], "start": start, "end": end, "words": words}
        piece |= {"confidence": 1, "why": why, "taken": True, "decided": True, "read": None}
        return pieces.told(piece | {"language": self.sheet.language}, self.sheet.known)


class PieceForm(PlaceForm):
    taken = forms.BooleanField(label=gettext_lazy("Take it"), required=False)

    def __init__(self, sheet, n, data):
        self.piece = self.source = sheet.target.pieces[n]
        self.number = n + 1
        slot = slots.slot_of(self.piece["field"], self.piece["value"])
        value = slots.shown(self.piece["field"], self.piece["value"], sheet.known)
        beside = {MORE + name: text for name, text in slots.shown_beside(slot, self.piece["value"]).items()}
        initial = {"taken": self.piece["taken"], "slot": slot.name, "value": value, **beside}
        super().__init__(sheet, slot, value, data, prefix=f"p{n}", initial=initial)

    anchor = property(lambda self: f"piece-{self.number}")
    heading = property(lambda self: f"{self.number}. {self.piece['label']}")

    @property
    def more(self):
        return [self[name] for name in self.fields if name.startswith(MORE)]

    @property
    def shows_more(self):
        return any(field.value() or field.errors for field in self.more)

    @property
    def sure(self):
        return sureness(self.piece["confidence"])

    @property
    def is_unknown(self):
        """Whether it names what nobody has said anything about yet."""
        name = self.sheet.target.imported.names.get(self.piece.get("name"))
        return self.piece["taken"] and name is not None and name["pk"] is None

    @property
    def is_made_here(self):
        return self.piece.get("read", {}) is None

    def decided(self):
        """The piece as it is from now on; None where it goes back to what is not placed. Its mistakes stand in
        `errors`.
        """
        touched = set(self.changed_data) - {"taken"}
        slot = self.chosen
        if slot is None or not self.cleaned_data.get("taken"):
            if touched and (slot is not None or touched != {"slot"}):
                self.add_error("taken", _("You changed this and do not take it. Tick it, or take the change back."))
            if self.is_made_here:
                return None
            return self.piece | ({"taken": False, "decided": True} if self.piece["taken"] else {})
        moves = slot.field != self.piece["field"]
        said = self.value_for(slot, None if moves else self.piece["value"])
        if said is None:
            return self.piece
        field, value = said
        changed = said != (self.piece["field"], self.piece["value"])
        if not changed and self.piece["taken"]:
            return self.piece
        new = {name: said for name, said in self.piece.items() if name != "problem"}
        new |= {"field": field, "value": value, "taken": True, "decided": True}
        if changed and "read" not in self.piece:
            new["read"] = {"field": self.piece["field"], "value": self.piece["value"]}
        return pieces.told(new, self.sheet.known)


class UnplacedForm(PlaceForm):
    def __init__(self, sheet, n, data):
        self.source, self.number = sheet.target.unplaced[n], n + 1
        words = " ".join(self.source["words"].split())
        initial = {"slot": NOWHERE, "value": words.strip(EDGES) or words}
        super().__init__(sheet, None, initial["value"], data, prefix=f"u{n}", initial=initial)

    anchor = property(lambda self: f"unplaced-{self.number}")
    heading = property(lambda self: _("Not placed, %s") % self.number)

    def decided(self):
        """A piece made from it; None where it stays."""
        if self.chosen is None:
            if "value" in self.changed_data:
                words = _("You changed this text. Choose the field it goes to, or take the change back.")
                self.add_error("slot", words)
            return None
        return self.made(self.source["start"], self.source["end"], self.source["words"], _("placed by hand"))


class AddedForm(PlaceForm):
    """What a person knows and the page does not say, or says where nothing was read."""

    source = {"words": ""}
    anchor = "added"
    heading = gettext_lazy("Added")

    def __init__(self, sheet, data):
        super().__init__(sheet, None, "", data, prefix="added", initial={"slot": NOWHERE, "value": ""})
        self.fields["slot"].choices = [(NOWHERE, _("Nothing to add")), *sheet.choices[1:]]

    def decided(self):
        """A piece without words of the page, which stands where the project begins; None where there is none."""
        if self.chosen is None:
            if "value" in self.changed_data:
                self.add_error("slot", _("Choose the field this goes to."))
            return None
        return self.made(self.sheet.place, self.sheet.place, "", _("added by hand"))


def grouped(places: Iterable[slots.Slot]) -> Iterator[tuple[str, Any]]:
    """Places as choices: kinds of one sort of rows together, under its name."""
    for group, found in groupby(places, key=lambda slot: slot.kind and slot.group):
        choices = [(slot.name, slot.label) for slot in found]
        yield from [(group, choices)] if group else choices
