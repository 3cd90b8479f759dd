"""Fonts and PDFs made for tests whose text layer has lost its map from codes to letters."""

import io

from fontTools import agl
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen

from tests.pdfs import assemble

ASCII = [".notdef", ".null", "nonmarkingreturn", *(agl.UV2AGL[code] for code in range(0x20, 0x7F))]


def make_font(order=ASCII, cmap=True, names=True, cff=False):
    """A program with one box for every glyph. Without `cmap` and `names` it does not say which letter a glyph is."""
    builder = FontBuilder(1000, isTTF=not cff)
    builder.setupGlyphOrder(list(order))
    letters = {ord(text): name for name in order if len(text := agl.toUnicode(name)) == 1}
    builder.setupCharacterMap(letters if cmap else {})
    if cff:
        pen = T2CharStringPen(500, None)
        builder.setupCFF("T", {}, {name: pen.getCharString() for name in order}, {})
    else:
        pen = TTGlyphPen(None)
        pen.moveTo((0, 0)), pen.lineTo((400, 0)), pen.lineTo((400, 700)), pen.closePath()
        builder.setupGlyf(dict.fromkeys(order, pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(order, (500, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "T", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost(keepGlyphNames=names)
    if not cmap:
        del builder.font["cmap"]
    out = io.BytesIO()
    builder.font.save(out)
    return out.getvalue()


def glyphs(text, order=ASCII):
    """The numbers of the glyphs of a text."""
    return [order.index(agl.UV2AGL[ord(c)]) for c in text]


def make_unmapped_pdf(*pages, program=b"", key="FontFile2"):
    """Each page is a list of lines; a text is set in a healthy font, a list of glyph numbers in one without a map."""
    embedded = b"/%s 7 0 R" % key.encode() if program else b""
    kids = " ".join(f"{8 + 2 * n} 0 R" for n in range(len(pages)))
    subtype = b"CIDFontType0" if key == "FontFile3" else b"CIDFontType2"
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        4: b"<< /Type /Font /Subtype /Type0 /BaseFont /ABCDEF+T /Encoding /Identity-H /DescendantFonts [5 0 R] >>",
        5: b"<< /Type /Font /Subtype /%s /BaseFont /ABCDEF+T /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) "
        b"/Supplement 0 >> /DW 500 /CIDToGIDMap /Identity /FontDescriptor 6 0 R >>" % subtype,
        6: b"<< /Type /FontDescriptor /FontName /ABCDEF+T /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 800 "
        b"/Descent -200 /CapHeight 700 /StemV 80 %s >>" % embedded,
    }
    sort = b" /Subtype /OpenType" if key == "FontFile3" else b""
    objects[7] = b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(program), sort, program)
    for n, lines in enumerate(pages):
        stream = ("BT 12 TL 72 760 Td " + " ".join(map(_line, lines)) + " ET").encode()
        objects[8 + 2 * n] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>" % (9 + 2 * n)
        )
        objects[9 + 2 * n] = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream)
    return assemble(objects)


def _line(line):
    if isinstance(line, str):
        return f"/F1 10 Tf ({line}) Tj T*"
    return "/F2 10 Tf <" + "".join(f"{number:04x}" for number in line) + "> Tj T*"
