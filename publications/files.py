"""Files as they come in: told by their content and never by their name, stored under their checksum."""

import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, Any

import pypdfium2
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage
from django.utils.translation import gettext as _

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
}
DOCX_LIMIT_MB = 200  # unpacked; a zip bomb is small on disk


@dataclass(frozen=True)
class FileFacts:
    """What an upload turned out to be. `size` in bytes; `pages` is None where the format has none."""

    format: str
    size: int
    sha256: str
    pages: int | None


def inspect(file: IO[bytes], name: str) -> FileFacts:
    """Find out what a file is. Raises ValidationError with what is wrong with it, in words for editors.

    Reads from the start and leaves the position at the start. Nothing in the file is run or fetched.
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
    head = file.read(1024)
    checksum = hashlib.sha256(head)
    while chunk := file.read(1 << 20):
        checksum.update(chunk)
    file.seek(0)
    format, pages = _recognise(file, head)
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


def _recognise(file: IO[bytes], head: bytes) -> tuple[str, int | None]:
    if head.lstrip(b"\x00\t\r\n ").startswith(b"%PDF-"):
        return "pdf", _pdf_pages(file)
    if head.startswith(b"PK\x03\x04"):
        _check_docx(file)
        return "docx", None
    start = head.lstrip(b"\xef\xbb\xbf\t\r\n ").lower()
    text = _text(file)
    if start.startswith((b"<!doctype html", b"<html")):
        return "html", None
    if start.startswith((b"<?xml", b"<svg")):
        raise ValidationError(_("XML and SVG files are not accepted here."), code="unknown")
    return "txt", text.count("\f") + 1 if "\f" in text else None


def _pdf_pages(file: IO[bytes]) -> int:
    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error):
            raise ValidationError(_("The PDF is locked with a password."), code="encrypted") from error
        raise ValidationError(_("The PDF is damaged and cannot be opened."), code="damaged") from error
    try:
        if not len(document):
            raise ValidationError(_("The PDF has no pages."), code="damaged")
        return len(document)
    finally:
        document.close()


def _check_docx(file: IO[bytes]) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > DOCX_LIMIT_MB * 1024 * 1024 or len(entries) > 10_000:
                raise ValidationError(_("The file unpacks to more than is accepted."), code="too-large")
            names = {entry.filename for entry in entries}
            if not {"word/document.xml", "[Content_Types].xml"} <= names:
                raise ValidationError(_("This is an archive and no Word document."), code="unknown")
            archive.read("word/document.xml")
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise ValidationError(_("The Word document is damaged and cannot be opened."), code="damaged") from error


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValidationError(_("This is neither PDF, Word, HTML nor plain text in UTF-8."), code="unknown") from error
    if "\x00" in text:
        raise ValidationError(_("This is neither PDF, Word, HTML nor plain text in UTF-8."), code="unknown")
    return text


class ChecksumStorage(FileSystemStorage):
    """Names are checksums, so a name that is taken already holds these very bytes: nothing is overwritten."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: Any) -> str:
        return name if self.exists(name) else super()._save(name, content)  # type: ignore[misc]


def store() -> ChecksumStorage:
    """The private store, under the location that settings name."""
    return ChecksumStorage(location=settings.FILES_DIR, base_url=None)
