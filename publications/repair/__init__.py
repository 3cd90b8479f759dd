"""Repair of broken text layers: what can be read is read, what is healthy stays, what is lost is shown as lost.

Three kinds of damage, each recognised by itself: fonts without a map to letters (fonts.py, where there is a PDF),
runs of glyph numbers in a text that has lost its fonts (shifted.py), signs that stand for ligatures (ligatures.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from publications.repair.glance import Glance
from publications.repair.ligatures import read_ligatures
from publications.repair.marks import GAP, LOST, Sheet, Token, counts
from publications.repair.quality import quality_of
from publications.repair.shifted import read_shifted
from publications.repair.words import Words

__all__ = ["GAP", "LOST", "Repair", "Token", "repair_pages"]


@dataclass(frozen=True)
class Repair:
    """A page after repair, with what was changed in it."""

    text: str
    tokens: list[Token]
    quality: float

    @property
    def changed(self) -> int:
        return counts(self.tokens)[0]

    @property
    def gaps(self) -> int:
        return counts(self.tokens)[1]


def repair_pages(
    texts: Sequence[str], language: str = "en", read_before: Sequence[Sequence[Token]] | None = None
) -> list[Repair]:
    """The pages of one file, repaired; `read_before` are the tokens that their fonts have read already.

    A healthy file comes back as it was. The words of all pages help each other.
    """
    glance = Glance()
    seen = [glance.at(text) for text in texts]
    read_before = read_before or [()] * len(texts)
    open_pages = {
        n: Sheet(text, tokens)
        for n, (text, tokens, page) in enumerate(zip(texts, read_before, seen, strict=True))
        if tokens or page.has_shifted or page.has_ligatures
    }
    words = Words(texts, language)
    for n, sheet in open_pages.items():
        if seen[n].has_shifted:
            read_shifted(sheet, words)
    words = Words([open_pages[n].read() if n in open_pages else text for n, text in enumerate(texts)], language)
    for n, sheet in open_pages.items():
        if seen[n].has_ligatures:
            read_ligatures(sheet, words)
    return [
        Repair(*done, quality_of(done[0]))
        if n in open_pages and (done := open_pages[n].done())
        else Repair(texts[n], [], seen[n].quality)
        for n in range(len(texts))
    ]
