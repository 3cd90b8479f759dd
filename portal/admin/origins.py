"""Where a record came from: each source with the words its values were read from, and what stands in no field."""

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.admin.marked import segments_of, sureness
from portal.imports import readers
from portal.models import Origin


def told(record):
    """What the form of a record says about it; None of one that came from nowhere else."""
    columns = ("unplaced", "pieces", "imported__names")
    found = list(Origin.objects.about(record).values_list(*columns)) if record.pk else []
    if not found:
        return None
    n = sum(len(unplaced) + sum(not is_taken(piece, names) for piece in pieces) for unplaced, pieces, names in found)
    words = ngettext(
        "Its source says one thing more that stands in no field.",
        "Its source says %(n)s things more that stand in no field.",
        n,
    )
    return {"url": url_of(record), "words": words % {"n": n} if n else ""}


def url_of(record):
    return reverse("admin:portal_import_origins", args=[record._meta.label_lower, record.pk])


def is_taken(piece, names):
    """Not what somebody left out, nor a name that nobody has said anything of."""
    return piece.get("taken", True) and names.get(piece.get("name"), {}).get("pk", True) is not None


def page(model_admin, request, label, object_id):
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET"])
    try:
        own = admin.site._registry[apps.get_model(label)]
    except (LookupError, ValueError) as error:
        raise Http404 from error
    if not own.has_view_permission(request):
        raise PermissionDenied
    record = own.get_object(request, unquote(object_id))
    if record is None:
        raise Http404
    if not own.has_view_permission(request, record):
        raise PermissionDenied
    origins = Origin.objects.about(record).select_related("imported__by").order_by("-at")
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": own.opts,
        "title": _("Where it came from: %s") % record,
        "record": record,
        "record_url": reverse(f"admin:{own.opts.app_label}_{own.opts.model_name}_change", args=[record.pk]),
        "origins": [_shown(one) for one in origins],
    }
    return TemplateResponse(request, "admin/portal/imports/origins.html", context)


def _shown(origin):
    pieces = [
        {
            "number": n,
            "anchor": f"{origin.pk}-{n}",
            "label": piece.get("label") or piece.get("field", ""),
            "shown": piece.get("shown") or piece.get("value", ""),
            "sure": sureness(piece["confidence"]) if "confidence" in piece else "",
            **{name: piece.get(name, "") for name in ("start", "end", "words", "why")},
            "is_decided": piece.get("decided", False),
            "is_taken": is_taken(piece, origin.imported.names),
        }
        for n, piece in enumerate(origin.pieces, start=1)
    ]
    unplaced = [
        {"field": one.get("field", ""), "words": one.get("words") or one.get("value") or one.get("text", "")}
        | {name: one[name] for name in ("start", "end") if name in one}
        for one in origin.unplaced
    ]
    reader = next((one for one in readers.all() if one.name == origin.imported.reader), None)
    marks = [one for one in pieces if one["is_taken"] and one["end"] != ""]
    return {
        "origin": origin,
        "what": reader.label if reader else origin.scheme,
        "pieces": [one for one in pieces if one["is_taken"]],
        "unplaced": [*unplaced, *(one | {"field": one["label"]} for one in pieces if not one["is_taken"])],
        "segments": segments_of(origin.imported.text, [*marks, *(one for one in unplaced if "start" in one)]),
    }
