"""One save of a focal point: written with its version and audit entry, or met with what somebody else has saved."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from dialogues.models import Initiative
from dialogues.models.cycles import CLOSED
from dialogues.reporting.forms import InitiativeForm, sent, typed
from portal.models import AuditEntry
from portal.versions import history
from portal.versions.content import NOTHING, Content, digest, take

SHOWN = 300  # characters of what somebody else has saved


@dataclass(frozen=True)
class Clash:
    """A field that both have changed: what the other has saved, above what was typed."""

    label: str
    theirs: str


def why_closed(one: Initiative) -> str:
    """Why a focal point cannot change it; empty where they can."""
    if one.cycle.is_closed:
        return str(CLOSED)
    if one.status == Initiative.Status.CHECKED:
        return _("It has been checked, so it cannot be changed. Ask the secretariat if something is wrong.")
    if one.status == Initiative.Status.VERIFIED:
        return _("It is verified and public, so it cannot be changed. Ask the secretariat if something is wrong.")
    return ""


def write(request: HttpRequest, form: InitiativeForm, is_new: bool) -> Initiative:
    """In the transaction in which it was locked. Raises ValidationError, with nothing written."""
    one = form.instance
    one.changed_by = request.user
    verb = "add" if is_new else "change"
    try:
        with transaction.atomic():
            form.save()
            history.keep(one, verb, request.user)
            if form.changed_data:
                changed = ", ".join(
                    str(form.fields[name].label or name) for name in form.changed_data if name != "note"
                )
                AuditEntry.record(one, verb, request.user, note=changed, before=one.status, after=one.status)
            note = form.cleaned_data["note"]
            if request.POST.get("_verb") == "submit" and one.status != Initiative.Status.SUBMITTED:
                one.submit(by=request.user, note=note)
            else:
                one.comment(by=request.user, text=note)
    except IntegrityError as error:
        raise ValidationError(_("Nothing was saved: look through it, then save again.")) from error
    return one


def meet(
    form: InitiativeForm, data: QueryDict, one: Initiative, theirs: Content, seen: str
) -> tuple[QueryDict, list[Clash]]:
    """What was typed together with what was saved since the form was opened: a field that was left alone takes what the
    other has saved, one that both changed keeps what was typed, and is named.
    """
    known = history.saying(one, seen)
    base = known.content if known else NOTHING
    together, clashes = data.copy(), []
    for name in form.said:
        mine, other = typed(data, name), sent(theirs, name)
        before = sent(base, name) if known else None
        if mine == other:
            continue
        if mine == before:
            together.setlist(name, other)
        elif other != before:
            clashes.append(Clash(str(form.fields[name].label or name), _in_words(form, name, other)))
    return together, clashes


def _in_words(form: InitiativeForm, name: str, values: list[str]) -> str:
    choices: Any = getattr(form.fields[name], "queryset", None)
    if choices is not None:
        values = [str(thing) for thing in choices.filter(pk__in=values)]
    return Truncator("; ".join(values)).chars(SHOWN) or "–"


def sign_of(one: Initiative) -> str:
    return digest(take(one))
