"""HTML as the lines that people see, with what is bold, linked, listed or in a table. Knows no Django."""

import re
from html.parser import HTMLParser
from typing import Any

MOST_CHARACTERS = 2_000_000
RULE = 3  # lines of distance that a rule across the page stands for

Run = tuple[str, bool, str]
Cell = list[Run]


class Problem(Exception):
    """Its one argument is a code."""


class Lines:
    """Collects lines. White space within a line counts once, and none at its ends."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []
        self.size = 0
        self.gap = 0

    def add(self, kind: str, level: int, cells: list[Cell]) -> None:
        cells = [tidy(cell) for cell in cells]  # empty ones stay: the columns of a table are counted
        if not any(cells):
            return
        self.size += sum(len(words) for cell in cells for words, _bold, _href in cell)
        if self.size > MOST_CHARACTERS:
            raise Problem("long")
        self.lines.append({"kind": kind, "level": level, "gap": self.gap, "cells": cells})
        self.gap = 0


def tidy(cell: Cell) -> Cell:
    runs: list[Run] = []
    for words, bold, href in cell:
        words = re.sub(r"[^\S\n]+", " ", words)
        if not runs or runs[-1][0].endswith((" ", "\n")):
            words = words.lstrip(" ")
        if words:
            runs.append((words, bold, href))
    while runs and not runs[-1][0].rstrip():
        runs.pop()
    if runs:
        runs[-1] = (runs[-1][0].rstrip(), *runs[-1][1:])
    return runs


class Markup(HTMLParser):
    """HTML as people read it. Attributes of style are not looked at."""

    SILENT = {"script", "style", "template", "noscript", "head", "title", "select", "button", "svg"}
    BREAKS = {"p", "div", "section", "article", "blockquote", "header", "footer", "main", "aside", "nav", "ul", "ol",
              "form", "fieldset", "address", "pre", "figure", "figcaption", "center", "body"}  # fmt: skip
    HEADINGS = {f"h{n}": n for n in range(1, 7)}
    BOLD = {"b", "strong"}
    HEADS = {"th", "dt"}

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out = Lines()
        self.silent = self.bold = self.level = 0
        self.href = ""
        self.kind = "text"
        self.cell: Cell = []
        self.row: list[Cell] | None = None  # the cells of a table's row that are done
        self.in_cell = self.in_term = self.is_head = False
        self.terms: list[Cell] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.SILENT:
            self.silent += 1
        self.bold += tag in self.BOLD
        if tag in ("td", "th", "tr", "dt", "dd"):
            self.open_cell(tag)
        elif tag == "a":
            self.href = (dict(attrs).get("href") or "").strip()[:500]
        elif tag == "br":
            self.break_line(0)
        elif tag == "hr":
            self.break_line(RULE)
        elif tag == "table":
            self.end_row()  # a table within a cell: what stands before it is let go first
            self.break_line(1)
        elif tag in self.HEADINGS:
            self.break_line(1)
            self.kind, self.level = "heading", self.HEADINGS[tag]
        elif tag == "li":
            self.break_line(0)
            self.kind = "item"
        elif tag in self.BREAKS:
            self.break_line(1)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.SILENT:
            self.silent = max(0, self.silent - 1)
        if tag in self.BOLD:
            self.bold = max(0, self.bold - 1)
        if tag == "a":
            self.href = ""
        elif tag in self.HEADINGS or tag in self.BREAKS or tag == "li":
            self.break_line(1 if tag != "li" else 0)
        elif tag in ("td", "th"):
            self.end_cell()
        elif tag == "tr":
            self.end_row()
        elif tag == "table":
            self.end_row()
            self.out.gap = max(self.out.gap, 1)
        elif tag == "dt":
            self.end_name()
        elif tag == "dd":
            self.end_definition()
        elif tag == "dl":
            self.end_term()

    def open_cell(self, tag: str) -> None:
        """Of a table or a list of terms. Many pages never close them."""
        if tag == "tr":
            self.end_row()
            self.row = []
        elif tag in ("td", "th"):
            self.end_cell()
            self.in_cell = True
        elif tag == "dt":
            self.end_term()
            self.in_term = True
        else:
            self.end_name()
        self.is_head = tag in self.HEADS

    def handle_data(self, data: str) -> None:
        if not self.silent and data:
            self.cell.append((re.sub(r"\s+", " ", data), self.bold > 0 or self.is_head, self.href))

    def break_line(self, gap: int) -> None:
        if self.row is not None or self.terms:
            self.cell.append(("\n", False, ""))
            return
        self.out.add(self.kind, self.level, [self.cell])
        self.cell, self.kind, self.level = [], "text", 0
        self.out.gap = max(self.out.gap, gap)

    def end_cell(self) -> None:
        if self.row is None:
            self.break_line(0)
        elif self.in_cell or any(words.strip() for words, _bold, _href in self.cell):
            self.row.append(self.cell)
        self.cell, self.in_cell, self.is_head = [], False, False

    def end_row(self) -> None:
        if self.row is not None:
            self.end_cell()
            cells, self.row = self.row, None
            put_row(self.out, cells)
        self.cell = []

    def end_name(self) -> None:
        if self.in_term:
            self.terms.append(self.cell)
            self.cell, self.in_term = [], False
        elif self.terms:
            self.end_definition()
        self.is_head = False

    def end_term(self) -> None:
        """A term without a definition is a line of its own."""
        if self.terms and any(words.strip() for words, _bold, _href in self.cell):
            self.end_definition()
        for term in self.terms:
            self.out.add("text", 0, [term])
        self.terms, self.in_term, self.is_head = [], False, False
        if self.cell:
            self.break_line(0)

    def end_definition(self) -> None:
        if self.terms:
            put_row(self.out, [*self.terms[-1:], self.cell])
            self.terms = []
        else:
            self.out.add("text", 0, [self.cell])
        self.cell = []

    def close(self) -> None:
        super().close()
        self.end_row()
        self.end_term()
        self.break_line(0)


def put_row(out: Lines, cells: list[Cell]) -> None:
    """A row of cells; or lines, where a table only lays out the page: one cell, or a first one that is long."""
    filled = [text for cell in cells if (text := "".join(words for words, _bold, _href in cell).strip())]
    first = filled[0] if filled else ""
    if len(filled) > 1 and len(first) <= 200 and first.count("\n") < 3:
        out.add("row", 0, cells)
        return
    for cell in cells:
        line: Cell = []
        for run in [*cell, ("\n", False, "")]:
            if run[0] == "\n":
                out.add("text", 0, [line])
                line = []
            else:
                line.append(run)
