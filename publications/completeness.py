"""What a publication should have: for readers, and for those who cite it."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.completeness import Audience, Check, blank, has, untranslated
from publications.models import Contributor, Publication, PublicationFile

State = PublicationFile.State
WRITERS = [Contributor.Role.AUTHOR, Contributor.Role.EDITOR]
READABLE = 0.7  # as in the list of files

CHECKS = (
    Check("abstract", "abstract", _("It has no abstract."), blank("abstract")),
    Check(
        "file",
        "files",
        _("It has no file: readers find the record and cannot read it."),
        ~has(Publication, files__isnull=False) & Q(is_forthcoming=False),
    ),
    Check(
        "readable",
        "files",
        _("The text of a file could not be read, or reads badly: what cannot be read is not found."),
        has(Publication, Q(files__state=State.FAILED) | Q(files__text_quality__lt=READABLE)),
    ),
    Check(
        "alternatives",
        "files",
        _("A file has pictures without description, or is a PDF without structure: a screen reader fails on it."),
        has(Publication, Q(files__undescribed__gt=0) | Q(files__is_tagged=False)),
    ),
    Check("language", "language", _("It does not say in which language it was written."), Q(language="")),
    Check("licence", "licence", _("No licence tells readers what they may do with it."), Q(licence="")),
    Check(
        "places",
        "countries",
        _("It has no country, region or group of states, so it stands on no such page."),
        ~has(Publication, countries__isnull=False)
        & ~has(Publication, regions__isnull=False)
        & ~has(Publication, country_groups__isnull=False),
    ),
    Check("themes", "themes", _("It has no theme."), ~has(Publication, themes__isnull=False)),
    Check("source", "source", _("It does not say where its facts come from."), Q(source__isnull=True)),
    Check("checked", "last_checked", _("It was never compared with its source."), Q(last_checked__isnull=True)),
    Check(
        "languages",
        "title",
        _("Title or abstract is not there in every language of the site."),
        untranslated("title", "abstract"),
    ),
    Check(
        "authors",
        "contributors",
        _("Neither author nor editor is named."),
        ~has(Publication, contributors__role__in=WRITERS),
        Audience.CITING,
    ),
    Check(
        "date",
        "date",
        _("It has no date, and is not called forthcoming."),
        Q(date_first__isnull=True, is_forthcoming=False),
        Audience.CITING,
    ),
    Check(
        "publisher",
        "publisher",
        _("Its publisher is not named."),
        Q(publisher__isnull=True),
        Audience.CITING,
    ),
    Check(
        "identifier",
        "identifiers",
        _("It has neither DOI nor ISBN nor handle."),
        ~has(Publication, identifiers__scheme__in=["doi", "isbn", "handle"]),
        Audience.CITING,
    ),
)
