"""What was found, or what is in a basket, as CSV and JSON: the same records in the order shown, line by line."""

import csv
import datetime
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from portal.editorial import Reader
from portal.models import Basket
from portal.search.finding import DEEPEST, Hit, Search
from portal.search.grammar import QueryError
from portal.search.passages import END, START
from portal.search.store import IndexUnavailable
from portal.staff.access import reading
from portal.staff.asking import Asked
from portal.staff.keeping import Kept, contents
from portal.staff.results import Result, read
from portal.templatetags.portal import field_language
from portal.territory import Notes

BATCH = 100
BOM = "\ufeff"
COLUMNS = ("kind", "title", "authors", "year", "address", "page", "passage", "language", "note")
# Programs take a cell that begins with one of these for a formula, also behind signs nobody sees.
FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
UNSEEN = " \u00a0\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"


@dataclass(frozen=True)
class Line:
    """One line of an export: a record, or one passage of it."""

    kind: str
    title: str
    authors: str
    year: str
    address: str
    page: str = ""
    passage: str = ""
    language: str = ""
    note: str = ""


@reading
def search(request: HttpRequest, format: str) -> HttpResponseBase:
    """All hits, in the order of the page, each with the passages that stand there."""
    asked = Asked.of(request.GET, request.user)
    try:
        if asked.errors or not asked.text:
            raise QueryError("", 0, 0)
        put = asked.search(request.user)
        hits = put.find(selected=asked.selected, sort=asked.sort, limit=DEEPEST).hits
    except (QueryError, IndexUnavailable):
        # The page of results says what is wrong.
        return redirect(f"{reverse('staff:search')}?{asked.cleaned_query.urlencode()}")
    return _answer(_of_hits(hits, put, request.user), format, "search")


@reading
def basket(request: HttpRequest, pk: str, format: str) -> HttpResponseBase:
    mine = get_object_or_404(Basket, pk=int(pk), owner_id=request.user.pk)
    return _answer(_of_basket(contents(mine, request.user)), format, mine.name)


@reading
def shared(request: HttpRequest, token: str, format: str) -> HttpResponseBase:
    lent = get_object_or_404(Basket, token=token)
    return _answer(_of_basket(contents(lent, request.user)), format, lent.name)


def safe_cell(text: str) -> str:
    """A text as a cell that no program takes for a formula."""
    bare = text.lstrip(UNSEEN)
    return f"'{text}" if bare and bare[0] in FORMULA else text


def as_csv(lines: Iterable[Line]) -> Iterator[str]:
    return csv_of(COLUMNS, (tuple(asdict(line).values()) for line in lines))


def csv_of(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    yield BOM + writer.writerow(columns)
    for row in rows:
        yield writer.writerow([safe_cell(value) for value in row])


def as_json(lines: Iterable[Line]) -> Iterator[str]:
    yield "[\n"
    for number, line in enumerate(lines):
        yield (",\n" if number else "") + json.dumps(asdict(line), ensure_ascii=False)
    yield "\n]\n"


class _Echo:
    """A file that hands back what is written."""

    def write(self, text: str) -> str:
        return text


def _of_hits(hits: Sequence[Hit], put: Search, reader: Reader) -> Iterator[Line]:
    notes = Notes()
    rest = iter(hits)
    while batch := list(islice(rest, BATCH)):
        for result in read(batch, reader, put):
            yield from _of_result(result, notes)


def _of_result(result: Result, notes: Notes) -> Iterator[Line]:
    whole = _line(result.kind, result.record, notes)
    if not result.passages:
        yield whole
    for one in result.passages:
        bare = one.text.replace(START, "").replace(END, "")
        fields = {"page": one.page.label or str(one.number), "passage": bare, "language": one.page.language}
        yield Line(**{**asdict(whole), **fields, "address": settings.SITE_URL + one.page.url})


def _of_basket(kept: Sequence[Kept]) -> Iterator[Line]:
    """An item that this reader may not see has its line, so that the numbers agree, and nothing in it."""
    notes = Notes()
    for one in kept:
        item = one.item
        if one.kind is None:
            yield Line("", _("No longer available"), "", "", "", note=item.note)
            continue
        line = asdict(_line(one.kind, one.record, notes)) | {"note": item.note}
        if item.page:
            line |= {
                "address": settings.SITE_URL + item.url,
                "page": item.label or str(item.page),
                "passage": item.passage,
                "language": item.language,
            }
        yield Line(**line)


def _line(kind: object, record: object, notes: Notes) -> Line:
    credit = kind.credit(record)  # type: ignore[attr-defined]
    return Line(
        kind.label,  # type: ignore[attr-defined]
        notes.mark_plain(str(record.title)),  # type: ignore[attr-defined]
        "; ".join(credit.authors),
        credit.year,
        settings.SITE_URL + record.get_absolute_url(),  # type: ignore[attr-defined]
        language=field_language(record, "title"),
    )


def _answer(lines: Iterable[Line], format: str, name: str) -> StreamingHttpResponse:
    if format == "csv":
        return csv_download(as_csv(lines), name)
    response = StreamingHttpResponse(as_json(lines), content_type="application/json")
    return _named(response, name, format)


def csv_download(parts: Iterable[str], name: str) -> StreamingHttpResponse:
    return _named(StreamingHttpResponse(parts, content_type="text/csv; charset=utf-8"), name, "csv")


def _named(response: StreamingHttpResponse, name: str, format: str) -> StreamingHttpResponse:
    today = datetime.date.today().isoformat()
    response["Content-Disposition"] = f'attachment; filename="{slugify(name)[:40] or "export"}-{today}.{format}"'
    return response
