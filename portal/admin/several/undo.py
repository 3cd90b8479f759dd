"""What was changed in several records at once, and taking it back: the same list, the same door, one batch more."""

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.admin.decisions import in_words, name_of
from portal.admin.several.change import ChangesSeveral, judge, page_of, stop_unless_as_shown, tell_done, told
from portal.models import Version
from portal.versions import batches


def _admins(request, site):
    """Of the models that somebody may change at once."""
    return {
        model: model_admin
        for model, model_admin in site._registry.items()
        if isinstance(model_admin, ChangesSeveral)
        and model_admin.bulk_fields
        and model_admin.has_change_permission(request)
    }


def past_view(request, site):
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    admins = _admins(request, site)
    if not admins:
        raise PermissionDenied
    page = Paginator(batches.past(admins), 50).get_page(request.GET.get("p"))
    people = get_user_model().objects.in_bulk({row["by"] for row in page if row["by"]})
    undone = batches.taken_back([row["batch"] for row in page])
    for row in page:
        undoing = undone.get(row["batch"], {})
        row["undone"] = _undone_in_words(undoing, row["records"])
        row["is_open"] = len(undoing) < row["records"]
        row["who"] = name_of(people.get(row["by"]))
        row["kind"] = capfirst(
            ContentType.objects.get_for_id(row["content_type"]).model_class()._meta.verbose_name_plural
        )
    context = {**site.each_context(request), "title": _("Changes of several records at once"), "page": page}
    return TemplateResponse(request, "admin/portal/several/past.html", context)


def way_back(request, site, batch):
    """What is left to take back of a change, for who may; None for others, and where there is nothing of one kind."""
    rows = Version.objects.filter(batch=batch).order_by() if batch else Version.objects.none()
    counted = dict(rows.values_list("content_type").annotate(n=Count("pk")))
    models = [ContentType.objects.get_for_id(kind).model_class() for kind in counted]
    if len(models) != 1 or models[0] not in _admins(request, site):
        return None
    (n,), undone = counted.values(), batches.taken_back([batch]).get(batch, {})
    url = reverse("admin:undo_at_once", args=[batch]) if len(undone) < n else ""
    return {"records": n - len(undone), "undone": _undone_in_words(undone, n), "url": url}


def undo_view(request, batch, site):
    """GET shows what taking it back would change; POST does it."""
    if request.method not in {"GET", "HEAD", "POST"}:
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    versions = batches.versions_of(batch)
    first = next(iter(versions.values()), None)
    model_admin = first and _admins(request, site).get(first.content_type.model_class())
    if first is None:
        raise Http404
    if not model_admin:
        raise PermissionDenied
    undone = batches.taken_back([batch]).get(batch, {})
    if len(undone) == len(versions):
        model_admin.message_user(request, _undone_in_words(undone, len(versions)), messages.WARNING)
        return HttpResponseRedirect(reverse("admin:changes_at_once"))
    versions = {key: version for key, version in versions.items() if key not in undone}
    leaves = "leave_clashes" in request.POST
    keys = [key for key in versions if request.method != "POST" or key in request.POST.getlist("_selected_action")]
    if "_apply" in request.POST:
        try:
            return _undo(model_admin, request, batch, versions, keys, leaves)
        except (ValidationError, PermissionDenied, IntegrityError) as refused:
            model_admin.message_user(request, told(refused), messages.ERROR)
    subjects = _planned(model_admin, request, versions, keys, leaves)
    here = {subject.key for subject in subjects}
    if "_leave_out" in request.POST:
        subjects = [subject for subject in subjects if not subject.refusal]
    context = {
        **site.each_context(request),
        **page_of(subjects),
        "title": _("Undo: what will change"),
        "opts": model_admin.opts,
        "action_url": reverse("admin:undo_at_once", args=[batch]),
        "list_url": reverse("admin:changes_at_once"),
        "words": [*first.note.splitlines(), *filter(None, [_undone_in_words(undone, len(undone) + len(versions))])],
        "about": _told(first),
        "gone": [versions[key].label for key in keys if key not in here],
        "clashing": any(subject.clashes for subject in subjects),
        "leaves_clashes": leaves,
        "submits": "submit" in request.POST,
    }
    return TemplateResponse(request, "admin/portal/several/preview.html", context)


def _undone_in_words(undoing, records):
    """Who has taken a change back, when, and in how many of its records; of several who did the last."""
    if not undoing:
        return ""
    told = {"n": len(undoing), "of": records, "who": _told(max(undoing.values(), key=lambda one: one.pk))}
    if len(undoing) < records:
        return _("Taken back in %(n)s of %(of)s: %(who)s") % told
    return _("Taken back: %(who)s") % told


def _told(version):
    return _("%(who)s, %(when)s") % {"who": name_of(version.by), "when": in_words(version.at)}


def _planned(model_admin, request, versions, keys, leaves, lock=False):
    subjects = batches.look(model_admin.model, keys, lock)
    batches.plan_undo(subjects, versions, leaves)
    judge(model_admin, request, subjects)
    return subjects


def _undo(model_admin, request, batch, versions, keys, leaves):
    first = next(iter(versions.values()))
    note = "\n".join([_("Taken back: the change of %s") % _told(first), *first.note.splitlines()])
    with transaction.atomic():
        subjects = _planned(model_admin, request, versions, keys, leaves, lock=True)
        stop_unless_as_shown(request, subjects)
        done = batches.carry_out(subjects, request.user, note, "submit" in request.POST, undoes=batch)
    tell_done(model_admin, request, subjects, done)
    return HttpResponseRedirect(reverse("admin:changes_at_once"))
