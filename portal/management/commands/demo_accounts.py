"""Makes the demo's accounts and says how to sign in."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.accounts import DEMO_NAMES, DEMO_PASSWORD, create_demo_accounts


class Command(BaseCommand):
    help = "Makes one account per role with a known password. Refused in production."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Everybody knows the password of these accounts: not in production.")
        create_demo_accounts()
        self.stdout.write(
            f"The portal:  {settings.SITE_URL}/\n"
            f"The admin:   {settings.SITE_URL}/admin/\n"
            f"Sign in as:  {', '.join(DEMO_NAMES)}\n"
            f"Password:    {DEMO_PASSWORD}"
        )
