"""The portal as a process of its own, with a database of its own, and the browsers of people who are signed in.

For what a test in one process cannot show: two people at one moment, and a server that dies. The programs that do it
(storm.py, killing.py) are started by `run` and print what they found as JSON.
"""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

ROOT = Path(__file__).parents[3]
# As in production, but for what tests/settings.py makes quick: tasks and the index wait for the worker.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "tests.settings",
    "PORTAL_ENV": "production",
    "PORTAL_SECRET_KEY": "not-a-secret-" * 5,
    "PORTAL_ALLOWED_HOSTS": "127.0.0.1",
    "PORTAL_SITE_URL": "http://127.0.0.1",
    "PORTAL_EMAIL_URL": "console:",
    "PORTAL_LOG_LEVEL": "ERROR",
}


def run(module, folder, *arguments, timeout):
    """What a program found that has a folder, and a database of the engine of this test run, to itself."""
    with own_database(folder) as database:
        ran = subprocess.run(
            [sys.executable, "-m", module, *map(str, arguments)],
            cwd=ROOT,
            env=os.environ | PRODUCTION | {"PORTAL_VAR_DIR": str(folder), "PORTAL_DATABASE_URL": database},
            capture_output=True,
            text=True,
            timeout=timeout,
        )
    assert ran.returncode == 0, ran.stderr[-4000:]
    return json.loads(ran.stdout.splitlines()[-1])


@contextlib.contextmanager
def own_database(folder):
    url = os.environ.get("PORTAL_DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield f"sqlite:///{folder / 'portal.sqlite3'}"
        return
    import psycopg

    name = f"portal_{uuid.uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlsplit(url)._replace(path=f"/{name}").geturl()
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


class Server:
    """Granian with one worker, which is where requests are answered; `kill` ends both at once."""

    def __init__(self, log):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = log
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
        options = ["--port", self.port, "--workers", 1, "--blocking-threads", 8, "--log-level", "error"]
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [*command, *map(str, options), "portal.wsgi:application"],
                cwd=ROOT,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self._wait()

    def _wait(self):
        for _ in range(600):
            with contextlib.suppress(OSError, http.client.HTTPException):
                if Browser(self.port).get("/livez").status_code == 200:
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        self.kill()
        raise RuntimeError(self.log.read_text()[-3000:])

    def kill(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *raised):
        self.kill()


@dataclass
class Answer:
    status_code: int
    content: bytes
    url: str = ""  # where it leads, if anywhere

    @property
    def is_accepted(self):
        return self.status_code == 302 and "sign-in" not in self.url and "login" not in self.url


class Browser:
    """Sends forms as tests/forms.py reads them; follows nothing. `on_sent` is called when a form is on its way."""

    def __init__(self, port, user=None, timeout=60):
        self.port, self.timeout, self.on_sent = port, timeout, lambda: None
        self.cookies = {"sessionid": session_of(user)} if user is not None else {}

    def get(self, path):
        return self._ask("GET", path)

    def post(self, path, data, files=None):
        if files:
            from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

            return self._ask("POST", path, encode_multipart(BOUNDARY, data | files), MULTIPART_CONTENT)
        body = urlencode(data, doseq=True).encode()
        return self._ask("POST", path, body, "application/x-www-form-urlencoded")

    def _ask(self, method, path, body=None, content_type=""):
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": content_type}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        try:
            connection.request(method, path, body, headers)
            if body is not None:
                self.on_sent()
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        for header in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
        return Answer(response.status, content, response.headers.get("Location", ""))


def session_of(user):
    from django.test import Client

    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value
