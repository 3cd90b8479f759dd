"""How much of what a page states is read right, over many layouts."""

import re
from collections import Counter

import pytest

from portal.prose import to_text
from projects.legacy.page import from_file, from_text
from projects.legacy.reading import read
from projects.legacy.vocabulary import shipped
from tests.projects.legacy.ground import ORGANISATIONS, make_ground
from tests.projects.legacy.layouts import layouts
from tests.projects.legacy.pages import NO_PROJECTS, pages

pytestmark = pytest.mark.one_database

FLOOR = 0.98
NAMES = dict(enumerate(ORGANISATIONS, 1))
FIELDS = ("title", "acronym", "objective", "summary", "donors", "implementing", "partners", "start", "end", "places",
          "budget", "calls", "links", "former")  # fmt: skip


def read_layout(layout, ground):
    content = layout.content
    page = from_text(content) if isinstance(content, str) else from_file(content)
    return page, read(page, shipped(), ground)


def organisation(row):
    name = NAMES[row["organisation"]] if row["organisation"] else row["new"]
    if "acronym" in row:
        name += f" ({row['acronym']})"
    return (name, str(int(float(row["share"])))) if row["share"] else name


def facts_of(proposal):
    roles = {role: {organisation(row) for row in proposal.values("roles") if row["role"] == role}
             for role in ("donor", "implementing", "partner")}  # fmt: skip
    places = [*proposal.values("countries"), *proposal.values("country_groups"), *proposal.values("regions")]
    places = {f"new:{place['new']}" if "new" in place else next(iter(place.values())) for place in places}
    budget = f"{proposal.value('budget')} {proposal.value('currency')}" if proposal.value("budget") else ""
    return {
        "title": proposal.title,
        "acronym": proposal.value("acronym") or "",
        "objective": proposal.value("objective") or "",
        "summary": to_text("".join(proposal.values("summary"))),
        "donors": roles["donor"],
        "implementing": roles["implementing"],
        "partners": roles["partner"],
        "start": proposal.value("start") or "",
        "end": proposal.value("end") or "",
        "places": places,
        "budget": budget,
        "calls": {row["title"] for row in proposal.values("calls")},
        "links": {row["url"] for row in proposal.values("links")},
        "former": {row["name"] for row in proposal.values("other_names") if row["kind"] == "former"},
    }


def compare(layout, reading):
    """Right and wrong fields. A field counts where it is stated or was proposed; a project too many is all wrong."""
    found = [facts_of(proposal) for proposal in reading.proposals]
    right, wrong = 0, []
    for n, fact in enumerate(layout.facts):
        got = next((one for one in found if one["title"] == fact.title), found[n] if n < len(found) else None)
        for name in FIELDS:
            stated = getattr(fact, name)
            if stated is None:  # prose that both title and text may claim
                continue
            stated = set(stated) if isinstance(stated, tuple) else stated
            if not stated and (got is None or not got[name]):
                continue
            if got is not None and got[name] == stated:
                right += 1
            else:
                wrong.append((fact.title, name, stated, got and got[name]))
    for one in found[len(layout.facts) :]:
        wrong += [("too many", name, None, one[name]) for name in FIELDS if one[name]]
    return right, wrong


@pytest.fixture(scope="module")
def ground():
    return make_ground()


def measure(them, ground):
    """The share of fields that are right, and the table."""
    lines, right, all_fields, by_field = [], 0, 0, Counter()
    for layout in them:
        good, wrong = compare(layout, read_layout(layout, ground)[1])
        right, all_fields = right + good, all_fields + good + len(wrong)
        by_field.update(name for _title, name, _stated, _got in wrong)
        lines.append(f"{good / (good + len(wrong)):6.2f} {good:4} of {good + len(wrong):4}  {layout.name}")
        lines += [f"         {title[:30]} {name}: {stated!r} not {got!r}"[:220] for title, name, stated, got in wrong]
    total = f"{right / all_fields:6.3f} {right:4} of {all_fields:4}  in all; wrong: {dict(by_field)}"
    return right / all_fields, "\n".join(["", *lines, total])


@pytest.mark.parametrize("them", [layouts, pages], ids=["layouts", "pages"])
def test_most_fields_are_read_right(them, ground, capsys):
    share, told = measure(them(), ground)
    with capsys.disabled():
        print(told)
    assert share >= FLOOR, told


def test_every_layout_gives_its_projects_and_no_other(ground):
    for layout in [*layouts(), *pages()]:
        titles = [proposal.title for proposal in read_layout(layout, ground)[1].proposals]
        assert titles == [fact.title for fact in layout.facts], layout.name


def test_words_of_every_piece_stand_where_it_says(ground):
    for layout in [*layouts(), *pages()]:
        page, reading = read_layout(layout, ground)
        for piece in (piece for proposal in reading.proposals for piece in proposal.pieces):
            assert piece.words == page.text[piece.start : piece.end]
            assert re.search(r"\w", piece.words), (layout.name, piece)
            assert 0 < piece.confidence <= 1


@pytest.mark.parametrize("text", NO_PROJECTS.values(), ids=NO_PROJECTS)
def test_page_without_projects_gives_none(text, ground):
    assert read(from_text(text), shipped(), ground).proposals == []
