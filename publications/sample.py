"""The publications' share of the sample: titles and what is known of them, and documents written for the demo.

The former have no files. The latter are PDFs (data/documents), so that there is something to read and to search.
"""

import hashlib
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile

from dialogues.models import Activity, Dialogue
from portal.models import Country, CountryGroup, Organisation, Source, Theme
from portal.sample import Links, Sample, translated
from projects.models import Project
from publications.models import Contributor, Publication, PublicationFile, PublicationType, Series

DATA = Path(__file__).parent / "data"
DOCUMENTS = DATA / "documents"
LIBRARY = {
    "en": "Portal library: sample documents",
    "fr": "Bibliothèque du portail : documents d’exemple",
    "ar": "مكتبة البوابة: وثائق تجريبية",
    "ru": "Библиотека портала: образцы документов",
}
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
    load_documents(sample)


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
        "activities": [
            activity
            for one in row.get("activities", [])
            for activity in Activity.objects.filter(dialogue__slug=one["dialogue"], title_en=one["what"])
        ],
    }
    return sample.save(Publication, {"slug": row["slug"]}, values, links)


def load_documents(sample: Sample) -> None:
    series = sample.save(Series, {"slug": "portal-library"}, translated("title", LIBRARY))
    for number, row in enumerate(sample.read(DOCUMENTS / "documents.json"), 1):
        values = {
            **translated("title", row["title"]),
            **translated("abstract", row["abstract"]),
            "type": sample.get(PublicationType, row["type"]),
            "date": row["date"],
            "language": row["language"],
            "series": series,
            "series_number": str(number),
            "source": sample.get(Source, "demo-library"),
            "source_locator": row["file"],
            "editors_note": row["note"],
        }
        links: Links = {
            "countries": sample.get_all(Country, row["countries"]),
            "themes": sample.get_all(Theme, row["themes"]),
            "projects": sample.get_all(Project, row["projects"]),
            "dialogues": sample.get_all(Dialogue, row["dialogues"]),
        }
        publication = sample.save(Publication, {"slug": row["slug"]}, values, links)
        if not sample.is_kept(publication):
            attach(sample, publication, row["language"], DOCUMENTS / row["file"])


def attach(sample: Sample, publication: Publication, language: str, path: Path) -> None:
    """Give a publication its PDF, whose text is then read; the same file is not read again."""
    content = path.read_bytes()
    file = publication.files.filter(language=language, format="pdf").first()
    if file and file.sha256 == hashlib.sha256(content).hexdigest():
        sample.note(file)
        return
    created = file is None
    file = file or PublicationFile(publication=publication, language=language)
    if not sample.is_dry_run:
        file.file = ContentFile(content, name=path.name)
        file.full_clean()
        file.save()
    sample.note(file, created=created, changed=not created)


def editors_note(row: dict[str, Any]) -> str:
    notes = [row["why"]]
    if row["status"] not in ("published", "forthcoming"):
        notes.append(f"Status in the source: {row['status']}.")
    if row["related_other"]:
        notes.append(f"Related to: {'; '.join(row['related_other'])}.")
    return " ".join(filter(None, notes))
