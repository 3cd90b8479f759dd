"""Asking an address outside without being led astray: the one place from which the portal asks other hosts.

What editors type may point anywhere, so the host is looked up first, an address that is not of the public internet
is refused, and the connection goes to the very address that was checked. Nothing is followed; a body is read by
`fetch` alone, up to a size and a time.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings

from portal.models import LinkCheck

TIMEOUT = 10.0  # seconds for a whole answer, however slowly it drips
PORTS = {80, 443, 8080, 8443}
MOST_ADDRESSES = 2  # of one host that are tried
# Networks that carry an address of the old internet inside: what they lead to cannot be told from outside.
WRAPPING = [ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")]

Problem = LinkCheck.Problem
Reach = Callable[[str, int], bool]


@dataclass(frozen=True)
class Outcome:
    """`status` is 0 where no answer came; `target` is where a redirect would lead."""

    status: int
    problem: str
    target: str = ""


@dataclass(frozen=True)
class Answer:
    """What a host sent: whatever its status, redirects too, which lead to `target`."""

    status: int
    headers: Message
    body: bytes
    target: str = ""


class NoAnswer(Exception):
    """No whole answer came; `problem` says what happened, `is_too_large` that it was more than was asked for."""

    def __init__(self, problem: str, is_too_large: bool = False) -> None:
        super().__init__(problem)
        self.problem, self.is_too_large = problem, is_too_large


@dataclass(frozen=True)
class _Place:
    """A host whose addresses have been looked up and may be reached."""

    host: str
    port: int
    tls: bool
    found: list[Any]

    def connections(self) -> Iterator["_Pinned"]:
        for family, _type, _protocol, _name, sockaddr in self.found[:MOST_ADDRESSES]:
            yield _Pinned(self.host, self.port, family, sockaddr, self.tls)


def is_public(address: str, port: int) -> bool:
    """Whether an IP address and port are of the public internet and of the web."""
    if port not in PORTS:
        return False
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            ip = ip.ipv4_mapped
        elif any(ip in net for net in WRAPPING):
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback)


def try_address(url: str, may_reach: Reach = is_public) -> Outcome:
    """HEAD, and GET where a host does not answer that well. Never raises for what the address or its host does."""
    try:
        place = _look_up(url, may_reach)
    except NoAnswer as refused:
        return Outcome(0, refused.problem)
    outcome = Outcome(0, Problem.SILENT)
    for connection in place.connections():
        for method in ("HEAD", "GET"):
            outcome = _ask(connection, method, url)
            if outcome.problem in {Problem.NONE, Problem.MOVED, Problem.INSECURE} or not outcome.status:
                break
        if outcome.status:
            return outcome
    return outcome


def fetch(url: str, most: int, seconds: float, may_reach: Reach = is_public, agent: str = "portal") -> Answer:
    """What GET brings: at most so many bytes, within so many seconds in all. Raises NoAnswer."""
    problem = NoAnswer(Problem.SILENT)
    for connection in _look_up(url, may_reach).connections():
        try:
            return _read(connection, url, most, seconds, agent)
        except NoAnswer as error:
            if error.problem != Problem.SILENT:
                raise
            problem = error
    raise problem


def _look_up(url: str, may_reach: Reach) -> _Place:
    """Raises NoAnswer for what is no plain web address, unknown, or not to be reached."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError as error:  # also what is no host name to IDNA
        raise NoAnswer(Problem.REFUSED) from error
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None or parts.password is not None:
        raise NoAnswer(Problem.REFUSED)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NoAnswer(Problem.UNKNOWN_HOST) from error
    # One forbidden address among several is enough: whoever answers by turns has something in mind.
    if not found or not all(may_reach(str(sockaddr[0]), port) for *_rest, sockaddr in found):
        raise NoAnswer(Problem.REFUSED)
    return _Place(host, port, parts.scheme == "https", found)


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was looked up before; the name serves the certificate and the Host header."""

    def __init__(self, host: str, port: int, family: int, sockaddr: Any, tls: bool) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self.family, self.sockaddr, self.tls, self.is_cut = family, sockaddr, tls, False
        self.patience = TIMEOUT

    @property
    def named(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.tls else 80) else f"{host}:{self.port}"

    def connect(self) -> None:
        self.sock = socket.socket(self.family, socket.SOCK_STREAM)
        self.sock.settimeout(TIMEOUT)
        self.sock.connect(self.sockaddr)
        if self.tls:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
        self.sock.settimeout(self.patience)

    def cut(self) -> None:
        """From another thread: whatever is being waited for ends now."""
        self.is_cut = True
        if self.sock is not None:
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def _ask(connection: _Pinned, method: str, url: str) -> Outcome:
    try:
        with _answer(connection, method, url, TIMEOUT, "portal-link-check") as answer:
            return outcome_of(answer.status, answer.headers.get("Location", ""), url)
    except NoAnswer as error:
        return Outcome(0, error.problem)


def _read(connection: _Pinned, url: str, most: int, seconds: float, agent: str) -> Answer:
    connection.patience = seconds  # some think long before they say the first word
    with _answer(connection, "GET", url, seconds, agent) as answer:
        parts, size = [], 0
        while part := answer.read(1 << 16):
            parts.append(part)
            size += len(part)
            if size > most:
                raise NoAnswer(Problem.FAILS, is_too_large=True)
        # A body that was cut looks whole where nobody said how long it is.
        if connection.is_cut or answer.length:
            raise NoAnswer(Problem.SILENT if connection.is_cut else Problem.FAILS)
        moved = outcome_of(answer.status, answer.headers.get("Location", ""), url).target
        return Answer(answer.status, answer.headers, b"".join(parts), moved)


@contextlib.contextmanager
def _answer(
    connection: _Pinned, method: str, url: str, seconds: float, agent: str
) -> Iterator[http.client.HTTPResponse]:
    """The connection ends with it, and at the latest when the time is over. Raises NoAnswer."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    alarm = threading.Timer(seconds, connection.cut)
    alarm.daemon = True
    alarm.start()
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", connection.named)
        connection.putheader("User-Agent", f"{agent} (+{settings.SITE_URL})")
        connection.putheader("Accept", "*/*")
        connection.putheader("Connection", "close")
        connection.endheaders()
        yield connection.getresponse()
    except ssl.SSLError as error:
        raise NoAnswer(Problem.INSECURE) from error
    except http.client.BadStatusLine as error:
        silent = isinstance(error, http.client.RemoteDisconnected)
        raise NoAnswer(Problem.SILENT if silent else Problem.FAILS) from error
    except (http.client.HTTPException, UnicodeError, ValueError) as error:
        raise NoAnswer(Problem.SILENT if connection.is_cut else Problem.FAILS) from error
    except OSError as error:
        raise NoAnswer(Problem.SILENT) from error
    finally:
        alarm.cancel()
        connection.close()


def outcome_of(status: int, location: str, url: str) -> Outcome:
    """What a status means for a link."""
    if status in {301, 302, 303, 307, 308}:
        try:
            return Outcome(status, Problem.MOVED, urljoin(url, location))
        except ValueError:
            return Outcome(status, Problem.MOVED)
    if 200 <= status < 300:
        return Outcome(status, Problem.NONE)
    if status in {404, 410}:
        return Outcome(status, Problem.GONE)
    return Outcome(status, Problem.CLOSED if status in {401, 403, 429} else Problem.FAILS)
