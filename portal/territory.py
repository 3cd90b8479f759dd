"""Territorial notes: dated rules that put a mark on every mention of a territory, with one footnote a page."""

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe

from portal.models import TerritorialNote


class Notes:
    """The notes one page has come to need while it was rendered, in the order of their first mention."""

    def __init__(self) -> None:
        self._rules: list[tuple[re.Pattern[str], TerritorialNote]] | None = None
        self._used: dict[int, TerritorialNote] = {}
        self._linked: set[int] = set()

    def rules(self) -> list[tuple[re.Pattern[str], TerritorialNote]]:
        if self._rules is None:
            self._rules = list(_rules())
        return self._rules

    def mark(self, text: Any) -> SafeString:
        """`text` escaped (unless it is safe already), with a mark after each mention in its running text."""
        escaped = str(conditional_escape(text))
        rules = [(pattern, note) for pattern, note in self.rules() if pattern.search(escaped)]
        if not rules:
            return mark_safe(escaped)  # noqa: S308 (escaped above)
        # A link cannot stand within a link: there the mark stands bare.
        parts = re.split(r"(<a\b[^>]*>.*?</a>)", escaped, flags=re.DOTALL)
        for pattern, note in rules:
            parts[::2] = [pattern.sub(partial(self._linked_mark, note), part) for part in parts[::2]]
            parts[1::2] = [pattern.sub(partial(self._bare_mark, note), part) for part in parts[1::2]]
        return mark_safe("".join(parts))  # noqa: S308 (escaped above; only our own marks were put in)

    def mark_plain(self, text: str) -> str:
        """For titles and metadata, where no link can stand: the bare mark."""
        for pattern, note in self.rules():
            text = pattern.sub(partial(self._plain_mark, note), text)
        return text

    def _linked_mark(self, note: TerritorialNote, match: re.Match[str]) -> str:
        return match.group(0) + self._link(note)

    def _bare_mark(self, note: TerritorialNote, match: re.Match[str]) -> str:
        return match.group(0) + escape(self._use(note).mark)

    def _plain_mark(self, note: TerritorialNote, match: re.Match[str]) -> str:
        return match.group(0) + self._use(note).mark

    def _use(self, note: TerritorialNote) -> TerritorialNote:
        return self._used.setdefault(note.pk, note)

    def _link(self, note: TerritorialNote) -> SafeString:
        self._use(note)
        first = note.pk not in self._linked
        self._linked.add(note.pk)
        return format_html(
            '<sup><a href="#note-{}"{}>{}</a></sup>',
            note.slug,
            format_html(' id="ref-{}"', note.slug) if first else "",
            note.mark,
        )

    def __iter__(self) -> Iterator[tuple[TerritorialNote, bool]]:
        """The notes used so far, and whether a mention links to each (so that the footnote can link back)."""
        return iter([(note, pk in self._linked) for pk, note in self._used.items()])


def _rules() -> Iterable[tuple[re.Pattern[str], TerritorialNote]]:
    """Each note in force today with a pattern of its terms: whole words, outside of tags, not yet marked."""
    today = timezone.localdate()
    notes = TerritorialNote.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=today), Q(valid_until=None) | Q(valid_until__gte=today)
    ).prefetch_related("terms")
    for note in notes:
        terms = sorted((re.escape(term.term) for term in note.terms.all()), key=len, reverse=True)
        if terms:
            mark = re.escape(note.mark)
            yield re.compile(rf"(?<![\w-])(?:{'|'.join(terms)})(?!\w)(?!{mark})(?![^<>]*>)"), note
