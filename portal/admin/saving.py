"""One save of a form: as a draft or at once, and what happens when somebody else has saved meanwhile.

A form shows the open draft of a record where there is one. To read or save it, the draft is put in place in a
transaction that is undone: the stock admin then finds its rows, checks them and writes them, and what it has written
is the new text of the draft. What is live was never touched.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from portal.admin.decisions import ALONE
from portal.admin.meanwhile import Meanwhile, meet
from portal.models import Draft
from portal.versions import drafts, history
from portal.versions.comparing import Difference, compare
from portal.versions.content import Content, digest, put, take
from portal.versions.merging import with_removed


@dataclass
class Saving:
    """What one request shows and does. `shown` is what the form speaks of: the draft, else the record itself."""

    record: Any
    draft: Draft | None
    live: Content
    shown: Content
    is_trial: bool = False  # nothing that is written stays
    lines: list[str] = field(default_factory=list)  # what a save has changed, in words
    done: str = ""  # what has happened, for who did it
    meanwhile: Meanwhile | None = None  # of a form that was opened before somebody else's save
    struck: frozenset[str] = frozenset()  # rows of it that somebody wants to be removed
    unfit: str = ""  # why its draft cannot be put in place, so that it is shown without it
    is_closed: bool = False  # to who has written it, since they opened it: what they wrote is only read

    @property
    def sign(self) -> str:
        return digest(self.shown)

    def difference(self) -> list[Difference]:
        """What the draft would change for visitors."""
        return compare(type(self.record), self.live, self.draft.version.content) if self.draft else []

    @property
    def has_moved(self) -> bool:
        """Whether what is live has changed since the draft was begun."""
        return self.draft is not None and digest(self.live) != self.draft.base.digest


def draft_of(request: HttpRequest, record: models.Model) -> Draft | None:
    """The open draft of a record, asked for once in a request."""
    known = request.__dict__.setdefault("open_drafts", {})
    key = (type(record), record.pk)
    if key not in known:
        known[key] = drafts.open_draft(record)
    return known[key]


def _forget_drafts(request: HttpRequest) -> None:
    request.__dict__.pop("open_drafts", None)


def of(request: HttpRequest) -> Saving | None:
    return getattr(request, "saving", None)


def struck_rows(request: HttpRequest) -> frozenset[str]:
    saving = of(request)
    return saving.struck if saving else frozenset()


def only_reads(request: HttpRequest) -> bool:
    """Whether a form that is closed by now is gone through to tell what was typed; nothing of it stays."""
    saving = of(request)
    return saving is not None and saving.is_closed


def is_draft_save(request: HttpRequest) -> bool:
    """Whether what is being checked will be a draft, which somebody else publishes."""
    saving = of(request)
    return saving is not None and saving.is_trial


def all_or_nothing(request: HttpRequest, form: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    """Save all of a form or nothing of it; what was typed is shown again with the reason."""
    try:
        with transaction.atomic():
            return form(request)
    except (ValidationError, IntegrityError) as refused:
        request.refusal = _told(refused)
    return form(request)


def show(model_admin: Any, request: HttpRequest, record: Any, form: Callable[[HttpRequest], HttpResponse]):
    """The form of a record, or of its draft."""
    if draft_of(request, record) is None:
        if model_admin.has_change_permission(request, record):
            return _shown_unlocked(request, record, form) or _shown(request, record, form)
        return form(request)
    return _shown(request, record, form)


def _shown_unlocked(request: HttpRequest, record: Any, form: Any) -> HttpResponse | None:
    """None where somebody has saved while it was being read, so that it may hold parts of two texts."""
    before = history.last_number(record)
    request.saving = _begin(request, record)
    response = _drawn(form(request))
    return response if history.last_number(record) == before else None


def _shown(request: HttpRequest, record: Any, form: Any) -> HttpResponse:
    with transaction.atomic():
        record = history.lock(record)
        _forget_drafts(request)
        request.saving = _begin(request, record)
        return _drawn_as_if(request, record, form)


def _drawn_as_if(request: HttpRequest, record: Any, form: Any) -> HttpResponse:
    """The form over its draft; where that cannot be put in place any more, the form without it and the reason."""
    saving = request.saving
    try:
        with _as_if(record, saving.shown, saving.live):
            return _drawn(form(request))
    except (ValidationError, IntegrityError) as error:
        saving.unfit = drafts.in_words(error)
        saving.shown = saving.live
    with _as_if(record, saving.live, saving.live):
        return _drawn(form(request))


def change(model_admin: Any, request: HttpRequest, record: Any, form: Callable[[HttpRequest], HttpResponse]):
    """Save a changed form at once or as a draft, or stop it."""
    try:
        with transaction.atomic():
            locked = model_admin.lock(record)
            _forget_drafts(request)  # read before the lock, when somebody else may have been saving
            return _change(model_admin, request, locked, form)
    except (ValidationError, IntegrityError) as refused:
        request.refusal = _told(refused)
    with transaction.atomic():
        record = history.lock(record)
        _forget_drafts(request)
        request.saving = _begin(request, record)
        if request.POST.get("_verb") in ALONE:
            return _not_taken(model_admin, request, record, form)
        if not model_admin.has_change_permission(request, record):
            return _closed(request, record, form)
        return _drawn_as_if(request, record, form)


def _change(model_admin: Any, request: HttpRequest, record: Any, form: Any) -> HttpResponse:
    request.saving = saving = _begin(request, record)
    seen = request.POST.get("_seen", "")
    if request.POST.get("_verb") in ALONE:
        model_admin.before_saving(request, record)
        return _step_alone(model_admin, request, record, form)
    if not model_admin.has_change_permission(request, record) and not model_admin.takes_steps(request, record):
        return _closed(request, record, form)
    model_admin.before_saving(request, record)
    if saving.draft and saving.draft.status == Draft.Status.APPROVED:
        return _step_alone(model_admin, request, record, form)
    if saving.draft and request.POST.get("_verb") == "discard-draft":  # what was typed goes with it
        return model_admin.after_draft(request, record)
    as_draft = model_admin.saves_draft(request, record)
    if seen == saving.sign and not as_draft and saving.draft is None:
        return form(request)
    base = saving.shown if seen == saving.sign else getattr(history.saying(record, seen), "content", None)
    response, mine = _try(request, record, form, base or saving.shown)
    if mine is None:
        return response
    if seen != saving.sign:
        return _stop(request, record, form, base, mine)
    if as_draft:
        _write_draft(request, record, mine)
    else:
        _write_over_draft(model_admin, request, record, mine)
    return model_admin.after_draft(request, type(record)._base_manager.get(pk=record.pk))


def _begin(request: HttpRequest, record: Any) -> Saving:
    draft, live = draft_of(request, record), take(record)
    return Saving(record, draft, live, draft.version.content if draft else live)


def _told(refused: Exception) -> ValidationError:
    if isinstance(refused, ValidationError):
        return ValidationError(refused.messages)
    # The last net: rows are checked together before (see rows.py), so this is two people at one time.
    return ValidationError(
        _("Nothing was saved: two rows say the same thing, or one contradicts a rule of the database.")
    )


@contextmanager
def _as_if(record: Any, content: Content, live: Content) -> Iterator[None]:
    """Inside, the database holds a content as if it were in place; afterwards everything is as it was."""
    with transaction.atomic():
        try:
            if digest(content) != digest(live):
                put(type(record)._base_manager.get(pk=record.pk), content)
            yield
        finally:
            transaction.set_rollback(True)


def _drawn(response: HttpResponse) -> HttpResponse:
    """Now, as long as the database holds what it shows."""
    return response.render() if hasattr(response, "render") else response


def _try(request: HttpRequest, record: Any, form: Any, content: Content) -> tuple[HttpResponse, Content | None]:
    """Let the stock admin save the form over a content; its answer, and what was saved unless it was refused."""
    saving = request.saving
    saving.is_trial, mine = True, None
    with _as_if(record, content, saving.live):
        response = _drawn(form(request))
        if isinstance(response, HttpResponseRedirect):
            mine = take(record)
    return response, mine


def _stop(request: HttpRequest, record: Any, form: Any, base: Content | None, mine: Content) -> HttpResponse:
    """Nothing is saved. The form comes back with what both have changed, and where they differ with what was typed."""
    merged = meet(request, record, base, mine)
    content, request.saving.struck = with_removed(merged, request.saving.shown)
    return _as_opened_now(request, record, form, content, 409)


def _closed(request: HttpRequest, record: Any, form: Any) -> HttpResponse:
    """Since the form was opened the record has gone where they may not change it: what was typed is told, for them to
    keep. Raises PermissionDenied where no form was opened.
    """
    saving, seen = request.saving, request.POST.get("_seen", "")
    base = saving.shown if seen == saving.sign else getattr(history.saying(record, seen), "content", None)
    if base is None:
        raise PermissionDenied
    why = " ".join(getattr(getattr(request, "refusal", None), "messages", ()))
    request.refusal = None
    saving.is_closed = True
    response, mine = _try(request, record, form, base)
    saving.is_closed = saving.is_trial = False
    request.form_opened = None  # it could be changed only as long as it was read
    if mine is not None:
        gone_on = _("It went to review or was approved while this form was open, so it cannot be changed now.")
        meet(request, record, base, mine, why or gone_on)
        response = _as_opened_now(request, record, form, saving.shown, 403)
    response.status_code = 403
    return response


def _as_opened_now(request: HttpRequest, record: Any, form: Any, content: Content, status: int) -> HttpResponse:
    again = _opening(request)
    again.shows_unsaved, again.form_was = True, getattr(request, "form_token", None)
    with _as_if(record, content, request.saving.live):
        response = _drawn(form(again))
    request.form_opened = getattr(again, "form_opened", None)
    response.status_code = status
    return response


def _opening(request: HttpRequest) -> Any:
    """As if the form was opened rather than sent."""
    again: Any = copy(request)
    again.method, again.POST, again.refusal = "GET", QueryDict(), None
    return again


def _not_taken(model_admin: Any, request: HttpRequest, record: Any, form: Any) -> HttpResponse:
    """Why a step was not taken, over the form as it is by now: the page with its button had no boxes to type into."""
    why = format_html_join(" ", "{}", ((text,) for text in request.refusal.messages))
    model_admin.message_user(request, why, messages.ERROR)
    may = model_admin.has_change_permission(request, record) or model_admin.takes_steps(request, record)
    again = _opening(request)
    response = _drawn_as_if(again, record, form)
    request.form_opened = getattr(again, "form_opened", None)
    response.status_code = 409 if may else 403
    return response


def _write_draft(request: HttpRequest, record: Any, mine: Content) -> None:
    saving = request.saving
    if digest(mine) == saving.sign:
        return
    note = "\n".join(saving.lines)
    saving.draft = drafts.save(record, mine, by=request.user, note=note)
    request.open_drafts[type(record), record.pk] = saving.draft
    saving.done = _("Saved as a draft of “%s”. What visitors see has not changed.") % record


def _write_over_draft(model_admin: Any, request: HttpRequest, record: Any, mine: Content) -> None:
    """What was typed into the form of a draft goes live at once: for those who may, where no second person is asked."""
    saving = request.saving
    history.keep(record, "found", getattr(record, "changed_by", None), content=saving.live)
    put(type(record)._base_manager.get(pk=record.pk), mine)
    wrote = saving.draft.changed_by if digest(mine) == saving.sign else request.user
    model_admin.name_author(record, wrote)
    history.keep(record, "change", request.user, "\n".join(saving.lines))
    drafts.close(saving.draft, by=request.user)
    request.open_drafts[type(record), record.pk] = saving.draft = None
    saving.done = _("“%s” is saved: visitors see it now. Its draft is closed.") % record


def _step_alone(model_admin: Any, request: HttpRequest, record: Any, form: Any) -> HttpResponse:
    """Nothing is written: neither of what is approved, nor by a step whose page only shows it."""
    if not request.POST.get("_verb"):
        return _closed(request, record, form)
    if refusal := getattr(request, "refusal", None):
        raise refusal
    return model_admin.after_draft(request, record)
