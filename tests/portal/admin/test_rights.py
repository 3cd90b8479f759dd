"""Who may do what in the admin, as a table: every route, method and action for seven roles. What is not in the table
fails with its name. README.md has the roles in words; the table follows those, not the code.
"""

import datetime

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse
from django.utils import timezone

from dialogues.models import Activity, Cycle, Domain, FocalPoint, Initiative, Instrument, Meeting, MeetingSeries
from portal import kinds, models, roles
from portal.admin.several.steps import publishing_sign
from portal.models import AuditEntry, Draft, Version
from portal.versions import drafts, history
from portal.versions.batches import look
from portal.versions.content import digest, take
from projects.models import LegacyPhrase, Programme
from publications.models import FilePage, PublicationFile, Series
from tests.factories import (
    make_country,
    make_dialogue,
    make_organisation,
    make_project,
    make_publication,
    make_region,
    make_theme,
    publish,
)
from tests.people import make_person

# One letter for each role: visitor, staff who do not edit, looker (may view and no more), editor, reviewer,
# administrator; * is a superuser, who is none of them.
EVERYBODY = "vslera*"
pytestmark = pytest.mark.one_database
NOBODY = ""
SEE = "lera*"  # all who edit or look see all that is edited

# What may be done with what is no record of its own: who adds, who changes, who deletes.
VOCABULARY = {
    **dict.fromkeys(("region", "theme", "country", "countrygroup", "territorialnote"), ("a*", "a*", "a*")),
    **dict.fromkeys(("figuregroup", "steeringgroupchair", "concept", "redirect"), ("a*", "a*", "a*")),
    **dict.fromkeys(("organisation", "source"), ("era*", "ra*", "a*")),
    **dict.fromkeys(("keyfigure", "office", "page"), ("ra*", "ra*", "a*")),
    "focalpoint": ("ra*", "ra*", "ra*"),
    # Editors change these by drafts.
    **dict.fromkeys(("programme", "series", "publicationtype", "legacyphrase"), ("era*", "era*", "ra*")),
    **dict.fromkeys(("publicationfile", "filepage", "draft", "auditentry"), (NOBODY, NOBODY, NOBODY)),
}
# Brought in by editors, decided by who began it: rights on what it writes are those of the forms.
IMPORTS = {"import": ("era*", NOBODY, NOBODY)}
PEOPLE = {"user": ("a*", "a*", NOBODY), "group": ("*", "*", "*")}
LIBRARY = {"dbtaskresult": ("", "", "")}  # to look at, for a superuser

# Records and what hangs on one, by the state of the record: who changes it, and who deletes what hangs on it.
IN_STATE = {
    "draft": ("era*", "era*"),
    "in review": ("r*", "r*"),
    "live": ("era*", "r*"),  # a change is a draft for everybody: see below
    "live with a draft": ("era*", "r*"),
    "live with a draft in review": ("r*", "r*"),
    "live with an approved draft": ("r*", "r*"),  # who may take it back
    "archived": ("era*", "era*"),
}
# Lists of which several are changed at once, by whoever may change one of them.
SEVERAL = {
    *("project", "dialogue", "publication", "meeting", "instrument", "activity", "initiative"),
    *("country", "countrygroup", "keyfigure", "office", "organisation"),
}
KINDS = ("project", "dialogue", "publication")
PARTS = ("meeting", "instrument", "domain", "activity", "meetingseries", "cycle", "initiative")

