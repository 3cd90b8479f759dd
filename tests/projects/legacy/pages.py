"""More invented pages, written down one by one as offices write them, untidy and unlike each other."""

from tests.projects.legacy.layouts import Fact, Layout, docx, html, paragraph, table

FACT_SHEET = """PROJECT FACT SHEET

Project Name: Lanterns on the Coast Road
Short title: LANTERN
Contract number: 2014/337-112
Funding: European Union (90%) and Institute of Coastal Studies (10%)
Total budget: EUR 1 450 000
Implementation period: 1 February 2014 - 31 July 2016 (30 months)
Beneficiary countries: Tunisia, Algeria & Egypt
Target group: coast guards, harbour masters and their families
Project manager: A. Person, a.person@example.org

Overall objective
To make the coast road safe for travellers at night.

Specific objectives
1. To put lanterns where people ask for them.
2. To train those who will look after them.

Contact: lantern@example.org
"""

NEWSLETTER = """What we are working on

WELLS: Water and the Return of Herdsmen

The project started in May 2018 and ends in April 2021. With a budget of 2,3 million euros it is financed by the Northern
Lights Fund and carried out by the Institute of Coastal Studies in Chad and Niger. Its aim is that herdsmen find wells on
their way home.


FERRY: Crossing Rivers with Papers

Funded by the Austrian Development Agency, FERRY was implemented between January 2012 and June 2013 by the United Nations
Registry Office. Border guards of Ukraine and Moldova learned how ferries are checked without making anybody wait.


Who we are

We are a small house near the river, and we like to be visited.
"""

TWO_COLUMNS = html(
    "<table><tr><td colspan=2><b>Mills of the Valley (MILLS II)</b></td></tr>"
    "<tr><td>Financed by:</td><td><ul><li>European Commission</li><li>Northern Lights Fund</li></ul></td></tr>"
    "<tr><td>Implementing partners:</td><td>Institute of Coastal Studies<br>United Nations Registry Office</td></tr>"
    "<tr><td>Timeframe:</td><td>09/2010 &ndash; 08/2012</td></tr>"
    "<tr><td>Location:</td><td>Bosnia and Herzegovina</td></tr>"
    "<tr><td>Description:</td><td><p>Old mills become schools.</p><p>Each has a garden and a teacher who lives there.</p></td></tr>"
    "</table>"
    "<table><tr><td colspan=2><b>Looms for Newcomers</b></td></tr>"
    "<tr><td>Financed by:</td><td>Austrian Development Agency</td></tr>"
    "<tr><td>Timeframe:</td><td>since October 2013</td></tr>"
    "<tr><td>Location:</td><td>Austria, Hungary</td></tr>"
    "<tr><td>Description:</td><td><p>Newcomers learn to weave, and weavers learn to wait.</p></td></tr></table>"
)

MENU = html(
    "<nav><ul><li><a href='/'>Home</a></li><li><a href='/projects'>Projects</a></li><li><a href='/contact'>Contact</a></li>"
    "</ul></nav><div id=main><h1>Projects</h1><div class=project><h3><a href='https://old.example/p/17'>Beacons for Young "
    "Pilots (BYP)</a></h3><span class=label>Donor</span>: Northern Lights Fund<br/><span>Country</span>: Georgia<br/>"
    "<span>Duration</span>: 2009 - 2011<p>Young pilots learn to read beacons and to light them for others.</p></div>"
    "<div class=project><h3><a href='https://old.example/p/18'>Maps of Hidden Paths</a></h3><span>Donor</span>: European "
    "Commission<br/><span>Countries</span>: Armenia, Azerbaijan<br/><span>Duration</span>: June 2011 - May 2012"
    "<p>Paths that shepherds know are drawn on maps before they are forgotten.</p></div></div>"
    "<footer>Copyright. All rights reserved. <a href='/imprint'>Imprint</a></footer>"
)

