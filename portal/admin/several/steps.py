"""The steps of a record for several at once, through the same verbs: all of them or none. What visitors will see is
shown before.
"""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.admin import decisions
from portal.admin.several.change import Stopped
from portal.editorial import Status
from portal.models import Draft
from portal.telling import gathered
from portal.versions import batches
from portal.versions.batches import AT_ONCE
from portal.versions.comparing import compare, tell
from portal.versions.content import digest
from portal.versions.merging import merge


class StepsForSeveral:
    @admin.action(description=gettext_lazy("Submit for review"), permissions=["change"])
    def submit_all(self, request, queryset):
        """Records that are drafts, and drafts of what is live."""
        if keys := self._at_most(request, queryset):
            self._all_or_none(request, keys, lambda subject: "submit-draft" if subject.draft else "submit", {})

    @admin.action(description=gettext_lazy("Publish (shows first what that changes)"), permissions=["publish"])
    def publish_all(self, request, queryset):
        """Only what was submitted: a draft nobody has handed in is published from its own form, if at all."""
        if not (keys := self._at_most(request, queryset)):
            return None
        if "_confirmed" in request.POST:
            shown = dict(text.partition(":")[::2] for text in request.POST.getlist("_shown"))
            self._all_or_none(request, keys, publishing_step, {}, shown)
            return None
        subjects = batches.look(self.model, keys)
        waiting = [subject for subject in subjects if is_waiting(subject)]
        for subject in waiting:
            subject.refusal = why_not_published(request.user, subject)
        context = {
            "title": _("Publish: what visitors will see"),
            "records": [_to_publish(self.model, subject) for subject in waiting if not subject.refusal],
            "refused": [subject for subject in waiting if subject.refusal],
            "others": [subject.record for subject in subjects if not is_waiting(subject)],
        }
        return self._asked(request, "several/publish", context)

    @admin.action(description=gettext_lazy("Withdraw (asks for a reason)"), permissions=["publish"])
    def withdraw_all(self, request, queryset):
        """One reason for all of them, asked on a page between."""
        if not (keys := self._at_most(request, queryset)):
            return None
        asked = "_confirmed" in request.POST
        form = decisions.DecisionForm(request.POST if asked else None, verb="withdraw")
        if asked and form.is_valid():
            self._all_or_none(request, keys, lambda subject: "withdraw", form.cleaned_data)
            return None
        records = list(self.model._base_manager.filter(pk__in=keys).order_by("pk"))
        context = {"title": _("Withdraw: give a reason"), "records": records, "form": form}
        return self._asked(request, "withdraw", context | {"action_name": "withdraw_all"})

    def _asked(self, request, name, context):
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/portal/{name}.html", context)

    def _at_most(self, request, queryset):
        """Keys of what was chosen. None where it is too much, or where the list has lost some of it meanwhile."""
        keys = list(queryset.order_by("pk").values_list("pk", flat=True)[: AT_ONCE + 1])
        if len(keys) > AT_ONCE:
            self.message_user(request, _("Choose at most %s records at once.") % AT_ONCE, messages.ERROR)
            return None
        sent = set(request.POST.getlist("_selected_action"))
        if "_confirmed" in request.POST and sent != {str(key) for key in keys}:
            words = _("Nothing was done: some of the records are not in this list any more. Look again.")
            self.message_user(request, words, messages.ERROR)
            return None
        return keys

    def _all_or_none(self, request, keys, step, told, shown=None):
        """`step` says which one a record takes; `shown` is what somebody agreed to, by key."""
        try:
            with transaction.atomic(), gathered():
                subjects = batches.look(self.model, keys, lock=True)
                for subject in subjects:
                    if shown is not None and shown.get(subject.key) != publishing_sign(subject):
                        words = _("“%s” is not as it was when you looked at it. Look again.")
                        raise Stopped(words % subject.record)
                for subject in subjects:
                    self._take_one(request, subject, step(subject), told)
        except (ValidationError, PermissionDenied) as error:
            why = " ".join(getattr(error, "messages", [str(error)]))
            words = _("None of the %(count)s was changed. %(why)s") % {"count": len(keys), "why": why}
            self.message_user(request, words, messages.ERROR)
            return
        self.message_user(request, _("Done for %s records.") % len(subjects), messages.SUCCESS)

    def _take_one(self, request, subject, verb, told):
        try:
            decisions.carry_out(verb, subject.record, request.user, told)
        except (ValidationError, IntegrityError) as error:
            why = " ".join(getattr(error, "messages", [_("it contradicts a rule of the database.")]))
            raise ValidationError(_("“%(title)s”: %(why)s") % {"title": subject.record, "why": why}) from error


def is_waiting(subject):
    return subject.record.status == Status.REVIEW or (
        subject.draft is not None and subject.draft.status == Draft.Status.REVIEW
    )


def publishing_step(subject):
    if not is_waiting(subject):
        raise ValidationError(_("“%s” is not in review.") % subject.record)
    return "publish" if subject.record.status == Status.REVIEW else "publish-draft"


def publishing_sign(subject):
    """Of what visitors would see, and of what they see now."""
    return f"{digest(subject.shown)[:20]}-{digest(subject.live)[:20]}"


def why_not_published(user, subject):
    """What can be told before; the verbs decide."""
    of = subject.record if subject.record.status == Status.REVIEW else subject.draft
    if user.pk in (of.submitted_by_id, of.changed_by_id):
        return _("You wrote this yourself: somebody else must publish it.")
    has_moved = of is subject.draft and digest(subject.live) != of.base.digest
    if has_moved and merge(of.base.content, subject.live, subject.shown).clashes:
        return _("What visitors see has changed since, in the same places: decide that in its form.")
    return ""


def _to_publish(model, subject):
    """What one of them brings to visitors: all of a new record, of a draft what it changes."""
    is_draft = subject.record.status != Status.REVIEW
    old, new = subject.live, subject.shown
    if is_draft and digest(old) != subject.draft.base.digest:
        new = merge(subject.draft.base.content, old, new).content
    return {
        "subject": subject,
        "sign": publishing_sign(subject),
        "is_draft": is_draft,
        "differences": compare(model, old, new) if is_draft else tell(model, new),
    }
