"""How a publication is cited, in words."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal import languages
from publications.models import Contributor, FilePage, Publication, PublicationIdentifier

Role = Contributor.Role
ENDS = (".", "?", "!", "…", "؟")  # after which no full stop is put
MOST_NAMES = 6  # of longer lists the first is named, and that there are others


def cite(publication: Publication, page: FilePage | None = None) -> str:
    """Who, when, what, where it came out and where it can be read; of one page also its label as printed.

    What is not known is left out, but for the year, whose absence readers should see.
    """
    who = _responsible(publication)
    parts = [
        f"{who} ({_year(publication)})" if who else "",
        _title(publication, page.file.language if page else None) + ("" if who else f" ({_year(publication)})"),
        publication.edition,
        _series(publication),
        _imprint(publication, who),
    ]
    text = ""
    for part in filter(None, parts):
        text += f"{_between(text)}{part}"
    if page is not None:
        text = _("%(work)s, p. %(label)s") % {"work": text.rstrip("."), "label": page.label or page.number}
    seen = _("Seen %(day)s") % {"day": date_format(timezone.localdate(), "DATE_FORMAT")}
    seen = f"{seen.rstrip('.')}."  # a Russian date ends in a full stop of its own
    return " ".join([text + ("" if text.endswith(ENDS) else "."), *_addresses(publication, page), seen])


def _between(text: str) -> str:
    return "" if not text else " " if text.endswith(ENDS) else ". "


def page_url(page: FilePage) -> str:
    """The address of a page, as it is cited."""
    arguments = [page.file.publication.slug, page.file.language, page.number]
    return settings.SITE_URL + reverse("publications:page", args=arguments)


def _rows(publication: Publication, role: str) -> list[Contributor]:
    return [row for row in publication.contributors.all() if row.role == role]


def _responsible(publication: Publication) -> str:
    """Authors; where there are none the editors, and it is said that they are."""
    if rows := _rows(publication, Role.AUTHOR):
        return _names(rows)
    if rows := _rows(publication, Role.EDITOR):
        return ngettext("%(names)s (editor)", "%(names)s (editors)", len(rows)) % {"names": _names(rows)}
    return ""


def _names(rows: Sequence[Contributor]) -> str:
    names = [_name(row) for row in rows]
    if len(names) > MOST_NAMES:
        return _("%(first)s and others") % {"first": names[0]}
    return pgettext("between the authors in a citation", "; ").join(names)


def _name(row: Contributor) -> str:
    if row.organisation_id:
        return str(row.organisation)
    return pgettext("between family and given name", ", ").join(filter(None, [row.family_name, row.given_name]))


def _year(publication: Publication) -> str:
    if publication.date:
        return str(publication.date.year)
    return _("forthcoming") if publication.is_forthcoming else _("no date")


def _title(publication: Publication, language: str | None) -> str:
    """Title and subtitle, of a page in the language of its file where the record has them so."""
    code = (language or "").split("-")[0]
    title = code in languages.CODES and getattr(publication, f"title_{code}", None)
    subtitle = getattr(publication, f"subtitle_{code}", None) if title else publication.subtitle
    whole = title or publication.title
    return f"{whole}: {subtitle}" if subtitle else whole


def _series(publication: Publication) -> str:
    if publication.series is None:
        return ""
    if not publication.series_number:
        return publication.series.title
    told = {"series": publication.series.title, "number": publication.series_number}
    return _("%(series)s, no. %(number)s") % told


def _imprint(publication: Publication, who: str) -> str:
    """Place and publisher; a publisher that is the only author is not named twice."""
    publisher = str(publication.publisher) if publication.publisher_id else ""
    named = "" if publisher == who else publisher
    return pgettext("between place and publisher", ": ").join(filter(None, [publication.place, named]))


def _addresses(publication: Publication, page: FilePage | None) -> list[str]:
    """The DOI, which lasts longest, and where the portal shows it."""
    schemes = PublicationIdentifier.Scheme
    doi = [row.url for row in publication.identifiers.all() if row.scheme == schemes.DOI][:1]
    return [*doi, page_url(page) if page else settings.SITE_URL + publication.get_absolute_url()]
