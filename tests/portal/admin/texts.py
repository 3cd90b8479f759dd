"""Words that stand nowhere else, written into forms of records: into boxes, as rows, as links; and found again."""

import re

from portal.models import Theme
from projects.models import Project
from publications.models import Publication
from tests.forms import _read

WORD = re.compile(r"\bzq[a-z]\d+x\d+\b")  # zq, the place, who, which of their saves
BOXES = {
    Project: {"n": "editors_note", "o": "objective_en"},
    Publication: {"n": "editors_note", "o": "abstract_en"},
}
ROWS = {
    Project: {"r": ("links", "label_en", {}), "s": ("other_names", "name", {})},
    Publication: {"r": ("contributors", "family_name", {}), "s": ("identifiers", "value", {"scheme": "report"})},
}
LINK = "l"  # a theme that has the word as its name
PLACES = "nors" + LINK


def word(place, who, n):
    return f"zq{place}{who}x{n}"


def place_of(word):
    return word[2]


def make_themes(words):
    made = Theme.objects.bulk_create(Theme(name=word, name_en=word, slug=word) for word in words)
    return {word: str(theme.pk) for word, theme in zip(words, made, strict=True)}


def read(answer, record):
    """A form that came, with its buttons."""
    return _read(answer, f"{record._meta.model_name}_form")


def write(record, data, word, themes):
    """The same form with a word more."""
    place, model = place_of(word), type(record)
    if place == LINK:
        return data | {"themes": [*as_list(data.get("themes", [])), themes[word]]}
    if place in BOXES[model]:
        box = BOXES[model][place]
        return data | {box: f"{data[box]} {word}".strip()}
    prefix, column, others = ROWS[model][place]
    n = next((n for n in range(int(data[f"{prefix}-TOTAL_FORMS"])) if not _is_taken(data, f"{prefix}-{n}", column)), -1)
    if n < 0:
        n = int(data[f"{prefix}-TOTAL_FORMS"])
        data = data | {f"{prefix}-TOTAL_FORMS": n + 1}
    return data | {f"{prefix}-{n}-{name}": value for name, value in {**others, column: word}.items()}


def _is_taken(data, row, column):
    return bool(data.get(f"{row}-id") or data.get(f"{row}-{column}"))


def strike(record, data, word):
    """The same form with the row of a word marked to be deleted."""
    prefix, column, _others = ROWS[type(record)][place_of(word)]
    row = next(name for name, value in data.items() if name.startswith(prefix) and value == word)
    return data | {f"{row.removesuffix(column)}DELETE": "on"}


def as_list(value):
    return value if isinstance(value, list) else [value] if value else []


def words_of_form(data, themes):
    """What stands in a form, without the rows that are marked to be deleted."""
    struck = tuple(name.removesuffix("DELETE") for name, value in data.items() if name.endswith("-DELETE") and value)
    kept = {name: value for name, value in data.items() if not struck or not name.startswith(struck)}
    chosen = set(as_list(kept.pop("themes", [])))
    found = {word for value in kept.values() for one in as_list(value) for word in WORD.findall(str(one))}
    return found | {word for word, key in themes.items() if key in chosen}


def words_of(content, themes):
    """By place, what a content says: each word must stand where it was written."""
    by_key = {key: word for word, key in themes.items()}
    found = {word for text in content["fields"].values() for word in WORD.findall(str(text or ""))}
    for rows in content["rows"].values():
        found |= {word for row in rows for text in row["fields"].values() for word in WORD.findall(str(text or ""))}
    return found | {by_key[str(key)] for key in content["links"]["themes"] if str(key) in by_key}
