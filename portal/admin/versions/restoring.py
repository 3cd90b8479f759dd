"""Restoring an older version. What visitors see is never written: of a live record it makes a draft."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.admin.versions import rules
from portal.admin.versions.reading import answer, label_of_present, label_of_version, version_of
from portal.editorial import EditorialModel
from portal.models import AuditEntry
from portal.versions import drafts, history
from portal.versions.checking import check_written
from portal.versions.comparing import compare
from portal.versions.content import digest, put, take


class ReasonForm(forms.Form):
    """`seen` is what the record said when the page was opened; the page writes it itself."""

    reason = forms.CharField(
        label=gettext_lazy("Why"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


def restore(model_admin, request, record, number):
    """A page with what would change, and the act. Nothing is written by looking."""
    if not rules.way(model_admin, request, record):
        raise PermissionDenied
    version = version_of(record, number)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            told = _restore(model_admin, request, record, version, form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, rules.complaints(model_admin.model, error))
        except IntegrityError:
            form.add_error(None, _("Nothing was restored: another record says by now what only one may say."))
        else:
            for level, words in told:
                messages.add_message(request, level, words)
            base = f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}"
            return HttpResponseRedirect(reverse(f"{base}_history", args=[record.pk]))
    way = rules.way(model_admin, request, record)
    present = _present(record, way)
    wanted, kept = rules.within_rights(model_admin, request, record, version.content, present)
    return answer(
        model_admin,
        request,
        record,
        "admin/portal/restore.html",
        title=_("Restore “%(record)s”: %(version)s")
        % {"record": record, "version": label_of_version(version)[0].lower() + label_of_version(version)[1:]},
        version=version,
        form=form,
        seen=digest(present),
        is_draft=way == rules.DRAFT,
        kept=kept,
        gone=rules.gone(model_admin.model, wanted),
        differences=compare(model_admin.model, present, wanted),
        old_label=_("Open draft") if drafts.open_draft(record) else label_of_present(record),
        new_label=_("After restoring"),
    )


def _present(record, way):
    """What the person's form shows: the open draft where there is one, else what is there."""
    draft = drafts.open_draft(record) if way == rules.DRAFT else None
    return draft.version.content if draft else take(record)


@transaction.atomic
def _restore(model_admin, request, record, version, told):
    """Returns messages. Raises PermissionDenied, ValidationError, IntegrityError."""
    record = history.lock(record)
    if not (way := rules.way(model_admin, request, record)):
        raise PermissionDenied
    present = _present(record, way)
    if digest(present) != told["seen"]:
        raise ValidationError(_("It has changed since you opened this page. Look at what would change now."))
    wanted, kept = rules.within_rights(model_admin, request, record, version.content, present)
    if digest(wanted) == digest(present):
        raise ValidationError(_("It says so already: there is nothing to restore."))
    if why := rules.why_closed_to(model_admin, request, wanted, present, by_draft=way == rules.DRAFT):
        raise ValidationError(why)
    note = " ".join([_("Version %s.") % version.number, told["reason"]]).strip()
    if way == rules.DRAFT:
        drafts.save(record, wanted, request.user, note=note, verb="restore")
        done = _("Version %s is a draft now. Visitors see it when somebody else has published it.")
        return [(messages.SUCCESS, done % version.number), *warnings(rules.gone(model_admin.model, wanted), kept)]
    if draft := drafts.open_draft(record):  # of when it was live: what is restored takes its place
        drafts.close(draft, request.user)
    history.as_found(record)
    before = take(record)
    lost = put(record, wanted)
    check_written(record, before)
    record = type(record)._base_manager.get(pk=record.pk)
    model_admin.name_author(record, request.user)
    if isinstance(record, EditorialModel):
        record.record_change(request.user, note, verb="restore")
    else:
        AuditEntry.record(record, "restore", request.user, note=note)
    history.keep(record, "restore", request.user, note)
    return [(messages.SUCCESS, _("Version %s is restored.") % version.number), *warnings(lost, kept)]


def warnings(lost, kept):
    if lost:
        yield messages.WARNING, _("Left out, because it does not exist any more: %s") % ", ".join(lost)
    if kept:
        yield messages.WARNING, _("Left as it is, because you may not change it: %s") % ", ".join(kept)
