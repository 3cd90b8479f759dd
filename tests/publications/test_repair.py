"""Repair of broken text layers: what can be read is read, what is healthy stays, what is lost is shown as lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publications.repair import GAP, LOST, repair_pages
from publications.repair.glyphs import standard_order
from publications.repair.marks import unrepaired
from publications.repair.words import Words, word_list
from publications.text import PageText, repaired

pytestmark = pytest.mark.one_database

HEALTHY = """The partners of the dialogue met to plan the next steps of the programme for the countries of the region.
Experts from the ministries explained how migrants find work, and which offices look after their rights.
Their employers and the facilitators said that agencies should afford more training before people leave.
Traffickers were sentenced; the police and the courts will cooperate across borders in difficult cases.
"""


def broken(text):
    """As a font without a map to letters prints it: 29 lower, and lost where that ends below the space."""
    glyphs = {ord(letters): number for number, letters in standard_order().items() if len(letters) == 1}
    for sign, letters in (("\ufb01", "fi"), ("\ufb02", "fl")):
        text = text.replace(letters, sign)
        glyphs[ord(sign)] = next(number for number, found in standard_order().items() if found == letters)
    return "".join(chr(code) if code > 0x20 else LOST for c in text for code in [glyphs.get(ord(c), ord(c))])


def repair(text, language="en"):
    return repair_pages([HEALTHY, text], language)[1]


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
        "the towns of İstanbul and Şanlıurfa",
        "the EU’s partners",
        "MEMBER STATES",
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


@pytest.mark.parametrize(
    "line",
    [
        "L'office d'aide n'est pas l'efficacité, aujourd'hui qu'il s'agit d'une région",
        "Dell'ufficio e all'inizio; they've, it's, o'clock, Côte d'Ivoire",
        "THE PRESS OFFICE OF THE UNITED NATIONS HIGH COMMISSIONER FOR REFUGEES",
        "GENDER EQUALITY PROGRESS IN SIX STEPS: 1) WHO? 2) WHEN? 3) HOW MUCH?",
        "EUR 1,234.50 (+12%), 2019/20, 10:30, §4, n=12, A/RES/73/195, ISO 3166-2:RS",
        "UNHCR/IOM/EU/UN, WTO, NGOs, MoUs, JVAP-EMM5, e.g. p. 7–9",
        "https://portal.example/a?b=c&d=e#f and somebody@portal.example",
        "Ministère de l’Intérieur — Αθήνα — Łódź — Việt Nam",
    ],
)
def test_apostrophes_acronyms_and_figures_are_no_damage(line):
    mended = repair(line)
    assert (mended.text, mended.tokens) == (line, [])


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


def test_sign_is_read_from_the_words_around_it_where_fonts_change_within_a_page():
    apart = "The partners met. " * 300
    text = f"The o!ces and sta!ng. {apart} They a!ord and o!er it."
    assert repair(text).text == f"The offices and staffing. {apart} They afford and offer it."


@pytest.mark.parametrize(
    "raw, reading",
    [
        ("Our sta& are here", "Our staff are here"),
        ("all (our sta#) too", "all (our staff) too"),
        ("Cheers! Well done! (Really)", "Cheers! Well done! (Really)"),
        ("Firm& Son, 5% off, item# 3", "Firm& Son, 5% off, item# 3"),
    ],
)
def test_sign_at_the_end_of_a_word_is_a_ligature_only_where_it_can_be_nothing_else(raw, reading):
    assert repair(raw).text == reading


def test_quality_tells_a_broken_page_from_a_healthy_one():
    hopeless = "#@ÆØ ÞßÐ ¤¦¬ xqzj wvkq zzxq jqwx " * 5
    assert repair(hopeless).quality < 0.5 < repair(HEALTHY).quality


def test_page_keeps_its_original_beside_the_repair():
    raw = broken("The next steps of the dialogue")
    pages = [PageText(1, "", HEALTHY, HEALTHY), PageText(2, "", raw, raw)]
    page = list(repaired(pages))[1]
    assert (page.text, page.original_text) == ("The next steps of the dialogue", raw)
    assert page.repairs == 6


def test_every_repair_says_where_it_stands_what_the_file_holds_and_how_it_was_read():
    raw = broken("The next steps. In 2021 our ") + "MIMAK o!ce\nhealthy words"
    mended = repair_pages([HEALTHY + "They go to the tra!c o!ce.", raw])[1]
    for token in mended.tokens:
        assert mended.text[token.start : token.end] == token.reading != token.original
    assert unrepaired(mended.text, mended.tokens) == raw
    told = {token.reading.strip(): (token.how, token.confidence) for token in mended.tokens}
    assert told["next"] == ("shift", 0.99)
    assert told[GAP * 4] == ("gap", 0.0)
    assert told["office"][0] == "ligature"


def test_words_of_the_list_are_surer_than_names_between_them():
    raw = broken("The partners met in Qzomar and the towns")
    sure = {token.reading.strip(): token.confidence for token in repair(raw).tokens}
    assert sure["partners"] > 0.9 > sure["Qzomar"] >= 0.7


def test_accented_letters_of_a_shifted_run_are_read_in_the_language_of_the_file():
    line = "les réfugiés et leurs familles"
    assert repair(broken(line), "fr").text == line


def test_lost_characters_of_one_page_are_counted_one_by_one():
    mended = repair("Between � and ��� people")
    assert mended.text == f"Between {GAP} and {GAP * 3} people"
    assert mended.gaps == 4


def test_text_that_holds_our_own_private_signs_is_no_trap():
    assert repair("Icon \U00100000 and \U0010fffd here").text == "Icon \U00100000 and \U0010fffd here"
    assert repair("Icon \U00100000 and \ufffd here").text == f"Icon {GAP} and {GAP} here"


def test_healthy_file_asks_for_no_word_list():
    word_list.cache_clear()
    repair_pages([HEALTHY, "ICMPD, 2021: don't (see PRAGUE PROCESS) member(s)."])
    assert word_list.cache_info().currsize == 0


@pytest.mark.parametrize("language", ["en", "fr-CA", "sq", "", "../en", "zz"])
def test_language_without_a_word_list_is_no_failure(language):
    assert repair("Shqipëria është një vend", language).text == "Shqipëria është një vend"
    known, words = Words([], language).share("The region, the countries.")
    assert words == 4
    assert known == (4 if language == "en" else known)


def test_known_words_are_counted_and_broken_ones_are_not():
    words = Words([], "en")
    assert words.share("The partners met in 2021.") == (4, 4)
    known, of = words.share(broken("partners ministries"))
    assert known == 0
    assert of > 0


@pytest.mark.parametrize(
    "hostile",
    [
        "D" * 100_000 + "1",
        "a" * 100_000 + "!b",
        "DEF" * 30_000 + "\ufffd",
        "-" * 100_000 + "\ufffd",
        "o!ces " * 15_000,
        "WKH\ufffd" * 20_000,
        "\ufffd" * 100_000,
        "Ɣ\ufffd" * 20_000,
        "a!b" * 30_000,
        "’D" * 40_000 + "1",
    ],
    ids=lambda text: repr(text[:6]),
)
def test_hostile_text_is_no_work_without_end(hostile):
    mended = repair(hostile)
    assert unrepaired(mended.text, mended.tokens) == hostile
    Words([], "en").share(hostile)


@given(st.text(alphabet=st.sampled_from("DEHLQRVWXU¿Ɣ\ufffd aeo!&'\"$%(0127,-.\\\t\n’é\u00ad\U00100001"), max_size=120))
def test_whatever_the_text_all_refused_gives_it_back(text):
    mended = repair(text)
    own = text if not mended.tokens else text.replace("\U00100001", LOST)
    assert unrepaired(mended.text, mended.tokens).replace("\U00100001", LOST) == own.replace("\U00100001", LOST)
    for token in mended.tokens:
        assert mended.text[token.start : token.end] == token.reading
        assert 0 <= token.confidence <= 1
