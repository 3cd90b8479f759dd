"""Pictures of pages: drawn when they are first asked for, kept under the file's checksum.

Derived data: the folder may be thrown away at any time. An empty file says that a page cannot be drawn.
"""

import io
import threading
import time
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from PIL import Image

from portal import sandbox
from publications.files import write_whole
from publications.models import PublicationFile

COVER, PAGE = 320, 960  # widths; nobody can ask for others
LIMITS = sandbox.Limits(cpu=15, wall=20, output=1 << 24)
AT_ONE_TIME = threading.BoundedSemaphore(2)  # in one process: visitors may ask for many pages at once
PATIENCE = 10  # seconds
TRY_AGAIN = 24 * 60 * 60  # seconds after which a page that could not be drawn is tried once more


class NoPicture(Exception):
    """This page cannot be shown as a picture."""


class Busy(Exception):
    """Too many pages are being drawn at the moment."""


def picture(file: PublicationFile, page: int, width: int) -> bytes:
    """A JPEG of a page, from 1. Raises NoPicture and Busy."""
    if file.format != "pdf" or width not in (COVER, PAGE) or not 1 <= page <= (file.pages or 0):
        raise NoPicture
    path = Path(settings.PICTURES_DIR, file.sha256[:2], file.sha256, f"{page}-{width}.jpg")
    try:
        kept = path.read_bytes()
        if not kept and path.stat().st_mtime > time.time() - TRY_AGAIN:
            raise NoPicture
    except FileNotFoundError:
        kept = b""
    if kept:
        return kept
    if not AT_ONE_TIME.acquire(timeout=PATIENCE):
        raise Busy
    try:
        drawn = _draw(file, page, width)
    finally:
        AT_ONE_TIME.release()
    write_whole(path, [drawn])
    if not drawn:
        raise NoPicture
    return drawn


def _draw(file: PublicationFile, page: int, width: int) -> bytes:
    """Empty where it cannot be done."""
    try:
        with file.file.open("rb") as stream:
            code, drawn = sandbox.run("publications.drawing", str(page), str(width), stdin=stream, limits=LIMITS)
    except FileNotFoundError as error:
        raise NoPicture from error
    except sandbox.Stopped:
        return b""
    return drawn if code == 0 else b""


def cover_height(file: PublicationFile) -> int:
    """Draws the cover; its height, or 0 where there is none."""
    try:
        return Image.open(io.BytesIO(picture(file, 1, COVER))).height
    except (NoPicture, Busy):
        return 0


def send_picture(request: HttpRequest, file: PublicationFile, page: int, width: int) -> HttpResponse:
    """200, 304, 503 while too much is asked, or 404. A picture under one address changes only with its file."""
    etag = quote_etag(f"{file.sha256}-{page}-{width}")
    known = get_conditional_response(request, etag=etag, response=HttpResponse())
    if known is not None and known.status_code == 304:
        known["ETag"] = etag
        return known
    try:
        response = HttpResponse(picture(file, page, width), content_type="image/jpeg")
    except NoPicture as error:
        raise Http404(_("There is no picture of this page.")) from error
    except Busy:
        return HttpResponse(status=503, headers={"Retry-After": "5", "Cache-Control": "no-store"})
    response["ETag"] = etag
    response["Content-Language"] = file.language
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