FRENCH_SHEET = """Fiche de projet

Intitulé du projet : Des ruches pour les quartiers (RUCHE)
Bailleur de fonds : Union européenne
Montant : 800 000 €
Organisme d'exécution : Institute of Coastal Studies
Pays concernés : Maroc, Tunisie et Algérie
Durée : du 1er avril 2013 au 31 mars 2015
Objectif général : Que chaque quartier ait des abeilles et du miel.
Contexte : Les jardins des villes manquent d'abeilles depuis longtemps.

Intitulé du projet : Des ponts de bois
Bailleurs de fonds : Commission européenne ; Austrian Development Agency
Pays concernés : Sénégal
Durée : 2014-2016
Objectif général : Relier les deux rives sans béton.
"""

GERMAN_LIST = """Laufende Projekte

1) Gärten auf Dächern (GADA)
   Auftraggeber: Austrian Development Agency
   Laufzeit: 01.06.2015 bis 31.05.2017
   Land: Österreich
   Inhalt: Auf flachen Dächern entstehen Gärten, in denen Nachbarn gemeinsam arbeiten.

2) Boote für den Winter
   Auftraggeber: European Commission / Northern Lights Fund
   Laufzeit: seit Jänner 2016
   Länder: Ungarn, Slowakei
   Inhalt: Boote werden im Winter repariert, damit sie im Frühjahr wieder fahren können.
"""

MAIL = """Dear colleagues, please find below the entries for the web page.

Title: Compass for Travelling Teachers
Acronym: COMPASS
Countries: Kyrgyzstan; Tajikistan; Uzbekistan
Donor: Swiss Agency for Development & Cooperation (SDC)
Partners: Ministry of Education of Tajikistan, Teachers' Union
Start date: 15/09/2019
End date: 14/09/2022
Objective: Teachers who travel find a class wherever they arrive.

Title: Slates and Chalk
Countries: Uzbekistan
Donor: Swiss Agency for Development & Cooperation (SDC)
Start date: October 2020
End date: ongoing
Objective: No school is without a blackboard.

Best regards
"""

WORD_SHEET = docx(
    paragraph("Projects in the East", style="Title"),
    paragraph(("Kites over the Steppe – Phase II (KITE II)", True)),
    table(("Donor", "European Commission"), ("Co-funded by", "Northern Lights Fund"), ("Implementing Agency", "Institute of Coastal Studies"),
          ("Period", "01/01/2018 – 31/12/2020"), ("Countries", "Kazakhstan, Mongolia"), ("Budget", "€ 3.200.000"),
          ("Summary", "Children build kites with their grandparents and fly them across two borders.")),
    paragraph(""),
    paragraph(("Wells in the Sand (WELLS)", True)),
    table(("Donor", "Austrian Development Agency"), ("Period", "2016 – 2017"), ("Countries", "Turkmenistan"),
          ("Summary", "Old wells are found again with the help of songs that tell where they lie.")),
)  # fmt: skip

CAPITALS = """SHELTERS FOR STORKS (STORK)

OBJECTIVE
Storks find a nest on every roof that can bear it.

DONOR
Northern Lights Fund

DURATION
April 2006 – March 2008

COUNTRIES
Poland
Lithuania
Latvia


HEDGES AND HOUSES (HEDGE)

OBJECTIVE
Hedges part fields without parting neighbours.

DONOR
European Commission

DURATION
2007 – 2009

COUNTRIES
Ireland
"""

SENTENCES = """Current activities

Rivers Without Owners (RIWO)
Countries: Iraq, Jordan, Lebanon. Donor: European Union. Duration: March 2019 to February 2022. Objective: People along a
river share what they know of it. Implementing agency: Institute of Coastal Studies.

Stones That Tell (STONE)
Countries: Turkey. Donor: Northern Lights Fund. Duration: 2020-2021. Objective: Old stones are read by those who live
beside them.
"""

OPEN_ENDS = """Name of the project: Night Trains for Nurses
Funded by: Northern Lights Fund, with co-funding from the European Commission
Implemented by: Institute of Coastal Studies together with United Nations Registry Office
Runs from: summer 2017
Where: worldwide

Name of the project: Day Trains for Doctors
Funded by: to be confirmed
Implemented by: Institute of Coastal Studies
Runs from: January 2018 for 18 months
Where: Silk Routes
"""


