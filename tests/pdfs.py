"""PDFs made for tests: as small as the format allows, with text in a font every reader has."""

import io

import pypdfium2
from PIL import Image, ImageDraw, ImageFont


def make_pdf(*pages: str, labels: bool = False) -> bytes:
    """A PDF with one page per text; lines are parted by line breaks. ASCII only."""
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % (b"/PageLabels << /Nums [0 << /S /r >>] >>" if labels else b"")
    }
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects[2] = f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode()
    objects[3] = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    for n, text in enumerate(pages):
        lines = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").split("\n")
        stream = ("BT /F1 12 Tf 14 TL 72 720 Td " + " ".join(f"({line}) Tj T*" for line in lines) + " ET").encode()
        objects[4 + 2 * n] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            b"/Contents %d 0 R >>" % (5 + 2 * n)
        )
        objects[5 + 2 * n] = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream)
    return assemble(objects)


def assemble(objects: dict[int, bytes]) -> bytes:
    """A file of numbered objects, of which the first is the catalogue."""
    out = b"%PDF-1.4\n"
    places = {}
    for number, content in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % places[number] for number in sorted(places))
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(places) + 1, table)
    return out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start)


def make_scan(*pages: str) -> bytes:
    """A PDF whose pages are pictures of text, as a scanner makes them: an empty text is an empty sheet."""
    sheets = []
    for text in pages:
        sheet = Image.new("L", (1240, 1754), 255)  # A4 at 150 dots an inch
        ImageDraw.Draw(sheet).multiline_text((120, 160), text, fill=0, font=ImageFont.load_default(36), spacing=20)
        sheets.append(sheet)
    out = io.BytesIO()
    sheets[0].save(out, "PDF", resolution=150, save_all=True, append_images=sheets[1:])
    return out.getvalue()


def join(*documents: bytes) -> bytes:
    whole = pypdfium2.PdfDocument.new()
    for document in documents:
        whole.import_pages(pypdfium2.PdfDocument(document))
    out = io.BytesIO()
    whole.save(out)
    return out.getvalue()
