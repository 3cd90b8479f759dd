"""Ten thousand hostile queries: each is answered or refused with words, on both databases.

A shorter run goes with every change; PORTAL_HOSTILE_QUERIES=10000 makes it the whole.
"""

import os
import random

import pytest
from django.test import Client

from tests.factories import make_country, make_project, make_publication
from tests.portal.search.hostile_queries import HOSTILE

QUERIES = int(os.environ.get("PORTAL_HOSTILE_QUERIES", "800"))
PIECES = [
    "harbour", "title:", "year:", "country:", "page:", "kind:", "language:", "theme:", "2019..", "RS", '"', "(", ")", "AND", "OR",
    "NOT", "-", "+", "*", "~", "~9", "har*", "«", "»", " ", "  ", "\t", ".", "..", "…", "%", "\\", "'", "’", "مهاجر*", "العودة", "возврат*",
    "ﬁ", "é", "e\u0301", "İ", "ß", "\u200f", "\u202e", "\ufeff", "🦆", "漢字", "0", "9" * 30, "a" * 70, "58,208,000", "C2CMMD", "<b>", "]]>", "&&",
    "||", "!", "[1 TO 2]", "{!x}", "^2", "/.*/", "NEAR/3", "\u00ad", "-\n", "\u0002", "\u0000", "\ue000", "\ue001", ":", "::",
]  # fmt: skip


def queries(count: int):
    """The fixed corpus first, then mixtures of what each part of the language begins with."""
    dice = random.Random(22)  # noqa: S311
    yield from HOSTILE[:count]
    for _ in range(max(count - len(HOSTILE), 0)):
        if dice.random() < 0.3:
            text = list(dice.choice(HOSTILE)[:300])
            for _change in range(dice.randint(1, 8)):
                place = dice.randint(0, len(text))
                text[place : place + dice.randint(0, 2)] = dice.choice(PIECES)
            yield "".join(text)
        else:
            yield "".join(dice.choice(PIECES) + dice.choice(["", "", " "]) for _piece in range(dice.randint(1, 14)))


@pytest.mark.parametrize("with_index", [True, False])
def test_no_query_breaks_a_search(search_index, settings, tmp_path, with_index):
    make_publication(title="Harbour", countries=[make_country()], published=True)
    make_project(title="Quay", published=True)
    search_index()
    if not with_index:
        settings.INDEX_DIR = tmp_path / "none"
    stranger = Client(raise_request_exception=True)
    tried = 0
    for query in queries(QUERIES if with_index else QUERIES // 10):
        query = query.encode("utf-8", "replace").decode()  # a lone surrogate cannot be put into an address
        address = "/publications/" if tried % 3 else "/search/"
        response = stranger.get(address, {"q": query})
        assert response.status_code in {200, 400}, query
        tried += 1
    assert tried == (QUERIES if with_index else QUERIES // 10)
