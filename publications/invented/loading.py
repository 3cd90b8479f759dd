"""Invented publications put into the database and taken out again: whole rows at once, as the verbs leave them."""

import hashlib
import io
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from portal import roles
from portal.dates import PartialDate
from portal.editorial import Status
from portal.models import AuditEntry, Country, Region, Source, Theme
from portal.search.log import touched
from publications.invented.prose import Writer, languages
from publications.models import Contributor, FilePage, Publication, PublicationFile, PublicationType
from publications.models.files import checksum_path

SOURCE = "invented"
ACCOUNT = "invented-content"
NOTE = "Invented, to try the portal with much content"
PAGES = 20
YEARS = range(1995, 2026)
BATCH = 50

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Ground:
    """What records can be filed under."""

    types: Sequence[PublicationType]
    countries: Sequence[Country]
    regions: Sequence[Region]
    themes: Sequence[Theme]

    @classmethod
    def read(cls) -> "Ground":
        """Raises LookupError where there is nothing to choose from."""
        models: tuple[Any, ...] = (PublicationType, Country, Region, Theme)
        found = [list(model._default_manager.order_by("pk")) for model in models]
        for model, rows in zip(models, found, strict=True):
            if not rows:
                raise LookupError(str(model._meta.verbose_name_plural))
        return cls(*found)


def invented() -> QuerySet[Publication]:
    return Publication.objects.filter(source__slug=SOURCE)


def load(count: int, pages: int = PAGES, seed: int = 1, told: Progress | None = None) -> int:
    """Have `count` invented publications; those that are there stay as they are. How many were added.

    Raises LookupError where countries, regions, themes or types are missing. Each batch is a transaction.
    """
    ground = Ground.read()
    source, _new = Source.objects.get_or_create(slug=SOURCE, defaults={"title": "Invented", "note": NOTE})
    there = set(invented().values_list("slug", flat=True))
    missing = ((n, language) for n, language in enumerate(islice(languages(seed), count), 1) if slug_of(n) not in there)
    added = 0
    while batch := list(islice(missing, BATCH)):
        with transaction.atomic():
            _add(batch, pages, seed, ground, source)
        added += len(batch)
        if told:
            told(len(there) + added, max(count, len(there)))
    return added


def remove(told: Progress | None = None) -> int:
    """Take them all away, with their files. How many there were; the audit log keeps its entries."""
    keys = list(invented().order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        some = Publication.objects.filter(pk__in=keys[start : start + BATCH])
        names = list(PublicationFile.objects.filter(publication__in=some).values_list("file", flat=True))
        with transaction.atomic():
            some.delete()
        for name in names:
            _storage().delete(name)
        if told:
            told(min(start + BATCH, len(keys)), len(keys))
    return len(keys)


def slug_of(number: int) -> str:
    return f"invented-{number:07}"


def _add(batch: Sequence[tuple[int, str]], pages: int, seed: int, ground: Ground, source: Source) -> None:
    account = _account()
    made: list[Publication] = []
    links: list[dict[str, Sequence[Any]]] = []
    authors: list[Contributor] = []
    texts: list[list[str]] = []
    for number, language in batch:
        writer = Writer(language, seed * 1_000_000_000 + number)
        chance = random.Random(f"ground-{seed}-{number}")  # noqa: S311
        links.append(_links(chance, ground))
        made.append(_publication(number, writer, chance, ground, links[-1]["countries"]))
        authors += _authors(made[-1], writer, chance)
        # The number makes each file another one: a checksum stands at one place only.
        texts.append([f"{number}\n{writer.page()}" for _page in range(pages)])
    for publication in made:
        publication.source, publication.approved_by = source, account
    Publication.objects.bulk_create(made)
    AuditEntry.objects.bulk_create(_entry(publication, account) for publication in made)
    Contributor.objects.bulk_create(authors)
    for name in links[0]:
        relation: Any = Publication._meta.get_field(name)
        near, far = relation.m2m_field_name(), relation.m2m_reverse_field_name()
        relation.remote_field.through._default_manager.bulk_create(
            relation.remote_field.through(**{f"{near}_id": one.pk, f"{far}_id": thing.pk})
            for one, own in zip(made, links, strict=True)
            for thing in own[name]
        )
    files = [_stored(publication, own) for publication, own in zip(made, texts, strict=True)]
    PublicationFile.objects.bulk_create(files)
    rows = (
        FilePage(file=file, number=number, text=text, original_text=text)
        for file, own in zip(files, texts, strict=True)
        for number, text in enumerate(own, 1)
    )
    FilePage.objects.bulk_create(rows, batch_size=500)
    touched(made)  # nothing above sends a signal


def _links(chance: random.Random, ground: Ground) -> dict[str, Sequence[Any]]:
    """Some countries have many publications and most have few."""
    first = min(int(chance.expovariate(6 / len(ground.countries))), len(ground.countries) - 1)
    countries = {first, *(chance.randrange(len(ground.countries)) for _more in range(chance.randrange(3)))}
    return {
        "countries": [ground.countries[n] for n in sorted(countries)],
        "regions": chance.sample(ground.regions, min(len(ground.regions), chance.choice([0, 1, 1, 2]))),
        "themes": chance.sample(ground.themes, min(len(ground.themes), chance.choice([1, 1, 2, 3]))),
    }


def _publication(
    number: int, writer: Writer, chance: random.Random, ground: Ground, countries: Sequence[Country]
) -> Publication:
    now = timezone.now()
    title = writer.title(getattr(countries[0], f"name_{writer.language}") or countries[0].name)
    date = PartialDate(chance.choice(YEARS), chance.randint(1, 12))
    return Publication(
        slug=slug_of(number),
        type=chance.choice(ground.types),
        date=date,
        language=writer.language,
        editors_note=NOTE,
        status=Status.PUBLISHED,
        published_at=now,
        first_published_at=now,
        **{f"title_{writer.language}": title[:400], f"abstract_{writer.language}": writer.abstract()},
    )


def _authors(publication: Publication, writer: Writer, chance: random.Random) -> Iterator[Contributor]:
    for position in range(chance.randint(1, 3)):
        given, family = (word.split()[0].capitalize() for word in writer.words(2))
        yield Contributor(publication=publication, family_name=family, given_name=given, position=position)


def _entry(publication: Publication, account: Any) -> AuditEntry:
    """What `publish` writes."""
    return AuditEntry(
        by=account,
        verb="publish",
        content_type=ContentType.objects.get_for_model(Publication),
        object_id=str(publication.pk),
        label=str(publication)[:300],
        before=Status.DRAFT,
        after=Status.PUBLISHED,
        note=NOTE,
    )


def _stored(publication: Publication, texts: Sequence[str]) -> PublicationFile:
    content = "\f".join(texts).encode()
    file = PublicationFile(
        publication=publication,
        language=publication.language,
        original_name=f"{publication.slug}.txt",
        format="txt",
        size=len(content),
        pages=len(texts),
        sha256=hashlib.sha256(content).hexdigest(),
        state=PublicationFile.State.DONE,
        text_quality=1.0,
    )
    file.file = _storage().save(checksum_path(file, ""), io.BytesIO(content))
    return file


def _storage() -> Any:
    return PublicationFile._meta.get_field("file").storage  # type: ignore[union-attr]


def _account() -> Any:
    """The account that publishes them: a reviewer nobody can sign in as."""
    user, created = get_user_model().objects.get_or_create(username=ACCOUNT)
    if created:
        user.set_unusable_password()
        user.save()
        user.groups.add(Group.objects.get(name=roles.REVIEWER))
    return user
