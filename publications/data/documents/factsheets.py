"""The body of a country factsheet, written from the sample's own facts: two pages that say no more than those do."""

import calendar
import json
from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
FILES = {
    "countries": "portal/data/countries.json",
    "regions": "portal/data/sample/regions.json",
    "places": "portal/data/sample/countries.json",
    "figures": "portal/data/sample/key_figures.json",
    "groups": "portal/data/sample/key_figures.json",
    "offices": "portal/data/sample/offices.json",
    "organisations": "portal/data/sample/organisations.json",
    "sources": "portal/data/sample/sources.json",
    "themes": "portal/data/sample/themes.json",
    "dialogues": "dialogues/data/dialogues.json",
    "projects": "projects/data/projects.json",
    "publications": "publications/data/publications.json",
}
PARTS = {"figures": "figures", "groups": "groups", "offices": "offices"}
# Figures that speak of a country in their label only.
NAMED = {
    "TR": ("civil-society-staff-trained", "temporary-protection", "turkish-thb-research"),
    "RS": ("link-up-serbia", "diaspora-serbia"),
}
MONTHS = list(calendar.month_name)  # from 1
OFFICES = {
    "headquarters": "Headquarters",
    "regional-office": "Regional office",
    "project-office": "Project office",
    "migrant-resource-centre": "Migrant Resource Centre",
    "office": "Office",
    "mission": "Mission",
    "presence": "Presence",
}
QUALIFIERS = {"exact": "", "over": "over ", "at_least": "at least ", "about": "about "}


def factsheet(iso2: str) -> str:
    """The HTML of one country's factsheet."""
    country = next(row for row in facts("countries") if row["iso2"] == iso2)
    name = country["names"]["en"]
    projects = sorted(
        (row for row in facts("projects") if iso2 in row["countries"]),
        key=lambda row: (row["start"] or "9", row["slug"]),
    )
    return "\n".join(
        [
            f'<p class="lead">{escape(lead(name, iso2, projects))}</p>',
            *section("At a glance", table(glance(iso2, projects))),
            *section("Offices and centres", table(offices(iso2))),
            *section("Dialogues", table(dialogues(iso2))),
            *section("Figures", table(figures(iso2))),
            *section("Publications in the sample", bullets(publications(iso2))),
            f'<h2 class="projects">Projects in {escape(name)}</h2>',
            *(part for row in projects for part in project(row)),
            *section("How to read this factsheet", [reading(name)]),
        ]
    )


@cache
def facts(name: str) -> Any:
    rows = json.loads((ROOT / FILES[name]).read_text(encoding="utf-8"))
    return rows[PARTS[name]] if name in PARTS else rows


@cache
def titles(name: str) -> dict[str, str]:
    """Of a vocabulary, by short name, in English."""
    found = {}
    for row in facts(name):
        title = row.get("name") or row.get("title")
        found[row["slug"]] = title["en"] if isinstance(title, dict) else title
    return found


def lead(name: str, iso2: str, projects: list[dict[str, Any]]) -> str:
    subjects = theme_names(projects)[:3]
    place = next((row for row in facts("places") if row["iso2"] == iso2), {})
    region = titles("regions").get(place.get("region") or "")
    where = f" {name} belongs to the organisation’s region {region}." if region else ""
    about = f" They are above all about {in_a_row([subject.lower() for subject in subjects])}." if subjects else ""
    count = f"{len(projects)} projects that concern" if len(projects) > 1 else "one project that concerns"
    return f"The sample content of the portal names {count} {name}.{about}{where}"


def theme_names(projects: list[dict[str, Any]]) -> list[str]:
    """The themes of these projects, the commonest first."""
    slugs = [slug for row in projects for slug in row["themes"]]
    return [titles("themes")[slug] for slug in sorted(set(slugs), key=lambda slug: (-slugs.count(slug), slug))]


