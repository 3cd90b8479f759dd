"""Records of which every version is kept: saved at once or as a draft, reviewed by somebody else, never overwritten by
one who has not seen what another saved. A model's admin inherits this; saving.py does the saving.
"""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from modeltranslation.admin import TranslationAdmin

from portal.admin import decisions, origins, saving
from portal.admin.base import PortalAdminMixin
from portal.admin.decisions import in_words, name_of
from portal.admin.several.change import ChangesSeveral
from portal.models import AuditEntry, Draft
from portal.versions import drafts, history, rights


class VersionedMixin(ChangesSeveral, PortalAdminMixin):
    change_form_template = "admin/portal/change_form.html"

    def answer_form(self, request, object_id, form):
        record = self.get_object(request, unquote(object_id)) if object_id else None
        if record is None:
            if request.method != "POST":
                return form(request)
            self.before_saving(request, None)
            return saving.all_or_nothing(request, form)
        if request.method != "POST":
            return saving.show(self, request, record, form)
        if not self.has_change_permission(request) and not self.takes_steps(request, record):
            raise PermissionDenied
        return saving.change(self, request, record, form)

    def before_saving(self, request, record):
        """Runs in the transaction of a save. Sets `request.decision`, and `request.refusal` where nothing may be
        saved.
        """
        draft = saving.draft_of(request, record) if record is not None else None
        verb = request.POST.get("_verb", "")
        request.decision = decisions.DecisionForm(request.POST, verb=verb, record=record, draft=draft)
        if not request.decision.is_valid():
            request.refusal = ValidationError(_("Nothing was saved: see beside the buttons."))

    def lock(self, record):
        """The row as the database has it, until the end of the transaction."""
        return history.lock(record)

    def name_author(self, record, by):
        """Whose text has been put in place: somebody else must publish it."""
        drafts.name_author(record, by)

    def needs_draft(self, request, record):
        """Whether visitors see a record as it is, so that somebody else must read its changes first."""
        return False

    def saves_draft(self, request, record):
        verb = request.POST.get("_verb", "")
        return self.needs_draft(request, record) or "_draft" in request.POST or verb.endswith("-draft")

    def takes_steps(self, request, record):
        """Whether somebody who cannot write in a form may still press its buttons."""
        return saving.draft_of(request, record) is not None and rights.may_publish(request.user, self.model)

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        draft = saving.draft_of(request, obj) if allowed and obj is not None and obj.pk else None
        if draft is None or saving.only_reads(request):
            return allowed
        if draft.status == Draft.Status.REVIEW:
            return rights.may_publish(request.user, self.model)
        return draft.status == Draft.Status.WRITING

    def after_draft(self, request, record):
        """Where a save of a draft leads: to the step that was asked for, or back to the form."""
        done = saving.of(request).done
        if not (verb := request.POST.get("_verb")):
            self.message_user(request, done or _("Nothing was changed."), messages.SUCCESS if done else messages.INFO)
            return HttpResponseRedirect(request.get_full_path())
        try:
            done = decisions.carry_out(verb, record, request.user, request.decision.cleaned_data)
        except PermissionDenied as error:
            raise ValidationError(_("You may not do that: nothing was saved. (%s)") % error) from error
        self.message_user(request, done, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:index"))

    def response_change(self, request, obj):
        if saving.is_draft_save(request):
            return HttpResponseRedirect(request.path)  # thrown away with the trial
        return super().response_change(request, obj)

    def log_addition(self, request, obj, message):
        self.write_down(request, obj, "add", "\n".join(message))

    def log_change(self, request, obj, message):
        found = saving.of(request)
        found.lines = message
        if message and not found.is_trial:
            history.keep(obj, "found", getattr(found.record, "changed_by", None), content=found.live)
            self.write_down(request, obj, "change", "\n".join(message))

    def write_down(self, request, obj, verb, note):
        history.keep(obj, verb, request.user, note)
        AuditEntry.record(obj, verb, request.user, note=note)

    # The page

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        found = saving.of(request) if change else None
        draft = found.draft if found else None
        may_save = self.has_add_permission(request) if add else self.has_change_permission(request, obj)
        steps = self.steps(request, obj, draft, may_save)
        if context["is_popup"]:
            steps = [decisions.Button(_("Save"), "_save", "1")] if may_save else []
        context |= {
            # What was typed speaks of what was seen when the form was opened, also when it comes back with a mistake.
            "seen": request.POST.get("_seen") or (found.sign if found else ""),
            "draft": draft,
            "came_from": origins.told(obj) if change and obj is not None else None,
            "has_moved": found.has_moved if found else False,
            "meanwhile": found.meanwhile if found else None,
            "draft_changes": found.difference() if draft else [],
            "draft_notice": self.draft_notice(request, draft) if draft else "",
            "unfit": found.unfit if found else "",
            "steps": steps,
            "decision": getattr(request, "decision", None) or decisions.DecisionForm(record=obj, draft=draft),
            "asks_reason": next((step for step in steps if step.needs == "reason"), None),
            "asks_note": any(step.value in {"submit", "submit-draft"} for step in steps),
            "asks_dates": next((step for step in steps if step.needs == "dates" or step.is_publishing), None),
            "time_zone": timezone.get_current_timezone_name(),
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def steps(self, request, obj, draft, may_save):
        """The buttons under the form; the first is what Enter does in a text box."""
        if draft:
            return decisions.draft_buttons(request.user, self.model, draft, self.saves_at_once(request, obj))
        if not may_save:
            return []
        if obj is not None and self.needs_draft(request, obj):
            return decisions.first_draft_buttons()
        save = decisions.Button(_("Save"), "_save", "1", "default")
        stay = decisions.Button(_("Save and continue editing"), "_continue", "1")
        if obj is None:
            return [save, decisions.Button(_("Save and add another"), "_addanother", "1"), stay]
        return [save, stay, decisions.Button(_("Save as a draft"), "_draft", "1")]

    def saves_at_once(self, request, obj):
        return not self.needs_draft(request, obj) and self.has_change_permission(request, obj)

    def draft_notice(self, request, draft):
        """What a reader of the form must know first: this is a draft, whose, and what it waits for."""
        told = {
            "who": name_of(draft.changed_by),
            "when": in_words(draft.changed_at),
            "submitter": name_of(draft.submitted_by),
            "note": draft.note,
        }
        if draft.status == Draft.Status.APPROVED:
            told |= {"approver": name_of(draft.approved_by), "at": in_words(draft.publish_at)}
            told["zone"] = timezone.get_current_timezone_name()
            words = _("Approved by %(approver)s: visitors will see this from %(at)s (%(zone)s).")
        elif draft.status == Draft.Status.REVIEW:
            words = _("This draft was submitted by %(submitter)s and waits for review; the last change is by %(who)s.")
        else:
            words = _("This is the draft of %(who)s, %(when)s. Visitors do not see it yet.")
        parts = [words % told]
        if draft.problem:
            parts.append(_("It could not be published: %s") % draft.problem)
        elif draft.note and draft.status != Draft.Status.APPROVED:
            back = draft.status == Draft.Status.WRITING
            parts.append((_("Sent back: “%(note)s”.") if back else _("Note: “%(note)s”.")) % told)
        if draft.status == Draft.Status.REVIEW and request.user in (draft.submitted_by, draft.changed_by):
            asked = ", ".join(name_of(person) for person in decisions.publishers(self.model, but=request.user))
            parts.append(_("You wrote this yourself: somebody else must publish it. Ask: %s") % (asked or "–"))
        return " ".join(parts)


class PortalAdmin(VersionedMixin, admin.ModelAdmin):
    """For models without translated columns."""


class TranslatedAdmin(VersionedMixin, TranslationAdmin):
    """For models with them."""
