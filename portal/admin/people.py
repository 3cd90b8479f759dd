"""Accounts and roles. Roles come from portal/roles.py; administrators hand them out, to others."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.admin.base import PortalAdminMixin
from portal.admin.forms import Refusable
from portal.roles import ADMINISTRATOR, EDITOR, REVIEWER, STAFF

ROLES = (EDITOR, REVIEWER, ADMINISTRATOR, STAFF)

admin.site.unregister([User, Group])


def rights_of(user) -> set[int]:
    """Also of an account that is not active: whoever may edit it could make it so."""
    return set(Permission.objects.filter(Q(user=user) | Q(group__user=user)).values_list("pk", flat=True))


def within_reach(user) -> set[int]:
    """What somebody may hand out: what they have themselves, and the portal's roles as they are written in the code."""
    handed_out = Permission.objects.filter(group__name__in=ROLES)
    return rights_of(user) | set(handed_out.values_list("pk", flat=True))


class PersonForm(Refusable, UserAdmin.form):
    pass


class NewPersonForm(Refusable, UserAdmin.add_form):
    pass


@admin.register(User)
class PersonAdmin(PortalAdminMixin, UserAdmin):
    """A user administrator reaches people with roles of the portal, never a superuser, and gives themselves none."""

    form = PersonForm
    add_form = NewPersonForm
    keeps_typed = False
    readonly_fields = ("last_login", "date_joined")
    list_display = ("username", "first_name", "last_name", "email", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "groups")
    filter_horizontal = ()
    autocomplete_fields = ()
    for_administrators = (
        (None, {"fields": ("username", "password")}),
        (_("Who it is"), {"fields": ("first_name", "last_name", "email")}),
        (_("What they may do"), {"fields": ("is_active", "is_staff", "groups")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )

    def get_fieldsets(self, request, obj=None):
        if obj is None or request.user.is_superuser:
            return UserAdmin.get_fieldsets(self, request, obj)
        return self.for_administrators

    def get_form(self, request, obj=None, **kwargs):
        form = UserAdmin.get_form(self, request, obj, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def get_readonly_fields(self, request, obj=None):
        fixed = super().get_readonly_fields(request, obj)
        return (*fixed, "groups") if obj == request.user and not request.user.is_superuser else fixed

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        if not allowed or obj is None or request.user.is_superuser:
            return allowed
        return not obj.is_superuser and rights_of(obj) <= within_reach(request.user)

    def has_delete_permission(self, request, obj=None):
        """Nobody: the audit log names people. Take “active” away instead."""
        return False

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        if db_field.name == "groups" and not request.user.is_superuser:
            beyond = Permission.objects.exclude(pk__in=within_reach(request.user))
            kwargs["queryset"] = Group.objects.exclude(permissions__in=beyond).order_by("name")
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(Group)
class RoleAdmin(PortalAdminMixin, GroupAdmin):
    """Roles are written in portal/roles.py and made anew after each migration: to look at, not to change."""

    def has_add_permission(self, request):
        return request.user.is_superuser

    def has_change_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_delete_permission(self, request, obj=None):
        return request.user.is_superuser
