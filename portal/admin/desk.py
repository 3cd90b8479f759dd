"""An editor's desk: the lists of the admin's front page. Each list costs a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet, Window
from django.urls import reverse
from django.utils.translation import gettext as _

from portal import kinds
from portal.admin.audit import link_to
from portal.admin.decisions import in_words, name_of
from portal.editorial import Status
from portal.imports import readers
from portal.models import AuditEntry, Draft, Import
from portal.versions import rights

SHOWN = 5


@dataclass
class Item:
    """One record in a list, or the draft of one. `record` carries who and when, `note` what somebody said of it."""

    label: str
    record: Any
    url: str
    note: str = ""
    kind: kinds.Kind | None = None

    @property
    def who(self) -> str:
        return name_of(self.record.submitted_by)


@dataclass
class Panel:
    """A list: its first records, and where the rest of them are."""

    heading: str
    hint: str = ""
    items: list[Item] = field(default_factory=list)
    more: list[tuple[str, str]] = field(default_factory=list)
    is_urgent: bool = False


def desk_of(user, site) -> dict[str, Any]:
    """What the front page needs: buttons, lists, and what was done lately."""
    own = [kind for kind in kinds.all() if site.is_registered(kind.model)]
    seen = [kind for kind in own if user.has_perm(f"{kind.app_label}.view_{kind.name}")]
    panels = [*_waiting(user, seen), *_of_drafts(user, site), *_mine(user, seen)]
    panels += [panel for kind in seen for panel in _todos(user, kind)]
    panels.append(_imports(user))
    recent = []
    if user.has_perm("portal.view_auditentry"):
        entries = AuditEntry.objects.select_related("by", "content_type")[:12]
        recent = [(entry, link_to(entry)) for entry in entries]
    return {
        "may_add": [
            (kind, reverse(f"admin:{kind.app_label}_{kind.name}_add"))
            for kind in own
            if user.has_perm(f"{kind.app_label}.add_{kind.name}")
        ],
        "may_import": any(reader.may_use(user) for reader in readers.all()),
        "panels": [panel for panel in panels if panel.items or panel.more],
        "recent": recent,
    }


def _waiting(user, seen: list[kinds.Kind]) -> Iterable[Panel]:
    """What others have submitted, for those who may publish it; the longest wait first."""
    lists = []
    for kind in seen:
        if rights.may_publish(user, kind.model):
            waits = kind.model._default_manager.filter(status=Status.REVIEW).exclude(submitted_by=user)
            lists.append((kind, waits.select_related("submitted_by").order_by("submitted_at"), {"state": "review"}))
    panel = _panel(_("Waiting for your review"), lists, key=lambda record: record.submitted_at, is_urgent=True)
    _add_notes(panel, "submit")
    yield panel


def _of_drafts(user, site) -> Iterable[Panel]:
    """Drafts of what is live: those that wait for this person, came back to them, or wait for somebody else."""
    found = Draft.objects.open().select_related("content_type", "submitted_by", "changed_by", "approved_by")
    waits, back, own, away, coming = [], [], [], [], []
    for draft in found.order_by("changed_at"):
        model = draft.content_type.model_class()
        if model is None or not site.is_registered(model):
            continue
        is_mine = user in (draft.submitted_by, draft.changed_by)
        if draft.status == Draft.Status.REVIEW and not is_mine and rights.may_publish(user, model):
            waits.append(draft)
        elif draft.status == Draft.Status.REVIEW and is_mine:
            away.append(draft)
        elif draft.status == Draft.Status.WRITING and is_mine:
            (back if draft.submitted_by_id else own).append(draft)
        elif draft.status == Draft.Status.APPROVED and (is_mine or user == draft.approved_by):
            coming.append(draft)
    yield _draft_panel(_("Drafts of live pages waiting for your review"), waits, is_urgent=True)
    yield _draft_panel(_("Drafts of live pages sent back to you"), back, is_urgent=True)
    yield _draft_panel(_("Your drafts of live pages"), own)
    yield _draft_panel(_("Your drafts of live pages: waiting for somebody else"), away)
    yield _draft_panel(_("Approved, waiting for their time"), coming)


def _draft_panel(heading: str, found: list[Draft], **options: Any) -> Panel:
    panel = Panel(heading, **options)
    for draft in found[:SHOWN]:
        meta = draft.content_type.model_class()._meta  # type: ignore[union-attr]
        url = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[draft.object_id])
        note = draft.problem or draft.note
        if draft.publish_at:
            note = _("from %s on") % in_words(draft.publish_at)
        panel.items.append(Item(str(meta.verbose_name), draft, url, note))
    if len(found) > SHOWN:
        panel.more.append((_("%s in all") % len(found), reverse("admin:portal_draft_changelist")))
    return panel


def _imports(user) -> Panel:
    """What this person had read and has not decided about."""
    found = Import.objects.listed().filter(by=user, state__in=(Import.State.READ, Import.State.AGREED))
    panel = Panel(_("Your imports that wait for you"))
    for imported in found[:SHOWN]:
        url = reverse("admin:portal_import_change", args=[imported.pk])
        panel.items.append(Item(imported.get_state_display(), imported, url))
    return panel


def _mine(user, seen: list[kinds.Kind]) -> Iterable[Panel]:
    back, drafts, handed_in = [], [], []
    for kind in seen:
        records = kind.model._default_manager.select_related("submitted_by").order_by("-changed_at")
        # Only `send_back` and `take_back` leave a draft that somebody had submitted.
        drafts_now = records.filter(status=Status.DRAFT)
        mine = {"mine": "yes", "state": "draft"}
        back.append((kind, drafts_now.filter(submitted_by=user), mine))
        drafts.append((kind, drafts_now.filter(changed_by=user).exclude(submitted_by=user), mine))
        handed_in.append(
            (kind, records.filter(status=Status.REVIEW, submitted_by=user), {"mine": "yes", "state": "review"})
        )
    returned = _panel(_("Sent back to you"), back, is_urgent=True)
    _add_notes(returned, "send back", "take back")
    yield returned
    yield _panel(_("Your drafts"), drafts)
    yield _panel(_("You submitted: waiting for somebody else"), handed_in)


def _add_notes(panel: Panel, *verbs: str) -> None:
    """What was said when each was handed in or sent back last, in one query."""
    about = Q(pk=None)
    for item in panel.items:
        about |= Q(
            content_type__app_label=item.kind.app_label,
            content_type__model=item.kind.name,
            object_id=str(item.record.pk),
        )
    entries = AuditEntry.objects.filter(about, verb__in=verbs).select_related("content_type", "by").order_by("at", "pk")
    last = {(entry.content_type.model, entry.object_id): entry for entry in entries}
    for item in panel.items:
        if entry := last.get((item.kind.name, str(item.record.pk))):
            item.note = _note(entry)


def _note(entry: AuditEntry) -> str:
    """Who handed it in stands beside it anyway."""
    if entry.verb == "submit":
        return entry.note
    return f"{name_of(entry.by)}: {entry.note or entry.verb}"


def _todos(user, kind: kinds.Kind) -> Iterable[Panel]:
    """What somebody may change; of the rest only how many there are."""
    for todo in kind.todo(user):
        records = todo.records.select_related("submitted_by").order_by("-changed_at")
        query = {"todo": todo.name}
        if rights.may_publish(user, kind.model):
            yield _panel(todo.heading, [(kind, records, query)], hint=todo.hint)
            continue
        panel = _panel(todo.heading, [(kind, records.exclude(status=Status.REVIEW), query)], hint=todo.hint)
        if closed := records.filter(status=Status.REVIEW).count():
            told = _("%s in review: ask a reviewer") % closed
            panel.more.append((told, _list_url(kind, query | {"state": Status.REVIEW})))
        yield panel


def _panel(heading: str, lists: list[tuple[kinds.Kind, QuerySet, dict[str, Any]]], key=None, **options: Any) -> Panel:
    """The first few of all lists together; each list says itself how many it has, in the same query."""
    panel, found = Panel(heading, **options), []
    for kind, records, query in lists:
        rows = list(records.annotate(in_all=Window(Count("pk")))[:SHOWN])
        found += [(kind, row, row.in_all, query) for row in rows]
    found.sort(key=lambda row: key(row[1]) if key else -row[1].changed_at.timestamp())
    for kind, record, _total, _query in found[:SHOWN]:
        url = reverse(f"admin:{kind.app_label}_{kind.name}_change", args=[record.pk])
        panel.items.append(Item(kind.label, record, url, kind=kind))
    for kind, total, query in {row[0].name: (row[0], row[2], row[3]) for row in found}.values():
        if rest := total - sum(item.kind is kind for item in panel.items):
            label = _("%(count)s more: %(kind)s") % {"count": rest, "kind": kind.plural}
            panel.more.append((label, _list_url(kind, query)))
    return panel


def _list_url(kind: kinds.Kind, query: dict[str, Any]) -> str:
    return reverse(f"admin:{kind.app_label}_{kind.name}_changelist") + "?" + urlencode(query)
