"""Addresses outside: what is tried, what is refused before anything is sent, and what the answers mean."""

import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from portal import trying
from portal.models import LinkCheck
from portal.trying import is_public, try_address

Problem = LinkCheck.Problem


class _Answers(BaseHTTPRequestHandler):
    def _answer(self):
        self.server.asked.append((self.command, self.path, self.headers["Host"]))
        status, headers = self.server.answers.get(
            (self.command, self.path), self.server.answers.get(self.path, (200, {}))
        )
        if status == 0:
            self.connection.close()
            return
        if status == -1:
            time.sleep(5)
        self.send_response(max(status, 200))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    do_HEAD = do_GET = _answer

    def log_message(self, *arguments):
        pass


@pytest.fixture
def host():
    """A server on loopback, which only tests may reach: host.answers, host.asked, host.url(path)."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    server.daemon_threads = True
    server.answers, server.asked = {}, []
    server.url = lambda path="/": f"http://127.0.0.1:{server.server_port}{path}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def only(server):
    return lambda address, port: (address, port) == ("127.0.0.1", server.server_port)


@pytest.mark.parametrize(
    ("status", "problem"),
    [(200, ""), (204, ""), (404, "gone"), (410, "gone"), (403, "closed"), (401, "closed"), (429, "closed"), (500, "fails"), (400, "fails")],
)  # fmt: skip
def test_status_says_what_is_wrong(host, status, problem):
    host.answers["/page"] = (status, {})
    assert try_address(host.url("/page"), only(host)) == trying.Outcome(status, problem)


def test_host_is_asked_with_head_and_again_with_get_where_that_is_not_answered_well(host):
    host.answers[("HEAD", "/page?a=b")] = (405, {})
    assert try_address(host.url("/page?a=b"), only(host)).problem == Problem.NONE
    name = f"127.0.0.1:{host.server_port}"
    assert host.asked == [("HEAD", "/page?a=b", name), ("GET", "/page?a=b", name)]
    host.asked.clear()
    assert try_address(host.url("/fine"), only(host)).problem == Problem.NONE
    assert [method for method, _path, _host in host.asked] == ["HEAD"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_told_and_not_followed(host, status):
    host.answers["/old"] = (status, {"Location": "/new"})
    assert try_address(host.url("/old"), only(host)) == trying.Outcome(status, Problem.MOVED, host.url("/new"))
    assert [path for _method, path, _host in host.asked] == ["/old"]


def test_redirect_into_the_house_is_told_and_not_followed(host):
    host.answers["/old"] = (302, {"Location": "http://169.254.169.254/latest/meta-data/"})
    outcome = try_address(host.url("/old"), only(host))
    assert (outcome.problem, len(host.asked)) == (Problem.MOVED, 1)


def test_host_that_says_nothing_and_one_that_nobody_serves(host, monkeypatch):
    host.answers["/"] = (0, {})
    assert try_address(host.url("/"), only(host)) == trying.Outcome(0, Problem.SILENT)
    free = socket.socket()
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
    free.close()
    assert try_address(f"http://127.0.0.1:{port}/", lambda *_: True) == trying.Outcome(0, Problem.SILENT)


def test_slow_host_is_left_after_a_while(host, monkeypatch):
    monkeypatch.setattr(trying, "TIMEOUT", 0.2)
    host.answers["/"] = (-1, {})
    assert try_address(host.url("/"), only(host)).problem == Problem.SILENT


def test_host_that_drips_its_answer_is_left_too(monkeypatch):
    """Each byte comes in time, and the whole never does."""
    monkeypatch.setattr(trying, "TIMEOUT", 0.3)
    server = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def drip():
        connection, _address = server.accept()
        with connection:
            while not ended.wait(0.05):
                try:
                    connection.sendall(b"H")
                except OSError:
                    return

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    outcome = try_address(f"http://127.0.0.1:{server.getsockname()[1]}/", lambda *_: True)
    ended.set()
    thread.join(5)
    server.close()
    assert outcome.problem in {Problem.SILENT, Problem.FAILS}
    assert outcome.status == 0


@pytest.fixture
def no_connection(monkeypatch):
    """Whoever opens a socket fails."""

    def refuse(*arguments, **named):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "socket", refuse)


def resolving_to(monkeypatch, *addresses):
    def lookup(host, port, **named):
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))
            for one in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "ftp://example.org/", "gopher://example.org/", "javascript:alert(1)", "data:text/html,x",
        "http://user@example.org/", "http://user:secret@example.org/", "http://:@example.org/", "http://", "https:///path",
        "http://example.org:22/", "http://example.org:25/", "http://example.org:99999/", "http://[::1", "", "//example.org",
        "http://" + "a" * 70 + ".org/",
    ],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_refused(monkeypatch, no_connection, url):
    resolving_to(monkeypatch, "93.184.216.34")
    assert try_address(url) == trying.Outcome(0, Problem.REFUSED)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost", "0.0.0.0", "10.0.0.1", "172.16.0.1",  # noqa: S104 (nobody listens there)
        "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "198.18.0.1",
        "192.0.2.1", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[::127.0.0.1]", "[fe80::1]", "[fc00::1]", "[fd00::1]",
        "[ff02::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::1]", "[2001::1]", "[2001:db8::1]",
    ],
)  # fmt: skip
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_addresses_of_the_house_are_refused_however_they_are_written(monkeypatch, scheme, host):
    opened = []
    monkeypatch.setattr(trying._Pinned, "connect", lambda self: opened.append(self.host))
    assert try_address(f"{scheme}://{host}/").problem in {Problem.REFUSED, Problem.UNKNOWN_HOST}
    assert not opened


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["10.1.2.3"], ["169.254.169.254"], ["::1"], ["fe80::1%eth0"], ["93.184.216.34", "192.168.0.1"], []],
)
def test_name_that_leads_into_the_house_is_refused(monkeypatch, no_connection, addresses):
    resolving_to(monkeypatch, *addresses)
    assert try_address("http://innocent.example/").problem == Problem.REFUSED


def test_unknown_host_is_told(monkeypatch, no_connection):
    def lookup(*arguments, **named):
        raise socket.gaierror("no such host")

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    assert try_address("https://lamp.invalid/") == trying.Outcome(0, Problem.UNKNOWN_HOST)


def test_connection_goes_to_the_address_that_was_checked(host, monkeypatch):
    """A name that answers otherwise the second time is asked once only."""
    lookups = []

    def lookup(name, port, **named):
        lookups.append(name)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", host.server_port))]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    allowed = []
    outcome = try_address("http://lamp.example:8080/x", lambda address, port: not allowed.append((address, port)))
    assert outcome.problem == Problem.NONE
    assert lookups == ["lamp.example"]
    assert allowed == [("127.0.0.1", 8080)]
    assert host.asked == [("HEAD", "/x", "lamp.example:8080")]


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "8.8.8.8"])
def test_public_addresses_may_be_reached_on_ports_of_the_web(address):
    assert is_public(address, 443)
    assert not is_public(address, 6379)


def test_line_ends_in_an_address_send_no_second_line(host):
    outcome = try_address(host.url("/a\r\nX-Lamp: 1"), only(host))
    assert outcome.problem in {Problem.NONE, Problem.FAILS}
    assert all("X-Lamp" not in path or "\n" not in path for _m, path, _h in host.asked)
