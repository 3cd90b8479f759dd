"""The bin: what was deleted, archived or withdrawn, and bringing it back with its key, its rows and its links."""

from dataclasses import dataclass

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal import kinds
from portal.admin.decisions import name_of
from portal.admin.versions import rules
from portal.admin.versions.deleting import KeepsDeleted
from portal.admin.versions.reading import label_of_version
from portal.admin.versions.restoring import ReasonForm, warnings
from portal.editorial import EditorialModel, Status
from portal.models import AuditEntry, Version
from portal.versions import history
from portal.versions.checking import check_written
from portal.versions.comparing import tell
from portal.versions.content import put, take

ON_ONE_PAGE = 50
DELETED, PUT_AWAY, BACK = ("delete",), ("archive", "withdraw"), ("undelete", "reopen")


@dataclass
class Item:
    """One line of the bin. `url` leads to the page that brings it back; `why_not` says why there is none."""

    entry: AuditEntry
    kind: str
    url: str = ""
    why_not: str = ""

    @property
    def who(self) -> str:
        return name_of(self.entry.by) if self.entry.by else "–"


def deleted_models(request) -> list[type[models.Model]]:
    """Those whose deleted records somebody may bring back: they may add to them, and somebody may delete from them."""
    return [
        model
        for model, model_admin in admin.site._registry.items()
        if rules.keeps_versions(model)
        and not issubclass(model, EditorialModel)
        and isinstance(model_admin, KeepsDeleted)
        and model_admin.has_add_permission(request)
    ]


def kinds_put_away(user) -> list[type[models.Model]]:
    """Those whose archived records somebody may reopen."""
    own = [kind for kind in kinds.all() if admin.site.is_registered(kind.model)]
    return [kind.model for kind in own if user.has_perm(f"{kind.app_label}.change_{kind.name}")]


def is_open_to(request) -> bool:
    return bool(kinds_put_away(request.user) or deleted_models(request))


def entries_for(request):
    """The last act on each that is gone now, the newest first."""
    deleted, away = (
        [ContentType.objects.get_for_model(model) for model in found]
        for found in (deleted_models(request), kinds_put_away(request.user))
    )
    later = AuditEntry.objects.filter(
        content_type=OuterRef("content_type"),
        object_id=OuterRef("object_id"),
        verb__in=(*DELETED, *PUT_AWAY, *BACK),
        pk__gt=OuterRef("pk"),
    )
    versions = Version.objects.filter(
        content_type=OuterRef("content_type"), object_id=OuterRef("object_id"), is_draft=False
    )
    gone = Q(verb__in=DELETED, content_type__in=deleted) | Q(verb__in=PUT_AWAY, content_type__in=away)
    entries = AuditEntry.objects.filter(gone).exclude(Exists(later)).annotate(has_version=Exists(versions))
    return entries.select_related("by", "content_type")


def items_of(entries) -> list[Item]:
    keys: dict = {}
    for entry in entries:
        keys.setdefault(entry.content_type.model_class(), set()).add(entry.object_id)
    there = {
        (model, str(pk))
        for model, found in keys.items()
        for pk in model._base_manager.filter(pk__in=found).values_list("pk", flat=True)
    }
    items = []
    for entry in entries:
        model = entry.content_type.model_class()
        item = Item(entry, capfirst(model._meta.verbose_name))
        if entry.verb in DELETED and (model, entry.object_id) in there:
            item.why_not = _("It is there again.")
        elif entry.verb in DELETED and not entry.has_version:
            item.why_not = _("It was deleted before versions were kept.")
        else:
            item.url = reverse("admin:undelete", args=[model._meta.label_lower, entry.object_id])
        items.append(item)
    return items


def bin_view(request):
    if not is_open_to(request):
        raise PermissionDenied
    words = request.GET.get("q", "").strip()[:200]
    entries = entries_for(request)
    if words:
        entries = entries.filter(label__icontains=words)
    page = Paginator(entries, ON_ONE_PAGE).get_page(request.GET.get("p"))
    context = {
        **admin.site.each_context(request),
        "title": _("Bin"),
        "items": items_of(page.object_list),
        "page": page,
        "page_range": page.paginator.get_elided_page_range(page.number),
        "q": words,
    }
    return TemplateResponse(request, "admin/portal/bin.html", context)


