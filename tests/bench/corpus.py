"""Short invented records by the hundred thousand: what the index is told, without rows in the database."""

import datetime
import itertools
import random
from collections.abc import Iterator

from django.utils import timezone

from portal.models import Country, Region, Theme
from portal.search import schema, store, writing
from portal.search.entries import Entry, PageEntry
from publications.invented.prose import Writer, languages
from publications.models import PublicationType

PAGES, WORDS = 2, 100  # of each record; the abstract has sixty words more
KEY = 10_000_000  # above the keys of all other publications


def entries(count: int) -> Iterator[tuple[int, Entry]]:
    """Primary keys and what search is told of them, the same in every run."""
    chance = random.Random(1)  # noqa: S311
    writers = {language: Writer(language, 7) for language in ("en", "fr", "ar", "ru")}
    types = list(PublicationType.objects.values_list("slug", flat=True))
    countries = list(Country.objects.order_by("pk").values_list("iso2", flat=True))
    regions = list(Region.objects.values_list("slug", flat=True))
    themes = list(Theme.objects.values_list("slug", flat=True))
    for number, language in enumerate(itertools.islice(languages(7), count), 1):
        pk = KEY + number
        writer = writers[language]
        date = datetime.date(chance.randint(1995, 2025), chance.randint(1, 12), 1)
        filed = [countries[int(len(countries) * chance.random() ** 3)] for _one in range(chance.randint(1, 3))]
        pages = [
            PageEntry(
                f"{pk}-file", page, "", language, writer.page(WORDS), f"/publications/bench-{pk}/{language}/{page}/"
            )
            for page in range(1, PAGES + 1)
        ]
        yield (
            pk,
            Entry(
                titles={language: writer.title(filed[0])},
                leads={language: writer.abstract()},
                people=[" ".join(writer.words(2))],
                facets={
                    "type": [chance.choice(types)],
                    "country": sorted(set(filed)),
                    "region": chance.sample(regions, 1),
                    "theme": chance.sample(themes, chance.randint(1, 3)),
                    "language": [language],
                    "audience": ["public"],
                    "kind": ["publication"],
                },
                first=date,
                last=date,
                pages=pages,
            ),
        )


def index(count: int) -> None:
    """Make the index of so many records the current one; kept from an earlier run if it fits."""
    name = f"bench-{count}-{PAGES}x{WORDS}-{schema.fingerprint()}"
    if not schema.fits(store.root() / name):
        writers = writing.Writers(name, create=True, heap=writing.REBUILD_HEAP, audiences=("visitors",))
        changed = timezone.now()
        for pk, entry in entries(count):
            writers.put(
                ("visitors",), schema.key_of("publication", pk), entry, {"pk": pk, "changed": changed, "until": None}
            )
        writers.commit(writing.Head(None, 0, 0, changed.timestamp()))
        writers.close()
        for part in store.PARTS:
            store.start_from(writers.folder / "staff" / part, writers.folder / "visitors" / part)
        (writers.folder / "fingerprint").write_text(schema.fingerprint())
    store.make_current(name)
    store.forget()
