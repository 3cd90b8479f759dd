"""Files as they come in: told by their content and never by their name, stored under their checksum."""

import contextlib
import hashlib
import json
import os
import re
import tempfile
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import sandbox

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
}
LONGEST_NAME = 255
LIMITS = sandbox.Limits(cpu=20, wall=30, output=1 << 16)
PROBLEMS = {
    "encrypted": gettext_lazy("The PDF is locked with a password."),
    "damaged-pdf": gettext_lazy("The PDF is damaged and cannot be opened."),
    "no-pages": gettext_lazy("The PDF has no pages."),
    "bomb": gettext_lazy("The file unpacks to more than is accepted."),
    "archive": gettext_lazy("This is an archive and no Word document."),
    "leads-out": gettext_lazy("The Word document holds names that lead out of it, which no honest one does."),
    "entities": gettext_lazy("The Word document declares entities, which no honest one does."),
    "damaged-docx": gettext_lazy("The Word document is damaged and cannot be opened."),
    "xml": gettext_lazy("XML and SVG files are not accepted here."),
    "long-text": gettext_lazy("The text is longer than any book: text and HTML may have 20 MB."),
    "unknown": gettext_lazy("This is neither PDF, Word, HTML nor plain text in UTF-8."),
}


@dataclass(frozen=True)
class FileFacts:
    """What an upload turned out to be. `size` in bytes; `pages` is None where the format has none."""

    format: str
    size: int
    sha256: str
    pages: int | None


def inspect(file: IO[bytes], name: str) -> FileFacts:
    """Find out what a file is. Raises ValidationError with what is wrong with it, in words for editors.

    Reads from the start and leaves the position at the start. Nothing in the file is run or fetched, and it is
    opened by another process under limits: what breaks that one does not break this one.
    """
    file.seek(0, 2)
    size = file.tell()
    if size == 0:
        raise ValidationError(_("The file is empty."), code="empty")
    if size > settings.UPLOAD_LIMIT_MB * 1024 * 1024:
        raise ValidationError(
            _("The file is larger than %(limit)s MB.") % {"limit": settings.UPLOAD_LIMIT_MB}, code="too-large"
        )
    file.seek(0)
    checksum = hashlib.sha256()
    while chunk := file.read(1 << 20):
        checksum.update(chunk)
    format, pages = _recognise(file)
    file.seek(0)
    claimed = PurePath(name).suffix.lower().lstrip(".")
    claimed = {"htm": "html", "text": "txt"}.get(claimed, claimed)
    if claimed != format:
        raise ValidationError(
            _("The name says “%(claimed)s”, but the content is %(format)s. Check that it is the right file.")
            % {"claimed": claimed or _("nothing"), "format": format.upper()},
            code="not-what-it-claims",
        )
    return FileFacts(format, size, checksum.hexdigest(), pages)


def _recognise(file: IO[bytes]) -> tuple[str, int | None]:
    try:
        code, written = sandbox.run("publications.structure", stdin=file, limits=LIMITS)
    except sandbox.Stopped:
        code, written = 1, b""
    if code != 0:
        raise ValidationError(
            _("The file cannot be opened: it takes more memory or time than is allowed."), code="damaged"
        )
    found = json.loads(written)
    if problem := found.get("problem"):
        raise ValidationError(PROBLEMS[problem], code=problem)
    return found["format"], found["pages"]


def clean_name(name: str) -> str:
    """A name as it may be shown and sent: one line, no path, nothing that turns the direction of reading.

    It is no name in our store, so that reserved names and dots do no harm; too long a one is cut in its middle.
    """
    name = unicodedata.normalize("NFC", name).encode("utf-8", "ignore").decode()
    name = re.split(r"[/\\]", name)[-1]
    name = "".join(c for c in name if unicodedata.category(c) not in {"Cc", "Cf", "Zl", "Zp"} or c in "\u200c\u200d")
    stem, dot, suffix = name.strip().rpartition(".")
    if not dot or len(suffix) > 10:
        stem, dot, suffix = name.strip(), "", ""
    return (stem.strip() or "file")[: LONGEST_NAME - len(dot + suffix)] + dot + suffix


class ChecksumStorage(FileSystemStorage):
    """Names are checksums, so a name that is taken already holds these very bytes: nothing is overwritten.

    That holds only as long as no half a file ever bears such a name: bytes are written beside it, brought to the
    disk, and then given their name.
    """

    @property
    def location(self) -> str:  # type: ignore[override]
        """The private store, wherever settings say it is at the moment."""
        return os.path.abspath(settings.FILES_DIR)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: Any) -> str:
        if self.exists(name) and self.size(name) == content.size:
            return name
        write_whole(Path(self.path(name)), content.chunks())
        return name


def write_whole(path: Path, chunks: Any) -> None:
    """The file appears under its name complete or not at all, whenever the process or the machine dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(beside)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # else a power cut may take the name away again
    finally:
        os.close(folder)


def store() -> ChecksumStorage:
    return ChecksumStorage(base_url=None)
