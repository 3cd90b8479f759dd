"""Old pages brought in: what stands in the database afterwards, and what a second reading changes."""

import json
import os
import re
from itertools import takewhile
from pathlib import Path

import pytest
from django.core.management import call_command

from portal.admin.imports import acting, judge_for
from portal.imports import carrying_out, likeness, planning, unknown
from portal.models import Organisation, Origin, Version
from portal.prose import to_text
from projects.models import Project
from tests.bringing import read_in
from tests.factories import make_country, make_organisation, make_project, publish
from tests.projects.legacy import layouts

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(editor):
    def do(text, name="https://old.example/work"):
        return read_in("legacy-page", editor, name, text, {"name": name})

    return do


def actions(imported):
    return [target.action for target in imported.targets.all()]


@pytest.fixture
def ground():
    """What the page of harbours and orchards names."""
    for iso2, name in (("AL", "Albania"), ("ME", "Montenegro")):
        make_country(iso2, name)
    for name in ("Northern Lights Fund", "Institute of Coastal Studies"):
        make_organisation(name)


HARBOUR = layouts.plain((layouts.HARBOUR,))


def test_page_becomes_a_draft_that_says_what_the_page_says(ground, bring, carry):
    assert carry(bring(HARBOUR)) == {"create": 1, "update": 0}
    project = Project.objects.get()
    fact = layouts.HARBOUR
    assert (project.title, project.acronym, project.status) == (fact.title, fact.acronym, "draft")
    assert (project.objective, project.summary) == (fact.objective, f"<p>{fact.summary}</p>")
    assert (str(project.start), str(project.end)) == ("2016-03", "2018-09")
    assert [country.iso2 for country in project.countries.order_by("iso2")] == ["AL", "ME"]
    assert [(role.role, role.organisation.name) for role in project.roles.all()] == [
        ("donor", "Northern Lights Fund"),
        ("implementing", "Institute of Coastal Studies"),
    ]


def test_origin_keeps_every_piece_with_its_words_and_what_was_not_placed(ground, bring, carry):
    carry(bring(HARBOUR.replace("Donors:", "Kindly reported by the harbour master.\n\nDonors:")))
    origin = Origin.objects.about(Project.objects.get()).get()
    assert (origin.scheme, origin.source, origin.key) == ("legacy page", "https://old.example/work", "sahara")
    text = origin.imported.text
    assert all(text[piece["start"] : piece["end"]] == piece["words"] for piece in origin.pieces)
    start = next(piece for piece in origin.pieces if piece["field"] == "start")
    assert (start["words"], start["shown"], start["label"]) == ("March 2016", "March 2016", "Start")
    kept = [*(one["words"] for one in origin.unplaced), *(one["words"] for one in origin.pieces)]
    assert any("harbour master" in words for words in kept)


def test_second_run_changes_nothing(ground, bring, carry):
    carry(bring(HARBOUR))
    versions = Version.objects.count()
    again = bring(HARBOUR)
    assert actions(again) == ["skip"]
    assert carry(again) == {"create": 0, "update": 0}
    assert (Project.objects.count(), Version.objects.count()) == (1, versions)


def test_date_that_changed_on_the_page_is_all_that_changes(ground, bring, carry):
    carry(bring(HARBOUR))
    before = Version.objects.count()
    again = bring(HARBOUR.replace("September 2018", "June 2019"))
    assert actions(again) == ["update"]
    (step,) = planning.steps_of(again, again.targets.all())
    assert step.subject.touched == {"fields": ["end"], "links": [], "rows": []}
    carry(again)
    assert (str(Project.objects.get().end), Version.objects.count()) == ("2019-06", before + 1)


