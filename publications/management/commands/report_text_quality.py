"""How well the text of files reads and what was repaired in it, page by page: of stored files, or of any file."""

import json
import tempfile
from argparse import BooleanOptionalAction
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from publications import extraction
from publications.files import CONTENT_TYPES
from publications.models import FilePage, PublicationFile
from publications.repair import marks
from publications.repair.quality import of_file

COLUMNS = ("page", "lines", "changed", "left", "marked", "repaired", "gaps", "quality", "known before", "known after")


class Row(NamedTuple):
    """Of one page, or of all. Lines: `changed` read otherwise than in the file, `left` still hold a lost character,
    `marked` show a gap. `repaired` and `gaps` count tokens and characters. Shares are of words in the word list.
    """

    name: str
    lines: int
    changed: int
    left: int
    marked: int
    repaired: int
    gaps: int
    quality: float | None
    before: tuple[int, int] | None
    after: tuple[int, int] | None

    def cells(self) -> list[str]:
        quality = "–" if self.quality is None else f"{self.quality:.3f}"
        return [*map(str, self[:7]), quality, _share(self.before), _share(self.after)]


class Page(NamedTuple):
    """Of the database or straight from a reader."""

    number: int
    text: str
    tokens: list[dict[str, Any]]
    quality: float


class Command(BaseCommand):
    help = (
        "Reports how well the text of files reads: lines changed, left and marked, repairs, gaps, quality, and the "
        "share of words that a word list knows before and after. Ends with 1 where a file could not be reported on, or "
        "one read worse than --at-least."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", nargs="?", help="a file to read and report on without storing anything")
        parser.add_argument("--file", metavar="ID", help="one stored file")
        parser.add_argument("--publication", metavar="SLUG", help="all files of one publication")
        parser.add_argument("--language", default="en", help="of a file given by its path")
        parser.add_argument("--at-least", type=float, metavar="QUALITY", help="fail where a file reads worse (0 to 1)")
        parser.add_argument("--pages", action=BooleanOptionalAction, default=True, help="a line for each page")

    def handle(self, *args: Any, **options: Any) -> None:
        if sum(bool(options[name]) for name in ("path", "file", "publication")) > 1:
            raise CommandError("Name a path, --file or --publication: one of them.")
        failed = worse = reported = 0
        for name, language, pages in self._asked(options):
            reported += 1
            self.stdout.write(f"\n{name}")
            if isinstance(pages, str):
                failed += 1
                self.stderr.write(f"{name}: {pages}")
                continue
            total = self._report(pages, language, options["pages"])
            least = options["at_least"]
            worse += least is not None and (total.quality is None or total.quality < least)
        if not reported:
            raise CommandError("There is no such file.")
        if failed:
            raise CommandError(f"{failed} of {reported} files could not be reported on.")
        if worse:
            raise CommandError(f"{worse} of {reported} files read worse than {options['at_least']}.")

    def _asked(self, options: dict[str, Any]) -> Iterator[tuple[str, str, list[Page] | str]]:
        """Each file with its pages, or with why there are none."""
        if options["path"]:
            yield options["path"], options["language"], _read(Path(options["path"]), options["language"])
            return
        files = PublicationFile.objects.select_related("publication").order_by("publication__slug", "position", "id")
        if options["publication"]:
            files = files.filter(publication__slug=options["publication"])
        if options["file"]:
            try:
                files = files.filter(pk=options["file"])
            except (ValidationError, ValueError) as error:
                raise CommandError(f"“{options['file']}” is no id of a file.") from error
        for file in files:
            pages = [Page(page.number, page.text, page.tokens, page.quality) for page in _stored(file)]
            why = file.last_error or file.get_state_display()
            yield f"{file.publication.slug}: {file}", file.language, pages or str(why)

    def _report(self, pages: list[Page], language: str, each: bool) -> Row:
        shares = _shares(pages, language)
        rows = [_row(page, share) for page, share in zip(pages, shares, strict=True)]
        total = _total(rows, pages)
        self._table([*(rows if each else []), total])
        if total.after is None:
            self.stdout.write(f"There is no word list for “{language}”: known words were not counted.")
        return total

    def _table(self, rows: list[Row]) -> None:
        cells = [list(COLUMNS), *(row.cells() for row in rows)]
        widths = [max(len(line[n]) for line in cells) for n in range(len(COLUMNS))]
        for line in cells:
            self.stdout.write("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)))


def _stored(file: PublicationFile) -> Iterable[FilePage]:
    return file.text_pages.order_by("number")


def _read(path: Path, language: str) -> list[Page] | str:
    format = path.suffix.lower().lstrip(".")
    format = {"htm": "html", "text": "txt"}.get(format, format)
    if format not in CONTENT_TYPES:
        return "It is none of: " + ", ".join(sorted(CONTENT_TYPES))
    try:
        with path.open("rb") as stream:
            read = extraction.read_stream(stream, format, language)
    except OSError as error:
        return error.strerror or str(error)
    except extraction.Unreadable as error:
        return str(error)
    return [Page(page.number, page.text, page.tokens, page.quality) for page in read]


def _shares(pages: list[Page], language: str) -> list[list[int] | None]:
    """Counted by a child under the limits of a reader; nothing where there is no list for the language."""
    with tempfile.TemporaryFile() as asked:
        for page in pages:
            before = marks.unrepaired(page.text, marks.from_json(page.tokens))
            asked.write(json.dumps([before, page.text]).encode() + b"\n")
        asked.seek(0)
        code, written = extraction.run("publications.repair.report", [language], asked)
        counted = [json.loads(line) for line in written.splitlines()]
    if code == 3:
        return [None] * len(pages)
    if code or len(counted) != len(pages):
        raise CommandError("Counting words took more memory or time than is allowed.")
    return counted


def _row(page: Page, share: list[int] | None) -> Row:
    tokens = marks.from_json(page.tokens)
    before = marks.unrepaired(page.text, tokens).split("\n")
    after = page.text.split("\n")
    repaired, gaps = marks.counts(tokens)
    return Row(
        str(page.number),
        len(after),
        sum(one != two for one, two in zip(before, after, strict=True)),
        sum(marks.LOST in line for line in after),
        sum(marks.GAP in line for line in after),
        repaired,
        gaps,
        page.quality,
        (share[0], share[1]) if share else None,
        (share[2], share[3]) if share else None,
    )


def _total(rows: list[Row], pages: list[Page]) -> Row:
    quality = of_file([(page.quality, len(page.text.split())) for page in pages])
    return Row(
        "all",
        sum(row.lines for row in rows),
        sum(row.changed for row in rows),
        sum(row.left for row in rows),
        sum(row.marked for row in rows),
        sum(row.repaired for row in rows),
        sum(row.gaps for row in rows),
        quality,
        _sum(row.before for row in rows),
        _sum(row.after for row in rows),
    )


def _sum(shares: Iterable[tuple[int, int] | None]) -> tuple[int, int] | None:
    counted = list(shares)
    found = [share for share in counted if share is not None]
    return (sum(known for known, _n in found), sum(n for _known, n in found)) if found or not counted else None


def _share(counted: tuple[int, int] | None) -> str:
    return f"{counted[0] / counted[1]:.1%}" if counted and counted[1] else "–"
