"""An old page as a source of projects: each proposal an entry, with its pieces and what could not be placed."""

from collections.abc import Iterable, Iterator, Sequence

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from portal.imports.entries import Entry, Found, Likeness, Line, Names
from portal.models import Import, Origin
from projects.legacy import earlier, pieces, saying, vocabulary
from projects.legacy.ground import Ground
from projects.legacy.known import Known
from projects.legacy.page import PageText, from_file
from projects.legacy.proposals import Proposal
from projects.legacy.reading import read as read_page
from projects.legacy.recognising import recognise
from projects.legacy.words import Span
from projects.models import Project

READER = "legacy-page"
SCHEME = "legacy page"
LONGEST_REMARK = 3000


class Options(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Address or name of the page"),
        required=False,
        max_length=250,
        help_text=gettext_lazy(
            "By this a later version of the page is recognised, and changes only what changed there. Left empty, the "
            "name of the file counts; pasted text without a name is recognised only while it stays as it is."
        ),
    )


def read(imported: Import) -> Found:
    """What a page says of projects. Raises Unreadable."""
    page = from_file(bytes(imported.file or b""), imported.options.get("name") or imported.name)
    known = Known(Ground.load())
    reading = read_page(page, vocabulary.kept(), known.ground)
    names, source = Names(), page.key[:300]
    before = _read_before(source)
    entries = [
        entry_of(proposal, page, source, names, known, before.get(_key(proposal, page)))
        for proposal in reading.proposals
    ]
    return Found(entries, names, page.text, list(_remarks(page, reading.unplaced, len(entries))))


def _read_before(source: str) -> dict[str, Origin]:
    kind = ContentType.objects.get_for_model(Project)
    return {one.key: one for one in Origin.objects.filter(content_type=kind, scheme=SCHEME, source=source)}


def _key(proposal: Proposal, page: PageText) -> str:
    """Of the project on its page."""
    return proposal.key[len(page.key) + 1 :][:300]


def mark_of(source: str, own_key: str) -> str:
    return f"{source}\n{own_key}"


def entry_of(
    proposal: Proposal, page: PageText, source: str, names: Names, known: Known, before: Origin | None
) -> Entry:
    own_key = _key(proposal, page)
    language = pieces.language_of(proposal.language)
    found = pieces.kept(proposal.pieces, language, known)
    unplaced = [{"start": start, "end": end, "words": page.text[start:end]} for start, end in proposal.unplaced]
    remarks = list(proposal.remarks)
    if before is not None:
        found, gone = earlier.as_before(found, before.pieces, page.text, proposal.span)
        remarks += gone
        unplaced = earlier.without(unplaced, found)
    if language != proposal.language:
        words = _(
            "Its labels are in %(language)s, for which the portal has no columns: "
            "its texts stand in those for %(first)s."
        )
        remarks.append(words % {"language": _called(proposal.language), "first": _called(language)})
    line = page.text.count("\n", 0, proposal.span.start) + 1
    label = proposal.title or next(iter(proposal.values("acronym")), "") or _("Project without a title")
    return Entry(
        Project,
        saying.said(found, mark_of(source, own_key), names, known),
        [Line(line, label)],
        label,
        source=source,
        key=own_key,
        pieces=found,
        unplaced=unplaced,
        remarks=remarks,
        likely=[] if before is not None else _likely(proposal),
    )


def _called(language: str) -> str:
    """What a language is called; its code, where editors have phrases of one that Django does not know."""
    try:
        return str(get_language_info(language)["name_translated"])
    except KeyError:
        return language


def _likely(proposal: Proposal) -> list[Likeness]:
    told = _("%(why)s (confidence %(sure)s)")
    return [Likeness(one.project, told % {"why": one.reason, "sure": one.confidence}) for one in recognise(proposal)]


def _remarks(page: PageText, unplaced: Sequence[Span], n: int) -> Iterator[str]:
    """What belongs to no project, in stretches: it is shown, never lost."""
    if not page.text.strip():
        yield _("There is no text in it. A scanned page has to be read by a program for that first.")
        return
    if not n:
        yield _(
            "No project was found: none of its labels is known. Add the labels of this page to the words of old pages."
        )
        return
    for span in _stretches(page, unplaced):
        words = page.text[span.start : span.end]
        if len(words) > LONGEST_REMARK:
            words = words[:LONGEST_REMARK] + " …"
        yield _("Belongs to no project, and is kept with this import: “%s”") % words


def _stretches(page: PageText, spans: Iterable[Span]) -> list[Span]:
    """Lines with nothing else between them together."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and not page.text[found[-1].end : span.start].strip():
            found[-1] = Span(found[-1].start, span.end)
        else:
            found.append(span)
    return found
