"""History for people: every version of a record, two of them compared, an older one restored, and the bin."""

from portal.admin.versions.deleting import KeepsDeleted
from portal.admin.versions.history import HistoryPages

__all__ = ["HistoryPages", "KeepsDeleted"]
