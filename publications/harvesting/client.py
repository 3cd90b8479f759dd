"""OAI-PMH 2.0 as a harvester speaks it: page after page, with patience and with an end.

Rules: openarchives.org/OAI/openarchivesprotocol.html, 2.5 (dates), 3.5 (tokens), 3.6 (errors); of waiting, the
guidelines for harvesters: 503 with Retry-After.
"""

import datetime
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode, urlsplit
from xml.etree.ElementTree import Element

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import safe_xml, trying
from portal.imports.entries import Unreadable
from portal.models import LinkCheck

OAI = "{http://www.openarchives.org/OAI/2.0/}"
AGENT = "portal-harvest"
BUSY = {429, 503}
BROKEN = {500, 502, 504}
MOVED = {301, 302, 303, 307, 308}
ERRORS = {
    "badArgument": gettext_lazy("it does not take what it was asked: look at the set and the date"),
    "badResumptionToken": gettext_lazy("its list ended in the middle, its token is no longer valid: harvest again"),
    "badVerb": gettext_lazy("it does not know what it was asked: it may be no OAI-PMH 2.0"),
    "cannotDisseminateFormat": gettext_lazy("it gives out no Dublin Core (oai_dc)"),
    "noSetHierarchy": gettext_lazy("it has no sets: leave the set empty"),
}
PROBLEMS = {
    LinkCheck.Problem.REFUSED: gettext_lazy("this address is none that may be asked: a public one of the web is"),
    LinkCheck.Problem.UNKNOWN_HOST: gettext_lazy("there is no host of this name"),
    LinkCheck.Problem.INSECURE: gettext_lazy("its certificate cannot be trusted"),
    LinkCheck.Problem.SILENT: gettext_lazy("it does not answer, or too slowly"),
    LinkCheck.Problem.FAILS: gettext_lazy("its answer broke off or is none of the web"),
}


@dataclass(frozen=True)
class Limits:
    """Where a harvest ends: pages, records, bytes and seconds in all; bytes and seconds of one page; how often a page
    is asked for, and how many seconds a repository may make it wait.
    """

    pages: int = 1000
    records: int = 20_000
    size: int = 200 * 1024 * 1024
    seconds: float = 900
    page_size: int = safe_xml.MOST_BYTES
    page_seconds: float = 60
    tries: int = 4
    wait: float = 60


@dataclass
class Record:
    identifier: str
    changed: str
    is_deleted: bool
    metadata: Element | None


@dataclass
class Harvest:
    """`answered` is when the repository began to answer, by its own clock; `is_complete` whether it came to its end."""

    name: str = ""
    answered: str = ""
    records: list[Record] = field(default_factory=list)
    is_complete: bool = False
    remarks: list[str] = field(default_factory=list)


