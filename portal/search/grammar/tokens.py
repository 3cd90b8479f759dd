"""From characters to tokens, in one pass forward: each character is looked at a bounded number of times.

Hand-written rather than by regular expressions, because a stranger's text must not choose how long it takes.
"""

import unicodedata
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any, NoReturn

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.search.grammar.errors import QueryError
from portal.search.grammar.fields import Field, named, nearly_named
from portal.search.grammar.nodes import OPERATORS
from portal.search.grammar.words import is_forbidden, is_ignorable, is_letter, runs, trimmed

MOST_TERMS = 32
LONGEST_WORD = 64
LONGEST_NAME = 24
WIDEST_SLOP = 50

QUOTES = frozenset('"“”„‟«»＂')
OPENING = frozenset("(（")
CLOSING = frozenset(")）")
COLONS = frozenset(":：")
MINUS = frozenset("-−")
SIGNS = MINUS | {"!", "+"}
# "migrant(s)", "child(ren)", « réfugié(e)s »: the bracket is an ending, not a group.
ENDINGS = frozenset({"s", "e", "es", "x", "n", "en", "ne", "ren", "ies"})


class Kind(Enum):
    WORD = auto()
    PREFIX = auto()
    PHRASE = auto()
    FIELD = auto()  # with its value right behind it
    BARE_FIELD = auto()  # a field's name and colon with nothing behind: an error, but in a sentence just a word
    AND = auto()
    OR = auto()
    NOT = auto()
    PLUS = auto()
    OPEN = auto()
    CLOSE = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """`text` without surrounding punctuation, `raw` with it; `start` and `end` are offsets in the text as typed."""

    kind: Kind
    text: str
    start: int
    end: int
    raw: str = ""
    words: tuple[str, ...] = ()
    slop: int = 0
    field: Field | None = None


def scan(text: str, fields: tuple[Field, ...]) -> list[Token]:
    """Raises QueryError for what can be told from one token alone: limits, quotation marks, stars, misspelt fields."""
    for at, char in enumerate(text):
        if is_forbidden(char):
            message = _("There is a character here that is not text (U+%(code)s). Take it out or type the words anew.")
            raise QueryError(message % {"code": f"{ord(char):04X}"}, at, at + 1)
    return _Scanner(text, fields).run()


