"""A repository of our own on loopback that speaks OAI-PMH, and misbehaves where a test asks it to."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape, quoteattr

import pytest

from publications.harvesting import client, reading
from publications.models import PublicationType
from tests.bringing import read_in

ANSWERED = "2026-03-01T08:00:00Z"


def dc(**elements):
    inner = "".join(
        f"<dc:{name}>{escape(value)}</dc:{name}>"
        for name, values in elements.items()
        for value in ([values] if isinstance(values, str) else values)
    )
    return (
        '<metadata><oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/">{inner}</oai_dc:dc></metadata>'
    )


def record(key, changed="2026-02-01T00:00:00Z", deleted=False, **elements):
    status = ' status="deleted"' if deleted else ""
    body = "" if deleted else dc(**elements)
    return f"<record><header{status}><identifier>{escape(key)}</identifier><datestamp>{changed}</datestamp></header>{body}</record>"


def envelope(inner):
    return (
        '<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        f"<responseDate>{ANSWERED}</responseDate><request>x</request>{inner}</OAI-PMH>"
    ).encode()


def error(code, words="no"):
    return envelope(f"<error code={quoteattr(code)}>{words}</error>")


class _Repository(BaseHTTPRequestHandler):
    def do_GET(self):
        asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        server = self.server
        server.asked.append(asked)
        if server.script:
            status, headers, body = server.script.pop(0)
        elif asked["verb"] == "Identify":
            status, headers, body = 200, {}, envelope(server.identity)
        else:
            n = int(asked.get("resumptionToken", 0))
            more = f"<resumptionToken>{n + 1}</resumptionToken>" if n + 1 < len(server.pages) else "<resumptionToken/>"
            inner = "".join(server.pages[n]) if server.pages else ""
            body = envelope(f"<ListRecords>{inner}{more}</ListRecords>") if inner else error("noRecordsMatch")
            status, headers = 200, {}
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def repository():
    """`pages` are lists of records; `script` holds answers that are sent first, whatever is asked."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Repository)
    server.daemon_threads = True
    server.pages, server.script, server.asked = [], [], []
    server.identity = (
        "<Identify><repositoryName>Arrivals</repositoryName><baseURL>x</baseURL><protocolVersion>2.0</protocolVersion>"
        "<granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify>"
    )
    server.url = f"http://127.0.0.1:{server.server_port}/oai"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def ask(repository):
    """A client of the repository that notes how long it would have slept."""

    def make(**limits):
        slept = []
        own = client.Client(repository.url, lambda *_: True, client.Limits(**limits), slept.append)
        own.slept = slept
        return own

    return make


@pytest.fixture
def within_reach(monkeypatch):
    monkeypatch.setattr(reading, "may_reach", lambda *_: True)


@pytest.fixture
def report(db):
    return PublicationType.objects.create(slug="report", name="Report", csl_type="report")


@pytest.fixture
def bring(repository, within_reach, editor):
    """Reads and plans a harvest as the form would begin it."""

    def do(**options):
        form = reading.HarvestOptions({"url": repository.url} | options)
        assert form.is_valid(), form.errors
        return read_in("oai", editor, repository.url, options=form.cleaned_data)

    return do
