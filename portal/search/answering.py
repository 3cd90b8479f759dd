"""A query as it was meant: where what was typed gives nothing, its nearest spelling, and then any of its words.

Quotes, fields and operators are taken at their word; only plain words are ever loosened.
"""

from collections.abc import Collection

from portal.editorial import Reader
from portal.search import nearby
from portal.search.finding import Search
from portal.search.grammar import And, Query, Word


def answer(
    text: str, reader: Reader, without: Collection[str] = (), relaxed: bool = False, verbatim: bool = False
) -> Search:
    """The search that is shown; it says what it was made of in `instead_of` and `is_loosened`.

    `verbatim` searches what was typed and nothing else. Raises QueryError and IndexUnavailable.
    """
    search = Search(text, reader, without, relaxed)
    if relaxed or verbatim or not search.is_empty:
        return search
    if meant := nearby.did_you_mean(search):
        return Search(meant, reader, without, instead_of=text)
    if are_plain_words(search.reading.query):
        loose = Search(text, reader, without, relaxed=True, is_loosened=True)
        if not loose.is_empty:
            return loose
    return search


def are_plain_words(query: Query) -> bool:
    root = query.root
    return isinstance(root, And) and all(isinstance(child, Word) and child.field is None for child in root.children)
