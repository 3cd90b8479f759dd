"""Start-up: finds every app's kinds.py, readers.py and sums.py, and puts our own admin site in place."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("Shared vocabularies")
    default = True

    def ready(self) -> None:
        from portal import checks, roles  # noqa: F401 (checks register themselves)

        autodiscover_modules("kinds")
        autodiscover_modules("readers")
        autodiscover_modules("sums")
        from portal.search import log

        log.connect()
        # Without a sender: roles reach over all apps, and the last app to migrate completes them.
        post_migrate.connect(roles.create_groups, dispatch_uid="portal.roles")


class PortalAdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "portal.admin_site.PortalAdminSite"
