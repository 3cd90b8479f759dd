"""Identifiers of publications and people: their shapes and check digits."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def check_identifier(scheme: str, value: str, field: str) -> str:
    """The identifier in its usual notation. Raises ValidationError on `field` when it cannot be one.

    Rules: ISBN users' manual, 13 and 10 digits (modulus 10 and 11); ISO 3297 for ISSN; ISO 7064 MOD 11-2 for
    ORCID; the DOI handbook, 2.2: a prefix that starts with 10. and any suffix.
    """
    value = value.strip()
    check = {"doi": _doi, "isbn": _isbn, "issn": _issn, "orcid": _orcid}.get(scheme)
    if check is None:
        return value
    try:
        return check(value)
    except ValueError as error:
        raise ValidationError({field: str(error)}, code="invalid") from error


def _doi(value: str) -> str:
    bare = re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)\s*", "", value, flags=re.IGNORECASE)
    if not re.fullmatch(r"10\.\d{4,9}(?:\.\d+)*/\S+", bare):
        raise ValueError(_("A DOI looks like 10.1234/abc."))
    return bare.lower()


def _isbn(value: str) -> str:
    digits = re.sub(r"[\s-]", "", value).upper()
    if re.fullmatch(r"97[89]\d{10}", digits):
        total = sum(int(digit) * (1 if n % 2 == 0 else 3) for n, digit in enumerate(digits))
        valid = total % 10 == 0
    elif re.fullmatch(r"\d{9}[\dX]", digits):
        total = sum((10 if digit == "X" else int(digit)) * (10 - n) for n, digit in enumerate(digits))
        valid = total % 11 == 0
    else:
        raise ValueError(_("An ISBN has 13 or 10 digits."))
    if not valid:
        raise ValueError(_("The last digit of this ISBN does not fit: one digit is mistyped."))
    return digits


def _issn(value: str) -> str:
    digits = re.sub(r"[\s-]", "", value).upper()
    if not re.fullmatch(r"\d{7}[\dX]", digits):
        raise ValueError(_("An ISSN has eight digits, as 1234-5678."))
    if sum((10 if digit == "X" else int(digit)) * (8 - n) for n, digit in enumerate(digits)) % 11:
        raise ValueError(_("The last digit of this ISSN does not fit: one digit is mistyped."))
    return f"{digits[:4]}-{digits[4:]}"


def _orcid(value: str) -> str:
    digits = re.sub(r"^https?://orcid\.org/|[\s-]", "", value).upper()
    if not re.fullmatch(r"\d{15}[\dX]", digits):
        raise ValueError(_("An ORCID has sixteen digits, as 0000-0001-2345-6789."))
    total = 0
    for digit in digits[:15]:
        total = (total + int(digit)) * 2
    if "0123456789X"[(12 - total % 11) % 11] != digits[15]:
        raise ValueError(_("The last digit of this ORCID does not fit: one digit is mistyped."))
    return "-".join(digits[n : n + 4] for n in (0, 4, 8, 12))
