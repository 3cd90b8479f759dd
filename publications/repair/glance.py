"""A look at the words of a file that tells healthy pages from others, cheaply: most pages of most files are healthy.

Each different word of a file is looked at once, and no word list is read.
"""

from typing import NamedTuple

from publications.repair.ligatures import may_be_damaged
from publications.repair.marks import LOST
from publications.repair.quality import reads, share
from publications.repair.shifted import BULLET, may_be_shifted


class Seen(NamedTuple):
    quality: float
    has_shifted: bool
    has_ligatures: bool


class Glance:
    """Over the pages of one file, one after the other."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._bad: set[str] = set()
        self._shifted: set[str] = set()
        self._damaged: set[str] = set()

    def at(self, text: str) -> Seen:
        """How well a page reads, and what it may hold that needs repair."""
        tokens = text.split()
        different = set(tokens)
        new = different - self._seen
        self._seen |= new
        odd = [token for token in new if not token.isalpha() or token.isupper()]
        self._bad.update(token for token in new if not reads(token))
        self._shifted.update(filter(may_be_shifted, odd))
        self._damaged.update(filter(may_be_damaged, odd))
        bad = 0 if self._bad.isdisjoint(different) else sum(token in self._bad for token in tokens)
        return Seen(
            share(len(tokens) - bad, len(tokens)),
            LOST in text or BULLET in text or not self._shifted.isdisjoint(different),
            not self._damaged.isdisjoint(different),
        )
