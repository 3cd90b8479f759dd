"""Glyph numbers as letters, for fonts whose glyphs stand in the order that most Western fonts begin with."""

from functools import cache

SHIFT = 29  # glyph 3 is the space, glyph 36 is A: what lies between glyph and character there


@cache
def standard_order() -> dict[int, str]:
    """Glyph number to letters: the Macintosh order of OpenType's table `post`, without the two glyphs that Arial and
    those made after it leave out. https://learn.microsoft.com/typography/opentype/spec/post
    """
    from fontTools.agl import toUnicode
    from fontTools.ttLib.standardGlyphOrder import standardGlyphOrder

    order = [name for name in standardGlyphOrder if name not in ("nonbreakingspace", "apple")]
    table = {number: toUnicode(name) for number, name in enumerate(order) if number >= 3}
    spelt = {"\ufb01": "fi", "\ufb02": "fl"}
    return {number: spelt.get(letters, letters) for number, letters in table.items() if letters}


@cache
def shifted_by(shift: int) -> dict[int, str]:
    """Glyph number to letters where glyphs stand in the order of ASCII, `shift` below it."""
    ascii_only = {code - shift: chr(code) for code in range(0x20, 0x7F) if code > shift}
    return standard_order() | ascii_only if shift == SHIFT else ascii_only
