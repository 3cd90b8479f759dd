"""Budgets of an activity as the one sum a project has, where they make one."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from projects.activities.elements import attribute

DECIMAL = re.compile(r"[+-]?(?:\d{1,18}(?:\.\d{0,12})?|\.\d{1,12})", re.ASCII)
CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
MOST = Decimal(10) ** 12  # the column has fourteen digits, two of them behind the point
REVISED = "2"


@dataclass
class Budget:
    start: str
    end: str
    is_revised: bool
    currency: str
    amount: Decimal


def total_of(elements: list[Element], default_currency: str) -> tuple[Decimal | None, str, list[str]]:
    """The sum and its currency, or None; and remarks on why there is none.

    A revised budget stands for the original one of its very period. Nothing is added up over other overlaps, and
    never over two currencies.
    """
    remarks, found = [], []
    for element in elements:
        budget = _read(element, default_currency)
        if budget is None:
            said = (element.findtext("value") or "").strip()[:80]
            remarks.append(_("A budget of “%s” is no amount in a currency.") % said)
        else:
            found.append(budget)
    revised = {(one.start, one.end) for one in found if one.is_revised}
    found = [one for one in found if one.is_revised or (one.start, one.end) not in revised]
    if remarks or not found:
        return None, "", remarks
    currencies = sorted({one.currency for one in found})
    if len(currencies) > 1:
        sums = (
            f"{_plain(sum((one.amount for one in found if one.currency == code), Decimal(0)))} {code}"
            for code in currencies
        )
        return None, "", [_("Budgets in several currencies are not added up: %s.") % "; ".join(sums)]
    if _overlap(found):
        return None, "", [_("Budgets of periods that overlap are not added up.")]
    total = sum((one.amount for one in found), Decimal(0)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if not 0 <= total < MOST:
        return None, "", [_("A budget of %s cannot be held.") % f"{_plain(total)} {currencies[0]}"]
    return total, currencies[0], []


def _read(element: Element, default_currency: str) -> Budget | None:
    value = element.find("value")
    said = (value.text or "").strip() if value is not None else ""
    currency = (attribute(value, "currency") or default_currency).upper()
    if not DECIMAL.fullmatch(said) or not CURRENCY.fullmatch(currency):
        return None
    start, end = (attribute(element.find(name), "iso-date")[:10] for name in ("period-start", "period-end"))
    return Budget(start, end, attribute(element, "type") == REVISED, currency, Decimal(said))


def _overlap(budgets: list[Budget]) -> bool:
    """Days of ISO 8601 sort as they follow each other; one on which a period ends and the next begins is no overlap. A
    budget without its period may overlap any.
    """
    if len(budgets) > 1 and not all(one.start and one.end for one in budgets):
        return True
    latest = ""
    for one in sorted(budgets, key=lambda one: one.start):
        if latest and one.start < latest:
            return True
        latest = max(latest, one.end)
    return False


def _plain(amount: Decimal) -> str:
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
