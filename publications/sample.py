"""The publications' share of the sample: titles and what is known of them; there are no files."""

from pathlib import Path
from typing import Any

from dialogues.models import Dialogue
from portal.models import Country, CountryGroup, Organisation, Theme
from portal.sample import Links, Sample, translated
from projects.models import Project
from publications.models import Contributor, Publication, PublicationType

DATA = Path(__file__).parent / "data"
YEAR_NOT_PRINTED = {
    "en": "year not printed in the source",
    "fr": "année non indiquée dans la source",
    "ar": "السنة غير مذكورة في المصدر",
    "ru": "год в источнике не указан",
}


def load(sample: Sample) -> None:
    for position, row in enumerate(sample.read(DATA / "publication_types.json")):
        values = {**translated("name", row["name"]), "csl_type": row["csl"], "position": position}
        sample.save(PublicationType, {"slug": row["slug"]}, values)
    for row in sample.read(DATA / "publications.json"):
        publication = load_publication(sample, row)
        if not sample.is_kept(publication):
            for position, partner in enumerate(sample.get_all(Organisation, row["partners"])):
                key = {"publication": publication, "organisation": partner, "role": Contributor.Role.PARTNER}
                sample.save(Contributor, key, {"position": position})


def load_publication(sample: Sample, row: dict[str, Any]) -> Publication:
    undated = row["date"] is None and not row["forthcoming"]
    values = {
        **translated("title", row["title"]),
        **translated("abstract", row["summary"]),
        **translated("date_note", row["status_note"] or (YEAR_NOT_PRINTED if undated else "")),
        **sample.provenance(row),
        "title_is_descriptive": row["title_basis"] == "descriptive",
        "type": sample.get(PublicationType, row["type"]),
        "date": row["date"],
        "is_forthcoming": row["forthcoming"],
        "language": row["language"] or "",
        "publisher": sample.get_if(Organisation, row["publisher"]),
        "editors_note": editors_note(row),
    }
    links: Links = {
        "countries": sample.get_all(Country, row["countries"]),
        "country_groups": sample.get_all(CountryGroup, row["country_groups"]),
        "themes": sample.get_all(Theme, row["themes"]),
        "projects": sample.get_all(Project, row["projects"]),
        "dialogues": sample.get_all(Dialogue, row["dialogues"]),
    }
    return sample.save(Publication, {"slug": row["slug"]}, values, links)


def editors_note(row: dict[str, Any]) -> str:
    notes = [row["why"]]
    if row["status"] not in ("published", "forthcoming"):
        notes.append(f"Status in the source: {row['status']}.")
    if row["related_other"]:
        notes.append(f"Related to: {'; '.join(row['related_other'])}.")
    return " ".join(filter(None, notes))
