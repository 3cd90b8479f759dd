"""The query language: what people type into a search box, read into a tree that knows no engine.

`parse` is strict and explains its errors; `lenient` takes the words as they stand. NOT binds tighter than AND
(also the unwritten one between two words), AND tighter than OR.
"""

from portal.search.grammar.errors import QueryError
from portal.search.grammar.fields import FIELDS, Field
from portal.search.grammar.nodes import (
    And,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Term,
    Value,
    Word,
    Years,
    canonical,
)
from portal.search.grammar.parser import lenient, parse
from portal.search.grammar.wording import describe

__all__ = [
    "FIELDS",
    "And",
    "Field",
    "Node",
    "Not",
    "Or",
    "Phrase",
    "Prefix",
    "Query",
    "QueryError",
    "Term",
    "Value",
    "Word",
    "Years",
    "canonical",
    "describe",
    "lenient",
    "parse",
]