def test_what_an_editor_changed_since_stays(ground, bring, carry):
    carry(bring(HARBOUR))
    project = Project.objects.get()
    project.objective_en, project.start = "Shorter.", "2016-04"
    project.save()
    project.roles.filter(role="donor").update(note="seen in the contract")
    carry(bring(HARBOUR.replace("September 2018", "June 2019")))
    project.refresh_from_db()
    assert (project.objective, str(project.start), str(project.end)) == ("Shorter.", "2016-04", "2019-06")
    assert project.roles.get(role="donor").note == "seen in the contract"


def test_project_that_is_live_gets_a_draft(ground, bring, carry):
    carry(bring(HARBOUR))
    project = publish(Project.objects.get())
    again = bring(HARBOUR.replace("September 2018", "June 2019"))
    assert again.targets.get().as_draft
    carry(again)
    project.refresh_from_db()
    assert str(project.end) == "2018-09"


def test_project_that_may_be_known_waits_for_somebody_who_says_so(ground, bring, carry):
    known = make_project(title=layouts.HARBOUR.title, acronym="SAHARA")
    imported = bring(HARBOUR)
    assert actions(imported) == ["conflict"]
    assert "same title" in imported.targets.get().likely["records"][0]["why"]
    likeness.choose(imported.targets.get(), str(known.pk))
    planning.plan(imported, judge_for(acting(imported.by)))
    carry(imported)
    known.refresh_from_db()
    assert (str(known.start), Project.objects.count()) == ("2016-03", 1)
    assert actions(bring(HARBOUR)) == ["skip"]


def test_new_names_are_proposed_and_left_out_until_somebody_chooses(bring, carry):
    text, _facts = layouts.strangers()
    imported = bring(text)
    assert {one["model"] for one in imported.names.values()} == {"portal.organisation"}
    carry(imported)
    assert not Organisation.objects.exists()
    assert not Project.objects.get().roles.exists()
    unsure = [one for one in imported.targets.get().pieces if one["field"] == "countries"]
    assert unsure
    assert not any(one["taken"] for one in unsure)  # a name nobody knows is a guess


def test_created_name_makes_the_second_run_no_different(ground, bring, carry, editor):
    text = HARBOUR.replace("Northern Lights Fund", "Fund of the Southern Tides")
    imported = bring(text)
    (key,) = imported.names
    unknown.create(imported, key, editor)
    planning.plan(imported, judge_for(acting(editor)))
    carry(imported)
    assert actions(bring(text)) == ["skip"]


def test_french_page_fills_french_columns(ground, bring, carry):
    text = (
        "Ports sûrs (PORTS)\n\nObjectif : Les ports connaissent le droit.\n\nRésumé : Douze ports participent."
        "\n\nBailleur : Northern Lights Fund\n\nDurée : mars 2016 – septembre 2018\n\nPays : Albanie"
    )
    imported = bring(text)
    assert actions(imported) == ["create"], imported.targets.get().refusal
    carry(imported)
    project = Project.objects.get()
    assert (project.title_fr, project.title_en) == ("Ports sûrs", None)
    assert project.objective_fr == "Les ports connaissent le droit."


def test_german_page_stands_in_the_first_columns_and_says_so(ground, bring):
    text = (
        "Sichere Häfen (HAFEN)\n\nZiel: Die Häfen kennen das Recht.\n\nGeber: Northern Lights Fund"
        "\n\nLaufzeit: März 2016 – September 2018\n\nLänder: Albanien"
    )
    target = bring(text).targets.get()
    assert [piece["value"] for piece in target.pieces if piece["field"] == "countries"] == [{"country": "AL"}]
    assert target.said["fields"]["title_en"] == "Sichere Häfen"
    assert "in German, for which the portal has no columns: its texts stand in those for English" in target.remarks[0]


def test_spanish_names_of_countries_are_known(bring):
    make_country("HU", "Hungary")
    text = "Puertos seguros (PUERTO)\n\nObjetivo: Los puertos conocen sus derechos.\n\nPaíses: Hungría"
    pieces = bring(text).targets.get().pieces
    assert [piece["value"] for piece in pieces if piece["field"] == "countries"] == [{"country": "HU"}]


