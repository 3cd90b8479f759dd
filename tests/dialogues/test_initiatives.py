"""The way of an initiative from a draft to what visitors see: who may take which step, and what stays written."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from dialogues.models import Comment, Cycle, FocalPoint, Initiative
from portal import roles
from portal.models import AuditEntry
from tests.factories import make_country, make_organisation
from tests.people import make_person

VERBS = {
    "submit": lambda one, by: one.submit(by=by),
    "send back": lambda one, by: one.send_back(by=by, reason="Which year?"),
    "check": lambda one, by: one.check_quality(by=by),
    "verify": lambda one, by: one.verify(by=by),
    "reopen": lambda one, by: one.reopen(by=by, reason="A wrong amount"),
}
# Where each verb leads from where; what is not here is refused.
WAYS = {
    ("draft", "submit"): "submitted",
    ("returned", "submit"): "submitted",
    ("submitted", "check"): "checked",
    ("submitted", "send back"): "returned",
    ("checked", "send back"): "returned",
    ("checked", "verify"): "verified",
    ("checked", "reopen"): "submitted",
    ("verified", "reopen"): "submitted",
}
# Whom a verb is for, of those who may do nothing else that matters here.
FOR = {
    "submit": "fer",
    "send back": "er",
    "check": "er",
    "verify": "r",
    "reopen": "r",
}


@pytest.fixture
def cast(focal, jvap):
    other = make_person("oscar", roles.STAFF, is_staff=False)
    FocalPoint.objects.create(user=other, dialogue=jvap, organisation=make_organisation("Other", slug="other"))
    return {
        "f": focal,
        "o": other,
        "s": make_person("stan", roles.STAFF, is_staff=False),
        "e": make_person("edith", roles.EDITOR),
        "r": make_person("rex", roles.REVIEWER),
    }


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("status", Initiative.Status.values)
def test_each_verb_leads_from_where_it_may_to_one_place(make_initiative, cast, status, verb):
    one = make_initiative("submitted" if status == "returned" else status)
    if status == "returned":
        one.send_back(by=cast["e"], reason="Which year?")
    before = AuditEntry.objects.about(one).count()
    target = WAYS.get((status, verb))
    if target:
        VERBS[verb](one, cast["r"])
        entry = AuditEntry.objects.about(one).first()
        assert (entry.verb, entry.before, entry.after, entry.by) == (verb, status, target, cast["r"])
    else:
        with pytest.raises(ValidationError):
            VERBS[verb](one, cast["r"])
        assert AuditEntry.objects.about(one).count() == before
    one.refresh_from_db()
    assert one.status == (target or status)


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_is_for_those_who_may(make_initiative, cast, verb):
    status = next(source for (source, name) in WAYS if name == verb)
    one = make_initiative(status)
    for letter, person in cast.items():
        with transaction.atomic():
            fresh = Initiative.objects.get(pk=one.pk)
            if letter in FOR[verb]:
                VERBS[verb](fresh, person)
            else:
                with pytest.raises(PermissionDenied):
                    VERBS[verb](fresh, person)
            transaction.set_rollback(True)


def test_who_submitted_checked_or_changed_it_does_not_verify_it(make_initiative, verifier, focal):
    one = make_initiative("draft")
    one.submit(by=verifier)
    one.check_quality(by=make_person("edith", roles.EDITOR))
    with pytest.raises(ValidationError, match="yourself"):
        one.verify(by=verifier)
    other = make_initiative("submitted", title="Other")
    other.check_quality(by=verifier)
    with pytest.raises(ValidationError, match="yourself"):
        other.verify(by=verifier)
    third = make_initiative("submitted", title="Third")
    Initiative.objects.filter(pk=third.pk).update(changed_by=verifier)
    third.check_quality(by=make_person("emil", roles.EDITOR))
    with pytest.raises(ValidationError, match="yourself"):
        third.verify(by=verifier)


@pytest.mark.parametrize("column", ["submitted_by", "checked_by", "changed_by"])
def test_database_wants_another_person_to_verify(make_initiative, verifier, column):
    one = make_initiative("checked")
    with pytest.raises(IntegrityError), transaction.atomic():
        Initiative.objects.filter(pk=one.pk).update(status="verified", verified_by=verifier, **{column: verifier})


def test_database_knows_no_verified_one_without_its_people(make_initiative, verifier):
    one = make_initiative("submitted")
    for told in ({"verified_by": verifier}, {"verified_by": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Initiative.objects.filter(pk=one.pk).update(status="verified", **told)
    with pytest.raises(IntegrityError), transaction.atomic():
        Initiative.objects.filter(pk=one.pk).update(verified_by=verifier)


def test_what_is_said_on_the_way_is_a_thread_with_names_and_times(make_initiative, checker, focal):
    one = make_initiative("submitted")
    one.send_back(by=checker, reason="Which year?")
    one.submit(by=focal, note="It was 2020.")
    one.check_quality(by=checker)
    assert [(note.by, note.text) for note in one.thread.all()] == [
        (checker, "Which year?"),
        (focal, "It was 2020."),
    ]
    assert all(note.at <= timezone.now() for note in one.thread.all())


@pytest.mark.parametrize("verb", ["send back", "reopen"])
def test_taking_a_step_back_needs_a_reason(make_initiative, cast, verb):
    one = make_initiative("checked")
    act = one.send_back if verb == "send back" else one.reopen
    with pytest.raises(ValidationError):
        act(by=cast["r"], reason="  ")
    assert not Comment.objects.exists()


def test_what_is_checked_or_verified_is_reopened_before_it_says_something_else(make_initiative, cast):
    for status in ("checked", "verified"):
        one = make_initiative(status, title=status)
        one.title = "Other words"
        with pytest.raises(ValidationError, match="reopened"):
            one.save()
        one.refresh_from_db()
        one.reopen(by=cast["r"], reason="A wrong title")
        assert (one.checked_by, one.verified_by) == (None, None)
        one.title = "Other words"
        one.save()


def test_focal_point_reports_for_their_partner_in_their_time_alone(make_initiative, focal, partner, jvap):
    theirs = make_initiative()
    others = make_initiative(reported_by=None, reporting_state=make_country("TR", "Türkiye"))
    with pytest.raises(PermissionDenied):
        others.submit(by=focal)
    FocalPoint.objects.update(end="2020", end_last="2020-12-31")
    with pytest.raises(PermissionDenied):
        theirs.submit(by=focal)


def test_focal_point_of_a_state_reports_for_it(make_initiative, focal):
    state = make_country("TR", "Türkiye")
    FocalPoint.objects.update(organisation=None, country=state)
    one = make_initiative(reported_by=None, reporting_state=state)
    one.submit(by=focal)
    assert list(Initiative.objects.of_partner(FocalPoint.objects.get())) == [one]


def test_focal_point_is_nobody_who_works_in_the_admin(jvap, partner, checker):
    with pytest.raises(ValidationError, match="choose another account"):
        FocalPoint(user=checker, dialogue=jvap, organisation=partner).full_clean()


def test_visitors_see_what_is_verified(make_initiative, visitor, focal, checker):
    for status in ("draft", "submitted", "checked", "verified"):
        make_initiative(status, title=status)
    for person in (visitor, focal):
        assert [one.title for one in Initiative.objects.visible_to(person)] == ["verified"]
    assert Initiative.objects.visible_to(checker).count() == 4


def test_links_are_addresses_of_the_web(make_initiative):
    one = make_initiative(links="https://example.org/a\nhttp://example.org")
    one.full_clean()
    for text in ("javascript:alert(1)", "ftp://example.org", "see our site", " ".join(["https://a.example"] * 11)):
        one.links = text
        with pytest.raises(ValidationError):
            one.full_clean()


def test_initiative_continues_one_of_an_earlier_cycle_of_its_dialogue(make_initiative, jvap, cycle):
    first = jvap.cycles.get(number=1)
    before = make_initiative(cycle=first)
    one = make_initiative(continues=before)
    one.full_clean()
    for wrong in (make_initiative(title="Of this cycle"), one):
        one.continues = wrong
        with pytest.raises(ValidationError):
            one.full_clean()


def test_cycles_are_open_until_they_have_a_snapshot(jvap, cycle, verifier):
    assert Cycle.objects.open().count() == 2
    cycle.close(by=verifier)
    assert list(Cycle.objects.closed()) == [cycle]
    assert Cycle.objects.open().get().number == 1
