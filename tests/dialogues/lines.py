"""A strict reading of calendars, line by line, by the letter of RFC 5545 and RFC 7986; it forgives nothing."""

import re

NAME = r"[A-Z0-9-]+"
VALUE = r"[\t\x20\x21\x23-\x2b\x2d-\x39\x3c-\x7e\x80-\U0010ffff]"  # SAFE-CHAR
PARAMETER = rf'{NAME}=(?:{VALUE}*|"[^"\x00-\x08\x0a-\x1f\x7f]*")'
LINE = re.compile(rf"(?P<name>{NAME})(?P<parameters>(?:;{PARAMETER})*):(?P<value>[^\x00-\x08\x0a-\x1f\x7f]*)")
TEXT = re.compile(r"(?:[^\\;,\x00-\x08\x0a-\x1f\x7f]|\\[\\;,nN])*")
TEXTS = re.compile(rf"{TEXT.pattern}(?:,{TEXT.pattern})*")
INSTANT = re.compile(r"\d{8}T\d{6}Z")
LOCAL = re.compile(r"\d{8}T\d{6}")
DATE = re.compile(r"\d{8}")
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")
OFFSET = re.compile(r"[+-]\d{4}")
DURATION = re.compile(r"P(?:\d+W|\d+D|(?:\d+D)?T(?:\d+H)?(?:\d+M)?(?:\d+S)?)")
IN_LANGUAGE, AS_DATE = r"(?:;LANGUAGE=[a-z]{2})?", ";VALUE=DATE"

# component -> property -> (parameters, value, must it be there). None may come twice.
ALLOWED = {
    "VCALENDAR": {
        "VERSION": ("", re.compile(r"2\.0"), True),
        "PRODID": ("", TEXT, True),
        "CALSCALE": ("", re.compile("GREGORIAN"), False),
        "UID": ("", TEXT, False),
        "LAST-MODIFIED": ("", INSTANT, False),
        "NAME": (IN_LANGUAGE, TEXT, False),
        "DESCRIPTION": (IN_LANGUAGE, TEXT, False),
        "URL": ("", URI, False),
        "SOURCE": (";VALUE=URI", URI, False),
        "REFRESH-INTERVAL": (";VALUE=DURATION", DURATION, False),
        "X-WR-CALNAME": ("", TEXT, False),
        "X-WR-CALDESC": ("", TEXT, False),
        "X-PUBLISHED-TTL": ("", DURATION, False),
    },
    "VEVENT": {
        "UID": ("", TEXT, True),
        "DTSTAMP": ("", INSTANT, True),
        "LAST-MODIFIED": ("", INSTANT, False),
        "DTSTART": (AS_DATE, DATE, True),
        "DTEND": (AS_DATE, DATE, False),
        "SUMMARY": (IN_LANGUAGE, TEXT, False),
        "DESCRIPTION": (IN_LANGUAGE, TEXT, False),
        "LOCATION": (IN_LANGUAGE, TEXT, False),
        "CATEGORIES": (IN_LANGUAGE, TEXTS, False),
        "URL": ("", URI, False),
        "STATUS": ("", re.compile("TENTATIVE|CONFIRMED|CANCELLED"), False),
        "TRANSP": ("", re.compile("OPAQUE|TRANSPARENT"), False),
    },
    "VTIMEZONE": {"TZID": ("", TEXT, True)},
    "STANDARD": {
        "DTSTART": ("", LOCAL, True),
        "TZOFFSETFROM": ("", OFFSET, True),
        "TZOFFSETTO": ("", OFFSET, True),
    },
}
WITHIN = {"VCALENDAR": None, "VEVENT": "VCALENDAR", "VTIMEZONE": "VCALENDAR", "STANDARD": "VTIMEZONE"}


def unfolded(body):
    """The content lines of a calendar, after its octets were looked at."""
    assert body.endswith(b"\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", body), "a line does not end with CRLF"
    for line in body.split(b"\r\n")[:-1]:
        assert len(line) <= 75, line
        assert line, "an empty line"
        line.decode()  # no character is broken in two
    return body.decode().replace("\r\n ", "").replace("\r\n\t", "").split("\r\n")[:-1]


def read_strictly(body):
    """Every component as (name, {property: value}), outer ones last; AssertionError for what breaks a rule."""
    found, stack = [], []
    for line in unfolded(body):
        match = LINE.fullmatch(line)
        assert match, f"no content line: {line!r}"
        name, parameters, value = match["name"], match["parameters"], match["value"]
        if name == "BEGIN":
            assert WITHIN[value] == (stack[-1][0] if stack else None), f"{value} within {stack}"
            stack.append((value, {}))
        elif name == "END":
            component, properties = stack.pop()
            assert component == value
            missing = [p for p, rule in ALLOWED[component].items() if rule[2] and p not in properties]
            assert not missing, (component, missing)
            found.append((component, properties))
        else:
            component, properties = stack[-1]
            allowed, form, _must = ALLOWED[component][name]
            assert name not in properties, f"{name} twice"
            assert re.fullmatch(allowed, parameters), line
            assert form.fullmatch(value), line
            properties[name] = value
    assert not stack
    assert len(found) > 1, "a calendar needs a component"
    events = [properties for component, properties in found if component == "VEVENT"]
    assert len({event["UID"] for event in events}) == len(events)
    for event in events:
        assert event.get("DTEND", "99999999") > event["DTSTART"]
    return found


def events_in(body):
    return [properties for component, properties in read_strictly(body) if component == "VEVENT"]
