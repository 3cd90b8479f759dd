"""Who is told by letter of which step, and what the letter says and does not say."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal import kinds, letters, roles, telling
from portal.models import Letter, Preference
from portal.versions import drafts, due
from portal.versions.content import take
from projects.models import Project
from tests.factories import make_organisation, make_project, make_record
from tests.forms import send_form
from tests.people import make_person
from tests.portal.admin.conftest import change_url

MONDAY = datetime.datetime(2027, 3, 1, 8, 0, tzinfo=datetime.UTC)


def person(name, role, **fields):
    made = make_person(name, role, is_staff=fields.pop("is_staff", True))
    made.email = f"{name}@example.org"
    for field, value in fields.items():
        setattr(made, field, value)
    made.save()
    return made


@pytest.fixture
def edith(db):
    return person("edith", roles.EDITOR, first_name="Edith", last_name="Editor")


@pytest.fixture
def rex(db):
    return person("rex", roles.REVIEWER, first_name="Rex", last_name="Reviewer")


@pytest.fixture
def rita(db):
    return person("rita", roles.REVIEWER)


@pytest.fixture
def eli(db):
    """Another editor, who has nothing to do with it."""
    return person("eli", roles.EDITOR)


@pytest.fixture
def project(edith):
    return make_project(title="Safe routes", summary="Not for letters", changed_by=edith)


def told(act, *args, **kwargs):
    """Who gets a letter of an act."""
    before = set(Letter.objects.values_list("pk", flat=True))
    act(*args, **kwargs)
    new = Letter.objects.exclude(pk__in=before)
    names = list(new.values_list("to__username", flat=True))
    assert len(names) == len(set(names)), "somebody is told twice"
    return set(names)


def test_submitted_record_is_told_to_those_who_may_publish_it(project, edith, rex, rita, eli):
    person("ada", roles.ADMINISTRATOR)
    person("stan", roles.STAFF, is_staff=False)
    assert told(project.submit, by=edith) == {"rex", "rita"}


def test_who_wrote_it_last_is_not_asked_to_review_it(edith, rex, rita):
    project = make_project(changed_by=rex)
    assert told(project.submit, by=edith) == {"rita"}


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": ""}, {"is_staff": False}])
def test_nobody_is_told_who_cannot_act(project, edith, rex, rita, change):
    type(rex).objects.filter(pk=rex.pk).update(**change)
    assert told(project.submit, by=edith) == {"rita"}


def test_who_switched_letters_off_is_not_told_and_who_chose_a_zone_is(project, edith, rex, rita):
    Preference.objects.create(user=rex, wants_letters=False)
    Preference.objects.create(user=rita, time_zone="America/New_York")
    assert told(project.submit, by=edith) == {"rita"}


def test_who_submitted_and_who_changed_it_last_are_told_of_each_step(project, edith, rex, rita, eli):
    project.submit(by=edith)
    Project.objects.update(changed_by=eli)
    assert told(project.send_back, by=rex, reason="Who pays?") == {"edith", "eli"}
    project.submit(by=edith)
    tomorrow = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)
    assert told(project.publish, by=rex, at=tomorrow) == {"edith", "eli"}
    assert told(project.take_back, by=rita) == {"edith", "eli"}
    project.submit(by=edith)
    assert told(project.publish, by=rex) == {"edith", "eli"}
    assert told(project.withdraw, by=rita, reason="The donor asked.") == {"edith", "eli"}


def test_who_does_it_is_not_told_and_one_person_is_told_once(project, edith, rex, rita):
    assert told(project.submit, by=edith) == {"rex", "rita"}
    Project.objects.update(changed_by=rex)
    assert told(project.send_back, by=rex, reason="Who pays?") == {"edith"}
    project.submit(by=edith)
    Project.objects.update(changed_by=edith)
    assert told(project.publish, by=rex) == {"edith"}


def test_who_lost_the_right_to_see_it_is_not_told(project, edith, rex):
    project.submit(by=edith)
    edith.groups.clear()
    assert told(project.send_back, by=rex, reason="Who pays?") == set()


def test_steps_that_concern_nobody_else_are_not_told(project, edith, rex):
    assert told(project.archive, by=edith) == set()
    assert told(project.reopen, by=rex) == set()


def test_refused_step_tells_nobody(project, edith, rex):
    with pytest.raises(ValidationError):
        project.send_back(by=rex, reason="Who pays?")
    assert not Letter.objects.exists()


@pytest.mark.parametrize("name", [kind.name for kind in kinds.all()])
def test_every_kind_tells(name, edith, rex):
    record = make_record(kinds.get(name), changed_by=edith)
    assert told(record.submit, by=edith) == {"rex"}
    assert told(record.publish, by=rex) == {"edith"}


def test_letter_says_what_happened_by_whom_why_and_where(settings, project, edith, rex):
    settings.SITE_URL = "https://portal.example"
    project.submit(by=edith, note="The budget is new.\nPlease look at the dates.")
    letters.send_waiting()
    [letter] = mail.outbox
    assert letter.to == ["rex@example.org"]
    assert letter.subject == "For review: Safe routes"
    assert letter.body == (
        "Edith Editor submitted this for review.\n\n"
        f"Safe routes (project)\nhttps://portal.example{change_url(project)}\n\n"
        "Note:\n  The budget is new.\n  Please look at the dates.\n\n"
        "-- \nYou can switch these letters off: https://portal.example/admin/preferences/\n"
    )
    assert letter.message().get_content_type() == "text/plain"


def test_letter_carries_the_reason_and_nothing_of_the_record_but_its_title(project, edith, rex):
    project.submit(by=edith)
    project.send_back(by=rex, reason="Who pays?")
    letters.send_waiting()
    letter = mail.outbox[-1]
    assert letter.subject == "Sent back: Safe routes"
    assert "Rex Reviewer sent this back." in letter.body
    assert "What should be changed:\n  Who pays?" in letter.body
    assert "Not for letters" not in letter.body


def test_title_of_several_lines_stays_one_line(edith, rex):
    project = make_project(title="Safe\r\nBcc: thief@example.org", changed_by=edith)
    project.submit(by=edith, note="Line\x07 one")
    letters.send_waiting()
    [letter] = mail.outbox
    assert letter.subject == "For review: Safe Bcc: thief@example.org"
    assert "\nSafe Bcc: thief@example.org (project)\n" in letter.body
    assert "\x07" not in letter.body
    assert letter.recipients() == ["rex@example.org"]


def test_time_in_a_letter_is_that_of_its_reader(project, edith, rex):
    Preference.objects.create(user=edith, time_zone="America/New_York")
    Preference.objects.create(user=rex, time_zone="Asia/Tokyo")
    with time_machine.travel(MONDAY, tick=False):
        project.publish(by=rex, at=MONDAY + datetime.timedelta(days=1))
    text = Letter.objects.get().text
    assert Letter.objects.get().subject == "Scheduled: Safe routes"
    assert "Visitors will see it from 2 March 2027, 03:00 (America/New_York)." in text


def test_several_at_once_are_one_letter_for_each_person(client, edith, rex, rita):
    projects = [make_project(title=f"Project {n}", changed_by=edith) for n in (1, 2, 3)]
    client.force_login(edith)
    chosen = {"action": "submit_all", "_selected_action": [project.pk for project in projects]}
    assert told(client.post, "/admin/projects/project/", chosen) == {"rex", "rita"}
    letter = Letter.objects.get(to=rex)
    assert letter.subject == "For review: Project 1 and 2 others"
    assert all(f"Project {n} (project)\n" in letter.text for n in (1, 2, 3))


def test_several_of_which_one_is_refused_tell_nobody(client, rex, edith, rita):
    fine, own = make_project(changed_by=edith), make_project(changed_by=rex)
    for project in (fine, own):
        Project.objects.filter(pk=project.pk).update(status="review")
    client.force_login(rex)
    assert told(client.post, "/admin/projects/project/", {"action": "publish_all", "_selected_action": [fine.pk, own.pk]}) == set()  # fmt: skip
    assert Project.objects.filter(status="review").count() == 2


def test_form_that_is_refused_in_its_last_step_tells_nobody(client, rex, rita):
    own = make_project(changed_by=rex)
    own.submit(by=rex)
    client.force_login(rex)
    assert told(send_form, client, change_url(own), _verb="publish") == set()


def test_other_things_can_be_told_of_too(edith, rex, rita, eli):
    """Whatever has a name and a form, to whomever one names."""
    organisation = make_organisation("Red Cross")
    people = {edith, rex, rita}
    tell = telling.tell
    assert told(tell, organisation, "merge", rex, "It was there twice.", people, ["One line more."]) == {
        "edith",
        "rita",
    }
    letter = Letter.objects.get(to=rita)
    assert letter.subject == "Merge: Red Cross"
    assert "Rex Reviewer: merge." in letter.text
    assert f"/admin/portal/organisation/{organisation.pk}/change/" in letter.text
    assert "One line more." in letter.text
    assert told(tell, organisation, "merge", rex, "", people, right="projects.publish_project") == {"rita"}


def test_same_act_is_told_once(project, edith, rex):
    for _n in range(2):
        telling.tell(project, "submit", edith, "", {rex}, act="audit:7")
    assert Letter.objects.count() == 1


# Drafts of live pages


def test_steps_of_a_draft_are_told_to_the_people_concerned(edith, rex, rita, eli):
    project = make_project(title="Safe routes", published=True)
    said = take(project)
    draft = drafts.save(project, said | {"fields": said["fields"] | {"acronym": "SR"}}, by=edith)
    assert told(drafts.submit, draft, by=edith, note="New acronym") == {"rex", "rita"}
    assert told(drafts.send_back, draft, by=rex, reason="Which?") == {"edith"}
    assert "Which?" in Letter.objects.latest("pk").text
    drafts.submit(draft, by=edith)
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    assert told(drafts.publish, draft, by=rex, at=tomorrow) == {"edith"}
    assert "Visitors will see it from" in Letter.objects.latest("pk").text


def test_draft_of_a_vocabulary_is_for_those_who_may_change_it(edith, rex, eli):
    organisation = make_organisation("Frontier Institute")
    ada = person("ada", roles.ADMINISTRATOR)
    draft = drafts.save(organisation, take(organisation), by=ada)
    assert told(drafts.submit, draft, by=ada) == {"rex"}


def test_draft_that_was_due_and_does_not_fit_is_told_to_who_wrote_and_who_approved(edith, rex, rita):
    project = make_project(title="Safe routes", published=True)
    said = take(project)
    draft = drafts.save(project, said | {"fields": said["fields"] | {"acronym": "SR"}}, by=edith)
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    drafts.publish(draft, by=rex, at=tomorrow)
    project.acronym = "OTHER"
    project.save()
    with time_machine.travel(tomorrow, tick=False):
        assert told(due.put_due_in_place) == {"edith", "rex"}
