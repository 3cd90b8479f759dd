"""People and partners of a data-collection cycle."""

import pytest
from django.contrib.auth import get_user_model

from dialogues.models import Cycle, Domain, FocalPoint, Initiative, Instrument
from portal import roles
from tests.factories import make_dialogue, make_organisation
from tests.people import make_person


@pytest.fixture
def jvap(db):
    """A live dialogue with two domains and two cycles, of which the first is still open."""
    dialogue = make_dialogue(title="Valletta follow-up", slug="jvap", published=True)
    plan = Instrument.objects.create(slug="plan", title="Plan", kind="action-plan")
    plan.dialogues.add(dialogue)
    for number, title in enumerate(("Root causes", "Legal migration"), 1):
        Domain.objects.create(instrument=plan, number=number, position=number, title=title)
    for number, year in ((1, "2018"), (2, "2020")):
        Cycle.objects.create(dialogue=dialogue, number=number, start=year, end=year)
    return dialogue


@pytest.fixture
def cycle(jvap):
    return jvap.cycles.get(number=2)


@pytest.fixture
def partner(db):
    return make_organisation("Ministry of Migration", slug="ministry")


@pytest.fixture
def focal(jvap, partner):
    """Fatou, who reports for the ministry and may do nothing else."""
    user = get_user_model().objects.create_user("fatou", password="a-long-pass-phrase")
    FocalPoint.objects.create(user=user, dialogue=jvap, organisation=partner)
    return user


@pytest.fixture
def checker(db):
    return make_person("chris", roles.EDITOR)


@pytest.fixture
def verifier(db):
    return make_person("vera", roles.REVIEWER)


@pytest.fixture
def make_initiative(cycle, partner, focal, checker, verifier):
    """make_initiative(status="verified", title=…): one that the three people have walked as far as `status`."""

    def make(status="draft", domains=(), countries=(), **fields):
        given = {"cycle": cycle, "title": "Training of judges", "reported_by": partner, "status": "draft"}
        one = Initiative.objects.create(**given | fields)
        one.domains.set(domains)
        one.countries.set(countries)
        steps = [
            lambda: one.submit(by=focal),
            lambda: one.check_quality(by=checker),
            lambda: one.verify(by=verifier),
        ]
        for step in steps[: REACHED.index(status)]:
            step()
        return one

    return make


REACHED = ("draft", "submitted", "checked", "verified")
