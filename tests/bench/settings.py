"""The portal's settings for measuring: as in production, with a database, files and index of its own."""

import os

os.environ.setdefault("PORTAL_VAR_DIR", "var/bench")
os.environ.pop("PORTAL_DATABASE_URL", None)  # SQLite, in that folder
os.environ["PORTAL_ENV"] = "demo"

from portal.settings import *  # noqa: F403
from portal.settings import STORAGES

STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
INDEX_AT_ONCE = False  # what is measured asks for the index itself
LETTERS_AT_ONCE = False
