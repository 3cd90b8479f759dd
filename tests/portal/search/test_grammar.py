"""The query language: how each rule reads, what is refused and with which words."""

import dataclasses

import pytest

from portal.search.grammar import (
    And,
    Field,
    Not,
    Or,
    Phrase,
    Prefix,
    QueryError,
    Value,
    Word,
    Years,
    canonical,
    describe,
    lenient,
    parse,
)


def read(text):
    return parse(text).root


def refused(text, **kwargs):
    with pytest.raises(QueryError) as caught:
        parse(text, **kwargs)
    return caught.value


# Words


def test_words_are_all_required():
    assert read("return reintegration") == And((Word("return"), Word("reintegration")))


def test_a_single_word_stands_alone():
    assert read("visa") == Word("visa")


def test_small_and_or_not_are_words():
    assert read("return and not visa") == And((Word("return"), Word("and"), Word("not"), Word("visa")))


@pytest.mark.parametrize(
    "typed, text, parts",
    [
        ("l'asile", "l'asile", ("l", "asile")),
        ("d’intégration", "d’intégration", ("d", "intégration")),
        ("EU's", "EU's", ("EU", "s")),
        ("whole-of-government", "whole-of-government", ("whole", "of", "government")),
        ("U.N.", "U.N", ("U", "N")),
        ("and/or", "and/or", ("and", "or")),
        ("C2CMMD", "C2CMMD", ("C2CMMD",)),
        ("58,208,000", "58,208,000", ("58", "208", "000")),
        ("2000+", "2000", ("2000",)),
        ("desk@example.org", "desk@example.org", ("desk", "example", "org")),
        ("19:30", "19:30", ("19", "30")),
        ("http://example.org/a", "http://example.org/a", ("http", "example", "org", "a")),
        ("R&D", "R&D", ("R", "D")),
        ("«asylum,»"[1:-1], "asylum", ("asylum",)),
        ("¿refugio?", "refugio", ("refugio",)),
        ("#migration", "migration", ("migration",)),
        ("'visa'", "visa", ("visa",)),
        ("\ufeffvisa\u200b", "visa", ("visa",)),
        ("migra\u00adtion", "migration", ("migration",)),
        ("re\u0301sume\u0301", "résumé", ("résumé",)),
        ("الهِجْرَةُ", "الهِجْرَةُ", ("الهِجْرَةُ",)),
        ("هـجـرة", "هـجـرة", ("هـجـرة",)),
        ("هجرة؟", "هجرة", ("هجرة",)),
        ("می\u200cخواهم", "می\u200cخواهم", ("می", "خواهم")),
        ("миграция", "миграция", ("миграция",)),
        ("移民", "移民", ("移民",)),
        ("शरणार्थी", "शरणार्थी", ("शरणार्थी",)),
        ("או״ם", "או״ם", ("או", "ם")),
        ("visa\U0001f600", "visa", ("visa",)),
        ("1\ufe0f\u20e3", "1", ("1",)),
    ],
)
def test_a_word_keeps_its_look_and_its_parts(typed, text, parts):
    word = read(typed)
    assert (word, word.parts) == (Word(text), parts)


def test_emoji_and_stray_punctuation_are_ignored():
    assert read("migration \U0001f600 – a & study … !") == And((Word("migration"), Word("a"), Word("study")))


@pytest.mark.parametrize("typed", ["migrant(s)", "migrant(es)", "Migrant(en)"])
def test_an_ending_in_brackets_belongs_to_its_word(typed):
    assert read(f"{typed} rights") == And((Word(typed.partition("(")[0]), Word("rights")))


def test_a_bracket_right_behind_a_word_otherwise_opens_a_group():
    assert read("asylum(EU)") == And((Word("asylum"), Word("EU")))
    assert read("visa NOT(s)") == And((Word("visa"), Not(Word("s"))))


def test_a_word_says_where_it_stood():
    text = "  «retour  volontaire» title:re\u200btour -visa"
    children = read(text).children
    assert [(child.start, child.end) for child in children] == [(2, 22), (29, 36), (37, 42)]
    assert text[29:36] == "re\u200btour"


# Phrases and beginnings


@pytest.mark.parametrize(
    "typed", ['"a b"', "“a b”", "„a b“", "«a b»", "« a b »", "»a b«", "＂a b＂", '" a,  b! "', '“a b"']
)
def test_every_kind_of_quotation_mark_makes_a_phrase(typed):
    assert read(typed) == Phrase(("a", "b"))


def test_a_phrase_of_one_word_is_not_the_bare_word():
    assert read('"visa"') == Phrase(("visa",)) != read("visa")


