"""Every element of an activity that a project has a place for goes there; the rest is kept in words."""

import pytest

from portal.models import CountryGroup, OrganisationName, Region
from projects.models import ProjectIdentifier
from tests.factories import make_country, make_organisation, make_project, make_theme
from tests.projects.activities.files import activity, element, told

pytestmark = pytest.mark.one_database


def kept(entry, name):
    return [one["words"] for one in entry.unplaced if one["field"] == name]


# Texts


def test_title_stands_in_each_language(entry):
    said = entry(title=("Safe Routes", ("Routes sûres", "fr"), ("Безопасные пути", "ru"))).said["fields"]
    assert (said["title_en"], said["title_fr"], said["title_ru"]) == ("Safe Routes", "Routes sûres", "Безопасные пути")


def test_language_of_the_activity_holds_where_a_narrative_states_none(entry):
    assert entry(title="Routes sûres", attributes='xml:lang="FR"').said["fields"]["title_fr"] == "Routes sûres"


def test_language_of_a_variant_is_that_of_the_language(entry):
    assert "title_en" in entry(title=(("Safe Routes", "en-GB"),)).said["fields"]


def test_title_in_another_language_is_kept_beside(entry):
    found = entry(title=("Safe Routes", ("Sichere Wege", "de")))
    assert found.said["fields"]["title_en"] == "Safe Routes"
    assert kept(found, "title") == ["Sichere Wege (de)"]


def test_title_in_another_language_alone_stands_as_the_main_one_and_that_is_said(entry):
    found = entry(title=(("Sichere Wege", "de"),))
    assert found.said["fields"]["title_en"] == "Sichere Wege"
    assert any("“de”" in remark for remark in found.remarks)


def test_file_without_a_language_says_so(entry):
    assert any("in which language" in remark for remark in entry(attributes="").remarks)


def test_long_title_is_cut_and_kept_whole(entry):
    found = entry(title="x" * 301)
    assert found.said["fields"]["title_en"] == "x" * 299 + "…"
    assert kept(found, "title") == ["x" * 301]
    assert any("cut to 300" in remark for remark in found.remarks)


def test_descriptions_go_by_their_type(entry):
    said = [told("description", text, type=n) for n, text in enumerate(("First.\n\nSecond.", "Aim.", "Nurses"), 1)]
    fields = entry(description="".join([*said, told("description", "Else.", type="4")])).said["fields"]
    assert fields["summary_en"] == "<p>First.</p><p>Second.</p>"
    assert (fields["objective_en"], fields["target_groups_en"]) == ("Aim.", "Nurses")


def test_description_of_another_type_is_kept(entry):
    found = entry(description=told("description", "Else.", type="4"))
    assert "summary_en" not in found.said["fields"]
    assert kept(found, "description") == ["type 4, Else."]


def test_markup_in_a_narrative_becomes_paragraphs_and_nothing_else(entry):
    text = "<p>One &amp; two</p><script>alert(1)</script><p onclick='x'>three</p>"
    summary = entry(description=told("description", text)).said["fields"]["summary_en"]
    assert "One &amp; two" in summary
    assert "<script" not in summary
    assert "onclick" not in summary


# Who


@pytest.mark.parametrize(
    "code, role, note",
    [
        ("1", "donor", ""),
        ("2", "partner", "IATI: accountable"),
        ("3", "partner", "IATI: extending"),
        ("4", "implementing", ""),
    ],
)
def test_participants_go_by_their_role(entry, code, role, note):
    organisation = make_organisation(name="Doer")
    row = entry(participants=told("participating-org", "Doer", role=code)).said["rows"]["roles"][0]["fields"]
    assert (row["role"], row["organisation"], row["note"]) == (role, organisation.pk, note)


def test_one_who_is_accountable_and_extends_is_one_partner(entry):
    twice = "".join(told("participating-org", "Doer", role=code) for code in "232")
    rows = entry(participants=twice).said["rows"]["roles"]
    assert [row["fields"]["note"] for row in rows] == ["IATI: accountable, extending"]


def test_participant_is_known_by_its_reference_before_its_name(entry):
    make_organisation(name="Doer")
    known = make_organisation(name="Other name", iati_identifier="XM-DAC-1")
    row = entry(participants=told("participating-org", "Doer", role="4", ref="xm-dac-1")).said["rows"]["roles"][0]
    assert row["fields"]["organisation"] == known.pk


