"""Good PDFs with single bytes changed: python -m tests.publications.flips NUMBER SEED LIMITS-MODULE < FILE.

Each goes, in a process of its own with the limits of the sandbox, through all that opens a PDF here: the check when
it comes in, the reading and the drawing. Writes one word a case: what it ended as.
"""

import io
import os
import random
import signal
import sys
import time

PATIENCE = 15  # seconds
ENDS = {0: "read", 1: "refused", 2: "unreadable", 3: "undrawable", 4: "surprised"}


def damaged(content: bytes, dice: random.Random) -> bytes:
    """One to eight bytes changed, sometimes a piece taken out or its end cut off."""
    changed = bytearray(content)
    for _n in range(dice.randint(1, 8)):
        changed[dice.randrange(len(changed))] = dice.randrange(256)
    kind = dice.random()
    if kind < 0.15:
        del changed[dice.randrange(len(changed)) :]
    elif kind < 0.3:
        start = dice.randrange(len(changed))
        del changed[start : start + dice.randint(1, 200)]
    return bytes(changed)


def open_all(content: bytes) -> int:
    from publications.drawing import draw
    from publications.structure import Problem, recognise
    from publications.text import extract_pages, repaired

    try:
        recognise(io.BytesIO(content))
    except Problem:
        return 1
    try:
        list(repaired(list(extract_pages(io.BytesIO(content), "pdf"))))
    except ValueError:
        return 2
    try:
        draw(io.BytesIO(content), 1, 320)
    except (RuntimeError, ValueError):
        return 3
    return 0


def end_of(content: bytes) -> str:
    if (child := os.fork()) == 0:
        try:
            code = open_all(content)
        except Exception:
            code = 4
        os._exit(code)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return ENDS[os.waitstatus_to_exitcode(status)] if os.WIFEXITED(status) else "crashed"
        time.sleep(0.001)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "hung"


if __name__ == "__main__":
    import pypdfium2  # noqa: F401 (loaded once, before the forks)

    import publications.drawing
    import publications.structure  # noqa: F401

    dice = random.Random(int(sys.argv[2]))  # noqa: S311
    good = sys.stdin.buffer.read()
    for _n in range(int(sys.argv[1])):
        print(end_of(damaged(good, dice)), flush=True)
