"""The portal's settings for tests: a fourth kind installed, fast passwords, files in a temporary folder."""

import os
import tempfile

# Processes that test at one time have a folder each. Programs they start have the one they are given.
os.environ.setdefault("PORTAL_VAR_DIR", tempfile.mkdtemp(prefix="portal-tests-"))
worker = os.environ.get("PYTEST_XDIST_WORKER", "")
if worker and os.environ.get("TESTS_FOLDER_OF") != worker:
    os.environ["PORTAL_VAR_DIR"] += f"/{worker}"
    os.environ["TESTS_FOLDER_OF"] = worker

from portal.settings import *  # noqa: E402, F403
from portal.settings import INSTALLED_APPS, STORAGES  # noqa: E402

DEBUG = False
INSTALLED_APPS = [*INSTALLED_APPS, "tests.events"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
INDEX_AT_ONCE = False  # tests that search ask for the index
LETTERS_AT_ONCE = False  # and those of letters send them
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