# Every page of the admin that is not one of a model: who gets it with GET, and with POST.
SITE = {
    "index": (SEE, SEE),
    "login": (EVERYBODY, EVERYBODY),
    "logout": (NOBODY, EVERYBODY),
    "password_change": (SEE, SEE),
    "password_change_done": (SEE, NOBODY),
    "autocomplete": (SEE, NOBODY),
    "jsi18n": (SEE, NOBODY),
    "view_on_site": (SEE, SEE),
    "app_list": (SEE, SEE),
    "preferences": (SEE, SEE),
    "bin": ("era*", "era*"),
    "undelete": ("era*", "era*"),
    "changes_at_once": ("era*", NOBODY),
    "undo_at_once": (SEE, SEE),  # there is none of that number: who may undo one is tried in test_several.py
}
SITE_ARGUMENTS = {
    "app_list": {"app_label": "projects"},
    "undelete": {"label": "projects.project"},
    "undo_at_once": {"batch": "00000000-0000-4000-8000-000000000002"},
    "view_on_site": {},
}

# The pages of one model; the letters come from the tables above.
PAGES = {
    "changelist": "see",
    "add": "add",
    "change": "change",
    "delete": "delete",
    "history": "see",
    "compare": "versions",
    "version": "versions",
    "restore": "restore",
    "preview": "see",
    "preview_links": "share",
    "open": "watch",
    "repairs": "repair",
    "several": "several",
    "export": "export",
    "password_change": "password",
    "entry": "change",
    "origins": "see",
    "review": "review",
    "close": "close",
}

# Actions on lists, with who is offered them.
ACTIONS = {
    "submit_all": "era*",
    "publish_all": "r*",
    "withdraw_all": "r*",
    "merge": "a*",
    "extract_again": "era*",
}
CHANGING_SEVERAL = "change_several"


@pytest.fixture
def people(db):
    looker = make_person("vera", roles.STAFF)
    looker.groups.set([Group.objects.create(name="lookers")])
    ours = {"portal", *(kind.app_label for kind in kinds.all())}
    may_view = Permission.objects.filter(codename__startswith="view_", content_type__app_label__in=ours)
    looker.groups.get().permissions.set(may_view)
    return {
        "v": None,
        "s": make_person("stan", roles.STAFF, is_staff=False),
        "l": looker,
        "e": make_person("edith", roles.EDITOR),
        "r": make_person("rex", roles.REVIEWER),
        "a": make_person("ada", roles.ADMINISTRATOR),
        "*": get_user_model().objects.create_superuser("root", password="a-long-pass-phrase"),
    }


@pytest.fixture
def browsers(people):
    found = {}
    for letter, person in people.items():
        found[letter] = Client()
        if person:
            found[letter].force_login(person)
    return found


# Where everything leads


def walk(patterns, namespace=""):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            inner = getattr(pattern, "namespace", None)
            yield from walk(pattern.url_patterns, f"{inner}:" if inner else namespace)
        elif namespace == "admin:":
            yield pattern.name or str(pattern.pattern)


def names_of(model):
    meta = model._meta
    prefix = f"{meta.app_label}_{meta.model_name}_"
    return [name.removeprefix(prefix) for name in walk(get_resolver().url_patterns) if name.startswith(prefix)]


MODELS = [model for model in admin.site._registry if model._meta.app_label != "events"]


def test_every_model_and_every_route_is_in_the_table():
    known = {*VOCABULARY, *IMPORTS, *PEOPLE, *LIBRARY, *KINDS, *PARTS}
    assert {model._meta.model_name for model in MODELS} == known
    own = {f"{m._meta.app_label}_{m._meta.model_name}_{page}" for m in MODELS for page in PAGES}
    # The stock ways to an address without its end: they lead on and show nothing.
    leading_on = {"<path:object_id>/", "(?P<url>.*)$"}
    unknown = set(walk(get_resolver().url_patterns)) - own - set(SITE) - leading_on
    assert not unknown, f"not in the table: {sorted(unknown)}"


def test_every_action_is_in_the_table_and_offered_to_whom_it_says(people):
    for model, model_admin in admin.site._registry.items():
        for letter in SEE:
            request = RequestFactory().get("/admin/")
            request.user = people[letter]
            offered = set(model_admin.get_actions(request))
            known = {*ACTIONS, CHANGING_SEVERAL}
            assert offered <= known, f"not in the table: {offered - known} of {model}"
            declared = {action for action in model_admin.actions or () if isinstance(action, str)}
            expected = {name for name in declared if letter in ACTIONS[name]}
            if letter in who_changes_several(model):
                expected.add(CHANGING_SEVERAL)
            assert offered == expected, (model, letter)