def test_participant_is_known_by_alias_acronym_and_other_language(entry):
    known = make_organisation(name="Switzerland", acronym="SEM", name_fr="Suisse")
    OrganisationName.objects.create(organisation=known, name="Swiss Secretariat")
    for name in ("swiss secretariat", "SEM", "Suisse"):
        row = entry(participants=told("participating-org", name, role="1")).said["rows"]["roles"][0]
        assert row["fields"]["organisation"] == known.pk


def test_participant_that_was_merged_is_the_one_it_was_merged_into(entry, administrator):
    old, new = make_organisation(name="Doer"), make_organisation(name="Maker")
    old.merge_into(new, by=administrator)
    assert entry().said["rows"]["roles"][0]["fields"]["organisation"] == new.pk


def test_name_that_two_organisations_have_is_asked_about(read):
    make_organisation(name="Doer")
    make_organisation(name="Doer", slug="doer-2")
    found = read(activity())
    assert found.names.known["new:1"]["name"] == "Doer"


def test_unknown_participant_is_proposed_once_with_what_is_told_of_it(read):
    own = told("participating-org", "New Agency", role="1", ref="XM-NEW", type="10")
    other = told("participating-org", "Agency, new", role="4", ref="XM-NEW")
    found = read(activity("A", participants=own), activity("B", participants=other))
    told_of_it = {"type": "government", "iati_identifier": "XM-NEW"}
    assert [(one["name"], one["told"]) for one in found.names.known.values()] == [("New Agency", told_of_it)]
    assert [one.said["rows"]["roles"][0]["fields"]["organisation"] for one in found.entries] == ["new:1", "new:1"]


def test_two_ministries_of_one_name_stay_two(read):
    rows = "".join(told("participating-org", "Ministry of Interior", role="4", ref=ref) for ref in ("RS-1", "AL-1"))
    found = read(activity(participants=rows))
    assert [one["name"] for one in found.names.known.values()] == [
        "Ministry of Interior",
        "Ministry of Interior (AL-1)",
    ]


def test_unknown_role_is_kept_and_told(entry):
    found = entry(participants=told("participating-org", "Doer", role="9"))
    assert found.said["rows"]["roles"] == []
    assert kept(found, "participating-org") == ["role 9, Doer"]
    assert any("“9”" in remark for remark in found.remarks)


# When


def date(kind, day):
    return element("activity-date", type=kind, iso_date=day)


def test_actual_dates_come_before_planned_ones_which_are_kept(entry):
    found = entry(dates=date(1, "2016-10-01") + date(2, "2016-11-01") + date(3, "2018-10-31") + date(4, "2018-12-31"))
    assert (found.said["fields"]["start"], found.said["fields"]["end"]) == ("2016-11-01", "2018-12-31")
    assert kept(found, "activity-date") == ["planned start 2016-10-01", "planned end 2018-10-31"]


def test_planned_dates_stand_where_there_are_no_others(entry):
    found = entry(dates=date(1, "2016-10-01") + date(3, "2018-10-31Z"))
    assert (found.said["fields"]["start"], found.said["fields"]["end"]) == ("2016-10-01", "2018-10-31")


@pytest.mark.parametrize("day", ["2016-02-30", "0016-10-01", "soon", "", "2016-10", "२०१६-१०-०१"])
def test_day_that_cannot_be_is_a_problem_with_its_field_and_value(entry, day):
    [problem] = entry(dates=date(2, day)).lines[0].problems
    assert (problem.field, problem.value) == ("activity-date (actual start)", day)
    assert "2016-10-31" in problem.message


def test_end_before_the_start_is_a_problem_that_names_both(entry):
    [problem] = entry(dates=date(2, "2018-10-01") + date(4, "2016-10-01")).lines[0].problems
    assert problem.value == "2018-10-01 – 2016-10-01"


def test_date_stated_twice_differently_is_told(entry):
    found = entry(dates=date(2, "2016-10-01") + date(2, "2016-10-02"))
    assert found.said["fields"]["start"] == "2016-10-01"
    assert any("twice" in remark for remark in found.remarks)


def test_dates_tell_the_stage_and_the_status_is_kept(entry):
    found = entry()
    assert "stage_stated" not in found.said["fields"]
    assert kept(found, "activity-status") == ["2: implementation"]


def test_status_tells_the_stage_where_there_are_no_dates(entry):
    said = entry(dates="", status='<activity-status code="1"/>').said["fields"]
    assert (said["stage_stated"], said["stage_as_of"]) == ("planned", "2020-05-04")


def test_closed_activity_without_an_end_has_ended(entry):
    assert entry(status='<activity-status code="4"/>').said["fields"]["stage_stated"] == "ended"


