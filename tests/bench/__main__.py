"""python -m tests.bench [section ...]: measures, and prints what was found beside the goals.

BENCH_RECORDS=10000,100000,1000000 measures search at other sizes, BENCH_PUBLICATIONS=1000 builds with more.
Everything lies under var/bench and is used again by the next run.
"""

import io
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.measuring import Row, print_table

SIZES = [int(size) for size in os.environ.get("BENCH_RECORDS", "10000,100000").split(",")]
PUBLICATIONS = int(os.environ.get("BENCH_PUBLICATIONS", "200"))


def start() -> Path:
    """Settings and a database with the sample. Where everything lies."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from publications.models import PublicationType

    call_command("migrate", verbosity=0)
    if not PublicationType.objects.exists():
        call_command("load_sample", stdout=io.StringIO())
    return Path(settings.VAR_DIR)


def search(folder: Path) -> None:
    from tests.bench import searching

    show(lambda: searching.rows(SIZES, folder))


def build(folder: Path) -> None:
    from tests.bench import building

    show(lambda: building.rows(folder, PUBLICATIONS))


def ranking(folder: Path) -> None:
    """How well hits are ordered. In a database of its own: what is invented is not judged."""
    own = os.environ | {"PORTAL_VAR_DIR": str(folder / "ranking"), "DJANGO_SETTINGS_MODULE": "portal.settings"}
    subprocess.run([sys.executable, "-m", "tests.bench.quality"], env=own, check=True)


def show(measured: Callable[[], list[Row]]) -> None:
    started = time.monotonic()
    print_table(measured())
    print(f"({time.monotonic() - started:.0f} s)\n", flush=True)


SECTIONS = {"search": search, "build": build, "ranking": ranking}

if __name__ == "__main__":
    wanted = sys.argv[1:] or list(SECTIONS)
    if unknown := set(wanted) - set(SECTIONS):
        sys.exit(f"There is no section {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}.")
    place = start()
    for name in wanted:
        SECTIONS[name](place)
