"""The roles people have, as groups with permissions. Made after each migration from the table below.

README.md has the table in words. Rights on kinds follow the registry: a fourth kind needs no line here.
"""

from typing import Any

from django.apps import apps as global_apps
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from portal import kinds

EDITOR, REVIEWER, ADMINISTRATOR, STAFF = "editor", "reviewer", "administrator", "staff"

# Models of the ground an editor may add to while entering a record; only administrators change what is there.
EDITORS_MAY_ADD = {"organisation", "source"}
REVIEWERS_MAY_CHANGE = {"organisation", "organisationname", "source", "keyfigure", "office", "page"}


def create_groups(**kwargs: Any) -> None:
    """Idempotent. Adds what a role must have and takes away what it no longer has."""
    content_apps = {kind.app_label for kind in kinds.all()}
    if not global_apps.is_installed("portal") or not Permission.objects.filter(content_type__app_label="portal"):
        return
    everything = Q(content_type__app_label__in=content_apps | {"portal"})
    content = Q(content_type__app_label__in=content_apps)
    writing = content & (
        Q(codename__startswith="add_") | Q(codename__startswith="change_") | Q(codename__startswith="delete_")
    )
    viewing = everything & Q(codename__startswith="view_")
    staff_only = Q(codename="view_staff_only")
    # The models of the kinds themselves and their rows; whole records are withdrawn, never deleted.
    deleting_kinds = Q(codename__in=[f"delete_{kind.name}" for kind in kinds.all()])

    desk = Q(content_type__app_label="portal", codename="use_desk")

    rights = {
        STAFF: staff_only | desk,
        EDITOR: (writing & ~deleting_kinds) | viewing | desk | Q(codename__in=_codenames("add", EDITORS_MAY_ADD)),
    }
    rights[REVIEWER] = (
        rights[EDITOR]
        | (content & Q(codename__startswith="publish_"))
        | Q(codename__in=_codenames("change", REVIEWERS_MAY_CHANGE) | _codenames("add", REVIEWERS_MAY_CHANGE))
    )
    people = Q(content_type__app_label="auth", content_type__model__in=["user", "group"])
    # By what people do, never by hand.
    written = {"auditentry", "version", "draft", "import", "importtarget", "importline", "origin"}
    audit = Q(codename__in=_codenames("add", written) | _codenames("change", written) | _codenames("delete", written))
    publishing = Q(codename__in=[f"publish_{kind.name}" for kind in kinds.all()])
    rights[ADMINISTRATOR] = (everything & ~deleting_kinds & ~publishing & ~audit) | people
    for name, right in rights.items():
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.set(Permission.objects.filter(right & ~audit))


def _codenames(verb: str, models: set[str]) -> set[str]:
    return {f"{verb}_{model}" for model in models}
