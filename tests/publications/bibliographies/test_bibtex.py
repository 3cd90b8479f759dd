"""BibTeX files: what stands in them, however it is written, and the broken entry between two others."""

import logging

import bibtexparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publications.bibliographies import bibtex
from publications.bibliographies.bibtex_fields import reference_of
from publications.bibliographies.references import Name
from publications.bibliographies.tex import to_text

LIST = r"""
Exported on a Tuesday; this line is no entry.
@comment{jabref-meta: databaseType:bibtex;}
@preamble{"\newcommand{\noop}[1]{}"}
@string{icmpd = "International Centre for Migration Policy Development"}
@STRING(wp = {Working Papers on } # {Mobility})

@techreport{kovac2019,
  author      = {Kova{\v{c}}, Ana and M\"uller, J{\"o}rg and {International Organization for Migration} and others},
  title       = {Return and {EU} Readmission -- a Stock-Taking},
  institution = icmpd,
  address     = {Vienna},
  year        = 2019,
  month       = "10~" # oct,
  type        = {Report},
  series      = wp,
  number      = {7},
  doi         = {https://doi.org/10.12345/ABC.7},
  url         = {https://example.org/a_b},
  isbn        = {978-3-16-148410-0},
  language    = {english},
  keywords    = {return, Serbia, readmission},
  abstract    = {It counts {\'e}l{\`e}ves \& \emph{others}.

                 Then it stops.},
  pages       = {1--40}
}

@book( parent, title = "Cities and Arrival", editor = "de la Cruz, Mar{\'i}a", publisher = "Aldus & Daughters",
  year = "2020", isbn = "3-16-148410-X" )

@incollection{child, author = "Nguyen Van An", title = "Ports", crossref = {Parent}, pages = "3--9" }
"""


@pytest.fixture
def read():
    return lambda text: [reference_of(raw) for raw in bibtex.read(text)]


def test_fields_of_an_entry_are_understood(read):
    first = read(LIST)[0]
    assert first.number == 8
    assert (first.key, first.kind, first.genre, first.title) == (
        "kovac2019",
        "report",
        "Report",
        "Return and EU Readmission – a Stock-Taking",
    )
    assert first.names == [
        Name("Kovač", "Ana"),
        Name("Müller", "Jörg"),
        Name(body="International Organization for Migration", is_sure=True),
    ]
    assert (first.date, first.series, first.series_number) == ("2019-10-10", "Working Papers on Mobility", "7")
    assert first.publishers == ["International Centre for Migration Policy Development"]
    assert first.identifiers == [("doi", "https://doi.org/10.12345/ABC.7"), ("isbn", "9783161484100")]
    assert first.abstract == "It counts élèves & others.\n\nThen it stops."
    assert first.keywords == ["return", "Serbia", "readmission"]
    left = {one["field"]: one["words"] for one in first.unplaced}
    assert left == {"author": "and others", "url": "https://example.org/a_b", "pages": "1–40"}


def test_part_takes_from_the_book_it_refers_to_but_not_its_isbn(read):
    child = read(LIST)[2]
    assert (child.kind, child.date, child.publishers) == ("chapter", "2020", ["Aldus & Daughters"])
    assert child.names[1] == Name("de la Cruz", "María", role="editor")
    assert not child.identifiers
    assert {"field": "booktitle", "words": "Cities and Arrival"} in child.unplaced


def test_reference_to_what_is_not_there_and_in_a_circle(read):
    one, *circle = read(
        "@book{a, title={A}, crossref={gone}} @book{b, crossref={c}, title={B}} @book{c, title={C}, crossref={b}}"
    )
    assert "“gone”" in one.remarks[0]
    assert [found.title for found in circle] == ["B", "C"]


def test_same_entries_as_another_program_finds(read):
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    parser = bibtexparser.bparser.BibTexParser(ignore_nonstandard_types=False, interpolate_strings=True)
    others = {
        entry["ID"]: entry
        for entry in parser.parse(
            LIST.replace(
                "@STRING(wp = {Working Papers on } # {Mobility})", "@string{wp = {Working Papers on } # {Mobility}}"
            )
        ).entries
    }
    own = {raw.key: raw for raw in bibtex.read(LIST)}
    assert set(own) == set(others)
    for key, raw in own.items():
        for name, value in others[key].items():
            if name not in {"ID", "ENTRYTYPE", "month"}:
                assert " ".join(raw.fields[name].split()) == " ".join(value.split())


@pytest.mark.parametrize("broken", [
    "@article{bad, title = {Open, year = 2019",
    "@article{bad, title = \"Open, year = 2019}",
    "@article{bad, title 2019}",
    "@article{title = {No key}}",
    "@article{bad, title = }",
    "@article{bad, title = {A} # }",
])  # fmt: skip
def test_broken_entry_is_named_with_its_line_and_the_others_are_read(read, broken):
    text = f"@misc{{one, title={{One}}}}\n\n{broken}\n\n@misc{{two,\n title={{Two}}}}\n"
    first, bad, last = read(text)
    assert (first.title, last.title, last.number) == ("One", "Two", 5)
    assert bad.number == 3
    assert bad.problems[0].message.startswith("This entry cannot be read: line ")


