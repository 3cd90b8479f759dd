"""Eight people who save the same five records at once, while others publish, withdraw and reopen them.

python -m tests.portal.admin.storm SAVES SEED, with PORTAL_VAR_DIR an empty folder; see serving.py. Prints as JSON what
was accepted and refused, and every sentence that is wrong of what was found afterwards.
"""

# ruff: noqa: S311 (drawn from a seed, so that a failure can be repeated)
import collections
import json
import random
import re
import sys
import threading
import time
from pathlib import Path

import django

PEOPLE, TRIES = 8, 40
SAVES = ("_continue", "1"), ("_draft", "1")


class Storm:
    def __init__(self, saves, seed):
        from tests.portal.admin import texts

        self.saves, self.seed, self.texts = saves, seed, texts
        self.counts = collections.Counter()
        self.accepted = []  # (record, word, who, whether it was struck out)
        self.wrong = []
        self.lock = threading.Lock()
        self.ended = threading.Event()

    def prepare(self):
        from portal import roles
        from tests.factories import make_project, make_publication
        from tests.people import make_person

        self.people = [make_person(f"writer{n}", roles.REVIEWER if n % 3 == 2 else roles.EDITOR) for n in range(PEOPLE)]
        self.others = {name: make_person(name, roles.REVIEWER) for name in ("petra", "wim", "bo")}
        words = [self.texts.word(self.texts.LINK, who, n) for who in range(PEOPLE) for n in range(self.saves)]
        self.themes = self.texts.make_themes(words)
        first = self.people[0]
        drafts = [make_project(title="Drafted", changed_by=first), make_publication(title="Written", changed_by=first)]
        other = make_project(title="Begun", changed_by=first)
        live = [make_project(title="Live", published=True), make_publication(title="Read", published=True)]
        live[1].projects.add(live[0])
        self.live, self.records = live, [*drafts, other, *live]

    def tell(self, name, wrong=""):
        with self.lock:
            self.counts[name] += 1
            if wrong and len(self.wrong) < 20:
                self.wrong.append(wrong)

    # People who write

    def write(self, who, browser):
        dice = random.Random(f"{self.seed} {who}")
        own = []
        for n in range(self.saves):
            self._write_one(who, n, browser, dice, own)

    def _write_one(self, who, n, browser, dice, own):
        from tests.portal.admin.conftest import change_url

        texts = self.texts
        for _ in range(60):
            record = dice.choice(self.records)
            form = self._open(browser, record)
            buttons = [button for button in SAVES if form and button in form.buttons]
            if buttons:
                break
            time.sleep(dice.uniform(0.05, 0.3))  # it is with the reviewers
        else:
            return self.tell("found every record closed", f"writer {who} found every record closed, 60 times")
        here = [word for at, word in own if at is record and word in texts.words_of_form(form.data, self.themes)]
        is_struck = bool(here) and dice.random() < 0.15
        word = dice.choice(here) if is_struck else texts.word(dice.choice(texts.PLACES), who, n)
        data = texts.strike(record, form.data, word) if is_struck else texts.write(record, form.data, word, self.themes)
        title = form.data["title_en"]
        for tries in range(TRIES):
            time.sleep(dice.uniform(0, 0.25))
            name, value = dice.choice(buttons)
            # Now and then with a mistake, which the form that comes back does not make good by itself.
            mistake = {"title_en": ""} if tries == 0 and dice.random() < 0.15 else {}
            answer = browser.post(change_url(record), data | mistake | {name: value})
            if answer.is_accepted:
                self.tell("accepted")
                with self.lock:
                    self.accepted.append((record, word, who, is_struck))
                if is_struck:
                    own.remove((record, word))
                elif texts.place_of(word) in texts.ROWS[type(record)]:
                    own.append((record, word))
                return None
            self.tell(f"refused with {answer.status_code}")
            page = answer.content.decode(errors="replace")
            if answer.status_code == 403 and (word in page or is_struck):
                return self.tell("closed while it was written, and told what was typed")
            if answer.status_code not in {200, 409}:
                return self.tell("lost what was typed", f"{answer.status_code} for {word}: {_plain(page)[-300:]}")
            form = texts.read(answer, record)
            data, shown = form.data, texts.words_of_form(form.data, self.themes)
            if (word in shown) == is_struck:
                return self.tell(
                    "lost what was typed", f"{word} does not come back, {answer.status_code}: {_errors(page)}"
                )
            if answer.status_code == 200:
                if not mistake:
                    self.tell("reasons", f"{word}: {_errors(page)}" if "Nothing was saved" not in page else "")
                data |= {"title_en": title}
            data = self._agree(record, data, page, word)
            buttons = [button for button in SAVES if button in form.buttons]
            if not buttons:
                return self.tell("closed while it was written")
        return self.tell("gave up", f"{word} was refused {TRIES} times")

    def _open(self, browser, record):
        from tests.portal.admin.conftest import change_url

        answer = browser.get(change_url(record))
        if answer.status_code != 200:
            self.tell("forms that did not open", f"GET {answer.status_code}: {_plain(answer.content.decode())[-300:]}")
            return None
        return self.texts.read(answer, record)

    def _agree(self, record, data, page, word):
        """Where both have written into one box, the page tells what the other wrote: a person keeps both."""
        box = self.texts.BOXES[type(record)].get(self.texts.place_of(word))
        if box is None:
            return data
        told = {one for one in self.texts.WORD.findall(page) if self.texts.place_of(one) == self.texts.place_of(word)}
        missing = sorted(told - set(self.texts.WORD.findall(data[box])))
        return data | {box: " ".join([data[box], *missing])}

    # People who take steps

    def publish(self, browser):
        """Whatever waits or is a draft of something live, after a while."""
        self._step(browser, self.records, random.Random(self.seed), 0.2, ("publish-draft", "publish"))

    def withdraw_and_reopen(self, browser):
        self._step(browser, self.live, random.Random(self.seed + 1), 0.9, ("withdraw", "reopen"))

    def _step(self, browser, records, dice, pause, verbs):
        from tests.portal.admin.conftest import change_url

        while not self.ended.wait(dice.uniform(pause / 2, pause * 2)):
            record = dice.choice(records)
            form = self._open(browser, record)
            verb = next((verb for verb in verbs if form and ("_verb", verb) in form.buttons), None)
            if verb is None or (verb == "publish" and record not in self.live and dice.random() < 0.8):
                continue
            told = {"reason": "For a while."} if verb == "withdraw" else {}
            answer = browser.post(change_url(record), form.data | told | {"_verb": verb})
            self.tell(f"{verb} {answer.status_code}")
            if answer.status_code not in {200, 302, 403, 409}:
                self.tell("errors", f"{verb} {answer.status_code}: {_plain(answer.content.decode())[-300:]}")

    def hand_in(self, browser):
        """Several at once: everything is submitted, and what waits is published."""
        from tests.forms import form_in

        dice = random.Random(self.seed + 2)
        while not self.ended.wait(dice.uniform(0.5, 1.5)):
            model = type(dice.choice(self.records))
            meta, of_kind = model._meta, [record for record in self.records if type(record) is model]
            url = f"/admin/{meta.app_label}/{meta.model_name}/"
            page = browser.get(url)
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())
            if not token:
                self.tell("errors", f"list {page.status_code}: {_plain(page.content.decode())[-300:]}")
                continue
            action = dice.choice(["submit_all", "publish_all"])
            keys = [record.pk for record in of_kind if record in self.live or action == "publish_all"]
            data = {"csrfmiddlewaretoken": token[1], "action": action, "_selected_action": keys, "index": "0"}
            answer = browser.post(url, data)
            if action == "publish_all" and answer.status_code == 200:  # which shows first what that would change
                agreed = form_in(answer, "several_form")
                if "_selected_action" not in agreed:
                    self.tell("publish_all found nothing to publish")
                    continue
                answer = browser.post(url, agreed)
            self.tell(f"{action} {answer.status_code}")
            if answer.status_code != 302:
                self.tell("errors", f"{action} {answer.status_code}: {_plain(answer.content.decode())[-300:]}")

    # Afterwards

    def check(self):
        from portal.models import AuditEntry, Version
        from portal.versions import drafts
        from portal.versions.content import take

        wrong = self.wrong
        for record in self.records:
            draft = drafts.open_draft(record)
            words = self.texts.words_of(draft.version.content if draft else take(record), self.themes)
            versions = list(Version.objects.about(record).order_by("number"))
            mine = [(word, who, is_struck) for at, word, who, is_struck in self.accepted if at is record]
            gone = {word for word, _who, is_struck in mine if is_struck}
            for word, _who, is_struck in mine:
                if not is_struck and word not in words | gone:
                    wrong.append(f"{record}: {word} was accepted and is lost")
            wrong += [f"{record}: {word} was struck out and is back" for word in gone & words]
            wrong += [f"{record}: {word} was never accepted" for word in words - {word for word, *_rest in mine}]
            if [version.number for version in versions] != list(range(1, len(versions) + 1)):
                wrong.append(f"{record}: versions {[version.number for version in versions]}")
            saved = sum(version.verb in {"change", "draft"} for version in versions)
            if saved != len(mine):
                wrong.append(f"{record}: {len(mine)} accepted saves, {saved} versions")
            entries = AuditEntry.objects.about(record).filter(verb__in=("change", "draft", "save live")).count()
            if entries != len(mine):
                wrong.append(f"{record}: {len(mine)} accepted saves, {entries} audit entries")
            self.counts["versions"] += len(versions)
            self.counts["of drafts"] += sum(version.is_draft for version in versions)


