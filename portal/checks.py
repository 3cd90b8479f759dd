"""What `manage.py check` says about the portal's own rules."""

from typing import Any

from django.core.checks import Error, Tags, register

from portal import kinds


@register(Tags.models)
def each_kind_can_be_published(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Roles give the right to publish by name, so a kind without that permission could never be published."""
    return [
        Error(
            f"{kind.model.__name__} has no permission publish_{kind.name}.",
            hint="List it in Meta.permissions.",
            obj=kind.model,
            id="portal.E001",
        )
        for kind in kinds.all()
        if f"publish_{kind.name}" not in dict(kind.model._meta.permissions)
    ]
