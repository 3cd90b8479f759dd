"""Filters of the lists of records: by state, by whose they are, by what needs doing."""

from django.contrib.admin import SimpleListFilter
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal import kinds
from portal.editorial import State


class StateFilter(SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return State.choices

    def queryset(self, request, queryset):
        return queryset.in_state(self.value()) if self.value() in State.values else queryset


class MineFilter(SimpleListFilter):
    title = _("whose")
    parameter_name = "mine"

    def lookups(self, request, model_admin):
        return [("yes", _("Mine"))]

    def queryset(self, request, queryset):
        if self.value() != "yes":
            return queryset
        return queryset.filter(Q(changed_by=request.user) | Q(submitted_by=request.user))


class TodoFilter(SimpleListFilter):
    """The kind's own lists of the front page, each in full."""

    title = _("what needs doing")
    parameter_name = "todo"

    def lookups(self, request, model_admin):
        return [(todo.name, todo.heading) for todo in self._todos(request, model_admin.model)]

    def queryset(self, request, queryset):
        chosen = next((todo for todo in self._todos(request, queryset.model) if todo.name == self.value()), None)
        return queryset.filter(pk__in=chosen.records.order_by().values("pk")) if chosen else queryset

    def _todos(self, request, model):
        try:
            return list(kinds.get(model._meta.model_name).todo(request.user))
        except KeyError:
            return []