def test_operators_within_quotes_are_words():
    assert read('"search AND rescue"') == Phrase(("search", "AND", "rescue"))


def test_proximity_follows_the_phrase():
    assert read('"border management"~3 visa') == And((Phrase(("border", "management"), slop=3), Word("visa")))
    assert read('"border management"~0') == Phrase(("border", "management"))
    assert read('"border management"~50') == Phrase(("border", "management"), slop=50)


@pytest.mark.parametrize("typed", ['"a b"~', '"a b"~51', '"a b"~x', '"a b"~3x', '"a b"~-1', '"a b"~' + "9" * 30])
def test_proximity_is_a_number_up_to_fifty(typed):
    error = refused(typed)
    assert "from 0 to 50" in error.message
    assert typed[error.start] == "~"


def test_a_star_searches_for_beginnings():
    assert read("migr*") == Prefix("migr")
    assert read("Kosovo*, visa") == And((Prefix("Kosovo"), Word("visa")))
    assert read("anti-migr*").parts == ("anti", "migr")


@pytest.mark.parametrize(
    "typed, reason",
    [
        ("m*", "at least 2 letters"),
        ("l'a*", "at least 2 letters"),
        ("e\u0301*", "at least 2 letters"),
        ("*", "first letters before"),
        ("visa * work", "first letters before"),
        ("*gration", "only at the end"),
        ("mi*tion", "only at the end"),
        ("migr**", "only at the end"),
        ("migr.*", "only at the end"),
        ('"migr* policy"', "takes no star"),
        ("country:T*", "whole name or a code"),
        ("year:20*", "no year"),
    ],
)
def test_a_star_elsewhere_is_explained(typed, reason):
    assert reason in refused(typed).message


@pytest.mark.parametrize("typed", ["visa~", "visa~2", "the visa~1 policy"])
def test_words_spelt_alike_are_explained(typed):
    error = refused(typed)
    assert "spelt alike" in error.message
    assert typed[error.start : error.end].startswith("visa~")


def test_a_tilde_elsewhere_is_punctuation():
    assert read("~5 years") == And((Word("5"), Word("years")))
    assert read("x.org/~anna").parts == ("x", "org", "anna")


# Operators


@pytest.mark.parametrize("typed", ["a AND b", "a && b", "a&&b", "a b", "+a +b", "(a) (b)", "((a b))", "a AND (b)"])
def test_ways_to_ask_for_both(typed):
    assert read(typed) == And((Word("a"), Word("b")))


@pytest.mark.parametrize("typed", ["a OR b", "a || b", "a||b", "(a OR b)", "(a) OR (b)"])
def test_ways_to_ask_for_either(typed):
    assert read(typed) == Or((Word("a"), Word("b")))


@pytest.mark.parametrize(
    "typed", ["a NOT b", "a AND NOT b", "a -b", "a −b", "a !b", "a (NOT b)", "a NOT NOT NOT b", "a -(b)"]
)
def test_ways_to_leave_out(typed):
    assert read(typed) == And((Word("a"), Not(Word("b"))))


def test_not_twice_is_not_at_all():
    assert read("NOT NOT a") == read("NOT (NOT a)") == Word("a")


def test_and_binds_tighter_than_or_and_brackets_tighter_than_both():
    a, b, c = Word("a"), Word("b"), Word("c")
    assert read("a b OR c") == read("a AND b OR c") == Or((And((a, b)), c))
    assert read("a (b OR c)") == And((a, Or((b, c))))
    assert read("a -(b OR c)") == And((a, Not(Or((b, c)))))


def test_a_hyphen_leaves_out_only_after_a_blank_or_a_bracket():
    assert read("mid-term") == Word("mid-term")
    assert read("Migration - a study") == And((Word("Migration"), Word("a"), Word("study")))
    assert read("a (b -c)") == And((Word("a"), Word("b"), Not(Word("c"))))
    assert read('"smart"-borders') == And((Phrase(("smart",)), Word("borders")))
    assert read("Stop!") == Word("Stop")


@pytest.mark.parametrize(
    "typed, marked",
    [
        ("a AND", "AND"),
        ("OR a", "OR"),
        ("a &&", "&&"),
        ("|| a", "||"),
        ("(a OR) b", "OR"),
        ("a (AND b)", "AND"),
    ],
)
def test_an_operator_without_a_side_is_marked(typed, marked):
    error = refused(typed)
    assert "joins two things" in error.message
    assert typed[error.start : error.end] == marked


