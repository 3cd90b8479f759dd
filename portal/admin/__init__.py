"""The admin of the ground, and the base classes of the admin of every kind.

Importing the modules registers their models in this order, which is the order on the front page.
"""

from portal.admin import organisations, vocabularies, figures, thesaurus, pages, drafts, imports, audit, people  # noqa: F401, I001 (the order people see)
from portal.admin.versioned import PortalAdmin, TranslatedAdmin
from portal.admin.editorial import SOURCE, EditorialAdmin
from portal.admin.forms import PortalForm
from portal.admin.parts import OwnVocabulary, PartAdmin, PartForm, PlainPartAdmin
from portal.admin.rows import RowForm, Rows, RowsFormSet, TallRows, TranslatedRows, TranslatedTallRows

__all__ = [
    "SOURCE",
    "EditorialAdmin",
    "OwnVocabulary",
    "PartAdmin",
    "PartForm",
    "PlainPartAdmin",
    "PortalAdmin",
    "PortalForm",
    "RowForm",
    "Rows",
    "RowsFormSet",
    "TallRows",
    "TranslatedAdmin",
    "TranslatedRows",
    "TranslatedTallRows",
]