AGENCY_LIST = """Enhancing Markets for Fishermen's Wives
Project code: XY-0123
Location: Ghana, Togo and Benin (Accra, Lome, Cotonou)
Donor(s): Northern Lights Fund; Ministry of Fisheries of Ghana
Duration: 24 months (1 Jan 2011 - 31 Dec 2012)
Budget: USD 750,000
Status: completed

The project helped women who sell fish to keep their money safe. Two hundred of them took part in lessons on saving.

Main achievements:
- A savings club in each of nine villages
- A handbook in three languages

Quieter Engines for River Boats
Project code: XY-0456
Location: Gambia
Donor(s): European Commission, Austrian Development Agency
Duration: 12 months (1 Mar 2013 - 28 Feb 2014)
Budget: EUR 90,000
Status: completed

Boats were given engines that do not frighten the fish.
"""

RUSSIAN_LIST = """Проекты

Проект «Тёплые дома для учителей» (ТЕПЛО)
Страны: Кыргызстан, Таджикистан и Узбекистан
Доноры: European Commission; Institute of Coastal Studies
Срок реализации: с января 2015 года по декабрь 2017 года
Цель проекта: Учителя горных школ живут в тёплых домах.

Проект «Библиотеки в вагонах»
Страны: Казахстан
Доноры: Northern Lights Fund
Срок реализации: 2018–2019 гг.
Цель проекта: Книги едут туда, где нет библиотек.
"""

ARABIC_TABLE = html(
    "<h2 dir=rtl>مكتبات على الطريق</h2><table dir=rtl><tr><th>الجهة المانحة</th><td>الاتحاد الأوروبي</td></tr><tr><th>البلدان</th><td>الأردن ولبنان</td></tr><tr><th>المدة</th><td>من يناير 2015 إلى ديسمبر 2016</td></tr><tr><th>الهدف</th><td>تصل الكتب إلى كل قرية.</td></tr></table>"
)

TEASERS = html("""<div class="teaser"><h2>SILENT: Silent Nights for Airports</h2><p><em>Since 2019</em> | Donor: Northern Lights Fund | Countries: France, Belgium</p>
<p>Airports learn to be silent at night. <a href="https://silent.example/">Read more</a></p></div>
<div class="teaser"><h2>TUNNEL: Tunnels for Toads</h2><p><em>2016 - 2020</em> | Donor: European Commission | Countries: Germany</p>
<p>Toads pass below roads. <a href="https://tunnel.example/">Read more</a></p></div>""")

ANNEX = """ANNEX 2. LIST OF PROJECTS

2.1 Ladders for Libraries (LADLIB)
Donor – Austrian Development Agency
Implementing agencies – Institute of Coastal Studies, United Nations Registry Office
Duration – 15 months, May 2008 – July 2009
Countries – Croatia, Slovenia

2.2 Benches for Bus Stops
Donor – Swiss State Secretariat for Coastal Affairs
Implementing agencies – United Nations Registry Office
Duration – 2010
Countries – Switzerland and Liechtenstein
"""

INDENTED = """Project: Clocks for Stations
Country: Italy
Period: June 2001
        to May 2003
Donors: European Commission,
        Northern Lights Fund
Partners: City of Trieste; City of Venice
Objective: Clocks of all stations
           show the same hour.
Website: www.clocks.example
"""

SPANISH_SHEET = docx(
    paragraph("Faroles para la costa (FARO)", style="Heading1"),
    paragraph(("Donante: ", True), "Unión Europea"),
    paragraph(("Países: ", True), "Marruecos y España"),
    paragraph(("Duración: ", True), "del 1 de enero de 2012 al 31 de diciembre de 2013"),
    paragraph(("Presupuesto: ", True), "1,5 millones de euros"),
    paragraph(("Resumen: ", True), "La costa tiene luz por la noche."),
)


CONTACT = """Contact us

Our office: Old Road 5, Vienna
Phone: +43 1 000 00 00
E-mail: office@example.org
Website: www.example.org
Opening hours: Monday to Friday

Country offices
Serbia: Belgrade
Albania: Tirana
"""

