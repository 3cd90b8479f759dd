"""A server that is killed (-9) again and again while people save, publish and upload; then what it said is compared with
what is there.

python -m tests.portal.admin.killing KILLS SEED, with PORTAL_VAR_DIR an empty folder; see serving.py. Each save writes one
word into a box, a row and a link: wherever only some of them stand, a save was halved. Shows nothing of power cuts.
"""

# ruff: noqa: S311 (drawn from a seed, so that a failure can be repeated)
import collections
import contextlib
import hashlib
import http.client
import io
import json
import random
import sys
import threading
import time
from pathlib import Path

import django

EVERY = 10  # kills between two rounds of the worker, which take longer than a life of the server
ALL = "nrl"  # the places of one save


class Killing:
    def __init__(self, kills, seed):
        from tests.portal.admin import texts

        self.kills, self.texts, self.seed = kills, texts, seed
        self.dice = random.Random(seed)
        self.counts = collections.Counter()
        self.wrong, self.acknowledged, self.uploads = [], [], {}
        self.lock = threading.Lock()
        self.written = 0

    def prepare(self):
        from portal import roles
        from tests.factories import make_project, make_publication
        from tests.people import make_person

        names = {"edith": roles.EDITOR, "edgar": roles.EDITOR, "rex": roles.REVIEWER, "ursula": roles.EDITOR}
        self.people = {name: make_person(name, role) for name, role in names.items()}
        edith = self.people["edith"]
        self.drafts = [
            make_project(title="Drafted", changed_by=edith),
            make_publication(title="Written", changed_by=edith),
        ]
        self.live = [make_project(title="Live", published=True), make_publication(title="Read", published=True)]
        self.shelf = make_publication(title="Shelf", changed_by=edith)
        words = [self.texts.word(self.texts.LINK, 0, n) for n in range(self.kills * 20 + 100)]
        self.themes = self.texts.make_themes(words)

    @property
    def records(self):
        return [*self.drafts, *self.live]

    # One life of the server

    def live_and_die(self, server, n):
        """Kills it at a moment that is drawn after a request that was drawn has been sent."""
        from tests.portal.admin.serving import Browser

        sent, ended = threading.Semaphore(0), threading.Event()
        under_way = set()

        def person(name, act):
            browser = Browser(server.port, timeout=30)
            browser.cookies = dict(self.sessions[name])
            browser.on_sent = lambda: (under_way.add(name), sent.release())
            dice = random.Random(f"{self.seed} {n} {name}")
            while not ended.is_set():
                try:
                    act(browser, dice)
                except (OSError, http.client.HTTPException):
                    return
                except Exception as error:
                    with self.lock:
                        self.wrong.append(f"{name}: {error!r}")
                    return
                finally:
                    if not ended.is_set():
                        under_way.discard(name)

        acts = {"edith": self.save, "edgar": self.save, "rex": self.publish, "ursula": self.upload}
        threads = [threading.Thread(target=person, args=item) for item in acts.items()]
        for thread in threads:
            thread.start()
        for _ in range(self.dice.randint(1, 9)):
            sent.acquire(timeout=30)
        time.sleep(self.dice.uniform(0, 0.5))
        ended.set()
        self.counts["killed while a form was on its way"] += bool(under_way)
        server.kill()
        for thread in threads:
            thread.join()

    def _word_number(self):
        with self.lock:
            self.written += 1
            return self.written

    def _open(self, browser, record):
        from tests.portal.admin.conftest import change_url

        answer = browser.get(change_url(record))
        self._must_be(answer, {200}, f"GET {record}")
        return self.texts.read(answer, record)

    def _must_be(self, answer, allowed, what):
        if answer.status_code not in allowed:
            page = answer.content.decode(errors="replace")
            with self.lock:
                self.wrong.append(f"{what}: {answer.status_code} {page[-200:]}")

    def save(self, browser, dice):
        from tests.portal.admin.conftest import change_url

        record = dice.choice(self.records)
        form = self._open(browser, record)
        button = next((name for name in ("_continue", "_draft") if (name, "1") in form.buttons), None)
        if button is None:
            return
        n, data = self._word_number(), form.data
        for place in ALL:
            data = self.texts.write(record, data, self.texts.word(place, 0, n), self.themes)
        answer = browser.post(change_url(record), data | {button: "1"})
        self._must_be(answer, {302, 403, 409}, f"save of {record}")
        if answer.is_accepted:
            with self.lock:
                self.counts["saves"] += 1
                self.acknowledged.append((record, n))

    def publish(self, browser, dice):
        from tests.portal.admin.conftest import change_url

        record = dice.choice(self.records)
        form = self._open(browser, record)
        # Drafts first: of the rest only some, so that there is something live to have drafts of.
        verbs = [verb for verb in ("publish-draft", "publish", "withdraw", "reopen") if ("_verb", verb) in form.buttons]
        if not verbs or (verbs[0] != "publish-draft" and dice.random() < 0.6):
            return
        verb = verbs[0]
        told = {"reason": "For a while."} if verb == "withdraw" else {}
        answer = browser.post(change_url(record), form.data | told | {"_verb": verb})
        self._must_be(answer, {200, 302, 403, 409}, f"{verb} of {record}")
        if answer.is_accepted:
            with self.lock:
                self.counts[verb] += 1

    def upload(self, browser, dice):
        """A new publication with one PDF."""
        from tests.pdfs import make_pdf

        n = self._word_number()
        content = make_pdf(*(f"Sheet {page} of upload {n}, {dice.random()}" for page in range(dice.randint(1, 4))))
        url = "/admin/publications/publication/add/"
        answer = browser.get(url)
        self._must_be(answer, {200}, "GET of the add form")
        data = self.texts.read(answer, self.shelf).data
        data |= {"title_en": f"Upload {n}", "type": self.shelf.type_id, "_continue": "1"}
        file = io.BytesIO(content)
        file.name = f"upload-{n}.pdf"
        answer = browser.post(url, data, {"files-0-file": file})
        self._must_be(answer, {302}, f"upload {n}")
        if answer.is_accepted:
            with self.lock:
                self.counts["uploads"] += 1
                self.uploads[n] = hashlib.sha256(content).hexdigest()

    # After each death

    def check(self):
        from django.db import connection

        wait_for_the_dead(connection)
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                told = cursor.execute("PRAGMA integrity_check").fetchone()[0]
                self._wrong_if(told != "ok", f"integrity: {told}")
                told = cursor.execute("PRAGMA synchronous").fetchone()[0]
                self._wrong_if(told != 2, f"synchronous is {told}, not FULL")
        for record in self.records:
            self._check_record(record)
        self._check_uploads()
        connection.close()

    def _wrong_if(self, is_wrong, told):
        if is_wrong:
            self.wrong.append(told)

    def _check_record(self, record):
        from portal.models import AuditEntry, Draft, Version
        from portal.versions import drafts
        from portal.versions.content import digest, take

        record = type(record).objects.get(pk=record.pk)
        live, draft = take(record), drafts.open_draft(record)
        versions = list(Version.objects.about(record).order_by("number"))
        for told, content in [
            ("live", live),
            *((f"version {version.number}", version.content) for version in versions),
        ]:
            self._check_whole(f"{record}, {told}", content)
        words = self._numbers(draft.version.content if draft else live)
        lost = {n for at, n in self.acknowledged if at.pk == record.pk and type(at) is type(record)} - words
        self._wrong_if(lost, f"{record}: {sorted(lost)} were acknowledged and are lost")
        numbers = [version.number for version in versions]
        self._wrong_if(numbers != list(range(1, len(numbers) + 1)), f"{record}: versions {numbers}")
        of_live = [version for version in versions if not version.is_draft]
        if of_live:
            self._wrong_if(of_live[-1].digest != digest(live), f"{record}: its row is not its last version")
        of_drafts = [version for version in versions if version.is_draft]
        if draft:
            self._wrong_if(draft.version != of_drafts[-1], f"{record}: the open draft is not its last text")
            self._wrong_if(draft.base.digest != digest(live), f"{record}: what is live has moved under its draft")
        entries = collections.Counter(AuditEntry.objects.about(record).values_list("verb", flat=True))
        for verb in ("draft", "publish draft"):
            found = sum(version.verb == verb for version in versions)
            self._wrong_if(entries[verb] != found, f"{record}: {entries[verb]} entries and {found} versions: {verb}")
        published = Draft.objects.about(record).filter(status=Draft.Status.PUBLISHED)
        self._wrong_if(entries["publish draft"] != published.count(), f"{record}: drafts and entries disagree")
        for one in published.select_related("version"):
            missing = self._numbers(one.version.content) - words
            self._wrong_if(missing, f"{record}: {sorted(missing)} were published and are lost")
        last = AuditEntry.objects.about(record).exclude(before="", after="").filter(after__in=STATES).first()
        self._wrong_if(last and last.after != record.status, f"{record}: {record.status}, last entry {last}")

    def _numbers(self, content):
        return {int(word.partition("x")[2]) for word in self.texts.words_of(content, self.themes)}

    def _check_whole(self, what, content):
        """Whether every save stands in it at all its places."""
        at = collections.defaultdict(set)
        for word in self.texts.words_of(content, self.themes):
            at[self.texts.place_of(word)].add(word.partition("x")[2])
        halved = set.union(*(at[place] for place in ALL)) - set.intersection(*(at[place] for place in ALL))
        self._wrong_if(halved, f"{what}: only a part of {sorted(halved)}")

    def _check_uploads(self):
        from publications.models import Publication, PublicationFile

        found = {file.publication.title: file for file in PublicationFile.objects.select_related("publication")}
        for n, checksum in self.uploads.items():
            file = found.get(f"Upload {n}")
            self._wrong_if(file is None or file.sha256 != checksum, f"upload {n} was acknowledged and is lost")
        for file in found.values():
            with contextlib.suppress(FileNotFoundError), file.file.open("rb") as stream:
                if hashlib.file_digest(stream, "sha256").hexdigest() == file.sha256:
                    continue
            self.wrong.append(f"{file.publication}: its file is missing or another one")
        without = Publication.objects.filter(title_en__startswith="Upload", files=None).count()
        self._wrong_if(without, f"{without} publications were saved without their file")

    def work(self):
        """The worker catches up: what was saved is read, and found."""
        from django.core.management import CommandError, call_command

        from publications.models import PublicationFile

        told = io.StringIO()
        call_command("worker", "--once", stdout=told, verbosity=0)
        try:
            call_command("index_check", stdout=told)
            call_command("check_files", stdout=told, stderr=told)
        except CommandError as error:
            self.wrong.append(f"{error} {told.getvalue()[-500:]}")
        left = PublicationFile.objects.exclude(state="done").count()
        self._wrong_if(left, f"{left} files were not read")
        self.counts["rounds of the worker"] += 1


STATES = ("draft", "review", "published", "archived")


def wait_for_the_dead(connection):
    """PostgreSQL may still be at the last statement of a connection whose client is gone."""
    if connection.vendor != "postgresql":
        return
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise RuntimeError("somebody is still connected")


def main(kills, seed):
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from tests.portal.admin.serving import Browser, Server

    call_command("migrate", verbosity=0)
    killing = Killing(kills, seed)
    killing.prepare()
    killing.sessions = {name: Browser(0, person).cookies for name, person in killing.people.items()}
    log, began = Path(settings.VAR_DIR) / "server.log", time.monotonic()
    for n in range(kills):
        connection.close()
        server = Server(log)
        killing.live_and_die(server, n)
        killing.check()
        if n % EVERY == EVERY - 1 or n == kills - 1:
            killing.work()
        killing.counts["kills"] += 1
        if len(killing.wrong) > 20:
            break
    told = {"seconds": round(time.monotonic() - began, 1), "counts": dict(sorted(killing.counts.items()))}
    print(json.dumps(told | {"wrong": killing.wrong[:20], "log": log.read_text()[-3000:]}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
