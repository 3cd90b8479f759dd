"""Optical character recognition of pages that hold no usable text, by Tesseract where it is installed.

One process a page: python -m publications.ocr PAGE LANGUAGES < FILE, in the sandbox. So a page that breaks the
program costs itself and no other. Knows no Django.
"""

import csv
import io
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import IO, BinaryIO

from portal import sandbox
from publications.text import PageText, tidy

LIMITS = sandbox.Limits(cpu=60, wall=60)
DPI, MOST_PIXELS = 300, 25_000_000  # A3 at 300 dots an inch has 17 million
HOPELESS, FEW = 0.3, 20  # a text layer of this quality is none; of fewer tokens nothing is said
WORTH_SHOWING = 0.4  # below, Tesseract has read letters into a photograph
LANGUAGES = {
    "ar": "ara+eng", "az": "aze", "bg": "bul+eng", "bs": "bos", "cs": "ces", "de": "deu", "el": "ell+eng", "en": "eng",
    "es": "spa", "fa": "fas+eng", "fr": "fra", "hr": "hrv", "hu": "hun", "hy": "hye+eng", "it": "ita", "ka": "kat+eng",
    "kk": "kaz+eng", "ky": "kir+eng", "mk": "mkd+eng", "nl": "nld", "pl": "pol", "ps": "pus+eng", "pt": "por",
    "ro": "ron", "ru": "rus+eng", "sk": "slk", "sl": "slv", "sq": "sqi", "sr": "srp+eng", "sr-latn": "srp_latn",
    "tg": "tgk+eng", "tr": "tur", "uk": "ukr+eng", "ur": "urd+eng", "uz": "uzb", "zh": "chi_sim+eng",
}  # fmt: skip


def has_no_text(page: PageText) -> bool:
    """Whether the file itself holds nothing of a page that could be read or searched."""
    if not any(c.isalnum() for c in page.text):
        return True
    return page.quality < HOPELESS and len(page.text.split()) >= FEW


def languages_for(code: str) -> str:
    """What Tesseract is to be asked for, for a language of BCP 47; empty where it cannot read it or is not there."""
    code = code.lower()
    wanted = LANGUAGES.get(code) or LANGUAGES.get(code.partition("-")[0], "")
    program = shutil.which("tesseract")
    there = _installed(program) if program else frozenset()
    first, *others = wanted.split("+")
    return "+".join([first, *(other for other in others if other in there)]) if first in there else ""


@lru_cache
def _installed(program: str) -> frozenset[str]:
    told = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False)  # noqa: S603
    return frozenset(told.stdout.split("\n")[1:]) - {""}


def read(file: IO[bytes], page: PageText, languages: str, beat: Callable[[], object]) -> PageText | None:
    """The page with the text that was recognised; None where none was, or less than nothing."""
    try:
        code, written = sandbox.run(
            "publications.ocr", str(page.number), languages, stdin=file, limits=LIMITS, beat=beat
        )
    except sandbox.Stopped:
        return None
    if code != 0:
        return None
    found = json.loads(written)
    if not any(c.isalnum() for c in found["text"]) or found["quality"] < WORTH_SHOWING:
        return None
    return page._replace(
        text=tidy(found["text"]), quality=round(found["quality"], 3), repairs=0, gaps=0, tokens=[], is_ocr=True
    )


def recognise(file: BinaryIO, number: int, languages: str) -> tuple[str, float]:
    """The text of a page from 1, and how sure Tesseract is of it, from 0 to 1."""
    import pypdfium2

    page = pypdfium2.PdfDocument(file)[number - 1]
    width, height = page.get_size()
    scale = min(DPI / 72, math.sqrt(MOST_PIXELS / max(1, width * height)))
    picture = page.render(scale=scale, grayscale=True).to_pil().convert("L")
    if picture.getextrema()[0] > 200:  # nothing dark on it: an empty page
        return "", 0.0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "page.pgm")
        picture.save(path)
        parent, dpi = os.getpid(), str(round(72 * scale))
        program = shutil.which("tesseract") or "tesseract"
        subprocess.run(  # noqa: S603 (found on the path; languages are those of the table above)
            [program, str(path), str(path.with_suffix("")), "-l", languages, "--dpi", dpi, "txt", "tsv"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: sandbox.die_with_parent(parent),
            check=True,
        )
        return path.with_suffix(".txt").read_text("utf-8"), _confidence(path.with_suffix(".tsv").read_text("utf-8"))


def _confidence(table: str) -> float:
    """The mean over all letters, as Tesseract gives it a word."""
    rows = [row for row in csv.reader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE) if len(row) == 12]
    words = [(float(row[10]), len(row[11].strip())) for row in rows if re.fullmatch(r"[\d.]+", row[10])]
    letters = sum(length for _sure, length in words)
    return sum(sure * length for sure, length in words) / letters / 100 if letters else 0.0


if __name__ == "__main__":
    text, quality = recognise(io.BufferedReader(io.FileIO(0, closefd=False)), int(sys.argv[1]), sys.argv[2])
    json.dump({"text": text, "quality": quality}, sys.stdout)
