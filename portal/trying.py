"""Trying an address outside without being led astray: the one place from which the portal asks other hosts.

What editors type may point anywhere, so the host is looked up first, an address that is not of the public internet
is refused, and the connection goes to the very address that was checked. Nothing is followed, and no body is read.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
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
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError:  # also what is no host name to IDNA
        return Outcome(0, Problem.REFUSED)
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None or parts.password is not None:
        return Outcome(0, Problem.REFUSED)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return Outcome(0, Problem.UNKNOWN_HOST)
    # One forbidden address among several is enough: whoever answers by turns has something in mind.
    if not found or not all(may_reach(str(sockaddr[0]), port) for *_rest, sockaddr in found):
        return Outcome(0, Problem.REFUSED)
    outcome = Outcome(0, Problem.SILENT)
    for family, _type, _protocol, _name, sockaddr in found[:MOST_ADDRESSES]:
        for method in ("HEAD", "GET"):
            outcome = _ask(_Pinned(host, port, family, sockaddr, parts.scheme == "https"), method, url)
            if outcome.problem in {Problem.NONE, Problem.MOVED, Problem.INSECURE} or not outcome.status:
                break
        if outcome.status:
            return outcome
    return outcome


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was looked up before; the name serves the certificate and the Host header."""

    def __init__(self, host: str, port: int, family: int, sockaddr: Any, tls: bool) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self.family, self.sockaddr, self.tls = family, sockaddr, tls

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

    def cut(self) -> None:
        """From another thread: whatever is being waited for ends now."""
        if self.sock is not None:
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def _ask(connection: _Pinned, method: str, url: str) -> Outcome:
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    alarm = threading.Timer(TIMEOUT, connection.cut)
    alarm.daemon = True
    alarm.start()
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", connection.named)
        connection.putheader("User-Agent", f"portal-link-check (+{settings.SITE_URL})")
        connection.putheader("Accept", "*/*")
        connection.putheader("Connection", "close")
        connection.endheaders()
        answer = connection.getresponse()
        return outcome_of(answer.status, answer.headers.get("Location", ""), url)
    except ssl.SSLError:
        return Outcome(0, Problem.INSECURE)
    except http.client.BadStatusLine as error:
        return Outcome(0, Problem.SILENT if isinstance(error, http.client.RemoteDisconnected) else Problem.FAILS)
    except (http.client.HTTPException, UnicodeError, ValueError):
        return Outcome(0, Problem.FAILS)
    except OSError:
        return Outcome(0, Problem.SILENT)
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
