"""What is asked before something is read: a file or pasted text, and what its reader must be told."""

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MOST_BYTES = 20 * 1024 * 1024


class SourceForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("File"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Or paste its text here"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "class": "vLargeTextField"}),
    )

    def __init__(self, reader, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.reader = reader
        if reader.accepts:
            self.fields["file"].widget.attrs["accept"] = ",".join(f".{ending}" for ending in reader.accepts)
        else:
            del self.fields["file"]
        if not reader.is_pasted:
            del self.fields["text"]
        if reader.accepts and not reader.is_pasted:
            self.fields["file"].required = True
        if reader.options:
            self.fields |= reader.options().fields

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > MOST_BYTES:
            raise ValidationError(_("At most %s can be brought in at once.") % filesizeformat(MOST_BYTES))
        return file

    def clean(self):
        cleaned = super().clean()
        either = self.reader.accepts and self.reader.is_pasted and not self.errors
        if either and bool(cleaned.get("file")) == bool(cleaned.get("text", "").strip()):
            raise ValidationError(_("Choose a file, or paste its text."))
        if self.reader.options and not self.errors:
            options = self.reader.options(self.data)
            if not options.is_valid():
                self._errors.update(options.errors)
            else:
                cleaned["options"] = options.cleaned_data
        return cleaned

    @property
    def source(self):
        """The name and the bytes of what was sent; none of a harvest."""
        if file := self.cleaned_data.get("file"):
            return file.name, file.read()
        if text := self.cleaned_data.get("text"):
            return "", text.encode()
        return "", None
