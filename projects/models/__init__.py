"""Projects and all that hangs on them."""

from projects.models.parts import (
    Call,
    Link,
    Output,
    ProjectIdentifier,
    ProjectName,
    ProjectRelation,
    ProjectRole,
    Result,
    Update,
)
from projects.models.phrases import LegacyPhrase
from projects.models.project import Programme, Project, ProjectQuerySet, Stage

__all__ = [
    "Call",
    "LegacyPhrase",
    "Link",
    "Output",
    "Programme",
    "Project",
    "ProjectIdentifier",
    "ProjectName",
    "ProjectQuerySet",
    "ProjectRelation",
    "ProjectRole",
    "Result",
    "Stage",
    "Update",
]
