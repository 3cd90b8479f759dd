"""Many files at a time: chosen together in a publication's form, each named in what is wrong with it."""

import re
from collections import Counter

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.admin import PortalForm, RowsFormSet
from publications.files import CONTENT_TYPES, clean_name
from publications.models import PublicationFile
from publications.models.publication import language_code

AT_ONCE = 50
# A name's end is taken for a language only where it can hardly be a word of the title.
GUESSED = {code for code, _name in settings.LANGUAGES} | {
    "bs", "de", "es", "fa", "hr", "hy", "ka", "mk", "nl", "pl", "ps", "pt", "ro", "sq", "sr", "tr", "uk", "ur", "zh",
}  # fmt: skip


def guess_language(name: str) -> str:
    """Of report-fr.pdf and Report_AR.docx; empty where the name does not tell."""
    match = re.search(r"[-_. (\[]([A-Za-z]{2})[)\]]?\.[A-Za-z]+$", name)
    code = match.group(1).lower() if match else ""
    return code if code in GUESSED else ""


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name, [])


class ManyFilesField(forms.Field):
    """A list of uploads, as they were chosen."""

    widget = ManyFilesInput

    def __init__(self, **options):
        accepted = ",".join(f".{format}" for format in [*CONTENT_TYPES, "htm"])
        super().__init__(widget=ManyFilesInput(attrs={"multiple": True, "accept": accepted}), **options)

    def clean(self, value):
        uploads = [upload for upload in value or [] if upload]
        super().clean(uploads)
        if len(uploads) > AT_ONCE:
            raise ValidationError(_("Choose at most %s files at once.") % AT_ONCE)
        return uploads

    def has_changed(self, initial, data):
        return bool(data)


class PublicationForm(PortalForm):
    """With a place for several files at once. All of them are taken or, with what is wrong with each, none."""

    more_files = ManyFilesField(
        label=gettext_lazy("Several files at once"),
        required=False,
        help_text=gettext_lazy(
            "PDF, Word (docx), HTML or plain text, one of each format and language. A name that ends in a language, as "
            "report-fr.pdf or report_ar.docx, tells it; the others get the language beside. If one of them cannot be "
            "taken, nothing is saved and each mistake is named."
        ),
    )
    more_files_language = forms.CharField(
        label=gettext_lazy("Language of those whose name does not tell it"),
        required=False,
        max_length=12,
        validators=[language_code],
        initial="en",
    )

    def clean(self):
        super().clean()
        self.instance.more_files = []
        if self.errors.keys() & {"more_files", "more_files_language"}:
            return
        problems = []
        for upload in self.cleaned_data["more_files"]:
            language = guess_language(upload.name) or self.cleaned_data.get("more_files_language") or "en"
            row = PublicationFile(publication=self.instance, language=language, file=upload)
            try:
                row.full_clean(exclude={"publication"}, validate_unique=False, validate_constraints=False)
            except ValidationError as error:
                problems.append(f"{clean_name(upload.name)}: {' '.join(error.messages)}")
            else:
                self.instance.more_files.append(row)
        if problems := [*problems, *self._twice()]:
            self.add_error("more_files", problems)

    def _twice(self):
        """Two of those chosen that are the same file, or would stand at the same place."""
        rows = self.instance.more_files
        same = Counter(row.sha256 for row in rows)
        places = Counter((row.language, row.format) for row in rows)
        for row in rows:
            if same[row.sha256] > 1:
                yield _("%s: it was chosen twice, under two names.") % row.original_name
            elif places[row.language, row.format] > 1:
                told = {"name": row.original_name, "format": row.format.upper(), "language": row.language}
                yield _("%(name)s: another %(format)s in the same language (%(language)s) was chosen with it.") % told

    def ask_for_uploads_again(self):
        """Of a form that comes back: the browser will show an empty box."""
        if self.files and "more_files" not in self.errors and self.cleaned_data.get("more_files"):
            self.add_error("more_files", _("Choose the files again: a browser does not keep them."))


class FilesFormSet(RowsFormSet):
    """Checked together with the files that were chosen at once; those are rows as well, only not of this table."""

    def rows_to_check(self):
        return [*super().rows_to_check(), *getattr(self.instance, "more_files", [])]

    def _words_of(self, constraint, row):
        words = super()._words_of(constraint, row)
        return f"{row.original_name}: {words}" if row in getattr(self.instance, "more_files", []) else words


def save_more(publication) -> None:
    """After the rows of the table, and numbered behind them."""
    last = max(publication.files.values_list("position", flat=True), default=0)
    for position, row in enumerate(getattr(publication, "more_files", []), last + 1):
        row.publication, row.position = publication, position
        row.save()
