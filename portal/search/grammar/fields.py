"""The fields a query can name: what they are called in the languages of the site, and what may follow the colon."""

import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Field:
    """`how`: "text" takes words, beginnings and phrases, "value" a code or a name, "years" a year or a range."""

    name: str
    how: Literal["text", "value", "years"]
    label: str | Promise = field(compare=False)  # a lazy text has no lasting hash
    aliases: tuple[str, ...] = ()


# Aliases are English variants, then French, Arabic (without the article) and Russian. Accents, case and the Arabic
# article do not count, so "Année", "annee" and "العنوان" are found.
FIELDS = (
    Field("title", "text", _("title"), ("titre", "intitulé", "عنوان", "название", "заголовок")),
    Field("author", "text", _("author"), ("authors", "auteur", "autrice", "مؤلف", "كاتب", "автор")),
    Field("abstract", "text", _("abstract"), ("summary", "résumé", "ملخص", "аннотация", "резюме")),
    Field("text", "text", _("text"), ("texte", "نص", "текст")),
    Field("type", "value", _("type"), ("نوع", "тип")),
    Field("series", "value", _("series"), ("série", "collection", "سلسلة", "серия")),
    Field("year", "years", _("year"), ("années", "année", "an", "سنة", "عام", "год", "годы")),
    Field("country", "value", _("country"), ("pays", "بلد", "دولة", "страна")),
    Field("region", "value", _("region"), ("région", "منطقة", "إقليم", "регион")),
    Field("theme", "value", _("theme"), ("topic", "thème", "موضوع", "тема")),
    Field("organisation", "value", _("organisation"), ("organization", "org", "منظمة", "организация")),
    Field("donor", "value", _("donor"), ("bailleur", "donateur", "مانح", "донор")),
    Field("dialogue", "value", _("dialogue"), ("dialog", "حوار", "диалог")),
    Field("project", "value", _("project"), ("projet", "مشروع", "проект")),
    Field("language", "value", _("language"), ("lang", "langue", "لغة", "язык")),
    Field("kind", "value", _("kind of content"), ("rubrique", "فئة", "раздел")),
    Field("page", "value", _("page"), ("صفحة", "страница", "стр")),
)
# A name is taken for a misspelt one only from this length on: in short ones every other word is one letter away.
LONG_ENOUGH = 4
ARABIC_ARTICLE = "ال"


def named(name: str, fields: tuple[Field, ...]) -> Field | None:
    """The field of this name or alias, in any case, with or without accents."""
    table = _table(fields)
    folded = _fold(name)
    return table.get(folded) or table.get(folded.removeprefix(ARABIC_ARTICLE))


def nearly_named(name: str, fields: tuple[Field, ...]) -> str | None:
    """The name or alias one letter away (one more, one less, another, or two exchanged), as it is rightly written."""
    table = _table(fields)
    folded = _fold(name)
    if not LONG_ENOUGH <= len(folded) <= max(map(len, table), default=0) + 1:
        return None
    spellings = (spelling for one in fields for spelling in (one.name, *one.aliases))
    return next((s for s in spellings if len(s) >= LONG_ENOUGH and _one_edit_apart(folded, _fold(s))), None)


@lru_cache(maxsize=8)
def _table(fields: tuple[Field, ...]) -> dict[str, Field]:
    return {_fold(spelling): one for one in fields for spelling in (*one.aliases, one.name)}


def _fold(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def _one_edit_apart(a: str, b: str) -> bool:
    if len(a) > len(b):
        a, b = b, a
    if len(b) - len(a) > 1 or a == b:
        return False
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    if len(a) < len(b):
        return a[at:] == b[at + 1 :]
    return a[at + 1 :] == b[at + 1 :] or (a[at + 2 :] == b[at + 2 :] and a[at : at + 2] == b[at : at + 2][::-1])
