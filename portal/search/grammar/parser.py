"""From tokens to the tree, by recursive descent; and what has no answer in any index is refused with the reason."""

from typing import NoReturn

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.dates import EARLIEST, LATEST
from portal.search.grammar.errors import QueryError
from portal.search.grammar.fields import FIELDS, Field
from portal.search.grammar.nodes import (
    OPERATORS,
    SENTENCE,
    And,
    Leaf,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Value,
    Word,
    Years,
)
from portal.search.grammar.tokens import (
    CLOSING,
    COLONS,
    LONGEST_WORD,
    MOST_TERMS,
    OPENING,
    QUOTES,
    Kind,
    Token,
    scan,
)
from portal.search.grammar.words import is_forbidden, is_ignorable, trimmed

LONGEST_TEXT = 512
DEEPEST = 10
SHORTEST_PREFIX = 2
# What stands between the years of a range: typed, corrected by a word processor, or copied.
RANGES = ("..", "…", "–", "—", "-", "‑")
PLAIN = {Kind.WORD, Kind.BARE_FIELD, Kind.OPEN, Kind.CLOSE}


def parse(text: str, fields: tuple[Field, ...] = FIELDS) -> Query:
    """Raises QueryError, with a message for people and the place in `text`, and nothing else."""
    if len(text) > LONGEST_TEXT:
        message = _("A query has at most %(most)d characters, this one %(length)d. Shorten it to what matters.")
        raise QueryError(message % {"most": LONGEST_TEXT, "length": len(text)}, LONGEST_TEXT, len(text))
    tokens = scan(text, fields)
    words = sum(token.kind in {Kind.WORD, Kind.BARE_FIELD} for token in tokens)
    is_sentence = words >= SENTENCE and all(token.kind in PLAIN for token in tokens)
    if not tokens:
        message = _("There is no word to look for. Write one, or a phrase in quotes, or a field such as year:2019")
        raise QueryError(message, 0, len(text))
    return Query(_Parser(tokens, is_sentence).whole(), is_sentence)


def lenient(text: str) -> Query | None:
    """The words of `text` as they stand, without operators, quotes, fields and stars; None where there is no word.

    Never raises. What is past the limits is left out.
    """
    if len(text) > LONGEST_TEXT:
        whole_words = text[:LONGEST_TEXT].rsplit(maxsplit=1)
        text = whole_words[0] if whole_words else ""
    seen = "".join(" " if is_forbidden(char) else char for char in text if not is_ignorable(char))
    bare = "".join(" " if char in QUOTES | OPENING | CLOSING | COLONS | {"*", "~"} else char for char in seen)
    found = (trimmed(trimmed(chunk)[:LONGEST_WORD]) for chunk in bare.replace("&&", " ").replace("||", " ").split())
    words: list[Node] = [Word(word) for word in found if word and word not in OPERATORS]
    del words[MOST_TERMS:]
    return Query(_join(And, words), len(words) >= SENTENCE) if words else None


