"""Links that stand in records: which of them say nothing, and which lead nowhere.

`check` is for the command check_links; nothing is fetched while a page of the site is made.
"""

import datetime
import io
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote_to_bytes, urljoin, urlsplit

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.utils import timezone
from django.utils.encoding import iri_to_uri

from portal import texts
from portal.editorial import Reader
from portal.languages import words
from portal.models import LinkCheck
from portal.trying import Outcome, outcome_of, try_address

LONGEST = 1000
Problem = LinkCheck.Problem
logger = logging.getLogger(__name__)

# Words that do not say where a link leads, as folded words: English, French, German, Spanish, Russian, Arabic.
VAGUE = {
    "here", "click here", "click", "see here", "link", "this link", "the link", "follow this link", "more",
    "read more", "learn more", "see more", "find out more", "more information", "more info", "further information",
    "details", "more details", "website", "web site", "this website", "page", "this page", "webpage", "download",
    "info", "ici", "cliquez ici", "cliquer ici", "voir ici", "lien", "ce lien", "le lien", "plus", "en savoir plus",
    "savoir plus", "lire la suite", "lire plus", "voir plus", "la suite", "suite", "plus d informations",
    "plus d information", "site", "site web", "site internet", "cette page", "telecharger",
    "hier", "hier klicken", "klicken sie hier", "klick hier", "mehr", "mehr erfahren", "mehr lesen", "weiterlesen",
    "weitere informationen", "mehr informationen", "webseite", "webseite besuchen", "diese seite", "zum link",
    "aqui", "haga clic aqui", "clic aqui", "mas", "leer mas", "ver mas", "mas informacion", "enlace", "este enlace",
    "здесь", "тут", "нажмите здесь", "ссылка", "ссылке", "по ссылке", "по этои ссылке", "подробнее", "далее", "дальше",
    "читать далее", "читать дальше", "узнать больше", "больше", "саит", "страница", "скачать",
    "هنا", "اضغط هنا", "انقر هنا", "رابط", "الرابط", "هذا الرابط", "المزيد", "اقرا المزيد", "للمزيد",
    "لمزيد من المعلومات", "مزيد من المعلومات", "التفاصيل", "موقع", "الموقع", "تحميل",
}  # fmt: skip


@dataclass(frozen=True)
class Link:
    """A link of a record or of one of its rows: `text` is what readers see of it, `url` as it is written."""

    source: texts.Source
    key: Any
    column: str
    text: str
    url: str

    @property
    def is_vague(self) -> bool:
        return is_vague(self.text)

    @property
    def address(self) -> str:
        """As it is tried and remembered: in ASCII, without the place on the page; empty for what is no web address."""
        whole = iri_to_uri(urljoin(f"{settings.SITE_URL}/", self.url.strip())).partition("#")[0]
        return whole if whole.lower().startswith(("http:", "https:")) else ""

    @property
    def is_inside(self) -> bool:
        return is_inside(self.address)


def is_vague(text: str) -> bool:
    """It says nothing of where it leads, or is nothing but an address."""
    bare = " ".join(words(text))
    looks_like_address = " " not in text.strip() and text.strip().lower().startswith(("http:", "https:", "www."))
    return len(bare) < 2 or bare in _vague() or looks_like_address


@cache
def _vague() -> frozenset[str]:
    return frozenset(" ".join(words(one)) for one in VAGUE)


@cache
def _own_hosts() -> frozenset[str]:
    named = {host for host in settings.ALLOWED_HOSTS if not host.startswith((".", "*"))}
    return frozenset({urlsplit(settings.SITE_URL).hostname or "", *named})


def is_inside(address: str) -> bool:
    try:
        return bool(address) and (urlsplit(address).hostname or "") in _own_hosts()
    except ValueError:
        return False


class _Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.open: str | None = None
        self.text = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.open, self.text = dict(attributes).get("href") or "", ""

    def handle_data(self, text: str) -> None:
        self.text += text

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.open is not None:
            self.found.append((" ".join(self.text.split()), self.open))
            self.open = None


def anchors_of(prose: str) -> list[tuple[str, str]]:
    """The links of running text: what is shown, and where it leads."""
    parser = _Anchors()
    parser.feed(prose)
    parser.close()
    return parser.found


def all_links(reader: Reader | None) -> Iterator[Link]:
    """Links of what this reader may see, of everything for nobody in particular. One query per model that has any."""
    for source in (*texts.sources(), *texts.ground(texts.is_prose)):
        for told in texts.read(source, texts.is_prose, reader):
            if "<a " in told.text:
                for text, url in anchors_of(told.text):
                    yield Link(source, told.key, told.column, text, url)
    for source in (*texts.sources(), *texts.ground(texts.is_link)):
        names = {field.name for field in source.model._meta.get_fields()}
        label = next((name for name in ("label", "title", "name") if name in names), "")
        for told in texts.read(source, texts.is_link, reader, beside=label):
            yield Link(source, told.key, told.column, told.beside, told.text)


def check(
    limit: int, older_than: datetime.timedelta, try_outside: Callable[[str], Outcome] = try_address
) -> Counter[str]:
    """Try the addresses that were not tried for so long, those never tried first; how many ended in which problem.

    One after the other, so that no host is asked twice at a time. Forgets addresses that stand nowhere any more.
    """
    addresses = {link.address for link in all_links(None)} - {""}
    tried = dict(LinkCheck.objects.values_list("url", "checked_at"))
    LinkCheck.objects.filter(url__in=tried.keys() - addresses).delete()
    now = timezone.now()
    due = [url for url in addresses if len(url) <= LONGEST and (url not in tried or tried[url] <= now - older_than)]
    due.sort(key=lambda url: (url in tried, tried.get(url, now), url))
    counts: Counter[str] = Counter()
    for url in due[:limit]:
        outcome = answer_inside(url) if is_inside(url) else try_outside(url)
        told = {"status": outcome.status, "problem": outcome.problem, "target": outcome.target[:LONGEST]}
        LinkCheck.objects.update_or_create(url=url, defaults=told | {"checked_at": timezone.now()})
        counts[outcome.problem] += 1
    return counts


def answer_inside(url: str) -> Outcome:
    """What the portal itself answers a visitor, asked in this process and not over the network."""
    parts = urlsplit(url)
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": unquote_to_bytes(parts.path or "/").decode("latin-1"),  # as WSGI has it
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname or "localhost",
        "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
        "HTTP_HOST": parts.netloc.rpartition("@")[2],
        "HTTP_X_FORWARDED_PROTO": "https",
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(),
    }
    handler = BaseHandler()
    handler.load_middleware()
    try:
        response = handler.get_response(WSGIRequest(environ))
    except Exception:
        logger.exception("The portal fails on a link of its own: %s", url)
        return Outcome(500, Problem.FAILS)
    # The end of an answer would end our own connection to the database too, which is in use.
    request_finished.disconnect(close_old_connections)
    try:
        response.close()
    finally:
        request_finished.connect(close_old_connections)
    return outcome_of(response.status_code, response.headers.get("Location", ""), url)
