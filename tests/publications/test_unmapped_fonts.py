"""PDFs whose fonts have lost the map to letters: the font's own program or the words of the file bring it back."""

import io
import random
import struct

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from publications import extraction
from publications.models import PublicationFile
from publications.repair import GAP, LOST
from publications.repair.fonts import letters_of
from publications.text import extract_pages, repaired
from tests.factories import make_publication
from tests.fonts import ASCII, glyphs, make_font, make_unmapped_pdf

pytestmark = pytest.mark.one_database

LINES = [
    "In July 2021, the 19 states met in Vienna (see page 7).",
    "The partners will plan the next steps; 58,208 people took part.",
]
# A subset in no order at all, as some programs write it.
MIXED = [".notdef", *random.Random(7).sample(ASCII[3:], len(ASCII) - 3)]  # noqa: S311


def pages(pdf, language="en"):
    return list(repaired(list(extract_pages(io.BytesIO(pdf), "pdf", language)), language))


def unmapped(*lines, order=ASCII, **fields):
    return make_unmapped_pdf([line if isinstance(line, str) else glyphs(line[0], order) for line in lines], **fields)


@pytest.mark.parametrize("order", [ASCII, MIXED], ids=["ordered", "subset"])
@pytest.mark.parametrize(
    "font", [{"names": False}, {"cmap": False}, {}, {"cff": True}], ids=["cmap", "names", "both", "cff"]
)
def test_program_of_the_font_says_every_letter_digit_and_space(font, order):
    key = "FontFile3" if font.get("cff") else "FontFile2"
    (page,) = pages(
        make_unmapped_pdf([glyphs(line, order) for line in LINES], program=make_font(order, **font), key=key)
    )
    assert page.text == "\n".join(LINES)
    assert {(token["how"], token["confidence"]) for token in page.tokens} == {("font", 1.0)}
    assert (page.gaps, page.quality) == (0, 1.0)


@pytest.mark.parametrize("distance", [29, 31, 3, 17])
def test_distance_is_found_by_the_words_where_the_program_says_nothing(distance):
    order = [".notdef"] * (32 - distance) + ASCII[3:]
    made = [name if name != ".notdef" else f"g{n}" for n, name in enumerate(order)]
    program = make_font([".notdef", *made[1:]], cmap=False, names=False)
    (page,) = pages(make_unmapped_pdf([glyphs(line, order) for line in LINES], program=program))
    assert page.text == "\n".join(LINES)
    assert {token["how"] for token in page.tokens} == {"shift"}


def test_font_that_is_not_embedded_is_read_by_its_words():
    (page,) = pages(unmapped((LINES[0],), (LINES[1],)))
    assert page.text == "\n".join(LINES)


def test_healthy_fonts_of_a_mixed_page_stay_as_they_are():
    (page,) = pages(unmapped("Healthy: 14 STATIONS, PRAGUE PROCESS", (LINES[0],), "2000+ words", program=make_font()))
    assert page.text == f"Healthy: 14 STATIONS, PRAGUE PROCESS\n{LINES[0]}\n2000+ words"
    assert all("STATIONS" not in token["original"] for token in page.tokens)


def test_words_of_other_pages_help_a_page_with_a_number_alone():
    _first, second = pages(make_unmapped_pdf([glyphs(line) for line in LINES], ["Total:", glyphs("1,234")]))
    assert second.text == "Total:\n1,234"


def test_one_word_without_a_space_is_found_too():
    (page,) = pages(unmapped("Healthy words stand here", ("agencies",), program=make_font()))
    assert page.text == "Healthy words stand here\nagencies"


def test_original_keeps_what_the_file_holds_with_codes_of_no_character_as_lost():
    (page,) = pages(unmapped(("In 2021",), program=make_font()))
    assert page.original_text.strip() == f",Q{LOST * 5}"


def test_glyph_that_the_program_does_not_name_is_a_gap():
    order = [*ASCII, "g200"]
    program = make_font(order, names=False)
    line = [*glyphs(LINES[0], order), order.index("space"), order.index("g200")]
    (page,) = pages(make_unmapped_pdf([line], program=program))
    assert page.text == f"{LINES[0]} {GAP}"
    assert page.gaps == 1


def test_font_whose_codes_make_no_words_at_all_is_left_alone():
    noise = random.Random(3)  # noqa: S311
    line = [noise.randrange(36, 90) for _ in range(200)]
    (page,) = pages(make_unmapped_pdf([line]))
    assert page.tokens == []
    assert page.quality < 0.6


def test_cyrillic_letters_come_back_from_the_program():
    order = [".notdef", "space", *(f"uni{code:04X}" for code in range(0x410, 0x450))]
    text = "Миграция и развитие"
    numbers = [1 if c == " " else order.index(f"uni{ord(c):04X}") for c in text]
    (page,) = pages(make_unmapped_pdf([numbers], program=make_font(order)), "ru")
    assert page.text == text


def huge_cmap():
    """A table of one group that claims four thousand million characters."""
    group = struct.pack(">LLL", 0, 0xFFFFFFFF, 0)
    table = struct.pack(">HHHHL", 0, 1, 3, 10, 12) + struct.pack(">HHLLL", 12, 0, 16 + len(group), 0, 1) + group
    return sfnt({b"cmap": table})


def sfnt(tables):
    out = struct.pack(">4sHHHH", b"\x00\x01\x00\x00", len(tables), 16, 0, 0)
    place, body = 12 + 16 * len(tables), b""
    for tag, table in sorted(tables.items()):
        out += struct.pack(">4sLLL", tag, 0, place + len(body), len(table))
        body += table
    return out + body


GOOD = make_font()
HOSTILE = {
    "empty": b"\x00",
    "no font": b"%!PS-AdobeFont-1.0: nothing",
    "cut short": GOOD[:200],
    "cut in the middle": GOOD[: len(GOOD) // 2],
    "huge cmap": huge_cmap(),
    "tables beyond the end": sfnt({b"cmap": b""}) + b"\x00\x01\x00\x00" + b"\xff" * 400,
    "all ones": b"\x00\x01\x00\x00" + b"\xff" * 4000,
    "65535 tables": struct.pack(">4sHHHH", b"\x00\x01\x00\x00", 65535, 16, 0, 0) + b"cmap" * 40000,
    "broken cff": b"\x01\x00\x04\x04" + b"\xff" * 3000,
    "collection of itself": b"ttcf" + struct.pack(">LLL", 0x00010000, 1, 0),
    "table that is the file": sfnt({b"cmap": GOOD}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_font_says_nothing(name):
    assert letters_of(HOSTILE[name], {36, 68}) == {}


def test_font_with_flipped_bytes_never_raises():
    chance = random.Random(11)  # noqa: S311
    for _ in range(60):
        program = bytearray(GOOD)
        for _ in range(chance.randrange(1, 30)):
            program[chance.randrange(len(program))] = chance.randrange(256)
        assert all(isinstance(text, str) for text in letters_of(bytes(program), {3, 36, 68}).values())


@pytest.mark.parametrize("name", ["cut in the middle", "huge cmap", "broken cff", "table that is the file"])
def test_file_with_a_hostile_font_is_read_and_not_repaired_by_it(db, name):
    pdf = make_unmapped_pdf([glyphs("Qxz 12 qzx"), "Healthy words"], program=HOSTILE[name])
    file = PublicationFile(publication=make_publication(), file=SimpleUploadedFile("hostile.pdf", pdf))
    file.save()
    assert extraction.extract(file.pk)
    page = file.text_pages.get()
    assert "Healthy words" in page.text
    assert not any(token["how"] == "font" for token in page.tokens)
