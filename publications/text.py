"""A file in, pages of text out. Runs as a program of its own (python -m publications.text FORMAT < FILE).

Apart because a hostile file may crash it or eat what it can: the parent sets limits and reads what comes out, one
JSON object a line. Nothing here knows Django, the database or the network.
"""

import io
import json
import re
import shutil
import subprocess
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from typing import Any, BinaryIO, NamedTuple
from xml.etree import ElementTree

from publications.repair import Token, pdf, repair_pages
from publications.repair.marks import Sheet, from_json, to_json

MOST_PAGES = 5_000
LONGEST_PAGE = 200_000  # characters
LONGEST_LABEL = 20
PAGE_MARK = re.compile(r"^={3,} *page +([\w.-]{1,20}) *={3,}[ \t\r]*(?:\n|\Z)", re.MULTILINE | re.IGNORECASE)
RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
LIGATURE = re.compile("[ﬀ-ﬆ]")
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class PageText(NamedTuple):
    """A page: its number from 1 as it lies in the file, its printed label if the file has one, both texts.

    `repairs` and `gaps` count words that were repaired and characters that are lost; `quality` goes from 0 to 1 (see
    repair/quality.py). `tokens` is the list of repair/marks.py, as dictionaries. `is_ocr`: the text was recognised
    from the look of the page.
    """

    number: int
    label: str
    text: str
    original_text: str
    repairs: int = 0
    gaps: int = 0
    quality: float = 1.0
    tokens: list[dict[str, Any]] = []
    is_ocr: bool = False


class RawPage(NamedTuple):
    """`sheet` is there where the page's fonts had to be read."""

    label: str
    text: str
    sheet: Sheet | None = None


def extract_pages(file: BinaryIO, format: str, language: str = "en") -> Iterator[PageText]:
    """Pages in the order of the file. Raises ValueError, with words for editors, for what cannot be read."""
    read = {"docx": _docx, "html": _html, "txt": _plain}
    pages = _pdf(file, language) if format == "pdf" else (RawPage(*page) for page in read[format](file))
    for number, (label, raw, sheet) in enumerate(pages, 1):
        if number > MOST_PAGES:
            raise ValueError(f"The file has more than {MOST_PAGES} pages.")
        raw = raw[:LONGEST_PAGE].replace("\x00", "\ufffd")
        label = tidy(label.replace("\x00", ""))[:LONGEST_LABEL].strip()
        text, tokens = tidy(raw), list[Token]()
        if sheet:
            sheet.text = tidy(sheet.text[:LONGEST_PAGE])
            text, tokens = sheet.done()
        yield PageText(number, label, text, raw, tokens=to_json(tokens))


def repaired(pages: Sequence[PageText], language: str = "en") -> Iterator[PageText]:
    """The pages of one file with broken text layers repaired; the words of all pages help each other."""
    repairs = repair_pages([page.text for page in pages], language, [from_json(page.tokens) for page in pages])
    for page, done in zip(pages, repairs, strict=True):
        yield page._replace(
            text=done.text, repairs=done.changed, gaps=done.gaps, quality=done.quality, tokens=to_json(done.tokens)
        )


