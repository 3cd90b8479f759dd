"""The page of a trace, of one dialogue or of all, and its files."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dialogues.models import Dialogue
from dialogues.trace import downloads
from dialogues.trace.gathering import gather
from dialogues.trace.matrix import matrix_of
from dialogues.trace.selection import Selection
from portal import kinds
from portal.editorial import Reader
from portal.views.records import get_page, get_record


@require_safe
def trace_page(request: HttpRequest, slug: str = "") -> HttpResponse:
    dialogue, selection = _asked(request, slug, request.user)
    context: dict[str, Any] = {
        "kind": kinds.get("dialogue"),
        "dialogue": dialogue,
        "selection": selection,
        "address": address_of(dialogue),
    }
    if not selection.is_valid:
        return render(request, "dialogues/trace/page.html", context, status=400)
    matrix = matrix_of(selection)
    query = selection.cleaned_query.urlencode()
    context |= {
        "matrix": matrix,
        "page": get_page(request, matrix.rows),
        "files": [(name.upper(), address_of(dialogue, name) + (f"?{query}" if query else "")) for name in FILES],
    }
    return render(request, "dialogues/trace/page.html", context)


@require_safe
def trace_file(request: HttpRequest, format: str, slug: str = "") -> HttpResponse:
    """All rows of the selection, whoever asks as visitors see them: files are passed on."""
    dialogue, selection = _asked(request, slug, AnonymousUser())
    if not selection.is_valid:
        fields = selection.form.fields
        told = selection.form.errors.items()
        reasons = [f"{fields[name].label}{_(': ')}{' '.join(map(str, errors))}" for name, errors in told]
        lines = (_("This selection cannot be read."), *reasons, settings.SITE_URL + address_of(dialogue), "")
        return HttpResponse("\n".join(lines), status=400, content_type="text/plain; charset=utf-8")
    response = FILES[format](matrix_of(selection), settings.SITE_URL + address_of(dialogue), selection)
    name = f"{dialogue.slug}-trace" if dialogue else "trace"
    response["Content-Disposition"] = f'attachment; filename="{name}.{format}"'
    return response


FILES = {"csv": downloads.as_table, "json": downloads.as_json}


def _asked(request: HttpRequest, slug: str, reader: Reader) -> tuple[Dialogue | None, Selection]:
    dialogue = get_record(Dialogue, slug, reader) if slug else None
    return dialogue, Selection(request.GET, gather(reader, dialogue))


def address_of(dialogue: Dialogue | None, format: str = "") -> str:
    end = f"-{format}" if format else ""
    if dialogue is None:
        return reverse(f"dialogues:all-traces{end}")
    return reverse(f"dialogues:trace{end}", args=[dialogue.slug])
