"""Sends the letters about new hits of saved searches; to be run once a day, or oftener."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.search.store import IndexUnavailable
from portal.staff.alerts import send_alerts

REST = "nothing is recorded for those not yet told"


class Command(BaseCommand):
    help = "Tells the owners of saved searches by e-mail what is new. Running it again tells nothing twice."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.EMAIL_BACKEND == "":
            raise CommandError("Set the environment variable PORTAL_EMAIL_URL: there is no mail server to send by.")
        try:
            report = send_alerts()
        except IndexUnavailable as error:
            raise CommandError(f"The search index cannot be read; {REST}: {error}") from error
        except OSError as error:
            raise CommandError(f"The mail server cannot be reached; {REST}: {error}") from error
        self.stdout.write(f"letters sent: {report.sent}, not sent: {report.failed}")
        if report.failed:
            raise CommandError("Some letters could not be sent; the log says why.")
