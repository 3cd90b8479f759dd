"""The projects' share of the sample."""

from pathlib import Path
from typing import Any

from dialogues.models import Dialogue
from portal.models import Country, CountryGroup, Organisation, Region, Theme
from portal.prose import from_text
from portal.sample import Links, Sample, translated
from projects.legacy import vocabulary
from projects.models import (
    Call,
    Link,
    Project,
    ProjectName,
    ProjectRelation,
    ProjectRole,
    Result,
    Stage,
)

FILE = Path(__file__).parent / "data" / "projects.json"
NAME_KINDS = {"short": ProjectName.Kind.ACRONYM, "label": ProjectName.Kind.VARIANT}
RELATION_KINDS = {
    "follows": ProjectRelation.Kind.FOLLOWS,
    "thematically_follows": ProjectRelation.Kind.CONTINUES,
    "part_of": ProjectRelation.Kind.PART_OF,
    "complements": ProjectRelation.Kind.COMPLEMENTS,
}
STAGES = {
    "listed": (Stage.CURRENT, "2021"),
    "ongoing": (Stage.CURRENT, "2021"),
    "launched_2021": (Stage.CURRENT, "2021"),
    "planned_2022": (Stage.PLANNED, "2021"),
    "completed_2021": (Stage.ENDED, "2021"),
    "completed": (Stage.ENDED, None),
}


def load(sample: Sample) -> None:
    vocabulary.load()
    for row in sample.read(FILE):
        project = load_project(sample, row)
        if not sample.is_kept(project):
            load_rows(sample, project, row)
    # Last, because a project may point at any other.
    for row in sample.read(FILE):
        project = sample.get(Project, row["slug"])
        if not sample.is_kept(project):
            for relation in row["relations"]:
                key = {
                    "project": project,
                    "kind": RELATION_KINDS[relation["type"]],
                    "other": sample.get(Project, relation["project"]),
                }
                sample.save(ProjectRelation, key, {"note": unless_stated(relation["basis"])})


def load_project(sample: Sample, row: dict[str, Any]) -> Project:
    stage, as_of = stage_of(row)
    phase = row["phase"] or {"number": None, "basis": None}
    values = {
        **translated("title", row["title"]),
        **translated("objective", row["objective"]),
        **translated("summary", from_text(row["summary"] or "")),
        **translated("target_groups", "; ".join([*row["target_groups"], *row["other_beneficiaries"]])),
        **translated("other_partners", "; ".join(row["other_partners"])),
        **sample.provenance(row),
        # A descriptive acronym was made for the address only.
        "acronym": row["acronym"] if row["acronym_basis"] == "printed" else "",
        "start": row["start"],
        "end": row["end"],
        "stage_stated": stage,
        "stage_as_of": as_of,
        "themes_inferred": row["themes_basis"] == "inferred",
        "phase": phase["number"],
    }
    links: Links = {
        "regions": sample.get_all(Region, filter(None, [row["region"]])),
        "countries": sample.get_all(Country, row["countries"]),
        "country_groups": sample.get_all(CountryGroup, row["country_groups"]),
        "themes": sample.get_all(Theme, row["themes"]),
        "dialogues": sample.get_all(Dialogue, row["dialogues"]),
    }
    return sample.save(Project, {"slug": row["slug"]}, values, links)


def stage_of(row: dict[str, Any]) -> tuple[str, str | None]:
    """What the source says of the stage, and as of when.

    With an end, the dates tell it. A start alone would say "current" for ever, so the source's word is kept
    with its year.
    """
    return ("", None) if row["end"] else STAGES[row["status_2021"]]


def load_rows(sample: Sample, project: Project, row: dict[str, Any]) -> None:
    parties = [
        (ProjectRole.Role.DONOR, row["donors"], unless_stated(row["donor_basis"])),
        (ProjectRole.Role.IMPLEMENTING, row["implementing_partners"], ""),
        (ProjectRole.Role.BENEFICIARY, row["beneficiaries"], ""),
    ]
    position = 0
    for role, slugs, note in parties:
        for slug in slugs:
            key = {"project": project, "role": role, "organisation": sample.get(Organisation, slug)}
            values = {"note": row["partner_notes"].get(slug, note), "position": position}
            sample.save(ProjectRole, key, values)
            position += 1
    for name in row["names"]:
        values = {"kind": NAME_KINDS.get(name["kind"], name["kind"])}
        sample.save(ProjectName, {"project": project, "name": name["name"]}, values)
    for position, result in enumerate(row["results"]):
        values = {
            **translated("title", result["text"]),
            "kind": result["kind"],
            "number": str(result["number"]),
        }
        sample.save(Result, {"project": project, "position": position}, values)
    for call in row["calls"]:
        values = {name: call[name] for name in ("kind", "opens", "closes", "url")}
        sample.save(Call, {"project": project, "title_en": call["title"]}, values)
    for position, link in enumerate(row["links"]):
        values = {**translated("label", link["label"]), "url": link["url"], "note": link["note"]}
        sample.save(Link, {"project": project, "position": position}, values)


def unless_stated(basis: str | None) -> str:
    return "" if basis in (None, "stated") else basis