def test_of_two_operators_in_a_row_the_idle_one_is_marked():
    assert (refused("a AND AND b").start, refused("a OR OR b").start, refused("a OR AND b").start) == (6, 2, 5)


@pytest.mark.parametrize("typed", ["a NOT", "NOT", "a (NOT)", "+AND", "a -OR b", "NOT AND b", "a NOT OR b"])
def test_a_sign_needs_something_after_it(typed):
    assert "needs something after it" in refused(typed).message


@pytest.mark.parametrize("typed", ["NOT a", "-a", "-a -b", "NOT (a OR b)", "-title:a", "-year:2019", "a -(-b -c)"])
def test_nothing_but_not_is_refused_with_the_reason(typed):
    assert "only takes away" in refused(typed).message


def test_an_alternative_that_only_takes_away_is_refused_where_it_stands():
    error = refused("visa OR (-work -study)")
    assert "finds nearly everything" in error.message
    assert "visa OR (-work -study)"[error.start : error.end] == "-work -study"


# Brackets and quotation marks


@pytest.mark.parametrize(
    "typed, reason, start, end",
    [
        ('visa "work permit', "no partner", 5, 6),
        ("visa “work", "no partner", 5, 6),
        ('visa ""', "no word between", 5, 7),
        ('"…"', "no word between", 0, 3),
        ("(visa", "never closed", 0, 1),
        ("visa ((work)", "never closed", 5, 6),
        ("a (", "never closed", 2, 3),
        ("visa)", "closes nothing", 4, 5),
        (")", "closes nothing", 0, 1),
        ("visa ( )", "nothing between these brackets", 5, 8),
    ],
)
def test_what_does_not_pair_is_marked(typed, reason, start, end):
    error = refused(typed)
    assert reason in error.message
    assert (error.start, error.end) == (start, end)


# Fields


def test_a_field_applies_to_a_word_a_beginning_a_phrase_or_a_group():
    assert read("title:return") == Word("return", "title")
    assert read("author:kart*") == Prefix("kart", "author")
    assert read('abstract:"labour market"~2') == Phrase(("labour", "market"), 2, "abstract")
    assert read("title:(return OR retour) visa") == And(
        (Or((Word("return", "title"), Word("retour", "title"))), Word("visa"))
    )


@pytest.mark.parametrize(
    "typed",
    [
        "Title:x",
        "TITLE:x",
        "titre:x",
        "Intitulé:x",
        "العنوان:x",
        "عنوان:x",
        "название:x",
        "title：x",
        "ti\u200btle:x",
        "…title:x",
    ],
)
def test_field_names_are_known_in_the_languages_of_the_site(typed):
    assert read(typed) == Word("x", "title")


def test_accents_in_field_names_do_not_count():
    assert read("annee:2019") == read("année:2019") == read("ANNÉE:2019") == read("السنة:٢٠١٩") == Years(2019, 2019)


def test_fields_of_choices_take_codes_and_names():
    assert read("country:TR") == Value("country", "TR")
    assert read('country:"Côte d\'Ivoire"') == Value("country", "Côte d'Ivoire")
    assert read('donor:"Sida  (Sweden)"') == Value("donor", "Sida (Sweden)")
    assert read("country:(TR OR SY)") == Or((Value("country", "TR"), Value("country", "SY")))
    assert read("type:policy-brief,") == Value("type", "policy-brief")


def test_choices_know_no_proximity():
    assert "whole name or a code" in refused('country:"North Macedonia"~2').message


@pytest.mark.parametrize(
    "typed, first, last",
    [
        ("2019", 2019, 2019),
        ("2019..2021", 2019, 2021),
        ("..2021", None, 2021),
        ("2019..", 2019, None),
        ("2019-2021", 2019, 2021),
        ("2019–2021", 2019, 2021),
        ("2019…2021", 2019, 2021),
        ("2019...2021", 2019, 2021),
        ('"2019 - 2021"', 2019, 2021),
        ("2019.", 2019, 2019),
        ("2019..2019", 2019, 2019),
        ("(2019)", 2019, 2019),
    ],
)
def test_years_and_ranges(typed, first, last):
    assert read(f"year:{typed}") == Years(first, last)


@pytest.mark.parametrize(
    "typed", ["soon", "19", "20190", "1899", "2201", "2019..soon", "2019..2020..2021", "²⁰¹⁹", "9" * 60]
)
def test_what_is_no_year_is_explained_with_examples(typed):
    assert "year:2019..2021" in refused(f"year:{typed}").message


def test_years_run_forwards():
    error = refused("visa year:2021..2019")
    assert error.message.endswith("year:2019..2021")
    assert (error.start, error.end) == (10, 20)


