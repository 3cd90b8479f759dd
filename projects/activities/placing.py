"""One activity as an entry: each element goes to the part of a project it speaks of, or is kept under its name."""

import uuid
from typing import Any
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from portal.imports.entries import Entry, Likeness, Line, Problem
from portal.languages import fold
from portal.prose import from_text, to_text
from projects.activities import rows
from projects.activities.dates import Dates
from projects.activities.elements import (
    LANG,
    MAIN,
    Narrative,
    attribute,
    by_language,
    local,
    name_of,
    narratives,
    one_line,
    words_of,
)
from projects.activities.ground import Ground, Organisations
from projects.activities.money import total_of
from projects.models import Project

ROWS = uuid.UUID("d6cf84d1-6c2e-4f6d-9d0b-5b1c0f3c8f10")  # the space of the keys of rows
GENERAL, OBJECTIVE, TARGET_GROUPS = "1", "2", "3"  # the codelist DescriptionType
DAC_SECTOR, DAC_REGION = "1", "1"
# Said elsewhere, or of the file and not of the activity.
OWN_ATTRIBUTES = {LANG, "default-currency", "last-updated-datetime"}


class Placing:
    """`here` are the identifiers of the file's own activities: what relates to them waits in words."""

    def __init__(
        self, activity: Element, number: int, language: str, said_on: str, ground: Ground, organisations: Organisations
    ) -> None:
        self.activity, self.number = activity, number
        self.ground, self.organisations = ground, organisations
        self.identifier = one_line(activity.findtext("iati-identifier") or "")
        self.language = (activity.get(LANG) or language).strip()
        self.said_on = attribute(activity, "last-updated-datetime") or said_on
        self.fields: dict[str, Any] = {}
        self.links: dict[str, list[Any]] = {"countries": [], "country_groups": [], "regions": [], "themes": []}
        self.rows: dict[str, list[Any]] = {"identifiers": [], "roles": [], "results": [], "links": [], "relations": []}
        self.unplaced: list[dict[str, str]] = []
        self.remarks: list[str] = []
        self.problems: list[Problem] = []

    def entry(self, here: set[str]) -> Entry:
        self._title()
        self._descriptions()
        Dates(self).place()
        self._budgets()
        self._where()
        self._sectors()
        rows.Rows(self).place(here)
        self._the_rest()
        title = self.fields.get(f"title_{MAIN}") or next(
            (value for name, value in self.fields.items() if name.startswith("title_")), ""
        )
        reporting = self.activity.find("reporting-org")
        label = f"{self.identifier}: {title}"
        links = {name: sorted(set(keys)) for name, keys in self.links.items() if keys}
        said = {"fields": self.fields, "links": links, "rows": self.rows}
        return Entry(
            Project,
            said,
            [Line(self.number, label, problems=self.problems)],
            title,
            source=attribute(reporting, "ref")[:300],
            key=self.identifier,
            unplaced=self.unplaced,
            remarks=list(dict.fromkeys(self.remarks)),
            likely=self._likely(),
        )

    def _likely(self) -> list[Likeness]:
        if known := self.ground.projects.get(self.identifier):
            return [Likeness(known, _("It has this IATI identifier."), is_sure=True)]
        titles = {fold(value) for name, value in self.fields.items() if name.startswith("title_")}
        same = {project.pk: project for title in titles for project in self.ground.titles.get(title, ())}
        return [Likeness(project, _("Same title")) for project in same.values()]

    # What the parts share

    def all(self, name: str) -> list[Element]:
        return self.activity.findall(name)

    def key(self, *parts: str) -> str:
        """The same whenever this activity is read."""
        return str(uuid.uuid5(ROWS, "\n".join((self.identifier, *parts))))

    def keep(self, element: Element, words: str = "") -> None:
        self.keep_words(local(element.tag), words or words_of(element))

    def keep_words(self, name: str, words: str) -> None:
        if words:
            self.unplaced.append({"field": name, "words": words})

    def remark(self, words: str) -> None:
        self.remarks.append(words)

    def texts(self, element: Element) -> list[Narrative]:
        return narratives(element, self.language)

    def say(self, column: str, found: list[Narrative], name: str, most: int = 0, as_prose: bool = False) -> None:
        """A column in each language the portal has; what is longer than `most` is cut and kept whole."""
        for column_name, text in self.columns(column, found, name, most).items():
            self.fields[column_name] = prose(text) if as_prose else text

    def columns(self, column: str, found: list[Narrative], name: str, most: int = 0) -> dict[str, str]:
        placed, rest = by_language(found)
        for one in rest:
            self.keep_words(name, f"{one.text} ({one.language})" if one.language else one.text)
        if rest and placed.get(MAIN) == rest[0].text:
            words = _(
                "%(name)s is written in “%(language)s” alone, for which there is no column: it stands as %(main)s."
            )
            self.remark(words % {"name": name, "language": rest[0].language, "main": MAIN})
        said = {}
        for code, text in placed.items():
            if most:
                text = one_line(text)
            if most and len(text) > most:
                self.keep_words(name, text)
                words = _("%(name)s has %(n)s characters and was cut to %(most)s; all of it is kept below.")
                self.remark(words % {"name": name, "n": len(text), "most": most})
                text = f"{text[: most - 1]}…"
            said[f"{column}_{code}"] = text
        return said

    # What an activity says of itself

    def _title(self) -> None:
        found = [one for element in self.all("title") for one in self.texts(element)]
        if not self.language and any(not one.language for one in found):
            self.remark(_("The file does not say in which language it is written: it stands as %s.") % MAIN)
        self.say("title", found, "title", 300)

    def _descriptions(self) -> None:
        found: dict[str, list[Narrative]] = {}
        for element in self.all("description"):
            kind = attribute(element, "type") or GENERAL
            if kind in (GENERAL, OBJECTIVE, TARGET_GROUPS):
                found.setdefault(kind, []).extend(self.texts(element))
            else:
                self.keep(element)
        self.say("summary", _joined(found.get(GENERAL, [])), "description", as_prose=True)
        objective = [Narrative(one.language, plain(one.text)) for one in found.get(OBJECTIVE, [])]
        self.say("objective", objective, "description (objectives)")
        self.say("target_groups", found.get(TARGET_GROUPS, []), "description (target groups)", 300)

    def _budgets(self) -> None:
        elements = self.all("budget")
        total, currency, remarks = total_of(elements, attribute(self.activity, "default-currency"))
        if total is not None:
            self.fields |= {"budget": str(total), "currency": currency}
        self.remarks += remarks
        for element in elements:
            self.keep(element)

    def _where(self) -> None:
        for element in self._own_or_of_transactions("recipient-country"):
            code = attribute(element, "code").upper()
            key = self.ground.countries.get(code)
            if key is None:
                self.remark(_("recipient-country: the portal knows no country with the code “%s”.") % code)
            else:
                self.links["countries"].append(key)
            if key is None or attribute(element, "percentage"):
                self.keep(element)
        for element in self._own_or_of_transactions("recipient-region"):
            code = attribute(element, "code")
            is_dac = (attribute(element, "vocabulary") or DAC_REGION) == DAC_REGION
            name = name_of("region", code) if is_dac else ""
            if is_dac and not name:
                self.remark(_("recipient-region: there is no region with the code “%s”.") % code)
            called = [one_line(one.text) for one in self.texts(element)]
            place = self.ground.place([*called, name, name.removesuffix(", regional")])
            if place:
                self.links[place[0]].append(place[1])
            if not place or attribute(element, "percentage"):
                self.keep(element, _named(element, name))

    def _sectors(self) -> None:
        for element in self._own_or_of_transactions("sector"):
            code = attribute(element, "code")
            is_dac = (attribute(element, "vocabulary") or DAC_SECTOR) == DAC_SECTOR
            name = name_of("sector", code) if is_dac else ""
            if is_dac and not name:
                self.remark(_("sector: there is no sector of five digits with the code “%s”.") % code)
            themes = self.ground.sectors.get(code, set()) if is_dac else set()
            if len(themes) == 1:
                self.links["themes"] += themes
            elif themes:
                self.remark(_("sector: several themes have the code “%s”; choose among them.") % code)
            if len(themes) != 1 or attribute(element, "percentage"):
                self.keep(element, _named(element, name))

    def _own_or_of_transactions(self, name: str) -> list[Element]:
        """By the standard an activity says it for itself or for each of its transactions."""
        return self.all(name) or _once(self.activity.findall(f"transaction/{name}"))

    def _the_rest(self) -> None:
        if attribute(self.activity.find("reporting-org"), "secondary-reporter") in ("1", "true"):
            self.remark(_("Who reports it takes no part in it and passes on what others have said."))
        own = {name: value for name, value in self.activity.attrib.items() if name not in OWN_ATTRIBUTES}
        self.keep_words("iati-activity", ", ".join(f"{local(name)} {one_line(value)}" for name, value in own.items()))
        for element in self.activity:
            if element.tag not in PLACED:
                self.keep(element)


# Elements that one of the parts above, or in dates.py and rows.py, looks at.
PLACED = {
    "iati-identifier",
    "title",
    "description",
    "participating-org",
    "activity-status",
    "activity-date",
    "contact-info",
    "recipient-country",
    "recipient-region",
    "sector",
    "budget",
    "document-link",
    "related-activity",
    "result",
}


def plain(text: str) -> str:
    """Some publish markup in their narratives."""
    return to_text(text) if "</" in text or "<br" in text else text


def prose(text: str) -> str:
    return from_text(plain(text))


def _joined(found: list[Narrative]) -> list[Narrative]:
    """Several texts in one language as the paragraphs of one."""
    texts: dict[str, list[str]] = {}
    for one in found:
        texts.setdefault(one.language, []).append(plain(one.text))
    return [Narrative(language, "\n\n".join(own)) for language, own in texts.items()]


def _named(element: Element, name: str) -> str:
    words = words_of(element)
    return f"{words}: {name}" if name and name not in words else words


def _once(elements: list[Element]) -> list[Element]:
    return list({words_of(element): element for element in elements}.values())
