"""What every kind of content shares: its states, the verbs that move it between them, and who may see it.

A record is a draft, in review, published or archived. "Scheduled" and "expired" are not stored: they are
what "published" means before and after its dates, decided when the page is read, so that no worker has to run.
"""

from portal.editorial.selection import EditorialQuerySet, Reader
from portal.editorial.states import State, Status
from portal.editorial.verbs import EditorialModel

__all__ = ["EditorialModel", "EditorialQuerySet", "Reader", "State", "Status"]