def who_changes_several(model):
    name = model._meta.model_name
    if name not in SEVERAL:
        return NOBODY
    return VOCABULARY[name][1] if name in VOCABULARY else "era*"


# One thing of each model


def make_plain(model):
    """A thing of a model that is in no state."""
    name = model._meta.model_name
    if name in {"publicationfile", "filepage"}:
        from django.core.files.uploadedfile import SimpleUploadedFile

        file = PublicationFile(publication=make_publication(), file=SimpleUploadedFile("a.txt", b"The o!ces."))
        file.save()
        page = FilePage.objects.create(file=file, number=1, text="The o!ces.")
        return file if name == "publicationfile" else page
    if name == "draft":
        project = publish(make_project())
        return drafts.save(project, take(project), by=make_person("wilma", roles.EDITOR))
    if name == "auditentry":
        return AuditEntry.record(make_project(), "add", None)
    made = {
        "region": make_region,
        "theme": make_theme,
        "country": make_country,
        "organisation": make_organisation,
        "countrygroup": lambda: models.CountryGroup.objects.create(slug="g", name="Group"),
        "territorialnote": lambda: models.TerritorialNote.objects.create(slug="n", mark="*", text="Note"),
        "source": lambda: models.Source.objects.create(slug="s", title="Source"),
        "figuregroup": lambda: models.FigureGroup.objects.create(slug="g", name="Group"),
        "office": lambda: models.Office.objects.create(city="Vienna", country=make_country(), kind="office"),
        "steeringgroupchair": lambda: models.SteeringGroupChair.objects.create(year=2020, country=make_country()),
        "keyfigure": make_figure,
        "concept": lambda: models.Concept.objects.create(slug="c"),
        "page": lambda: models.Page.objects.create(slug="p", title="Page", text="<p>Text</p>"),
        "redirect": lambda: models.Redirect.objects.create(old_path="/old/", new_path="/about/"),
        "programme": lambda: Programme.objects.create(slug="p", name="Programme"),
        "legacyphrase": lambda: LegacyPhrase.objects.create(phrase="Donor", language="en", meaning="donor"),
        "series": lambda: Series.objects.create(slug="s", title="Series"),
        "publicationtype": lambda: make_publication().type,
        "focalpoint": lambda: FocalPoint.objects.create(
            user=get_user_model().objects.create_user("fatou"), dialogue=make_dialogue(), country=make_country()
        ),
        "import": lambda: models.Import.objects.create(reader="list", by=make_person("ike", roles.EDITOR)),
        "user": lambda: make_person("sue", roles.EDITOR),
        "group": lambda: Group.objects.get(name=roles.EDITOR),
    }
    return made[name]()


def make_figure():
    group = models.FigureGroup.objects.create(slug="g", name="Group")
    source = models.Source.objects.create(slug="s", title="Source")
    return models.KeyFigure.objects.create(slug="f", label="Figure", value=1, year=2020, group=group, source=source)


def make_part(model, dialogue):
    if model is Instrument:
        instrument = Instrument.objects.create(slug="plan", title="Plan", kind="action-plan")
        instrument.dialogues.add(dialogue)
        return instrument
    if model is Domain:
        return Domain.objects.create(instrument=make_part(Instrument, dialogue), title="Return")
    if model is Initiative:
        return Initiative.objects.create(cycle=make_part(Cycle, dialogue), title="Training")
    named = {
        Meeting: {"title": "Meeting", "slug": "meeting"},
        Activity: {"title": "Visit"},
        MeetingSeries: {"slug": "yearly", "name": "Yearly"},
        Cycle: {"number": 1},
    }
    return model.objects.create(dialogue=dialogue, **named[model])


