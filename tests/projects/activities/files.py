"""IATI files for tests: activity(identifier, what stands in it), file_of(activities)."""

from xml.sax.saxutils import escape, quoteattr

GIVEN = {
    "reporting": '<reporting-org ref="XM-TEST-1" type="40"><narrative>Reporting House</narrative></reporting-org>',
    "description": "<description><narrative>What it does.</narrative></description>",
    "participants": '<participating-org role="4" type="40"><narrative>Doer</narrative></participating-org>',
    "status": '<activity-status code="2"/>',
    "dates": '<activity-date type="2" iso-date="2016-10-01"/>',
}


def element(name, text=None, children="", **attributes):
    said = "".join(f" {key.replace('__', ':').replace('_', '-')}={quoteattr(str(v))}" for key, v in attributes.items())
    return f"<{name}{said}>{escape(text or '')}{children}</{name}>"


def narratives(*texts):
    """Each a text, or a text with its language."""
    pairs = [text if isinstance(text, tuple) else (text, None) for text in texts]
    return "".join(element("narrative", text, **({"xml__lang": code} if code else {})) for text, code in pairs)


def told(name, *texts, **attributes):
    return element(name, children=narratives(*texts), **attributes)


def activity(identifier="XM-TEST-1-A", *more, title="Safe Routes", attributes='xml:lang="en"', **given):
    """`given` replaces one of GIVEN; `more` stands behind them."""
    titles = title if isinstance(title, tuple) else (title,)
    parts = GIVEN | given
    own = "" if identifier is None else element("iati-identifier", identifier)
    head = "" if title is None else told("title", *titles)
    order = ("description", "participants", "status", "dates")
    body = "".join([own, parts["reporting"], head, *(parts[name] for name in order), *more])
    return f"<iati-activity {attributes}>{body}</iati-activity>"


def file_of(*activities, version="2.03", root="iati-activities", generated="2020-05-04T10:00:00Z"):
    said = f' version="{version}"' if version else ""
    dated = f' generated-datetime="{generated}"' if generated else ""
    text = "".join(activities)
    return f'<?xml version="1.0" encoding="UTF-8"?><{root}{said}{dated}>{text}</{root}>'.encode()
