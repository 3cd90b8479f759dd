"""The other side: the engine as its own manual uses it, one text field in one language, nothing else."""

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Document, Index, Query, SchemaBuilder, SnippetGenerator

from portal.search.entries import Entry

FACETS = ("country", "dialogue", "group", "project", "region", "series", "theme", "type")  # of the list of publications


def build(folder: Path, entries: Iterable[tuple[int, Entry]], threads: int = 1) -> Index:
    """Records with their whole text, and pages beside them, as plainly as can be."""
    shutil.rmtree(folder, ignore_errors=True)
    made = SchemaBuilder()
    made.add_text_field("key", stored=True, tokenizer_name="raw")
    made.add_text_field("title", stored=True, tokenizer_name="en_stem")
    made.add_text_field("text", stored=True, tokenizer_name="en_stem")
    for name in FACETS:
        made.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    records = _made(folder / "records", made)
    made = SchemaBuilder()
    made.add_text_field("key", stored=True, tokenizer_name="raw")
    made.add_text_field("text", stored=True, tokenizer_name="en_stem")
    pages = _made(folder / "pages", made)
    writers = [index.writer(120_000_000, threads) for index in (records, pages)]
    for pk, entry in entries:
        row = Document(key=str(pk), title=" ".join(entry.titles.values()))
        row.add_text("text", "\n".join([*entry.titles.values(), *entry.leads.values(), *(p.text for p in entry.pages)]))
        for name in FACETS:
            for value in entry.facets.get(name) or ["none"]:
                row.add_text(name, value)
        writers[0].add_document(row)
        for page in entry.pages:
            writers[1].add_document(Document(key=str(pk), text=page.text))
    for writer in writers:
        writer.commit()
        writer.wait_merging_threads()
    records.reload()
    return records


def _made(folder: Path, columns: SchemaBuilder) -> Index:
    folder.mkdir(parents=True)
    return Index(columns.build(), str(folder))


def query(index: Index, words: str) -> Query:
    if words.endswith("*"):
        return Query.regex_query(index.schema, "text", words.removesuffix("*") + ".*")
    return index.parse_query(words, ["text"], conjunction_by_default=True)


def search(index: Index, words: str, limit: int = 20) -> tuple[int, dict[str, Any], Sequence[str]]:
    """Total, facets, and snippets of the first hits."""
    asked = query(index, words)
    searcher = index.searcher()
    found = searcher.search(asked, limit, count=True)
    terms = {name: {"terms": {"field": name, "size": 300}} for name in FACETS}
    facets = searcher.aggregate(asked, terms)
    generator = SnippetGenerator.create(searcher, asked, index.schema, "text")
    snippets = [generator.snippet_from_doc(searcher.doc(address)).to_html() for _score, address in found.hits]
    return found.count, facets, snippets  # type: ignore[attr-defined]


def opened(folder: Path) -> Index:
    return tantivy.Index.open(str(folder / "records"))
