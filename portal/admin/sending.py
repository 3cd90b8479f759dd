"""A form of the admin is saved once, however often it is sent: by a double click, a reload, a retry after a lost line.

Each page carries a token. It is written down in the transaction of the save, so of two that arrive together one waits
for the other. The browser learns which tokens were saved, and forgets what it kept of those forms (typed.js).
"""

import hashlib
import json
import uuid
from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpResponseRedirect
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from portal.models import SentForm

AGAIN = "_again"  # sent on after signing in: to be shown, not saved
NOT_TYPED = {"csrfmiddlewaretoken", "_token", AGAIN}
TOLD = 20  # saved tokens a session carries for the browser


def token_of(request):
    try:
        return uuid.UUID(request.POST.get("_token", ""))
    except ValueError:
        return None


def digest_of(request):
    """Of what was sent, and where to."""
    typed = sorted((name, values) for name, values in request.POST.lists() if name not in NOT_TYPED)
    files = sorted((name, [(f.name, _content_of(f)) for f in found]) for name, found in request.FILES.lists())
    return hashlib.sha256(json.dumps([request.get_full_path(), typed, files]).encode()).hexdigest()


def _content_of(upload):
    """Another file may have the same name and size. Read from its start, and left there for who reads it next."""
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


def handed_back(response):
    """What a small window tells the form that opened it; empty for other answers."""
    return (getattr(response, "context_data", None) or {}).get("popup_response_data", "")


class SentOnce:
    """For an admin class. `keeps_typed` is False where nothing may be kept in the browser, as passwords."""

    keeps_typed = True

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        form = partial(super().changeform_view, object_id=object_id, form_url=form_url, extra_context=extra_context)
        if request.method != "POST":
            return self.answer_form(request, object_id, form)
        request.form_token = token_of(request)
        if why := self._why_only_shown(request):
            request.refusal = getattr(request, "refusal", None) or ValidationError(why)
            return self.answer_form(request, object_id, form)
        with transaction.atomic():
            try:
                with transaction.atomic():
                    sent = SentForm.objects.create(
                        token=request.form_token, user=request.user, digest=digest_of(request)
                    )
            except IntegrityError:
                return self._answer_again(request) or self.answer_form(request, object_id, form)
            response = self.answer_form(request, object_id, form)
            sent.handed_back = handed_back(response)
            sent.result_url = response.get("Location", "")
            if getattr(request, "record_is_missing", False) or not (sent.handed_back or sent.result_url):
                sent.delete()  # shown again with what is wrong: the same page may be sent again
                return response
            sent.save()
            request.session["saved_forms"] = [*request.session.get("saved_forms", []), str(sent.token)][-TOLD:]
            return response

    def answer_form(self, request, object_id, form):
        """`form` is what the stock admin does with it, shown or saved."""
        return form(request)

    def _why_only_shown(self, request):
        if AGAIN in request.POST:
            return _("You are signed in again. Nothing is saved yet: look through what you typed, then save.")
        if request.form_token is None:
            return _("Nothing was saved: this form was not sent from its page. Look through it, then save.")
        return ""

    def _answer_again(self, request):
        """Where the first one led. None, with a refusal, if what is sent now is something else."""
        sent = SentForm.objects.filter(token=request.form_token).first()
        request.form_was, request.form_token = request.form_token, None  # the page that is shown gets another
        if sent is None or sent.user != request.user:
            request.refusal = ValidationError(_("Nothing was saved. Look through it, then save again."))
            return None
        when = date_format(timezone.localtime(sent.at), "TIME_FORMAT")
        if sent.digest == digest_of(request):
            if sent.handed_back:
                told = {"popup_response_data": sent.handed_back}
                return SimpleTemplateResponse("admin/popup_response.html", told)
            self.message_user(
                request, _("This was saved already, at %s. Nothing was done twice.") % when, messages.INFO
            )
            return HttpResponseRedirect(sent.result_url)
        request.refusal = ValidationError(
            format_html(
                _(
                    'This form was saved already, at {when}: <a href="{url}">see what came of it</a>. What stands here '
                    "now was changed since and is not saved. Saving it now is a save of its own."
                ),
                when=when,
                url=sent.result_url or request.path,
            )
        )
        return None

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        request.record_is_missing = True
        return super()._get_obj_does_not_exist_redirect(request, opts, object_id)

    def may_save(self, request, obj=None):
        return self.has_change_permission(request, obj) if obj else self.has_add_permission(request)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        is_bound = context["adminform"].form.is_bound
        token = getattr(request, "form_token", None)
        context |= {"form_token": token if is_bound and token else uuid.uuid4(), "shows_unsaved": is_bound}
        context["shows_unsaved"] |= getattr(request, "shows_unsaved", False)
        context["form_was"] = getattr(request, "form_was", "")
        context["keeps_typed"] = self.keeps_typed and self.may_save(request, obj)
        if context["keeps_typed"]:
            # The session's list ends with the session; what was saved just before may be asked for after it.
            context["saved_forms"] = SentForm.objects.filter(user=request.user).values_list("token", flat=True)[:100]
        return super().render_change_form(request, context, add, change, form_url, obj)
