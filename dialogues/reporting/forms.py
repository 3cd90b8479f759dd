"""The form in which a focal point reports. Texts are in one language: that of the page on which they were begun."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from dialogues.models import Cycle, Domain, FocalPoint, Initiative
from portal.languages import CODES, reading_order
from portal.models import Country
from portal.versions.content import Content


def language_of(one: Initiative) -> str:
    """In which it is written already, else the reader's."""
    return next((code for code in reading_order() if getattr(one, f"title_{code}", None)), reading_order()[0])


class InitiativeForm(forms.ModelForm):
    note = forms.CharField(
        label=_("Answer to the quality check, if there is something to say"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    class Meta:
        model = Initiative
        fields = (
            *(f"title_{code}" for code in CODES),
            *(f"description_{code}" for code in CODES),
            "domains",
            "countries",
            "start",
            "end",
            "amount",
            "currency",
            "links",
            "continues",
        )
        widgets = {
            "domains": forms.CheckboxSelectMultiple,
            "countries": forms.SelectMultiple(attrs={"size": 8}),
            "links": forms.Textarea(attrs={"rows": 3, "dir": "ltr"}),
        }

    def __init__(self, data: QueryDict | None, one: Initiative, cycle: Cycle, role: FocalPoint) -> None:
        super().__init__(data, instance=one, auto_id="initiative-%s")
        self.language = language_of(one)
        fields: dict[str, Any] = self.fields
        for code in CODES:
            if code != self.language:
                del fields[f"title_{code}"], fields[f"description_{code}"]
        title, text = fields[f"title_{self.language}"], fields[f"description_{self.language}"]
        title.label, title.required = _("Title"), True
        text.label, text.widget = _("Description"), forms.Textarea(attrs={"rows": 6})
        for field in (title, text):
            field.widget.attrs["lang"] = self.language
            field.widget.attrs["dir"] = "auto"
        fields["start"].label, fields["end"].label = _("From"), _("To")
        fields["currency"].widget.attrs |= {"size": 4, "placeholder": "EUR", "dir": "ltr"}
        fields["domains"].queryset = Domain.objects.filter(instrument__dialogues=cycle.dialogue_id).distinct()
        fields["countries"].queryset = Country.objects.by_name()
        earlier = Initiative.objects.of_partner(role).filter(cycle__number__lt=cycle.number)
        fields["continues"].queryset = earlier.select_related("cycle").order_by("-cycle__number", "title")
        fields["continues"].label_from_instance = lambda one: f"{one.cycle.number}: {one.title}"
        fields["continues"].help_text = _("The same initiative as it was reported in an earlier cycle.")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("amount") is not None:
            if data["amount"] < 0:
                self.add_error("amount", _("It cannot be negative."))
            if not data.get("currency") and "currency" not in self.errors:
                self.add_error("currency", _("An amount needs its currency."))
        return data

    def clean_currency(self) -> str:
        return self.cleaned_data["currency"].upper()

    def _update_errors(self, errors: Any) -> None:
        """What a rule says of something that is no field of the form is told above it."""
        if hasattr(errors, "error_dict"):
            for name in set(errors.error_dict) - set(self.fields) - {NON_FIELD_ERRORS}:
                errors.error_dict.setdefault(NON_FIELD_ERRORS, []).extend(errors.error_dict.pop(name))
        super()._update_errors(errors)  # type: ignore[misc]

    @property
    def said(self) -> list[str]:
        """The fields that are part of what it says."""
        return [name for name in self.fields if name != "note"]


def sent(content: Content, name: str) -> list[str]:
    """What a browser sends of a field that says what a content says."""
    if name in content["links"]:
        return sorted(map(str, content["links"][name]))
    value = content["fields"].get(name)
    return [] if value in (None, "") else [str(value)]


def typed(data: QueryDict, name: str) -> list[str]:
    """What was sent of a field, to be compared with that."""
    return sorted(value.replace("\r\n", "\n").strip() for value in data.getlist(name) if value.strip())
