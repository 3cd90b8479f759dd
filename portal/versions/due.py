"""Approved drafts whose time has come. They are put in place when somebody reads, so that no worker has to live: before
a page is answered, and by the worker all the same.
"""

import logging

from django.db import Error
from django.utils import timezone

from portal.models import Draft
from portal.versions import drafts

logger = logging.getLogger(__name__)


def put_due_in_place() -> int:
    """How many were. One query where none is due. A database that is busy or read-only leaves them for the next
    reader: the page as it was is better than none.
    """
    try:
        due = list(Draft.objects.filter(status=Draft.Status.APPROVED, publish_at__lte=timezone.now()))
        for draft in due:
            drafts.apply_due(draft)
    except Error:
        logger.exception("drafts that are due could not be put in place")
        return 0
    return len(due)
