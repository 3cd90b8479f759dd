"""A query in words for people: how it was read, so that a surprising result explains itself."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal.search.grammar.fields import FIELDS, Field
from portal.search.grammar.nodes import And, Node, Not, Or, Phrase, Prefix, Query, Value, Word, Years


def describe(query: Query, fields: tuple[Field, ...] = FIELDS) -> str:
    """For instance: all of: “voluntary return” (phrase), migr… (beginning), not visa; years 2019 to 2021."""
    labels = {field.name: str(field.label) for field in fields}
    root = query.root
    if not isinstance(root, And):
        return _in_words(root, labels, outermost=True)
    if query.is_sentence:
        words = _listed(_in_words(child, labels) for child in root.children)
        return _("a sentence, the more of its words the better: %(words)s") % {"words": words}
    years = [child for child in root.children if isinstance(child, Years)]
    others = [child for child in root.children if not isinstance(child, Years)]
    if not others:
        return _all_of(root.children, labels)
    found = _in_words(others[0], labels, outermost=True) if len(others) == 1 else _all_of(others, labels)
    return pgettext("between the words and the years of a query", "; ").join(
        [found, *(_in_words(child, labels) for child in years)]
    )


def _listed(items: Iterable[str]) -> str:
    return pgettext("between the items of a list", ", ").join(items)


def _all_of(nodes: Iterable[Node], labels: dict[str, str]) -> str:
    return _("all of: %(items)s") % {"items": _listed(_in_words(node, labels) for node in nodes)}


def _in_words(node: Node, labels: dict[str, str], outermost: bool = False) -> str:
    match node:
        case And(children):
            return _within(_all_of(children, labels), outermost)
        case Or(children):
            items = _listed(_in_words(child, labels) for child in children)
            return _within(_("any of: %(items)s") % {"items": items}, outermost)
        case Not(child):
            return _("not %(what)s") % {"what": _in_words(child, labels)}
        case Years(first, last):
            return _years(first, last)
        case Value(field, value):
            return _labelled(field, value, labels)
        case Prefix(text, field):
            return _labelled(field, _("%(letters)s… (beginning)") % {"letters": text}, labels)
        case Phrase(words, slop, field):
            return _labelled(field, _phrase(" ".join(words), slop), labels)
        case Word(text, field):
            return _labelled(field, text, labels)


def _within(text: str, outermost: bool) -> str:
    return text if outermost else f"({text})"


def _labelled(field: str | None, what: str, labels: dict[str, str]) -> str:
    if field is None:
        return what
    return _("%(field)s: %(what)s") % {"field": labels.get(field, field), "what": what}


def _phrase(words: str, slop: int) -> str:
    if not slop:
        return _("“%(words)s” (phrase)") % {"words": words}
    text = ngettext(
        "“%(words)s” (at most %(places)d place apart)", "“%(words)s” (at most %(places)d places apart)", slop
    )
    return text % {"words": words, "places": slop}


def _years(first: int | None, last: int | None) -> str:
    if first == last:
        return _("year %(year)s") % {"year": first}
    if first is None:
        return _("year %(year)s or earlier") % {"year": last}
    if last is None:
        return _("year %(year)s or later") % {"year": first}
    return _("years %(first)s to %(last)s") % {"first": first, "last": last}
