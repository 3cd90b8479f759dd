"""A file of IATI activities as entries: which kind of file it is, and each activity once."""

from xml.etree.ElementTree import Element

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from portal.imports.entries import Entry, Found, Line, Names, Problem, Unreadable
from portal.imports.planning import in_parts
from portal.models import Import, Origin
from portal.safe_xml import parse
from projects.activities.elements import LANG, attribute, local, narratives, one_line
from projects.activities.ground import Ground, Organisations
from projects.activities.placing import Placing
from projects.models import Project

SCHEME = "iati"
VERSIONS = {"2.01", "2.02", "2.03"}
LONGEST_IDENTIFIER = 120
MOST_ACTIVITIES = 10_000


def read(imported: Import) -> Found:
    """Raises Unreadable."""
    return found_in(parse(bytes(imported.file or b"")))


def found_in(root: Element) -> Found:
    remarks = _check(root)
    activities = root.findall("iati-activity")
    if not activities:
        raise Unreadable(_("There is no activity in this file."))
    if len(activities) > MOST_ACTIVITIES:
        words = _("There are %(n)s activities in this file; at most %(most)s are read at once. Part it.")
        raise Unreadable(words % {"n": len(activities), "most": MOST_ACTIVITIES})
    lines: list[Line] = []
    sound = _sound(activities, lines)
    related = {attribute(one, "ref") for _n, activity in sound for one in activity.findall("related-activity")}
    here = {_identifier(activity) for _n, activity in sound}
    ground = Ground.load(here | related, [title for _n, activity in sound for title in _titles(activity)])
    names = Names()
    organisations = Organisations(ground, names)
    language, said_on = root.get(LANG, ""), attribute(root, "generated-datetime")
    entries = []
    for number, activity in sound:
        entry = Placing(activity, number, language, said_on, ground, organisations).entry(here)
        entries.append(entry)
    _forget(entries)
    return Found(entries, names, remarks=remarks, lines=lines)


def _check(root: Element) -> list[str]:
    """Raises Unreadable for what is no file of activities; returns remarks on the version."""
    tag = local(root.tag)
    if tag == "iati-organisations":
        raise Unreadable(_("This is an IATI file of organisations. Choose the file of activities."))
    if root.tag != "iati-activities":
        words = _("This is no IATI file of activities: it begins with “%s” and not with “iati-activities”.")
        raise Unreadable(words % tag[:80])
    version = attribute(root, "version")
    if not version:
        raise Unreadable(_('The file does not say which version of IATI it is. Write version="2.03" if it is one.'))
    if version.startswith("1."):
        words = _("This is version %s of IATI, in which elements mean other things. Ask for version 2.01 or later.")
        raise Unreadable(words % version[:10])
    if not version.startswith("2."):
        raise Unreadable(_("The version “%s” of IATI is not known: 2.01, 2.02 and 2.03 are read.") % version[:20])
    return [] if version in VERSIONS else [_("Version %s of IATI was read as 2.03.") % version[:20]]


def _sound(activities: list[Element], lines: list[Line]) -> list[tuple[int, Element]]:
    """With their numbers in the file, beginning with 1. Of the others a line says what is wrong with them."""
    sound = []
    seen: dict[str, int] = {}
    for number, activity in enumerate(activities, start=1):
        identifier, titles = _identifier(activity), _titles(activity)
        problems = []
        if not identifier:
            problems.append(
                Problem(_("The activity has no identifier. Ask who published the file."), "iati-identifier")
            )
        elif len(identifier) > LONGEST_IDENTIFIER:
            words = _("The identifier has more than %s characters.") % LONGEST_IDENTIFIER
            problems.append(Problem(words, "iati-identifier", identifier))
        elif identifier in seen:
            words = _("Activity %s of this file has the same identifier. Take one of them out.") % seen[identifier]
            problems.append(Problem(words, "iati-identifier", identifier))
        if not titles:
            problems.append(Problem(_("The activity has no title: write a narrative in its title."), "title"))
        if problems:
            label = ": ".join(part for part in (identifier, *titles[:1]) if part)
            lines.append(Line(number, label, problems=problems))
        else:
            seen[identifier] = number
            sound.append((number, activity))
    return sound


def _identifier(activity: Element) -> str:
    return one_line(activity.findtext("iati-identifier") or "")


def _titles(activity: Element) -> list[str]:
    return [one_line(one.text) for title in activity.findall("title") for one in narratives(title, "")]


def _forget(entries: list[Entry]) -> None:
    """What this source said of an activity before and does not say any more is said to be nothing."""
    kind = ContentType.objects.get_for_model(Project)
    before = {}
    for keys in in_parts((entry.key for entry in entries), 500):
        for origin in Origin.objects.filter(content_type=kind, scheme=SCHEME, key__in=keys):
            before[origin.source, origin.key] = origin.said
    for entry in entries:
        if said := before.get((entry.source, entry.key)):
            for name in said["fields"]:
                entry.said["fields"].setdefault(name, None)
            for name in said["links"]:
                entry.said["links"].setdefault(name, [])
