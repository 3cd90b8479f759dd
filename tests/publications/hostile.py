"""Files made to do harm, or made by accident so that they do: what they are called, hold, and must end as.

`refused`: not taken, with words. `failed`: stored, its text not read, with words. `harmless`: taken, read as far as it
goes, and sent so that nothing runs. `failed or harmless`: whichever is reached first, its end or a limit. Everything is built here and nothing is fetched.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from tests.pdfs import make_pdf

MB = 1 << 20
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


class Case(NamedTuple):
    what: str
    name: str
    make: Callable[[], bytes]
    ends: str
    words: str = ""  # that the message must hold


def assemble(
    objects: dict[int, bytes], trailer: bytes = b"", xref: str = "right", head: bytes = b"%PDF-1.7\n"
) -> bytes:
    """Objects by number into a PDF whose catalogue is object 1."""
    out, places = head, {}
    for number, content in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    size = max(objects) + 1
    if xref != "none":
        shift = 7 if xref == "wrong" else 0
        rows = (
            b"%010d 00000 n \n" % (places[n] + shift) if n in places else b"0000000000 65535 f \n" for n in range(size)
        )
        out += b"xref\n0 %d\n" % size + b"".join(rows)
    if xref == "loop":
        trailer += b" /Prev %d" % start
    return out + b"trailer\n<< /Size %d /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)


def stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), more, content)


def page(contents: bytes = b"BT /F1 12 Tf 72 720 Td (Some words) Tj ET", *, box=b"0 0 595 842", more=b"", **changes):
    """The objects of a PDF of one page; `changes` put others in their place: o5=b"..."."""
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> %s >> >>"
        % (box, more),
        4: stream(contents),
        5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    }
    return objects | {int(name[1:]): content for name, content in changes.items()}


@lru_cache
def blanks(size: int) -> bytes:
    """So many spaces, compressed without holding them."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(b" " * MB) for _n in range(size // MB)) + packer.flush()


def picture(width: int, height: int, data: bytes, filter: bytes = b"/FlateDecode") -> bytes:
    """Black and white: one bit a pixel."""
    head = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter %s"
    return assemble(page(b"q 500 0 0 500 20 20 cm /Im Do Q", more=b"/XObject << /Im 6 0 R >>",
                         o6=stream(data, head % (width, height, filter))))  # fmt: skip


def locked() -> bytes:
    lock = b"<< /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >>" % (b"41" * 32, b"42" * 32)
    return assemble(page(o6=lock), b" /Encrypt 6 0 R /ID [<41> <41>]")


def many_pages(number: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % n for n in range(3, number + 3))
    sheets = dict.fromkeys(range(3, number + 3), b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>")
    pages = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, number)
    return assemble({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: pages} | sheets)


def docx(body: str = "<w:p><w:r><w:t>Some words</w:t></w:r></w:p>", head: str = "", **members: str | bytes) -> bytes:
    """`members` by names with __ for / and _dot_ for a dot; None leaves one out."""
    held: dict[str, str | bytes | None] = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"{head}<w:document {WORD}><w:body>{body}</w:body></w:document>",
    }
    held |= {name.replace("__", "/").replace("_dot_", "."): content for name, content in members.items()}
    return packed({name: content for name, content in held.items() if content is not None})


def packed(members: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_names(*names: str) -> bytes:
    return packed({"[Content_Types].xml": "<Types/>", "word/document.xml": f"<w:document {WORD}/>"} | dict.fromkeys(names, "x"))  # fmt: skip


def liar() -> bytes:
    """A bomb whose directory says that it is small."""
    content = bytearray(docx("<w:p/>" + " " * 40 * MB))
    real = struct.pack("<L", zipfile.ZipFile(io.BytesIO(content)).getinfo("word/document.xml").file_size)
    return bytes(content).replace(real, struct.pack("<L", 900))


def flagged(offset: int, value: int) -> bytes:
    """Two bytes changed in the heads of all entries: flags at 6, method at 8."""
    content = bytearray(docx())
    for sign, shift in ((b"PK\x03\x04", 0), (b"PK\x01\x02", 2)):
        at = -1
        while (at := content.find(sign, at + 1)) >= 0:
            content[at + offset + shift : at + offset + shift + 2] = struct.pack("<H", value)
    return bytes(content)


def broken_deflate() -> bytes:
    content = bytearray(docx("<w:p>" + "many words " * 500 + "</w:p>"))
    at = content.find(b"word/document.xml") + len(b"word/document.xml")
    content[at + 8 : at + 40] = bytes(range(200, 232))
    return bytes(content)


def html(body: str) -> bytes:
    return f"<!doctype html><title>T</title><p>Some words</p>{body}".encode()


ENTITIES = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
) + "]>"  # fmt: skip