def _plain(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def _errors(page):
    return " ".join(_plain(found) for found in re.findall(r'class="errorlist[^>]*>(.*?)</ul>', page, re.DOTALL))[:400]


def main(saves, seed):
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from tests.portal.admin.serving import Browser, Server

    call_command("migrate", verbosity=0)
    storm = Storm(saves, seed)
    storm.prepare()
    log = Path(settings.VAR_DIR) / "server.log"
    began = time.monotonic()
    with Server(log) as server:
        browsers = [Browser(server.port, person) for person in storm.people]
        others = {name: Browser(server.port, person) for name, person in storm.others.items()}
        connection.close()
        writers = [threading.Thread(target=storm.write, args=(who, browser)) for who, browser in enumerate(browsers)]
        acts = (storm.publish, storm.withdraw_and_reopen, storm.hand_in)
        steppers = [
            threading.Thread(target=act, args=(browser,)) for act, browser in zip(acts, others.values(), strict=True)
        ]
        for thread in [*writers, *steppers]:
            thread.start()
        for thread in writers:
            thread.join()
        storm.ended.set()
        for thread in steppers:
            thread.join()
    storm.check()
    told = {"seconds": round(time.monotonic() - began, 1), "counts": dict(sorted(storm.counts.items()))}
    print(json.dumps(told | {"wrong": storm.wrong, "log": log.read_text()[-3000:]}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