def make_in_state(model, state):
    """A record, or what hangs on one, with what a draft would change already written where the state has one."""
    author, other = (get_user_model().objects.get_or_create(username=name)[0] for name in ("wanda", "willi"))
    author.groups.add(Group.objects.get(name=roles.EDITOR))
    other.groups.add(Group.objects.get(name=roles.REVIEWER))
    makers = {"project": make_project, "dialogue": make_dialogue, "publication": make_publication}
    is_part = model._meta.model_name in PARTS
    record = makers["dialogue" if is_part else model._meta.model_name](changed_by=author)
    thing = make_part(model, record) if is_part else record
    if state == "in review":
        record.submit(by=author)
    elif state == "archived":
        record.archive(by=author)
    elif state != "draft":
        publish(record)
    if "with a" in state:
        draft = drafts.save(thing, drawn(thing), by=author)
        if "in review" in state:
            drafts.submit(draft, by=author)
        elif "approved" in state:
            drafts.publish(draft, by=other, at=timezone.now() + datetime.timedelta(days=9))
    return thing


def drawn(thing):
    content = take(thing)
    name = next(name for name in ("title_en", "name_en", "note") if name in content["fields"])
    return content | {"fields": content["fields"] | {name: "Drawn otherwise"}}


# What the tables say of one thing


def letters_of(thing, state):
    """Who gets each page with GET, and who may send it with POST."""
    name = thing._meta.model_name
    if state:
        change, delete = IN_STATE[state]
        add = "era*"
        delete = NOBODY if name in KINDS else delete
        restore = change if "approved" not in state else NOBODY
        share = "era*"
    else:
        add, change, delete = (VOCABULARY | IMPORTS | PEOPLE)[name]
        restore = share = change
    see = "a*" if name in PEOPLE else SEE
    return {
        "versions": (NOBODY, NOBODY) if name in PEOPLE else (see, see),
        "see": (see, see),
        "add": (add, add),
        "change": (see, change),
        "delete": (delete, delete),
        "restore": (NOBODY, NOBODY) if name in PEOPLE else (restore, restore),
        "share": (see, share),
        "watch": (NOBODY, see),
        "repair": (NOBODY, "era*"),  # of a draft; that of others is walked in publications/test_repair_decisions.py
        "password": ("a*", "a*"),
        "several": (NOBODY, who_changes_several(type(thing))),
        "export": (see, NOBODY),
        "review": (see, "era*"),  # which step is for whom: dialogues/test_reviewing.py
        "close": (see, "r*"),
    }


ARGUMENTS = {
    "version": {"number": "1"},
    "restore": {"number": "1"},
    "entry": {"position": 1},
    "origins": {"label": "projects.project"},  # of an import there are none; of projects: test_correcting.py
}
# Others are called as their models in the plural.
SHEETS = {"dialogue": "participation", "keyfigure": "key-figures", "figuregroup": "figure-groups"}
SENT = {
    # Empty but for a button: who is closed out is told so before anything is looked at.
    "change": {"_verb": "take-back-draft", "_token": "00000000-0000-4000-8000-000000000001"},
    "open": {"page": "00000000-0000-4000-8000-000000000000"},
    "restore": {"seen": "x"},
}


def address(thing, page):
    meta = thing._meta
    arguments = (
        {} if page in {"changelist", "add", "several", "export"} else {"object_id": thing.pk} | ARGUMENTS.get(page, {})
    )
    if page == "export":
        arguments = {"sheet": SHEETS.get(meta.model_name, f"{meta.model_name}s"), "format": "csv"}
    if page == "password_change":
        arguments = {"id": thing.pk}
    found = reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", kwargs=arguments)
    return f"{found}?old=1&new=1" if page == "compare" else found


