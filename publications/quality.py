"""How well the files of the library can be read: a report for staff, the worst first."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.editorial import Reader
from portal.kinds import Report
from portal.languages import columns
from portal.staff.access import reading
from portal.views.records import get_page
from publications.models import FilePage, Publication, PublicationFile

State = PublicationFile.State
GOOD = 0.98  # a file above it reads like one that was never broken


class QualityForm(forms.Form):
    """What narrows the report."""

    q = forms.CharField(
        label=gettext_lazy("Words in the title"),
        required=False,
        max_length=200,
        validators=[ProhibitNullCharactersValidator()],
    )
    state = forms.ChoiceField(
        label=gettext_lazy("Text"), required=False, choices=[("", gettext_lazy("Any")), *State.choices]
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    only = forms.ChoiceField(
        label=gettext_lazy("Only"),
        required=False,
        choices=[
            ("", gettext_lazy("All files")),
            ("poor", gettext_lazy("Files that read badly")),
            ("repaired", gettext_lazy("Files with repaired words")),
            ("lost", gettext_lazy("Files with lost characters")),
            ("error", gettext_lazy("Files with an error")),
        ],
    )

    def __init__(self, data: QueryDict, reader: Reader) -> None:
        super().__init__(data)
        codes = visible_files(reader).order_by("language").values_list("language", flat=True).distinct()
        language: Any = self.fields["language"]
        language.choices = [("", _("Any")), *((code, code) for code in codes)]

    def narrow(self, files: QuerySet[PublicationFile]) -> QuerySet[PublicationFile]:
        asked = self.cleaned_data
        for word in asked["q"].split()[:20]:
            match = Q()
            for column in columns("publication__title"):
                match |= Q(**{f"{column}__icontains": word})
            files = files.filter(match)
        for name in ("state", "language"):
            if asked[name]:
                files = files.filter(**{name: asked[name]})
        only = {
            "poor": Q(text_quality__lt=GOOD),
            "repaired": Q(repaired__gt=0),
            "lost": Q(lost__gt=0),
            "error": ~Q(last_error=""),
        }
        return files.filter(only[asked["only"]]) if asked["only"] else files

    @property
    def cleaned_query(self) -> QueryDict:
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in self.cleaned_data.items() if value})
        return query


def visible_files(reader: Reader) -> QuerySet[PublicationFile]:
    return PublicationFile.objects.filter(
        publication__in=Publication.objects.visible_to(reader).order_by().values("pk")
    )


def report(reader: Reader) -> QuerySet[PublicationFile]:
    """Each with its repaired words, lost characters, pages of text and the number of its worst page."""
    pages = FilePage.objects.filter(file=OuterRef("pk")).order_by()
    worst = pages.filter(quality__lt=1).order_by("quality", "-gaps", "number").values("number")[:1]
    rank = Case(
        When(state=State.FAILED, then=0),
        When(state=State.DONE, text_quality__isnull=False, then=2),
        default=1,
        output_field=IntegerField(),
    )

    def total(column: str) -> Coalesce:
        summed = pages.values("file").annotate(total=Sum(column)).values("total")
        return Coalesce(Subquery(summed, output_field=IntegerField()), Value(0))

    read = pages.values("file").annotate(n=Count("pk")).values("n")
    return (
        visible_files(reader)
        .select_related("publication", "publication__type")
        .annotate(
            repaired=total("repairs"),
            lost=total("gaps"),
            read_pages=Coalesce(Subquery(read, output_field=IntegerField()), Value(0)),
            worst_page=Subquery(worst),
            rank=rank,
        )
        .order_by("rank", F("text_quality").asc(nulls_first=True), "-lost", "-repaired", "pk")
    )


@reading
def quality(request: HttpRequest) -> HttpResponse:
    form = QualityForm(request.GET, request.user)
    if not form.is_valid():
        return render(request, "publications/quality.html", {"form": form}, status=400)
    page = get_page(request, form.narrow(report(request.user)))
    return render(request, "publications/quality.html", {"form": form, "selection": form, "page": page})


def reports(reader: Reader) -> Iterable[Report]:
    """For the staff's desk."""
    counts = dict(visible_files(reader).order_by().values_list("state").annotate(n=Count("pk")))
    waiting, failed = counts.get(State.WAITING, 0) + counts.get(State.RUNNING, 0), counts.get(State.FAILED, 0)
    told = [ngettext("%(n)d file", "%(n)d files", n := sum(counts.values())) % {"n": n}]
    if waiting:
        told.append(ngettext("%(n)d waits to be read", "%(n)d wait to be read", waiting) % {"n": waiting})
    if failed:
        told.append(ngettext("%(n)d could not be read", "%(n)d could not be read", failed) % {"n": failed})
    yield Report(_("Text quality of the files"), reverse("publications-desk:quality"), ", ".join(told))
