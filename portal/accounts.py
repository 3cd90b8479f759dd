"""Accounts of the demo, which must never exist where the public can reach them."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured

from portal import roles

DEMO_PASSWORD = "portal-demo"  # noqa: S105 (the demo's, printed on its start)
DEMO_NAMES = (roles.EDITOR, roles.REVIEWER, roles.ADMINISTRATOR, roles.STAFF)


def create_demo_accounts() -> None:
    """One account per role, each with the demo's password. Idempotent."""
    for name in DEMO_NAMES:
        user, created = get_user_model().objects.get_or_create(
            username=name, defaults={"is_staff": name != roles.STAFF, "first_name": "Demo", "last_name": name}
        )
        if created or not user.check_password(DEMO_PASSWORD):
            user.set_password(DEMO_PASSWORD)
            user.save()
        user.groups.set([Group.objects.get(name=name)])


def refuse_demo_accounts() -> None:
    """Raises ImproperlyConfigured when an account of the demo can still sign in with the demo's password."""
    for user in get_user_model().objects.filter(username__in=DEMO_NAMES, is_active=True):
        if user.check_password(DEMO_PASSWORD):
            raise ImproperlyConfigured(
                f"The account {user.username!r} has the password of the demo. "
                "Change or delete it before this database serves the public."
            )
