"""Which version somebody means, what it is called, and the frame of every page about one record's versions."""

import re
from dataclasses import dataclass

from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.admin.decisions import in_words
from portal.admin.versions import rules
from portal.models import Version
from portal.versions import drafts
from portal.versions.content import take


class NoVersion(Exception):
    """There is none by that number: answered with 404 and these words."""


@dataclass
class Side:
    """One of two that are compared: a version, or what the record says now."""

    label: str
    content: dict
    version: Version | None = None


def label_of_version(version) -> str:
    kind = _("Draft, version %s") if version.is_draft else _("Version %s")
    return f"{kind % version.number} · {in_words(version.at)}"


def label_of_present(record) -> str:
    return _("Now live") if rules.is_live(record) else _("As it is now")


def version_of(record, number: str) -> Version:
    """Of this record and no other. Raises NoVersion."""
    version = None
    if re.fullmatch(r"[0-9]{1,9}", number, re.ASCII):
        version = Version.objects.about(record).select_related("by").filter(number=int(number)).first()
    if version is None:
        raise NoVersion(_("This record has no version by that number."))
    return version


def side_of(record, told: str) -> Side:
    """`told` is a number, or "live", or "draft". Raises NoVersion."""
    if told == "live":
        return Side(label_of_present(record), take(record))
    if told == "draft":
        draft = drafts.open_draft(record)
        if draft is None:
            raise NoVersion(_("There is no open draft of this record."))
        return Side(label_of_version(draft.version), draft.version.content, draft.version)
    version = version_of(record, told)
    return Side(label_of_version(version), version.content, version)


def answer(model_admin, request, record, template, status=200, **context):
    meta = model_admin.opts
    base = f"admin:{meta.app_label}_{meta.model_name}_"
    told = {
        **model_admin.admin_site.each_context(request),
        "object": record,
        "opts": meta,
        "history_url": reverse(base + "history", args=[record.pk]),
        **context,
    }
    return TemplateResponse(request, template, told, status=status)
