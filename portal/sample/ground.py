"""The ground's share of the sample: vocabularies, organisations, offices, figures, pages."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from portal.models import (
    Country,
    CountryGroup,
    CountryName,
    FigureGroup,
    KeyFigure,
    Membership,
    Office,
    Organisation,
    OrganisationName,
    Page,
    Region,
    Source,
    SteeringGroupChair,
    TerritorialNote,
    TerritorialTerm,
    Theme,
)
from portal.prose import from_text
from portal.sample.frame import Sample, as_lines, translated

DATA = Path(__file__).resolve().parent.parent / "data" / "sample"
STANDINGS = {
    "members": Membership.Standing.MEMBER,
    "observers": Membership.Standing.OBSERVER,
    "invited": Membership.Standing.INVITED,
    "priority_candidates": Membership.Standing.CANDIDATE,
}
OFFICE_KINDS = {
    "regional-office": Office.Kind.REGIONAL,
    "project-office": Office.Kind.PROJECT,
    "migrant-resource-centre": Office.Kind.RESOURCE_CENTRE,
}


def load(sample: Sample) -> None:
    load_vocabularies(sample)
    load_countries(sample)
    load_organisations(sample)
    load_offices(sample)
    load_membership(sample)
    load_figures(sample)
    load_pages(sample)


def load_vocabularies(sample: Sample) -> None:
    for row in sample.read(DATA / "sources.json"):
        values = {"title": row["title"], "date": row["date"]}
        sample.save(Source, {"slug": row["slug"]}, {**values, "url": row["url"] or "", "note": row["note"] or ""})
    for position, row in enumerate(sample.read(DATA / "regions.json")):
        sample.save(Region, {"slug": row["slug"]}, {**translated("name", row["name"]), "position": position})
    for row in sample.read(DATA / "themes.json"):
        sample.save(Theme, {"slug": row["slug"]}, translated("name", row["name"]))
    for row in sample.read(DATA / "country_groups.json"):
        links = {"members": sample.get_all(Country, row["members"])}
        sample.save(CountryGroup, {"slug": row["slug"]}, translated("name", row["name"]), links)


def load_countries(sample: Sample) -> None:
    for row in sample.read(DATA / "territorial_notes.json"):
        values = {**translated("text", row["text"]), "mark": row["mark"], "valid_from": row["valid_from"]}
        note = sample.save(TerritorialNote, {"slug": row["slug"]}, values)
        if not sample.is_kept(note):
            names = [*row["terms"].values(), *row["places"].values()]
            for term in dict.fromkeys(term for terms in names for term in terms):
                sample.save(TerritorialTerm, {"note": note, "term": term}, {})
    for row in sample.read(DATA / "countries.json"):
        facts = {
            "region": sample.get_if(Region, row["region"]),
            "territorial_note": sample.get_if(TerritorialNote, row["territorial_note"]),
        }
        country = sample.save(Country, {"iso2": row["iso2"]}, facts)
        if not sample.is_kept(country):
            for name in row["names"]:
                values = {"kind": name["kind"], "end": name["valid_until"]}
                sample.save(CountryName, {"country": country, "name": name["name"]}, values)


def load_organisations(sample: Sample) -> None:
    rows = list(sample.read(DATA / "organisations.json"))
    full_names = {row["slug"]: row["name"] for row in rows}
    for row in sample.read(DATA / "organisations.json"):
        later = row["succeeded_by"]
        notes = [row["why"], f"Succeeded by: {full_names[later]}." if later else None]
        values = {
            **translated("name", row["name"]),
            "acronym": row["short"] or "",
            "type": row["type"],
            "country": sample.get_if(Country, row["country"]),
            "is_established": True,
            "note": " ".join(filter(None, notes)),
        }
        organisation = sample.save(Organisation, {"slug": row["slug"]}, values)
        if sample.is_kept(organisation):
            continue
        names = dict.fromkeys(row["aliases"], OrganisationName.Kind.ALIAS)
        names |= {name["name"]: name["kind"] for name in row["names"]}
        for name, kind in names.items():
            sample.save(OrganisationName, {"organisation": organisation, "name": name}, {"kind": kind})


def load_offices(sample: Sample) -> None:
    for row in sample.read(DATA / "offices.json", "offices"):
        key = {
            "city": row["city"] or "",
            "country": sample.get(Country, row["country"]),
            "kind": OFFICE_KINDS.get(row["kind"], row["kind"]),
        }
        note = ". ".join(filter(None, (row["note"], row["why"])))
        sample.save(Office, key, {"standing": row["status"], "opened": row["opened"], "note": note})


def load_membership(sample: Sample) -> None:
    for part, standing in STANDINGS.items():
        for row in sample.read(DATA / "membership.json", part):
            key = {"country": sample.get(Country, row["country"]), "standing": standing}
            sample.save(Membership, key, {"start": row["since"], "note": row["note"] or ""})
    for row in sample.read(DATA / "membership.json", "steering_group_chairs"):
        values = {"country": sample.get(Country, row["country"]), **translated("theme", row["theme"])}
        sample.save(SteeringGroupChair, {"year": row["year"]}, values)


def load_figures(sample: Sample) -> None:
    path = DATA / "key_figures.json"
    for position, row in enumerate(sample.read(path, "groups")):
        shape = {"presentation": row["presentation"], "position": position}
        shape |= {"measures": row["measures"] or "", "note": row["note"] or ""}
        sample.save(FigureGroup, {"slug": row["slug"]}, {**translated("name", row["title"]), **shape})
    for position, row in enumerate(sample.read(path, "figures")):
        values: dict[str, Any] = {
            **translated("label", row["label"]),
            **translated("unit", row["unit"]),
            "group": sample.get(FigureGroup, row["group"]),
            "value": row["value"],
            "decimals": decimals_of(row["value"]),
            "qualifier": row["qualifier"],
            "year": row["year"],
            "measures": row.get("measures", ""),
            "change_since": row.get("change_since"),
            "is_total": row["role"] == "total",
            "on_home_page": row["on_home_page"],
            "country": sample.get_if(Country, row["country"]),
            "region": sample.get_if(Region, row["region"]),
            "source": sample.get(Source, row["source"]),
            "page": as_lines(row["source_lines"]),
            "note": row["why"] or "",
            "position": position,
        }
        sample.save(KeyFigure, {"slug": row["slug"]}, values)


def decimals_of(value: int | Decimal | None) -> int | None:
    """As many as the file writes: 58.0 has one. A whole number does not say whether it was rounded."""
    exponent = value.as_tuple().exponent if isinstance(value, Decimal) else 0
    return -exponent if isinstance(exponent, int) and exponent < 0 else None


def load_pages(sample: Sample) -> None:
    for position, row in enumerate(sample.read(DATA / "pages.json")):
        values = {
            **translated("title", row["title"]),
            **translated("text", {code: from_text(text) for code, text in row["text"].items()}),
            "menu": row["menu"],
            "position": position,
            "is_public": True,
        }
        sample.save(Page, {"slug": row["slug"]}, values)