PDFS = [
    Case("cut in half", "a.pdf", lambda: make_pdf("Some words", "More")[:500], "refused", "damaged"),
    Case("a head and nothing more", "a.pdf", lambda: b"%PDF-1.7\n", "refused", "damaged"),
    Case("locked with a password", "a.pdf", locked, "refused", "password"),
    Case("a page tree that contains itself", "a.pdf", lambda: assemble(page(o2=b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >>")), "harmless"),
    Case("a page tree in a circle of two", "a.pdf", lambda: assemble(page(o2=b"<< /Type /Pages /Kids [6 0 R] /Count 1 >>", o6=b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 1 >>")), "harmless"),
    Case("10,000 pages", "a.pdf", lambda: many_pages(10_000), "failed", "5000 pages"),
    Case("a count of pages that lies", "a.pdf", lambda: assemble(page(o2=b"<< /Type /Pages /Kids [3 0 R] /Count 900000 >>")), "failed", "5000 pages"),
    Case("a negative count of pages", "a.pdf", lambda: assemble(page(o2=b"<< /Type /Pages /Kids [3 0 R] /Count -5 >>")), "harmless"),
    Case("no pages", "a.pdf", lambda: assemble(page(o2=b"<< /Type /Pages /Kids [] /Count 0 >>")), "refused"),
    Case("a stream bomb of 600 MB", "a.pdf", lambda: assemble(page(o4=stream(blanks(600 * MB), b"/Filter /FlateDecode"))), "failed", "memory or time"),
    Case("a stream bomb packed twice", "a.pdf", lambda: assemble(page(o4=stream(zlib.compress(blanks(600 * MB)), b"/Filter [/FlateDecode /FlateDecode]"))), "failed", "memory or time"),
    Case("a length that is its own length", "a.pdf", lambda: assemble(page(o4=b"<< /Length 4 0 R >>\nstream\nBT ET\nendstream")), "harmless"),
    Case("a drawing that draws itself", "a.pdf", lambda: assemble(page(b"/X Do", more=b"/XObject << /X 6 0 R >>", o6=stream(b"/X Do /X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >>"))), "failed", "memory or time"),
    Case("a script at opening", "a.pdf", lambda: assemble(page(o1=b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>")), "harmless"),
    Case("a program at opening", "a.pdf", lambda: assemble(page(o1=b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /Launch /F (calc.exe) >> >>")), "harmless"),
    Case("a file within", "a.pdf", lambda: assemble(page(o1=b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(x.exe) << /EF << /F 6 0 R >> >>] >> >> >>", o6=stream(b"MZ", b"/Type /EmbeddedFile"))), "harmless"),
    Case("a table of places that is wrong", "a.pdf", lambda: assemble(page(), xref="wrong"), "harmless"),
    Case("no table of places", "a.pdf", lambda: assemble(page(), xref="none"), "harmless"),
    Case("a table of places that leads to itself", "a.pdf", lambda: assemble(page(), xref="loop"), "harmless"),
    Case("a page 1,000 km wide", "a.pdf", lambda: assemble(page(box=b"0 0 3000000000 3000000000")), "harmless"),
    Case("a page without a surface", "a.pdf", lambda: assemble(page(box=b"0 0 0 0")), "harmless"),
    Case("a page as thin as a hair", "a.pdf", lambda: assemble(page(box=b"0 0 1 1000000")), "harmless"),
    Case("a picture of 1,000,000,000 pixels", "a.pdf", lambda: picture(40_000, 25_000, blanks(128 * MB)), "harmless"),
    Case("a picture of more pixels than a number holds", "a.pdf", lambda: picture(2_000_000_000, 2_000_000_000, zlib.compress(b"x")), "harmless"),
    Case("a picture that is none", "a.pdf", lambda: picture(100, 100, b"\xff\x4f\xff\x51" + b"\xff" * 500, b"/JPXDecode"), "harmless"),
    Case("brackets 100,000 deep", "a.pdf", lambda: assemble(page(o5=b"[" * 100_000 + b"]" * 100_000)), "harmless"),
    Case("a label of 10,000 letters", "a.pdf", lambda: assemble(page(o1=b"<< /Type /Catalog /Pages 2 0 R /PageLabels << /Nums [0 << /P (%s\\000) >>] >> >>" % (b"x" * 10_000))), "harmless"),
    Case("an archive as well", "a.pdf", lambda: make_pdf("Some words") + docx(), "harmless"),
    Case("a page of the web as well", "a.pdf", lambda: b"<html><script>alert(1)</script>" + make_pdf("Some words"), "refused", "HTML"),
    Case("a script in its head", "a.html", lambda: b"%PDF-1.7 <html><script>alert(1)</script></html>", "refused"),
    Case("rubbish before its head", "a.pdf", lambda: b"GIF89a " * 50 + make_pdf("Some words"), "refused"),
]  # fmt: skip

WORDS = [
    Case("a bomb of 250 MB", "a.docx", lambda: packed({"[Content_Types].xml": "<Types/>", "word/document.xml": b" " * 250 * MB}), "refused", "unpacks to more"),
    Case("a bomb that lies of its size", "a.docx", liar, "refused", "damaged"),
    Case("entities within entities", "a.docx", lambda: docx("<w:p>&j;</w:p>", ENTITIES), "refused", "entities"),
    Case("an entity that is a file of ours", "a.docx", lambda: docx("<w:p>&a;</w:p>", "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"), "refused", "entities"),
    Case("names that lead out of it", "a.docx", lambda: with_names("../../etc/cron.d/x"), "refused", "lead out"),
    Case("names that lead to the root", "a.docx", lambda: with_names("/etc/passwd"), "refused", "lead out"),
    Case("names that lead out in another notation", "a.docx", lambda: with_names("..\\..\\x"), "refused", "lead out"),
    Case("without a document", "a.docx", lambda: packed({"[Content_Types].xml": "<Types/>"}), "refused", "no Word document"),
    Case("a plain archive", "a.docx", lambda: packed({"a.txt": "x"}), "refused", "no Word document"),
    Case("a document that is no XML", "a.docx", lambda: packed({"[Content_Types].xml": "<Types/>", "word/document.xml": b"\x00\x01<<<"}), "failed", "damaged"),
    Case("paragraphs 100,000 deep", "a.docx", lambda: docx("<w:p>" * 100_000 + "</w:p>" * 100_000), "harmless"),
    Case("a million paragraphs", "a.docx", lambda: docx("<w:p/>" * 1_000_000), "harmless"),
    Case("an archive within an archive", "a.docx", lambda: docx(word__embeddings__a_dot_docx=docx(word__embeddings__b_dot_docx=docx())), "harmless"),
    Case("10,001 entries", "a.docx", lambda: with_names(*(f"x{n}" for n in range(10_001))), "refused", "unpacks to more"),
    Case("entries locked with a password", "a.docx", lambda: flagged(6, 1), "refused", "damaged"),
    Case("a way of packing that nobody knows", "a.docx", lambda: flagged(8, 77), "refused", "damaged"),
    Case("packed bytes that are broken", "a.docx", broken_deflate, "refused", "damaged"),
    Case("cut in half", "a.docx", lambda: docx()[:150], "refused", "damaged"),
    Case("macros", "a.docx", lambda: docx(word__vbaProject_dot_bin=b"\xd0\xcf\x11\xe0"), "harmless"),
]  # fmt: skip

TEXTS = [
    Case("blocks 200,000 deep", "a.html", lambda: html("<div>" * 200_000), "harmless"),
    Case("a script", "a.html", lambda: html("<script>alert(1)</script><img src=x onerror=alert(1)><iframe src=//evil.example>"), "harmless"),
    Case("50 MB of tags", "a.html", lambda: html("<b>" * (50 * MB // 3)), "refused", "20 MB"),
    Case("350,000 tags", "a.html", lambda: html("<b>" * (MB // 3)), "harmless"),
    Case("comments that never end", "a.html", lambda: html("<!--" * 5_000), "harmless"),
    Case("tags that never end", "a.html", lambda: html("<a b='" * 100_000), "failed", "too long"),
    Case("characters that are none", "a.html", lambda: html("&#x110000;&#0;&#xD800;" * 1000), "harmless"),
    Case("NUL within", "a.html", lambda: html("a\x00b"), "refused", "neither"),
    Case("another encoding", "a.html", lambda: html("Verwaltungsgebühr").decode().encode("latin-1"), "refused", "UTF-8"),
    Case("a drawing with a script", "a.html", lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "refused", "SVG"),
    Case("UTF-16", "a.txt", lambda: "Some words".encode("utf-16"), "refused", "UTF-8"),
    Case("NUL within", "a.txt", lambda: b"Some\x00words", "refused", "UTF-8"),
    Case("marks that turn the direction", "a.txt", lambda: "Some \u202esdrow\u202c words\u2066".encode(), "harmless"),
    Case("a line of 200 MB", "a.txt", lambda: b"x" * (200 * MB), "refused", "larger than"),
    Case("a line of 99 MB", "a.txt", lambda: b"x" * (99 * MB), "refused", "20 MB"),
    Case("a line of 19 MB", "a.txt", lambda: b"x" * (19 * MB), "failed or harmless"),
    Case("a million pages", "a.txt", lambda: b"\f" * MB, "failed", "5000 pages"),
    Case("halves of letters", "a.txt", lambda: b"Some words \xc3", "refused", "UTF-8"),
    Case("escapes of a terminal", "a.txt", lambda: b"Some \x1b[2J\x07 words", "harmless"),
    Case("a picture", "a.txt", lambda: b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "refused", "neither"),
    Case("an old Word document", "a.docx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "refused", "neither"),
    Case("a program", "a.pdf", lambda: b"MZ\x90\x00" + b"\x00" * 600, "refused", "neither"),
    Case("nothing", "a.txt", lambda: b"", "refused", "empty"),
]  # fmt: skip

NAMES = [
    Case("300 letters", "é" * 300 + ".txt", lambda: b"Some words 1", "harmless"),
    Case("marks that turn the direction", "harmless\u202efdp.txt", lambda: b"Some words 2", "harmless"),
    Case("a path", "../../../etc/passwd.txt", lambda: b"Some words 3", "harmless"),
    Case("a path in another notation", "C:\\Windows\\win.txt", lambda: b"Some words 4", "harmless"),
    Case("a name that a system keeps for itself", "CON.txt", lambda: b"Some words 5", "harmless"),
    Case("NUL", "report.pdf\x00.txt", lambda: b"Some words 6", "harmless"),
    Case("a header of its own", 'a"\r\nSet-Cookie: x=1\r\n\r\n<script>.txt', lambda: b"Some words 7", "harmless"),
    Case("half a letter", "a\ud800.txt", lambda: b"Some words 8", "harmless"),
    Case("capitals", "REPORT.TXT", lambda: b"Some words 9", "harmless"),
    Case("two endings, the last true", "report.exe.txt", lambda: b"Some words 10", "harmless"),
    Case("two endings, the last false", "report.txt.exe", lambda: b"Some words 11", "refused", "exe"),
    Case("no ending", "report", lambda: b"Some words 12", "refused", "nothing"),
    Case("an ending and nothing more", ".txt", lambda: b"Some words 13", "harmless"),
    Case("a dot behind", "report.txt.", lambda: b"Some words 14", "refused", "nothing"),
    Case("a blank behind", "report.txt ", lambda: b"Some words 15", "harmless"),
]  # fmt: skip

CASES = [*PDFS, *WORDS, *TEXTS, *NAMES]
