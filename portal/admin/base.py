"""What every admin form of the portal has: English first and other languages folded away, the prose editor under
the content policy, and one audit log instead of Django's own.
"""

from copy import deepcopy
from functools import cached_property

from django.conf import settings
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.widgets import AdminSplitDateTime, RelatedFieldWidgetWrapper
from django.db import models
from django.utils import timezone
from django.utils.text import capfirst, format_lazy
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from js_asset import Media
from modeltranslation.translator import NotRegistered, translator

from portal import kinds, prose
from portal.admin import saving
from portal.admin.changes import describe
from portal.admin.forms import MAIN, PortalForm
from portal.admin.presence import FormsOpen
from portal.admin.previews import Previews
from portal.admin.sending import SentOnce
from portal.admin.sheets import SheetLinks
from portal.admin.versions import HistoryPages, KeepsDeleted
from portal.dates import PartialDateField
from portal.models import AuditEntry, Page
from portal.moments import SplitMomentField
from portal.rows import SlugField
from portal.versions import rights

OTHERS = [code for code, _name in settings.LANGUAGES if code != MAIN]
NAMES = dict(settings.LANGUAGES)


def translated_fields(model: type[models.Model]) -> list[str]:
    """The fields of a model that exist once per language, in the order of the model."""
    try:
        known = translator.get_options_for_model(model).all_fields
    except NotRegistered:
        return []
    return [field.name for field in model._meta.get_fields() if field.name in known]


def administers(user) -> bool:
    """Whether somebody answers for the site itself: its pages and vocabularies, not what its records say."""
    return rights.may_publish(user, Page)


def may_decide(user, app_label: str = "") -> bool:
    """Whether somebody may change what stands on live pages without being part of one record: who publishes any kind
    (of one app) may.
    """
    deciding = [kind.model for kind in kinds.all() if app_label in ("", kind.app_label)]
    return administers(user) or any(rights.may_publish(user, model) for model in deciding)


class Languages:
    """English in the places where a form names a translated field; the other languages together, folded away."""

    formfield_overrides = {
        PartialDateField: {},  # its own widget, not that of any text
        models.DateTimeField: {"form_class": SplitMomentField},
    }

    @cached_property
    def translated(self):
        return translated_fields(self.model)

    def in_english(self, names):
        """`title` -> `title_en`, within groups on one line too."""
        return [
            tuple(self.in_english(name))
            if isinstance(name, (list, tuple))
            else f"{name}_{MAIN}"
            if name in self.translated
            else name
            for name in names
        ]

    def labels(self):
        """Names of columns without “[en]”, and with the language's own name for the others."""
        found = {}
        for name in self.translated:
            label = capfirst(self.opts.get_field(name).verbose_name)
            found |= {f"{name}_{code}": f"{label} · {NAMES[code]}" for code in OTHERS} | {f"{name}_{MAIN}": label}
        return found

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is None:
            return None
        if isinstance(db_field, SlugField) and not db_field.blank:
            field.required, field.help_text = False, db_field.help_text or _("Left empty, it is made from the name.")
        if isinstance(db_field, models.TextField) and not isinstance(db_field, prose.ProseField):
            field.widget.attrs["rows"] = 3
        if code := getattr(db_field, "language", None):
            field.widget.attrs["lang"] = code
            field.widget.attrs["dir"] = "rtl" if get_language_info(code)["bidi"] else "ltr"
            if code != MAIN:
                field.help_text = ""
        if isinstance(field.widget, AdminSplitDateTime):
            zone = _("Times are those of %s.") % timezone.get_current_timezone_name()
            field.help_text = format_lazy("{} {}", field.help_text, zone)
            for widget, part in zip(field.widget.widgets, (_("date"), _("time")), strict=True):
                widget.attrs["aria-label"] = f"{capfirst(db_field.verbose_name)}: {part}"
        if isinstance(field.widget, RelatedFieldWidgetWrapper):
            # Adding on the way is what an editor needs; the rest is one more stop of the tab key each.
            field.widget.can_change_related = field.widget.can_delete_related = field.widget.can_view_related = False
        return field


