"""Publications, their files and their pages."""

from publications.models.files import FilePage, PublicationFile
from publications.models.publication import (
    Contributor,
    Publication,
    PublicationIdentifier,
    PublicationQuerySet,
    PublicationType,
    Series,
)
from publications.models.repairs import RepairDecision

__all__ = [
    "Contributor",
    "FilePage",
    "Publication",
    "PublicationFile",
    "PublicationIdentifier",
    "PublicationQuerySet",
    "PublicationType",
    "RepairDecision",
    "Series",
]
