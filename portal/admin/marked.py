"""The text of a source with what was read from it marked, and how sure a reading is, in words."""

from itertools import pairwise

from django.utils.translation import gettext as _


def segments_of(text, marks):
    """Stretches of a text with the marks that lie over each. A mark is {"start", "end", …}; it `opens` in the first of
    its stretches. Begins and ends with the lines of the first and the last mark.
    """
    marks = sorted((one for one in marks if one.get("end", 0) > one.get("start", 0)), key=lambda one: one["start"])
    if not marks:
        return []
    first = text.rfind("\n", 0, marks[0]["start"]) + 1
    last = max(one["end"] for one in marks)
    last = len(text) if (end := text.find("\n", last)) < 0 else end
    borders = sorted({first, last, *(one["start"] for one in marks), *(one["end"] for one in marks)})
    found, open_marks, coming = [], [], 0
    for start, end in pairwise(borders):
        open_marks = [one for one in open_marks if one["end"] > start]
        opened = []
        while coming < len(marks) and marks[coming]["start"] == start:
            opened.append(marks[coming])
            coming += 1
        open_marks += opened
        found.append({"text": text[start:end], "marks": list(open_marks), "opens": opened})
    return found


def sureness(confidence):
    """For instance: fairly sure (0.85)."""
    words = (
        _("sure")
        if confidence >= 0.9
        else _("fairly sure")
        if confidence >= 0.7
        else _("likely")
        if confidence >= 0.5
        else _("a guess")
    )
    return f"{words} ({confidence:.2f})"
