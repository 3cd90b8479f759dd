"""From text to what is compared: letters without accents, words without endings, each language in its own way.

The same functions prepare a text for the index and a query against it, and mark what was found in a passage.
"""

import functools
import re
import unicodedata
from collections.abc import Mapping

from tantivy import Filter, Index, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from portal.search import analysis_ar

# Languages whose word forms are known, by code. All others share a field in which words stand as they are.
STEMMERS = {
    "en": "english",
    "fr": "french",
    "es": "spanish",
    "de": "german",
    "pt": "portuguese",
    "it": "italian",
    "nl": "dutch",
    "ru": "russian",
    "tr": "turkish",
    "ar": None,  # stemmed before the engine sees it: the engine's own finds fewer inflected words
}
STEMMED_TWICE = {"fr", "es", "pt", "tr"}
OTHER = "xx"
LANGUAGES = (*STEMMERS, OTHER)
WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f\u064b-\u065f\u0670]+[^\W_]*)*")
LONGEST = 64  # characters of a word; longer ones are noise
CUT = r"(?:\x02|\u00ad\n?|-\n|\u2010\n)[ \t]*"  # where a line ends within a word
BETWEEN = re.compile(CUT)
JOIN = re.compile(rf"(?<=[^\W\d_]){CUT}(?=[^\W\d_])")
WORD_BEFORE = re.compile(r"[^\W\d_]+\Z")
COMPOUND = re.compile(r"[^\W\d_]+-[^\W\d_]+")
# What NFKC and the engine's folding leave apart. Dotted and dotless i are one letter to whoever types a name.
# Pairs and not a table for translate(), which takes thirty times as long.
_LETTERS = {"İ": "i", "I": "i", "ı": "i", "ё": "е", "Ё": "е", "ß": "ss", "\u00ad": "", "ـ": ""}
_TURKISH = {**_LETTERS, "I": "ı", "ı": "ı"}  # its endings follow the vowels
_CUT_SIGNS = "\x02\u00ad-\u2010"
_LINE_ENDS = ("\x02", "\u00ad", "-\n", "\u2010\n")


def field_language(code: str) -> str:
    """Which of LANGUAGES a BCP 47 code is analysed as."""
    main = code.lower().split("-")[0]
    return main if main in STEMMERS else OTHER


def join_lines(text: str) -> str:
    """Words that were cut at the end of a line made whole, for search alone. A compound that the text writes with
    its hyphen elsewhere keeps its parts apart; U+0002 is how PDFium writes such a hyphen."""
    if not any(sign in text for sign in _LINE_ENDS) or not JOIN.search(text):
        return text
    compounds = {match.group().casefold() for match in COMPOUND.finditer(text)}

    def joined(match: re.Match[str]) -> str:
        before = WORD_BEFORE.search(text, max(0, match.start() - LONGEST), match.start())
        after = WORD.match(text, match.end())
        if before and text[max(before.start() - 1, 0)] == "-":
            return "-"  # whole-of-/government: it has one hyphen and has the next
        pair = f"{before.group() if before else ''}-{after.group() if after else ''}".casefold()
        return "-" if pair in compounds else ""

    return JOIN.sub(joined, text)


def prepare(text: str, language: str) -> str:
    """A text as the engine is given it: composed, cut words joined, Arabic reduced to stems."""
    return _for_stems(composed(join_lines(text)), language)


def prepare_exact(text: str) -> str:
    """The same for the field of whole words in any language."""
    return _for_words(composed(join_lines(text)))


def prepare_both(text: str, language: str) -> tuple[str, str]:
    text = composed(join_lines(text))
    return _for_stems(text, language), _for_words(text)


def _for_stems(text: str, language: str) -> str:
    text = _replaced(text, _TURKISH if language == "tr" else _LETTERS)
    return " ".join(map(_arabic, WORD.findall(analysis_ar.visible(text)))) if language == "ar" else text


def _for_words(text: str) -> str:
    return strip_accents(_replaced(text, _LETTERS))


def composed(text: str) -> str:
    """Letters and their accents as one sign; marks that cannot be part of one are taken out."""
    return text if text.isascii() else _without_marks(unicodedata.normalize("NFKC", text))


def _replaced(text: str, letters: Mapping[str, str]) -> str:
    for letter, other in letters.items():
        if letter in text:
            text = text.replace(letter, other)
    return text


def strip_accents(text: str) -> str:
    return text if text.isascii() else _without_marks(unicodedata.normalize("NFKD", text))


def _without_marks(text: str) -> str:
    for mark in filter(unicodedata.combining, set(text)):  # a text has few different signs
        text = text.replace(mark, "")
    return text


@functools.cache
def analyser(language: str) -> TextAnalyzer:
    """Folds before it stems, else "refugies" would miss « réfugiés ». Where accents belong to the endings (migração,
    migrações) it stems before and after: only so do all forms of a word meet, with accents and without."""
    # Cuts at what is neither letter nor digit, as WORD does; marks between letters have been taken out before.
    built = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(4 * LONGEST))
    built = built.filter(Filter.lowercase())
    stemmer = STEMMERS.get(language)
    if stemmer and language in STEMMED_TWICE:
        built = built.filter(Filter.stemmer(stemmer))
    built = built.filter(Filter.ascii_fold())
    if stemmer:
        built = built.filter(Filter.stemmer(stemmer)).filter(Filter.ascii_fold())
    return built.build()


def register(index: Index) -> None:
    """The engine forgets analysers when it closes an index."""
    for language in LANGUAGES:
        index.register_tokenizer(f"portal_{language}", analyser(language))


@functools.lru_cache(maxsize=100_000)
def stem(word: str, language: str) -> str:
    """One word as the index holds it; empty where nothing of it is indexed."""
    found = analyser(language).analyze(prepare(word, language))
    return found[0] if found else ""


@functools.lru_cache(maxsize=100_000)
def exact(word: str) -> str:
    """One word as the field of whole words holds it."""
    found = analyser(OTHER).analyze(prepare_exact(word))
    return found[0] if found else ""


def words(text: str) -> list[str]:
    """The words of a query as the engine will cut them: "l’asile" is two, "58,208,000" three."""
    return [match.group() for match in WORD.finditer(unicodedata.normalize("NFKC", text).replace("ـ", ""))]


def spans(text: str) -> list[tuple[int, int, str]]:
    """The words of a text with where they stand in it, those cut at a line end as one."""
    matches = WORD.finditer(text)
    if not any(sign in text for sign in _LINE_ENDS):
        return [(*match.span(), match.group()) for match in matches]
    found: list[tuple[int, int, str]] = []
    end = -1
    for match in matches:
        if end > 0 and text[end] in _CUT_SIGNS and BETWEEN.fullmatch(text, end, match.start()):
            start, _end, word = found.pop()
            found.append((start, match.end(), word + match.group()))
        else:
            found.append((*match.span(), match.group()))
        end = match.end()
    return found


@functools.lru_cache(maxsize=100_000)
def _arabic(word: str) -> str:
    return analysis_ar.stem(word)
