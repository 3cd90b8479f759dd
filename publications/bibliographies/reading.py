"""Files of literature, or what is pasted of them, as imports: one reader for each format."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.imports.entries import Found, Names, Unreadable
from portal.imports.readers import Reader
from portal.models import Import
from publications.bibliographies import bibtex, csl, ris
from publications.bibliographies.bibtex_fields import reference_of
from publications.bibliographies.entries import entries_of
from publications.bibliographies.references import Reference
from publications.bibliographies.texts import decode
from publications.models import Publication

SCHEME = "reference"
MOST = 20_000


class ListOptions(forms.Form):
    source = forms.CharField(
        label=_("Whose list it is"),
        max_length=200,
        required=False,
        help_text=_(
            "An entry without a DOI is recognised in the next list by its key and this name; if empty, by the "
            "name of the file."
        ),
    )
    encoding = forms.ChoiceField(
        label=_("Encoding"),
        required=False,
        choices=[
            ("utf-8", "UTF-8"),
            ("cp1252", _("Windows-1252: Western Europe")),
            ("cp1250", _("Windows-1250: Central Europe")),
            ("cp1251", _("Windows-1251: Cyrillic")),
            ("cp1256", _("Windows-1256: Arabic")),
        ],
    )


def _found(imported: Import, references: list[Reference], what: Any) -> Found:
    if not references:
        raise Unreadable(what)
    if len(references) > MOST:
        raise Unreadable(
            _("It has %(n)s entries: at most %(most)s are read at once.") % {"n": len(references), "most": MOST}
        )
    names = Names()
    return Found(entries_of(references, names, imported.options.get("source") or imported.name), names)


def _text(imported: Import) -> str:
    return decode(bytes(imported.file or b""), imported.options.get("encoding") or "utf-8")


def read_bibtex(imported: Import) -> Found:
    references = [reference_of(raw) for raw in bibtex.read(_text(imported))]
    return _found(imported, references, _("There is no entry of BibTeX in it: one begins with @, as @report{…}."))


def read_ris(imported: Import) -> Found:
    references, outside = ris.read(_text(imported))
    found = _found(imported, references, _("There is no entry of RIS in it: one begins with a line “TY  - ”."))
    found.lines = outside
    return found


def read_csl(imported: Import) -> Found:
    return _found(imported, csl.read(_text(imported)), _("The list is empty."))


READERS = (
    Reader(
        "bibtex",
        _("Publications: BibTeX"),
        SCHEME,
        (Publication,),
        read_bibtex,
        help_text=_("A list of literature as LaTeX and most reference managers write it (.bib)."),
        accepts=("bib", "bibtex", "txt"),
        options=ListOptions,
        is_pasted=True,
    ),
    Reader(
        "ris",
        _("Publications: RIS"),
        SCHEME,
        (Publication,),
        read_ris,
        help_text=_("A list of literature as EndNote, Zotero, Mendeley and libraries write it (.ris)."),
        accepts=("ris", "txt"),
        options=ListOptions,
        is_pasted=True,
    ),
    Reader(
        "csl-json",
        _("Publications: CSL-JSON"),
        SCHEME,
        (Publication,),
        read_csl,
        help_text=_("A list of literature in the format of citation styles, from Zotero or Crossref (.json)."),
        accepts=("json",),
        options=ListOptions,
        is_pasted=True,
    ),
)