class Client:
    def __init__(
        self,
        base: str,
        may_reach: trying.Reach = trying.is_public,
        limits: Limits | None = None,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self.base, self.may_reach, self.limits, self.sleep = base, may_reach, limits or Limits(), sleep
        self.size, self.began = 0, time.monotonic()

    def harvest(self, of_set: str = "", since: str = "") -> Harvest:
        """All records, of a set, changed since then. Raises Unreadable."""
        found = Harvest()
        is_fine_grained = self._identify(found)
        asked = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
        if since:
            asked["from"] = since if is_fine_grained else since[:10]
        if of_set:
            asked["set"] = of_set
        try:
            for root in self._pages(asked, found):
                found.answered = found.answered or _text(root.find(f"{OAI}responseDate"))
                found.records += [_record(one) for one in root.iter(f"{OAI}record")]
        except _NothingThere:
            found.is_complete = True
        return found

    def _identify(self, found: Harvest) -> bool:
        """Whether it tells instants by the second."""
        root = self._ask({"verb": "Identify"})
        if (code := _error(root)) is not None:
            raise Unreadable(self._refused(code))
        identity = root.find(f"{OAI}Identify")
        if identity is None or _text(identity.find(f"{OAI}protocolVersion")) != "2.0":
            raise Unreadable(_("%s does not say that it speaks OAI-PMH 2.0.") % self.base)
        found.name = _text(identity.find(f"{OAI}repositoryName"))[:200]
        return _text(identity.find(f"{OAI}granularity")) == "YYYY-MM-DDThh:mm:ssZ"

    def _pages(self, asked: dict[str, str], found: Harvest) -> Iterator[Element]:
        seen: set[str] = set()
        for page in range(1, self.limits.pages + 1):
            root = self._ask(asked)
            if (code := _error(root)) is not None:
                if code[0] == "noRecordsMatch" and page == 1:
                    found.answered = _text(root.find(f"{OAI}responseDate"))
                    raise _NothingThere
                raise Unreadable(self._refused(code))
            yield root
            token = (root.findtext(f"{OAI}ListRecords/{OAI}resumptionToken") or "").strip()
            if not token:
                found.is_complete = True
                return
            if token in seen:
                raise Unreadable(_("%s gives out the same page again and again.") % self.base)
            seen.add(token)
            asked = {"verb": "ListRecords", "resumptionToken": token}
            if why := self._why_enough(page, found):
                last = max((record.changed for record in found.records), default="")
                words = _(
                    "Not all of it was read: %(why)s. The last record is of %(last)s; harvest the rest afterwards."
                )
                found.remarks.append(words % {"why": why, "last": last or "?"})
                return

    def _why_enough(self, page: int, found: Harvest) -> str:
        limits = self.limits
        if page >= limits.pages:
            return _("it has more than %s pages") % limits.pages
        if len(found.records) >= limits.records:
            return _("it has more than %s records") % limits.records
        if self.size >= limits.size:
            return _("it has more than %s") % filesizeformat(limits.size)
        if time.monotonic() - self.began >= limits.seconds:
            return _("it takes longer than %s seconds") % int(limits.seconds)
        return ""

    def _refused(self, code: tuple[str, str]) -> str:
        name, words = code
        told = {"base": self.base, "name": name, "why": ERRORS.get(name, words), "words": words or "–"}
        return _("%(base)s answers “%(name)s”: %(why)s. It says: %(words)s") % told

    def _ask(self, asked: dict[str, str]) -> Element:
        """One page. Who is busy is asked again after as long as it wants, who fails after a little."""
        url = f"{self.base}{'&' if urlsplit(self.base).query else '?'}{urlencode(asked)}"
        for attempt in range(1, self.limits.tries + 1):
            is_last = attempt == self.limits.tries
            try:
                answer = trying.fetch(url, self.limits.page_size, self.limits.page_seconds, self.may_reach, AGENT)
            except trying.NoAnswer as error:
                if is_last or error.is_too_large or error.problem not in {"silent", "fails"}:
                    raise Unreadable(self._unreached(error)) from error
                self.sleep(float(2**attempt))
                continue
            if answer.status in BUSY | BROKEN and not is_last:
                self.sleep(self._patience(answer, attempt))
                continue
            return self._body(answer)
        raise AssertionError("the last attempt answers or raises")

    def _unreached(self, error: trying.NoAnswer) -> str:
        if error.is_too_large:
            told = {"base": self.base, "most": filesizeformat(self.limits.page_size)}
            return _("A page of %(base)s is too large: at most %(most)s are read.") % told
        why = PROBLEMS.get(LinkCheck.Problem(error.problem), error.problem)
        return _("%(base)s cannot be harvested: %(why)s.") % {"base": self.base, "why": why}

    def _patience(self, answer: trying.Answer, attempt: int) -> float:
        wanted = seconds_of(answer.headers.get("Retry-After", ""))
        if wanted is None:
            return float(2**attempt)
        if wanted > self.limits.wait:
            words = _("%(base)s is busy and asks to be left alone for %(n)s seconds. Harvest it later.")
            raise Unreadable(words % {"base": self.base, "n": int(wanted)})
        return wanted

    def _body(self, answer: trying.Answer) -> Element:
        self.size += len(answer.body)
        told = {"base": self.base, "status": answer.status, "target": answer.target}
        if answer.status in MOVED:
            raise Unreadable(
                _("%(base)s leads to %(target)s (%(status)s). If that is right, harvest that address.") % told
            )
        if answer.status != 200:
            raise Unreadable(_("%(base)s does not give out its records: it answers with status %(status)s.") % told)
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            raise Unreadable(_("%(base)s answers in a packed form that was not asked for.") % told)
        head = answer.body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        if b"<!doctype html" in head or b"<html" in head:
            raise Unreadable(
                _("%(base)s answers with a page for people (HTML), not with OAI-PMH. Look for its address.") % told
            )
        try:
            root = safe_xml.parse(answer.body)
        except Unreadable as error:
            words = _("%(base)s does not give out what can be read. %(why)s Harvest it again, or tell who runs it.")
            raise Unreadable(words % (told | {"why": error})) from error
        if root.tag != f"{OAI}OAI-PMH":
            raise Unreadable(_("%(base)s answers with XML that is no OAI-PMH 2.0.") % told)
        return root


class _NothingThere(Exception):
    """No record matches: an answer, not a failure."""


def seconds_of(value: str) -> float | None:
    """What Retry-After says, as seconds or as a date; None for nothing or nonsense."""
    value = value.strip()
    if re.fullmatch(r"\d{1,9}", value, re.ASCII):
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=datetime.UTC)
    return max((until - datetime.datetime.now(datetime.UTC)).total_seconds(), 0.0)


def _text(element: Element | None) -> str:
    return " ".join((element.text or "").split()) if element is not None else ""


def _error(root: Element) -> tuple[str, str] | None:
    """The code of the first error and what the repository says of it."""
    element = root.find(f"{OAI}error")
    return None if element is None else (element.get("code", "?")[:60], _text(element)[:300])


def _record(element: Element) -> Record:
    header = element.find(f"{OAI}header")
    identifier = _text(header.find(f"{OAI}identifier")) if header is not None else ""
    changed = _text(header.find(f"{OAI}datestamp")) if header is not None else ""
    is_deleted = header is not None and header.get("status") == "deleted"
    metadata = element.find(f"{OAI}metadata")
    return Record(identifier, changed, is_deleted, metadata[0] if metadata is not None and len(metadata) else None)
