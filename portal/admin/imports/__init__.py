"""Bringing in files and harvests: what is read, what it would do, and carrying it out or not."""

from portal.admin.imports.pages import ImportAdmin
from portal.admin.imports.rights import acting, judge_for

__all__ = ["ImportAdmin", "acting", "judge_for"]