def test_cancelled_activity_is_told(entry):
    assert any("cancelled" in remark for remark in entry(status='<activity-status code="5"/>').remarks)


# Where and what about


def test_countries_are_known_by_their_codes(entry):
    kosovo, serbia = make_country("XK", "Kosovo"), make_country("RS", "Serbia")
    found = entry(
        element("recipient-country", code="XK", percentage="40"),
        element("recipient-country", code="rs", percentage="60"),
    )
    assert found.said["links"]["countries"] == sorted([kosovo.pk, serbia.pk])
    assert kept(found, "recipient-country") == ["code XK, percentage 40", "code rs, percentage 60"]


def test_unknown_country_is_kept_and_told(entry):
    found = entry(element("recipient-country", code="ZZ"))
    assert "countries" not in found.said["links"]
    assert kept(found, "recipient-country") == ["code ZZ"]
    assert any("“ZZ”" in remark for remark in found.remarks)


def test_countries_of_transactions_count_where_the_activity_names_none(entry):
    serbia = make_country("RS", "Serbia")
    spent = element("transaction", children=element("recipient-country", code="RS"))
    assert entry(spent, spent).said["links"]["countries"] == [serbia.pk]


def test_region_is_a_group_of_states_or_a_region_of_the_portal_by_its_name(entry):
    group = CountryGroup.objects.create(slug="wb", name="Western Balkans")
    region = Region.objects.create(slug="africa", name="Africa")
    found = entry(
        told("recipient-region", "Western Balkans", code="1", vocabulary="99"), element("recipient-region", code="298")
    )
    assert (found.said["links"]["country_groups"], found.said["links"]["regions"]) == ([group.pk], [region.pk])


def test_other_region_is_kept_with_its_name(entry):
    found = entry(element("recipient-region", code="789"), element("recipient-region", code="1"))
    assert kept(found, "recipient-region") == ["code 789: Far East Asia, regional", "code 1"]
    assert any("“1”" in remark for remark in found.remarks)


def test_sector_is_the_theme_that_has_its_code(entry):
    theme = make_theme(iati_sector="15190")
    found = entry(element("sector", code="15190", vocabulary="1"), element("sector", code="15136", percentage="30"))
    assert found.said["links"]["themes"] == [theme.pk]
    assert kept(found, "sector") == ["code 15136, percentage 30: Immigration"]


def test_code_that_two_themes_have_is_not_guessed(entry):
    for _n in range(2):
        make_theme(iati_sector="15190")
    found = entry(element("sector", code="15190"))
    assert "themes" not in found.said["links"]
    assert any("several themes" in remark for remark in found.remarks)


def test_sector_of_another_vocabulary_is_kept(entry):
    make_theme(iati_sector="15190")
    found = entry(told("sector", "Own word", code="15190", vocabulary="99"))
    assert kept(found, "sector") == ["code 15190, vocabulary 99, Own word"]


# Money


def budget(value, start="2016-01-01", end="2016-12-31", currency="EUR", **attributes):
    own = {"currency": currency} if currency else {}
    children = element("period-start", iso_date=start) + element("period-end", iso_date=end)
    return element("budget", children=children + element("value", value, value_date=start, **own), **attributes)


def test_budgets_of_one_currency_are_added_up_and_kept(entry):
    found = entry(budget("1000"), budget("500.50", "2017-01-01", "2017-12-31"))
    assert (found.said["fields"]["budget"], found.said["fields"]["currency"]) == ("1500.50", "EUR")
    assert len(kept(found, "budget")) == 2
    assert "1000" in kept(found, "budget")[0]


def test_default_currency_holds(entry):
    found = entry(budget("1000", currency=None), attributes='xml:lang="en" default-currency="CHF"')
    assert found.said["fields"]["currency"] == "CHF"


def test_revised_budget_stands_for_the_original_of_its_period(entry):
    found = entry(budget("1000", type="1"), budget("1200", type="2"), budget("1", "2017-01-01", "2017-12-31", type="1"))
    assert found.said["fields"]["budget"] == "1201.00"


def test_currencies_are_never_added_up(entry):
    found = entry(budget("1000"), budget("500", "2017-01-01", "2017-12-31", currency="USD"))
    assert "budget" not in found.said["fields"]
    assert any("1000 EUR; 500 USD" in remark for remark in found.remarks)


def test_periods_that_overlap_are_not_added_up(entry):
    found = entry(budget("1000", "2016-01-01", "2018-12-31"), budget("500", "2017-01-01", "2017-12-31"))
    assert "budget" not in found.said["fields"]
    assert any("overlap" in remark for remark in found.remarks)


