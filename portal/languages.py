"""Text in several languages: which one a reader gets, in Python and in SQL."""

import re
import unicodedata

from django.conf import settings
from django.core.validators import RegexValidator
from django.db.models import F, TextField, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

CODES = [code for code, _name in settings.LANGUAGES]
language_code = RegexValidator(
    r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z", _("Use a language code of BCP 47, for instance en, fr or sr-Latn.")
)


def reading_order() -> list[str]:
    """Language codes, the reader's first and then the fallbacks, as modeltranslation goes through them."""
    own = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    return [own, *(code for code in settings.MODELTRANSLATION_FALLBACK_LANGUAGES if code != own)]


def translated(field: str, lower: bool = False) -> Coalesce | Lower:
    """A translated column in SQL, with the same fallback as in Python. `field` may span relations."""
    columns = [
        NullIf(F(f"{field}_{code}"), Value(""), output_field=TextField()) for code in reading_order() if code in CODES
    ]
    text = Coalesce(*columns, Value(""), output_field=TextField())
    return Lower(text) if lower else text


def fold(text: str) -> str:
    """Without case and accents, in any script: Turkiye finds Türkiye on every database."""
    if text.isascii():
        return text.casefold()
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """The words of a text, folded: letters and digits of any script, without what stands between them."""
    return re.findall(r"[^\W_]+", fold(text))


def columns(field: str) -> list[str]:
    """The column of each language, for searches that should find a text in any of them."""
    return [f"{field}_{code}" for code in CODES]
