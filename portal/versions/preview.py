"""A page as visitors would see it once what is being written is published: put in place, drawn for somebody without
an account, and taken back, in one transaction that is never kept.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, models, transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.urls import Resolver404, get_script_prefix, resolve
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.models import Draft
from portal.models.pages import is_public
from portal.versions.content import Content, digest, put, take
from portal.versions.drafts import open_draft
from portal.versions.merging import merge
from portal.versions.shape import shape_of

logger = logging.getLogger(__name__)

HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",  # the address itself is what lets somebody in
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


class Undrawable(Exception):
    """Why there is no page to show, in words."""


@dataclass(frozen=True)
class Bar:
    """What stands above a preview. `missing` is what had to be left out because it is gone by now."""

    record: models.Model
    draft: Draft | None
    is_public: bool
    has_clash: bool
    language: str
    around: Mapping[str, Any]
    missing: list[str] = field(default_factory=list)

    def render(self) -> str:
        """In English on every page, like all that is for those who write."""
        with override(settings.LANGUAGE_CODE):
            return render_to_string("admin/portal/_preview_bar.html", {"bar": self, "languages": settings.LANGUAGES})

    @property
    def by(self) -> str:
        person = self.draft.changed_by if self.draft else getattr(self.record, "changed_by", None)
        return (person.get_full_name() or person.get_username()) if person else ""

    @property
    def at(self) -> Any:
        return self.draft.changed_at if self.draft else getattr(self.record, "changed_at", None)

    @property
    def has_closed_files(self) -> bool:
        """Files leave only through a view that asks whether their record is public, and a preview is no answer."""
        rows = [
            rows
            for rows in shape_of(type(self.record)).rows
            if any(isinstance(column, models.FileField) for column in rows.shape.fields)
        ]
        return any(rows.shape.model._base_manager.filter(**{rows.owner: self.record.pk}).exists() for rows in rows)


def has_page(model: type[models.Model]) -> bool:
    return hasattr(model, "put_on_show")


def pages_of(record: Any) -> list[Any]:
    """The records whose pages show it, first the one that is drawn: itself, unless it stands on those of others."""
    return getattr(record, "shown_with", None) or [record]


def draw(record: Any, language: str, by: Any, query: QueryDict | None = None, **around: Any) -> HttpResponse:
    """The page that shows a record, with its open draft in place if it has one, in a language. `by` answers for it
    where the database asks who approved; `around` is handed to the bar. Raises Undrawable.

    `query` is what the page is asked beside: a dialogue, a day. Without it the page offers nothing to ask.

    Nothing of it is kept: neither rows nor what was to follow a commit. SQLite has nobody else write meanwhile.
    """
    try:
        with transaction.atomic(), override(language):
            response = _draw(record, language, by, query, around)
            transaction.set_rollback(True)
    except ValidationError as error:
        raise Undrawable(" ".join(error.messages)) from error
    except (Http404, Resolver404, ObjectDoesNotExist) as error:
        raise Undrawable(_("No page would show it as it stands.")) from error
    except DatabaseError as error:
        logger.exception("preview of %s %s", record._meta.label, record.pk)
        raise Undrawable(_("The database cannot hold it as it stands, or is busy. Try again in a moment.")) from error
    for name, value in HEADERS.items():
        response[name] = value
    return response


def _draw(record: Any, language: str, by: Any, query: QueryDict | None, around: Mapping[str, Any]) -> HttpResponse:
    record = type(record)._base_manager.get(pk=record.pk)
    was_public, draft, missing, has_clash = is_public(record), open_draft(record), [], False
    if draft is not None:
        content, has_clash = _to_be(record, draft)
        missing = put(record, content)
        record = type(record)._base_manager.get(pk=record.pk)
    path = record.put_on_show(by)
    request = _visit(path, query)
    bar = Bar(record, draft, was_public, has_clash, language, around, missing)
    request.preview_bar = bar.render()  # type: ignore[attr-defined]
    match = resolve(request.path_info)
    response = match.func(request, *match.args, **match.kwargs)
    if response.status_code not in {200, 400}:  # 400: what was asked cannot be read, and the page says so
        raise Http404
    return response


def _to_be(record: models.Model, draft: Draft) -> tuple[Content, bool]:
    """What publishing the draft now would put in place, and whether somebody would have to decide first."""
    live = take(record)
    if digest(live) == draft.base.digest:
        return draft.version.content, False
    merged = merge(draft.base.content, live, draft.version.content)
    return merged.content, bool(merged.clashes)


def _visit(path: str, query: QueryDict | None) -> HttpRequest:
    """The request of somebody who comes with nothing: no cookies, no account."""
    request = HttpRequest()
    request.GET = query or QueryDict()  # type: ignore[assignment]
    request.is_fixed = query is None  # type: ignore[attr-defined]
    request.method, request.path = "GET", path
    request.path_info = "/" + path.removeprefix(get_script_prefix())
    request.user = AnonymousUser()
    return request
