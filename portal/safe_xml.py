"""XML of others: read without entities, without the network, up to a size and a depth.

defusedxml refuses what can grow or reach out while the text is still being read; the depth is counted on the way.
"""

import io
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
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
    depth = elements = 0
    root: Any = None
    try:
        for event, element in iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True):
            depth += 1 if event == "start" else -1
            elements += event == "start"
            root = element if root is None else root
            if depth > DEEPEST or elements > MOST_ELEMENTS:
                raise Unreadable(_("This XML is nested too deeply or has too many elements to be read."))
    except DefusedXmlException as error:
        raise Unreadable(_("This XML declares a document type or entities, which are not read.")) from error
    except ParseError as error:
        line, column = error.position
        words = _("This is no well-formed XML: line %(line)s, column %(column)s.")
        raise Unreadable(words % {"line": line, "column": column + 1}) from error
    except (LookupError, ValueError) as error:  # an encoding nobody knows
        raise Unreadable(_("The encoding of this XML cannot be read.")) from error
    return root
