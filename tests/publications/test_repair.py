"""Repair of broken text layers: what can be read is read, what is healthy stays, what is lost is shown as lost."""

import pytest

from publications.repair import GAP, GLYPHS, LOST, SHIFT, repair_pages
from publications.text import PageText, repaired

HEALTHY = """The partners of the dialogue met to plan the next steps of the programme for the countries of the region.
Experts from the ministries explained how migrants find work, and which offices look after their rights.
Their employers and the facilitators said that agencies should afford more training before people leave.
Traffickers were sentenced; the police and the courts will cooperate across borders in difficult cases.
"""


def broken(text):
    """As a font without a map to letters prints it: 29 lower, and lost where that ends below the space."""
    signs = {meaning: sign for sign, meaning in GLYPHS.items()}
    for meaning in ("fi", "fl"):
        text = text.replace(meaning, signs[meaning])
    return "".join(
        signs.get(c) or (c if c in GLYPHS or ord(c) > 126 else LOST if ord(c) < 0x3D else chr(ord(c) - SHIFT))
        for c in text
    )


def repair(text):
    return repair_pages([HEALTHY, text])[1]


@pytest.mark.parametrize(
    "line",
    [
        "The next steps of the dialogue",
        "migrants and their employers",
        "finding work in the region",
        "the offices of the ministries",
        "MIMAK and the partners",
        "employers",
        "agencies",
        "Training",
    ],
)
def test_shifted_words_are_read(line):
    assert repair(broken(line)).text == line


def test_hyphen_at_the_end_of_a_shifted_line_is_not_shifted():
    assert repair(broken("the cooperation of minis") + "-").text == "the cooperation of minis-"


def test_shifted_and_healthy_words_on_one_line_are_told_apart():
    assert repair(broken("The partners of the ") + "(OCWAR-T)").text == "The partners of the (OCWAR-T)"
    assert repair("met in a coun" + broken("tries of the region")).text == "met in a countries of the region"


def test_lost_characters_become_a_visible_gap_and_never_a_guess():
    mended = repair(broken("In 2021, the partners met to plan. The next"))
    assert mended.text == f"In {GAP * 5} the partners met to plan{GAP} The next"
    assert mended.gaps == 6


@pytest.mark.parametrize(
    "line",
    [
        "14 STATIONS",
        "58,208,000",
        "Nigeria 11",
        "2000+ initiatives, 70+ trainings",
        "PRAGUE PROCESS",
        "(EU Impact for Armenia)",
        "(EU4SAFEALB)",
        "SPRING HEROES EECA JVAP C2CMMD",
        "LinkUp! is a name; Q&A, R&D and don't stay",
        "member(s) of the group (see below)",
        "MEDITERRANEAN",
        "İstanbul and Şanlıurfa",
        "Положение мигрантов в МОСКВЕ",
        "الهجرة والتنمية",
        "",
    ],
)
def test_healthy_text_is_left_alone(line):
    mended = repair(line)
    assert (mended.text, mended.changed, mended.gaps) == (line, 0, 0)


def test_healthy_file_comes_back_as_it_was():
    pages = [HEALTHY, HEALTHY.upper()]
    assert [page.text for page in repair_pages(pages)] == pages
    assert all(page.quality > 0.95 for page in repair_pages(pages))


def test_signs_that_stand_for_ligatures_are_read_by_vote_page_by_page():
    first, second = "The o!ces look after tra!ckers.", "They a!ord e!ective work in o&ces."
    assert [page.text for page in repair_pages([HEALTHY, first, second])][1:] == [
        "The offices look after traffickers.",
        "They afford effective work in offices.",
    ]


def test_quality_tells_a_broken_page_from_a_healthy_one():
    hopeless = "#@ÆØ ÞßÐ ¤¦¬ xqzj wvkq zzxq jqwx " * 5
    assert repair(hopeless).quality < 0.5 < repair(HEALTHY).quality


def test_page_keeps_its_original_beside_the_repair():
    raw = broken("The next steps of the dialogue")
    pages = [PageText(1, "", HEALTHY, HEALTHY), PageText(2, "", raw, raw)]
    page = list(repaired(pages))[1]
    assert (page.text, page.original_text) == ("The next steps of the dialogue", raw)
    assert page.repairs == 6
