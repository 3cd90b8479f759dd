"""Sending a stored file: whole or in part, with what caches and PDF viewers ask for (RFC 9110, sections 13 and 14)."""

import re
from collections.abc import Iterator
from typing import IO

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag
from django.utils.translation import gettext as _

from publications.files import CONTENT_TYPES, clean_name
from publications.models import PublicationFile

CHUNK = 1 << 16


def send_file(request: HttpRequest, file: PublicationFile) -> HttpResponseBase:
    """200 with all of it, 206 with the one range that was asked for, 304 or 416.

    The checksum is the entity tag: a file under one address never changes without it. Several ranges in one
    request are answered with the whole file, as the standard allows.
    """
    etag = quote_etag(file.sha256)
    known = get_conditional_response(request, etag=etag, response=HttpResponse())
    if known is not None and known.status_code == 304:
        return _with_headers(known, file, etag)
    wanted = _wanted_range(request, file.size, etag)
    if wanted == "unsatisfiable":
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{file.size}"
        return _with_headers(refused, file, etag)
    try:
        stream = file.file.open("rb")
    except FileNotFoundError as error:
        raise Http404(_("The stored file is missing.")) from error
    if not isinstance(wanted, tuple):
        return _with_headers(FileResponse(stream, content_type=CONTENT_TYPES[file.format]), file, etag)
    first, last = wanted
    part = StreamingHttpResponse(_part(stream, first, last), status=206, content_type=CONTENT_TYPES[file.format])
    part["Content-Range"] = f"bytes {first}-{last}/{file.size}"
    part["Content-Length"] = str(last - first + 1)
    return _with_headers(part, file, etag)


def _wanted_range(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | str | None:
    """First and last byte; None for the whole file; "unsatisfiable"."""
    match = re.fullmatch(r"bytes=(\d{0,15})-(\d{0,15})", request.headers.get("Range", ""), re.ASCII)
    if not match or request.method == "HEAD" or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = match.groups()
    if first:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
        return (start, end) if start <= end else "unsatisfiable" if start >= size else None
    if not last:
        return None
    return (max(0, size - int(last)), size - 1) if int(last) else "unsatisfiable"


def _part(stream: IO[bytes], first: int, last: int) -> Iterator[bytes]:
    with stream:
        stream.seek(first)
        left = last - first + 1
        while left and (chunk := stream.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk


def _with_headers(response: HttpResponseBase, file: PublicationFile, etag: str) -> HttpResponseBase:
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["Content-Language"] = file.language
    as_attachment = file.format in {"docx", "html"}
    name = clean_name(file.original_name)  # again: rows may be older than the rule
    response["Content-Disposition"] = content_disposition_header(as_attachment, name) or "inline"
    if file.format != "pdf":  # nothing may run in the portal's name; a browser's PDF viewer breaks behind this fence
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
