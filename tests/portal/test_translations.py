"""French, Arabic and Russian: catalogues that are whole, and pages that show no English of the interface's own."""

import ast
import gettext
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as translated
from django.utils.translation import ngettext, override
from django.utils.translation.template import templatize

from dialogues.models import ChairTerm, Instrument, Meeting, Participation
from portal import kinds
from portal.models import CountryGroup, Office
from portal.models.figures import FigureGroup, KeyFigure
from projects.models import ProjectRelation
from publications.models import PublicationFile
from publications.repair.marks import Token, to_json
from tests.factories import (
    make_country,
    make_dialogue,
    make_organisation,
    make_project,
    make_publication,
    make_region,
    make_theme,
    publisher,
)

pytestmark = pytest.mark.one_database

LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%s|</?[a-z]+")
# Choices that only editors meet: in forms, lists and logs of the admin.
FOR_EDITORS = {
    "Draft.status",
    "Import.state",
    "ImportLine.action",
    "ImportTarget.action",
    "KeyFigure.qualifier",
    "LinkCheck.problem",
    "LegacyPhrase.meaning",
    "Page.menu",
    "PublicationFile.state",
    "RepairDecision.verdict",
    "Term.kind",
}
# The staff desk is the tool of one organisation's own staff and, like the admin, in English only.
FOR_STAFF = {"SavedSearch.alert"}
NOT_PUBLIC = ("admin/", "staff/", "publications/quality.html", "publications/alternatives.html")
# Every text the tests put in, so that what is left on a page is the interface's own.
CONTENT = "Zzq"


def catalogue(language, ending):
    return settings.LOCALE_PATHS[0] / language / "LC_MESSAGES" / f"django.{ending}"


def source(language):
    """The entries of a .po file that are translated: {msgid or (msgid, msgid_plural): [translation of each form]}."""
    found = {}
    for block in catalogue(language, "po").read_text("utf-8").split("\n\n")[1:]:
        parts, key = {}, ""
        for line in block.splitlines():
            if match := re.fullmatch(r'(msgid|msgid_plural|msgctxt|msgstr(?:\[\d\])?) (".*")', line):
                key = match[1]
                parts[key] = ast.literal_eval(match[2])
            elif line.startswith('"'):
                parts[key] += ast.literal_eval(line)
        forms = [text for name, text in parts.items() if name.startswith("msgstr")]
        if forms and all(forms) and not re.search("^#, .*fuzzy", block, re.M):
            msgid = f"{parts['msgctxt']}\4{parts['msgid']}" if "msgctxt" in parts else parts["msgid"]
            found[(msgid, parts["msgid_plural"]) if "msgid_plural" in parts else msgid] = forms
    return found


