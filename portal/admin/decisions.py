"""The buttons under a record's form: which steps are open to whom, and what each needs to be told."""

from dataclasses import dataclass

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.editorial import EditorialModel, State, Status

# In these states only those who may publish change a record: the others would publish by the side door.
GUARDED = {Status.REVIEW, Status.PUBLISHED}
MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class Button:
    """A submit button. `name` and `value` are what the form sends; `needs` names the input it reads."""

    label: str
    name: str = "_verb"
    value: str = ""
    tone: str = ""
    needs: str = ""


def may_publish_record(user, model: type[EditorialModel]) -> bool:
    return user.has_perm(f"{model._meta.app_label}.publish_{model._meta.model_name}")


def is_closed_to(user, record: EditorialModel) -> bool:
    """Whether somebody may only look at a record, because of its state and whatever their other rights."""
    return record.status in GUARDED and not may_publish_record(user, type(record))


def name_of(user) -> str:
    return (user.get_full_name() or user.get_username()) if user else _("Somebody")


def in_words(moment) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def author_of(record: EditorialModel):
    return record.submitted_by or record.changed_by


def buttons(user, model: type[EditorialModel], record: EditorialModel | None) -> list[Button]:
    """The first is what Enter does in a text box: always a harmless save."""
    publisher = may_publish_record(user, model)
    save = Button(_("Save"), "_continue", "1")
    submit = Button(_("Save and submit for review"), value="submit", tone="default")
    if record is None:
        return [Button(_("Save draft"), "_continue", "1"), submit]
    publish = Button(_("Publish"), value="publish", tone="default")
    if record.status == Status.DRAFT:
        steps = [Button(_("Save draft"), "_continue", "1"), submit]
        if publisher and author_of(record) != user:
            steps.append(Button(_("Publish"), value="publish"))
        return [*steps, Button(_("Archive"), value="archive", tone="quiet")]
    if record.status == Status.REVIEW:
        own = [] if author_of(record) == user else [publish]
        return [save, *own, Button(_("Send back"), value="send-back", needs="reason")]
    if record.status == Status.PUBLISHED:
        live = Button(_("Save: visitors see it at once"), "_continue", "1", "default")
        return [live, Button(_("Withdraw"), value="withdraw", tone="quiet", needs="reason")]
    return [save, Button(_("Reopen as a draft"), value="reopen", tone="default")]


class DecisionForm(forms.Form):
    """What a step is told besides the record: a reason, or from when to when it is public."""

    publish_at = forms.DateTimeField(
        label=gettext_lazy("Publish at"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    publish_until = forms.DateTimeField(
        label=gettext_lazy("Until"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    NEEDS = {"send-back": "reason", "withdraw": "reason"}

    def __init__(self, *args, verb="", **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.verb = verb

    def clean_publish_at(self):
        at = self.cleaned_data["publish_at"]
        if at and at <= timezone.now():
            raise ValidationError(_("That time has passed. Leave it empty to publish now."))
        return at

    def clean(self):
        data = super().clean()
        if self.verb in self.NEEDS and not (data.get("reason") or "").strip() and "reason" not in self.errors:
            self.add_error("reason", _("Give a reason."))
        at, until = data.get("publish_at"), data.get("publish_until")
        if until and until <= (at or timezone.now()):
            self.add_error("publish_until", _("It would expire before it is published."))
        if self.verb != "publish":
            for name in ("publish_at", "publish_until"):
                if data.get(name):
                    self.add_error(name, _("Only “Publish” uses this time. Press it, or empty the box."))
        if self.verb not in self.NEEDS and data.get("reason"):
            self.add_error(
                "reason", _("This step uses no reason. Press the button it was meant for, or empty the box.")
            )
        return data


def carry_out(verb: str, record: EditorialModel, user, told: dict) -> str:
    """Do one step and say what has happened. Raises PermissionDenied and ValidationError, as the verbs do."""
    title = str(record)
    if verb == "submit":
        record.submit(by=user)
        return _("“%s” waits for review.") % title
    if verb == "publish":
        record.publish(by=user, at=told.get("publish_at"), until=told.get("publish_until"))
        if record.state == State.SCHEDULED:
            told = {"title": title, "when": in_words(record.published_at)}
            return _("“%(title)s” will be published on %(when)s.") % told
        return _("“%s” is published.") % title
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


def publishers(model: type[EditorialModel], but=None) -> list:
    """People who may publish records of a kind: whom to ask."""
    right = f"{model._meta.app_label}.publish_{model._meta.model_name}"
    found = get_user_model().objects.with_perm(right, backend=MODEL_BACKEND).filter(is_staff=True)
    return list(found.exclude(pk=getattr(but, "pk", None)).order_by("last_name", "username")[:5])
