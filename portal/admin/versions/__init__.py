"""History for people: every version of a record, two of them compared, and an older one restored."""

from portal.admin.versions.history import HistoryPages

__all__ = ["HistoryPages"]
