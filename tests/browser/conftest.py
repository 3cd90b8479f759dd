"""A browser for the tests that need one. They are skipped, with a reason, where there is none."""

import os
import shutil

import pytest
from django.test import Client

# Playwright's synchronous interface runs an event loop in this thread; Django would refuse to use the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def browser():
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, live_server):
    """open_page(user=None, width=1280): a page of a browser of its own, in which `user` has signed in.

    `page.complaints` gathers what the console reports as an error, violations of the content policy among them.
    """
    contexts = []

    def open_page(user=None, width=1280):
        context = browser.new_context(viewport={"width": width, "height": 800}, base_url=live_server.url)
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            session = client.cookies["sessionid"]
            context.add_cookies([{"name": "sessionid", "value": session.value, "url": live_server.url}])
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
