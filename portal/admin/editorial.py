"""The admin of every kind of content: drafts, the steps between states, and who may change what.

A kind's admin extends this in the open: `layout` lists fieldsets and inlines in the order of the page.
"""

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import CharField, OuterRef, Subquery
from django.db.models.functions import Cast
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import completeness, kinds
from portal.admin import decisions, saving
from portal.admin.decisions import in_own_time
from portal.admin.filters import MineFilter, StateFilter, TodoFilter
from portal.admin.several.steps import StepsForSeveral
from portal.admin.versioned import TranslatedAdmin
from portal.editorial import Status
from portal.languages import columns
from portal.models import AuditEntry, Draft
from portal.versions import drafts, history, rights

SOURCE = (
    gettext_lazy("Source and checking"),
    {
        "classes": ["collapse"],
        "fields": [("source", "source_locator"), ("last_checked", "review_due"), "editors_note", "slug"],
    },
)


def badge(state):
    return format_html('<span class="badge badge-{}">{}</span>', state.value, state.label)


def badges(state, draft_status):
    """Of a record, and of its open draft where it has one."""
    if not draft_status:
        return badge(state)
    draft = Draft.Status(draft_status)
    words = _("Draft") if draft == Draft.Status.WRITING else _("Draft: %s") % draft.label.lower()
    return format_html('{} <span class="badge badge-draft">{}</span>', badge(state), words)


