"""Changing several records at once: what to change, a list of what that does to each, and all of it or nothing.

An admin names in `bulk_fields` what its form can say of many. Records that visitors see get drafts.
"""

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.admin.several.form import ChangeForm
from portal.editorial import Status
from portal.models import Draft
from portal.versions import batches
from portal.versions.batches import AT_ONCE


class Stopped(ValidationError):
    """Nothing was done, because things are not as they were shown."""


class ChangesSeveral:
    bulk_fields = ()

    def get_actions(self, request):
        found = super().get_actions(request)
        may = self.bulk_fields and self.actions is not None and IS_POPUP_VAR not in request.GET
        if may and self.has_change_permission(request):
            found["change_several"] = self.get_action("change_several")
        return found

    def get_urls(self):
        view = self.admin_site.admin_view(self.several_view)
        return [path("several/", view, name=self._several_name), *super().get_urls()]

    @property
    def _several_name(self):
        return f"{self.opts.app_label}_{self.opts.model_name}_several"

    @admin.action(description=gettext_lazy("Change several at once"), permissions=["change"])
    def change_several(self, request, queryset):
        keys = list(queryset.order_by("pk").values_list("pk", flat=True)[: AT_ONCE + 1])
        if len(keys) > AT_ONCE:
            self.message_user(request, _("Choose at most %s records at once.") % AT_ONCE, messages.ERROR)
            return None
        return self._choose(request, keys, ChangeForm(self, request))

    def several_view(self, request):
        """The steps after the first: the list of what would change, and the change itself."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.bulk_fields or not self.has_change_permission(request):
            raise PermissionDenied
        keys, form = self._chosen(request), ChangeForm(self, request, request.POST)
        if keys is None or "_back" in request.POST or not form.is_valid():
            return self._choose(request, keys or [], form)
        if "_apply" in request.POST:
            try:
                return self._apply(request, keys, form)
            except (ValidationError, PermissionDenied, IntegrityError) as refused:
                self.message_user(request, told(refused), messages.ERROR)
        subjects = self._planned(request, keys, form)
        if "_leave_out" in request.POST:
            subjects = [subject for subject in subjects if not subject.refusal]
        submits = "submit" in request.POST
        context = page_of(subjects) | {"words": form.change.words, "sent": form.sent, "submits": submits}
        return self._page(request, "preview", _("Change several at once: what will change"), context)

    def _chosen(self, request):
        """Keys of the records of this list; None where too many or none of them were sent."""
        sent = request.POST.getlist("_selected_action")[: AT_ONCE + 1]
        keys = [key for key in (as_key(self.model, text) for text in sent) if key is not None]
        found = list(self.get_queryset(request).filter(pk__in=keys).order_by("pk").values_list("pk", flat=True))
        if len(sent) > AT_ONCE:
            self.message_user(request, _("Choose at most %s records at once.") % AT_ONCE, messages.ERROR)
        elif not found:
            self.message_user(request, _("Choose at least one record."), messages.ERROR)
        elif len(found) != len(set(sent)):
            self.message_user(request, _("Some of the records that were chosen are gone."), messages.WARNING)
            return found if "_apply" not in request.POST else None
        else:
            return found
        return None

    def _planned(self, request, keys, form, lock=False):
        subjects = batches.look(self.model, keys, lock)
        batches.plan(subjects, form.change)
        judge(self, request, subjects)
        return subjects

    def _apply(self, request, keys, form):
        with transaction.atomic():
            subjects = self._planned(request, keys, form, lock=True)
            stop_unless_as_shown(request, subjects)
            note = "\n".join(form.change.words)
            batch = batches.carry_out(subjects, request.user, note, submit="submit" in request.POST)
        tell_done(self, request, subjects, batch)
        return HttpResponseRedirect(self._list_url)

    @property
    def _list_url(self):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def _choose(self, request, keys, form):
        if not keys:
            return HttpResponseRedirect(self._list_url)
        records = self.get_queryset(request).filter(pk__in=keys).order_by("pk")
        context = {"records": records, "form": form, "media": self.media + form.media}
        return self._page(request, "choose", _("Change several at once"), context)

    def _page(self, request, name, title, context):
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "action_url": reverse(f"admin:{self._several_name}"),
            "list_url": self._list_url,
            **context,
        }
        return TemplateResponse(request, f"admin/portal/several/{name}.html", context)

    def why_not_chosen(self, request, chosen, by_draft):
        """Why somebody may not choose what a record would lead to; empty where they may."""
        return ""


def as_key(model, text):
    """None for what cannot be a key."""
    try:
        key = model._meta.pk.to_python(text)
        model._meta.pk.run_validators(key)
    except ValidationError:
        return None
    return key


def judge(model_admin, request, subjects):
    """Says of each record whether it becomes a draft, and why it may not be changed."""
    known = request.__dict__.setdefault("open_drafts", {})
    loaded = {}
    for subject in subjects:
        record = subject.record
        known[type(record), record.pk] = subject.draft
        subject.as_draft = subject.draft is not None or model_admin.needs_draft(request, record)
        if subject.changes and not subject.refusal:
            subject.refusal = why_not(model_admin, request, subject, loaded) or batches.check(subject)


def why_not(model_admin, request, subject, loaded):
    record, draft = subject.record, subject.draft
    if not model_admin.has_change_permission(request, record):
        if draft is not None and draft.status == Draft.Status.APPROVED:
            return _("Its draft is approved and waits for its time: take it back before you change it.")
        if Status.REVIEW in (getattr(record, "status", ""), draft and draft.status):
            return _("It is being reviewed, so it cannot be changed at the moment.")
        closed = getattr(model_admin, "why_not_changed", None)
        return (closed and closed(request, record, by_draft=True)) or _("You may not change it.")
    return why_not_what_it_hangs_on(model_admin, request, subject, loaded)


def why_not_what_it_hangs_on(model_admin, request, subject, loaded):
    """Why a record may not come to hang on what it would lead to. `loaded` spares asking for the same twice."""
    chosen = {}
    for name in getattr(model_admin, "hangs_on", ()):
        model, keys = subject.newly(name)
        for key in keys:
            if (model, key) not in loaded:
                loaded[model, key] = model._base_manager.filter(pk=key).first()
        chosen[name] = [thing for key in keys if (thing := loaded[model, key]) is not None]
    return model_admin.why_not_chosen(request, chosen, by_draft=subject.as_draft)


def page_of(subjects):
    """What the list of changes shows. While one of them is refused, nothing can be done."""
    changing = [subject for subject in subjects if subject.changes]
    return {
        "refused": [subject for subject in subjects if subject.refusal],
        "changing": [subject for subject in changing if not subject.refusal],
        "unchanged": [subject for subject in subjects if not subject.changes and not subject.refusal],
        "makes_drafts": any(subject.as_draft and not subject.refusal for subject in changing),
    }


def stop_unless_as_shown(request, subjects):
    """Somebody agreed to a list of changes: it must be what would happen now."""
    shown = dict(text.partition(":")[::2] for text in request.POST.getlist("_shown"))
    for subject in subjects:
        if subject.refusal:
            raise Stopped(
                _("Nothing was changed. “%(title)s”: %(why)s") % {"title": subject.record, "why": subject.refusal}
            )
        if shown.get(subject.key) != subject.sign:
            words = _("Nothing was changed: “%s” is not as it was when you looked at it. Look again.")
            raise Stopped(words % subject.record)


def told(refused):
    if isinstance(refused, Stopped):
        return " ".join(refused.messages)
    if isinstance(refused, IntegrityError):
        return _("Nothing was changed: it contradicts a rule of the database.")
    return _("Nothing was changed. %s") % " ".join(getattr(refused, "messages", [str(refused)]))


def tell_done(model_admin, request, subjects, batch):
    if batch is None:
        model_admin.message_user(request, _("Nothing was changed: they say so already."), messages.INFO)
        return
    n = sum(subject.changes for subject in subjects)
    as_drafts = sum(subject.changes and subject.as_draft for subject in subjects)
    words = ngettext("%s record is changed.", "%s records are changed.", n) % n
    if as_drafts:
        words += " " + _("As drafts of what visitors see: %s.") % as_drafts
    link = format_html('<a href="{}">{}</a>', reverse("admin:undo_at_once", args=[batch]), _("Undo"))
    model_admin.message_user(request, format_html("{} {}", words, link), messages.SUCCESS)
