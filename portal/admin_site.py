"""The admin site: stock Django, with a front page that shows what needs doing."""

from django.conf import settings
from django.contrib.admin import AdminSite
from django.urls import path
from django.utils.translation import gettext_lazy as _


class PortalAdminSite(AdminSite):
    index_title = _("What needs doing")
    empty_value_display = "–"
    enable_nav_sidebar = False  # a form with rows needs the width; the front page and the breadcrumbs lead everywhere

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.disable_action("delete_selected")

    @property
    def site_header(self):
        return _("%s portal: editing") % settings.ORGANISATION["short"]

    site_title = site_header

    def index(self, request, extra_context=None):
        from portal.admin.desk import desk_of

        return super().index(request, desk_of(request.user, self) | (extra_context or {}))

    def get_urls(self):
        from portal.admin.preferences import preferences

        view = self.admin_view(preferences)
        return [path("preferences/", view, {"site": self}, name="preferences"), *super().get_urls()]

    def get_app_list(self, request, app_label=None):
        """Content first, then the vocabularies, people last; within an app as its admin registers them."""
        from portal import kinds

        apps = self._build_app_dict(request, app_label)
        order = [*dict.fromkeys(kind.app_label for kind in kinds.all()), "portal"]
        return sorted(apps.values(), key=lambda app: order.index(app["app_label"]) if app["app_label"] in order else 99)
