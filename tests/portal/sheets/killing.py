"""An import that is killed (-9) at any moment while it is carried out; then what is there is counted.

python -m tests.portal.sheets.killing KILLS SEED, with PORTAL_VAR_DIR an empty folder. Called with `carry KEY` it is the
one that is killed.
"""

# ruff: noqa: S311 (drawn from a seed, so that a failure can be repeated)
import json
import random
import signal
import subprocess
import sys
import time

import django

ROWS = 150


def carry(key):
    from portal.admin.imports import acting, judge_for
    from portal.imports import carrying_out
    from portal.models import Import

    imported = Import.objects.get(pk=key)
    print("begun", flush=True)
    carrying_out.carry_out(imported, imported.by, judge_for(acting(imported.by)))


def prepare():
    from portal import roles
    from portal.admin.imports import acting, judge_for
    from portal.imports import carrying_out
    from tests.factories import make_organisation, make_project
    from tests.people import make_person
    from tests.portal.sheets.conftest import table

    editor = make_person("edith", roles.EDITOR)
    make_organisation(name="Sweden Aid")
    for n in range(ROWS // 3):
        make_project(title=f"Old {n}", slug=f"old-{n}", changed_by=editor)
    changed = [["", f"old-{n}", f"New {n}", "2017", ""] for n in range(ROWS // 3)]
    new = [["", "", f"Project {n}", "2016-10", "Sweden Aid"] for n in range(ROWS - len(changed))]
    content = table(["id", "slug", "title_en", "start", "donors"], *changed, *new)
    imported = carrying_out.begin("projects", editor, "list.csv", content)
    carrying_out.read(imported, judge_for(acting(editor)))
    return imported


def counted():
    """All that it writes; the same before as after a death."""
    from portal.models import AuditEntry, Origin, Version
    from projects.models import Project, ProjectRole

    found = (Project.objects.filter(title_en__startswith="Old"), Project, ProjectRole, Origin, Version, AuditEntry)
    return [(one.objects if isinstance(one, type) else one).count() for one in found]


def kill(key, after):
    """Whether it was killed at its work."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.portal.sheets.killing", "carry", key], stdout=subprocess.PIPE
    )
    child.stdout.readline()
    time.sleep(after)
    child.send_signal(signal.SIGKILL)
    return child.wait() == -signal.SIGKILL


def main(kills, seed):
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tests.portal.admin.killing import wait_for_the_dead

    call_command("migrate", verbosity=0)
    imported, dice, wrong, killed = prepare(), random.Random(seed), [], 0
    before = counted()
    for _n in range(kills):
        connection.close()
        killed += kill(str(imported.pk), dice.uniform(0.02, 0.8))
        wait_for_the_dead(connection)
        imported.refresh_from_db()
        if (imported.state, counted()) != ("read", before):
            wrong.append(f"{imported.state}: {before} became {counted()}")
    carry(str(imported.pk))
    imported.refresh_from_db()
    print(json.dumps({"killed": killed, "wrong": wrong, "state": imported.state, "counts": counted()}))


if __name__ == "__main__":
    if sys.argv[1] == "carry":
        django.setup()
        carry(sys.argv[2])
    else:
        main(int(sys.argv[1]), int(sys.argv[2]))
