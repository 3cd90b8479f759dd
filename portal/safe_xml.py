"""XML of others: read without entities, without the network, up to a size and a depth.

defusedxml refuses what can grow or reach out while the text is still being read; the depth is counted on the way. All
of it is read in one piece: in small ones expat would begin a long attribute or comment anew with each.
"""

from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import XMLParser
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from portal.imports.entries import Unreadable

MOST_BYTES = 20 * 1024 * 1024
DEEPEST = 60
MOST_ELEMENTS = 1_000_000


def parse(content: bytes) -> Element:
    """The root of a document. Raises Unreadable, with a message for editors."""
    if len(content) > MOST_BYTES:
        raise Unreadable(_("This XML is too large: at most %s are read.") % filesizeformat(MOST_BYTES))
    parser = XMLParser(target=_Builder(), forbid_dtd=True)
    try:
        parser.feed(content)
        root: Element = parser.close()
    except DefusedXmlException as error:
        words = _("This XML declares a document type or entities, which are not read. Ask for it without.")
        raise Unreadable(words) from error
    except ParseError as error:
        line, column = error.position
        words = _("This is no well-formed XML: line %(line)s, column %(column)s.")
        raise Unreadable(words % {"line": line, "column": column + 1}) from error
    except (LookupError, ValueError) as error:  # an encoding nobody knows
        raise Unreadable(_("The encoding of this XML cannot be read. Save it as UTF-8.")) from error
    return root


class _Builder(TreeBuilder):
    """Counts while it builds."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = self.elements = 0

    def start(self, tag: Any, attrs: Any, /) -> Element:
        self.depth, self.elements = self.depth + 1, self.elements + 1
        if self.depth > DEEPEST or self.elements > MOST_ELEMENTS:
            raise Unreadable(_("This XML is nested too deeply or has too many elements to be read."))
        return super().start(tag, attrs)

    def end(self, tag: Any, /) -> Element:
        self.depth -= 1
        return super().end(tag)
