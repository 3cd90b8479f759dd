"""Elements of IATI as words: narratives with their languages, and any element as a line for people to read."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from django.conf import settings

from portal.languages import CODES
from projects.legacy.page import clean

FILE = Path(__file__).resolve().parent.parent / "data" / "iati_codes.json"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
MOST_CHARACTERS = 20_000  # of one line that is kept
MAIN: str = settings.LANGUAGE_CODE


class Narrative(NamedTuple):
    """`language` is a code of IATI's, in small letters: en, pt-br; nothing where none is stated."""

    language: str
    text: str


@cache
def codes() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def name_of(codelist: str, code: str) -> str:
    """What a code is called in English, or nothing."""
    return codes()[codelist].get(code, "")


def attribute(element: Element | None, name: str) -> str:
    return "" if element is None else one_line(element.get(name, ""))


def one_line(text: str) -> str:
    return " ".join(clean(text).split())


def narratives(element: Element, language: str) -> list[Narrative]:
    """The texts of an element that are not empty; `language` where they state none."""
    found = []
    for one in element.findall("narrative"):
        if text := clean(one.text or "").strip():
            stated = one.get(LANG) or element.get(LANG) or language
            found.append(Narrative(stated.strip().casefold(), text))
    return found


def by_language(found: list[Narrative]) -> tuple[dict[str, str], list[Narrative]]:
    """The first text of each language that the portal has, and the others. Where it has none of their languages, the
    first of all stands for the main one and among the others too.
    """
    placed: dict[str, str] = {}
    rest = []
    for one in found:
        code = one.language.split("-")[0] or MAIN
        if code in CODES and code not in placed:
            placed[code] = one.text
        else:
            rest.append(one)
    if rest and not placed:
        placed[MAIN] = rest[0].text
    return placed, rest


def words_of(element: Element) -> str:
    """All that an element says, as one line."""
    words = ", ".join(_parts(element))
    return words if len(words) <= MOST_CHARACTERS else f"{words[:MOST_CHARACTERS]}…"


def _parts(element: Element) -> Iterator[str]:
    for name, value in element.attrib.items():
        if name != LANG and (said := one_line(value)):
            yield f"{local(name)} {said}"
    if said := one_line(element.text or ""):
        yield f"{said} ({element.get(LANG)})" if element.get(LANG) else said
    for child in element:
        said = ", ".join(_parts(child))
        if said and child.tag == "narrative":
            yield said
        elif said:
            yield f"{local(child.tag)}: {said}"


def local(name: Any) -> str:
    """A name without its namespace."""
    return str(name).rpartition("}")[2]