NEWS = """Migration week opens in Vienna

On 3 May 2017 the week was opened by the mayor. It was funded by the Northern Lights Fund. More than 300 guests from Albania and Serbia came.

Read more

Next event: 5 June 2017
"""

RECIPE = """Soup of the day

Ingredients: carrots, onions
Time: 30 minutes
Method: Cook all of it.
Country: France
"""

REGIONS = """EASTERN EUROPE

Doors and Windows of the Old Town (DOWIN)
Background: The old town has more doors than people remember. A register was started in 1998 and left aside.
The project takes it up again.
Aims: To count all doors; to open those that are closed.
Activities:
- Walks with neighbours
- A map on paper
Partners: Museum of the Old Town (Ukraine), Institute of Coastal Studies
Funded by: the European Commission under its programme for towns
Timeline: Oct. 2005 - Sept. 2007

Roofs of Reed
Background: Reed is cheap and warm.
Aims: Forty roofs are made new.
Partners: Guild of Roofers
Funded by: Northern Lights Fund
Timeline: 2008

CENTRAL ASIA

Yurts for Schools (YUFOS)
Background: Some schools move with their pupils.
Aims: Each has a yurt of its own.
Partners: United Nations Registry Office
Funded by: Austrian Development Agency and Northern Lights Fund
Timeline: January to November 2009
"""

MATRIX = html("""<table border=1><tr><th>No.</th><th>Name of project</th><th>Funding agency</th><th>Period</th><th>Countries covered</th><th>Budget (EUR)</th></tr>
<tr><td>1</td><td>Salt and Snow (SAS)</td><td>European Commission</td><td>11/2003-10/2005</td><td>Bulgaria, Romania</td><td>420.000</td></tr>
<tr><td>2</td><td>Sledges for Postmen</td><td>Austrian Development Agency</td><td>2004</td><td>Norway</td><td></td></tr></table>""")

STARRED = """## Voices of the Valley (VOVA)

* **Donor**: Swiss Agency for Development and Cooperation (SDC)
* **Country**: Kosovo*
* **Start**: 1 July 2014
* **End**: 30 June 2016
* **Budget**: CHF 640'000

The valley is long, and voices get lost in it. VOVA collects them.

## Echo Houses

* **Donor**: Northern Lights Fund
* **Country**: North Macedonia, Albania
* **Start**: July 2016
* **End**: present

Houses are built in which one hears oneself.
"""

GERMAN_SHEET = docx(
    paragraph(("Projekttitel", True)),
    paragraph("Züge für Zugvögel (ZUGZU)"),
    paragraph(("Finanzierung", True)),
    paragraph("Europäische Kommission (EC), Northern Lights Fund"),
    paragraph(("Zeitraum", True)),
    paragraph("Oktober 2016 bis einschließlich März 2018"),
    paragraph(("Projektziel", True)),
    paragraph("Vögel fahren ein Stück des Weges mit der Bahn."),
)

IN_ONE_LINE = """Project: Warm Hands for Border Guards. Acronym: WARM. Donor: European Union. Implementing partner: United Nations Registry Office. Duration: 36 months (01/2010 - 12/2012). Countries: Moldova and Ukraine. Objective: Gloves reach all posts before winter.

Project: Cool Heads for Judges. Acronym: COOL. Donor: Northern Lights Fund. Duration: 12 months, starting March 2013. Countries: Armenia. Objective: Courts have shade in summer.
"""

NO_PROJECTS = {"contact": CONTACT, "news": NEWS, "recipe": RECIPE}


