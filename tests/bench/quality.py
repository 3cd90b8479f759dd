"""How well search ranks: the judged queries put to the portal and to plain BM25 over the same texts.

The other side is BM25 as a search library gives it: one field per language with stop words and stemming, any word
may match. `python -m tests.bench.quality` fills the portal's own database and index with the sample and asks them;
`--worst` adds the queries that are answered worst.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

from tests.bench import ranking

FIRST = 10


def names_by_key() -> dict[str, str]:
    """Key in the index -> name in the judgements: publication:12 -> publications:slug."""
    from portal import kinds
    from portal.search.schema import key_of

    return {
        key_of(kind.name, pk): f"{kind.app_label}:{slug}"
        for kind in kinds.all()
        for pk, slug in kind.model._default_manager.published().values_list("pk", "slug")
    }


def ours(names: dict[str, str], **how: Any) -> Callable[[str], tuple[list[str], dict[str, list[str]]]]:
    """As a visitor types it into the search box: names of the first hits, and of each file the pages shown."""
    from django.contrib.auth.models import AnonymousUser

    from portal.search.answering import answer
    from portal.search.schema import key_of

    def ask(text: str) -> tuple[list[str], dict[str, list[str]]]:
        search = answer(text, AnonymousUser(), **how)
        hits = search.find(limit=FIRST).hits
        pages: dict[str, list[str]] = {}
        for hit in hits:
            for passage in search.passages(hit.kind, hit.pk):
                place = passage.page.url.removeprefix("/publications/").strip("/")
                pages.setdefault(place.rpartition("/")[0], []).append(place)
        return [names[key_of(hit.kind, hit.pk)] for hit in hits], pages

    return ask


def entries() -> Iterator[tuple[str, Any]]:
    from django.utils import translation

    from portal import kinds
    from portal.search.schema import key_of

    with translation.override(None):
        for kind in kinds.all():
            for record in kind.indexed(kind.model._default_manager.published()):
                yield key_of(kind.name, record.pk), kind.entry(record)


def plain(names: dict[str, str], folder: str) -> Callable[[str], tuple[list[str], dict[str, list[str]]]]:
    """BM25 with stop words and stemming, every language in a field of its own, the best field counts."""
    from tantivy import Document, Filter, Index, Occur, Query, SchemaBuilder, TextAnalyzerBuilder, Tokenizer

    def analyser(language: str) -> Any:
        built = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.lowercase())
        if language != "arabic":
            built = built.filter(Filter.stopword(language))
        return built.filter(Filter.stemmer(language)).build()

    analysers = {"en": "english", "fr": "french", "ru": "russian", "ar": "arabic"}
    built = SchemaBuilder().add_text_field("key", stored=True, tokenizer_name="raw")
    for code, language in analysers.items():
        built.add_text_field(code, tokenizer_name=language)
    schema = built.build()
    index = Index(schema, folder)
    for language in analysers.values():
        index.register_tokenizer(language, analyser(language))
    writer = index.writer(50_000_000, 1)
    for key, entry in entries():
        row = Document(key=key)
        pages = ((page.language, page.text) for page in entry.pages)
        for code, text in (*entry.titles.items(), *entry.leads.items(), *entry.texts, *entry.tags, *pages):
            row.add_text(code if code in analysers else "en", text)
        for text in (*entry.names, *entry.people):
            row.add_text("en", text)
        writer.add_document(row)
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def ask(text: str) -> tuple[list[str], dict[str, list[str]]]:
        fields = []
        for code, language in analysers.items():
            terms = [Query.term_query(schema, code, term) for term in analyser(language).analyze(text)]
            fields.append(Query.boolean_query([(Occur.Should, term) for term in terms]))
        found = searcher.search(Query.disjunction_max_query(fields), FIRST).hits
        return [names[str(searcher.doc(address).get_first("key"))] for _score, address in found], {}

    return ask


def measure(ask: Callable[[str], tuple[list[str], dict[str, list[str]]]]) -> dict[str, Any]:
    """Means over the judged queries; sentences, and each language, apart too."""
    judged = ranking.judged()
    told = {query.text: ask(query.text) for query in judged}
    scores = {query.text: ranking.ndcg(told[query.text][0], query.relevant) for query in judged}

    def mean(wanted: Sequence[Any]) -> float:
        return sum(scores[query.text] for query in wanted) / len(wanted) if wanted else 0.0

    sentences = [query for query in judged if query.kind == "sentence"]
    exact = [ranking.page_exact(told[query.text][1], query.pages) for query in judged if query.pages]
    known = [one for one in exact if one is not None]
    return {
        "ndcg": mean(judged),
        "answered": ranking.answered((told[query.text][0], query.relevant) for query in judged),
        "sentences": mean(sentences),
        "sentences answered": ranking.answered((told[query.text][0], query.relevant) for query in sentences),
        "page-exact": sum(known) / len(known) if known else None,
        "by kind": {kind: mean([q for q in judged if q.kind == kind]) for kind in sorted({q.kind for q in judged})},
        "by language": {code: mean([q for q in judged if q.language == code]) for code in ("en", "fr", "ar", "ru")},
        "worst": sorted(judged, key=lambda query: scores[query.text])[:12],
        "scores": scores,
        "told": told,
    }


def table() -> Iterator[str]:
    names = names_by_key()
    with tempfile.TemporaryDirectory() as folder:
        sides = {"portal": measure(ours(names)), "BM25": measure(plain(names, folder))}
    yield f"{len(ranking.judged())} judged queries   {'portal':>8}{'BM25':>8}"
    for what in ("ndcg", "answered", "sentences", "sentences answered", "page-exact"):
        figures = (side[what] for side in sides.values())
        yield f"{what:<22}" + "".join(f"{figure:>8.3f}" if figure is not None else f"{'-':>8}" for figure in figures)
    for group in ("by kind", "by language"):
        for name in sides["portal"][group]:
            yield f"  {name:<20}" + "".join(f"{side[group][name]:>8.3f}" for side in sides.values())
    if "--worst" in sys.argv:
        for query in sides["portal"]["worst"]:
            mine, theirs = (side["scores"][query.text] for side in sides.values())
            yield f"{mine:.2f} {theirs:.2f} {query.text} -> {sides['portal']['told'][query.text][0][:5]}"


if __name__ == "__main__":
    import io

    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_sample", stdout=io.StringIO())
    call_command("worker", "--once")
    print("\n".join(table()))
