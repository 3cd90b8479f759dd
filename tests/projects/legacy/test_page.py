"""Pages as text with blocks: what was bold, listed, linked or in a table is still known."""

import contextlib
import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.legacy import files
from projects.legacy.page import _assembled, from_file, from_text
from tests.projects.legacy.layouts import W, html

pytestmark = pytest.mark.one_database

tags = st.sampled_from(
    ["p", "div", "table", "tr", "td", "th", "dl", "dt", "dd", "ul", "li", "b", "a", "h2", "br", "hr", "style"]
)
marks = st.one_of(
    tags.map("<{}>".format), tags.map("</{}>".format), st.text(max_size=6), st.just("<a href='http://a.b'>")
)


def words_of(page):
    return [page.text[block.start : block.end] for block in page.blocks]


def test_cells_and_links_keep_their_places():
    page = from_file(html("<table><tr><th>Donor</th><td>A <a href='https://a.example/'>fund</a></td></tr></table>"))
    (block,) = page.blocks
    assert [page.text[start:end] for start, end in block.cells] == ["Donor", "A fund"]
    (link,) = block.links
    assert (page.text[link.start : link.end], link.url) == ("fund", "https://a.example/")


def test_table_that_only_lays_out_the_page_is_read_as_lines():
    inner = "<table><tr><td>Donor</td><td>ADA</td></tr></table>"
    page = from_file(html(f"<table><tr><td><h2>Harbours</h2><p>They are safe.</p>{inner}</td></tr></table>"))
    assert words_of(page) == ["Harbours", "They are safe.", "Donor\tADA"]
    assert [block.kind for block in page.blocks] == ["text", "text", "row"]


def test_what_nobody_sees_is_not_read():
    page = from_file(html("<style>p {}</style><script>Donor: x</script><p>Seen</p><!-- Donor: y -->"))
    assert words_of(page) == ["Seen"]


def test_term_without_definition_is_kept():
    assert words_of(from_file(html("<dl><dt>Donor<dt>Funder<dd>ADA</dl><p>End"))) == ["Donor", "Funder\tADA", "End"]


def test_short_line_that_is_all_bold_is_a_heading():
    page = from_file(html("<p><b>Safe Harbours</b></p><p><b>Donor:</b> ADA</p>"))
    assert [block.kind for block in page.blocks] == ["heading", "text"]


def test_links_of_word_documents_are_found():
    link = f'<w:p xmlns:w="{W}"><w:hyperlink r:id="r1"><w:r><w:t>the page</w:t></w:r></w:hyperlink></w:p>'
    out = io.BytesIO()
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{W}" xmlns:r="{relations}"><w:body>{link}</w:body></w:document>'
        )
        archive.writestr("word/_rels/document.xml.rels", '<R><x Id="r1" Target="https://a.example/"/></R>')
    (block,) = from_file(out.getvalue()).blocks
    assert block.links[0].url == "https://a.example/"


def test_word_document_with_entities_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>")
    with pytest.raises(files.Problem, match="damaged"):
        files.read(out.getvalue())


def test_lines_that_were_broken_to_fit_are_one_again():
    lines = ["The first line of this paragraph is about as long as the others", "of it are, so that the next word would not have fitted into it",
             "any more, and a third line of that length tells it is no chance", "and here it ends."]  # fmt: skip
    page = from_text("\n".join(lines) + "\n\nA title\nDonor: ADA")
    assert words_of(page) == ["\n".join(lines), "A title", "Donor: ADA"]


def test_lines_of_an_address_stay_apart():
    text = "Institute of Coastal Studies\nOld Road 5\nVienna"
    assert words_of(from_text(text)) == text.split("\n")


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.lists(marks, max_size=40).map("".join))
def test_no_markup_breaks_the_reader_and_blocks_lie_in_the_text(markup):
    page = _assembled(files.read(f"<html>{markup}".encode()).lines, "")
    place = 0
    for block in page.blocks:
        assert place <= block.start < block.end <= len(page.text)
        assert all(block.start <= span.start <= span.end <= block.end for span in [*block.cells, *block.bold])
        place = block.end


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.binary(max_size=200), st.sampled_from([b"", b"<html>", b"PK\x03\x04", b"%PDF-1.4\n", b"\xff\xfe"]))
def test_any_file_is_read_or_refused(content, start):
    with contextlib.suppress(files.Problem):
        assert files.read(start + content).size >= 0
