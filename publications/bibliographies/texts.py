"""Bytes of others as text, and text without what no text should hold. All of it in time that grows with the length."""

import html
import re
import unicodedata
from typing import Any

import nh3
from django.utils.translation import gettext as _

from portal.imports.entries import Unreadable

TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
BLOCK = re.compile(r"</(?:jats:)?(?:p|div|li|h[1-6]|title|sec)>|<br ?/?>", re.IGNORECASE)
SURROGATES = re.compile("[\ud800-\udfff]")
UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u0080-\u009f\ud800-\udfff\ufffe\uffff\ufeff]")


def decode(content: bytes, encoding: str = "utf-8") -> str:
    """With single line feeds. UTF-16 tells itself; anything else is what `encoding` says. Raises Unreadable."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    elif encoding == "utf-8":
        encoding = "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        words = _(
            "Line %(line)s holds bytes that cannot be read as %(encoding)s. Choose another encoding, or save as UTF-8."
        )
        raise Unreadable(words % {"line": line, "encoding": encoding.removesuffix("-sig").upper()}) from error
    if (at := text.find("\0")) >= 0:
        words = _("This is no text: line %s holds a NUL.")
        raise Unreadable(words % (text.count("\n", 0, at) + 1))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def one_line(value: str) -> str:
    """Single spaces, composed letters, nothing that cannot be shown or stored."""
    return " ".join(unicodedata.normalize("NFC", UNWANTED.sub("", value)).split())


def paragraphs(value: str) -> str:
    """The same, but for the empty lines between paragraphs."""
    lines = [one_line(line) for line in UNWANTED.sub("", value).split("\n")]
    found: list[list[str]] = [[]]
    for line in lines:
        if line:
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return "\n\n".join(" ".join(part) for part in found if part)


def without_markup(value: str) -> str:
    """Text of HTML or JATS without its tags; what has none stays as it is, a smaller-than sign too."""
    value = SURROGATES.sub("", value)  # which JSON can spell and no parser of HTML takes
    if not TAG.search(value):
        return html.unescape(value) if "&" in value and ";" in value else value
    return html.unescape(nh3.clean(BLOCK.sub("\n\n", value), tags=set()))


def as_text(value: Any) -> str:
    """A text or number of JSON; nothing for what is neither."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) else ""
