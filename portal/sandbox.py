"""Programs of our own that read files nobody vouches for: each in a process with limits that dies with its parent.

`run` is the parent's side. The child is `python -m portal.sandbox LIMITS MODULE ARGUMENTS < FILE`: it binds
itself before it reads the first byte, so that nothing has to run between fork and exec. Knows no Django.
"""

import contextlib
import ctypes
import os
import resource
import runpy
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
TICK = 5.0  # seconds between two beats
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux


@dataclass(frozen=True)
class Limits:
    """Seconds of computing and of waiting, bytes of address space and of what is written."""

    cpu: int = 60
    wall: float = 90
    memory: int = 1 << 29
    output: int = 1 << 26


class Stopped(Exception):
    """It was ended by a limit or crashed. `took_too_long` tells the clock from the rest."""

    def __init__(self, took_too_long: bool) -> None:
        super().__init__("too long" if took_too_long else "crashed or out of memory")
        self.took_too_long = took_too_long


def run(
    module: str, *arguments: str, stdin: IO[bytes], limits: Limits, beat: Callable[[], object] = lambda: None
) -> tuple[int, bytes]:
    """Runs a module on a file from its start; its exit code and what it wrote. Raises Stopped.

    `beat` is called every few seconds while it runs; what it raises ends the child.
    """
    command = [sys.executable, "-m", "portal.sandbox", str(os.getpid())]
    command += [str(limits.cpu), str(limits.memory), str(limits.output), module, *arguments]
    with tempfile.TemporaryFile() as output, _with_descriptor(stdin) as source:
        os.lseek(source.fileno(), 0, os.SEEK_SET)
        child = subprocess.Popen(  # noqa: S603 (our own program, with no word of the file's on its command line)
            command,
            stdin=source.fileno(),
            stdout=output.fileno(),
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env={
                "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
                "PYTHONIOENCODING": "utf-8:replace",
                "OMP_THREAD_LIMIT": "1",
            },
            start_new_session=True,
        )
        try:
            code = _wait(child, limits.wall, beat)
        finally:
            if child.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        if code < 0:
            raise Stopped(took_too_long=-code == signal.SIGXCPU)
        output.seek(0)
        return code, output.read()


def _wait(child: subprocess.Popen, wall: float, beat: Callable[[], object]) -> int:
    end = time.monotonic() + wall
    while (left := end - time.monotonic()) > 0:
        try:
            return child.wait(min(TICK, left))
        except subprocess.TimeoutExpired:
            beat()
    raise Stopped(took_too_long=True)


@contextlib.contextmanager
def _with_descriptor(file: IO[bytes]):  # type: ignore[no-untyped-def]
    """An upload that is held in memory is written down first: a child reads descriptors only."""
    try:
        file.fileno()
    except (OSError, AttributeError):
        with tempfile.TemporaryFile() as copy:
            file.seek(0)
            shutil.copyfileobj(file, copy)
            copy.flush()
            yield copy
    else:
        yield file


def die_with_parent(parent: int) -> None:
    """Where the system can: Linux. Elsewhere the limits end an orphan."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
        if os.getppid() != parent:  # it died before we asked
            sys.exit(1)


def main(parent: str, cpu: str, memory: str, output: str, module: str, *arguments: str) -> None:
    die_with_parent(int(parent))
    resource.setrlimit(resource.RLIMIT_CPU, (int(cpu), int(cpu) + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(output), int(output)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