class _Scanner:
    def __init__(self, text: str, fields: tuple[Field, ...]) -> None:
        kept = [at for at, char in enumerate(text) if not is_ignorable(char)]
        self.text = "".join(text[at] for at in kept)
        self.offsets = kept
        self.fields = fields
        self.tokens: list[Token] = []
        self.at = 0
        self.terms = 0

    def run(self) -> list[Token]:
        while self.at < len(self.text):
            char = self.text[self.at]
            if char.isspace():
                self.at += 1
            elif char in OPENING:
                self._add(Kind.OPEN, self.at + 1)
            elif char in CLOSING:
                self._add(Kind.CLOSE, self.at + 1)
            elif char in QUOTES:
                self._phrase()
            elif self._at_double(self.at):
                self._add(Kind.AND if char == "&" else Kind.OR, self.at + 2)
            elif char in SIGNS and self._is_sign():
                self._add(Kind.PLUS if char == "+" else Kind.NOT, self.at + 1)
            else:
                self._word()
        return self.tokens

    def _add(self, kind: Kind, end: int, **more: Any) -> None:
        """A token from here to `end`, and on behind it."""
        start, stop = self._span(self.at, end)
        token = Token(kind, self.text[self.at : end], start, stop)
        self.tokens.append(self._counted(replace(token, **more)))
        self.at = end

    def _counted(self, token: Token) -> Token:
        if token.kind in {Kind.WORD, Kind.PREFIX, Kind.PHRASE}:
            self.terms += len(token.words) or 1
        if self.terms > MOST_TERMS:
            message = ngettext(
                "A query has at most %(most)d word. Leave some out, from here on for instance.",
                "A query has at most %(most)d words. Leave some out, from here on for instance.",
                MOST_TERMS,
            )
            raise QueryError(message % {"most": MOST_TERMS}, token.start, token.end)
        return token

    def _span(self, start: int, end: int) -> tuple[int, int]:
        return self.offsets[start], self.offsets[end - 1] + 1

    def _refuse(self, message: str, start: int, end: int) -> NoReturn:
        raise QueryError(message, *self._span(start, end))

    def _at_double(self, at: int) -> bool:
        return self.text[at : at + 2] in {"&&", "||"}

    def _is_sign(self) -> bool:
        """Whether - + ! belong to what follows: only after a blank or a bracket, so that hyphens stay hyphens."""
        after = self.text[self.at + 1 : self.at + 2]
        if not after or not (after.isalnum() or after in QUOTES or after in OPENING):
            return False
        if self._behind_field() and self.text[self.at] != "+":
            message = _("Write the sign before the name of the field: %(example)s")
            field, sign = self.tokens[-1].text, self.text[self.at]
            self._refuse(message % {"example": f"{sign}{field}:…"}, self.at, self.at + 1)
        before = self.text[self.at - 1] if self.at else " "
        return before.isspace() or before in OPENING

    def _behind_field(self) -> bool:
        """Whether the colon of a field stands right before this place."""
        return bool(self.tokens) and self.tokens[-1].kind is Kind.FIELD

    def _phrase(self) -> None:
        opening = self.at
        closing = next((at for at in range(opening + 1, len(self.text)) if self.text[at] in QUOTES), None)
        if closing is None:
            message = _(
                "This quotation mark has no partner. Close the phrase, as in “voluntary return”, or leave it out."
            )
            self._refuse(message, opening, opening + 1)
        end = closing + 1
        raw = unicodedata.normalize("NFC", " ".join(self.text[opening + 1 : closing].split()))
        words = tuple(filter(None, map(trimmed, raw.split())))
        if "*" in raw:
            message = _(
                "A phrase is searched as it stands, so it takes no star. Write the words in full, or without quotes."
            )
            self._refuse(message, opening, end)
        if not words:
            self._refuse(
                _("There is no word between these quotation marks. Write one or leave them out."), opening, end
            )
        for word in words:
            self._check_length(word, opening, end)
        end, slop = self._slop(end)
        self._add(Kind.PHRASE, end, text=raw, raw=raw, words=words, slop=slop)

    def _slop(self, at: int) -> tuple[int, int]:
        """Where the phrase ends with its ~3, and the 3."""
        if self.text[at : at + 1] != "~":
            return at, 0
        end = at + 1
        while end < len(self.text) and is_letter(self.text[end]):
            end += 1
        digits = self.text[at + 1 : end]
        if not digits.isdecimal() or int(digits) > WIDEST_SLOP:
            message = _(
                "After a phrase, ~ says how far apart its words may be: a number from 0 to %(most)d, as in %(example)s"
            )
            self._refuse(message % {"most": WIDEST_SLOP, "example": "“border management”~3"}, at, end)
        return end, int(digits)

    def _word(self) -> None:
        """A word, a beginning, an operator in letters or the name of a field; from here to the next blank or sign."""
        start = self.at
        first = None
        in_name = True
        end = start
        while end < len(self.text) and not self._ends_word(end):
            char = self.text[end]
            if first is None and char.isalnum():
                first = end
            elif first is not None and in_name and char in COLONS:
                in_name = False
                if self._field(first, end):
                    return
            end += 1
        raw = self.text[start:end]
        if first is None:
            self._punctuation(raw, end)
            return
        last = start + runs(raw)[-1][1]
        text = unicodedata.normalize("NFC", self.text[first:last])
        self._refuse_approximate(first, last, end)
        self._check_length(text, first, last)
        kind = Kind.WORD
        if "*" in raw:
            self._check_star(raw, first, last, end)
            kind = Kind.PREFIX
        elif text in OPERATORS:
            kind = Kind[text]
        self.at = first
        self._add(kind, last, text=text, raw=raw)
        self.at = self._behind_ending(end) if kind is Kind.WORD else end

    def _ends_word(self, at: int) -> bool:
        char = self.text[at]
        return char.isspace() or char in QUOTES or char in OPENING or char in CLOSING or self._at_double(at)

    def _behind_ending(self, end: int) -> int:
        """Behind the bracket of "migrant(s)", or `end` where there is none."""
        if self.text[end : end + 1] != "(" or not self.text[end - 1].isalnum():
            return end
        ending, bracket, _rest = self.text[end + 1 : end + 5].partition(")")
        return end + len(ending) + 2 if bracket and ending.casefold() in ENDINGS else end

    def _field(self, first: int, colon: int) -> bool:
        """Add the field whose name ends at this colon; any other is punctuation: "19:30", "http://", "note: this"."""
        name = unicodedata.normalize("NFC", self.text[first:colon])
        if len(name) > LONGEST_NAME:
            return False
        after = self.text[colon + 1 : colon + 2]
        if field := named(name, self.fields):
            bare = not after or after.isspace() or after in CLOSING
            self.at = first
            self._add(Kind.BARE_FIELD if bare else Kind.FIELD, colon + 1, text=name, raw=name, field=field)
            return True
        has_value = after.isalnum() or after in QUOTES or after in OPENING
        if after and has_value and (meant := nearly_named(name, self.fields)):
            message = _(
                "There is no field “%(name)s”. Write %(meant)s: for the field, or a blank after the colon for the word."
            )
            self._refuse(message % {"name": name, "meant": meant}, first, colon)
        return False

    def _punctuation(self, raw: str, end: int) -> None:
        if "*" in raw:
            at = self.at + raw.index("*")
            self._refuse(
                _("A star stands for the rest of a word: write its first letters before it, as in migr*"), at, at + 1
            )
        if self._behind_field():  # "title:… " has nothing to look for either
            self.tokens[-1] = replace(self.tokens[-1], kind=Kind.BARE_FIELD)
        self.at = end

    def _check_length(self, word: str, start: int, end: int) -> None:
        if len(word) > LONGEST_WORD:
            message = ngettext(
                "This word is longer than %(most)d character. Shorten it, or write its beginning and a star.",
                "This word is longer than %(most)d characters. Shorten it, or write its beginning and a star.",
                LONGEST_WORD,
            )
            self._refuse(message % {"most": LONGEST_WORD}, start, end)

    def _check_star(self, raw: str, first: int, last: int, end: int) -> None:
        if raw.count("*") > 1 or self.text[last : last + 1] != "*":
            message = _("A star can stand only at the end of a word, for its rest, as in migr*")
            self._refuse(message, min(first, self.at + raw.index("*")), max(last, self.at + raw.rindex("*") + 1))

    def _refuse_approximate(self, first: int, last: int, end: int) -> None:
        """word~ and word~2 ask other engines for words spelt alike."""
        tilde = self.text.rfind("~", first, end)
        number = self.text[tilde + 1 : last]
        if tilde > first and is_letter(self.text[tilde - 1], inside=True) and (not number or number.isdecimal()):
            message = _("Words spelt alike cannot be asked for with ~. Write the beginning and a star, as in migr*")
            self._refuse(message, first, max(last, tilde + 1))