@pytest.mark.parametrize(
    "typed",
    ["title:", "title: visa", "visa title:", "(title:) a", "title:AND b", "title:… visa", "year:", "year:.. visa"],
)
def test_an_empty_field_is_explained(typed):
    assert "right after the colon" in refused(typed).message


def test_a_sign_behind_the_colon_is_explained_rather_than_ignored():
    assert "-title:…" in refused("title:-visa work").message
    assert "!title:…" in refused("title:!(visa) work").message


@pytest.mark.parametrize("typed", ["title:author:x", "title:(visa author:x)", "title:title:x", "title:(a (year:2019))"])
def test_a_field_within_a_field_is_explained(typed):
    assert "within another field" in refused(typed).message


@pytest.mark.parametrize(
    "typed",
    ["note: this", "note:this", "Warning:x", "ftp://x", "urn:isbn:12", "a:b", "é:x", "12:title:x", "x" * 40 + ":y"],
)
def test_an_unknown_field_is_text(typed):
    assert refused_or_read(typed) == "read"


@pytest.mark.parametrize("typed, meant", [("tilte:x", "title"), ("titel:x", "title"), ("coutry:TR", "country"), ("years:2019", "year"), ("themes:x", "theme"), ("autor:x", "author")])  # fmt: skip
def test_a_misspelt_field_is_asked_about(typed, meant):
    error = refused(f"visa {typed}")
    assert f"{meant}:" in error.message
    assert error.start == 5


def test_a_blank_after_the_colon_makes_a_misspelt_field_a_word():
    assert read("titel: x") == And((Word("titel"), Word("x")))


def refused_or_read(text):
    try:
        parse(text)
    except QueryError:
        return "refused"
    return "read"


def test_the_table_of_fields_can_be_another():
    table = (Field("venue", "value", "venue"),)
    assert parse("venue:Vienna", table).root == Value("venue", "Vienna")
    assert parse("title:x", table).root == Word("title:x")
    assert "venue:" in refused("venu:x", fields=table).message


# Sentences


def test_five_plain_words_are_a_sentence_four_are_not():
    assert parse("which states host most refugees?").is_sentence
    assert not parse("states hosting most refugees").is_sentence


@pytest.mark.parametrize(
    "word",
    ['"refugees"', "refugee*", "-refugees", "+refugees", "title:refugees", "year:2019", "OR refugees", "AND refugees"],
)
def test_any_sign_of_the_language_makes_a_strict_query(word):
    assert not parse(f"which states host today most {word}").is_sentence


def test_brackets_and_colons_of_a_pasted_title_are_natural():
    query = parse("Migration project: final report (first part)")
    assert query.is_sentence
    assert [word.text for word in query.terms] == ["Migration", "project", "final", "report", "first", "part"]
    assert (query.terms[1].start, query.terms[1].end) == (10, 17)


def test_a_decomposed_field_name_in_a_sentence_is_composed_like_any_word():
    assert parse("l'anne\u0301e: ce que nous savons").terms[0] == Word("l'année")
    assert parse("anne\u0301e: ce que nous savons").terms[0] == Word("année")


def test_terms_are_what_is_looked_for_in_texts():
    query = parse('visa -work (migr* OR "labour market") year:2019 country:TR a -(b c)')
    assert query.terms == (Word("visa"), Prefix("migr"), Phrase(("labour", "market")), Word("a"))


# Limits


def test_five_hundred_and_twelve_characters_are_read_one_more_is_not():
    assert parse(("a" * 63 + " ") * 8).terms
    error = refused("a " * 20 + " " * 473)
    assert "at most 512 characters" in error.message
    assert (error.start, error.end) == (512, 513)


def test_thirty_two_words_are_read_one_more_is_not():
    assert len(parse("a " * 32).terms) == 32
    error = refused("a " * 33)
    assert "at most 32 words" in error.message
    assert error.start == 64


def test_the_words_of_phrases_and_values_count():
    assert "at most 32 words" in refused('"' + "a " * 33 + '"').message
    assert "at most 32 words" in refused("country:TR " * 33).message


def test_sixty_four_letters_are_a_word_one_more_is_not():
    assert parse("a" * 64)
    for typed in ("a" * 65, f'"x {"a" * 65}"', "a" * 65 + "*", "title:" + "a" * 65):
        assert "longer than 64" in refused(typed).message


def test_brackets_stand_ten_deep_and_no_deeper():
    assert read("(" * 10 + "a" + ")" * 10) == Word("a")
    error = refused("(" * 11 + "a" + ")" * 11)
    assert "10 deep" in error.message
    assert error.start == 10


