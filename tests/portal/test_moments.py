"""Times round the change of clocks: which are refused and in which words, and what visitors see to the second."""

import datetime
import zoneinfo

import pytest
import time_machine
from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.moments import MomentField, SplitMomentField, clock_change
from projects.models import Project
from tests.factories import make_project, publish

SECOND, MINUTE = datetime.timedelta(seconds=1), datetime.timedelta(minutes=1)

# Zone, what is typed, what is wrong with it, the times on either side. Morocco goes back for Ramadan; Lord Howe moves
# by half an hour, Havana at midnight.
CHANGES = [
    ("Europe/Vienna", "2031-03-30T02:30", "does not exist", "30 March 2031, 01:59", "30 March 2031, 03:00"),
    ("Europe/Vienna", "2031-10-26T02:00", "comes twice", "26 October 2031, 01:59", "26 October 2031, 03:00"),
    ("America/New_York", "2027-03-14T02:59", "does not exist", "14 March 2027, 01:59", "14 March 2027, 03:00"),
    ("America/New_York", "2027-11-07T01:00", "comes twice", "7 November 2027, 00:59", "7 November 2027, 02:00"),
    ("Africa/Casablanca", "2027-02-07T02:30", "comes twice", "7 February 2027, 01:59", "7 February 2027, 03:00"),
    ("Africa/Casablanca", "2027-03-14T02:30", "does not exist", "14 March 2027, 01:59", "14 March 2027, 03:00"),
    ("Australia/Lord_Howe", "2027-10-03T02:15", "does not exist", "3 October 2027, 01:59", "3 October 2027, 02:30"),
    ("America/Havana", "2027-03-14T00:30", "does not exist", "13 March 2027, 23:59", "14 March 2027, 01:00"),
]


class OneBox(forms.Form):
    at = MomentField(required=False, widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M"))


class TwoBoxes(forms.Form):
    at = SplitMomentField(required=False, widget=AdminSplitDateTime)


def typed(form, moment, initial=None):
    """The form as it comes back from the browser."""
    day, time = moment.split("T")
    data = {"at": moment} if form is OneBox else {"at_0": day, "at_1": time}
    return form(data, initial={"at": initial})


def shown(form, moment):
    """What the boxes show of an instant."""
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M:%S" if form is TwoBoxes else "%Y-%m-%dT%H:%M")


@pytest.mark.parametrize("form", [OneBox, TwoBoxes])
@pytest.mark.parametrize("zone, moment, why, before, after", CHANGES)
def test_time_that_is_none_or_two_is_refused_and_its_neighbours_are_named(form, zone, moment, why, before, after):
    with timezone.override(zone):
        [problem] = typed(form, moment).errors["at"]
        assert why in problem
        assert zone in problem
        assert f"Write {before} or earlier, or {after} or later." in problem
        for neighbour in (before, after):
            accepted = datetime.datetime.strptime(neighbour, "%d %B %Y, %H:%M").strftime("%Y-%m-%dT%H:%M")
            assert typed(form, accepted).is_valid(), neighbour


@pytest.mark.parametrize("zone, moment, why, before, after", CHANGES)
def test_every_minute_between_the_neighbours_is_refused_and_no_other(zone, moment, why, before, after):
    start, end = clock_change(datetime.datetime.fromisoformat(moment), zoneinfo.ZoneInfo(zone))
    field, refused, minute = MomentField(), [], start - 90 * MINUTE
    with timezone.override(zone):
        while minute < end + 90 * MINUTE:
            try:
                field.clean(minute.strftime("%Y-%m-%dT%H:%M"))
            except ValidationError:
                refused.append(minute)
            minute += MINUTE
    assert refused == [start + n * MINUTE for n in range((end - start) // MINUTE)]


def test_other_mistakes_keep_their_words():
    with pytest.raises(ValidationError, match="valid date/time"):
        MomentField().clean("soon")


@pytest.mark.parametrize("form", [OneBox, TwoBoxes])
@pytest.mark.parametrize("hour", [0, 1])
def test_untouched_box_keeps_an_instant_whose_time_comes_twice(form, hour):
    """Somebody may have pressed “Publish” in that very hour, or typed it in another zone."""
    instant = datetime.datetime(2031, 10, 26, hour, 30, tzinfo=datetime.UTC)
    text = shown(form, instant)
    assert text.startswith("2031-10-26T02:30")
    sent = typed(form, text, initial=instant)
    assert sent.is_valid(), sent.errors
    assert sent.cleaned_data["at"] == instant
    assert not sent.has_changed()
    assert not typed(form, text.replace("02:30", "02:31"), initial=instant).is_valid()


@pytest.mark.parametrize("form", [OneBox, TwoBoxes])
def test_emptied_box_is_empty(form):
    sent = form({}, initial={"at": datetime.datetime(2031, 10, 26, 0, 30, tzinfo=datetime.UTC)})
    assert sent.is_valid()
    assert sent.cleaned_data["at"] is None
    assert sent.has_changed()


# What visitors see is decided when the page is read, to the second

INSTANTS = [
    pytest.param(zone, datetime.datetime.fromisoformat(local), id=f"{zone} {local}")
    for zone, local in [
        ("Europe/Vienna", "2031-03-30T01:59:59"),
        ("Europe/Vienna", "2031-03-30T03:00:00"),
        ("Europe/Vienna", "2031-10-26T01:59:59"),
        ("Europe/Vienna", "2031-10-26T03:00:00"),
        ("America/New_York", "2031-03-09T03:00:00"),
        ("America/New_York", "2031-11-02T02:00:00"),
        ("Africa/Casablanca", "2031-01-01T00:00:00"),
        ("Africa/Casablanca", "2027-02-07T03:00:00"),
        ("Africa/Casablanca", "2027-03-14T03:00:00"),
    ]
]


def seen(client, project, at):
    """Whether visitors see it, by each way of asking, which must agree."""
    with time_machine.travel(at, tick=False):
        listed = Project.objects.published().filter(pk=project.pk).exists()
        assert project.is_public is listed
        assert (project.state == "published") is listed
        assert Project.objects.in_state("published").filter(pk=project.pk).exists() is listed
        assert (client.get(project.get_absolute_url()).status_code == 200) is listed
        return listed


@pytest.mark.parametrize("zone, local", INSTANTS)
def test_record_appears_and_goes_to_the_second_round_a_change_of_clocks(client, db, zone, local):
    at = local.replace(tzinfo=zoneinfo.ZoneInfo(zone)).astimezone(datetime.UTC)
    until = at + datetime.timedelta(hours=1)
    project = make_project()
    with time_machine.travel(at - datetime.timedelta(days=1), tick=False):
        publish(project, at=at, until=until)
    project.refresh_from_db()
    moments = [at - SECOND, at, at + SECOND, until - SECOND, until, until + SECOND]
    assert [seen(client, project, moment) for moment in moments] == [False, True, True, True, False, False]
