"""Reading and carrying out as tasks: at once where no worker runs, else by the worker, which a large file needs."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django_tasks import task

from portal.admin.imports.rights import acting, judge_for
from portal.imports import carrying_out
from portal.models import Import


@task
def read(key: str) -> None:
    """Reads an import that waits. One that is read or gone is left alone."""
    imported = Import.objects.filter(pk=key, state=Import.State.WAITING).select_related("by").first()
    if imported is not None:
        carrying_out.read(imported, judge_for(acting(imported.by)))


@task
def carry_out(key: str, leave_out: bool) -> None:
    """Carries out what was agreed to, or says in `problem` why nothing was written."""
    imported = Import.objects.filter(pk=key, state=Import.State.AGREED).select_related("by").first()
    if imported is None:
        return
    try:
        carrying_out.carry_out(imported, imported.by, judge_for(acting(imported.by)), leave_out)
    except (ValidationError, PermissionDenied, IntegrityError) as refused:
        problem = " ".join(getattr(refused, "messages", [str(refused)]))
        Import.objects.filter(pk=key, state=Import.State.AGREED).update(state=Import.State.READ, problem=problem)
