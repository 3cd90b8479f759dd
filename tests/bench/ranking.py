"""How good an order of results is, by the judgements of judged.json. Pure functions: no engine, no database."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).parent / "judged.json"


class Query(NamedTuple):
    """A judged query. `relevant` gives a record's grade (3 to 1), `pages` the pages that answer it."""

    text: str
    kind: str
    language: str
    relevant: Mapping[str, int]
    pages: frozenset[str]


def judged() -> list[Query]:
    rows = json.loads(FILE.read_text(encoding="utf-8"))["queries"]
    return [Query(row["query"], row["kind"], row["language"], row["relevant"], frozenset(row["pages"])) for row in rows]


def gain(grades: Iterable[int]) -> float:
    """Discounted cumulative gain, with gains of 2^grade - 1 (Burges et al. 2005) and a discount of log2(rank + 1)."""
    return sum((2**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, 1))


def ndcg(ranked: Sequence[str], judgements: Mapping[str, int], k: int = 10) -> float:
    """Normalised discounted cumulative gain of the first `k`: 1.0 is the best order there is, 0.0 has nothing of use.

    What is not judged counts 0, and so does a record that comes a second time. Where nothing is relevant, only
    finding nothing is right: 1.0, else 0.0.
    """
    if not any(judgements.values()):
        return 0.0 if ranked else 1.0
    seen: set[str] = set()
    grades = []
    for record in ranked[:k]:
        grades.append(0 if record in seen else judgements.get(record, 0))
        seen.add(record)
    best = sorted(judgements.values(), reverse=True)[:k]
    return gain(grades) / gain(best)


def answered(results: Iterable[tuple[Sequence[str], Mapping[str, int]]], k: int = 10, least: int = 2) -> float:
    """The share of queries with a record of grade `least` or better among their first `k`.

    `results` pairs what was found with the judgements. Queries that nothing of that grade answers are left out;
    0.0 where none is left.
    """
    asked = [(ranked, grades) for ranked, grades in results if any(grade >= least for grade in grades.values())]
    hits = sum(any(grades.get(record, 0) >= least for record in ranked[:k]) for ranked, grades in asked)
    return hits / len(asked) if asked else 0.0


def page_exact(found: Mapping[str, Sequence[str]], pages: Iterable[str], k: int = 1) -> float | None:
    """Of the files that hold right pages and were found: the share with a right page among the first `k` shown.

    `found` gives each found file ("slug/lang") its pages ("slug/lang/number"), the best first. None where no such
    file was found: that is for `answered` to tell.
    """
    right = frozenset(pages)
    files = {page.rpartition("/")[0] for page in right} & set(found)
    if not files:
        return None
    return sum(bool(right & set(found[file][:k])) for file in files) / len(files)