def test_brackets_side_by_side_are_not_deep():
    assert len(parse("(a) " * 20).terms) == 20


@pytest.mark.parametrize(
    "char, code", [("\x00", "U+0000"), ("\x1b", "U+001B"), ("\x7f", "U+007F"), ("\x9f", "U+009F"), ("\ud800", "U+D800")]
)
def test_control_characters_are_named_and_marked(char, code):
    error = refused(f"visa {char}work")
    assert code in error.message
    assert (error.start, error.end) == (5, 6)


def test_line_ends_and_tabs_are_blanks():
    assert read("a\tb\r\nc") == And((Word("a"), Word("b"), Word("c")))


@pytest.mark.parametrize("typed", ["", "   ", "…", "? ! .", "\U0001f600", "\u200b\ufeff", "_", "—"])
def test_no_word_at_all_is_explained(typed):
    assert "no word to look for" in refused(typed).message


# The words as they stand


@pytest.mark.parametrize(
    "typed, words",
    [
        ('"unclosed phrase', "unclosed phrase"),
        ("a AND AND -b", "a b"),
        ("NOT visa", "visa"),
        ("title: (x", "title x"),
        ("mi*gr word~2", "mi gr word 2"),
        ("a\x00b", "a b"),
        ("year:soon a||b", "year soon a b"),
        ("x " * 40, "x " * 31 + "x"),
        ("y" * 70, "y" * 64),
        ("word " * 200, "word " * 31 + "word"),
    ],
)
def test_lenient_reading_takes_the_words_as_they_stand(typed, words):
    assert str(lenient(typed)) == words


def test_lenient_reading_of_many_words_is_a_sentence():
    assert lenient('"which states host most refugees').is_sentence


@pytest.mark.parametrize("typed", ["", "...", "AND OR", "()", "\x00", "\ud800"])
def test_lenient_reading_of_no_word_is_nothing(typed):
    assert lenient(typed) is None


# Writing it down


@pytest.mark.parametrize(
    "typed, written",
    [
        ("  a   b ", "a b"),
        ("a AND b", "a b"),
        ("a AND NOT b", "a -b"),
        ("«a b»~2", '"a b"~2'),
        ("a || b", "a OR b"),
        ("(a b) OR c", "a b OR c"),
        ("a AND (b OR (c))", "a (b OR c)"),
        ("a !(b c)", "a -(b c)"),
        ("titre:(x y)", "title:x title:y"),
        ("année:2019–2021", "year:2019..2021"),
        ("year:…2021", "year:..2021"),
        ('pays:"TR"', "country:TR"),
        ("country:Côte-d'Or", "country:Côte-d'Or"),
        ('country:"North Macedonia"', 'country:"North Macedonia"'),
        ('country:"AND"', 'country:"AND"'),
        ('type:"brief."', 'type:"brief."'),
        ("a AND b AND c AND d AND e", "a AND b AND c AND d AND e"),
        ("a b c d e?", "a b c d e"),
    ],
)
def test_the_canonical_form(typed, written):
    query = parse(typed)
    assert canonical(query) == str(query) == written
    assert parse(written) == query


def test_equality_looks_at_what_is_asked_not_where_it_stood():
    assert parse("a b") == parse("   a     b")
    assert dataclasses.replace(read("a"), text="b") != read("a")


# Saying how it was read


@pytest.mark.parametrize(
    "typed, words",
    [
        ('"voluntary return" migr* -visa year:2019..2021', "all of: “voluntary return” (phrase), migr… (beginning), not visa; years 2019 to 2021"),
        ("visa", "visa"),
        ("a OR b c", "any of: a, (all of: b, c)"),
        ("a -(b OR c)", "all of: a, not (any of: b, c)"),
        ("title:visa country:TR", "all of: title: visa, country: TR"),
        ('"a b"~1', "“a b” (at most 1 place apart)"),
        ('"a b"~4', "“a b” (at most 4 places apart)"),
        ("visa year:2019", "visa; year 2019"),
        ("(a OR b) year:2019..", "any of: a, b; year 2019 or later"),
        ("year:..2021 country:TR", "country: TR; year 2021 or earlier"),
        ("year:2019.. year:..2021", "all of: year 2019 or later, year 2021 or earlier"),
        ("which states host most refugees", "a sentence, the more of its words the better: which, states, host, most, refugees"),
    ],
)  # fmt: skip
def test_a_query_is_described_in_words(typed, words):
    assert describe(parse(typed)) == words
