"""The history of a record: its versions and what was done to it in one list, a version by itself, two compared."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import CharField, Value
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.admin.decisions import in_words, name_of
from portal.admin.versions import restoring, rules
from portal.admin.versions.reading import (
    NoVersion,
    answer,
    label_of_present,
    label_of_version,
    side_of,
    version_of,
)
from portal.models import AuditEntry, Version
from portal.versions import drafts
from portal.versions.comparing import compare, tell
from portal.versions.content import digest, take

ON_ONE_PAGE = 50
INSTANT = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?[+-]\d\d:\d\d\b")  # as the audit log writes it
# What is kept under a word that says little by itself.
WORDS = {"found": gettext_lazy("as it was before"), "draft": gettext_lazy("save as a draft")}
ONE_ACT = timedelta(seconds=10)  # a version and the audit entry of the same act lie closer together


@dataclass
class Line:
    """One act, with the version it left, if it did."""

    entry: AuditEntry | None = None
    version: Version | None = None
    marks: list[str] = field(default_factory=list)

    @property
    def _first(self):
        return self.entry or self.version

    @property
    def at(self):
        return self._first.at

    @property
    def who(self) -> str:
        return name_of(self._first.by) if self._first.by else "–"

    @property
    def verb(self) -> str:
        return self._first.verb

    @property
    def what(self) -> str:
        return what(self.verb)

    @property
    def note(self) -> str:
        notes = [one.note for one in (self.entry, self.version) if one is not None and one.note]
        return INSTANT.sub(_told_in_words, "\n".join(dict.fromkeys(notes)))


def what(verb: str) -> str:
    return str(WORDS.get(verb, verb))


def _told_in_words(instant: re.Match[str]) -> str:
    try:
        return in_words(datetime.fromisoformat(instant[0]))
    except (ValueError, OverflowError):  # written by hand, and none
        return instant[0]


def acts(record):
    """(when, which kind, key) of all versions and audit entries of a record, the newest first."""
    kinds = {"version": Version.objects, "entry": AuditEntry.objects}
    first, second = (
        about.about(record).order_by().annotate(kind=Value(kind, CharField())).values_list("at", "kind", "pk")
        for kind, about in kinds.items()
    )
    return first.union(second, all=True).order_by("-at", "-kind", "-pk")


def lines_of(page) -> list[Line]:
    """The acts of one page; the two that one act wrote are one line."""
    keys = {kind: [pk for _at, one, pk in page if one == kind] for kind in ("version", "entry")}
    versions = Version.objects.defer("content").select_related("by").in_bulk(keys["version"])
    entries = AuditEntry.objects.select_related("by").in_bulk(keys["entry"])
    lines: list[Line] = []
    for _at, kind, pk in page:
        line = Line(version=versions[pk]) if kind == "version" else Line(entry=entries[pk])
        if lines and (whole := _together(lines[-1], line)):
            lines[-1] = whole
        else:
            lines.append(line)
    return lines


def _together(one, two) -> Line | None:
    entry, version = one.entry or two.entry, one.version or two.version
    if (one.entry and two.entry) or (one.version and two.version) or not entry or not version:
        return None
    is_same = (entry.by_id, entry.verb) == (version.by_id, version.verb) and abs(entry.at - version.at) < ONE_ACT
    return Line(entry, version) if is_same else None


def history(model_admin, request, record):
    page = Paginator(acts(record), ON_ONE_PAGE).get_page(request.GET.get("p"))
    lines = lines_of(page.object_list)
    shown = [line for line in lines if line.version]
    is_kept = rules.keeps_versions(model_admin.model)
    sign = digest(take(record)) if is_kept else ""
    draft = drafts.open_draft(record) if is_kept else None
    newest = Version.objects.about(record).filter(is_draft=False).values_list("number", flat=True).first()
    present = Version.objects.about(record).filter(digest=sign, is_draft=False).values_list("number", flat=True).first()
    for line in shown:
        if line.version.number == present:
            line.marks.append(label_of_present(record))
        if draft and line.version.pk == draft.version_id:
            line.marks.append(_("Open draft: %s") % draft.get_status_display().lower())
        elif line.version.is_draft:
            line.marks.append(_("Draft"))
    return answer(
        model_admin,
        request,
        record,
        "admin/portal/history.html",
        title=_("History of %s") % record,
        page=page,
        page_range=page.paginator.get_elided_page_range(page.number),
        lines=lines,
        is_compared=is_kept and bool(shown),
        chosen={"new": shown[0].version.number, "old": shown[min(1, len(shown) - 1)].version.number} if shown else {},
        unkept_since=newest if is_kept and present is None else None,
        may_restore=bool(rules.way(model_admin, request, record)),
    )


def one_version(model_admin, request, record, number):
    version = version_of(record, number)
    return answer(
        model_admin,
        request,
        record,
        "admin/portal/version.html",
        title=f"{record}: {label_of_version(version)}",
        version=version,
        what=what(version.verb),
        who=name_of(version.by) if version.by else "–",
        differences=tell(model_admin.model, version.content),
        new_label=label_of_version(version),
        may_restore=bool(rules.way(model_admin, request, record)),
    )


def compared(model_admin, request, record):
    old, new = (side_of(record, request.GET.get(name, "")) for name in ("old", "new"))
    return answer(
        model_admin,
        request,
        record,
        "admin/portal/compare.html",
        title=_("%s: two versions compared") % record,
        old=old,
        new=new,
        differences=compare(model_admin.model, old.content, new.content),
        may_restore=bool(rules.way(model_admin, request, record)),
    )


class HistoryPages:
    """The pages of a record's history, for the base class of every admin."""

    object_history_template = "admin/portal/history.html"

    def get_urls(self):
        base = f"{self.opts.app_label}_{self.opts.model_name}"
        wrap = self.admin_site.admin_view
        own = "<path:object_id>/history/"
        return [
            path(f"{own}compare/", wrap(self.compare_view), name=f"{base}_compare"),
            path(f"{own}<str:number>/restore/", wrap(self.restore_view), name=f"{base}_restore"),
            path(f"{own}<str:number>/", wrap(self.version_view), name=f"{base}_version"),
            *super().get_urls(),
        ]

    def history_view(self, request, object_id, extra_context=None):
        return self._show(request, object_id, history)

    def version_view(self, request, object_id, number):
        return self._show(request, object_id, one_version, number)

    def compare_view(self, request, object_id):
        return self._show(request, object_id, compared)

    def restore_view(self, request, object_id, number):
        return self._show(request, object_id, restoring.restore, number)

    def _show(self, request, object_id, page, *told):
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        if page is not history and not rules.keeps_versions(self.model):
            raise PermissionDenied
        try:
            return page(self, request, obj, *told)
        except NoVersion as error:
            words = {"title": _("There is no such version"), "words": str(error)}
            return answer(self, request, obj, "admin/portal/no_version.html", 404, **words)
