"""Every fact that the sources state about five dialogues stands on their pages; listed here one by one."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

pytestmark = pytest.mark.django_db

# Address -> what a reader must find there, in the order of the facts: each line is one of them.
FACTS = {
    "budapest-process": [
        "secretariat International Centre for Migration Policy Development",
        "first dialogue on migration between regions",
        "about the time when ICMPD was founded, in 1993",
        "number of its years and of its countries cannot be read in the source",
        "Participating and observer states (their number is lost in the source)",
        "Many international organisations",
        "Afghanistan focus country", "Bangladesh focus country", "Iran focus country", "Iraq focus country",
        "Pakistan focus country",
        "Senior Officials meetings",
        "Reference Group newly established; officials of several countries, their number is lost in the source",
        "lost in the source Secretariat",
        "A Silk Routes Partnership for Migration", "Commitments not stated",
        "Partnership", "Comprehensive migration management", "Human rights", "Solidarity", "Knowledge",
        "Series of virtual meetings Activity 2021",
        "Climate-induced migration; Migrant smuggling and trafficking in persons; International protection of "
        "vulnerable groups on the move",
        "Reference Group prepared three project proposals Activity 2021",
        "Law enforcement cooperation; Return and reintegration; Vocational training for labour mobility",
        "Senior Officials endorsed the three proposals Activity December 2021",
        "year digits lost; 2021 by context",
        "Priorities for 2022 Activity 2022",
        "Regional law enforcement cooperation; Legal pathways and labour mobility; Humane and sustainable return and "
        "reintegration; Protection of vulnerable groups on the move",
        "without binding one another in law",
        "turns the dialogue into proposals for projects",
        "Agendas were adapted to COVID-19 and to the situation in Afghanistan",
        "labour migration, including skills development",
        "irregular migration, including migrant smuggling, trafficking in human beings, return and reintegration",
        "Since Not stated", "Chair Not stated",
        "Silk Routes – III", "IBM Silk Routes", "Budapest Process activities",
        "Annual Report 2021, lines 1108-1132, 1333-1365, 2434-2499",
    ],
    "prague-process": [
        "secretariat International Centre for Migration Policy Development (ICMPD), hosted by the regional office for "
        "Eastern Europe and Central Asia in Vienna",
        "Czechia Czech chairmanship roadmap is mentioned; year by context 2021",
        "Participating states inside and outside the EU (the list is not given)",
        "Ministerial Conference", "Senior Officials Meeting", "Expert-level consultations", "Secretariat",
        "Bratislava Ministerial Declaration Sets the political mandate that expires in 2021. Declaration 2016",
        "Prague Process action plan In force in 2021. It has six thematic areas, which the source does not name; "
        "participating states confirmed them as broadly valid.",
        "Roadmap of the Czech chairmanship Roadmap",
        "Mandate of the Bratislava Ministerial Declaration, 2016 – 2021",
        "Three expert-level consultations and one Senior Officials Meeting Activity 2021 inputs for the next phase",
        "Webinars and analytical publications Activity 2021",
        "Updated country factsheets of non-EU participating states Activity 2021",
        "Launch of the e-learning platform Activity 2021 Training Academy",
        "24–25 October 2022 Prague Ministerial conference 4th Prague Process Ministerial Conference",
        "was to adopt a new action plan and a new mandate, whose years cannot be read in the source",
        "Migration Observatory, Training Academy, E-learning platform, Country factsheets, Webinar series",
        "Since Not stated", "MPF-PP",
        "Annual Report 2021, lines 1317-1331, 2174-2217",
    ],
    "rabat-process": [
        "secretariat International Centre for Migration Policy Development",
        "Europe; North Africa; Central Africa; West Africa",
        "Steering Committee", "Ministerial level gives policy direction", "Reference country duos",
        "Marrakesh Action Plan Its domains are numbered; the source names none of them and speaks of activities under "
        "domains 3 and 5.",
        "Joint Valletta Action Plan (JVAP)", "Action plan 2015",
        "Labelled webinar on migration and development led by France Labelled activity 2021 led by France meeting "
        "Migration and development",
        "Labelled thematic meeting on local and national authorities and migration, led by France Labelled activity "
        "2021 led by France meeting Local and national authorities",
        "Roundtables by Chad and Switzerland (reference country duo) Activity of reference countries 2021",
        "Protection and asylum; Unaccompanied minors",
        "Online meeting by Cabo Verde and Portugal (reference country duo) Activity of reference countries 2021",
        "Labour migration and mobility; Euro-African Skills partnership",
        "New studies, collections and guides shared with member states Activity 2021",
        "Not dated Chad and Switzerland discuss a bilateral project on asylum and the reception of refugees",
        "Labelling lets a state run an activity on a priority of its own that fits the plan; France used it twice in 2021",
        "Reference countries are named for each domain of the plan",
        "Meetings are held online, in person or both",
        "Webinar on migration and development (labelled by France)",
        "Thematic meeting on local and national authorities and migration (labelled by France)",
        "2018 Addis Ababa Senior officials’ meeting Senior Officials Meeting, Valletta partners",
        "2015 Valletta Summit Valletta Summit on Migration",
        "Since Not stated", "Chair Not stated", "MMD II",
        "Annual Report 2021, lines 1211-1255, 1242-1250, 2798-2953",
    ],
    "khartoum-process": [
        "secretariat International Centre for Migration Policy Development",
        "Netherlands 2021",
        "European Union", "Countries of the Horn of Africa",
        "Steering Committee", "Thematic Meetings", "Secretariat",
        "Joint Valletta Action Plan (JVAP)", "Action plan 2015",
        "Khartoum Process 2021 Roadmap Roadmap not stated 2021",
        "Four-module webinar series Trafficking in Human Beings: The 4Ps Revisited Activity 2021 meeting Prevention; "
        "Protection; Prosecution; Partnership",
        "Steering Committee in person Activity second half of 2021",
        "Thematic Meeting in person, preceded by a virtual roundtable, both titled Return, Reintegration and "
        "Integration: Finding Durable Solutions Activity second half of 2021 meeting Return; Reintegration; Integration",
        "online meetings opened the work to civil society, academia and the private sector",
        "meetings in person resumed in the second half of the year",
        "irregular migration, above all trafficking in human beings and migrant smuggling",
        "2021 Webinar Online Trafficking in Human Beings: The 4Ps Revisited",
        "second half of 2021 Thematic meeting Hybrid Return, Reintegration and Integration: Finding Durable Solutions",
        "2018 Addis Ababa Senior officials’ meeting Senior Officials Meeting, Valletta partners Rabat Process",
        "2015 Valletta Summit Valletta Summit on Migration",
        "Since Not stated",
        "Annual Report 2021, lines 1211-1255, 2847-2900, 2932-2953",
    ],
    "jvap-follow-up": [
        "secretariat International Centre for Migration Policy Development (ICMPD), mandated through the MMD project",
        "Since 2015",
        "European and African partners",
        "Steering Committees of the Khartoum and Rabat Processes",
        "Senior Officials Meeting, Addis Ababa, 2018", "Support Team",
        "Joint Valletta Action Plan (JVAP) A political declaration and an action plan with five thematic domains, which "
        "the source does not name. The number of its priorities cannot be read in the source.",
        "Action plan 2015 Valletta Summit on Migration",
        "Third data collection cycle finalised with quality checks Activity 2021 the cycle of 2020",
        "JVAP update exercise steered by the two Steering Committees Activity 2021",
        "Presentation at the European Commission International Partnerships InfoPoint virtual conference Activity 2021 "
        "meeting",
        "More than 25 presentations and data requests Activity 2021",
        "JVAP database, Data visualisation tool, Portal",
        "with a mandate from a senior officials’ meeting in 2018",
        "2021 Conference Online European Commission International Partnerships InfoPoint virtual conference on the JVAP",
        "2018 Addis Ababa Senior officials’ meeting Senior Officials Meeting, Valletta partners",
        "2015 Valletta Summit Valletta Summit on Migration",
        "Chair Not stated", "MMD II",
        "Annual Report 2021, lines 1257-1266, 2954-3029",
    ],
}  # fmt: skip

# What the facts state of the meetings themselves stands on their own pages.
MEETINGS = {
    "prague-process/meetings/prague-process-ministerial-conference-2022": [
        "Ministerial conference", "24–25 October 2022", "Prague", "official event of the Czech presidency",
        "expected to adopt a new action plan and a new mandate",
    ],
    "khartoum-process/meetings/khartoum-process-4ps-revisited-2021": [
        "Webinar", "2021", "Online", "Prevention, protection, prosecution, partnership",
    ],
    "khartoum-process/meetings/khartoum-process-durable-solutions-2021": [
        "Thematic meeting", "second half of 2021", "Hybrid", "Virtual roundtable ahead of an in-person meeting",
        "Dates not given",
    ],
    "rabat-process/meetings/rabat-process-webinar-migration-development-2021": [
        "Webinar", "2021", "Online", "Hosted by France", "One of two activities labelled by France in 2021",
    ],
    "rabat-process/meetings/rabat-process-local-authorities-2021": [
        "Thematic meeting", "2021", "Hosted by France", "One of two activities labelled by France in 2021",
    ],
    "rabat-process/meetings/senior-officials-addis-ababa-2018": [
        "Senior officials’ meeting", "2018", "Addis Ababa", "mandate for the JVAP update exercise",
        "Also a meeting of: Khartoum Process",
    ],
    "jvap-follow-up/meetings/jvap-infopoint-conference-2021": [
        "Conference", "2021", "Online", "Presentation of data collection results", "Year by context",
    ],
    "meetings/valletta-summit-2015": [
        "Summit", "2015", "Valletta", "Adopted the Joint Valletta Action Plan", "European and African leaders",
        "Place by name",
    ],
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _loaded(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_sample", stdout=StringIO())
        yield
        transaction.set_rollback(True)


def read(address):
    response = Client().get(address)
    assert response.status_code == 200
    page = response.content.decode()
    body = page[page.index("<main") : page.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", body).replace("&#x27;", "'").split()).replace(" ,", ",")


@pytest.mark.parametrize("slug", FACTS)
def test_every_fact_of_a_dialogue_is_on_its_page(slug):
    text = read(f"/dialogues/{slug}/")
    assert len(FACTS[slug]) > 15
    assert [fact for fact in FACTS[slug] if fact.casefold() not in text.casefold()] == []


@pytest.mark.parametrize("address", MEETINGS)
def test_every_fact_of_a_meeting_is_on_its_page(address):
    text = read(f"/dialogues/{address}/")
    assert [fact for fact in MEETINGS[address] if fact.casefold() not in text.casefold()] == []


@pytest.mark.parametrize("slug", FACTS)
@pytest.mark.parametrize("on", ["2014-06-30", "2021-06-30", "2023-01-01"])
def test_what_has_no_date_or_an_open_one_stands_on_every_day(slug, on):
    """Days lie before the first dated fact, among them and after the last."""
    text = read(f"/dialogues/{slug}/?on={on}")
    for body in re.findall(r"Bodies (.*?) (?:Tools|Source)", read(f"/dialogues/{slug}/")):
        assert body in text
    for part in ("Secretariat", "Source Annual Report 2021"):
        assert part in text
