"""What a file offers those who do not see it: descriptions of its pictures, and structure in a PDF.

Runs in the sandbox, apart from the reading of text: what breaks here costs nothing but the answer. Knows no Django.
Writes one JSON object: `pictures` and those of them that are `undescribed`, both null where that cannot be told, and
`is_tagged`, null where the format has no such thing.
"""

import ctypes
import io
import json
import sys
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, BinaryIO
from xml.etree import ElementTree

MOST_PAGES = 300  # of a PDF; what follows is not looked at
MOST_ELEMENTS = 200_000
DEEPEST = 60
ALTERNATIVE = 4096  # bytes that are read of a description: whether there is any is all that is asked
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"
DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"

Found = dict[str, Any]


def look(file: BinaryIO, format: str) -> Found:
    found: Found = {"pictures": None, "undescribed": None, "is_tagged": None}
    return found | {"pdf": _pdf, "docx": _docx, "html": _html}.get(format, lambda _file: {})(file)


class _Pictures(HTMLParser):
    """An empty alternative is an answer: the picture is decoration."""

    def __init__(self) -> None:
        super().__init__()
        self.pictures = self.undescribed = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag != "img" and not (tag == "input" and (given.get("type") or "").lower() == "image"):
            return
        hidden = given.get("aria-hidden") == "true" or given.get("role") in {"presentation", "none"}
        if not hidden:
            self.pictures += 1
            self.undescribed += not ({"alt", "aria-label", "aria-labelledby"} & given.keys())


def _html(file: BinaryIO) -> Found:
    parser = _Pictures()
    parser.feed(file.read().decode("utf-8-sig", "replace"))
    parser.close()
    return {"pictures": parser.pictures, "undescribed": parser.undescribed}


def _docx(file: BinaryIO) -> Found:
    pictures = undescribed = 0
    with zipfile.ZipFile(file) as archive, archive.open("word/document.xml") as content:
        for _event, element in ElementTree.iterparse(content):  # noqa: S314 (no DTD: refused when it was uploaded)
            if element.tag not in {f"{DRAWING}inline", f"{DRAWING}anchor"}:
                continue
            if element.find(f".//{PICTURE}") is not None or element.find(f".//{CHART}") is not None:
                named = element.find(f"{DRAWING}docPr")
                words = "" if named is None else (named.get("descr") or named.get("title") or "").strip()
                if element.find(f".//{DECORATIVE}[@val='1']") is None:
                    pictures += 1
                    undescribed += not words
            element.clear()
    return {"pictures": pictures, "undescribed": undescribed}


def _pdf(file: BinaryIO) -> Found:
    import pypdfium2
    import pypdfium2.raw as raw

    document = pypdfium2.PdfDocument(file.read())
    if not raw.FPDFCatalog_IsTagged(document):
        return {"is_tagged": False}
    pictures = undescribed = seen = 0
    for n in range(min(len(document), MOST_PAGES)):
        try:
            page = document[n]
        except pypdfium2.PdfiumError:
            continue
        tree = raw.FPDF_StructTree_GetForPage(page)
        if tree:
            for element in _elements(raw, tree):
                seen += 1
                if seen > MOST_ELEMENTS:
                    break
                if _text(raw.FPDF_StructElement_GetType, element) == "Figure":
                    pictures += 1
                    undescribed += not _text(raw.FPDF_StructElement_GetAltText, element).strip()
            raw.FPDF_StructTree_Close(tree)
        page.close()
    return {"is_tagged": True, "pictures": pictures, "undescribed": undescribed}


def _elements(raw: Any, tree: Any) -> Iterator[Any]:
    open_ones = [
        (child, 0)
        for n in range(raw.FPDF_StructTree_CountChildren(tree))
        if (child := raw.FPDF_StructTree_GetChildAtIndex(tree, n))
    ]
    while open_ones:
        element, depth = open_ones.pop()
        yield element
        if depth < DEEPEST:
            for n in range(raw.FPDF_StructElement_CountChildren(element)):
                if child := raw.FPDF_StructElement_GetChildAtIndex(element, n):
                    open_ones.append((child, depth + 1))


def _text(get: Any, element: Any) -> str:
    """PDFium writes UTF-16 with a zero at its end, and says how many bytes."""
    buffer = ctypes.create_string_buffer(ALTERNATIVE)
    length = get(element, buffer, ALTERNATIVE)
    if length > ALTERNATIVE:  # nothing is written into too small a buffer
        return "long"
    return buffer.raw[: max(0, length - 2)].decode("utf-16-le", "replace")


if __name__ == "__main__":
    json.dump(look(io.BytesIO(sys.stdin.buffer.read()), sys.argv[1]), sys.stdout)
