"""One page of a PDF as a JPEG. Runs in the sandbox: python -m publications.drawing PAGE WIDTH < FILE > PICTURE.

No script of the file's is run and nothing is fetched: PDFium is built without either.
"""

import io
import sys
from typing import BinaryIO

import pypdfium2
from PIL.Image import Image

TALLEST = 3  # times the width: a banner is shown whole, a page a mile long is shown small
QUALITY = 80


def draw(file: BinaryIO, number: int, width: int) -> Image:
    """Page `number`, from 1, at most `width` wide. Raises PdfiumError or ValueError where it cannot be drawn."""
    page = pypdfium2.PdfDocument(file)[number - 1]
    across, down = page.get_size()
    if not (across > 0 and down > 0):
        raise ValueError("a page without a surface")
    scale = min(width / across, TALLEST * width / down)
    return page.render(scale=scale).to_pil().convert("RGB")


if __name__ == "__main__":
    out = io.BytesIO()
    number, width = map(int, sys.argv[1:])
    draw(io.BufferedReader(io.FileIO(0, closefd=False)), number, width).save(
        out, "JPEG", quality=QUALITY, optimize=True, progressive=True
    )
    sys.stdout.buffer.write(out.getvalue())