def test_what_belongs_to_no_project_is_shown(ground, bring):
    imported = bring(f"{HARBOUR}\n\n\n\nFurther Work of the House\n\nThe FRUIT II programme has ended.")
    assert any("FRUIT II" in remark for remark in imported.remarks)
    assert "FRUIT II" not in str(imported.targets.get().said)


def test_page_without_projects_says_so(bring):
    imported = bring("Nothing to see here.\n\nReally.")
    assert imported.state == "read"
    assert "No project was found" in imported.remarks[0]


@pytest.mark.parametrize("content", [b"", b"\x00" * 50, b" \n \n"])
def test_page_without_text_says_so(content, editor):
    imported = carrying_out.begin("legacy-page", editor, "a.txt", content)
    carrying_out.read(imported, judge_for(acting(editor)))
    assert "no text" in imported.remarks[0]


@pytest.mark.parametrize("content", [b"%PDF-1.7 torn", b"PK\x03\x04torn"])
def test_damaged_file_fails_with_a_reason(content, editor):
    imported = carrying_out.begin("legacy-page", editor, "a.pdf", content)
    carrying_out.read(imported, judge_for(acting(editor)))
    assert (imported.state, imported.file) == ("failed", None)
    assert "damaged" in imported.problem


HOSTILE = [
    HARBOUR.replace("Montenegro", "Mon\x00tene\u202egro\ufffe"),
    HARBOUR.replace("SAHARA", "A" * 200_000),
    HARBOUR + "\nDonor: " + "Fund of " * 25_000,
    HARBOUR + "\n" + "Donor: " * 20_000,
    HARBOUR.replace("March 2016", "March 9999"),
    HARBOUR + "\nBudget: EUR 999999999999999999",
    HARBOUR + "\nMore information: http://[::1 and http://a..b/ and javascript:alert(1)",
    HARBOUR.encode("utf-16"),
    HARBOUR.encode("cp1252", "replace") + b"\x81\xff",
    b"<p><b>Safe Harbours (SAHARA)</b><p>Donor: <a href='http://a.example/\x00\xed\xa0\x80'>Fund</a><p>Duration: 2016",
    "<p>" * 50_000 + HARBOUR,
]


