"""What an import may do is what its person may do in the admin's forms: nothing is allowed here that is not there."""

from collections.abc import Callable, Sequence

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.admin.several.change import why_not, why_not_what_it_hangs_on
from portal.versions.batches import Subject


def acting(user) -> HttpRequest:
    """For commands and the worker: as if somebody had sent a form."""
    request = HttpRequest()
    request.user = user
    return request


def judge_for(request: HttpRequest) -> Callable[[Sequence[Subject]], None]:
    """Says of each subject whether it becomes a draft, and why it may not be written."""
    loaded: dict = {}

    def judge(subjects: Sequence[Subject]) -> None:
        known = request.__dict__.setdefault("open_drafts", {})
        for subject in subjects:
            record = subject.record
            model_admin = admin.site._registry.get(type(record))
            if subject.refusal or not subject.changes:
                continue
            if model_admin is None:
                subject.refusal = _("This is not brought in.")
            elif record._state.adding:
                subject.refusal = _why_not_new(model_admin, request, subject, loaded)
            else:
                known[type(record), record.pk] = subject.draft
                subject.as_draft = subject.draft is not None or model_admin.needs_draft(request, record)
                subject.refusal = why_not(model_admin, request, subject, loaded)

    return judge


def _why_not_new(model_admin, request, subject, loaded) -> str:
    if not model_admin.has_add_permission(request):
        return _("You may not add one.")
    return why_not_what_it_hangs_on(model_admin, request, subject, loaded)


def limits_of(reader, user) -> str:
    """What of its rows somebody may not write, in words; nothing where they may write all."""
    meta = reader.models[0]._meta
    may_add, may_change = (user.has_perm(f"{meta.app_label}.{verb}_{meta.model_name}") for verb in ("add", "change"))
    told = {"kinds": meta.verbose_name_plural}
    if not may_change:
        return (
            _("You may add %(kinds)s, but not change them: rows about some that are here already are refused.") % told
        )
    if not may_add:
        return _("You may change %(kinds)s, but not add any: rows about new ones are refused.") % told
    return ""
