"""How well a page reads: the share of its tokens that look like words or figures, from 0 to 1.

It needs no dictionary, so that it costs healthy pages next to nothing and means the same in every language. A token
counts that is a figure, or letters with the usual signs between and around them; a Latin word of four letters needs a
vowel; a lost character, shown or not, is no letter. It does not say that the words are right.
"""

import re
from collections.abc import Sequence

AROUND = ".,;:!?()[]{}\"'“”‘’«»•–—-*/…،؛؟\u00ad&+%€$£@#|·©®™°§"
FIGURE = re.compile(r"[\d.,:/%€$£+–-]+")
LETTERS = re.compile(r"[^\W_]+(?:[-–/’'.&@\u00ad\u064b-\u0652][^\W_]*)*")
VOWELLESS = re.compile(r"[bcdfghjklmnpqrstvwxz]{4,}")


def reads(token: str) -> bool:
    bare = token.strip(AROUND)
    if not bare or FIGURE.fullmatch(bare):
        return True
    return LETTERS.fullmatch(bare) is not None and VOWELLESS.fullmatch(bare) is None


def quality_of(text: str) -> float:
    tokens = text.split()
    return share(sum(map(reads, tokens)), len(tokens))


def share(readable: int, tokens: int) -> float:
    """A page without a word reads well: there is nothing to read wrongly."""
    return round(readable / tokens, 3) if tokens else 1.0


def of_file(pages: Sequence[tuple[float, int]]) -> float | None:
    """Of a file, from each page's quality and how many tokens it holds; None where there is no page."""
    tokens = sum(n for _quality, n in pages)
    if not pages:
        return None
    return round(sum(quality * n for quality, n in pages) / tokens, 3) if tokens else 1.0
