"""What a file is, told by its content, and whether it holds together. Runs in the sandbox; knows no Django.

Writes one JSON object: format and pages, or the code of what is wrong. The words for the codes are in files.py.
"""

import io
import json
import sys
import zipfile
import zlib
from typing import BinaryIO

from publications.text import plain_pages

DOCX_LIMIT_MB = 200  # unpacked; a zip bomb is small on disk
DOCX_ENTRIES = 10_000
TEXT_LIMIT_MB = 20  # HTML and plain text: a long book has two


class Problem(Exception):
    """Its one argument is a code that files.py has words for."""


def recognise(file: BinaryIO) -> tuple[str, int | None]:
    """The format, and the number of pages where the format has pages. Raises Problem."""
    head = file.read(1024)
    file.seek(0)
    if head.lstrip(b"\x00\t\r\n ").startswith(b"%PDF-"):
        return "pdf", _pdf_pages(file)
    if head.startswith(b"PK\x03\x04"):
        _check_docx(file)
        return "docx", None
    start = head.lstrip(b"\xef\xbb\xbf\t\r\n ").lower()
    text = _text(file)
    if start.startswith((b"<!doctype html", b"<html")):
        return "html", None
    if start.startswith((b"<?xml", b"<svg")):
        raise Problem("xml")
    pages = len(plain_pages(text))
    return "txt", pages if pages > 1 else None


def _pdf_pages(file: BinaryIO) -> int:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as error:
        raise Problem("encrypted" if "assword" in str(error) else "damaged-pdf") from error
    if not len(document):
        raise Problem("no-pages")
    return len(document)


def _check_docx(file: BinaryIO) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > DOCX_LIMIT_MB * 1024 * 1024 or len(entries) > DOCX_ENTRIES:
                raise Problem("bomb")
            names = [entry.filename for entry in entries]
            if not {"word/document.xml", "[Content_Types].xml"} <= set(names):
                raise Problem("archive")
            if any(name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") for name in names):
                raise Problem("leads-out")  # we never unpack it, but a reader's program may
            content = archive.read("word/document.xml")
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise Problem("damaged-docx") from error
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Problem("entities")


def _text(file: BinaryIO) -> str:
    content = file.read(TEXT_LIMIT_MB * 1024 * 1024 + 1)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        cut_at_the_end = len(content) > TEXT_LIMIT_MB * 1024 * 1024 and error.start > len(content) - 4
        raise Problem("long-text" if cut_at_the_end else "unknown") from error
    if "\x00" in text:
        raise Problem("unknown")
    if len(content) > TEXT_LIMIT_MB * 1024 * 1024:
        raise Problem("long-text")
    return text


if __name__ == "__main__":
    try:
        format, pages = recognise(io.BufferedReader(io.FileIO(0, closefd=False)))
        json.dump({"format": format, "pages": pages}, sys.stdout)
    except Problem as problem:
        json.dump({"problem": problem.args[0]}, sys.stdout)