@pytest.mark.parametrize("value", ["a lot", "1e9", "NaN", "1,000", "", "9" * 19])
def test_budget_that_is_no_amount_is_kept_and_told(entry, value):
    found = entry(budget(value))
    assert "budget" not in found.said["fields"]
    assert any("no amount" in remark for remark in found.remarks)


@pytest.mark.parametrize("value", ["-5", "9999999999999"])
def test_budget_that_no_column_holds_is_told(entry, value):
    assert any("cannot be held" in remark for remark in entry(budget(value)).remarks)


# Links, results, relations


def test_documents_and_websites_become_links(entry):
    document = element(
        "document-link",
        children=told("title", "Report", ("Rapport", "fr")) + element("category", code="A09"),
        url="https://example.org/report.pdf",
        format="application/pdf",
    )
    bare = element(
        "document-link", children=element("category", code="A12"), url="https://example.org/x", format="text/html"
    )
    contact = element(
        "contact-info",
        children=told("organisation", "Doer")
        + element("email", "a@example.org")
        + element("website", "https://doer.example"),
    )
    found = entry(contact, document, bare)
    rows = [row["fields"] for row in found.said["rows"]["links"]]
    assert [(row["label_en"], row["url"]) for row in rows] == [
        ("Report", "https://example.org/report.pdf"),
        ("Activity web page", "https://example.org/x"),
        ("Doer", "https://doer.example"),
    ]
    assert rows[0]["label_fr"] == "Rapport"
    assert kept(found, "contact-info") == ["organisation: Doer, email: a@example.org"]
    assert kept(found, "document-link")[0] == "https://example.org/report.pdf: application/pdf"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://example.org/x", "report.pdf", "", "https://example.org/" + "x" * 500]
)
def test_what_is_no_address_makes_no_link(entry, url):
    found = entry(element("document-link", children=told("title", "Report"), url=url, format="text/html"))
    assert found.said["rows"]["links"] == []
    assert "Report" in kept(found, "document-link")[0]
    assert any("no address" in remark for remark in found.remarks)


def test_one_address_makes_one_link(entry):
    twice = element("document-link", children=told("title", "Report"), url="https://example.org/x", format="text/html")
    assert len(entry(twice, twice).said["rows"]["links"]) == 1


def test_results_keep_title_and_text_and_the_rest_in_words(entry):
    result = element(
        "result",
        children=told("title", "Staff trained")
        + told("description", "In two towns.")
        + element("indicator", measure="1"),
        type="1",
    )
    found = entry(result, result)
    fields = [row["fields"] for row in found.said["rows"]["results"]]
    assert (fields[0]["title_en"], fields[0]["text_en"], len(fields)) == ("Staff trained", "In two towns.", 2)
    assert len({row["id"] for row in found.said["rows"]["results"]}) == 2
    assert kept(found, "result") == ["indicator: measure 1"] * 2


def test_parent_that_is_a_project_here_is_a_relation(entry):
    parent = make_project()
    ProjectIdentifier.objects.create(project=parent, scheme="iati", value="XM-TEST-1-P")
    found = entry(
        element("related-activity", type="1", ref="XM-TEST-1-P"), element("related-activity", type="3", ref="XM-S")
    )
    [row] = found.said["rows"]["relations"]
    assert (row["fields"]["kind"], row["fields"]["other"]) == ("part-of", parent.pk)
    assert kept(found, "related-activity") == ["sibling: XM-S"]


def test_what_has_no_place_is_kept_under_its_name(entry):
    spent = element(
        "transaction", children=element("transaction-type", code="3") + element("value", "10", currency="EUR"), ref="T1"
    )
    found = entry(
        element("default-aid-type", code="C01"),
        element("x:own", "Something", xmlns__x="https://example.org/own"),
        spent,
        attributes='xml:lang="en" hierarchy="2" humanitarian="1"',
    )
    assert kept(found, "default-aid-type") == ["code C01"]
    assert kept(found, "own") == ["Something"]
    assert kept(found, "transaction") == ["ref T1, transaction-type: code 3, value: currency EUR, 10"]
    assert kept(found, "iati-activity") == ["hierarchy 2, humanitarian 1"]
    assert kept(found, "reporting-org") == ["ref XM-TEST-1, type 40, Reporting House"]


def test_identifier_and_source_recognise_it(entry):
    found = entry()
    assert (found.source, found.key, found.label) == ("XM-TEST-1", "XM-TEST-1-A", "Safe Routes")
    assert found.said["rows"]["identifiers"][0]["fields"] == {"scheme": "iati", "value": "XM-TEST-1-A"}
