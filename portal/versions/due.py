"""Approved drafts whose time has come. They are put in place when somebody reads, so that no worker has to live: before
a page is answered, and by the worker all the same.
"""

import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import Error, IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.models import Draft
from portal.versions import drafts, rights
from portal.waiting import waiting_at_most

logger = logging.getLogger(__name__)

BRIEFLY = 200  # milliseconds that a reader waits for somebody who is saving


def put_due_in_place() -> int:
    """How many were. One query where none is due. Where the database is busy or cannot be written, the page as it was
    is better than none: the next reader tries again.
    """
    try:
        due = list(Draft.objects.filter(status=Draft.Status.APPROVED, publish_at__lte=timezone.now()))
    except Error:
        logger.exception("drafts that are due could not be looked for")
        return 0
    return sum(_try(draft) for draft in due)


def _try(draft: Draft) -> bool:
    try:
        with (
            waiting_at_most(BRIEFLY),
            override(settings.LANGUAGE_CODE),
            timezone.override(timezone.get_default_timezone()),
        ):
            return apply_due(draft)
    except (OperationalError, InterfaceError):
        logger.warning("draft %s is due and waits: the database is busy or cannot be written", draft.pk)
    except Exception:  # one that breaks must not keep the site from being read, nor other drafts from their time
        logger.exception("draft %s is due and could not be put in place", draft.pk)
        _send_back(draft, _("It broke something; the log of the site says what."))
    return False


def apply_due(draft: Draft) -> bool:
    """Put one in place, unless somebody else has just done it or holds its record. What stands against it is written
    beside it, and it waits for review again.
    """
    with transaction.atomic():
        try:
            record = _locked(draft)
        except ObjectDoesNotExist:
            Draft.objects.filter(pk=draft.pk).update(status=Draft.Status.DISCARDED, closed_at=timezone.now())
            return False
        if record is None:
            return False
        draft.refresh_from_db()
        if draft.status != Draft.Status.APPROVED or draft.publish_at is None or draft.publish_at > timezone.now():
            return False
        by: Any = draft.approved_by
        try:
            with transaction.atomic():
                _check_approval(record, by)
                drafts.put_in_place(draft, record, by, "", over=False)
            return True
        except (ValidationError, IntegrityError) as error:
            drafts.could_not(draft, record, by, drafts.in_words(error))
            return False


def _locked(draft: Draft) -> Any:
    """Its record under a lock; None where somebody is saving it. Raises ObjectDoesNotExist."""
    model: Any = draft.content_type.model_class()
    if model is None:
        raise ObjectDoesNotExist
    rows = model._base_manager.filter(pk=draft.object_id)
    if not rows.exists():
        raise ObjectDoesNotExist
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True, no_key=True).first()
    return rows.first()


def _check_approval(record: Any, by: Any) -> None:
    """That it is live, and that who approved it may still do so."""
    drafts.check_live(record)
    if not by.is_active or not rights.may_publish(by, type(record)):
        raise ValidationError(_("Who approved it may not publish any more."))


def _send_back(draft: Draft, why: str) -> None:
    try:
        with transaction.atomic():
            record = _locked(draft)
            draft.refresh_from_db()
            if record is not None and draft.status == Draft.Status.APPROVED:
                drafts.could_not(draft, record, draft.approved_by, why)
    except Exception:
        logger.exception("draft %s could not be sent back to review", draft.pk)
