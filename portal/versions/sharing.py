"""Links to previews for people without an account: made, ended, followed. Whoever has one sees the newest text, until
it ends, the text is published or put away, or its maker could no longer see it either.
"""

import datetime
import hashlib
import secrets
from copy import copy
from functools import cached_property
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.editorial import State, Status
from portal.models import AuditEntry, Draft, PreviewLink
from portal.models.pages import is_public
from portal.versions import history, preview, rights
from portal.versions.drafts import open_draft
from portal.versions.shape import shape_of

LASTS = datetime.timedelta(days=7)
AT_ONCE = 20  # of one record


def share(record: models.Model, by: Any) -> tuple[PreviewLink, str]:
    """A new link and its token, which is known from here on only to whom it is told. Raises PermissionDenied, or
    ValidationError where there is nothing to show that visitors do not see anyway, or that they may see at all.
    """
    with transaction.atomic():
        record = history.lock(record)
        now, standing = timezone.now(), Standing(record)
        if not may_share(by, standing):
            raise PermissionDenied(f"{by} may not share {record._meta.verbose_name} {record.pk}")
        draft = standing.draft
        if draft is None and standing.is_public:
            raise ValidationError(_("Visitors see it as it is: send the address of the page itself."))
        if standing.is_put_away:
            raise ValidationError(_("It was put away or withdrawn: reopen it before you share it."))
        if draft is None and standing.is_held_back:
            raise ValidationError(_("It is published, and kept from visitors: only a draft of it can be shared."))
        if PreviewLink.objects.open().about(record).count() >= AT_ONCE:
            raise ValidationError(_("It has %s links already: end one of them first.") % AT_ONCE)
        token = secrets.token_urlsafe(32)
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


class Standing:
    """What decides about all links to one record: it, and the pages that show it, as they are and as they were."""

    def __init__(self, record: Any) -> None:
        self.record, self.pages = record, preview.pages_of(record)

    @cached_property
    def is_public(self) -> bool:
        return is_public(self.record)

    @cached_property
    def draft(self) -> Draft | None:
        return open_draft(self.record)

    @cached_property
    def is_for_staff(self) -> bool:
        """It is kept from visitors even when it is published, as it is or as its draft has it."""
        said = (self.record, _as_drafted(self.record, self.draft), self.pages[0])
        return any(getattr(one, "is_held_back", False) for one in said)

    @property
    def is_held_back(self) -> bool:
        """It was published as it is and visitors do not see it: for staff only, under embargo, or expired."""
        return not self.is_public and getattr(self.pages[0], "state", "") in (State.PUBLISHED, State.EXPIRED)

    @property
    def is_put_away(self) -> bool:
        return getattr(self.pages[0], "status", "") == Status.ARCHIVED

    @cached_property
    def last_put_away(self) -> datetime.datetime | None:
        entries = (AuditEntry.objects.about(page).filter(after=Status.ARCHIVED).first() for page in self.pages)
        return max((entry.at for entry in entries if entry is not None), default=None)

    def was_put_away(self, since: datetime.datetime) -> bool:
        """It is, or was at some time since: a link does not come to life again when a record is reopened."""
        return self.is_put_away or (self.last_put_away is not None and self.last_put_away >= since)

    def was_published(self, since: datetime.datetime) -> bool:
        """It is public, or was at some time since. What has no such time ends its links when it is saved."""
        times = (getattr(page, "published_at", None) for page in self.pages)
        return self.is_public or any(at is not None and since <= at <= timezone.now() for at in times)


def why_over(link: PreviewLink, standing: Standing | None = None) -> str:
    """In words why a link leads nowhere by now; empty while it does."""
    record: Any = link.target
    if link.expires_at <= timezone.now():
        return _("This link has ended: links to previews work for %s days.") % LASTS.days
    if record is None:
        return _("What it showed was deleted.")
    standing = standing or Standing(record)
    if standing.is_put_away:
        return _("What it showed was put away or withdrawn.")
    if link.draft is not None and not link.draft.is_open:
        return _("The draft it showed was published or put away.")
    if link.draft is None and standing.was_published(link.created_at):
        return _("What it showed was published.")
    if link.draft is None and standing.is_held_back:
        return _("What it showed was published, and is kept from visitors.")
    if standing.was_put_away(link.created_at):
        return _("What it showed was put away or withdrawn.")
    if link.ended_at is not None:
        return _("The person who shared it, or a colleague, has ended this link, or what it showed was published.")
    if not _may_show(link.made_by, standing):
        return _("The person who shared it has no access any more, or it is for staff only by now.")
    return ""


def listed(standing: Standing) -> list[tuple[PreviewLink, str]]:
    """The links to a record that nobody has ended, each with why it leads nowhere all the same."""
    found = PreviewLink.objects.open().about(standing.record).prefetch_related("draft", "made_by", "target")
    return [(link, why_over(link, standing)) for link in found]


def note_over(link: PreviewLink) -> None:
    """Somebody came when what it showed was public: it is over for good, whatever becomes of that."""
    if link.ended_at is None and link.draft is None and link.target is not None and is_public(link.target):
        PreviewLink.objects.filter(pk=link.pk, ended_at__isnull=True).update(ended_at=timezone.now())


def note_seen(link: PreviewLink) -> None:
    PreviewLink.objects.filter(pk=link.pk).update(seen=F("seen") + 1, last_seen=timezone.now())


def may_see(user: Any, record: models.Model) -> bool:
    """Whether somebody may see what is not public of a record's model: who works with it in the admin."""
    meta = record._meta
    may = user.has_perm(f"{meta.app_label}.view_{meta.model_name}") or rights.may_change(user, type(record))
    return bool(user.is_active and user.is_staff and may)


def may_share(user: Any, standing: Standing) -> bool:
    return rights.may_change(user, type(standing.record)) and _may_show(user, standing)


def _may_show(user: Any, standing: Standing) -> bool:
    """What is for staff only is shown to others by those alone who could make it public."""
    may = may_see(user, standing.record) and may_see(user, standing.pages[0])
    return may and (not standing.is_for_staff or rights.may_publish(user, type(standing.record)))


def _as_drafted(record: models.Model, draft: Draft | None) -> models.Model:
    """A copy in memory with the plain columns that a draft has."""
    drafted, said = copy(record), draft.version.content["fields"] if draft else {}
    for field in shape_of(type(record)).fields:
        if field.name in said and not field.is_relation:
            setattr(drafted, field.attname, field.to_python(said[field.name]))
    return drafted


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
