"""What visitors read and no template says: the words of searching, of lists and pages, of citations."""

import ast

import pytest
from django.conf import settings

from tests.portal.test_translations import LANGUAGES, source, without_plurals

CODE = (
    "portal/filters", "portal/search", "portal/templatetags", "portal/views",
    "publications/citations.py", "publications/filters.py", "publications/inside.py", "publications/pictures.py",
    "publications/search.py", "publications/similar.py", "publications/templatetags", "publications/views.py",
)  # fmt: skip
MARKING = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy"}


def modules():
    for name in CODE:
        place = settings.BASE_DIR / name
        yield from sorted(place.rglob("*.py")) if place.is_dir() else [place]


def strings_of(module):
    """The msgids of a module, as makemessages would find them."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            texts = [one.value for one in node.args if isinstance(one, ast.Constant)]
            if node.func.id in MARKING:
                yield texts[0]
            elif node.func.id in WITH_CONTEXT:
                yield "\4".join(texts[:2])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_of_code_that_visitors_meet_is_translated(language):
    known = without_plurals(source(language))
    texts = {text: str(path.relative_to(settings.BASE_DIR)) for path in modules() for text in strings_of(path)}
    assert len(texts) > 80, "the strings are looked for where they are"
    assert not {text: path for text, path in texts.items() if text not in known}, "run `make messages`; translate these"
