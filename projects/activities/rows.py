"""The rows an activity makes: its identifier, who takes part, results, links, what it is part of."""

from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from portal.languages import fold
from projects.activities.elements import MAIN, Narrative, attribute, local, name_of, one_line, words_of
from projects.models import ProjectIdentifier, ProjectRelation, ProjectRole, Result

if TYPE_CHECKING:
    from projects.activities.placing import Placing

Role = ProjectRole.Role
# The codelist OrganisationRole. The portal has one word for who is accountable and who extends: the note says which.
FUNDING, ACCOUNTABLE, EXTENDING, IMPLEMENTING = "1", "2", "3", "4"
ROLES = {
    FUNDING: Role.DONOR,
    ACCOUNTABLE: Role.PARTNER,
    EXTENDING: Role.PARTNER,
    IMPLEMENTING: Role.IMPLEMENTING,
}
NOTES = {ACCOUNTABLE: "accountable", EXTENDING: "extending"}
PARENT = "1"
KINDS = {"1": "parent", "2": "child", "3": "sibling", "4": "co-funded", "5": "third party"}
LONGEST_URL, LONGEST_LABEL = 500, 200
web_address = URLValidator(schemes=["http", "https"])


class Rows:
    def __init__(self, placing: "Placing") -> None:
        self.placing = placing

    def place(self, here: set[str]) -> None:
        value = self.placing.identifier
        self._add("identifiers", ("identifier", value), scheme=ProjectIdentifier.Scheme.IATI.value, value=value)
        self._roles()
        self._results()
        self._links()
        self._relations(here)

    def _add(self, name: str, key: tuple[str, ...], **fields: Any) -> None:
        self.placing.rows[name].append({"id": self.placing.key(*key), "fields": fields})

    def _roles(self) -> None:
        seen: dict[tuple[str, int | str], dict[str, Any]] = {}
        for element in self.placing.all("participating-org"):
            code, reference = attribute(element, "role"), attribute(element, "ref")
            called = [one_line(one.text) for one in _main_first(self.placing.texts(element))]
            role = ROLES.get(code)
            if role is None:
                self.placing.remark(_("participating-org: there is no role with the code “%s”; it is kept.") % code)
                self.placing.keep(element)
                continue
            key = self.placing.organisations.find(reference, called, attribute(element, "type"))
            if key is None:
                self.placing.remark(_("participating-org: one has neither a name nor a reference."))
                continue
            if element.get("activity-id") or element.get("crs-channel-code"):
                self.placing.keep(element)
            note = NOTES.get(code, "")
            if (role.value, key) in seen:
                _add_note(seen[role.value, key]["fields"], note)
                continue
            whose = reference or fold(called[0])
            self._add(
                "roles", ("role", role.value, whose), role=role.value, organisation=key, note="", position=len(seen)
            )
            seen[role.value, key] = self.placing.rows["roles"][-1]
            _add_note(seen[role.value, key]["fields"], note)

    def _results(self) -> None:
        seen: dict[str, int] = {}
        for element in self.placing.all("result"):
            title = element.find("title")
            found = self.placing.texts(title) if title is not None else []
            if not found:
                self.placing.keep(element)
                continue
            columns = self.placing.columns("title", found, "result", 200)
            if (description := element.find("description")) is not None:
                columns |= self.placing.columns("text", self.placing.texts(description), "result")
            name = fold(found[0].text)
            seen[name] = seen.get(name, 0) + 1
            key = ("result", name, str(seen[name]))
            self._add("results", key, **columns, kind=Result.Kind.RESULT.value, position=sum(seen.values()) - 1)
            for child in element:
                if child.tag not in ("title", "description"):
                    self.placing.keep_words("result", f"{local(child.tag)}: {words_of(child)}")

    def _links(self) -> None:
        seen: set[str] = set()
        for element in self.placing.all("document-link"):
            category = name_of("document-category", attribute(element.find("category"), "code"))
            title = element.find("title")
            found = self.placing.texts(title) if title is not None else []
            found = found or [Narrative(MAIN, category or "Document")]
            if self._link(element, attribute(element, "url"), found, category, seen):
                rest = [child for child in element if child.tag not in ("title", "category")]
                about = [f"{local(child.tag)}: {words}" for child in rest if (words := words_of(child))]
                if said := ", ".join([attribute(element, "format"), *about]).strip(", "):
                    self.placing.keep_words("document-link", f"{attribute(element, 'url')}: {said}")
        for contact in self.placing.all("contact-info"):
            for website in contact.findall("website"):
                organisation = contact.find("organisation")
                found = self.placing.texts(organisation) if organisation is not None else []
                self._link(website, one_line(website.text or ""), found or [Narrative(MAIN, "Website")], "", seen)
            others = [child for child in contact if child.tag != "website"]
            self.placing.keep_words("contact-info", ", ".join(f"{local(one.tag)}: {words_of(one)}" for one in others))

    def _link(self, element: Element, url: str, label: list[Narrative], note: str, seen: set[str]) -> bool:
        if url in seen:
            return True
        try:
            web_address(url)
            is_address = len(url) <= LONGEST_URL
        except ValidationError:
            is_address = False
        if not is_address:
            self.placing.remark(
                _("%(tag)s: “%(url)s” is no address of the web.") % {"tag": element.tag, "url": url[:80]}
            )
            self.placing.keep(element)
            return False
        columns = self.placing.columns("label", label, element.tag, LONGEST_LABEL)
        self._add("links", ("link", url), **columns, url=url, note=note[:LONGEST_LABEL], position=len(seen))
        seen.add(url)
        return True

    def _relations(self, here: set[str]) -> None:
        """A parent that is a project here is what this one is part of. One of the same file is told in words, so that
        the file means the same before and after it was brought in.
        """
        for element in self.placing.all("related-activity"):
            code, reference = attribute(element, "type"), attribute(element, "ref")
            other = self.placing.ground.projects.get(reference)
            if code == PARENT and other is not None and reference not in here:
                kind = ProjectRelation.Kind.PART_OF.value
                self._add("relations", ("parent", reference), kind=kind, other=other.pk, note="")
            else:
                self.placing.keep(element, f"{KINDS.get(code, code)}: {reference}")


def _add_note(fields: dict[str, Any], note: str) -> None:
    notes = [one for one in fields["note"].removeprefix("IATI: ").split(", ") if one]
    if note and note not in notes:
        fields["note"] = f"IATI: {', '.join([*notes, note])}"


def _main_first(found: list[Narrative]) -> list[Narrative]:
    return sorted(found, key=lambda one: one.language.split("-")[0] != MAIN)
