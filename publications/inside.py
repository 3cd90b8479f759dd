"""Looking inside one file: which of its pages answer a query, and where on a page its words or a quote stand.

The index knows the pages of what is published. Where it does not, because it is being made or the record is a draft,
the pages are read from the database one by one, with the same result.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Abs
from django.http import QueryDict
from django.utils.http import urlencode

from portal.editorial import Reader
from portal.search import passages
from portal.search import reading as readings
from portal.search.finding import Search
from portal.search.grammar import QueryError, lenient, parse
from portal.search.store import IndexUnavailable
from publications import quotes
from publications.models import FilePage, Publication, PublicationFile

MOST_PAGES = 400  # looked through where the index does not know them
MOST_HITS = 1000
MOST_CONCEPTS, LONGEST_CONCEPT = 20, 100
QUOTE_START, QUOTE_END = "\ue002", "\ue003"


def read_file(publication: Publication, language: str) -> PublicationFile | None:
    """The file whose text stands for a publication in a language: the first that has any, as for the index."""
    files = publication.files.filter(language=language).order_by("position", "format")
    file = files.filter(Exists(FilePage.objects.filter(file=OuterRef("pk")))).first()
    if file is not None:
        file.publication = publication
    return file


def read_files(publication: Publication) -> list[Any]:
    """All files with what became of their text: `read_pages`, of which `empty_pages` hold nothing that can be read;
    `is_searched` for the one that stands for its language."""
    counted = publication.files.order_by("position", "format").annotate(
        read_pages=Count("text_pages"), empty_pages=Count("text_pages", filter=Q(text_pages__text=""))
    )
    files: list[Any] = list(counted)
    seen = set()
    for file in files:
        file.publication = publication
        file.is_searched = bool(file.read_pages) and file.language not in seen
        if file.is_searched:
            seen.add(file.language)
    return files


@dataclass
class Look:
    """A query put to one file. `text` is empty where nothing was asked."""

    file: PublicationFile
    reader: Reader
    text: str = ""
    without: Sequence[str] = ()
    error: QueryError | None = field(init=False, default=None)
    reading: readings.Reading | None = field(init=False, default=None)
    is_cut: bool = field(init=False, default=False)
    _search: Search | None = field(init=False, default=None)

    @classmethod
    def of(cls, file: PublicationFile, reader: Reader, query: QueryDict) -> "Look":
        without = [one for one in query.getlist("without") if 0 < len(one) <= LONGEST_CONCEPT]
        return cls(file, reader, query.get("q", "").strip(), without[:MOST_CONCEPTS])

    def __post_init__(self) -> None:
        if not self.text:
            return
        try:
            try:
                self._search = Search(self.text, self.reader, self.without)
                self.reading = self._search.reading
            except IndexUnavailable:
                self.reading = readings.read(parse(self.text), self.without)
        except QueryError as error:
            self.error = error

    @property
    def query(self) -> str:
        """For the address of another page, on which the same words are marked."""
        return urlencode([("q", self.text), *(("without", one) for one in self.without)]) if self.text else ""

    @property
    def as_words(self) -> str:
        """The same words without operators, for a query that cannot be read."""
        query = lenient(self.text)
        return str(query) if query else ""

    @cached_property
    def expansions(self) -> list[tuple[readings.Expansion, str]]:
        """What the thesaurus added, each with the query that goes without it."""
        found = self.reading.expansions if self.reading else ()
        return [
            (one, urlencode([("q", self.text), *(("without", name) for name in (*self.without, one.concept))]))
            for one in found
        ]

    @cached_property
    def numbers(self) -> list[int]:
        """The pages with any of the terms, in order."""
        if self.reading is None:
            return []
        if self._search is not None and self._is_indexed:
            try:
                return self._search.pages_in(str(self.file.pk), MOST_HITS)
            except IndexUnavailable:
                pass
        return list(self._read())

    def shown(self, numbers: Sequence[int]) -> list[tuple[FilePage, str]]:
        """These pages, each with the passage that answers best."""
        pages = self.file.text_pages.filter(number__in=numbers).order_by("number")
        return [(page, self._passage(page.text).text) for page in pages]

    def mark(self, text: str) -> passages.Marked:
        """A page's cleaned text with the terms marked."""
        if self.reading is None:
            return passages.Marked(text, 0, 0)
        return passages.mark(text, self._wanted, self.file.language)

    def passage(self, text: str) -> str:
        """The part of a page that shows the terms best, with its marks; empty where it shows none."""
        shown = self._passage(text)
        return shown.text if shown.marks else ""

    def _passage(self, text: str) -> passages.Marked:
        return passages.passage(text, self._wanted, self.file.language)

    @cached_property
    def _wanted(self) -> passages.Wanted:
        if self.reading is None:
            return passages.Wanted((), ())
        return self._search.wanted if self._search else passages.wanted(self.reading)

    @property
    def _is_indexed(self) -> bool:
        return Publication.objects.published().filter(pk=self.file.publication_id).exists()

    def _read(self) -> Iterator[int]:
        pages = self.file.text_pages.order_by("number").values_list("number", "text")[: MOST_PAGES + 1]
        for count, (number, text) in enumerate(pages.iterator(chunk_size=50)):
            if count == MOST_PAGES:
                self.is_cut = True
            elif passages.find_spans(clean(text), self._wanted, self.file.language):
                yield number


@dataclass(frozen=True)
class Around:
    """Where a page stands among those with hits: `place` counts from 1 and is 0 for a page without any."""

    place: int
    total: int
    previous: int | None
    next: int | None
    nearest: int | None


def around(number: int, numbers: Sequence[int], has_marks: bool) -> Around:
    """What stands on the page itself counts more than what the index, which may lag behind, says of it."""
    before = [n for n in numbers if n < number]
    after = [n for n in numbers if n > number]
    place = len(before) + 1 if has_marks else 0
    nearest = min([*before, *after], key=lambda n: abs(n - number), default=None) if not place else None
    total = len(before) + len(after) + has_marks
    return Around(place, total, before[-1] if before else None, after[0] if after else None, nearest)


def find_quote(quote: str, file: PublicationFile, page: FilePage | None) -> quotes.Place | None:
    """On the page where it stood, or else anywhere in the file."""
    own = quotes.find(quote, [(page.number, clean(page.text))]) if page is not None else None
    if own is not None and own.is_exact:
        return own
    # A passage moves by some pages, not by hundreds; and nobody waits for a whole library.
    near = Abs(F("number") - (page.number if page is not None else 1))
    pages = file.text_pages.order_by(near, "number").values_list("number", "text")[:MOST_PAGES]
    elsewhere = quotes.find(quote, ((number, clean(text)) for number, text in pages.iterator(chunk_size=50)))
    return elsewhere if own is None or (elsewhere is not None and elsewhere.is_exact) else own


def with_quote(text: str, place: quotes.Place | None) -> str:
    """A cleaned text with a quote between marks of its own."""
    if place is None:
        return text
    return f"{text[: place.start]}{QUOTE_START}{text[place.start : place.end]}{QUOTE_END}{text[place.end :]}"


def clean(text: str) -> str:
    return passages.clean(text).replace(QUOTE_START, "").replace(QUOTE_END, "")
