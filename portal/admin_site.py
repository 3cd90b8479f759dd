"""The admin site: stock Django, with a front page that shows what needs doing."""

from functools import partial, update_wrapper

from django.conf import settings
from django.contrib.admin import AdminSite
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_protect


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
        from portal.admin.versions import bin

        context = desk_of(request.user, self) | {"has_bin": bin.is_open_to(request)}
        return super().index(request, context | (extra_context or {}))

    def get_urls(self):
        from portal.admin.preferences import preferences
        from portal.admin.several import undo
        from portal.admin.versions import bin

        view = self.admin_view(preferences)
        past, back = partial(undo.past_view, site=self), partial(undo.undo_view, site=self)
        return [
            path("preferences/", view, {"site": self}, name="preferences"),
            *bin.urls(self),
            path("changes-at-once/", self.admin_view(past), name="changes_at_once"),
            path("changes-at-once/<uuid:batch>/", self.admin_view(back), name="undo_at_once"),
            *super().get_urls(),
        ]

    # A form that arrives after the sign-in has ended (portal/admin/returning.py)

    def admin_view(self, view, cacheable=False):
        from portal.admin import returning

        inner = super().admin_view(view, cacheable)
        if not returning.is_form(view):
            return inner

        def checked(request, *args, **kwargs):
            carried = "" if request.method != "POST" or self.has_permission(request) else returning.pack(request)
            if carried:
                return returning.ask_to_sign_in(self, request, carried)
            return inner(request, *args, **kwargs)

        return update_wrapper(csrf_protect(checked), inner)

    def login(self, request, extra_context=None):
        from portal.admin import returning

        carried = request.POST.get("_carried", "")
        typed = returning.unpack(carried) if carried else None
        if typed is None:
            return super().login(request, extra_context)
        told = {"carried": carried, "typed": typed, "sign_in_url": request.path}
        response = super().login(request, told | (extra_context or {}))
        if response.status_code == 302:
            return returning.go_on(self, request, typed)
        response.template_name = returning.PAGE
        return response

    def get_app_list(self, request, app_label=None):
        """Content first, then the vocabularies, people last; within an app as its admin registers them."""
        from portal import kinds

        apps = self._build_app_dict(request, app_label)
        order = [*dict.fromkeys(kind.app_label for kind in kinds.all()), "portal"]
        return sorted(apps.values(), key=lambda app: order.index(app["app_label"]) if app["app_label"] in order else 99)
