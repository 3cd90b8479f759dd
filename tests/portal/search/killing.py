"""Kills the index's writer at random moments while records are being saved; then compares index and database.

A program of its own: it forks its victims, which neither the test process nor the engine's threads would survive.
Prints what it did as JSON. `python -m tests.portal.search.killing KILLS SEED`, with PORTAL_VAR_DIR an empty folder.
"""

import json
import os
import random
import signal
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")


def main(kills: int, seed: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    dice = random.Random(seed)  # noqa: S311
    died = 0
    for _ in range(kills):
        connection.close()
        victim = os.fork()
        if victim == 0:
            follow_for_ever()
        until = time.monotonic() + dice.uniform(0.01, 0.35)
        while time.monotonic() < until:
            change_something(dice)
        os.kill(victim, signal.SIGKILL)
        died += os.WIFSIGNALED(os.waitpid(victim, 0)[1])
    connection.close()
    reading, writing = os.pipe()
    if (last := os.fork()) == 0:
        from portal.search import checking
        from portal.search.writing import catch_up

        applied = catch_up(wait=5)
        told = {"applied": applied, "waiting": checking.waiting(), "differences": list(map(str, checking.check()))}
        os.write(writing, json.dumps(told).encode())
        os._exit(0)
    os.waitpid(last, 0)
    os.close(writing)
    from publications.models import Publication

    result = json.loads(os.read(reading, 1 << 20))
    print(json.dumps(result | {"killed": died, "live": Publication.objects.published().count()}))


def follow_for_ever() -> None:
    from portal.search.writing import catch_up

    while True:
        catch_up()


def change_something(dice: random.Random) -> None:
    from publications.models import FilePage, Publication, PublicationFile
    from tests.factories import make_publication, publisher

    published = list(Publication.objects.published().order_by("pk")[:40])
    what = dice.random()
    if what < 0.4 or len(published) < 5:
        publication = make_publication(title=f"Harbour {dice.random()}", published=True)
        checksum = f"{dice.getrandbits(256):064x}"
        file = PublicationFile(publication=publication, sha256=checksum, format="txt", size=1, state="done")
        file.save()
        FilePage.objects.bulk_create(
            FilePage(file=file, number=n, text=f"quay {n} " * 40) for n in range(1, dice.randint(2, 30))
        )
        publication.save()
    elif what < 0.8:
        publication = dice.choice(published)
        publication.title_en = f"Quay {dice.random()}"
        publication.save()
    else:
        dice.choice(published).withdraw(by=publisher(), reason="Superseded.")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