def test_carriage_returns_count_as_lines(read):
    from publications.bibliographies.texts import decode

    text = decode(b"\xef\xbb\xbf@misc{a,\r\n title={A}}\r\n@misc{b,\r\n title={B}}\r\n")
    assert [found.number for found in read(text)] == [1, 3]


def test_abbreviation_nobody_defined_stands_as_it_is_and_is_told(read):
    (found,) = read("@book{a, title = {A}, publisher = nobody}")
    assert found.publishers == ["nobody"]
    assert "nobody" in found.remarks[0]


def test_abbreviations_that_double_each_other_are_stopped(read):
    bomb = "@string{a0 = {0123456789}}\n" + "".join(f"@string{{a{n + 1} = a{n} # a{n}}}\n" for n in range(40))
    found = read(bomb + "@book{a, title = a40}\n@book{b, title={B}}")
    assert any("grow beyond" in one.problems[0].message for one in found if one.problems)
    assert found[-1].title == "B"


def test_deep_braces_and_a_long_abstract_are_read_in_one_pass(read):
    deep = "{" * 50_000 + "x" + "}" * 50_000
    first, second = read(f"@misc{{a, title = {{{deep}}}}}\n@misc{{b, title={{B}}, abstract={{{'word ' * 40_000}}}}}")
    assert first.title == "x"
    assert len(second.abstract) == 199_999


@pytest.mark.parametrize(("tex", "text"), [
    (r"Beno{\^\i}t Ag\`{e}s, \L{}\'od\'z, {\AA}rhus, Stra{\ss}e", "Benoît Agès, Łódź, Århus, Straße"),
    (r"\c{C}a\u{g}lar, \v Skoda, Gon\c calves, \H{o}", "Çağlar, Škoda, Gonçalves, ő"),
    (r"``quoted'' 1990--1999 --- \& 5\,\% of \$3", "“quoted” 1990–1999 — & 5 % of $3"),
    (r"CO$_2$ of \textbf{bold} \unknowncommand{kept}", r"CO_2 of bold \unknowncommandkept"),
    (r"\vspace is no accent", r"\vspace is no accent"),
    ("plain, with commas", "plain, with commas"),
])  # fmt: skip
def test_tex_becomes_letters(tex, text):
    assert to_text(tex) == text


@pytest.mark.parametrize(("name", "expected"), [
    ("van der Berg, Jan", Name("van der Berg", "Jan")),
    ("Jan van der Berg", Name("van der Berg", "Jan")),
    ("King, Jr., Martin", Name("King", "Martin, Jr.")),
    ("UNHCR", Name(body="UNHCR")),
    ("Plato", Name("Plato")),
    ("European Commission", Name(body="European Commission")),
    ("family=Berg, given=Jan, prefix=van", Name("van Berg", "Jan")),
])  # fmt: skip
def test_names_are_told_apart(read, name, expected):
    assert read(f"@misc{{a, title={{A}}, author={{{name}}}}}")[0].names == [expected]


@pytest.mark.parametrize(("fields", "date"), [
    ("year=2019", "2019"),
    ("year=2019, month=feb", "2019-02"),
    ("year={2019}, month={February}", "2019-02"),
    ("year={2019}, month={2}", "2019-02"),
    ("date={2019-02-03}", "2019-02-03"),
    ("date={2019-02/2019-05}", "2019-02"),
    ("year={2019}, month={Winter}", "2019"),
    ("year={n.d.}", ""),
    ("year={0019}", ""),
])  # fmt: skip
def test_date_is_as_exact_as_it_is_said(read, fields, date):
    assert read(f"@misc{{a, title={{A}}, {fields}}}")[0].date == date


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(st.text(alphabet=st.sampled_from("@{}()\",=#\\\n abz1éу%$~-'") | st.characters(), max_size=120))
def test_nothing_that_is_typed_breaks_it(read, text):
    for wrapped in (text, f"@book{{a, title = {{A}}, author = {{{text}}}, {text}}}", f"@book{{{text}"):
        for found in read(wrapped):
            assert found.number >= 1


def test_value_of_very_many_parts_is_read_in_one_pass():
    [raw] = bibtex.read("@misc{a, title = {A}" + " # {}" * 300_000 + "}")
    assert raw.fields["title"] == "A"


def test_abbreviations_do_not_stand_for_more_than_anybody_holds():
    long = "@string{a = {" + "x" * 900_000 + "}}\n"
    raws = bibtex.read(long + "".join(f'@misc{{k{n}, note = a # "{n}"}}\n' for n in range(100)))
    assert [bool(raw.broken) for raw in raws] == [n >= 22 for n in range(100)]
    assert "beyond every measure" in raws[-1].broken


def test_long_values_are_not_inherited():
    text = (
        "@book{b, title = {B}, publisher = {" + "x" * 3000 + "}, year = 2020}\n@inbook{c, title = {C}, crossref = {b}}"
    )
    assert bibtex.read(text)[1].fields == {"title": "C", "crossref": "b", "year": "2020", "booktitle": "B"}
