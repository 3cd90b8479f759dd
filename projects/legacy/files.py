"""A file in, its lines out, with what tells labels from text: headings, lists, tables, bold words, links.

Runs in the sandbox (python -m projects.legacy.files < FILE); knows no Django. Writes one JSON object: `lines`, each
{"kind", "level", "gap", "cells"}, a cell being a list of [words, is bold, address]; or `problem`, a code that
page.py has words for.
"""

import io
import json
import re
import sys
import zipfile
import zlib
from typing import Any
from xml.etree import ElementTree

from projects.legacy.markup import MOST_CHARACTERS, Cell, Lines, Markup, Problem, put_row

MOST_BYTES = 20_000_000
MOST_UNPACKED = 50_000_000
MOST_PAGES = 200
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def read_html(content: bytes) -> Lines:
    markup = Markup()
    markup.feed(decode(content))
    markup.close()
    return markup.out


def read_docx(content: bytes) -> Lines:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
                raise Problem("long")
            document = archive.read("word/document.xml")
            names = set(archive.namelist())
            relations = archive.read(path) if (path := "word/_rels/document.xml.rels") in names else b"<none/>"
        if any(b"<!DOCTYPE" in part or b"<!ENTITY" in part for part in (document, relations)):
            raise Problem("damaged")
        body = ElementTree.fromstring(document).find(f"{W}body")  # noqa: S314 (no DTD, so no entities)
        targets = {one.get("Id", ""): one.get("Target", "") for one in ElementTree.fromstring(relations)}  # noqa: S314
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, RuntimeError, NotImplementedError) as error:
        raise Problem("damaged") from error
    except ElementTree.ParseError as error:
        raise Problem("damaged") from error
    out = Lines()
    for element in body if body is not None else ():
        if element.tag == f"{W}p":
            put_paragraph(out, element, targets)
        elif element.tag == f"{W}tbl":
            for row in element.iter(f"{W}tr"):
                put_row(out, [docx_cell(cell, targets) for cell in row.findall(f"{W}tc")])
            out.gap = max(out.gap, 1)
    return out


def put_paragraph(out: Lines, paragraph: Any, targets: dict[str, str]) -> None:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    name = (style.get(f"{W}val") or "").casefold() if style is not None else ""
    level = int(match.group(1)) if (match := re.search(r"(?:heading|berschrift|titre)\D?([1-6])", name)) else 0
    level = level or (1 if name == "title" else 0)
    is_item = paragraph.find(f"{W}pPr/{W}numPr") is not None
    runs = docx_runs(paragraph, targets)
    if not any(words.strip() for words, _bold, _href in runs):
        out.gap += 1
        return
    line: Cell = []
    for run in [*runs, ("\n", False, "")]:
        if run[0] == "\n":
            out.add("heading" if level else "item" if is_item else "text", level, [line])
            line = []
        else:
            line.append(run)
    out.gap = 1 if not is_item else 0


def docx_cell(cell: Any, targets: dict[str, str]) -> Cell:
    runs: Cell = []
    for paragraph in cell.iter(f"{W}p"):
        runs += [*docx_runs(paragraph, targets), ("\n", False, "")]
    return runs


def docx_runs(paragraph: Any, targets: dict[str, str]) -> Cell:
    runs: Cell = []
    for child in paragraph:
        href = targets.get(child.get(f"{R}id", ""), "")[:500] if child.tag == f"{W}hyperlink" else ""
        for run in child.iter(f"{W}r"):
            bold = run.find(f"{W}rPr/{W}b")
            is_bold = bold is not None and bold.get(f"{W}val") not in ("0", "false")
            for part in run:
                if part.tag == f"{W}t" and part.text:
                    runs.append((part.text.replace("\n", " "), is_bold, href))
                elif part.tag in (f"{W}br", f"{W}cr"):
                    runs.append(("\n", False, ""))
                elif part.tag == f"{W}tab":
                    runs.append((" \u2003", is_bold, href))
    return runs


def read_pdf(content: bytes) -> Lines:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Problem("damaged") from error
    pages = []
    for n in range(min(len(document), MOST_PAGES)):
        try:
            pages.append(document[n].get_textpage().get_text_bounded())
        except pypdfium2.PdfiumError:  # a damaged page has no text; the others are read
            continue
    text = "\n\n".join(pages).replace("\r\n", "\n").replace("\x02", "\u00ad")
    return plain(text)


def plain(text: str) -> Lines:
    """Text as it stands: page.py tells its lines apart, as it does with what was pasted."""
    if len(text) > MOST_CHARACTERS:
        raise Problem("long")
    out = Lines()
    out.lines.append({"kind": "plain", "level": 0, "gap": 0, "cells": [[(text, False, "")]]})
    return out


def decode(content: bytes) -> str:
    """UTF-8, or what old pages were written in."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1252", "replace")


def read(content: bytes) -> Lines:
    """By what the content is, whatever it is called."""
    if len(content) > MOST_BYTES:
        raise Problem("long")
    head = content[:2048].lstrip(b"\xef\xbb\xbf\x00\t\r\n ").lower()
    if head.startswith(b"%pdf-"):
        return read_pdf(content)
    if head.startswith(b"pk\x03\x04"):
        return read_docx(content)
    if re.match(rb"<(?:!doctype|!--|[a-z][a-z0-9]*[\s/>])", head):
        return read_html(content)
    return plain(decode(content))


if __name__ == "__main__":
    try:
        json.dump({"lines": read(sys.stdin.buffer.read(MOST_BYTES + 1)).lines}, sys.stdout)
    except Problem as problem:
        json.dump({"problem": problem.args[0]}, sys.stdout)
