"""The page on which an editor goes through what was read of one project: each value beside its words in the page, to be
taken, corrected, moved to another field or left unplaced, and what is unplaced to be given to a field.
"""

import hashlib
import json

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.admin.imports import judge_for
from portal.admin.marked import segments_of
from portal.imports import planning, unknown
from portal.imports.entries import Names
from portal.models import Import
from projects.legacy import pieces, saying, slots
from projects.legacy.entries import mark_of
from projects.legacy.forms import LISTS, NOWHERE, AddedForm, PieceForm, UnplacedForm, grouped, shortened
from projects.legacy.known import Known
from projects.legacy.typed import LONGEST

# As many as a form may have fields for; what comes behind them stays as it was read.
MOST_PIECES, MOST_UNPLACED = 80, 80
MOST_NAMES = 2000
TOP = "#content-start"  # else browsers keep the piece that the address led to, and scroll past the message
MOST_TOLD = 10  # changes that the message after a save leads to


def look(request, target, context):
    sheet = Sheet(target, request.POST if request.method == "POST" else None)
    if sheet.is_sent and sheet.save(request):
        messages.success(request, sheet.told(request.get_full_path()))
        return HttpResponseRedirect(f"{_way_on(request, context)}{TOP}")
    context |= {"sheet": sheet, "segments": sheet.segments}
    return TemplateResponse(request, "admin/projects/legacy_entry.html", context)


def _way_on(request, context):
    if "_next" in request.POST and context["after"]:
        return context["after"]["url"]
    return context["plan_url"] if "_done" in request.POST else request.get_full_path()


class Sheet:
    """All that is asked about one project."""

    def __init__(self, target, data):
        self.target, self.data, self.known = target, data, Known()
        self.is_sent, self.problem = data is not None, ""
        self.slots = slots.slots()
        self.language = next((piece["language"] for piece in target.pieces), pieces.language_of(""))
        self.lists = {field: self._names(kind) for field, kind in LISTS.items()}
        self.choices = [(NOWHERE, _("Nowhere: keep it as unplaced")), *grouped(self.slots.values())]
        self.pieces = [PieceForm(self, n, data) for n in range(min(len(target.pieces), MOST_PIECES))]
        self.unplaced = [UnplacedForm(self, n, data) for n in range(min(len(target.unplaced), MOST_UNPLACED))]
        self.added = AddedForm(self, data)
        self.forms = [*self.pieces, *self.unplaced, self.added]
        self.changed = None  # after a save: the pieces that stand there otherwise than before

    def _names(self, kind):
        found = self.known.labels(kind)
        return found if len(found) <= MOST_NAMES else []

    @property
    def place(self):
        """Where the project begins in the page."""
        return min((one["start"] for one in [*self.target.pieces, *self.target.unplaced]), default=0)

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
                "anchor": form.anchor,
                "is_taken": form.piece["taken"],
                "sure": form.sure,
            }
            for form in self.pieces
        ]
        marks += [form.source | {"anchor": form.anchor, "is_unplaced": True} for form in self.unplaced]
        found = segments_of(self.target.imported.text, marks)
        return [one | {"text": shortened(one["text"], LONGEST)} for one in found]

    @property
    def mistakes(self):
        return [form for form in self.forms if form.errors]

    def told(self, address):
        """What was saved, with the way to where it stands now, on the page of this address."""
        if self.changed is None:
            return _("Nothing was changed.")
        places = [
            (address, n, f"{n}. {piece['label']}")
            for n, piece in enumerate(self.target.pieces, 1)
            if piece in self.changed
        ]
        links = format_html_join(", ", '<a href="{}#piece-{}">{}</a>', places[:MOST_TOLD])
        more = f" (+{len(places) - MOST_TOLD})" if len(places) > MOST_TOLD else ""
        return format_html("{} {}{}", _("Saved:"), links, more) if places else _("Saved.")

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
            if not all([form.is_valid() for form in self.forms]):  # noqa: C419 (every form is asked)
                return False
            kept, unplaced = self._decided()
            if self.mistakes:
                return False
            names = Names(imported.names)
            target, before, seen = self.target, self.target.pieces, self.sign
            target.pieces, target.unplaced = kept, unplaced
            if self.sign != seen:
                self.changed = [piece for piece in kept if piece not in before]
            target.said = saying.said(kept, mark_of(target.source, target.key), names, self.known)
            titles = [one["shown"] for one in kept if one["taken"] and one["field"] == "title"]
            target.label = next(iter(titles), target.label)[:300]
            target.save(update_fields=["pieces", "unplaced", "said", "label"])
            imported.names = names.known
            unknown.forget_unnamed(imported)
        planning.plan(imported, judge_for(request))
        return True

    def _decided(self):
        """What is placed from now on, and what is not. Mistakes stand in the forms."""
        kept, unplaced = self.target.pieces[MOST_PIECES:], self.target.unplaced[MOST_UNPLACED:]
        forms_of = {}
        for form in self.forms:
            piece = form.decided()
            if piece is not None:
                forms_of[id(piece)] = form
                kept.append(piece)
            elif form.source["words"]:
                unplaced.append({name: form.source[name] for name in ("start", "end", "words")})
        for piece in pieces.in_the_way(kept):
            if form := forms_of.get(id(piece)):
                words = _("%s stands here already, or there is no room for both: take one of them.")
                form.add_error("value", words % piece["label"])
        return sorted(kept, key=_place), sorted(unplaced, key=_place)


def _place(one):
    return one["start"], one["end"]