def tidy(text: str) -> str:
    """The text as people read it: composed letters, no ligature signs, no invisible control characters.

    PDFium writes U+0002 for a hyphen at a line's end and drops the break; it becomes a soft hyphen, so that the word
    reads and is found as one and the place is not forgotten.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x02", "\u00ad")
    if not text.isascii():
        text = LIGATURE.sub(lambda match: LIGATURES[match.group()], text)
        text = unicodedata.normalize("NFC", INVISIBLE.sub("", text))
    elif not text.isprintable():
        text = INVISIBLE.sub("", text)
    if " \n" in text or "\t\n" in text:
        text = re.sub(r"[ \t]+\n", "\n", text)
    if "\n\n\n" in text:
        text = re.sub(r"\n{3,}", "\n\n", text)
    return text.strip()


def _pdf(file: BinaryIO, language: str) -> Iterator[RawPage]:
    import pypdfium2

    content = file.read()
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise ValueError("The PDF is damaged or locked and cannot be opened.") from error
    labels = [document.get_page_label(n) or "" for n in range(min(len(document), MOST_PAGES + 1))]
    texts: list[str] = []
    odd: dict[int, list[pdf.Char]] = {}
    programs: dict[str, bytes] = {}
    for n in range(len(labels)):
        try:
            page = document[n]
        except pypdfium2.PdfiumError:  # one that is damaged is a page without text; the others are read
            texts.append("")
            continue
        textpage = page.get_textpage()
        texts.append(textpage.get_text_bounded())
        if pdf.is_odd(texts[-1]):
            odd[n] = pdf.characters(textpage, programs)
        page.close()
    read = pdf.read_pages(odd, texts, programs, language) if odd else {}
    if any(not text.isascii() and RIGHT_TO_LEFT.search(text) for text in texts) and (
        ordered := _reading_order(content, len(texts))
    ):
        texts = ordered
    for n, (label, text) in enumerate(zip(labels, texts, strict=True)):
        raw, sheet = read.get(n, (text, None))
        yield RawPage(label, raw, sheet)


def _reading_order(content: bytes, pages: int) -> list[str] | None:
    """Right-to-left text by Poppler where it is installed: PDFium puts single words the wrong way round."""
    if not (program := shutil.which("pdftotext")):
        return None
    ran = subprocess.run([program, "-enc", "UTF-8", "-", "-"], input=content, capture_output=True, check=False)  # noqa: S603
    texts = ran.stdout.decode("utf-8", "replace").split("\f")[:-1]
    return texts if ran.returncode == 0 and len(texts) == pages else None


def _docx(file: BinaryIO) -> Iterator[tuple[str, str]]:
    try:
        with zipfile.ZipFile(file) as archive:
            content = archive.read("word/document.xml")
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, RuntimeError, NotImplementedError) as error:
        raise ValueError("The Word document is damaged and cannot be opened.") from error
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise ValueError("The Word document declares entities, which no honest one does.")
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 (refused above: no DTD, so no entities)
    except ElementTree.ParseError as error:
        raise ValueError("The Word document is damaged and cannot be read.") from error
    page: list[str] = []
    for element in root.iter():
        if element.tag == f"{WORD}t":
            page.append(element.text or "")
        elif element.tag == f"{WORD}tab":
            page.append("\t")
        elif element.tag == f"{WORD}p":
            page.append("\n")
        elif element.tag == f"{WORD}lastRenderedPageBreak" or (
            element.tag == f"{WORD}br" and element.get(f"{WORD}type") == "page"
        ):
            if "".join(page).strip():
                yield "", "".join(page)
            page = []
        elif element.tag == f"{WORD}br":
            page.append("\n")
    yield "", "".join(page)


class _Words(HTMLParser):
    BLOCKS = {
        "p",
        "div",
        "li",
        "tr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "br",
        "section",
        "article",
        "table",
        "blockquote",
    }
    SILENT = {"script", "style", "template", "noscript", "head", "title"}

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.silent += tag in self.SILENT
        if tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent = max(0, self.silent - (tag in self.SILENT))
        if tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(re.sub(r"\s+", " ", data))


def _html(file: BinaryIO) -> Iterator[tuple[str, str]]:
    words = _Words()
    words.feed(_decode(file))
    words.close()
    yield "", re.sub(r" *\n *", "\n", "".join(words.parts))


def _plain(file: BinaryIO) -> Iterator[tuple[str, str]]:
    yield from plain_pages(_decode(file))


def plain_pages(text: str) -> list[tuple[str, str]]:
    """Labels and texts: form feeds or lines "=== page n ===" part pages, and n is the label where it is another
    number than the page's own. What stands before the first such line is a page without a label.
    """
    if not PAGE_MARK.search(text):
        return [("", page) for page in text.split("\f")]
    before, *parts = PAGE_MARK.split(text)
    pages = [("", before)] if before.strip() else []
    for label, page in zip(parts[::2], parts[1::2], strict=True):
        pages.append(("" if label == str(len(pages) + 1) else label, page))
    return pages


def _decode(file: BinaryIO) -> str:
    try:
        return file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError("The text is not in UTF-8.") from error


def main(format: str, language: str = "en") -> int:
    """Writes one JSON array a page, or one object with what is wrong, to standard output."""
    try:
        for page in repaired(list(extract_pages(io.BytesIO(sys.stdin.buffer.read()), format, language)), language):
            print(json.dumps(page, ensure_ascii=False))
    except (ValueError, RecursionError, MemoryError) as error:
        print(json.dumps({"error": str(error) or type(error).__name__}))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
