"""The buttons under a record's form: which steps are open to whom, and what each needs to be told."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.editorial import EditorialModel, State, Status
from portal.models import AuditEntry, Draft
from portal.moments import MomentField
from portal.versions import drafts, rights

# In these states only those who may publish write a record, or what stands on its page, at once.
GUARDED = {Status.REVIEW, Status.PUBLISHED}
PUBLISHING = {"publish", "publish-draft"}  # which may be told a time
ALONE = {"take-back-draft"}  # whose page shows no form that could be saved with it


@dataclass(frozen=True)
class Button:
    """A submit button. `name` and `value` are what the form sends; `needs` names the inputs it reads: a reason, or
    the dates, which `publish` may read as well.
    """

    label: str
    name: str = "_verb"
    value: str = ""
    tone: str = ""
    needs: str = ""

    @property
    def is_publishing(self) -> bool:
        return self.value in PUBLISHING


def is_closed_to(user, record: EditorialModel) -> bool:
    """Whether somebody may only look at a record, because of its state and whatever their other rights."""
    return record.status in GUARDED and not rights.may_publish(user, type(record))


def name_of(user) -> str:
    return (user.get_full_name() or user.get_username()) if user else _("Somebody")


def in_words(moment) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def in_own_time(moment) -> str:
    return f"{in_words(moment)} ({timezone.get_current_timezone_name()})"


def has_written(user, record: EditorialModel) -> bool:
    """Whether somebody else must publish it."""
    return user in (record.submitted_by, record.changed_by)


def dates_in_words(record: EditorialModel) -> str:
    """From when to when visitors see an approved record; empty when it is public for good."""
    told = {
        "at": in_words(record.published_at),
        "until": in_words(record.expires_at) if record.expires_at else "",
        "zone": timezone.get_current_timezone_name(),
    }
    if record.state == State.EXPIRED:
        return _("Visitors saw it until %(until)s (%(zone)s), and see it no longer.") % told
    if record.state == State.SCHEDULED and record.expires_at:
        return _("Visitors will see it from %(at)s until %(until)s (%(zone)s).") % told
    if record.state == State.SCHEDULED:
        return _("Visitors will see it from %(at)s (%(zone)s).") % told
    return _("Visitors see it until %(until)s (%(zone)s).") % told if record.expires_at else ""


def buttons(user, model: type[EditorialModel], record: EditorialModel | None) -> list[Button]:
    """The first is what Enter does in a text box: always a harmless save."""
    publisher = rights.may_publish(user, model)
    save = Button(_("Save"), "_continue", "1")
    submit = Button(_("Save and submit for review"), value="submit", tone="default")
    if record is None:
        return [Button(_("Save draft"), "_continue", "1"), submit]
    publish = [] if has_written(user, record) else [Button(_("Publish"), value="publish", tone="default")]
    if record.status == Status.DRAFT:
        steps = [Button(_("Save draft"), "_continue", "1"), submit]
        if publisher and not has_written(user, record):
            steps.append(Button(_("Publish"), value="publish"))
        return [*steps, Button(_("Archive"), value="archive", tone="quiet")]
    if record.status == Status.REVIEW:
        return [save, *publish, Button(_("Send back"), value="send-back", needs="reason")]
    if record.status == Status.ARCHIVED:
        return [save, Button(_("Reopen as a draft"), value="reopen", tone="default")]
    if not publisher:
        return first_draft_buttons()
    dates = Button(_("Change the dates"), value="reschedule", needs="dates")
    withdraw = Button(_("Withdraw"), value="withdraw", tone="quiet", needs="reason")
    if record.state == State.SCHEDULED:
        return [*first_draft_buttons(), Button(_("Take back"), value="take-back", tone="quiet"), dates]
    return [*first_draft_buttons(), dates, withdraw]


def first_draft_buttons() -> list[Button]:
    """Of a record that visitors see as it is."""
    return [
        Button(_("Save as a draft"), "_draft", "1"),
        Button(_("Save as a draft and submit for review"), value="submit-draft", tone="default"),
    ]


def draft_buttons(user, model: type[models.Model], draft: Draft, saves_at_once: bool) -> list[Button]:
    """Of a form that shows a draft of what is live."""
    publisher = rights.may_publish(user, model)
    if draft.status == Draft.Status.APPROVED:
        return [Button(_("Take the draft back"), value="take-back-draft", tone="quiet")] if publisher else []
    if not publisher and draft.status == Draft.Status.REVIEW:
        return []
    steps = [Button(_("Save draft"), "_draft", "1")]
    is_own = user in (draft.submitted_by, draft.changed_by)
    publish = []
    if publisher and not is_own:
        publish = [Button(_("Publish the draft"), value="publish-draft", tone="default")]
    if draft.status == Draft.Status.WRITING:
        tone = "" if publish else "default"
        steps += [Button(_("Save and submit for review"), value="submit-draft", tone=tone), *publish]
    else:
        steps += [*publish, Button(_("Send back"), value="send-back-draft", needs="reason")]
    if saves_at_once:
        steps.append(Button(_("Save: visitors see it at once"), "_continue", "1"))
    return [*steps, Button(_("Discard the draft"), value="discard-draft", tone="quiet")]


class MinuteInput(forms.DateTimeInput):
    def __init__(self):
        super().__init__(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def to_the_minute(moment):
    return moment and moment.replace(second=0, microsecond=0)


class DecisionForm(forms.Form):
    """What a step is told besides the record: a reason, a note, or from when to when it is public."""

    publish_at = MomentField(label=gettext_lazy("Publish at"), required=False, widget=MinuteInput)
    publish_until = MomentField(label=gettext_lazy("Until"), required=False, widget=MinuteInput)
    review_note = forms.CharField(
        label=gettext_lazy("Note for the reviewer"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    over = forms.BooleanField(
        label=gettext_lazy("Where both have changed, the draft wins over what visitors see now"), required=False
    )

    NEEDS = {"send-back": "reason", "send-back-draft": "reason", "withdraw": "reason"}

    def __init__(self, *args, verb="", record=None, draft=None, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.verb, self.record = verb, record
        if draft is not None:
            del self.fields["publish_until"]  # what is live has its own end
        if draft is not None or getattr(record, "status", "") != Status.PUBLISHED:
            return
        self.initial = {
            "publish_at": to_the_minute(record.published_at),
            "publish_until": to_the_minute(record.expires_at),
        }
        if record.state != State.SCHEDULED:
            del self.fields["publish_at"]  # what visitors have seen does not begin later

    def clean_publish_at(self):
        at = self.cleaned_data["publish_at"]
        if at and at <= timezone.now() and "publish_at" in self.changed_data:
            raise ValidationError(_("That time has passed. Leave it empty to publish now."))
        return at

    def clean(self):
        data = super().clean()
        if self.verb in self.NEEDS and not (data.get("reason") or "").strip() and "reason" not in self.errors:
            self.add_error("reason", _("Give a reason."))
        if self.verb in {*PUBLISHING, "reschedule"}:
            self._check_times(data)
            if self.verb == "reschedule" and isinstance(self.record, EditorialModel) and not self.errors:
                data["dates"] = self._new_dates()
        else:
            for name in {"publish_at", "publish_until"} & set(self.changed_data) - set(self.errors):
                self.add_error(name, self._whose_time())
        if self.verb not in self.NEEDS and data.get("reason"):
            self.add_error(
                "reason", _("This step uses no reason. Press the button it was meant for, or empty the box.")
            )
        if self.verb not in {"submit", "submit-draft"} and data.get("review_note"):
            told = _("Only “Save and submit for review” uses this note. Press it, or empty the box.")
            self.add_error("review_note", told)
        return data

    def _check_times(self, data):
        now = timezone.now()
        at, until = data.get("publish_at") or now, data.get("publish_until")
        if "publish_until" not in self.changed_data and at <= now:
            return  # nothing new is said, and an end in the past is what “expired” means
        if until and until <= at:
            over = "publish_at" not in self.fields
            self.add_error(
                "publish_until",
                _("That time has passed. Withdraw it instead.")
                if over
                else _("It would expire before it is published."),
            )

    def _whose_time(self):
        if self.initial:
            return _("Only “Change the dates” uses this time. Press it, or put back what was there.")
        return _("Only “Publish” uses this time. Press it, or empty the box.")

    @property
    def dates(self):
        """What a template shows of the times."""
        return [field for field in self if field.name in {"publish_at", "publish_until"}]

    def _new_dates(self):
        """Unchanged boxes stand for what was, to the second."""
        at, until = self.record.published_at, self.record.expires_at
        if "publish_at" in self.changed_data:
            at = self.cleaned_data["publish_at"] or timezone.now()
        if "publish_until" in self.changed_data:
            until = self.cleaned_data["publish_until"]
        return at, until


def carry_out(verb: str, record: EditorialModel, user, told: dict) -> str:
    """Do one step and say what has happened. Raises PermissionDenied and ValidationError, as the verbs do."""
    title = str(record)
    if verb.endswith("-draft"):
        return carry_out_draft(verb, record, user, told)
    if not isinstance(record, EditorialModel):
        raise PermissionDenied(_("There is no such step."))
    if verb == "submit":
        record.submit(by=user, note=told.get("review_note", ""))
        return _("“%s” waits for review.") % title
    if verb == "publish":
        record.publish(by=user, at=told.get("publish_at"), until=told.get("publish_until"))
        if record.state == State.SCHEDULED:
            told = {"title": title, "when": in_own_time(record.published_at)}
            return _("“%(title)s” will be published on %(when)s.") % told
        return _("“%s” is published.") % title
    if verb == "reschedule" and "dates" in told:
        at, until = told["dates"]
        record.reschedule(by=user, at=at, until=until)
        words = dates_in_words(record) or _("Visitors see it for good.")
        return _("“%(title)s”: the dates are changed. %(words)s") % {"title": title, "words": words}
    if verb == "take-back":
        record.take_back(by=user)
        return _("“%s” is a draft again. Nobody outside has seen it.") % title
    if verb == "send-back":
        record.send_back(by=user, reason=told.get("reason", ""))
        return _("“%s” went back to its editor.") % title
    if verb == "withdraw":
        record.withdraw(by=user, reason=told.get("reason", ""))
        return _("“%s” is withdrawn.") % title
    if verb == "archive":
        record.archive(by=user)
        return _("“%s” is archived.") % title
    if verb == "reopen":
        record.reopen(by=user)
        return _("“%s” is a draft again.") % title
    raise PermissionDenied(_("There is no such step."))


def carry_out_draft(verb: str, record: models.Model, user, told: dict) -> str:
    """The same for the open draft of a record."""
    draft = drafts.open_draft(record)
    if draft is None:
        raise ValidationError(
            _("There is no draft of it: somebody has published or discarded it, or none was written.")
        )
    if verb == "submit-draft":
        drafts.submit(draft, by=user, note=told.get("review_note", ""))
        return _("The draft of “%s” waits for review. What visitors see has not changed.") % record
    if verb == "publish-draft":
        lost = drafts.publish(draft, by=user, at=told.get("publish_at"), over=told.get("over", False))
        if draft.status == Draft.Status.APPROVED:
            told = {"title": record, "when": in_words(draft.publish_at)}
            return _("The draft of “%(title)s” will be published on %(when)s.") % told
        gone = " " + _("Left out, because it is gone: %s.") % ", ".join(lost) if lost else ""
        return _("The draft of “%s” is published.") % draft.label + gone
    if verb == "send-back-draft":
        drafts.send_back(draft, by=user, reason=told.get("reason", ""))
        return _("The draft of “%s” went back to its editor.") % record
    if verb == "take-back-draft":
        drafts.take_back(draft, by=user)
        return _("The draft of “%s” is a draft again. Visitors have not seen it.") % record
    if verb == "discard-draft":
        drafts.discard(draft, by=user)
        return _("The draft of “%s” is discarded. It can be restored from the history.") % record
    raise PermissionDenied(_("There is no such step."))


def note_of_submission(record: EditorialModel) -> str:
    """What the reviewer was told when it was handed in last, to stand behind who did it."""
    last = AuditEntry.objects.about(record).filter(verb="submit").first()
    return " " + _("Note: “%s”") % last.note if last and last.note else ""


def publishers(model: type[models.Model], but=None) -> list:
    """People who may publish records of a kind: whom to ask."""
    found = rights.people_with(rights.publishing(model)).filter(is_staff=True)
    return list(found.exclude(pk=getattr(but, "pk", None)).order_by("last_name", "username")[:5])