def pages():
    yield Layout("fact sheet", FACT_SHEET, (Fact(
        "Lanterns on the Coast Road", "LANTERN", donors=(("European Union", "90"), ("Institute of Coastal Studies", "10")),
        start="2014-02-01", end="2016-07-31", places=("TN", "DZ", "EG"), budget="1450000.00 EUR",
        objective="To make the coast road safe for travellers at night.", summary=None),))  # fmt: skip
    yield Layout("newsletter", NEWSLETTER, (
        Fact("Water and the Return of Herdsmen", "WELLS", summary=None, donors=("Northern Lights Fund",),
             implementing=("Institute of Coastal Studies",), start="2018-05", end="2021-04", budget="2300000.00 EUR"),
        Fact("Crossing Rivers with Papers", "FERRY", summary=None, donors=("Austrian Development Agency",),
             implementing=("United Nations Registry Office",), start="2012-01", end="2013-06")))  # fmt: skip
    yield Layout("tables with a title row", TWO_COLUMNS, (
        Fact("Mills of the Valley", "MILLS II", donors=("European Commission", "Northern Lights Fund"),
             implementing=("Institute of Coastal Studies", "United Nations Registry Office"), start="2010-09", end="2012-08",
             places=("BA",), summary="Old mills become schools.\nEach has a garden and a teacher who lives there."),
        Fact("Looms for Newcomers", donors=("Austrian Development Agency",), start="2013-10", places=("AT", "HU"),
             summary="Newcomers learn to weave, and weavers learn to wait.")))  # fmt: skip
    yield Layout("web page with its menu", MENU, (
        Fact("Beacons for Young Pilots", "BYP", donors=("Northern Lights Fund",), start="2009", end="2011", places=("GE",),
             summary="Young pilots learn to read beacons and to light them for others.", links=None),
        Fact("Maps of Hidden Paths", donors=("European Commission",), start="2011-06", end="2012-05", places=("AM", "AZ"),
             summary="Paths that shepherds know are drawn on maps before they are forgotten.", links=None)))  # fmt: skip
    yield Layout("French sheet", FRENCH_SHEET, (
        Fact("Des ruches pour les quartiers", "RUCHE", "Que chaque quartier ait des abeilles et du miel.",
             "Les jardins des villes manquent d'abeilles depuis longtemps.", ("European Union",),
             ("Institute of Coastal Studies",), start="2013-04-01", end="2015-03-31", places=("MA", "TN", "DZ"),
             budget="800000.00 EUR"),
        Fact("Des ponts de bois", "", "Relier les deux rives sans béton.", "",
             ("European Commission", "Austrian Development Agency"), start="2014", end="2016", places=("SN",))))  # fmt: skip
    yield Layout("German list", GERMAN_LIST, (
        Fact("Gärten auf Dächern", "GADA", "", "Auf flachen Dächern entstehen Gärten, in denen Nachbarn gemeinsam arbeiten.",
             ("Austrian Development Agency",), start="2015-06-01", end="2017-05-31", places=("AT",)),
        Fact("Boote für den Winter", "", "",
             "Boote werden im Winter repariert, damit sie im Frühjahr wieder fahren können.",
             ("European Commission", "Northern Lights Fund"), start="2016-01", places=("HU", "SK"))))  # fmt: skip
    yield Layout("mail", MAIL, (
        Fact("Compass for Travelling Teachers", "COMPASS", "Teachers who travel find a class wherever they arrive.", "",
             ("Swiss Agency for Development and Cooperation",),
             partners=("Ministry of Education of Tajikistan", "Teachers' Union"),
             start="2019-09-15", end="2022-09-14", places=("KG", "TJ", "UZ")),
        Fact("Slates and Chalk", "", "No school is without a blackboard.", "",
             ("Swiss Agency for Development and Cooperation",), start="2020-10", places=("UZ",))))  # fmt: skip
    yield Layout("Word sheet", WORD_SHEET, (
        Fact("Kites over the Steppe – Phase II", "KITE II", "",
             "Children build kites with their grandparents and fly them across two borders.",
             ("European Commission", "Northern Lights Fund"), ("Institute of Coastal Studies",), start="2018-01-01",
             end="2020-12-31", places=("KZ", "MN"), budget="3200000.00 EUR"),
        Fact("Wells in the Sand", "WELLS", "", "Old wells are found again with the help of songs that tell where they lie.",
             ("Austrian Development Agency",), start="2016", end="2017", places=("TM",))))  # fmt: skip
    yield Layout("capitals on lines of their own", CAPITALS, (
        Fact("SHELTERS FOR STORKS", "STORK", "Storks find a nest on every roof that can bear it.", "",
             ("Northern Lights Fund",), start="2006-04", end="2008-03", places=("PL", "LT", "LV")),
        Fact("HEDGES AND HOUSES", "HEDGE", "Hedges part fields without parting neighbours.", "", ("European Commission",),
             start="2007", end="2009", places=("IE",))))  # fmt: skip
    yield Layout("labels one after the other", SENTENCES, (
        Fact("Rivers Without Owners", "RIWO", "People along a river share what they know of it.", "", ("European Union",),
             ("Institute of Coastal Studies",), start="2019-03", end="2022-02", places=("IQ", "JO", "LB")),
        Fact("Stones That Tell", "STONE", "Old stones are read by those who live beside them.", "", ("Northern Lights Fund",),
             start="2020", end="2021", places=("TR",))))  # fmt: skip
    yield Layout("open ends", OPEN_ENDS, (
        Fact("Night Trains for Nurses", donors=("Northern Lights Fund", "European Commission"),
             implementing=("Institute of Coastal Studies", "United Nations Registry Office"), start="2017", places=None),
        Fact("Day Trains for Doctors", implementing=("Institute of Coastal Studies",), start="2018-01", end="2019-06",
             places=("silk-routes",))))  # fmt: skip
    yield Layout(
        "agency list",
        AGENCY_LIST,
        (
            Fact(
                "Enhancing Markets for Fishermen's Wives",
                donors=("Northern Lights Fund", "Ministry of Fisheries of Ghana"),
                start="2011-01-01",
                end="2012-12-31",
                places=("GH", "TG", "BJ"),
                budget="750000.00 USD",
                summary="The project helped women who sell fish to keep their money safe. Two hundred of them took part in lessons on saving.",
            ),
            Fact(
                "Quieter Engines for River Boats",
                donors=("European Commission", "Austrian Development Agency"),
                start="2013-03-01",
                end="2014-02-28",
                places=("GM",),
                budget="90000.00 EUR",
                summary=None,
            ),
        ),
    )
    yield Layout(
        "russian",
        RUSSIAN_LIST,
        (
            Fact(
                "Проект «Тёплые дома для учителей»",
                "ТЕПЛО",
                "Учителя горных школ живут в тёплых домах.",
                donors=("European Commission", "Institute of Coastal Studies"),
                start="2015-01",
                end="2017-12",
                places=("KG", "TJ", "UZ"),
            ),
            Fact(
                "Проект «Библиотеки в вагонах»",
                "",
                "Книги едут туда, где нет библиотек.",
                donors=("Northern Lights Fund",),
                start="2018",
                end="2019",
                places=("KZ",),
            ),
        ),
    )
    yield Layout(
        "arabic table",
        ARABIC_TABLE,
        (
            Fact(
                "مكتبات على الطريق",
                "",
                "تصل الكتب إلى كل قرية.",
                donors=("الاتحاد الأوروبي",),
                start="2015-01",
                end="2016-12",
                places=("JO", "LB"),
            ),
        ),
    )
    yield Layout(
        "teasers",
        TEASERS,
        (
            Fact(
                "Silent Nights for Airports",
                "SILENT",
                donors=("Northern Lights Fund",),
                start="2019",
                places=("FR", "BE"),
                summary=None,
                links=("https://silent.example/",),
            ),
            Fact(
                "Tunnels for Toads",
                "TUNNEL",
                donors=("European Commission",),
                start="2016",
                end="2020",
                places=("DE",),
                summary=None,
                links=("https://tunnel.example/",),
            ),
        ),
    )
    yield Layout(
        "annex",
        ANNEX,
        (
            Fact(
                "Ladders for Libraries",
                "LADLIB",
                donors=("Austrian Development Agency",),
                implementing=("Institute of Coastal Studies", "United Nations Registry Office"),
                start="2008-05",
                end="2009-07",
                places=("HR", "SI"),
            ),
            Fact(
                "Benches for Bus Stops",
                "",
                donors=("Swiss State Secretariat for Coastal Affairs",),
                implementing=("United Nations Registry Office",),
                start="2010",
                end="2010",
                places=("CH", "LI"),
            ),
        ),
    )
    yield Layout(
        "indented",
        INDENTED,
        (
            Fact(
                "Clocks for Stations",
                "",
                "Clocks of all stations show the same hour.",
                donors=("European Commission", "Northern Lights Fund"),
                partners=("City of Trieste", "City of Venice"),
                start="2001-06",
                end="2003-05",
                places=("IT",),
                links=("https://www.clocks.example",),
            ),
        ),
    )
    yield Layout(
        "spanish word",
        SPANISH_SHEET,
        (
            Fact(
                "Faroles para la costa",
                "FARO",
                "",
                "La costa tiene luz por la noche.",
                donors=("Unión Europea",),
                start="2012-01-01",
                end="2013-12-31",
                places=("MA", "ES"),
                budget="1500000.00 EUR",
            ),
        ),
    )
    yield from [
        Layout(
            "regions as headings",
            REGIONS,
            (
                Fact(
                    "Doors and Windows of the Old Town",
                    "DOWIN",
                    "To count all doors; to open those that are closed.",
                    "The old town has more doors than people remember. A register was started in 1998 and left aside.\nThe project takes it up again.",
                    ("European Commission",),
                    partners=("Museum of the Old Town (Ukraine)", "Institute of Coastal Studies"),
                    start="2005-10",
                    end="2007-09",
                ),
                Fact(
                    "Roofs of Reed",
                    "",
                    "Forty roofs are made new.",
                    "Reed is cheap and warm.",
                    ("Northern Lights Fund",),
                    partners=("Guild of Roofers",),
                    start="2008",
                    end="2008",
                ),
                Fact(
                    "Yurts for Schools",
                    "YUFOS",
                    "Each has a yurt of its own.",
                    "Some schools move with their pupils.",
                    ("Austrian Development Agency", "Northern Lights Fund"),
                    partners=("United Nations Registry Office",),
                    start="2009-01",
                    end="2009-11",
                ),
            ),
        ),
        Layout(
            "matrix",
            MATRIX,
            (
                Fact(
                    "Salt and Snow",
                    "SAS",
                    donors=("European Commission",),
                    start="2003-11",
                    end="2005-10",
                    places=("BG", "RO"),
                    budget="420000.00 EUR",
                ),
                Fact(
                    "Sledges for Postmen",
                    donors=("Austrian Development Agency",),
                    start="2004",
                    end="2004",
                    places=("NO",),
                ),
            ),
        ),
        Layout(
            "md",
            STARRED,
            (
                Fact(
                    "Voices of the Valley",
                    "VOVA",
                    "",
                    "The valley is long, and voices get lost in it. VOVA collects them.",
                    ("Swiss Agency for Development and Cooperation",),
                    start="2014-07-01",
                    end="2016-06-30",
                    places=("XK",),
                    budget="640000.00 CHF",
                ),
                Fact(
                    "Echo Houses",
                    "",
                    "",
                    "Houses are built in which one hears oneself.",
                    ("Northern Lights Fund",),
                    start="2016-07",
                    places=("MK", "AL"),
                ),
            ),
        ),
        Layout(
            "german docx",
            GERMAN_SHEET,
            (
                Fact(
                    "Züge für Zugvögel",
                    "ZUGZU",
                    "Vögel fahren ein Stück des Weges mit der Bahn.",
                    donors=("European Commission", "Northern Lights Fund"),
                    start="2016-10",
                    end="2018-03",
                ),
            ),
        ),
        Layout(
            "sentences",
            IN_ONE_LINE,
            (
                Fact(
                    "Warm Hands for Border Guards",
                    "WARM",
                    "Gloves reach all posts before winter.",
                    donors=("European Union",),
                    implementing=("United Nations Registry Office",),
                    start="2010-01",
                    end="2012-12",
                    places=("MD", "UA"),
                ),
                Fact(
                    "Cool Heads for Judges",
                    "COOL",
                    "Courts have shade in summer.",
                    donors=("Northern Lights Fund",),
                    start="2013-03",
                    end="2014-02",
                    places=("AM",),
                ),
            ),
        ),
    ]
