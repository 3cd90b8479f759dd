"""Who takes part, meetings and initiatives, brought in and taken out as tables."""

import pytest

from dialogues.models import Cycle, Dialogue, Initiative, Meeting, Participation
from portal.models import Draft, Version
from portal.versions import history
from tests.bringing import actions_of
from tests.factories import make_country, make_dialogue, make_organisation, publish
from tests.portal.sheets.conftest import *  # noqa: F403 (fixtures)
from tests.portal.sheets.conftest import cells_of, edited, problems, table, written


@pytest.fixture
def dialogue(db):
    dialogue = make_dialogue(title="Rabat Process", slug="rabat")
    for iso2, name in (("RS", "Serbia"), ("AL", "Albania")):
        Participation.objects.create(
            dialogue=dialogue, country=make_country(iso2, name), role="participant", start="2006"
        )
    return dialogue


def test_edited_row_changes_and_the_others_stay(bring, carry, dialogue):
    imported = bring("participation", edited(written("participation"), note=(2, "Since the first conference")))
    assert sorted(actions_of(imported)) == ["skip", "update"]
    carry(imported)
    assert sorted(row.note for row in dialogue.participations.all()) == ["", "Since the first conference"]


def test_rows_that_a_table_does_not_name_stay(bring, carry, dialogue):
    rows = cells_of(written("participation"))
    assert actions_of(bring("participation", table(*rows[:2]))) == ["skip"]
    new = table(["dialogue", "role", "country", "start"], ["rabat", "observer", "TR", "2010"])
    make_country("TR", "Türkiye")
    carry(bring("participation", new))
    assert dialogue.participations.count() == 3
    versions = Version.objects.count()
    again = bring("participation", new)
    assert actions_of(again) == ["skip"]
    carry(again)
    assert Version.objects.count() == versions


def test_row_is_known_by_who_it_is_about(bring, dialogue):
    head = ["dialogue", "role", "country", "start", "note"]
    imported = bring("participation", table(head, ["rabat", "participant", "RS", "2006", "Host"]))
    assert actions_of(imported) == ["update"]


def test_what_an_editor_changed_of_a_row_stays(bring, carry, dialogue):
    head = ["dialogue", "role", "country", "start", "note"]
    make_country("TR", "Türkiye")
    sent = table(head, ["rabat", "observer", "TR", "2010", "Guest"])
    carry(bring("participation", sent))
    row = dialogue.participations.get(role="observer")
    row.note = "Guest of honour"
    row.save()
    assert actions_of(bring("participation", sent)) == ["skip"]


def test_rows_that_cannot_be_are_named(bring, dialogue):
    head = ["dialogue", "id", "role", "country", "start"]
    imported = bring(
        "participation",
        table(
            head,
            ["nowhere", "", "observer", "RS", ""],
            ["rabat", "", "guest", "RS", ""],
            ["rabat", "00000000-0000-4000-8000-000000000009", "observer", "RS", ""],
            ["rabat", "", "observer", "XX", ""],
        ),
    )
    assert [(number, field) for number, field, _text in problems(imported)] == [
        (2, "dialogue"),
        (3, "role"),
        (4, "id"),
        (5, "country"),
    ]


def test_party_that_is_two_things_is_refused(bring, dialogue):
    make_organisation(name="AU", slug="au")
    head = ["dialogue", "role", "country", "organisation"]
    imported = bring("participation", table(head, ["rabat", "observer", "RS", "au"]))
    assert actions_of(imported) == ["refuse"]
    assert imported.targets.get().refusal


def test_new_meeting_of_a_live_dialogue_comes_into_its_draft_once(bring, carry, dialogue):
    publish(dialogue)
    sent = table(["dialogue", "title_en", "start", "country"], ["rabat", "Fifth conference", "2018-05", "RS"])
    carry(bring("meetings", sent))
    assert not Meeting.objects.exists()
    draft = Draft.objects.open().about(dialogue).get()
    assert [row["fields"]["title_en"] for row in draft.version.content["rows"]["meetings"]] == ["Fifth conference"]
    assert actions_of(bring("meetings", sent)) == ["skip"]


FIFTH = ["dialogue", "title_en", "start", "place", "summary_en"]


@pytest.mark.parametrize("is_live", [False, True])
def test_new_meeting_that_somebody_edited_since_is_not_overwritten_by_its_table(bring, carry, dialogue, is_live):
    sent = table(FIFTH, ["rabat", "Fifth conference", "2018-05", "Vienna", ""])
    if is_live:
        publish(dialogue)
    carry(bring("meetings", sent))
    if is_live:
        draft = Draft.objects.open().about(dialogue).get()
        [row] = draft.version.content["rows"]["meetings"]
        row["fields"] |= {"place": "Vilnius", "summary_en": "Held."}
        draft.version = history.keep(dialogue, "draft", None, content=draft.version.content, is_draft=True)
        draft.save()
    else:
        meeting = Meeting.objects.get()
        meeting.place, meeting.summary = "Vilnius", "Held."
        meeting.save()
    again = bring("meetings", sent)
    assert actions_of(again) == ["skip"]
    carry(again)
    assert actions_of(bring("meetings", table(FIFTH, ["rabat", "Fifth conference", "2018-05", "", ""]))) == ["conflict"]
    mended = bring("meetings", table(FIFTH, ["rabat", "Fifth conference", "2018-05", "Vienna", "Never held."]))
    assert actions_of(mended) == ["conflict"]


