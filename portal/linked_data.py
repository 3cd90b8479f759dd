"""What a page says to machines: JSON-LD within the page, which is data and no script to any browser."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.safestring import SafeString, mark_safe

# Nothing in the data may end the element or open another one.
ESCAPES = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&"}


def json_ld(data: Mapping[str, Any]) -> SafeString:
    """`data` of the vocabulary of schema.org as an element for a page; what is empty is left out."""
    said = {"@context": "https://schema.org"} | {name: value for name, value in data.items() if value}
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 (escaped above)
