"""Queries nobody means well: HOSTILE is what every reader of a query has to survive, in any order and language."""

SYNTAX_OF_ENGINES = [
    "*", "**", "***", "*:*", "* *", "a*b*c", "*migration", "?igration", "migra?ion", "migration*?*", "_*", "\"*\"", "x*", "é*",
    "NEAR", "NEAR(a b, 3)", "NEAR/5", "a NEAR/5 b", "a NEAR b", "{title abstract}: x", "- title: x", "^migration", "migration^10",
    "migration^1e308", "\"a b\"~", "\"a b\"~-1", "\"a b\"~51", "\"a b\"~9999999999999999999999", "\"a b\"~3.5", "\"a b\"~٣",
    "migration~", "migration~2", "~migration", "[a TO b]", "{a TO *}", "[* TO *]", "year:[2019 TO 2021]", "title:IN [a b]",
    "/migra.*/", "/(a+)+$/", "title:/x/", "<->", "a <-> b", "a <2> b", "a & b | !c", "!!a", ":*", "a:*", "'a':*B", "a:ABCD",
    "+", "-", "!", "&&", "||", "&& ||", "a &&& b", "a ||| b", "+-!a", "-+-a", "--a", "- a", "a -", "+(a)", "-(a)", "!(!a)",
]  # fmt: skip
OPERATORS = [
    "AND", "OR", "NOT", "AND AND", "OR OR", "NOT NOT", "AND OR NOT", "a AND", "AND a", "a OR", "OR a", "a AND OR b", "a OR AND b",
    "a NOT", "NOT a", "NOT (NOT a)", "NOT a NOT b", "a OR NOT b", "(NOT a) OR (NOT b)", "NOT (a OR b)", "a AND (NOT b)", "-a",
    "-a -b -c", "a AND NOT AND b", "+AND", "-OR", "!NOT", "AND:AND", "title:AND", "\"AND\"", "ＡＮＤ", "A\u200bND", "aANDb",
    " OR ".join("abcdefgh"), "NOT " * 200 + "a", "a AND " * 60 + "b", "a OR " * 60 + "b", "-" * 500, "- " * 200, "!" * 500, "-!+" * 100,
]  # fmt: skip
BRACKETS_AND_QUOTES = [
    "(", ")", "()", "(())", ")(", "((a)", "(a))", "( )", "(a OR)", "(OR a)", "a(b", "a)b", "(a)(b)", "a(s)", "a(s", "a(s))", "(-a)",
    "(" * 10 + "a" + ")" * 10, "(" * 11 + "a" + ")" * 11, "(" * 500, ")" * 500, "(" * 250 + ")" * 250, "(" * 50_000,
    "((((a OR b) c) OR d) e)", "（a）", "（a)", "\"", "\"\"", "\"\"\"", "\"\"\"\"", "\" \"", "\"a", "a\"", "\"a\"b\"", "\"a\"\"b\"",
    "“a”", "“a", "„a“", "«a»", "»a«", "＂a＂", "“a\" b", "'a'", "\"'\"", "\"...\"", "\"-\"", "\"(\"", "\"a)\" (b", "(\"a)\"", "\"" * 511,
    "\" \"" * 100, "\"a\" " * 100, "\"" + "a " * 200 + "\"",
]  # fmt: skip
FIELDS = [
    ":", "::", ":a", "a:", "title:", "title: ", "title: x", "title:)", "(title:)", "title:\"", "title:\"\"", "title:()", "title:(", "title:(a",
    "title:-a", "title:!a", "title:+a", "title:*", "title:a*", "title:title:", "title:title:a", "title:author:a", "title:(a author:b)",
    "field:field:", "field:field:field:a", "tilte:a", "TITLE:a", "tïtle:a", "title：a", "title :a", "-title:a", "title:a:b", "titletitle:a",
    "year:", "year:x", "year:-1", "year:0", "year:99999", "year:" + "9" * 400, "year:2019..", "year:..", "year:...", "year:..2019",
    "year:2021..2019", "year:2019..2020..2021", "year:2019-2021", "year:٢٠١٩", "year:²⁰¹⁹", "year:1e3", "year:0x7e3", "year:NaN", "year:20*",
    "year:\"2019\"", "year:(2019 OR 2021)", "year:(-2019)", "year:1899", "year:2201", "country:", "country:*", "country:T*", "country:\"\"",
    "country:\"a b\"~2", "country:TR,SY", "country:(TR OR SY)", "country:../../etc/passwd", "id:1", "pk:1", "_all:x", "__class__:x",
    "note: this", "19:30", "http://example.org/a?b=c&d=(e)#f", "mailto:x@example.org", "10.1000/182", "a:" * 200, ":" * 512,
]  # fmt: skip
INJECTIONS = [
    "'", "''", "\\", "\\\\", "\\\"", "\\\"a\\\"", "';--", "' OR '1'='1", "' OR 1=1 --", "'; DROP TABLE projects_project; --", "1; SELECT 1",
    "1 UNION SELECT NULL", "a') OR ('1'='1", "%", "%%", "_", "%s", "%(a)s", "{}", "{0}", "{a.__class__}", "${7*7}", "{{7*7}}", "{% debug %}",
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "javascript:alert(1)", "<!--", "]]>", "&lt;", "&#0;", "%00", "%22",
    "%ff", "\\u0000", "\\x00", "../../etc/passwd", "..%2f..%2f", "$(id)", "`id`", "|id", "; id", "NULL", "None", "true", "NaN", "Infinity",
    "0", "-1", "1e309", "9" * 400, "0x10", "=1+1", "@a", "#a", "(?P<a>a)", "(a|a)*b", "(a+)+" + "b" * 50, "^(([a-z])+.)+[A-Z]([a-z])+$",
]  # fmt: skip
UNICODE = [
    "\x00", "a\x00b", "\x00" * 100, "\x01", "\x1b[31m", "\x7f", "\x85", "\x9f", "\x0b", "\x0c", "\t", "\n", "\r\n", "a\r\nSet-Cookie: x",
    "\u200b", "a\u200bb", "\u200c", "a\u200cb", "\u200d", "\ufeff", "\ufeffa", "\u00ad", "migra\u00adtion", "\u2060", "\u202e", "\u202ea\u202c",
    "\u2066a\u2069", "\u200f-a", "ti\u200btle:a", "\u034f", "\u3164", "\u115f\u1160", "\u0301", "a" + "\u0301" * 60, "a" + "\u0301" * 600, "\u0301a",
    "é", "e\u0301", "ﬁ", "İ", "ı", "ß", "ẞ", "Ǆ", "K", "Ω", "ϓ", "\u037e", "\u0344", "\u0958", "\ufb2c" * 64, "\ufdfa", "\ufdfa" * 64,
    "\U0001f600", "a\U0001f600b", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "1\ufe0f\u20e3", "\U0001f1e6\U0001f1f9", "\u2764\ufe0f",
    "\ud800", "a\udfffb", "\ufffd", "\uffff", "\U0010ffff", "\ue000", "\U000e0001", "\U000e0100", "𝕬𝕭", "①②", "²", "٣", "½", "Ⅷ",
    "هجرة", "الهِجْرَةُ", "هـــجـــرة", "ﻫﺠﺮﺓ", "می‌خواهم", "миграция", "移民", "難民 保護", "ผู้ลี้ภัย", "शरणार्थी", "피난민", "מהגר", "או\"ם", "א״ב",
    "“هجرة”", "؟", "هجرة؟", "،", "\u2028", "a\u2029b", "\u00a0", "a\u00a0b", "\u3000", "a\u2003b",
]  # fmt: skip
TOO_MUCH = [
    "", " ", " " * 512, "a" * 64, "a" * 65, "a" * 512, "a" * 513, "a" * 100_000, "é" * 100_000, "a " * 32, "a " * 33, "a " * 256,
    "a " * 50_000, "\"" * 100_000, "a*" * 50_000, "title:" * 20_000, "a-" * 250, "a." * 32, "a.b" * 21, "'" * 100_000, "\u0301" * 100_000,
    "\U0001f600" * 512, "\ufeff" * 512, "\ufeff" * 100_000 + "a", "." * 512, "a(s)" * 100, "x&&" * 100, "x||" * 100, "~" * 512, "a~1" * 100,
]  # fmt: skip

HOSTILE = [
    *SYNTAX_OF_ENGINES,
    *OPERATORS,
    *BRACKETS_AND_QUOTES,
    *FIELDS,
    *INJECTIONS,
    *UNICODE,
    *TOO_MUCH,
]
