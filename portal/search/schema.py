"""The columns of the index, and how an entry becomes a row of it."""

import datetime
import functools
import hashlib
import itertools
import json
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import tantivy

from portal import kinds
from portal.search import analysis
from portal.search.entries import Entry, PageEntry

VERSION = 2  # raise it when analysis or columns change: indexes of another version are made anew
NONE = "none"  # the value of a facet that has none, as in addresses
FOREVER = 2**62
HEAD = "@head"  # the key of the row that says how far an index has come
OPEN_FIRST, OPEN_LAST = 0, 10_000_000  # days of a record whose beginning or end is open
RECENT = 0.15  # by how much the newest outweighs what is forty years old


def facet_names() -> Sequence[str]:
    return _names(tuple(kind.facets for kind in kinds.all()))


@functools.lru_cache(maxsize=16)
def _names(facets: tuple[tuple[str, ...], ...]) -> Sequence[str]:
    return sorted({"kind", *itertools.chain.from_iterable(facets)})


def text_fields(part: str) -> list[str]:
    prefixes = ("title", "lead", "text") if part == "records" else ("text",)
    return [f"{prefix}_{language}" for prefix in prefixes for language in analysis.LANGUAGES]


def build(part: str) -> tantivy.Schema:
    made = tantivy.SchemaBuilder()
    made.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    for name in text_fields(part):
        made.add_text_field(name, tokenizer_name=f"portal_{name.rsplit('_', 1)[1]}")
    made.add_text_field("words", tokenizer_name=f"portal_{analysis.OTHER}")
    made.add_bytes_field("stored", stored=True)
    if part == "pages":
        made.add_text_field("document", tokenizer_name="raw", index_option="basic")
        made.add_integer_field("number", indexed=True, fast=True)
        return made.build()
    for name in ("names", "people"):
        made.add_text_field(name, tokenizer_name=f"portal_{analysis.OTHER}")
    for name in facet_names():
        made.add_text_field(f"is_{name}", fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("first", "last", "until", "newest", "changed"):
        made.add_integer_field(name, indexed=True, fast=True)
    made.add_float_field("weight", fast=True)
    return made.build()


def fingerprint() -> str:
    told = [VERSION, facet_names(), list(analysis.LANGUAGES), metadata.version("tantivy")]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def fits(generation: Path) -> bool:
    """Whether a generation was made with these very columns."""
    try:
        return (generation / "fingerprint").read_text() == fingerprint()
    except OSError:
        return False


def key_of(kind: str, pk: Any) -> str:
    return f"{kind}:{pk}"


def record_row(key: str, entry: Entry, state: Mapping[str, Any]) -> tantivy.Document:
    """`state` has pk, changed (datetime) and until (datetime or None)."""
    row = tantivy.Document()
    row.add_text("key", key)
    row.add_bytes("stored", entry.digest().encode())
    everything: dict[str, list[str]] = {}
    for prefix, translations in (("title", entry.titles), ("lead", entry.leads)):
        for code, text in translations.items():
            language = analysis.field_language(code)
            row.add_text(f"{prefix}_{language}", analysis.prepare(text, language))
            everything.setdefault(language, []).append(text)
    for code, text in (*entry.texts, *entry.tags, *((page.language, page.text) for page in entry.pages)):
        everything.setdefault(analysis.field_language(code), []).append(text)
    proper = [*entry.names, *entry.people]
    first = next(iter(everything), analysis.OTHER)
    for language, texts in everything.items():
        whole = "\n".join([*texts, *(proper if language == first else ())])
        stems, words = analysis.prepare_both(whole, language)
        row.add_text(f"text_{language}", stems)
        row.add_text("words", words)
    row.add_text("names", analysis.prepare_exact("\n".join(entry.names)))
    row.add_text("people", analysis.prepare_exact("\n".join(entry.people)))
    for name in facet_names():
        for value in entry.facets.get(name) or [NONE]:
            row.add_text(f"is_{name}", value)
    undated = entry.first is None and entry.last is None  # then it lies in no span of years
    row.add_integer("first", entry.first.toordinal() if entry.first else OPEN_LAST if undated else OPEN_FIRST)
    row.add_integer("last", entry.last.toordinal() if entry.last else OPEN_FIRST if undated else OPEN_LAST)
    row.add_integer("until", int(state["until"].timestamp()) if state["until"] else FOREVER)
    # Equal days are ordered by primary key, as in the database.
    tie = 2**31 - 1 - hash_of(state["pk"])
    row.add_integer("newest", (entry.first.toordinal() if entry.first else 0) * 2**31 + tie)
    row.add_integer("changed", int(state["changed"].timestamp() * 1_000_000) * 2**12 + tie % 2**12)
    age = (entry.first.year - 1985) / 40 if entry.first else 0.5
    row.add_float("weight", 1 + RECENT * min(max(age, 0.0), 1.0))
    return row


def hash_of(pk: Any) -> int:
    """A number below 2**31 in the order of primary keys that are numbers; any fixed one for others."""
    if isinstance(pk, int):
        return pk % 2**31
    return int(hashlib.sha256(str(pk).encode()).hexdigest()[:7], 16)


def page_row(key: str, page: PageEntry) -> tantivy.Document:
    language = analysis.field_language(page.language)
    row = tantivy.Document()
    row.add_text("key", key)
    row.add_text("document", page.document)
    row.add_integer("number", page.number)
    told = [page.document, page.number, page.label, page.language, page.url]
    row.add_bytes("stored", f"{json.dumps(told)}\n{page.text}".encode())
    stems, words = analysis.prepare_both(page.text, language)
    row.add_text(f"text_{language}", stems)
    row.add_text("words", words)
    return row


def page_of(row: tantivy.Document) -> PageEntry:
    told, text = bytes(row.get_first("stored") or b"").decode().split("\n", 1)
    document, number, label, language, url = json.loads(told)
    return PageEntry(document, number, label, language, text, url)


def head_row(told: Mapping[str, Any]) -> tantivy.Document:
    """How far this index has come: the last change that is in it."""
    row = tantivy.Document()
    row.add_text("key", HEAD)
    row.add_bytes("stored", json.dumps(told).encode())
    return row


def day(year: int, last: bool = False) -> int:
    return (datetime.date(year, 12, 31) if last else datetime.date(year, 1, 1)).toordinal()
