"""The words every kind's QuerySet begins with, among them the one home of who may see what."""

import datetime
from typing import Self

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from portal.editorial.states import State, Status
from portal.languages import translated

Reader = AbstractUser | AnonymousUser


class EditorialQuerySet(models.QuerySet):
    """The words every kind's QuerySet begins with."""

    def published(self, at: datetime.datetime | None = None) -> Self:
        """What visitors may see at an instant, now unless told."""
        at = at or timezone.now()
        return self.filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=at), status=Status.PUBLISHED, published_at__lte=at
        )

    def visible_to(self, user: Reader) -> Self:
        """The one home of who may see what: every page, count, feed and suggestion starts here."""
        return self if self._may_see_drafts(user) else self.published()

    def _may_see_drafts(self, user: Reader) -> bool:
        meta = self.model._meta
        return bool(getattr(user, "is_staff", False)) and user.has_perm(f"{meta.app_label}.view_{meta.model_name}")

    def withdrawn(self, at: datetime.datetime | None = None) -> Self:
        """Once public and no longer: their address answers 410."""
        at = at or timezone.now()
        return self.filter(first_published_at__lte=at).filter(
            ~Q(status=Status.PUBLISHED) | Q(expires_at__lte=at) | Q(published_at__gt=at)
        )

    def in_state(self, state: str) -> Self:
        now = timezone.now()
        live = Q(status=Status.PUBLISHED)
        return self.filter(
            {
                State.SCHEDULED: live & Q(published_at__gt=now),
                State.EXPIRED: live & Q(expires_at__lte=now),
                State.PUBLISHED: live & Q(published_at__lte=now) & (Q(expires_at=None) | Q(expires_at__gt=now)),
            }.get(State(state), Q(status=state))
        )

    def turning_between(self, start: datetime.datetime, end: datetime.datetime) -> Self:
        """Approved records that began or ceased to be public in a span of time because of their dates alone."""
        span = (start, end)
        return self.filter(Q(published_at__range=span) | Q(expires_at__range=span), status=Status.PUBLISHED)

    def newest(self) -> Self:
        return self.order_by(F("published_at").desc(nulls_last=True), "pk")

    def by_title(self) -> Self:
        """In the reader's language, where a translation is missing in the language the record has."""
        return self.order_by(translated("title", lower=True), "pk")
