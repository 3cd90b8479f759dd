"""Who may publish: the right to decide what visitors see of a model, by a record of it or by a draft."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import models


def publishing(model: type[models.Model]) -> str:
    """A permission: to publish the model itself where it has that word, or the kind whose app it belongs to; for the
    ground, which has no such step, to change it.
    """
    from portal import kinds  # which knows the models whose verbs ask here

    meta = model._meta
    if f"publish_{meta.model_name}" in dict(meta.permissions):
        return f"{meta.app_label}.publish_{meta.model_name}"
    for kind in kinds.all():
        if kind.app_label == meta.app_label:
            return f"{kind.app_label}.publish_{kind.name}"
    return f"{meta.app_label}.change_{meta.model_name}"


def people_with(right: str) -> models.QuerySet[Any]:
    """Who is active and has a permission, by a group or otherwise."""
    return get_user_model().objects.with_perm(right, backend="django.contrib.auth.backends.ModelBackend")


def may_publish(user: Any, model: type[models.Model]) -> bool:
    return user.has_perm(publishing(model))


def may_change(user: Any, model: type[models.Model]) -> bool:
    return user.has_perm(f"{model._meta.app_label}.change_{model._meta.model_name}")
