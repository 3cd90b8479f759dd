"""Whether what is brought in keeps the rules: many are asked together, and each that does not is told why."""

import json

import pytest

from portal.admin.imports import acting, judge_for
from portal.imports import carrying_out, rules
from portal.imports.entries import Entry, Found, Line
from portal.models import Import
from projects.models import Project
from tests.factories import make_organisation, make_project
from tests.portal.imports.conftest import row_key


@pytest.fixture
def refusals(reader, monkeypatch, editor):
    """What stands against each of these contents of projects."""

    def read(imported):
        contents = json.loads(bytes(imported.file))
        return Found([Entry(Project, one, [Line(n)], key=str(n)) for n, one in enumerate(contents)])

    def do(*contents):
        monkeypatch.setattr(reader.__class__, "read", staticmethod(read), raising=False)
        object.__setattr__(reader, "read", read)
        imported = carrying_out.begin("test", editor, "x", json.dumps(contents).encode())
        carrying_out.read(imported, judge_for(acting(editor)))
        return [target.refusal for target in Import.objects.get(pk=imported.pk).targets.all()]

    return do


def project(n=0, roles=(), **fields):
    rows = [{"id": row_key(str(n), str(k)), "fields": role} for k, role in enumerate(roles)]
    return {"fields": {"title_en": f"Project {n}"} | fields, "links": {}, "rows": {"roles": rows}}


def donor(organisation, **fields):
    return {"organisation": organisation.pk, "role": "donor"} | fields


def test_what_keeps_the_rules_is_not_refused_and_nothing_is_kept(refusals):
    organisation = make_organisation()
    assert refusals(project(1, [donor(organisation)]), project(2)) == ["", ""]
    assert not Project.objects.exists()


@pytest.mark.parametrize(
    "content, words",
    [
        (lambda org: project(1, [donor(org)], budget="5.00"), "budget needs its currency"),
        (lambda org: project(1, [donor(org)], start="2018", end="2016"), "end lies before the start"),
        (lambda org: project(1, [donor(org, share="101.00")]), "100"),
        (lambda org: project(1, [donor(org, amount="5.00")]), "amount needs its currency"),
        (lambda org: project(1, [donor(org), donor(org)]), "listed twice"),
        (
            lambda org: project(1, [donor(org, share="60.00"), donor(make_organisation(), share="60.00")]),
            "add up to 120",
        ),
        (lambda org: project(1, [donor(org, role="king")]), "Role: "),
        (lambda org: project(1, [{"organisation": 987654, "role": "donor"}]), "exist"),
        (lambda org: project(1, [{"organisation": None, "role": "donor"}]), "Organisation: This field cannot be null"),
        (lambda org: project(1, [donor(org)], title_en="x" * 301), "300 characters"),
    ],
)
def test_each_rule_is_told_of_the_one_that_breaks_it(refusals, content, words):
    organisation = make_organisation()
    good = [project(n, [donor(organisation)]) for n in range(10, 15)]
    first, second, third, *others = refusals(*good[:2], content(organisation), *good[2:])
    assert words in third
    assert [first, second, *others] == [""] * 5


def test_identifier_of_another_project_is_refused(refusals):
    make_project().identifiers.create(scheme="iati", value="A")
    row = {"id": row_key("a"), "fields": {"scheme": "iati", "value": "A"}}
    [refusal] = refusals({"fields": {"title_en": "New"}, "links": {}, "rows": {"identifiers": [row]}})
    assert "Another project has this identifier." in refusal


def test_address_that_is_taken_is_refused_where_it_is_said(refusals):
    make_project(slug="taken")
    assert "" not in refusals(project(1, slug="taken"))


def test_merged_organisation_is_followed_as_when_it_is_written(refusals, administrator):
    old, new = make_organisation(), make_organisation()
    old.merge_into(new, by=administrator)
    assert refusals(project(1, [donor(old)])) == [""]


def test_many_new_records_cost_no_more_queries_than_few(refusals, django_assert_max_num_queries):
    organisation = make_organisation()
    with django_assert_max_num_queries(60):
        assert set(refusals(*(project(n, [donor(organisation)]) for n in range(150)))) == {""}


def test_only_those_the_database_refuses_are_tried_alone(refusals, monkeypatch):
    alone = []
    known = rules.why_not
    monkeypatch.setattr(rules, "why_not", lambda subject, is_new: alone.append(subject) or known(subject, is_new))
    organisation = make_organisation()
    told = refusals(
        *(project(n, [donor(organisation, amount="5.00")] if n == 7 else [donor(organisation)]) for n in range(20))
    )
    assert [n for n, refusal in enumerate(told) if refusal] == [7]
    assert len(alone) == 1
