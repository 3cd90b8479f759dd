"""Quotes are found again, whatever became of lines, hyphens, accents and pages; and nonsense finds nothing."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publications import quotes
from publications.quotes import Place, find, fold, locate, quote_of

PAGE = "The working group met twice in spring. It agreed on a common form for family reunification files."


def found(quote, text):
    place = locate(quote, text)
    return place and text[slice(*place)]


def test_quote_is_the_first_words_without_marks_and_dots():
    passage = "…The working group met twice in \ue000spring\ue001. It agreed on a common form for family files…"
    assert quote_of(passage) == "The working group met twice in spring. It agreed on a common"


def test_quote_of_one_endless_word_is_cut():
    assert len(quote_of("x" * 5000)) == quotes.LONGEST


@pytest.mark.parametrize(
    "text",
    [
        "agreed on a common form for family reunification",
        "AGREED ON A COMMON FORM FOR FAMILY REUNIFICATION",
        "agreed on a com-\nmon form for family reunifi\u00ad\ncation",
        "agreed on a com\x02mon form for family reuniﬁcation",
        "agreed  on\na common form, for family\n\nreunification",
        "agreed on a common form forfamily reunification",
        "ágréed on a common form for family reunificatión",
    ],
)
def test_case_accents_ligatures_hyphens_and_lines_do_not_count(text):
    assert found("agreed on a common form for family reunification", f"They {text} in May.") == text


@pytest.mark.parametrize(
    "quote, text",
    [
        ("لم شمل الأسرة في دول العبور", "تحدثت الورقة عن لَمِّ شَمْلِ الأُسْرَة في دول\nالعبور هذا العام"),
        ("воссоединение семьи и ёлки", "о том, что воссоедине-\nние семьи и елки"),
        ("İstanbul'da ışık", "toplantı ISTANBUL'DA IŞIK üzerine"),
        ("家族の呼び寄せ", "去年、家族の\n呼び寄せについて"),
    ],
)
def test_quotes_of_every_script_are_found(quote, text):
    place = locate(quote, text)
    assert place
    assert fold(text[slice(*place)]).startswith(fold(quote)[:5])


def test_short_quote_must_be_whole_words():
    assert locate("form", "They reformed it; the inform was formal.") is None
    assert found("form", "They reformed the form.") == "form"


def test_quote_whose_last_letter_carries_a_vowel_sign_is_whole():
    assert found("كتابٌ", "هذا كتابٌ جديد") == "كتابٌ"


def test_page_that_holds_all_of_a_quote_comes_before_one_that_nearly_does():
    nearly = PAGE.replace("agreed", "decided")
    place = find("It agreed on a common form for family", [(1, nearly), (2, PAGE)])
    assert place == Place(2, *locate("It agreed on a common form for family", PAGE), is_exact=True)


def test_quote_some_of_whose_words_were_repaired_since_is_recognised():
    place = find("It agreed on a common form for fam\ufffd\ufffdy reunification files", [(1, "Else."), (2, PAGE)])
    assert (place.page, place.is_exact) == (2, False)
    assert "common form for" in PAGE[place.start : place.end]


def test_quote_that_is_gone_is_not_found():
    assert find("Seven ministers signed a joint declaration on labour mobility", [(1, PAGE), (2, PAGE)]) is None


@pytest.mark.parametrize(
    "hostile", ["", " ", "…", "a", "\ue000\ue001\ue002", "((((", "\\", ".*", "\u202e\u2066", "<script>", "%", "́" * 300]
)
def test_hostile_quotes_find_nothing_and_break_nothing(hostile):
    assert find(hostile, [(1, PAGE), (2, "")]) is None


def test_work_is_bounded_on_a_page_without_blanks():
    page = "ab" * 500_000
    began = time.process_time()
    find("ba" * 7, [(1, page)])
    find("b a" * 100, [(1, page)])
    assert time.process_time() - began < 20  # quadratic work would take hours


@given(st.text(max_size=80))
def test_every_folded_letter_knows_where_it_comes_from(text):
    assert len(list(quotes._offsets(text))) == len(fold(text))


@given(st.text(alphabet="abc éüßﬁأسرةсемья-\u00ad\n.", max_size=60), st.text(alphabet="xyz \n", max_size=30))
def test_what_is_quoted_from_a_text_is_found_in_it(quoted, around):
    quote = quote_of(quoted)
    place = locate(quote, f"{around} {quoted} {around}")
    assert place or len(fold(quote)) < quotes.SHORTEST
