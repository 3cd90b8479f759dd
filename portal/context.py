"""What every template may use: whose site it is, the kinds in the menu, the territorial notes a page gathers."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal import kinds
from portal.models import Page
from portal.territory import Notes


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "organisation": settings.ORGANISATION,
        "site_url": settings.SITE_URL,
        "kinds": kinds.all(),
        "menu_pages": SimpleLazyObject(lambda: list(Page.objects.filter(is_public=True).exclude(menu=""))),
        "territorial_notes": Notes(),
    }