def without_plurals(entries):
    return {key[0] if isinstance(key, tuple) else key: forms for key, forms in entries.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_catalogue_is_in_step_with_its_source(language):
    with catalogue(language, "mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog
    expected = {}
    for key, forms in source(language).items():
        if isinstance(key, tuple):
            expected |= {(key[0], n): text for n, text in enumerate(forms)}
        else:
            expected[key] = forms[0]
    assert {key: text for key, text in compiled.items() if key} == expected, "run: make messages"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_placeholder_stands_in_its_translation(language):
    for key, forms in source(language).items():
        # In a form for one, two or none a word may stand for the number.
        wanted, may_miss = (key[1], {"%(n)s"}) if isinstance(key, tuple) else (key, set())
        for text in forms:
            here, there = set(PLACEHOLDER.findall(text)), set(PLACEHOLDER.findall(wanted))
            assert here <= there, f"{text!r} asks for what {wanted!r} does not give"
            assert there - here <= may_miss, f"{text!r} loses something of {wanted!r}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_names_no_person_and_no_machine(language):
    header = catalogue(language, "po").read_text("utf-8").split("\n\n")[0]
    assert re.findall(r'^"([\w-]+):', header, re.M) == [
        "Language", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Plural-Forms",
    ]  # fmt: skip
    assert "@" not in header
    locations = re.findall(r"^#: (.*)", catalogue(language, "po").read_text("utf-8"), re.M)
    assert all(re.fullmatch(r"[\w./-]+", path) and path[0] != "/" for line in locations for path in line.split())


@pytest.mark.parametrize(
    "language, numbers",
    [("fr", [1, 2]), ("ar", [0, 1, 2, 3, 11, 100]), ("ru", [1, 2, 5])],
)
def test_each_plural_form_has_words_of_its_own(language, numbers):
    with override(language):
        words = [ngettext("%(n)s day left", "%(n)s days left", n) for n in numbers]
    assert len(set(words)) == len(numbers)


def test_plural_forms_follow_the_last_digits():
    def days(language, n):
        with override(language):
            return ngettext("%(n)s day left", "%(n)s days left", n) % {"n": n}

    assert [days("ru", n) for n in (1, 2, 5, 11, 21)] == [
        "остался 1 день", "осталось 2 дня", "осталось 5 дней", "осталось 11 дней", "остался 21 день",
    ]  # fmt: skip
    assert [days("ar", n) for n in (0, 1, 2, 3, 11, 100)] == [
        "اليوم هو الأخير", "بقي يوم واحد", "بقي يومان", "بقيت 3 أيام", "بقي 11 يومًا", "بقي 100 يوم",
    ]  # fmt: skip
    assert days("fr", 0) == "0 jour restant"


def strings_of(template):
    """The msgids of a template, as makemessages would find them."""
    code = templatize(template.read_text("utf-8"), origin=str(template))
    quoted = r"""('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
    return [ast.literal_eval(found) for found in re.findall(rf"\b(?:n?gettext|_)\(\s*u?{quoted}", code)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_of_a_public_template_is_translated(language):
    known = without_plurals(source(language))
    folder = settings.BASE_DIR / "templates"
    missing = {
        text: str(path.relative_to(folder))
        for path in sorted(Path(folder).rglob("*.html"))
        if not path.relative_to(folder).as_posix().startswith(NOT_PUBLIC)
        for text in strings_of(path)
        if text not in known
    }
    assert not missing, "run `make messages` and translate these"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_choice_that_visitors_meet_is_translated(language):
    known = without_plurals(source(language))
    missing = set()
    for app in ("portal", "dialogues", "projects", "publications"):
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.fields:
                if f"{model.__name__}.{field.name}" not in FOR_EDITORS | FOR_STAFF:
                    with override("en"):
                        labels = {str(label) for _value, label in field.choices or ()}
                    missing |= {(f"{model.__name__}.{field.name}", label) for label in labels - set(known)}
    assert {one for one in missing if not one[1].isupper() and one[1] != "Handle"} == set()  # PDF, DOI


@pytest.mark.parametrize("language", LANGUAGES)
def test_kinds_are_named_in_the_readers_language(language):
    for kind in kinds.all():
        if not kind.model.__module__.startswith("tests."):
            with override("en"):
                english = (kind.label, kind.plural)
            assert {*english} <= set(without_plurals(source(language)))
            with override(language):
                assert (kind.label, kind.plural) == tuple(translated(text) for text in english)


class Texts(HTMLParser):
    """The words of a page in its own language: text and the attributes people meet, without what is marked as
    being in another language."""

    def __init__(self, page):
        super().__init__()
        self.found, self._foreign = [], []
        self.language = re.search(r'<html lang="(\w+)"', page)[1]
        self.feed(page)
        assert not self._foreign, "every element is closed"

    def handle_starttag(self, tag, attributes):
        own = dict(attributes)
        if tag not in {"meta", "link", "input", "br", "img", "hr"}:
            outside = (self._foreign[-1] if self._foreign else False) or tag in {"script", "style", "code"}
            self._foreign.append(outside or own.get("lang", self.language) != self.language)
        for name in ("aria-label", "placeholder", "alt", "title"):
            self.handle_data(own.get(name) or "")
        if tag == "meta" and own.get("name") == "description":
            self.handle_data(own["content"])

    def handle_startendtag(self, tag, attributes):
        pass  # shapes of a drawing

    def handle_endtag(self, tag):
        self._foreign.pop()

    def handle_data(self, text):
        if not (self._foreign and self._foreign[-1]):
            self.found.append(" ".join(text.split()))


def own_words(text):
    """A text without the content of these tests, names that no language translates, addresses and digits."""
    names = [*settings.ORGANISATION.values(), "Natural Earth", "IATI", "ROR", "DOI", "PDF", "CSV", "JSON", "RSX"]
    names.append("English")  # what the language calls itself, in a label where it cannot be marked as English
    text = re.sub(rf"https?://\S+|\b{CONTENT}\w*", "", text, flags=re.IGNORECASE)
    text = re.sub("|".join(rf"\b{re.escape(name)}\b" for name in names), "", text)
    return re.sub(r"[\d\W_]+", " ", text).strip()


@pytest.fixture
def addresses(db):
    """A page of every sort, filled so that most of its sections show."""
    now = timezone.localdate()
    region, theme = make_region(name=CONTENT), make_theme(name=CONTENT)
    country = make_country("RS", CONTENT, region=region)
    group = CountryGroup.objects.create(slug="zzq", name=CONTENT)
    donor = make_organisation(CONTENT, country=country)
    dialogue = make_dialogue(title=CONTENT, start="2006", secretariat=donor, published=True)
    dialogue.regions.add(region)
    ChairTerm.objects.create(dialogue=dialogue, country=country, start="2020")
    for role in Participation.Role:
        Participation.objects.create(dialogue=dialogue, country=country, role=role, end="2021-41")
    instrument = Instrument.objects.create(title=CONTENT, slug="zzq", kind="declaration", adopted="2014-10-05")
    instrument.dialogues.add(dialogue)
    instrument.domains.create(title=CONTENT)
    past = Meeting.objects.create(
        dialogue=dialogue, title=CONTENT, slug="past", start="2015-10", country=country, mode="online"
    )
    past.host_countries.add(country)
    past.attendance.create(sector=CONTENT, number=4)
    past.attendance.create(number=9)
    Meeting.objects.create(dialogue=dialogue, title=CONTENT, slug="next", start=str(now.year + 1))
    dialogue.activities.create(title=CONTENT, meeting=past, date="2015-11").countries.add(country)
    project = make_project(
        title=CONTENT, slug="one", start="2016-10", end="2018", countries=[country], regions=[region], themes=[theme],
        dialogues=[dialogue], donors=[donor], themes_inferred=True, last_checked=now, other_partners=CONTENT,
        target_groups=CONTENT, summary=f"<p>{CONTENT}</p>", published=True,
    )  # fmt: skip
    project.country_groups.add(group)
    project.results.create(title=CONTENT)
    project.calls.create(title=CONTENT, closes=now)
    project.calls.create(title=CONTENT, kind="tenders")
    project.updates.create(title=CONTENT, date=now)
    project.links.create(label=CONTENT, url="https://example.org/")
    project.other_names.create(name=CONTENT)
    later = make_project(title=CONTENT, slug="two", stage_stated="current", stage_as_of="2021", published=True)
    later.countries.add(country)
    ProjectRelation.objects.create(project=later, other=project, kind="complements")
    follower = make_project(title=CONTENT, slug="three", start="2019", published=True)
    ProjectRelation.objects.create(project=follower, other=project, kind="follows")
    publication = make_publication(
        title=CONTENT, abstract=CONTENT, date="2021-06", is_forthcoming=True, countries=[country], projects=[project],
        publisher=donor, language="en", title_is_descriptive=True, published=True,
    )  # fmt: skip
    publication.type.name = CONTENT
    publication.type.save()
    publication.contributors.create(family_name=CONTENT)
    file = PublicationFile(publication=publication, language="en", format="pdf", size=9, sha256="0" * 64, pages=2)
    PublicationFile.objects.bulk_create([file])
    tokens = to_json(Token(0, 3, f"zzq{how}", CONTENT, 0.9, how) for how in ("font", "shift", "ligature", "gap"))
    file.text_pages.create(number=1, label="i", text=CONTENT, tokens=tokens, repairs=3, gaps=1, is_ocr=True)
    file.text_pages.create(number=2)
    country.memberships.create(start="2001")
    country.offices.create(kind=Office.Kind.REGIONAL, standing="planned")
    country.steering_group_chairs.create(year=2020)
    country.other_names.create(name=CONTENT, kind="former", end="2003")
    figures = FigureGroup.objects.create(slug="zzq", name=CONTENT)
    for number, qualifier in enumerate(("over", "about", "at_least", "exact")):
        KeyFigure.objects.create(
            group=figures, slug=f"f{number}", label=CONTENT, value=number, qualifier=qualifier, on_home_page=True,
            country=country, page="3", year=2021,
        )  # fmt: skip
    gone = make_project(title=CONTENT, slug="gone", published=True)
    gone.withdraw(by=publisher(), reason=CONTENT)
    pages = [
        "/", "/countries/", "/countries/rs/", f"/regions/{region.slug}/", f"/themes/{theme.slug}/", "/figures/",
        "/regions/", "/themes/", "/organisations/", f"/organisations/{donor.slug}/",
        "/projects/", "/projects/?country=RS&from=2016&to=2019&sort=end", "/projects/?country=RS&from=2100",
        "/projects/one/", "/projects/two/", "/dialogues/", "/dialogues/?stage=active", "/dialogues/zzq/",
        "/dialogues/zzq/?on=2021&since=2015", "/dialogues/meetings/", "/dialogues/zzq/meetings/past/",
        "/dialogues/meetings/?month=2015-10", "/publications/", "/publications/?from=2021",
        "/publications/zzq/", "/publications/zzq/en/", "/publications/zzq/en/1/", "/publications/zzq/en/2/",
        "/publications/zzq/en/?q=zzq", "/publications/zzq/en/1/?q=zzq+zzq)", "/publications/zzq/en/1/?quote=zzqq",
        f"/search/?q={CONTENT}", "/search/?q=zzqq", "/search/",
    ]  # fmt: skip
    errors = {
        "/projects/?country=RS&region=zzqq&donor=none": 400,
        "/projects/?from=2019&to=2016&country=XX": 400,
        "/dialogues/meetings/?month=zzq": 400,
        "/dialogues/zzq/?on=zzq": 400,
        "/zzqq/": 404,
        "/projects/zzq-x/": 404,
        "/projects/gone/": 410,
    }
    return dict.fromkeys(pages, 200) | errors


def texts_at(client, address, status):
    response = client.get(address)
    assert response.status_code == status, address
    return {own_words(text) for text in Texts(response.content.decode()).found if not is_of_another_app(text)}


@pytest.mark.parametrize("language", ["ar", "ru"])
def test_pages_in_another_script_show_no_latin_word_of_the_interface(client, addresses, language):
    for address, status in addresses.items():
        texts = texts_at(client, f"/{language}{address}", status)
        assert not {text for text in texts if re.search(r"[A-Za-z]{3}", text)}, address  # two letters are a code


def test_french_pages_share_no_text_with_the_english_ones_but_words_that_are_the_same(client, addresses):
    entries = [(key if isinstance(key, tuple) else (key,), forms) for key, forms in source("fr").items()]
    same = {own_words(text).casefold() for english, forms in entries for text in forms if text in english}
    for address, status in addresses.items():
        shared = texts_at(client, address, status) & texts_at(client, f"/fr{address}", status)
        assert not {text for text in shared if len(text) > 2 and text.casefold() not in same}, address


def is_of_another_app(text):
    """Of the kind that only the tests install."""
    return "event" in text.casefold()