class EditorialAdmin(StepsForSeveral, TranslatedAdmin):
    """Fieldsets and inlines of the subclass come from its `layout`."""

    layout = ()
    change_form_template = "admin/portal/editorial_form.html"
    list_display = ("title", "shown_state", "changed_at", "changed_by")
    list_filter = (StateFilter, MineFilter, TodoFilter)
    list_select_related = ("changed_by",)
    date_hierarchy = "changed_at"
    ordering = ("-changed_at", "-pk")
    search_fields = (*columns("title"), "slug")
    autocomplete_fields = ("source",)
    bulk_fields = ("source", "source_locator", "last_checked", "review_due")
    save_on_top = True
    actions = ("submit_all", "publish_all", "withdraw_all")

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.fieldsets = tuple(part for part in cls.layout if isinstance(part, tuple)) or None
        cls.inlines = tuple(part for part in cls.layout if isinstance(part, type))

    def get_queryset(self, request):
        """With the state of its draft, for the list."""
        own = drafts.open_drafts(self.model).filter(object_id=Cast(OuterRef("pk"), CharField()))
        return super().get_queryset(request).annotate(draft_status=Subquery(own.values("status")[:1]))

    @admin.display(description=gettext_lazy("state"), ordering="status")
    def shown_state(self, record):
        return badges(record.state, record.draft_status)

    # Who may do what

    def has_change_permission(self, request, obj=None):
        """A record in review is changed by who may publish it. What is live is changed by drafts."""
        in_review = obj is not None and obj.status == Status.REVIEW and not saving.only_reads(request)
        return super().has_change_permission(request, obj) and (not in_review or self.has_publish_permission(request))

    def needs_draft(self, request, record):
        return record.status == Status.PUBLISHED

    def saves_draft(self, request, record):
        """Whatever button was pressed: it may be one of a page from before the record left the site, or came on it."""
        return self.needs_draft(request, record)

    def get_readonly_fields(self, request, obj=None):
        """An address that people may have kept is changed by those who publish."""
        fixed = super().get_readonly_fields(request, obj)
        was_public = obj is not None and obj.first_published_at and obj.first_published_at <= timezone.now()
        return (*fixed, "slug") if was_public and not self.has_publish_permission(request) else fixed

    def has_delete_permission(self, request, obj=None):
        """Nobody: a record is withdrawn or archived."""
        return False

    def has_publish_permission(self, request):
        """Asked by Django too, for the actions that need it."""
        return rights.may_publish(request.user, self.model)

    def save_model(self, request, obj, form, change):
        if not change or form.has_changed():
            obj.changed_by = request.user
            super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if change and not form.has_changed() and any(formset.has_changed() for formset in formsets):
            form.instance.changed_by = request.user
            form.instance.save(update_fields=["changed_by", "changed_at"])

    def write_down(self, request, obj, verb, note):
        history.keep(obj, verb, request.user, note)
        obj.record_change(request.user, note, verb=verb)

    def response_add(self, request, obj, post_url_continue=None):
        return self._take_step(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        if saving.is_draft_save(request):
            return super().response_change(request, obj)
        return self._take_step(request, obj) or super().response_change(request, obj)

    def _take_step(self, request, obj):
        """Still inside the transaction of the save, which a ValidationError undoes. None when only a save was asked."""
        if not (verb := request.POST.get("_verb")) or IS_POPUP_VAR in request.POST:
            return None
        try:
            done = decisions.carry_out(verb, obj, request.user, request.decision.cleaned_data)
        except PermissionDenied as error:
            raise ValidationError(_("You may not do that: nothing was saved. (%s)") % error) from error
        self.message_user(request, done, messages.SUCCESS)
        if "_changelist_filters" in request.GET:
            return self.response_post_save_change(request, obj)
        return HttpResponseRedirect(reverse("admin:index"))

    # The page

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        draft = saving.draft_of(request, obj) if obj else None
        context |= {
            "parts": self._parts(context),
            "state_badge": badges(obj.state, draft.status if draft else "") if obj else "",
            "notice": self._notice(request, obj) if obj else None,
            "completeness": completeness.of(obj, kinds.of(obj).completeness) if obj else None,
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def steps(self, request, obj, draft, may_save):
        if not may_save or (draft and self.needs_draft(request, obj)):
            return super().steps(request, obj, draft, may_save)
        return decisions.buttons(request.user, self.model, obj)

    def _parts(self, context):
        """Fieldsets and inlines in the order of `layout`; what the form adds by itself comes last."""
        fieldsets = iter(context["adminform"])
        inlines = {type(formset.opts): formset for formset in context["inline_admin_formsets"]}
        for part in self.layout:
            if isinstance(part, tuple):
                yield {"fieldset": next(fieldsets)}
            elif part in inlines and (
                inlines[part].has_change_permission or inlines[part].formset.initial_form_count()
            ):
                yield {"inline": inlines[part]}
        for fieldset in fieldsets:
            yield {"fieldset": fieldset}

    def _notice(self, request, obj):
        """What a reader of the form must know first: why it is closed, why it came back, who has written it."""
        user = request.user
        asked = ", ".join(decisions.name_of(person) for person in decisions.publishers(self.model, but=user))
        if obj.status == Status.REVIEW and not self.has_publish_permission(request):
            return _("It is being reviewed, so it cannot be changed at the moment. Ask: %s") % (asked or "–")
        if obj.status == Status.PUBLISHED:
            words = decisions.dates_in_words(obj)
            if saving.draft_of(request, obj):
                return words or None
            return f"{words or _('Visitors see it.')} " + _(
                "What you save here becomes a draft, until somebody else publishes it."
            )
        if obj.status == Status.REVIEW:
            told = {"who": decisions.name_of(obj.submitted_by), "when": in_own_time(obj.submitted_at)}
            waits = _("Submitted by %(who)s on %(when)s.") % told + decisions.note_of_submission(obj)
            if user not in (obj.submitted_by, obj.changed_by):
                return waits
            own = _("You wrote this yourself") if obj.submitted_by == user else _("The last change is yours")
            return f"{waits} {own}: " + _("somebody else must publish it. Ask: %s") % (asked or "–")
        if obj.status == Status.DRAFT and obj.submitted_by_id:
            last = AuditEntry.objects.about(obj).filter(verb__in=("send back", "take back")).first()
            told = {"who": decisions.name_of(last.by), "why": last.note} if last else {}
            if last and last.verb == "take back":
                return _("Taken back by %(who)s before visitors saw it.") % told
            return _("Sent back by %(who)s: %(why)s") % told if last else None
        if obj.withdrawal_reason and obj.status == Status.ARCHIVED:
            return _("Withdrawn: %s") % obj.withdrawal_reason
        return None


__all__ = ["SOURCE", "EditorialAdmin", "badge"]
