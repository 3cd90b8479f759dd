"""Reading and carrying out as tasks: at once where no worker runs, else by the worker, which a large file needs."""

import logging

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext as _
from django_tasks import task

from portal.admin.imports.rights import acting, judge_for
from portal.imports import carrying_out
from portal.models import Import

logger = logging.getLogger(__name__)


@task
def read(key: str) -> None:
    """Reads an import that waits. One that is read or gone is left alone."""
    imported = Import.objects.filter(pk=key, state=Import.State.WAITING).select_related("by").first()
    if imported is None:
        return
    try:
        carrying_out.read(imported, judge_for(acting(imported.by)))
    except Exception:
        logger.exception("reading import %s failed", key)
        words = _(
            "It could not be read: the program failed at it. Whoever looks after the portal finds why in its log."
        )
        Import.objects.filter(pk=key).update(state=Import.State.FAILED, problem=words, file=None)


@task
def carry_out(key: str, leave_out: bool) -> None:
    """Carries out what was agreed to, or says in `problem` why nothing was written."""
    imported = Import.objects.filter(pk=key, state=Import.State.AGREED).select_related("by").first()
    if imported is None:
        return
    try:
        carrying_out.carry_out(imported, imported.by, judge_for(acting(imported.by)), leave_out)
    except (ValidationError, PermissionDenied, IntegrityError) as refused:
        _stop(key, " ".join(getattr(refused, "messages", [str(refused)])))
    except Exception:
        logger.exception("carrying out import %s failed", key)
        _stop(
            key,
            _("Nothing was written: the program failed at it. Whoever looks after the portal finds why in its log."),
        )


def _stop(key: str, problem: str) -> None:
    Import.objects.filter(pk=key, state=Import.State.AGREED).update(state=Import.State.READ, problem=problem)