def undelete_view(request, label, object_id):
    """A page with what comes back, and the act. Nothing is written by looking."""
    model = _model_of(label)
    if model not in (*deleted_models(request), *kinds_put_away(request.user)):
        raise PermissionDenied
    bring_back = _Reopening if issubclass(model, EditorialModel) else _Undeleting
    act = bring_back(request, model, object_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                record, told = act.carry_out(form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, rules.complaints(model, error))
        except IntegrityError:
            form.add_error(None, _("Nothing was brought back: another says by now what only one may say."))
        else:
            for level, words in told:
                messages.add_message(request, level, words)
            meta = model._meta
            return HttpResponseRedirect(reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[record.pk]))
    context = {
        **admin.site.each_context(request),
        "title": _("Bring back “%s”") % act.label,
        "opts": model._meta,
        "form": form,
        "media": forms.Media(),
        **act.shown(),
    }
    return TemplateResponse(request, "admin/portal/undelete.html", context)


def _model_of(label):
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        raise Http404 from None


def _key_of(model, text):
    try:
        return model._meta.pk.to_python(text)
    except ValidationError:
        raise Http404 from None


class _Undeleting:
    """What was deleted, from its last version."""

    def __init__(self, request, model, object_id):
        self.request, self.model = request, model
        self.model_admin = admin.site.get_model_admin(model)
        self.key = _key_of(model, object_id)
        about = {"content_type": ContentType.objects.get_for_model(model), "object_id": str(self.key)}
        last = AuditEntry.objects.filter(**about, verb__in=(*DELETED, *BACK)).first()
        self.version = Version.objects.filter(**about, is_draft=False).select_related("by").first()
        if last is None or last.verb not in DELETED or self.version is None:
            raise Http404
        self.label = last.label
        self.content, self.kept = rules.within_rights(self.model_admin, request, None, self.version.content)

    def shown(self):
        why = self._why_not()
        return {
            "differences": tell(self.model, self.content),
            "new_label": label_of_version(self.version),
            "gone": rules.gone(self.model, self.content),
            "kept": self.kept,
            "why_not": why,
        }

    def _why_not(self) -> str:
        return rules.why_closed_to(self.model_admin, self.request, self.content, None)

    def carry_out(self, reason):
        if self._why_not():
            raise PermissionDenied
        if self.model._base_manager.filter(pk=self.key).exists():
            raise ValidationError(_("It is there again already."))
        self._refuse_taken()
        lost = put(self.model(pk=self.key), self.content)
        record = self.model._base_manager.get(pk=self.key)
        check_written(record, None)
        AuditEntry.record(record, "undelete", self.request.user, note=reason)
        history.keep(record, "undelete", self.request.user, reason)
        self.model_admin.name_author(record, self.request.user)
        return record, [(messages.SUCCESS, _("“%s” is back.") % record), *warnings(lost, self.kept)]

    def _refuse_taken(self):
        """By name, where another has by now what only one may have."""
        for field in self.model._meta.fields:
            value = self.content["fields"].get(field.name)
            if not field.unique or field.primary_key or value in (None, ""):
                continue
            if other := self.model._base_manager.filter(**{field.name: value}).first():
                told = {"value": value, "other": other, "field": capfirst(field.verbose_name)}
                raise ValidationError(
                    _("%(field)s “%(value)s” is that of “%(other)s” by now. Change it there first.") % told
                )


class _Reopening:
    """A record of a kind, which is there still: it becomes a draft again."""

    def __init__(self, request, model, object_id):
        self.request, self.model = request, model
        self.record = model._base_manager.filter(pk=_key_of(model, object_id), status=Status.ARCHIVED).first()
        if self.record is None:
            raise Http404
        self.label = str(self.record)

    def shown(self):
        return {
            "differences": tell(self.model, take(self.record)),
            "new_label": _("As it is now"),
            "is_reopened": True,
        }

    def carry_out(self, reason):
        self.record.reopen(by=self.request.user, note=reason)
        return self.record, [(messages.SUCCESS, _("“%s” is a draft again.") % self.record)]


def urls(site):
    return [
        path("bin/", site.admin_view(bin_view), name="bin"),
        path("bin/<str:label>/<path:object_id>/", site.admin_view(undelete_view), name="undelete"),
    ]
