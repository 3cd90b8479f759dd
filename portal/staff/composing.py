"""A form whose fields become a query: for those who do not know the query language, and to learn it from."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import kinds
from portal.dates import EARLIEST, LATEST
from portal.editorial import Reader
from portal.search import analysis
from portal.search.grammar import And, Node, Not, Or, Phrase, Query, QueryError, Value, Word, Years, lenient, parse
from portal.staff import facets
from portal.staff.access import reading
from portal.templatetags.portal import language_name


class WordsField(forms.CharField):
    """Words; signs of the query language in them mean nothing here."""

    def __init__(self, label: Any, help_text: Any = "") -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            required=False,
            max_length=200,
            validators=[ProhibitNullCharactersValidator()],
        )


class ComposeForm(forms.Form):
    """Every field is optional, but something must be looked for."""

    all = WordsField(gettext_lazy("All of these words"))
    phrase = WordsField(gettext_lazy("This exact phrase"))
    any = WordsField(gettext_lazy("Any of these words"))
    none = WordsField(gettext_lazy("None of these words"))
    title = WordsField(gettext_lazy("Words in the title"))
    author = WordsField(gettext_lazy("Author or organisation"))
    first = forms.IntegerField(label=gettext_lazy("From year"), required=False, min_value=EARLIEST, max_value=LATEST)
    last = forms.IntegerField(label=gettext_lazy("To year"), required=False, min_value=EARLIEST, max_value=LATEST)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of content"), required=False)
    type = forms.ChoiceField(label=gettext_lazy("Type"), required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    staff_only = forms.BooleanField(label=gettext_lazy("Only what is for staff only"), required=False)

    def __init__(self, data: QueryDict | None, reader: Reader) -> None:
        super().__init__(data)
        anything = [("", _("Any"))]
        languages = [(code, language_name(code)) for code in analysis.STEMMERS]
        for name, choices in {
            "kind": [(kind.name, kind.plural.capitalize()) for kind in kinds.all()],
            "type": facets.choosable("type", reader),
            "country": facets.choosable("country", reader),
            "language": sorted(languages, key=lambda pair: pair[1].casefold()),
        }.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
            field.choices = anything + choices

    def clean(self) -> dict[str, Any]:
        """Adds the query as `text`."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        nodes = list(_nodes(cleaned))
        if not nodes:
            raise forms.ValidationError(_("Fill in at least one field that says what to look for."))
        text = str(Query(nodes[0] if len(nodes) == 1 else And(tuple(nodes))))
        try:
            parse(text)
        except QueryError as error:
            raise forms.ValidationError(error.message) from error
        return cleaned | {"text": text}


@reading
def compose(request: HttpRequest) -> HttpResponse:
    """To the results of what the form's fields say; back to the form with what is wrong."""
    form = ComposeForm(request.GET, request.user)
    if not form.is_valid():
        from portal.staff.front import front

        return front(request, form, status=400)
    query = QueryDict(mutable=True)
    query["q"] = form.cleaned_data["text"]
    if form.cleaned_data["staff_only"]:
        query["audience"] = "staff"
    return redirect(f"{reverse('staff:search')}?{query.urlencode()}")


def _nodes(fields: dict[str, Any]) -> Iterable[Node]:
    yield from _words(fields["all"])
    if phrase := _words(fields["phrase"]):
        yield Phrase(tuple(word.text for word in phrase))
    if alternatives := _words(fields["any"]):
        yield alternatives[0] if len(alternatives) == 1 else Or(tuple(alternatives))
    for name in ("title", "author"):
        yield from (Word(word.text, name) for word in _words(fields[name]))
    if fields["first"] or fields["last"]:
        yield Years(fields["first"], fields["last"])
    for name in ("kind", "type", "country", "language"):
        if fields[name]:
            yield Value(name, fields[name])
    yield from (Not(word) for word in _words(fields["none"]))


def _words(text: str) -> list[Word]:
    """The words of a field, whatever signs stand between them."""
    query = lenient(text)
    if query is None:
        return []
    found = query.root.children if isinstance(query.root, And) else (query.root,)
    return [word for word in found if isinstance(word, Word)]
