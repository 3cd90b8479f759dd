"""What every template may use: whose site it is, the kinds, regions and pages in its menus."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal import kinds
from portal.models import Page, Region


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "organisation": settings.ORGANISATION,
        "site_url": settings.SITE_URL,
        "kinds": kinds.all(),
        "menu_regions": SimpleLazyObject(lambda: list(Region.objects.all())),
        "menu_pages": SimpleLazyObject(lambda: list(Page.objects.filter(is_public=True).exclude(menu=""))),
    }