def test_tables_of_new_meetings_do_not_forget_what_others_told(bring, carry, dialogue):
    publish(dialogue)
    fifth = table(FIFTH, ["rabat", "Fifth conference", "2018-05", "Vienna", ""])
    carry(bring("meetings", fifth))
    carry(bring("meetings", table(FIFTH, ["rabat", "Sixth conference", "2022", "Cadiz", ""])))
    rows = Draft.objects.open().about(dialogue).get().version.content["rows"]["meetings"]
    assert {row["fields"]["title_en"] for row in rows} == {"Fifth conference", "Sixth conference"}
    assert actions_of(bring("meetings", fifth)) == ["skip"]


def test_new_meeting_that_stands_twice_in_a_table_is_told(bring, dialogue):
    row = ["rabat", "Fifth conference", "2018-05", "Vienna", ""]
    imported = bring("meetings", table(FIFTH, row, [*row[:3], "Vilnius", ""]))
    assert problems(imported) == [(3, "title_en", "A row before it is the same one.")]


def test_what_an_editor_changed_stays_whichever_tables_were_read_between(bring, carry, dialogue):
    head = ["dialogue", "role", "country", "start", "note"]
    make_country("TR", "Türkiye")
    first = table(head, ["rabat", "observer", "TR", "2010", "Guest"])
    carry(bring("participation", first))
    carry(bring("participation", table(head, ["rabat", "participant", "RS", "2006", "Host"])))
    dialogue.participations.filter(role="observer").update(note="Guest of honour")
    assert actions_of(bring("participation", first)) == ["skip"]
    dialogue.participations.get(role="observer").delete()
    again = bring("participation", first)
    assert actions_of(again) == ["skip"]
    carry(again)
    assert not dialogue.participations.filter(role="observer").exists()


def test_row_from_a_text_nobody_knows_is_a_conflict_where_it_differs(bring, dialogue):
    sent = edited(edited(written("participation"), version=(2, "v123")), version=(3, "v123"))
    assert actions_of(bring("participation", sent)) == ["skip", "skip"]
    imported = bring("participation", edited(sent, note=(3, "Host")))
    assert set(actions_of(imported)) == {"conflict"}
    assert "Nobody knows the text" in imported.targets.get().refusal


def test_meeting_is_changed_by_what_was_edited_and_a_new_one_has_its_place(bring, carry, dialogue):
    meeting = Meeting.objects.create(dialogue=dialogue, title="Senior officials", start="2017", type="senior-officials")
    carry(bring("meetings", edited(written("meetings"), place=(2, "Vienna"))))
    meeting.refresh_from_db()
    assert meeting.place == "Vienna"
    sent = table(["dialogue", "title_en", "start"], ["rabat", "Fifth conference", "2018-05"], ["", "Forum", "2019"])
    carry(bring("meetings", sent))
    assert {(one.title, one.dialogue) for one in Meeting.objects.exclude(pk=meeting.pk)} == {
        ("Fifth conference", dialogue),
        ("Forum", None),
    }
    assert set(actions_of(bring("meetings", sent))) == {"skip"}
    assert not Meeting.objects.filter(is_listed=True).exists()


def test_initiative_has_who_brought_it_in_so_that_somebody_else_verifies_it(bring, carry, dialogue, editor):
    Cycle.objects.create(dialogue=dialogue, number=1)
    make_country("AL", "Albania")
    sent = table(
        ["cycle", "title_en", "countries", "amount", "currency"], ["rabat/1", "Training", "RS; AL", "1000", "EUR"]
    )
    carry(bring("initiatives", sent))
    initiative = Initiative.objects.get()
    assert (initiative.submitted_by, initiative.status, initiative.countries.count()) == (editor, "submitted", 2)
    assert actions_of(bring("initiatives", sent)) == ["skip"]
    assert actions_of(bring("initiatives", written("initiatives"))) == ["skip"]


def test_table_reaches_neither_a_closed_cycle_nor_what_is_checked(bring, carry, dialogue, editor, reviewer):
    closed, going_on = (Cycle.objects.create(dialogue=dialogue, number=number) for number in (1, 2))
    frozen = Initiative.objects.create(cycle=closed, title="Frozen")
    checked = Initiative.objects.create(cycle=going_on, title="Checked")
    checked.check_quality(by=editor)
    whole = written("initiatives")
    closed.close(by=reviewer, leave_out=True)
    imported = bring("initiatives", edited(whole, links=(2, "https://example.org"), description_en=(3, "More")))
    assert actions_of(imported) == ["refuse", "refuse"]
    assert actions_of(bring("initiatives", table(["cycle", "title_en"], ["rabat/1", "More"]))) == ["refuse"]
    for one in (frozen, checked):
        one.refresh_from_db()
        assert (one.links, one.description) in {("", ""), ("", None)}
    assert Initiative.objects.count() == 2


def test_dialogue_itself_is_in_no_table(bring, dialogue):
    before = Dialogue.objects.values().get()
    bring("participation", written("participation"))
    assert Dialogue.objects.values().get() == before
