"""The WSGI entry point. A server that loads it is in production unless PORTAL_ENV says otherwise."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("PORTAL_ENV", "production")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

if settings.PRODUCTION:
    from portal.accounts import refuse_demo_accounts

    refuse_demo_accounts()
