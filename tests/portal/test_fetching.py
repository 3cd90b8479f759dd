"""Bodies read from other hosts: through the same door as links are tried, up to a size and a time."""

import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from portal import trying
from portal.models import LinkCheck
from portal.trying import NoAnswer, fetch

Problem = LinkCheck.Problem
ANYWHERE = lambda address, port: True  # noqa: E731


class _Sends(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append((self.path, self.headers["User-Agent"]))
        status, headers, body = self.server.answers[self.path]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        for part in body:
            try:
                self.wfile.write(part)
                self.wfile.flush()
            except OSError:
                return
            time.sleep(0.02 if len(body) > 1 else 0)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def host():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Sends)
    server.daemon_threads = True
    server.answers, server.asked = {}, []
    server.url = lambda path="/": f"http://127.0.0.1:{server.server_port}{path}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def refused(url, may_reach=ANYWHERE, most=1000, seconds=5.0):
    with pytest.raises(NoAnswer) as caught:
        fetch(url, most, seconds, may_reach)
    return caught.value


def test_body_comes_with_its_status_and_headers(host):
    host.answers["/a?b=c"] = (503, {"Retry-After": "7", "Content-Length": "3"}, [b"abc"])
    answer = fetch(host.url("/a?b=c"), 1000, 5.0, ANYWHERE, agent="lamp")
    assert (answer.status, answer.body, answer.headers["Retry-After"]) == (503, b"abc", "7")
    assert host.asked[0][1].startswith("lamp (+")


def test_body_of_the_size_that_was_asked_for_comes_and_a_byte_more_does_not(host):
    host.answers["/"] = (200, {}, [b"x" * 1000])
    assert len(fetch(host.url(), 1000, 5.0, ANYWHERE).body) == 1000
    assert refused(host.url(), most=999).is_too_large


def test_redirect_is_told_and_not_followed(host):
    host.answers["/old"] = (302, {"Location": "http://169.254.169.254/"}, [b""])
    answer = fetch(host.url("/old"), 1000, 5.0, ANYWHERE)
    assert (answer.status, answer.target, len(host.asked)) == (302, "http://169.254.169.254/", 1)


def test_body_that_drips_is_left_when_the_time_is_over(host):
    host.answers["/"] = (200, {}, [b"x"] * 1000)
    assert refused(host.url(), seconds=0.3).problem == Problem.SILENT


def test_body_that_ends_before_its_length_is_not_taken_for_whole(host):
    host.answers["/"] = (200, {"Content-Length": "10"}, [b"abc"])
    assert refused(host.url()).problem == Problem.FAILS


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "http://user@example.org/", "http://example.org:22/", "nonsense"]
)
def test_what_is_no_plain_web_address_is_refused(monkeypatch, url):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: [(2, 1, 6, "", ("93.184.216.34", a[1]))])
    monkeypatch.setattr(trying._Pinned, "connect", lambda self: pytest.fail("a connection was opened"))
    assert refused(url, trying.is_public).problem == Problem.REFUSED


def test_house_is_not_reached(host):
    host.answers["/"] = (200, {}, [b"secret"])
    assert refused(host.url(), trying.is_public).problem == Problem.REFUSED
    assert not host.asked


def test_host_that_thinks_longer_than_a_link_is_waited_for_is_waited_for(host, monkeypatch):
    monkeypatch.setattr(trying, "TIMEOUT", 0.05)
    host.answers["/"] = (200, {}, [b"", b"", b"", b"", b"", b"x"])
    assert fetch(host.url(), 1000, 5.0, ANYWHERE).body == b"x"
