"""Running text with a little markup: one list of what is allowed, for the editor, on saving and on showing."""

import html
import re
from typing import Any

import nh3
from django.utils.safestring import SafeString, mark_safe
from django_prose_editor.fields import ProseEditorField

EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [3, 4]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
}
TAGS = {"p", "br", "strong", "em", "h3", "h4", "ul", "ol", "li", "blockquote", "a"}
SCHEMES = {"http", "https", "mailto"}


def clean(text: str) -> str:
    """Keep what EXTENSIONS can produce and drop the rest; an empty paragraph counts as nothing."""
    cleaned = nh3.clean(text, tags=TAGS, attributes={"a": {"href"}}, url_schemes=SCHEMES, link_rel="nofollow noopener")
    return "" if cleaned in {"<p></p>", "<p><br></p>"} else cleaned


def from_text(text: str) -> str:
    """Plain paragraphs, parted by blank lines, as prose."""
    paragraphs = (html.escape(" ".join(part.split()), quote=False) for part in re.split(r"\n\s*\n", text))
    return "".join(f"<p>{part}</p>" for part in paragraphs if part)


def to_html(text: str | None) -> SafeString:
    """For pages. Cleaned again, because a script may have written the column without going through a form."""
    return mark_safe(clean(text or ""))  # noqa: S308 (nh3 has just cleaned it)


def to_text(text: str | None) -> str:
    """Without markup, for descriptions, exports and search; a block ends with a line break."""
    broken = re.sub(r"</(?:p|h3|h4|li|blockquote)>|<br ?/?>", "\n", text or "")
    bare = html.unescape(nh3.clean(broken, tags=set()))
    return re.sub(r"\n{3,}", "\n\n", bare).strip()


class ProseField(ProseEditorField):
    """A column of prose, edited with a toolbar and cleaned by `clean` in full_clean and when it is written."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs, extensions=EXTENSIONS, sanitize=clean)

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return clean(value) if isinstance(value, str) else value
