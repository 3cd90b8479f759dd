"""An entry of a page into pieces: every part of it read as what its label says, or by its shape."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from projects.legacy import periods, prose
from projects.legacy.ground import ORGANISATION, PROGRAMME, THEME, Ground, Thing
from projects.legacy.money import sums
from projects.legacy.parties import parties
from projects.legacy.parts import PROSE, Part
from projects.legacy.places import places
from projects.legacy.proposals import Piece, piece_of
from projects.legacy.sections import Section, sections_of
from projects.legacy.splitting import Entry, Splitter
from projects.legacy.titles import misspelt, title_pieces
from projects.legacy.vocabulary import Phrases
from projects.legacy.words import Span, Token, Words, one_line

MOST_NAMED = 50  # organisations that one paragraph names


class Placer:
    def __init__(self, words: Words, phrases: Phrases, ground: Ground, splitter: Splitter) -> None:
        self.words, self.phrases, self.ground, self.splitter = words, phrases, ground, splitter
        self.pieces: list[Piece] = []
        self.names: list[str] = []

    def place(self, entry: Entry) -> list[Piece]:
        self.pieces, self.names = [], []
        sections = sections_of(entry, self.words, self.splitter)
        self._title(entry, next((one for one in sections if one.meaning == "title" and one.spans), None))
        for section in sections:
            if section.label is not None and section.spans:
                self._labelled(section)
        self._unlabelled([section for section in sections if section.label is None], entry)
        self._names_further_on(entry)
        return self.pieces

    def add(self, name: str, value: object, span: tuple[int, int], sure: float, why: str) -> None:
        self.pieces.append(piece_of(self.words.text, name, value, span, sure, why))

    def has(self, *names: str) -> bool:
        return any(piece.field in names for piece in self.pieces)

    def text(self, span: Span) -> str:
        return one_line(self.words.text[span.start : span.end])

    def _title(self, entry: Entry, labelled: Section | None) -> None:
        """By its label before by its place: a heading above a labelled title stays unplaced."""
        if labelled is not None:
            span, sure, why = labelled.spans[0], labelled.sure, ""
        elif entry.title is not None:
            span, sure, why = self._named_by_place(entry.title)
        else:
            return
        self.pieces += title_pieces(self.words, span, self.ground, self.phrases, sure, why)
        acronyms = (piece.value for piece in self.pieces if piece.field == "acronym" and piece.confidence > 0.6)
        self.names = [name for name in [next(acronyms, ""), *self._former()] if name]

    def _named_by_place(self, part: Part) -> tuple[Span, float, str]:
        if part.label is None:
            return part.span, 0.9 if part.kind == "heading" else 0.85, _("the line before the labels")
        said = self.text(part.label).rstrip(":")
        if part.is_field:
            return part.value, 0.8, _("it stands behind “%s”, but names no country") % said
        return part.span, 0.7, _("the line before the labels; “%s” is no label we know") % said

    def _former(self) -> list[str]:
        return [piece.value["name"] for piece in self.pieces if piece.field == "other_names"]

    # What a label says

    def _labelled(self, section: Section) -> None:
        readers: dict[str, Callable[[Section], None]] = {
            "title": lambda section: None,
            "acronym": self._acronym,
            "former": self._former_name,
            "objective": self._objective,
            "summary": self._summary,
            "results": self._results,
            "target_groups": self._plain,
            "start": self._period,
            "end": self._period,
            "period": self._period,
            "country": self._places,
            "region": self._places,
            "budget": self._budget,
            "call": self._calls,
            "link": self._links,
            "stage": self._stage,
            "themes": self._known_things,
            "programme": self._known_things,
            "identifiers": self._identifier,
        }
        if section.meaning in ("donor", "implementing", "partner", "beneficiary"):
            for span in section.spans:
                self.pieces += parties(self.words, span, section.meaning, self.ground, self.phrases, section.sure)
        elif reader := readers.get(section.meaning):
            reader(section)

    def _acronym(self, section: Section) -> None:
        said = self.text(section.spans[0]).strip("()\"“”„«»'").removesuffix(".")
        if 0 < len(said) <= 60:
            self.pieces = [
                piece for piece in self.pieces if piece.field != "acronym" or piece.confidence > section.sure
            ]
            if not self.has("acronym"):
                self.add("acronym", said, section.spans[0], section.sure, "")
                self.names.insert(0, said)

    def _former_name(self, section: Section) -> None:
        said = self.text(section.spans[0])
        if 0 < len(said) <= 300:
            self.add("other_names", {"name": said, "kind": "former"}, section.spans[0], section.sure, "")

    def _objective(self, section: Section) -> None:
        said = "\n".join(self.text(span) for span in section.spans)
        again = self.has("objective")
        name = "summary" if again else "objective"
        why = _("a second objective") if again else ""
        if again:
            said = prose.paragraphs(self.words, section.spans, section.kinds)
        self.add(name, said, section.whole, section.sure * (0.7 if again else 1), why)

    def _summary(self, section: Section) -> None:
        said = prose.paragraphs(self.words, section.spans, section.kinds)
        self.add("summary", said, section.whole, section.sure, "")
        for part in section.parts:
            self.pieces += prose.links_in_text(self.words, part.value, part.block)

    def _results(self, section: Section) -> None:
        kind = section.label.phrase.value if section.label and section.label.phrase else ""
        for number, span in enumerate(section.spans, 1):
            said = self.text(span)
            value = {
                "kind": kind or "result",
                "number": str(number),
                "title": said[:200],
                "text": said if len(said) > 200 else "",
            }
            self.add("results", value, span, section.sure * 0.8, "")

    def _plain(self, section: Section) -> None:
        self.add(
            section.meaning, "; ".join(self.text(span) for span in section.spans)[:300], section.whole, section.sure, ""
        )

    def _period(self, section: Section) -> None:
        span = section.whole
        found = periods.period(self.words, span, self.phrases)
        pairs: list[tuple[str, periods.Dated | None]] = [("start", found.start), ("end", found.end)]
        if section.meaning != "period":
            dates = periods.dates(self.words, span.start, span.end, self.phrases)
            if len(dates) < 2:
                pairs = [(section.meaning, dates[0] if dates else None)]
        for name, dated in pairs:
            if dated is not None and not self.has(name):
                self.add(name, str(dated.date), (dated.start, dated.end), section.sure * dated.confidence, dated.why)

    def _places(self, section: Section) -> None:
        for span in section.spans:
            found = places(self.words, span, self.ground, self.phrases, section.sure, section.meaning == "region")
            here = [(piece.field, str(piece.value)) for piece in self.pieces]
            self.pieces += [piece for piece in found if (piece.field, str(piece.value)) not in here]

    def _budget(self, section: Section) -> None:
        label = (section.label.label or section.label.head) if section.label else None
        hint = ""
        if label is not None:
            tokens = self.words.within(*label)
            hint = next((hit.phrase.value for hit in self.phrases.find(tokens, {"currency"})), "")
            hint = hint or ("EUR" if "€" in self.words.text[label.start : label.end] else "")
        found = sums(self.words, *section.whole, self.phrases, hint)
        if found and not self.has("budget"):
            self.pieces += prose.money_pieces(self.words, found[0], section.sure, "")

    def _calls(self, section: Section) -> None:
        said = section.label.phrase.value if section.label and section.label.phrase else ""
        spans = [section.parts[0].span] if said and len(section.parts) == 1 else section.spans
        for part, span in zip(section.parts, spans, strict=False):
            tokens = self.words.within(*span)
            hit = next(self.phrases.find(tokens, {"call"}), None)
            piece = prose.call_of(self.words, span, part.block, self.phrases, hit, section.sure)
            if hit is None and said:
                piece.value["kind"] = said
            self.pieces.append(piece)

    def _links(self, section: Section) -> None:
        label = self.text(section.label.label).rstrip(": ") if section.label and section.label.label else ""
        for part, span in zip(section.parts, section.spans, strict=False):
            self.pieces += prose.link_of(self.words, span, part.block, self.phrases, label, section.sure)

    def _stage(self, section: Section) -> None:
        tokens = self.words.within(*section.whole)
        if hit := next(self.phrases.find(tokens, {"stage"}), None):
            why = _("the dates tell it better, where there are dates")
            place = (tokens[hit.first].start, tokens[hit.after - 1].end)
            self.add("stage_stated", hit.phrase.value, place, section.sure * 0.6, why)
            self._stage_as_of(section, tokens[hit.after :])

    def _stage_as_of(self, section: Section, behind: Sequence[Token]) -> None:
        """When a stage was said: "ongoing (as of May 2018)"."""
        span = section.whole
        dated = next(iter(periods.dates(self.words, span.start, span.end, self.phrases)), None)
        if dated is None:
            return
        start = min(dated.start, behind[0].start) if behind else dated.start
        if dated.start - start > periods.FAR:
            start = dated.start
        self.add("stage_as_of", str(dated.date), (start, dated.end), section.sure * dated.confidence * 0.7, dated.why)

    def _known_things(self, section: Section) -> None:
        kind, name = (THEME, "themes") if section.meaning == "themes" else (PROGRAMME, "programme")
        for span in section.spans:
            tokens = self.words.within(*span)
            for found in self.ground.find(self.words, tokens, {kind}):
                place = (tokens[found.first].start, tokens[found.after - 1].end)
                self.add(name, found.thing.reference, place, section.sure, "")

    def _identifier(self, section: Section) -> None:
        said = self.text(section.spans[0])
        if 0 < len(said) <= 120 and any(sign.isdigit() for sign in said):
            scheme = section.label.phrase.value if section.label and section.label.phrase else "internal"
            self.add("identifiers", {"scheme": scheme, "value": said}, section.spans[0], section.sure, "")

    # What has no label

    def _unlabelled(self, sections: Sequence[Section], entry: Entry) -> None:
        loose: list[Section] = []
        for section in sections:
            part, span = section.parts[0], section.spans[0]
            tokens = self.words.within(*span)
            if span.end - span.start < 200 and (hit := next(self.phrases.find(tokens, {"call"}), None)):
                self.pieces.append(prose.call_of(self.words, span, part.block, self.phrases, hit, 0.8))
            elif span.end - span.start < 200 and self._is_link(part, span):
                self.pieces += prose.link_of(self.words, span, part.block, self.phrases, "", 0.8)
            else:
                loose.append(section)
        self._prose(loose)
        for section in [*loose, *self._prose_sections(entry)]:
            self._by_shape(section.spans[0] if section.label is None else section.whole)

    def _prose_sections(self, entry: Entry) -> list[Section]:
        return [Section(part.meaning, [part], part, [part.value]) for part in entry.parts
                if part.meaning in PROSE - {"results"} and part.value.start < part.value.end]  # fmt: skip

    def _is_link(self, part: Part, span: Span) -> bool:
        if next(self.phrases.find(self.words.within(*span), {"link"}), None):
            return True
        return prose.ADDRESS.fullmatch(self.words.text[span.start : span.end]) is not None

    def _prose(self, loose: list[Section]) -> None:
        """Paragraphs without a label are the summary, where no label says what is."""
        if self.has("summary"):
            return
        long = [one for one in loose if self._is_prose(one)]
        why = _("paragraphs without a label")
        for section in long:
            said = prose.paragraphs(self.words, section.spans, section.kinds)
            self.add("summary", said, section.spans[0], 0.6, why)
            self.pieces += prose.links_in_text(self.words, section.spans[0], section.parts[0].block)

    def _is_prose(self, section: Section) -> bool:
        start, end = section.spans[0]
        is_sentence = end - start > 25 and self.words.text[end - 1] in ".!?؟"
        return section.parts[0].kind != "heading" and (is_sentence or end - start > 60)

    def _by_shape(self, span: Span) -> None:
        if not self.has("start", "end"):
            self.pieces += prose.period_in(self.words, span, self.phrases)
        if not self.has("budget"):
            self.pieces += prose.budget_in(self.words, span, self.phrases)
        stated = {piece.value["role"] for piece in self.pieces if piece.field == "roles" and piece.confidence > 0.7}
        for piece in prose.roles_in(self.words, span, self.ground, self.phrases)[:MOST_NAMED]:
            there = [one.value for one in self.pieces if one.field == "roles"]
            if piece.value["role"] not in stated and piece.value not in there:
                self.pieces.append(piece)

    def _names_further_on(self, entry: Entry) -> None:
        """Names of the project in its own texts: run together with the next word, or misspelt."""
        if not self.names:
            return
        for n, piece in enumerate(self.pieces):
            if (
                piece.field in ("objective", "summary")
                and (said := prose.parted(piece.value, self.names)) != piece.value
            ):
                why = _("words that ran together were parted")
                self.pieces[n] = piece._replace(value=said, why=why, confidence=min(piece.confidence, 0.85))
        spans = [part.span for part in entry.parts]
        found = misspelt(self.words, spans, self.names)
        self.pieces += [piece for piece in found if not self._is_organisation(piece)]

    def _is_organisation(self, piece: Piece) -> bool:
        """Whether it names an organisation, and not the one that the project is itself called after."""
        found = self._organisation(piece.start, piece.end)
        own = [one for one in self.pieces if one.field in ("acronym", "other_names")]
        return found is not None and found not in [self._organisation(one.start, one.end) for one in own]

    def _organisation(self, start: int, end: int) -> Thing | None:
        tokens = self.words.within(start, end)
        found = self.ground.at(self.words, tokens, 0, {ORGANISATION}) if tokens else None
        return found.thing if found else None
