"""What stands in the cells of a column: read into the values of a content, and written from them.

They are widgets of django-import-export. `clean` raises ValueError, with a message for editors.
"""

import datetime
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import override
from import_export import widgets

from portal.dates import PartialDate, PartialDateField, read_date
from portal.sheets.cells import FoundDate
from portal.sheets.known import Known, Path

BETWEEN = "; "
YES, NO = ("yes", "true", "1", "y", "x", "ja", "oui"), ("no", "false", "0", "n", "nein", "non")
SERIAL = range(20_000, 80_000)  # days of Excel since 1900: the years 1954 to 2119
EPOCH = datetime.date(1899, 12, 30)


def words(value: Any) -> str:
    """A cell as people read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).replace("\r\n", "\n").replace("\r", "\n")


class Text(widgets.Widget):
    """`empty` is what an empty cell says."""

    def __init__(self, field: models.Field) -> None:
        super().__init__()
        self.field = field
        self.empty = "" if isinstance(field, (models.CharField, models.TextField)) and not field.null else None

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        text = words(value)
        if not text.strip():
            return self.empty
        return self.checked(self.read(text, value))

    def checked(self, value: Any) -> Any:
        """By the rules of its column. Raises ValueError."""
        try:
            with override("en"):
                self.field.run_validators(self.field.to_python(value))
        except ValidationError as error:
            raise ValueError(" ".join(error.messages)) from error
        return value

    def read(self, text: str, value: Any) -> Any:
        return text if isinstance(self.field, models.TextField) else text.strip()

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return words(value)


class Choice(Text):
    def __init__(self, field: models.Field) -> None:
        super().__init__(field)
        with override("en"):
            self.by_text = {str(label).casefold(): key for key, label in field.flatchoices}
        self.by_text |= {str(key).casefold(): key for key, _label in field.flatchoices}
        self.empty = None if field.null else "" if field.blank or "" in self.by_text else field.get_default()

    def read(self, text: str, value: Any) -> Any:
        try:
            return self.by_text[text.strip().casefold()]
        except KeyError as error:
            known = ", ".join(str(key) for key, _label in self.field.flatchoices if key)
            raise ValueError(_("This is none of: %s.") % known) from error


class YesNo(Text):
    def __init__(self, field: models.Field) -> None:
        super().__init__(field)
        self.empty = field.get_default()

    def read(self, text: str, value: Any) -> Any:
        if (word := text.strip().casefold()) in YES:
            return True
        if word in NO:
            return False
        raise ValueError(_("Write yes or no."))


class WholeNumber(Text):
    def read(self, text: str, value: Any) -> Any:
        bare = re.sub(r"[\s\u00a0\u202f]", "", text)
        if not re.fullmatch(r"-?[0-9]{1,18}(\.0+)?", bare):
            raise ValueError(_("This is no whole number."))
        return int(bare.partition(".")[0])


class Number(Text):
    def read(self, text: str, value: Any) -> Any:
        field: Any = self.field
        bare = re.sub(r"[\s\u00a0\u202f]", "", text)
        if re.fullmatch(r"-?[0-9]+,(?:[0-9]{1,2}|[0-9]{4,})", bare):
            bare = bare.replace(",", ".")
        if not re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?", bare):
            raise ValueError(_("This is no number that is certain: write 1234.56, without signs between thousands."))
        try:
            number = Decimal(bare)
            exact = number.quantize(Decimal(1).scaleb(-field.decimal_places))
        except InvalidOperation as error:
            raise ValueError(_("This number is too large.")) from error
        if exact != number:
            raise ValueError(_("At most %s decimals are kept.") % field.decimal_places)
        return str(exact)


class Date(Text):
    """A date to the day."""

    def read(self, text: str, value: Any) -> Any:
        if (found := _date(text, value)).day is None:
            raise ValueError(_("Write the day too: 2016-10-05."))
        return str(found)


class DateInPart(Text):
    def checked(self, value: Any) -> Any:
        return value

    def read(self, text: str, value: Any) -> Any:
        return str(_date(text, value))


def _date(text: str, value: Any) -> PartialDate:
    """A number is a year, or days since 1900 where somebody took the format of a date away."""
    if match := re.fullmatch(r"\s*([0-9]{1,2})/([0-9]{1,2})/[0-9]{4}\s*", text):
        one, other = int(match[1]), int(match[2])
        if one != other and max(one, other) <= 12:  # by who comes first, the day or the month
            raise ValueError(_("This can be read as two days: write 2016-10-05."))
    try:
        if isinstance(value, FoundDate):
            return value.partial
        if isinstance(value, int) and not isinstance(value, bool) and value in SERIAL:
            return PartialDate.of(EPOCH + datetime.timedelta(days=value))
        return read_date(text)
    except ValueError as error:
        raise ValueError(_("This is no date: write 2016, 2016-10 or 2016-10-05.")) from error


class Reference(Text):
    """One record that another leads to, by its code."""

    def __init__(self, field: models.Field, by: Path = ()) -> None:
        super().__init__(field)
        self.model, self.by = field.related_model, by

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        known: Known = kwargs["known"]
        text = words(value).strip()
        return known.key(self.model, text, self.by) if text else None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        known: Known = kwargs["known"]
        return "" if value is None else known.code(self.model, value, self.by)


class References(Reference):
    """Several of them, with semicolons between."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        known: Known = kwargs["known"]
        return [known.key(self.model, text, self.by) for text in listed(value)]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        known: Known = kwargs["known"]
        return BETWEEN.join(sorted(known.code(self.model, key, self.by) for key in value or ()))


def listed(value: Any) -> list[str]:
    """The parts of a cell, each once."""
    parts = (part.strip() for part in re.split(r"[;\n]", words(value)))
    return list(dict.fromkeys(part for part in parts if part))


def for_field(field: models.Field, by: Path = ()) -> Text:
    if isinstance(field, models.ManyToManyField):
        return References(field, by)
    if isinstance(field, models.ForeignKey):
        return Reference(field, by)
    if field.choices:
        return Choice(field)
    for kind, widget in BY_KIND:
        if isinstance(field, kind):
            return widget(field)
    return Text(field)


BY_KIND: tuple[tuple[type[models.Field], type[Text]], ...] = (
    (PartialDateField, DateInPart),
    (models.DateField, Date),
    (models.BooleanField, YesNo),
    (models.DecimalField, Number),
    (models.IntegerField, WholeNumber),
)
