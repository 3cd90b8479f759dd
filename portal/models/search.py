"""The change log that the search index follows."""

import uuid
from typing import Any, Self, cast

from django.db import connection, models
from django.db.models import Func
from django.utils.translation import gettext_lazy as _


class CurrentTransaction(Func):
    """The number of the transaction on PostgreSQL, where rows become visible in another order than they were numbered.

    SQLite has one writer at a time, so there the order of the rows is enough.
    """

    output_field = models.BigIntegerField()
    arity = 0

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Any:  # type: ignore[override]
        return "0", []

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return "(pg_current_xact_id()::text::bigint)", []


class IndexChangeQuerySet(models.QuerySet):
    def settled(self) -> Self:
        """In the order in which they are to be applied: rows that no open transaction can still come before.

        On PostgreSQL a lower number may be committed later than a higher one; what lies below the oldest open
        transaction is complete. A transaction's own rows count as settled for itself.
        """
        rows = self.order_by("transaction", "pk")
        if connection.vendor != "postgresql":
            return rows
        own = "transaction = pg_current_xact_id_if_assigned()::text::bigint"
        settled = "transaction < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
        return cast(Self, rows.extra(where=[f"({settled} OR {own})"]))  # noqa: S610 (constants only)


class IndexChange(models.Model):
    """A record was touched: whoever keeps an index looks at it again. Written in the record's own transaction.

    `token` names the row beyond this database, so that an index made from another one is recognised.
    """

    token = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=40)
    record = models.CharField(_("record"), max_length=40)
    at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)
    transaction = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)

    objects = IndexChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change for the index")
        verbose_name_plural = _("changes for the index")
        ordering = ["transaction", "pk"]
        indexes = [models.Index(fields=["transaction", "id"], name="portal_indexchange_order")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.record}"
