"""The portal's settings for tests: a fourth kind installed, fast passwords, files in a temporary folder."""

import os
import tempfile

os.environ.setdefault("PORTAL_VAR_DIR", tempfile.mkdtemp(prefix="portal-tests-"))

from portal.settings import *  # noqa: F403
from portal.settings import INSTALLED_APPS, STORAGES

DEBUG = False
INSTALLED_APPS = [*INSTALLED_APPS, "tests.events"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
INDEX_AT_ONCE = False  # tests that search ask for the index
LETTERS_AT_ONCE = False  # and those of letters send them
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
