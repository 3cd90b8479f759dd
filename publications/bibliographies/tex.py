r"""Text as TeX writes it, in letters: {\"o} is ö, -- a dash, \emph{word} the word. One pass, no recursion."""

import re
import unicodedata

ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331", "t": "\u0361",
}  # fmt: skip
LETTERS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "aa": "å", "AA": "Å",
    "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ",
    "textendash": "–", "textemdash": "—", "textquoteleft": "‘", "textquoteright": "’", "textquotedblleft": "“",
    "textquotedblright": "”", "guillemotleft": "«", "guillemotright": "»", "guillemetleft": "«", "guillemetright": "»",
    "glqq": "„", "grqq": "“", "ldots": "…", "dots": "…", "textellipsis": "…", "copyright": "©", "textregistered": "®",
    "texttrademark": "™", "pounds": "£", "euro": "€", "texteuro": "€", "EUR": "€", "S": "§", "P": "¶", "dag": "†",
    "textdegree": "°", "degree": "°", "textasciitilde": "~", "textasciicircum": "^", "textbackslash": "\\",
    "textunderscore": "_", "textbar": "|", "textless": "<", "textgreater": ">", "LaTeX": "LaTeX", "TeX": "TeX",
    "times": "×", "cdot": "·", "quad": " ", "qquad": " ", "newline": " ", "par": "\n\n", "textperiodcentered": "·",
}  # fmt: skip
FORMATS = {
    "emph", "textit", "textbf", "textsc", "textrm", "textsf", "texttt", "textup", "textsl", "textnormal", "text", "em",
    "it", "bf", "sc", "rm", "sf", "tt", "mathrm", "mathit", "mathbf", "mbox", "hbox", "url", "path", "underline",
    "uppercase", "lowercase", "MakeUppercase", "textsuperscript", "textsubscript", "enquote", "mkbibquote", "mkbibemph",
    "noopsort", "relax", "protect", "selectlanguage", "natexlab", "ensuremath", "small", "large", "nobreak",
}  # fmt: skip
TOKEN = re.compile(
    r"""
    \\(?P<sign>[`'^"~=.]) [ ]? (?: \{ [ ]? (?:\\(?P<dotless1>[ij])|(?P<on1>\w)) [ ]? \}
        | \\(?P<dotless2>[ij])(?![A-Za-z]) | (?P<on2>[^\W\d_]) )
    | \\(?P<named>[uvHcdbrkt]) (?: [ ]? \{ [ ]? (?:\\(?P<dotless3>[ij])|(?P<on3>\w)) (?P<rest>\w?) [ ]? \}
        | [ ] (?P<on4>[^\W\d_]) | \\(?P<dotless4>[ij])(?![A-Za-z]) )
    | \\(?P<command>[A-Za-z]+) \*? [ ]?
    | \\(?P<escaped>.)
    | (?P<quotes>``|'') | (?P<dash>---?) | (?P<dollar>\$) | [{}] | (?P<tie>~)
    """,
    re.VERBOSE | re.DOTALL,
)
ESCAPED = {
    "-": "",
    "/": "",
    "!": "",
    ",": " ",
    ";": " ",
    ":": " ",
    " ": " ",
    "\n": " ",
    "\\": " ",
    "@": "",
    "(": "",
    ")": "",
}
QUOTES = {"``": "“", "''": "”"}


def to_text(value: str) -> str:
    """Commands nobody knows stand as they stood."""
    if not any(sign in value for sign in "\\{}~$`'-"):
        return value
    return unicodedata.normalize("NFC", TOKEN.sub(_letters, value))


def address(value: str) -> str:
    r"""A web address, in which only what TeX makes people escape is undone: \_ and \%, but no dashes."""
    return (
        re.sub(r"\\([_%&#~$])(?:\{\})?", r"\1", value).replace("{", "").replace("}", "").removeprefix("\\url").strip()
    )


def _letters(match: re.Match[str]) -> str:
    found = match.groupdict()
    if accent := found["sign"] or found["named"]:
        base = next(
            found[name]
            for name in ("dotless1", "on1", "dotless2", "on2", "dotless3", "on3", "on4", "dotless4")
            if found[name]
        )
        return f"{base}{ACCENTS[accent]}{found['rest'] or ''}"
    if command := found["command"]:
        if command in LETTERS:
            return LETTERS[command]
        return "" if command in FORMATS else match.group()
    if escaped := found["escaped"]:
        return ESCAPED.get(escaped, escaped if not escaped.isalnum() else match.group())
    if quotes := found["quotes"]:
        return QUOTES[quotes]
    if dash := found["dash"]:
        return "—" if len(dash) == 3 else "–"
    return " " if found["tie"] else ""
