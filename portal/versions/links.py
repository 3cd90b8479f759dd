"""Links to previews for people without an account: made, ended, followed. Whoever has one sees the newest text, until
it ends, the text is published or put away, or its maker could no longer see it either.
"""

import datetime
import hashlib
import secrets
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.editorial import Status
from portal.models import AuditEntry, PreviewLink
from portal.models.pages import is_public
from portal.versions import history, rights
from portal.versions.drafts import open_draft

LASTS = datetime.timedelta(days=7)
AT_ONCE = 20  # of one record


def share(record: models.Model, by: Any) -> tuple[PreviewLink, str]:
    """A new link and its token, which is known from here on only to whom it is told. Raises PermissionDenied, or
    ValidationError where there is nothing that visitors do not see anyway.
    """
    if not rights.may_change(by, type(record)) or not may_see(by, record):
        raise PermissionDenied(f"{by} may not share {record._meta.verbose_name} {record.pk}")
    with transaction.atomic():
        record = history.lock(record)
        draft = open_draft(record)
        if draft is None and is_public(record):
            raise ValidationError(_("Visitors see it as it is: send the address of the page itself."))
        if draft is None and _is_put_away(record):
            raise ValidationError(_("It was put away or withdrawn: reopen it before you share it."))
        if PreviewLink.objects.open().about(record).count() >= AT_ONCE:
            raise ValidationError(_("It has %s links already: end one of them first.") % AT_ONCE)
        now, token = timezone.now(), secrets.token_urlsafe(32)
        link = PreviewLink.objects.create(
            digest=_digest(token),
            content_type=ContentType.objects.get_for_model(record),
            object_id=str(record.pk),
            draft=draft,
            made_by=by,
            created_at=now,
            expires_at=now + LASTS,
        )
        until = timezone.localtime(link.expires_at).isoformat(timespec="minutes")
        AuditEntry.record(record, "share preview", by, note=until)
    return link, token


def end(link: PreviewLink, by: Any) -> None:
    """Does nothing where it has been ended already."""
    record: Any = link.target
    if record is None or not rights.may_change(by, type(record)):
        raise PermissionDenied(f"{by} may not end a link to {link}")
    with transaction.atomic():
        ended = PreviewLink.objects.filter(pk=link.pk, ended_at__isnull=True).update(ended_at=timezone.now())
        if ended:
            AuditEntry.record(record, "end preview", by)


def find(token: str) -> PreviewLink | None:
    found = PreviewLink.objects.select_related("draft", "made_by", "content_type")
    return found.filter(digest=_digest(token)).first()


def why_over(link: PreviewLink) -> str:
    """In words why a link leads nowhere by now; empty while it does."""
    record: Any = link.target
    if link.ended_at is not None:
        return _("The person who shared it, or a colleague, has ended this link.")
    if link.expires_at <= timezone.now():
        return _("This link has ended: links to previews work for %s days.") % LASTS.days
    if record is None:
        return _("What it showed was deleted.")
    if _is_put_away(record):
        return _("What it showed was put away or withdrawn.")
    if link.draft is not None and not link.draft.is_open:
        return _("The draft it showed was published or put away.")
    if link.draft is None and _was_published(record, link.created_at):
        return _("What it showed was published.")
    if not may_see(link.made_by, record):
        return _("The person who shared it has no access any more.")
    return ""


def note_seen(link: PreviewLink) -> None:
    PreviewLink.objects.filter(pk=link.pk).update(seen=F("seen") + 1, last_seen=timezone.now())


def may_see(user: Any, record: models.Model) -> bool:
    """Whether somebody may see what is not public of a record's model: who works with it in the admin."""
    meta = record._meta
    may = user.has_perm(f"{meta.app_label}.view_{meta.model_name}") or rights.may_change(user, type(record))
    return bool(user.is_active and user.is_staff and may)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _is_put_away(record: models.Model) -> bool:
    return getattr(record, "status", "") == Status.ARCHIVED


def _was_published(record: models.Model, since: datetime.datetime) -> bool:
    """It is public, or was at some time since: a link does not come to life again when a record is withdrawn."""
    published = getattr(record, "published_at", None)
    return is_public(record) or (published is not None and since <= published <= timezone.now())