def glance(iso2: str, projects: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    yield "Projects", str(len(projects))
    donors = dict.fromkeys(titles("organisations")[slug] for row in projects for slug in row["donors"])
    yield "Donors named", "; ".join(donors) or "none"
    partners = dict.fromkeys(
        titles("organisations")[slug]
        for row in projects
        for slug in (*row["implementing_partners"], *row["beneficiaries"])
    )
    yield "Partners and beneficiaries named", "; ".join(partners) or "none"
    yield "Themes", "; ".join(theme_names(projects)) or "none"
    staff = next(
        (row for row in facts("figures") if row["slug"].startswith("staff-by-nat") and row["country"] == iso2), None
    )
    if staff:
        yield "Employees of this nationality, 2021", str(staff["value"])


def offices(iso2: str) -> Iterator[tuple[str, str]]:
    for row in facts("offices"):
        if row["country"] == iso2:
            standing = {"open": "", "planned": "planned", "closed": "closed"}[row["status"]]
            opened = f"opened in {row['opened']}" if row["opened"] else ""
            words = "; ".join(filter(None, (standing, opened, row["note"])))
            yield f"{OFFICES[row['kind']]}, {row['city'] or 'city not named'}", words or "–"


def dialogues(iso2: str) -> Iterator[tuple[str, str]]:
    for row in facts("dialogues"):
        if roles := [party["role"] for party in row["countries"] if party["country"] == iso2]:
            yield row["name"]["en"], in_a_row(roles)


def figures(iso2: str) -> Iterator[tuple[str, str]]:
    for row in facts("figures"):
        named = any(part in row["slug"] for part in NAMED.get(iso2, ()))
        if (row["country"] == iso2 and not row["slug"].startswith("staff-by-nat")) or named:
            if row["value"] is None:
                yield f"{group_of(row)}: {label_of(row)}", "not readable in the source"
                continue
            number = f"{row['value']:,}"
            unit = (row["unit"] or {}).get("en", "") if isinstance(row["unit"], dict) else row["unit"] or ""
            unit = unit.removesuffix("s") if row["value"] == 1 else unit
            year = f" ({row['year']})" if row["year"] else " (year not stated)"
            yield (
                f"{group_of(row)}: {label_of(row)}",
                f"{QUALIFIERS.get(row['qualifier'], '')}{number} {unit}".strip() + year,
            )


def label_of(row: dict[str, Any]) -> str:
    return row["label"]["en"] if isinstance(row["label"], dict) else row["label"]


def group_of(row: dict[str, Any]) -> str:
    group = next(one for one in facts("groups") if one["slug"] == row["group"])
    return group["title"]["en"] if isinstance(group["title"], dict) else group["title"]


def publications(iso2: str) -> Iterator[str]:
    for row in facts("publications"):
        if iso2 in row["countries"]:
            title = row["title"]["en"] if isinstance(row["title"], dict) else row["title"]
            yield title + (f", {row['date'][:4]}" if row["date"] else "")


def project(row: dict[str, Any]) -> Iterator[str]:
    named = row["acronym_basis"] == "descriptive" or row["title"].startswith(row["acronym"])
    title = row["title"] if named else f"{row['acronym']}: {row['title']}"
    yield f"<section><h3>{escape(title)}</h3>"
    for text in (row["objective"], row["summary"]):
        if text:
            yield f"<p>{escape(text)}</p>"
    told = [
        ("Period", period(row["start"], row["end"])),
        ("Donor", "; ".join(titles("organisations")[slug] for slug in row["donors"])),
        ("Themes", "; ".join(titles("themes")[slug] for slug in row["themes"])),
        ("To be read with care", row["why"] or ""),
    ]
    yield from (f'<p class="source"><b>{name}:</b> {escape(text)}</p>' for name, text in told if text)
    yield "</section>"


def period(start: str | None, end: str | None) -> str:
    if not start and not end:
        return ""
    return f"{day(start) if start else 'start not stated'} to {day(end) if end else 'end not stated'}"


def day(date: str) -> str:
    """2016-10 as October 2016: no more exact than it is known."""
    year, *rest = date.split("-")
    return f"{MONTHS[int(rest[0])]} {year}" if rest and int(rest[0]) <= 12 else year


def reading(name: str) -> str:
    sources = in_a_row([f"“{row['title']}”" for row in facts("sources") if row["slug"] in ("page", "report")])
    return (
        f'<p class="source">All that is said here about {escape(name)} was read from {escape(sources)}, two public '
        "documents of ICMPD, and is as old as they are. The themes were added for the portal. What a source does not "
        "say is left out: a project without dates or donor may well have them. This is no publication of ICMPD and "
        "does not speak for it.</p>"
    )


def section(heading: str, parts: list[str]) -> list[str]:
    return [f"<section><h2>{escape(heading)}</h2>", *parts, "</section>"] if parts else []


def table(rows: Iterable[tuple[str, str]]) -> list[str]:
    cells = [f"<tr><th>{escape(head)}</th><td>{escape(text)}</td></tr>" for head, text in rows]
    return ["<table>", *cells, "</table>"] if cells else []


def bullets(texts: Iterable[str]) -> list[str]:
    items = [f"<li>{escape(text)}</li>" for text in texts]
    return ["<ul>", *items, "</ul>"] if items else []


def in_a_row(texts: list[str]) -> str:
    return f"{', '.join(texts[:-1])} and {texts[-1]}" if len(texts) > 1 else "".join(texts)
