"""What search is told of a record: each kind says it in its kinds.py, and the index is made from nothing else."""

import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils import translation

from portal import languages


@dataclass(frozen=True)
class PageEntry:
    """One page of a document: the unit a hit leads to. `url` is where it is read, without a language prefix."""

    document: str
    number: int
    label: str
    language: str
    text: str
    url: str


@dataclass(frozen=True)
class Entry:
    """`titles` and `leads` (abstract, objective) by language; `texts` more of them as (language, text).

    `names` are acronyms, former names and identifiers; `people` authors and editors; `tags` names of countries,
    themes and organisations the record is filed under. `facets` maps the name of a filter to its values. `first`
    and `last` bound what the filters for years compare; None is open.
    """

    titles: Mapping[str, str]
    leads: Mapping[str, str] = field(default_factory=dict)
    texts: Sequence[tuple[str, str]] = ()
    names: Sequence[str] = ()
    people: Sequence[str] = ()
    tags: Sequence[tuple[str, str]] = ()
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    first: datetime.date | None = None
    last: datetime.date | None = None
    pages: Sequence[PageEntry] = ()

    def digest(self) -> str:
        """Changes when anything that search knows changes."""
        told = {**vars(self), "pages": [{**vars(page), "text": len(page.text)} for page in self.pages]}
        found = hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode())
        for page in self.pages:
            found.update(page.text.encode(errors="surrogatepass"))
        return found.hexdigest()[:32]


def by_language(record: Model, column: str) -> dict[str, str]:
    """A translated column in each language that has text, without markup."""
    values = {code: getattr(record, f"{column}_{code}", None) for code in languages.CODES}
    return {code: plain(value) for code, value in values.items() if value}


def plain(text: str) -> str:
    """Prose without its markup; text without markup stays as it is."""
    from portal.prose import to_text

    return to_text(text) if "<" in text else text


def named(things: Iterable[Any], column: str = "name") -> list[tuple[str, str]]:
    """The names of related rows in every language, as tags."""
    return [(code, text) for thing in things for code, text in by_language(thing, column).items()]


def simple(record: Any) -> Entry:
    """For a kind that says nothing of its own: its title."""
    titles = by_language(record, "title")
    if not titles:
        titles = {translation.get_language() or languages.CODES[0]: str(record.title)}
    return Entry(titles=titles)
