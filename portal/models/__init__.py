"""The ground: what all kinds of content refer to."""

from portal.models.audit import AuditEntry
from portal.models.desk import Basket, BasketItem, SavedSearch, UnansweredQuery
from portal.models.figures import FigureExplanation, FigureGroup, KeyFigure
from portal.models.forms import FormOpen, SentForm
from portal.models.imports import Import, ImportLine, ImportTarget, Origin
from portal.models.letters import Letter
from portal.models.organisations import Organisation, OrganisationName
from portal.models.pages import Page, Redirect
from portal.models.people import Preference
from portal.models.places import (
    Country,
    CountryGroup,
    CountryName,
    Membership,
    Office,
    SteeringGroupChair,
    TerritorialNote,
    TerritorialTerm,
)
from portal.models.previews import PreviewLink
from portal.models.search import IndexChange
from portal.models.thesaurus import Concept, Term
from portal.models.upkeep import LinkCheck, SettledName
from portal.models.versions import Draft, Version
from portal.models.vocabulary import Region, Source, Theme

__all__ = [
    "AuditEntry",
    "Basket",
    "BasketItem",
    "Concept",
    "Country",
    "CountryGroup",
    "CountryName",
    "Draft",
    "FigureExplanation",
    "FigureGroup",
    "FormOpen",
    "Import",
    "ImportLine",
    "ImportTarget",
    "IndexChange",
    "KeyFigure",
    "Letter",
    "LinkCheck",
    "Membership",
    "Office",
    "Organisation",
    "OrganisationName",
    "Origin",
    "Page",
    "Preference",
    "PreviewLink",
    "Redirect",
    "Region",
    "SavedSearch",
    "SentForm",
    "SettledName",
    "Source",
    "SteeringGroupChair",
    "Term",
    "TerritorialNote",
    "TerritorialTerm",
    "Theme",
    "UnansweredQuery",
    "Version",
]