def is_let_in(letter, response):
    """Whether somebody got a page or an answer to what they sent, rather than a closed door."""
    if letter in "vs":
        assert response.status_code in {302, 403}, response.status_code
        if response.status_code == 302:
            assert response["Location"].startswith("/admin/login/?next=/admin/"), response["Location"]
        return False
    assert response.status_code in {200, 302, 400, 403, 404, 405, 409}, response.status_code
    return response.status_code not in {403, 405}


def told_apart(browsers, thing, page, method, sent=None):
    """The letters of those who were let in. Whatever it did is undone."""
    found = ""
    for letter in EVERYBODY:
        with transaction.atomic():
            response = getattr(browsers[letter], method)(address(thing, page), sent or {})
            if is_let_in(letter, response):
                found += letter
            transaction.set_rollback(True)
    return found


def check_pages(browsers, thing, state=""):
    meta = thing._meta
    if meta.app_label != "auth":
        history.as_found(thing)
    tried = 0
    expected = letters_of(thing, state)
    for page in names_of(type(thing)):
        reading, sending = expected[PAGES[page]]
        if page in {"changelist", "add"} and state not in {"", "draft"}:
            continue
        assert told_apart(browsers, thing, page, "get") == reading, f"GET {page} of {meta.model_name}: {state}"
        if page in {"preview", "origins"}:
            sending = NOBODY
        before = sizes()
        told = told_apart(browsers, thing, page, "post", SENT.get(page))
        assert told == sending, f"POST {page} of {meta.model_name}: {state}"
        assert sizes() == before
        tried += 1
    return tried


def sizes():
    return Version.objects.count(), AuditEntry.objects.count(), Draft.objects.count()


PLAIN = [model for model in MODELS if model._meta.model_name in {*VOCABULARY, *IMPORTS, *PEOPLE}]
RECORDS = [model for model in MODELS if model._meta.model_name in {*KINDS, *PARTS}]


@pytest.mark.parametrize("model", PLAIN, ids=lambda model: model._meta.model_name)
def test_pages_of_what_is_in_no_state(browsers, model):
    assert check_pages(browsers, make_plain(model)) >= 5


# What hangs on a record goes by one rule (portal/admin/parts.py): one of them is walked through every state.
WALKS = [
    pytest.param(model, state, id=f"{model._meta.model_name} {state}")
    for model in RECORDS
    for state in IN_STATE
    if model._meta.model_name in (*KINDS, "meeting") or state in {"draft", "in review", "live"}
]


@pytest.mark.parametrize("model, state", WALKS)
def test_pages_of_records_and_of_what_hangs_on_them(browsers, model, state):
    assert check_pages(browsers, make_in_state(model, state), state) >= 3


def test_page_that_is_public_is_changed_at_once_by_those_who_may_make_it_so_and_drafted_by_others(browsers):
    page = make_plain(models.Page)
    page.is_public = True
    page.save()
    for letter in "ra*":
        with transaction.atomic():
            assert fill(browsers[letter], page).status_code == 302
            assert Draft.objects.exists() == (letter == "r"), letter
            transaction.set_rollback(True)


def test_tasks_of_the_library_are_for_a_superuser(browsers):
    for letter, browser in browsers.items():
        response = browser.get("/admin/django_tasks_database/dbtaskresult/")
        assert is_let_in(letter, response) == (letter == "*")
        assert browser.post("/admin/django_tasks_database/dbtaskresult/add/", {}).status_code in {302, 403}


@pytest.mark.parametrize("name", SITE)
def test_pages_of_the_site(browsers, name):
    project = make_project()
    project.archive(by=make_person("wanda", roles.EDITOR))
    arguments = dict(SITE_ARGUMENTS.get(name, {}))
    if name == "undelete":
        arguments["object_id"] = project.pk
    if name == "view_on_site":
        arguments = {"content_type_id": ContentType.objects.get_for_model(project).pk, "object_id": project.pk}
    url = reverse(f"admin:{name}", kwargs=arguments)
    if name == "autocomplete":
        url += "?app_label=projects&model_name=projectrole&field_name=organisation"
    for method, letters in zip(("get", "post"), SITE[name], strict=True):
        for letter, browser in browsers.items():
            with transaction.atomic():
                response = getattr(browser, method)(url)
                transaction.set_rollback(True)
            if name in {"login", "logout"}:  # who is not signed in is led on from there
                closed = name == "logout" and method == "get" and letter in SEE
                assert response.status_code in ({405} if closed else {200, 302}), (method, letter)
            else:
                assert is_let_in(letter, response) == (letter in letters), (method, letter, response.status_code)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
