"""The admin site: stock Django, with a front page that shows what needs doing."""

from django.contrib.admin import AdminSite


class PortalAdminSite(AdminSite):
    pass