@pytest.mark.parametrize("content", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_page_is_read_or_refused_with_words(ground, editor, content):
    imported = carrying_out.begin(
        "legacy-page", editor, "a.txt", content if isinstance(content, bytes) else content.encode()
    )
    carrying_out.read(imported, judge_for(acting(editor)))
    assert imported.state in {"read", "failed"}
    assert imported.problem or imported.targets.exists() or imported.remarks


needs_page = pytest.mark.skipif(
    not os.environ.get("PORTAL_LEGACY_PAGE"), reason="PORTAL_LEGACY_PAGE does not say where the real page lies"
)


LABEL = re.compile(r"(?:Objective|Summary|Donors?|Duration|Countr(?:y|ies)|Implementing Agency):\s*")


def one_line(text):
    return " ".join(text.split())


def stated(block):
    """The objective and the summary of a project as its lines say them: the paragraph behind the one label, and those
    behind the other, or without one, as long as they are sentences.
    """
    paragraphs = [one_line(part) for part in re.split(r"\n\s*\n", block) if part.strip()]
    n = next(n for n, part in enumerate(paragraphs) if part.startswith("Objective:"))
    rest = [paragraphs[n + 1].removeprefix("Summary:").strip(), *paragraphs[n + 2 :]]
    sentences = takewhile(lambda part: part.endswith(".") and not LABEL.match(part), rest)
    return LABEL.sub("", paragraphs[n], count=1), " ".join(sentences)


def blocks_of(text):
    """The lines of each project on the page, by its short name: somebody has written down where they stand."""
    path = Path(os.environ["PORTAL_LEGACY_PAGE"]).parents[1] / "facts" / "projects.json"
    if not path.exists():
        pytest.skip(f"{path} does not say which lines of the page are about which project")
    blocks = {}
    for fact in json.loads(path.read_text(encoding="utf-8")):
        if fact["source"] == "page":
            first, *last = (int(n) for n in fact["source_lines"].split("-"))
            blocks[fact["acronym"]] = "\n".join(text.splitlines()[first - 1 : last[0] if last else first])
    return blocks


@needs_page
def test_real_page_gives_the_texts_that_stand_between_its_labels(bring, carry):
    call_command("load_sample", verbosity=0, stdout=open(os.devnull, "w"))  # noqa: SIM115
    text = Path(os.environ["PORTAL_LEGACY_PAGE"]).read_text(encoding="utf-8")
    blocks = {acronym: block for acronym, block in blocks_of(text).items() if "Objective:" in block}
    imported = bring(text)
    likeness.choose_for_all(imported, as_new=True)
    planning.plan(imported, judge_for(acting(imported.by)))
    carry(imported)
    targets = list(imported.targets.all())
    assert len(targets) == len(blocks) == 4
    for target, (acronym, block) in zip(targets, blocks.items(), strict=True):
        draft = Project.objects.get(pk=target.object_id)
        assert draft.title.split(" – ")[0] in one_line(block)
        objective, summary = stated(block)
        assert len(objective) > 150
        assert len(summary) > 300
        # A space that was lost behind the short name is put back; nothing else differs.
        assert one_line(draft.objective) == re.sub(rf"\b{re.escape(acronym)}(?=[a-z])", f"{acronym} ", objective)
        assert one_line(to_text(draft.summary)) == summary


@needs_page
def test_real_page_becomes_four_drafts_with_every_stated_fact(bring, carry):
    call_command("load_sample", verbosity=0, stdout=open(os.devnull, "w"))  # noqa: SIM115
    text = Path(os.environ["PORTAL_LEGACY_PAGE"]).read_text(encoding="utf-8")
    own = [Project.objects.get(slug=slug) for slug in ("mimak", "link-up-serbia", "sessiz-destek", "adept")]
    before = Project.objects.count()
    imported = bring(text)
    assert actions(imported) == ["conflict"] * 4  # the sample has them: somebody must say that these are others
    assert [one.likely["records"][0]["pk"] for one in imported.targets.all()] == [str(one.pk) for one in own]
    likeness.choose_for_all(imported, as_new=True)
    planning.plan(imported, judge_for(acting(imported.by)))
    assert [one.refusal for one in imported.targets.all()] == [""] * 4
    assert carry(imported) == {"create": 4, "update": 0}
    assert Project.objects.count() == before + 4
    drafts = [Project.objects.get(pk=target.object_id) for target in imported.targets.all()]
    for project, draft in zip(own, drafts, strict=True):
        assert draft.status == "draft"
        for name in ("title", "acronym", "start", "end"):
            assert getattr(draft, name) == getattr(project, name)
        assert set(draft.countries.all()) == set(project.countries.all())
        assert set(draft.country_groups.all()) == set(project.country_groups.all())
        stated = project.roles.exclude(role="beneficiary")
        assert {(r.role, r.organisation) for r in draft.roles.all()} == {(r.role, r.organisation) for r in stated}
        assert {call.title for call in draft.calls.all()} == {call.title for call in project.calls.all()}
        assert [link.url for link in draft.links.all()] == [link.url for link in project.links.all()]
        assert {n.name for n in draft.other_names.all()} == {n.name for n in project.other_names.all()}
    assert any("MIEUX II" in re.sub(r"\s+", " ", remark) for remark in imported.remarks)
    assert not Project.objects.filter(pk__in=[one.pk for one in drafts], summary_en__contains="MIEUX II").exists()
    versions = Version.objects.count()
    again = bring(text)
    assert actions(again) == ["skip"] * 4
    assert carry(again) == {"create": 0, "update": 0}
    assert (Project.objects.count(), Version.objects.count()) == (before + 4, versions)