class _Parser:
    def __init__(self, tokens: list[Token], is_sentence: bool) -> None:
        self.tokens = tokens
        self.is_sentence = is_sentence
        self.at = 0
        self.depth = 0

    def whole(self) -> Node:
        node = None if self._next_is(Kind.CLOSE) else self._either(None, None)
        if node is None or self._next():
            token = self.tokens[self.at]
            message = _("This bracket closes nothing. Leave it out, or open one before it.")
            raise QueryError(message, token.start, token.end)
        _refuse_boundless(node, must_find=True)
        return node

    def _next(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def _next_is(self, *kinds: Kind) -> bool:
        token = self._next()
        return token is not None and token.kind in kinds

    def _take(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def _either(self, field: Field | None, before: Token | None) -> Node:
        children = [self._all(field, before)]
        while self._next_is(Kind.OR):
            operator = self._take()
            children.append(self._all(field, operator))
        return _join(Or, children)

    def _all(self, field: Field | None, before: Token | None) -> Node:
        """`before` is the operator that needs what follows."""
        children: list[Node] = []
        while (token := self._next()) and token.kind not in {Kind.OR, Kind.CLOSE}:
            if token.kind is Kind.AND:
                if not children or before is not None:
                    _refuse_operator(token)
                before = self._take()
            else:
                children.append(self._one(field))
                before = None
        if before is not None or not children:
            _refuse_operator(before or token or self.tokens[-1])
        return _join(And, children)

    def _one(self, field: Field | None) -> Node:
        negative = False
        sign = None
        start = self.tokens[self.at].start
        while self._next_is(Kind.NOT, Kind.PLUS):
            sign = self._take()
            negative ^= sign.kind is Kind.NOT
        token = self._next()
        if sign and (token is None or token.kind in {Kind.AND, Kind.OR, Kind.CLOSE}):
            message = _("“%(sign)s” needs something after it, as in %(example)s")
            example = f"NOT {EXAMPLE}" if sign.text.isalpha() else f"{sign.text}{EXAMPLE}"
            raise QueryError(message % {"sign": sign.text, "example": example}, sign.start, sign.end)
        node = self._operand(field)
        if not negative:
            return node
        return node.child if isinstance(node, Not) else Not(node, start=start, end=node.end)

    def _operand(self, field: Field | None) -> Node:
        token = self._take()
        match token.kind:
            case Kind.OPEN:
                return self._group(token, field)
            case Kind.BARE_FIELD if self.is_sentence:
                return Word(token.text, start=token.start, end=token.end - 1)  # without its colon
            case Kind.FIELD | Kind.BARE_FIELD:
                return self._fielded(token, field)
        return _leaf(token, field)

    def _group(self, opening: Token, field: Field | None) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            message = _("Brackets can stand %(most)d deep and no deeper. Take some out.")
            raise QueryError(message % {"most": DEEPEST}, opening.start, opening.end)
        if self._next_is(Kind.CLOSE):
            message = _("There is nothing between these brackets. Write something or leave them out.")
            raise QueryError(message, opening.start, self.tokens[self.at].end)
        node = self._either(field, None) if self._next() else None
        if node is None or not self._next_is(Kind.CLOSE):
            message = _("This bracket is never closed. Close it or leave it out.")
            raise QueryError(message, opening.start, opening.end)
        self._take()
        self.depth -= 1
        return node

    def _fielded(self, token: Token, outer: Field | None) -> Node:
        if outer is not None:
            message = _("A field cannot stand within another field. Part them: %(example)s")
            raise QueryError(message % {"example": f"{outer.name}:… {token.text}:…"}, token.start, token.end)
        if token.kind is Kind.BARE_FIELD or not self._next_is(*OPERANDS):
            message = _(
                "Nothing stands after “%(field)s:”. Write what to look for right after the colon, as in %(example)s"
            )
            example = EXAMPLES[token.field.how] if token.field else ""
            raise QueryError(message % {"field": token.text, "example": token.text + example}, token.start, token.end)
        return self._operand(token.field)


EXAMPLE = "visa"
OPERANDS = (Kind.WORD, Kind.PREFIX, Kind.PHRASE, Kind.OPEN, Kind.FIELD, Kind.BARE_FIELD)
EXAMPLES = {"text": ":migration", "value": ':"…"', "years": ":2019"}


def _leaf(token: Token, field: Field | None) -> Leaf:
    place = {"start": token.start, "end": token.end}
    if field is not None and field.how == "years":
        return _years(token, field)
    if field is not None and field.how == "value":
        if token.kind is Kind.PREFIX or token.slop:
            message = _(
                "“%(field)s:” takes a whole name or a code, without * and ~. Write it out, in quotes if it has blanks."
            )
            raise QueryError(message % {"field": field.name}, token.start, token.end)
        return Value(field.name, token.text, **place)
    name = field.name if field else None
    if token.kind is Kind.PHRASE:
        # The words of a phrase of one cannot be apart.
        return Phrase(token.words, token.slop if len(token.words) > 1 else 0, name, **place)
    if token.kind is Kind.WORD:
        return Word(token.text, name, **place)
    prefix = Prefix(token.text, name, **place)
    if sum(map(str.isalnum, prefix.parts[-1])) < SHORTEST_PREFIX:
        message = ngettext(
            "Write at least %(least)d letter before the star, as in migr*",
            "Write at least %(least)d letters before the star, as in migr*",
            SHORTEST_PREFIX,
        )
        raise QueryError(message % {"least": SHORTEST_PREFIX}, token.start, token.end)
    return prefix


def _years(token: Token, field: Field) -> Years:
    raw = "".join(token.raw.split()).rstrip(",;?!")
    between = next((sign for sign in RANGES if sign in raw), None)
    ends = raw.split(between, maxsplit=1) if between else [raw.strip("."), raw.strip(".")]
    first, last = (_year(end.strip(".,;'’"), token, field) for end in ends)
    if first is None and last is None:
        _refuse_years(token, field)
    if first is not None and last is not None and first > last:
        message = _("These years run backwards. Write the earlier one first: %(example)s")
        raise QueryError(message % {"example": f"{field.name}:{last}..{first}"}, token.start, token.end)
    return Years(first, last, field.name, start=token.start, end=token.end)


def _year(text: str, token: Token, field: Field) -> int | None:
    """None for an open end."""
    if not text:
        return None
    if not text.isdecimal() or len(text) != 4 or not EARLIEST <= int(text) <= LATEST:
        _refuse_years(token, field)
    return int(text)


def _refuse_years(token: Token, field: Field) -> NoReturn:
    message = _("“%(text)s” is no year or range of years between %(first)d and %(last)d. Write %(examples)s")
    examples = ", ".join(f"{field.name}:{years}" for years in ("2019", "2019..2021", "2019..", "..2021"))
    values = {"text": token.raw, "first": EARLIEST, "last": LATEST, "examples": examples}
    raise QueryError(message % values, token.start, token.end)


def _refuse_operator(token: Token) -> NoReturn:
    message = _("“%(operator)s” joins two things to look for, and one is missing. Write both, as in %(example)s")
    values = {"operator": token.text, "example": f"migration {token.text} asylum"}
    raise QueryError(message % values, token.start, token.end)


def _join(kind: type[And] | type[Or], children: list[Node]) -> Node:
    """One node for all, with no node of its own kind right below."""
    if len(children) == 1:
        return children[0]
    flat: list[Node] = []
    for child in children:
        flat.extend(child.children if isinstance(child, kind) else [child])  # type: ignore[union-attr]
    return kind(tuple(flat), start=children[0].start, end=children[-1].end)


def _refuse_boundless(node: Node, must_find: bool) -> None:
    """What only takes away would find nearly everything there is."""
    match node:
        case Not(child):
            _refuse_boundless(child, must_find=True)
        case Or(children):
            for child in children:
                if not _finds_something(child):
                    message = _(
                        "As an alternative this finds nearly everything. Add what to find, as in (migration -visa)"
                    )
                    raise QueryError(message, child.start, child.end)
                _refuse_boundless(child, must_find=True)
        case And(children):
            for child in children:
                _refuse_boundless(child, must_find=False)
    if must_find and not _finds_something(node):
        message = _("NOT only takes away, so there is nothing to look for. Add what to find, as in migration -visa")
        raise QueryError(message, node.start, node.end)


def _finds_something(node: Node) -> bool:
    """Alternatives do: each of them was looked at by itself."""
    if isinstance(node, And):
        return any(map(_finds_something, node.children))
    return not isinstance(node, Not)