@pytest.mark.parametrize(
    "model", [model for model in MODELS if model._meta.model_name in {"project", "meeting", "page"}]
)
def test_other_methods_write_nothing_for_anybody(browsers, model, method):
    thing = make_plain(model) if model._meta.model_name in VOCABULARY else make_in_state(model, "live")
    history.as_found(thing)
    before, said = sizes(), digest(take(thing))
    for letter in "vslra*":
        for page in names_of(model):
            response = getattr(browsers[letter], method)(address(thing, page))
            assert response.status_code in {200, 302, 403, 405}, (letter, page)
    assert sizes() == before
    assert digest(take(thing)) == said
    assert type(thing).objects.count() == 1


# What a save does, besides being let in


def fill(browser, thing):
    from tests.forms import read_form

    url = address(thing, "change")
    form = read_form(browser, url, f"{thing._meta.model_name}_form").data
    name = next(name for name in ("title_en", "name_en", "label_en", "city", "note") if name in form)
    return browser.post(url, form | {name: "Said otherwise", "_continue": "1"})


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model._meta.model_name)
def test_what_is_live_is_changed_by_drafts_whoever_saves(browsers, model):
    thing = make_in_state(model, "live")
    said = digest(take(thing))
    for letter in "era*":
        with transaction.atomic():
            assert fill(browsers[letter], thing).status_code == 302, letter
            assert drafts.open_draft(thing).status == "writing", letter
            assert digest(take(thing)) == said, letter
            transaction.set_rollback(True)


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model._meta.model_name)
def test_what_is_not_live_is_changed_at_once(browsers, model):
    thing = make_in_state(model, "draft")
    said = digest(take(thing))
    for letter in "era*":
        with transaction.atomic():
            assert fill(browsers[letter], thing).status_code == 302, letter
            assert not Draft.objects.exists()
            assert digest(take(thing)) != said, letter
            transaction.set_rollback(True)


# Actions, on a record in each state

DONE = {  # action: state: who moves it, and to what
    "submit_all": {"draft": ("era*", "review")},
    "publish_all": {"in review": ("r*", "published")},
    "withdraw_all": {state: ("r*", "archived") for state in IN_STATE if state.startswith("live")},
}


@pytest.mark.parametrize("action", DONE)
@pytest.mark.parametrize("state", IN_STATE)
@pytest.mark.parametrize("name", KINDS)
def test_actions_move_only_what_they_may_and_only_for_whom_they_may(browsers, name, state, action):
    model = kinds.get(name).model
    record = make_in_state(model, state)
    stored = record.status
    who, target = DONE[action].get(state, (NOBODY, ""))
    if (action, state) == ("publish_all", "live with a draft in review"):
        who, target = "r*", stored
    sent = {"action": action, "_selected_action": [record.pk], "_confirmed": "1", "reason": "Because", "post": "yes"}
    sent["_shown"] = f"{record.pk}:{publishing_sign(look(model, [record.pk])[0])}"
    for letter in EVERYBODY:
        with transaction.atomic():
            response = browsers[letter].post(address(record, "changelist"), sent)
            assert response.status_code in {200, 302, 403}
            record.refresh_from_db()
            assert record.status == (target if letter in who else stored), letter
            draft = Draft.objects.first()
            if draft and state == "live with a draft in review":
                published = action == "publish_all" and letter in who
                assert (draft.status == "published") == published, letter
            transaction.set_rollback(True)
        record.refresh_from_db()
