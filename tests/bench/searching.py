"""Rows 5 to 7: a page of results against the bare engine, by class of query and by number of records."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.wsgi import get_wsgi_application
from django.test import RequestFactory
from django.utils import timezone
from django.utils.http import urlencode

from portal import thesaurus
from portal.editorial import Status
from portal.search import store
from portal.search.finding import Search
from publications.invented.loading import _account
from publications.models import Contributor, Publication, PublicationFile, PublicationType
from tests.bench import bare, corpus
from tests.bench.measuring import Row, interleaved, median

VISITOR = AnonymousUser()
CLASSES = ("rare", "mid", "common", "AND", "two common", "phrase", "prefix")
ROUNDS = 15
ENGINE, PAGE, PASSAGES, MEMORY = 1.3, 3.0, 10.0, 200


def rows(sizes: Sequence[int], folder: Path) -> list[Row]:
    medians = {size: measure(size, folder) for size in sizes}
    made: list[Row] = []
    for size in sizes[-2:]:
        made += [_engine_row(size, name, times) for name, times in medians[size].items()]
    for name in CLASSES if len(sizes) > 1 else ():
        (ours, other), (ours_more, other_more) = (medians[size][name][:2] for size in (sizes[0], sizes[-1]))
        ratio = (ours_more / ours) / (other_more / other)
        told = f"{sizes[0]:,} -> {sizes[-1]:,} records, {name}"
        made.append(Row(
            "6", told, f"x {ours_more / ours:.2f}", f"x {other_more / other:.2f}", f"{ratio:.2f} x", "<= 1.3 x", ratio <= 1.3
        ))  # fmt: skip
    held, mapped = memory(sizes[-1], folder)
    made.append(Row(
        "6", f"memory of a web process, {sizes[-1]:,} records", f"{held:.0f} MB", f"{mapped:.0f} MB mapped", f"{held:.0f} MB",
        f"<= {MEMORY} MB", held <= MEMORY,
    ))  # fmt: skip
    return made


def _engine_row(size: int, name: str, times: Sequence[float]) -> Row:
    ours, other, whole, _passages = times
    ratio, over = ours / other, whole - ours
    return Row(
        "5", f"{size:,} records, {name}", f"{ours:.1f} ms, page {whole:.1f} ms", f"{other:.1f} ms",
        f"{ratio:.2f} x, page + {over:.1f} ms", f"<= {ENGINE} x, + {PAGE:.0f} ms", ratio <= ENGINE and over <= PAGE,
    )  # fmt: skip


def passages_row(number_of_pages: int, label: str, queries: Sequence[str]) -> Row:
    """Row 7 over the index that is current."""
    times: list[float] = []
    for words in queries:
        search = Search(words, VISITOR)
        hits = search.find("publication").hits
        times += interleaved(lambda search=search, hits=hits: [search.passages(h.kind, h.pk) for h in hits], rounds=5)[
            0
        ]
    half = median(times)
    return Row(
        "7", f"passages of 20 hits, {number_of_pages:,} pages {label}", f"{half:.1f} ms", "", f"{half:.1f} ms",
        f"<= {PASSAGES:.0f} ms", half <= PASSAGES,
    )  # fmt: skip


def measure(size: int, folder: Path) -> dict[str, tuple[float, float, float, float]]:
    """By class of query: engine part, bare engine, whole page, passages alone; medians in milliseconds."""
    settings.INDEX_DIR = folder / f"index-{size}"
    corpus.index(size)
    plain = opened_bare(size, folder)
    asked = queries()
    application = get_wsgi_application()
    found = {}
    for name in CLASSES:
        times: list[list[float]] = [[], [], [], []]
        for words in asked[name]:
            make_rows(words)
            search = Search(words, VISITOR)
            hits = search.find("publication").hits
            sides = interleaved(
                lambda words=words: ours(words),
                lambda words=words: bare.search(plain, words),
                lambda words=words: page(application, words),
                lambda search=search, hits=hits: [search.passages(hit.kind, hit.pk) for hit in hits],
                rounds=ROUNDS,
            )
            for own, more in zip(times, sides, strict=True):
                own.extend(more)
        found[name] = tuple(median(own) for own in times)
    return found  # type: ignore[return-value]


def opened_bare(size: int, folder: Path) -> object:
    place = folder / f"bare-{size}-{corpus.PAGES}x{corpus.WORDS}"
    if not (place / "done").exists():
        bare.build(place, corpus.entries(size))
        (place / "done").touch()
    return bare.opened(place)


def ours(words: str) -> None:
    """What a list does with the index."""
    search = Search(words, VISITOR)
    for hit in search.find("publication", facets=bare.FACETS).hits:
        search.passages(hit.kind, hit.pk)


def page(application: object, words: str) -> bytes:
    """The whole page, as a server asks for it."""
    environ = RequestFactory().get(f"/publications/?{urlencode({'q': words})}").environ | {"HTTP_HOST": "localhost"}
    answered: list[str] = []
    body = b"".join(application(environ, lambda status, headers: answered.append(status)))  # type: ignore[operator]
    if not answered[0].startswith("200"):
        raise RuntimeError(f"{words}: {answered[0]}")
    return body


def queries() -> dict[str, list[str]]:
    """Words of the index by how many records have them; none that the thesaurus would look for in other ways too."""
    searcher = store.opened().parts["visitors", "records"].searcher()
    total = searcher.num_docs
    known = [(word, count / total) for word, count in searcher.terms_with_prefix("words", "") if word.isascii()]
    known = [(word, share) for word, share in known if len(word) > 3 and word.isalpha() and not thesaurus.find([word])]

    def around(share: float, count: int = 5) -> list[str]:
        return [word for word, _share in sorted(known, key=lambda pair: abs(pair[1] - share))[:count]]

    rare, mid, common = around(20 / total), around(0.01), around(0.3, 6)
    pairs = list(zip(common[::2], common[1::2], strict=True))
    return {
        "rare": rare,
        "mid": mid,
        "common": common[:5],
        "AND": [f"{one} {other}" for one, other in zip(mid, common, strict=False)],
        "two common": [f"{one} {other}" for one, other in pairs],
        "phrase": [f'"{one} {other}"' for one, other in pairs],
        "prefix": [f"{word[:4]}*" for word in common[:5]],
    }


def make_rows(words: str) -> None:
    """Rows in the database for the records that a page of results will show."""
    keys = {int(hit.pk) for hit in Search(words, VISITOR).find("publication").hits}
    keys -= set(Publication.objects.filter(pk__in=keys).values_list("pk", flat=True))
    types, now, account = list(PublicationType.objects.all()), timezone.now(), _account()
    Publication.objects.bulk_create(
        Publication(
            pk=pk, slug=f"bench-{pk}", title_en=f"Invented record {pk} about labour and return", type=types[pk % len(types)],
            abstract_en="Short sentences about the return of workers and what they need. " * 4, date="2015-05",
            status=Status.PUBLISHED, approved_by=account, published_at=now, first_published_at=now,
        )
        for pk in keys
    )  # fmt: skip
    Contributor.objects.bulk_create(
        Contributor(publication_id=pk, family_name=f"Author {n}", position=n) for pk in keys for n in range(2)
    )
    PublicationFile.objects.bulk_create(
        PublicationFile(publication_id=pk, language="en", format="pdf", size=1, sha256=f"{pk:064}", state="done")
        for pk in keys
    )


def memory(size: int, folder: Path) -> tuple[float, float]:
    """Megabytes that a process of its own holds after it has answered every query, and what it maps of the index."""
    program = (
        "from tests.bench.__main__ import start; start(); from tests.bench import searching; searching.tell_memory()"
    )
    told = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"BENCH_INDEX": str(folder / f"index-{size}")},
        capture_output=True,
        check=True,
        text=True,
    )
    held, mapped = json.loads(told.stdout.splitlines()[-1])
    return held, mapped


def tell_memory() -> None:
    settings.INDEX_DIR = Path(os.environ["BENCH_INDEX"])
    application = get_wsgi_application()
    asked = [words for some in queries().values() for words in some]
    for words in asked * 3:
        page(application, words)
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    mapped = {}
    for line in Path("/proc/self/smaps").read_text().splitlines():
        first, *rest = line.split()
        if "-" in first and not first.endswith(":"):
            name = rest[-1] if len(rest) > 4 else ""
        elif first == "Rss:" and str(settings.INDEX_DIR) in name:
            mapped[name] = mapped.get(name, 0) + int(rest[0])
    total, of_index = int(status["VmRSS"].split()[0]) / 1024, sum(mapped.values()) / 1024
    print(json.dumps([total - of_index, of_index]))
