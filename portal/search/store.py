"""The folders of the index: which one is current, opening it to read, and being the only one who writes.

    var/index/current          the name of the generation in use
    var/index/<generation>/    visitors/{records,pages} and staff/{records,pages}, each an index of the engine
    var/index/writer.lock      held by the one writer of this host, and let go by the system when it dies

Visitors' folders hold public text only, so that neither counts nor weights can tell of anything else.
"""

import contextlib
import fcntl
import os
import shutil
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import tantivy
from django.conf import settings

from portal.search import analysis, schema
from portal.search.grammar import QueryError

AUDIENCES = ("visitors", "staff")
PARTS = ("records", "pages")
RECHECK = 0.2  # seconds between two looks at whether the current generation changed


class IndexUnavailable(Exception):
    """There is no index, or it cannot be read: say so and search titles in the database."""


@dataclass
class Part:
    """One index of the engine, opened for reading; follows what the writer commits."""

    index: tantivy.Index
    meta: Path
    seen: int = 0
    languages: tuple[str, ...] = ()
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.schema = self.index.schema

    def searcher(self) -> tantivy.Searcher:
        stamp = self.meta.stat().st_mtime_ns
        if stamp != self.seen:
            with self.lock:
                self.index.reload()
                searcher = self.index.searcher()
                # A query need not be put in languages that nothing is written in.
                held = (one for one in analysis.LANGUAGES if searcher.terms_with_prefix(f"text_{one}", "", limit=1))
                self.languages = tuple(held)
                self.seen = stamp
        return self.index.searcher()


@dataclass
class Generation:
    """All parts of one generation, by (audience, part)."""

    name: str
    parts: dict[tuple[str, str], Part]


def root() -> Path:
    return Path(settings.INDEX_DIR)


def current_name() -> str | None:
    try:
        return (root() / "current").read_text().strip() or None
    except (FileNotFoundError, NotADirectoryError):
        return None


def make_current(name: str) -> None:
    """Swap: readers see either the old generation or the new one."""
    pending = root() / f"current.{uuid.uuid4().hex}"
    pending.write_text(name)
    pending.replace(root() / "current")


def new_name() -> str:
    return f"{int(time.time())}-{uuid.uuid4().hex[:8]}"


def sweep(keep: set[str]) -> None:
    """Remove generations that nobody opens any more. Those who still read one keep their open files."""
    for folder in root().iterdir():
        if folder.is_dir() and folder.name not in keep:
            shutil.rmtree(folder, ignore_errors=True)


def open_part(folder: Path, part: str, create: bool = False) -> tantivy.Index:
    """Raises IndexUnavailable."""
    try:
        if create:
            folder.mkdir(parents=True, exist_ok=True)
            index = tantivy.Index(schema.build(part), str(folder))
        else:
            index = tantivy.Index.open(str(folder))
        analysis.register(index)
    except (ValueError, OSError) as error:
        raise IndexUnavailable(str(error)) from error
    if not create:
        index.config_reader("manual")
    return index


def start_from(folder: Path, other: Path) -> None:
    """Make a folder that begins as a copy of another one, which nobody writes at the moment.

    The engine never writes to a file again that it has finished, so all but its lists of files are linked.
    """
    folder.mkdir(parents=True)
    for file in other.iterdir():
        if file.suffix == ".json":
            shutil.copy2(file, folder / file.name)
        elif file.suffix != ".lock":
            try:
                os.link(file, folder / file.name)
            except OSError:  # a file system without links
                shutil.copy2(file, folder / file.name)


_opened: Generation | None = None
_checked = 0.0
_opening = threading.Lock()


def opened() -> Generation:
    """The current generation, opened once per process and again when it was swapped. Raises IndexUnavailable."""
    global _opened, _checked
    now = time.monotonic()
    if _opened is not None and now - _checked < RECHECK and (root() / _opened.name).exists():
        return _opened
    with _opening:
        name = current_name()
        if name is None:
            _opened = None
            raise IndexUnavailable("There is no index yet.")
        if _opened is None or _opened.name != name:
            _opened = _open(name)
        _checked = now
        return _opened


def forget() -> None:
    """Close what this process has open, for tests and after a rebuild in the same process."""
    global _opened
    _opened = None


def _open(name: str) -> Generation:
    folder = root() / name
    if not schema.fits(folder):
        raise IndexUnavailable("The index was made by another version of the portal.")
    parts = {}
    for audience in AUDIENCES:
        for part in PARTS:
            place = folder / audience / part
            parts[audience, part] = Part(open_part(place, part), place / "meta.json")
    return Generation(name, parts)


@contextlib.contextmanager
def searching() -> Iterator[None]:
    """What the engine may raise, as IndexUnavailable: a damaged file panics, which Python sees as a BaseException."""
    try:
        yield
    except QueryError:
        raise  # of a value that nothing is known by
    except (ValueError, OSError) as error:
        raise IndexUnavailable(str(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        forget()
        raise IndexUnavailable(str(error)) from error


@contextlib.contextmanager
def writer_lock(wait: float) -> Iterator[bool]:
    """Be the one writer of this host. Yields False if somebody else is and stays so for `wait` seconds."""
    root().mkdir(parents=True, exist_ok=True)
    with open(root() / "writer.lock", "w") as file:
        until = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= until:
                    yield False
                    return
                time.sleep(0.02)
        yield True