class PortalAdminMixin(SentOnce, FormsOpen, Previews, SheetLinks, HistoryPages, KeepsDeleted, Languages):
    form = PortalForm
    save_as = False
    show_full_result_count = False
    list_per_page = 50

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        response = super().changeform_view(request, object_id, form_url, extra_context)
        self.report_opened(request)
        return response

    def answer_form(self, request, object_id, form):
        return saving.all_or_nothing(request, form) if request.method == "POST" else form(request)

    def get_fieldsets(self, request, obj=None):
        declared = self.fieldsets or [(None, {"fields": self.get_fields(request, obj)})]
        fieldsets = [
            (name, options | {"fields": self.in_english(options["fields"])}) for name, options in deepcopy(declared)
        ]
        shown = set(flatten_fieldsets(fieldsets))
        others = [f"{name}_{code}" for code in OTHERS for name in self.translated if f"{name}_{MAIN}" in shown]
        if others:
            fieldsets.append((_("Other languages"), {"classes": ["collapse"], "fields": others}))
        if obj is not None and not self.has_change_permission(request, obj):
            fieldsets = [(name, options | {"fields": self._readable(options["fields"])}) for name, options in fieldsets]
        return fieldsets

    def get_fields(self, request, obj=None):
        """Where no fieldsets are declared: the fields of the form, each translated one once."""
        if self.fields:
            return self.fields
        names = [
            field.name
            for field in [*self.opts.fields, *self.opts.many_to_many]
            if field.editable and not field.primary_key and not hasattr(field, "translated_field")
        ]
        return [*names, *(name for name in self.get_readonly_fields(request, obj) if name not in names)]

    def _readable(self, names):
        """For those who may only look: prose as text with markup rather than as tags."""
        shown = []
        for name in names:
            if isinstance(name, (list, tuple)):
                shown.append(tuple(self._readable(name)))
                continue
            field = next((field for field in self.opts.fields if field.name == name), None)
            shown.append(self._as_html(name) if isinstance(field, prose.ProseField) else name)
        return shown

    def _as_html(self, name):
        def html(obj):
            return prose.to_html(getattr(obj, name)) or "-"

        html.__name__, html.short_description = name, self.labels().get(name, name)
        return html

    def get_form(self, request, obj=None, change=False, **kwargs):
        kwargs.setdefault("labels", self.labels())
        if kwargs.get("fields"):
            kwargs["fields"] = [name for name in kwargs["fields"] if not callable(name)]
        form = super().get_form(request, obj, change=change, **kwargs)
        form.request = request
        form.refusal = getattr(request, "refusal", None)
        return form

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        # The prose editor brings an import map, which is an inline script: it needs this response's nonce.
        media = Media.from_media(context["media"])
        context["media"] = media.with_nonce(str(request.csp_nonce)) if hasattr(request, "csp_nonce") else media
        form = context["adminform"].form
        if form.is_bound:
            for inline in context["inline_admin_formsets"]:
                inline.formset.ask_for_uploads_again()
        if add and not form.is_bound:
            first = next((field for field in form if not field.is_hidden), None)
            if first is not None:
                first.field.widget.attrs["autofocus"] = True
        return super().render_change_form(request, context, add, change, form_url, obj)

    # One log: Django's own is not written, so that nobody has to look at two places.

    def construct_change_message(self, request, form, formsets, add=False):
        return describe(form, formsets or [], add)

    def log_addition(self, request, obj, message):
        AuditEntry.record(obj, "add", request.user, note="\n".join(message))

    def log_change(self, request, obj, message):
        if message:
            AuditEntry.record(obj, "change", request.user, note="\n".join(message))

    def log_deletions(self, request, queryset):
        for obj in queryset:
            AuditEntry.record(obj, "delete", request.user)
