"""Invented pages in many layouts, each with the facts it states. No sentence of a real page is among them."""

import io
import textwrap
import zipfile
from dataclasses import dataclass, field, replace
from html import escape

from tests.pdfs import make_pdf


@dataclass(frozen=True)
class Fact:
    title: str
    acronym: str = ""
    objective: str = ""
    summary: str = ""
    donors: tuple = ()  # names, or (name, share)
    implementing: tuple = ()
    partners: tuple = ()
    start: str = ""
    end: str = ""
    places: tuple = ()  # ISO codes, slugs of groups and regions
    budget: str = ""
    calls: tuple = ()
    links: tuple = ()
    former: tuple = ()
    period: str = field(default="", compare=False)  # as it is written
    where: str = field(default="", compare=False)


HARBOUR = Fact(
    title="Safe Harbours for Seafarers on the Adriatic",
    acronym="SAHARA",
    objective="Port authorities know the rights of seafarers and act on them.",
    summary="Twelve ports take part. Officers learn from each other and write a manual that all of them use.",
    donors=("Northern Lights Fund",),
    implementing=("Institute of Coastal Studies",),
    start="2016-03",
    end="2018-09",
    places=("AL", "ME"),
    period="March 2016 – September 2018",
    where="Albania, Montenegro",
)
ORCHARD = Fact(
    title="Orchard Workers and Their Contracts",
    acronym="ORCHID",
    objective="Seasonal workers sign contracts they can read.",
    summary="Model contracts are drawn up in five languages and tried out on forty farms.",
    donors=("European Commission", "Austrian Development Agency"),
    implementing=("Institute of Coastal Studies",),
    start="2015-01",
    end="2016-12",
    places=("MD", "RO", "western-balkans"),
    period="January 2015 – December 2016",
    where="Moldova, Romania and the Western Balkans",
)
BRIDGES = Fact(
    title="Bridges Between Registers of Persons",
    acronym="BRIDGE",
    objective="Two registers speak to each other without paper.",
    summary="A shared format is agreed and software is written that anybody may use.",
    donors=("Swiss Agency for Development and Cooperation",),
    implementing=("United Nations Registry Office",),
    start="2017",
    end="2019",
    places=("GE", "AM"),
    period="2017–2019",
    where="Georgia; Armenia",
)
THREE = (HARBOUR, ORCHARD, BRIDGES)


@dataclass(frozen=True)
class Layout:
    name: str
    content: str | bytes
    facts: tuple


def joined(names, word="and"):
    names = [name if isinstance(name, str) else f"{name[0]} ({name[1]}%)" for name in names]
    return ", ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} {word} {names[-1]}"


def rows(fact, order=("objective", "summary", "donors", "implementing", "period", "where"), labels=None):
    labels = {"objective": "Objective", "summary": "Summary", "donors": "Donors", "implementing": "Implementing agency",
              "period": "Duration", "where": "Countries", "budget": "Budget", "partners": "Partners",
              "title": "Project title", "acronym": "Acronym"} | (labels or {})  # fmt: skip
    for name in order:
        value = getattr(fact, name)
        yield labels[name], value if isinstance(value, str) else joined(value)


def head(fact):
    return f"{fact.title} ({fact.acronym})"


def plain(facts=THREE, between=": ", apart="\n\n\n", within="\n\n", title=head, start="Our projects\n\n", **kwargs):
    entries = [within.join([title(fact), *(f"{label}{between}{value}" for label, value in rows(fact, **kwargs))])
               for fact in facts]  # fmt: skip
    return start + apart.join(entries)


def own_line(facts=THREE):
    return "\n\n\n".join(
        f"{head(fact)}\n\n" + "\n\n".join(f"{label}\n{value}" for label, value in rows(fact)) for fact in facts
    )


def bullets(facts=THREE):
    return "\n\n".join(
        f"{head(fact)}\n" + "\n".join(f"• {label}: {value}" for label, value in rows(fact)) for fact in facts
    )


def capitals(facts=THREE):
    return "\n\n\n".join(
        f"{head(fact)}\n\n" + "\n".join(f"{label.upper()} {value}" for label, value in rows(fact)) for fact in facts
    )


def numbered(facts=THREE):
    return "\n\n".join(
        f"{n}. {head(fact)}\n" + "\n".join(f"{label}: {value}" for label, value in rows(fact))
        for n, fact in enumerate(facts, 1)
    )


def tabbed(facts=THREE):
    return "\n\n".join(
        f"{head(fact)}\n\n" + "\n".join(f"{label}\t{value}" for label, value in rows(fact)) for fact in facts
    )


def markdown(facts=THREE):
    return "# Our work\n\n" + "\n\n".join(
        f"## {head(fact)}\n\n" + "\n".join(f"**{label}:** {value}" for label, value in rows(fact)) for fact in facts
    )


def wide_table(facts=THREE):
    order = ("title", "acronym", "donors", "implementing", "period", "where", "objective", "summary")
    lines = ["\t".join(label for label, _value in rows(facts[0], order))]
    return "\n".join([*lines, *("\t".join(value for _label, value in rows(fact, order)) for fact in facts)])


def bars(facts=THREE):
    return "\n\n".join(
        f"### {head(fact)}\n\n| Field | Value |\n" + "\n".join(f"| {a} | {b} |" for a, b in rows(fact))
        for fact in facts
    )


def html(body):
    return f"<!DOCTYPE html><html><head><title>No title of ours</title></head><body>{body}</body></html>".encode()


def html_bold(facts=THREE):
    return html("<h1>Current work</h1>" + "".join(
        f"<h2>{escape(head(fact))}</h2>" + "".join(f"<p><b>{a}:</b> {escape(b)}</p>" for a, b in rows(fact))
        for fact in facts))  # fmt: skip


def html_bold_without_colon(facts=THREE):
    return html("".join(
        f"<h3>{escape(head(fact))}</h3>" + "".join(f"<p><strong>{a}</strong> {escape(b)}</p>" for a, b in rows(fact))
        for fact in facts))  # fmt: skip


def html_list(facts=THREE):
    return html("<h1>All projects</h1>" + "".join(
        f"<h2>{escape(head(fact))}</h2><dl>" + "".join(f"<dt>{a}</dt><dd>{escape(b)}</dd>" for a, b in rows(fact)) + "</dl>"
        for fact in facts))  # fmt: skip


def html_tables(facts=THREE):
    return html("".join(
        f"<h2>{escape(head(fact))}</h2><table>"
        + "".join(f"<tr><td><p>{a}</p></td><td><p>{escape(b)}</p></td></tr>" for a, b in rows(fact)) + "</table>"
        for fact in facts))  # fmt: skip


def html_headings(facts=THREE):
    return html("<h1>Ongoing projects</h1>" + "".join(
        f"<h2>{escape(head(fact))}</h2>" + "".join(f"<h3>{a}</h3><p>{escape(b)}</p>" for a, b in rows(fact))
        for fact in facts))  # fmt: skip


def html_breaks(facts=THREE):
    return html("<hr>".join(
        f"<p>{escape(head(fact))}</p><p>" + "<br>".join(f"{a}: {escape(b)}" for a, b in rows(fact)) + "</p>"
        for fact in facts))  # fmt: skip


def html_records(facts=THREE):
    order = ("title", "acronym", "donors", "period", "where", "implementing", "objective", "summary")
    line = "".join(f"<th>{label}</th>" for label, _value in rows(facts[0], order))
    return html(f"<table><tr>{line}</tr>" + "".join(
        "<tr>" + "".join(f"<td>{escape(b)}</td>" for _a, b in rows(fact, order)) + "</tr>" for fact in facts)
        + "</table>")  # fmt: skip


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(*elements):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        body = "".join(elements)
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>')
    return out.getvalue()


def paragraph(*runs, style=""):
    """Runs are words, or (words, True) where they are bold."""
    inside = "".join(
        f"<w:r>{'<w:rPr><w:b/></w:rPr>' if isinstance(run, tuple) else ''}<w:t>"
        f"{escape(run[0] if isinstance(run, tuple) else run)}</w:t></w:r>"
        for run in runs
    )
    styled = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{styled}{inside}</w:p>"


def table(*lines):
    return "<w:tbl>" + "".join(
        "<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in line) + "</w:tr>" for line in lines
    ) + "</w:tbl>"  # fmt: skip


def docx_paragraphs(facts=THREE):
    return docx(*(part for fact in facts for part in (
        paragraph(head(fact), style="Heading2"), *(paragraph((f"{a}: ", True), b) for a, b in rows(fact)))))  # fmt: skip


def docx_tables(facts=THREE):
    return docx(*(part for fact in facts for part in (paragraph(head(fact), style="Heading1"), table(*rows(fact)))))


def pdf(facts=THREE):
    entries = (
        "\n\n".join("\n".join(textwrap.wrap(part, 76)) for part in [head(fact), *(f"{a}: {b}" for a, b in rows(fact))])
        for fact in facts
    )
    return make_pdf("Our projects\n\n" + "\n\n\n".join(entries).replace("–", "-"))


FRENCH = {"objective": "Objectif général", "summary": "Résumé", "donors": "Bailleurs de fonds", "period": "Durée",
          "implementing": "Mise en œuvre", "where": "Pays", "budget": "Budget", "title": "Intitulé",
          "acronym": "Sigle", "partners": "Partenaires"}  # fmt: skip
GERMAN = {"objective": "Ziel", "summary": "Kurzbeschreibung", "donors": "Finanziert durch", "period": "Laufzeit",
          "implementing": "Durchführung", "where": "Länder", "title": "Projekttitel", "acronym": "Akronym",
          "budget": "Gesamtbudget", "partners": "Projektpartner"}  # fmt: skip
SPANISH = {"objective": "Objetivo", "summary": "Resumen", "donors": "Donantes", "period": "Duración",
           "implementing": "Organismo ejecutor", "where": "Países"}  # fmt: skip
RUSSIAN = {"objective": "Цель", "summary": "Описание", "donors": "Донор", "period": "Сроки реализации",
           "implementing": "Исполнитель", "where": "Страны"}  # fmt: skip
ARABIC = {"objective": "الهدف", "summary": "الوصف", "donors": "الجهة المانحة", "period": "المدة",
          "implementing": "الجهة المنفذة", "where": "البلدان"}  # fmt: skip
IN_FRENCH = (
    replace(HARBOUR, title="Des ports sûrs pour les gens de mer", objective="Les ports connaissent les droits des marins.",
            summary="Douze ports participent et rédigent un manuel commun.", period="de mars 2016 à septembre 2018",
            where="Albanie et Monténégro"),
    replace(ORCHARD, title="Contrats des ouvriers du verger", objective="Chacun signe un contrat qu'il sait lire.",
            summary="Des modèles sont écrits en cinq langues et essayés dans quarante fermes.",
            period="janvier 2015 - décembre 2016", where="Moldavie, Roumanie, Balkans occidentaux"),
)  # fmt: skip
IN_GERMAN = (
    replace(HARBOUR, title="Sichere Häfen für Seeleute an der Adria", objective="Häfen kennen die Rechte der Seeleute.",
            summary="Zwölf Häfen nehmen teil und schreiben gemeinsam ein Handbuch.",
            period="März 2016 bis September 2018", where="Albanien, Montenegro"),
    replace(BRIDGES, title="Brücken zwischen Personenregistern", objective="Zwei Register sprechen ohne Papier miteinander.",
            summary="Ein gemeinsames Format wird vereinbart und offen beschrieben.", period="2017 bis 2019",
            where="Georgien und Armenien"),
)  # fmt: skip
IN_SPANISH = (
    replace(HARBOUR, title="Puertos seguros para la gente de mar", objective="Los puertos conocen los derechos.",
            summary="Doce puertos participan y redactan un manual común.", period="marzo de 2016 a septiembre de 2018",
            where="Albania, Montenegro"),
)  # fmt: skip
IN_RUSSIAN = (
    replace(HARBOUR, title="Безопасные гавани для моряков", objective="Порты знают права моряков.",
            summary="Участвуют двенадцать портов, они пишут общее руководство.", period="март 2016 г. – сентябрь 2018 г.",
            where="Албания, Черногория"),
)  # fmt: skip
IN_ARABIC = (
    replace(HARBOUR, title="موانئ آمنة للبحارة", objective="تعرف الموانئ حقوق البحارة وتحترمها.",
            summary="يشارك اثنا عشر ميناء في كتابة دليل مشترك لجميع الموانئ.", period="مارس 2016 – سبتمبر 2018",
            where="ألبانيا، الجبل الأسود"),
)  # fmt: skip


def periods():
    """Dates as people write them, and as they are damaged."""
    shapes = {
        "March 2016September 2018": ("2016-03", "2018-09"),
        "03/2016 - 09/2018": ("2016-03", "2018-09"),
        "1 March 2016 to 30 September 2018": ("2016-03-01", "2018-09-30"),
        "01.03.2016–30.09.2018": ("2016-03-01", "2018-09-30"),
        "March – September 2018": ("2018-03", "2018-09"),
        "2016-03 / 2018-09": ("2016-03", "2018-09"),
        "Mar 2016 — Sept 2018": ("2016-03", "2018-09"),
        "2016/18": ("2016", "2018"),
        "March 2016 â€“ September 2018": ("2016-03", "2018-09"),
        "March 2016 ? September 2018": ("2016-03", "2018-09"),
        "from March 2016 until September 2018": ("2016-03", "2018-09"),
        "March 1, 2016 through September 30, 2018": ("2016-03-01", "2018-09-30"),
        "since March 2016": ("2016-03", ""),
        "March 2016 – ongoing": ("2016-03", ""),
        "until September 2018": ("", "2018-09"),
        "second half of 2016 – first half of 2018": ("2016-41", "2018-40"),
        "Q1 2016 – Q3 2018": ("2016-33", "2018-35"),
    }
    facts = tuple(
        replace(HARBOUR, title=f"Safe Harbours, Part {n} of Many", acronym="", start=start, end=end, period=written)
        for n, (written, (start, end)) in enumerate(shapes.items(), 1)
    )
    return plain(facts, title=lambda fact: fact.title), facts


def money():
    fact = replace(
        HARBOUR, donors=(("Northern Lights Fund", "60"), ("European Commission", "40")), budget="1200000.00 EUR"
    )
    one = f"{head(fact)}\n\nObjective: {fact.objective}\n\nSummary: {fact.summary}\n\nDonors: Northern Lights Fund (60%), " \
          f"European Commission (40 %)\n\nImplementing agency: Institute of Coastal Studies\n\nBudget: EUR 1,200,000\n\n" \
          f"Duration: {fact.period}\n\nCountries: {fact.where}"  # fmt: skip
    two = replace(ORCHARD, budget="2500000.00 CHF")
    text = plain((two,), start="").replace("Duration:", "Total budget: CHF 2.5 million\n\nDuration:")
    return f"{one}\n\n\n{text}", (fact, two)


def bare_sentences():
    """Prose under headings, without any label."""
    text = (
        "# Projects of the house\n\n"
        "## Safe Harbours for Seafarers on the Adriatic (SAHARA)\n\n"
        "Twelve ports of Albania and Montenegro take part in this work, which runs from March 2016 to September 2018. "
        "It is funded by the Northern Lights Fund and implemented by the Institute of Coastal Studies.\n\n"
        "## Bridges Between Registers of Persons (BRIDGE)\n\n"
        "A shared format is agreed between two registers, and software is written that anybody may use.\n\n"
        "Financed by the Swiss Agency for Development and Cooperation, the work is carried out by the United Nations "
        "Registry Office (2017–2019).\n\n"
        "## How we work\n\nWe listen first. Then we write things down, and at last we do them.\n"
    )
    facts = (
        replace(HARBOUR, objective="", summary=None, places=()),
        replace(BRIDGES, objective="", summary=None, places=()),
    )
    return text, facts


def traps():
    """A title behind a label, a call, links without targets, a misprint of the acronym, prose at the end."""
    text = (
        "Current projects\n\nCountry: Safe Harbours for Seafarers on the Adriatic (SAHARA)\n\n"
        f"Objective: The SAHARAteam shows ports what to do.\n\nSummary: {HARBOUR.summary}\n\n"
        "Donor: Northern Lights Fund\n\nDuration: March 2016September 2018\n\nCountry: Albania\n\n\n"
        "Orchard Workers and Their Contracts (ORCHID, formerly ORCA)\n\n"
        f"Objective: {ORCHARD.objective}\n\nModel contracts are drawn up in five languages and tried on forty farms.\n\n"
        "ORCHID Call for Experts\n\nDonors: European Commission, Austrian Development Agency\n\n"
        "Duration: January 2015December 2016\n\nCountries: Western Balkans, EU Member States, Moldova and Norway\n\n"
        "More information about the project is available here.\n\n\n"
        "Further Work of the House in Orchards\n\nMany other things have been done in orchards by the FRUIT II programme."
    )
    facts = (
        replace(HARBOUR, objective="The SAHARA team shows ports what to do.", implementing=(), places=("AL",)),
        replace(ORCHARD, implementing=(), calls=("ORCHID Call for Experts",), links=("",), former=("ORCA",),
                summary="Model contracts are drawn up in five languages and tried on forty farms.",
                places=("western-balkans", "eu-member-states", "MD", "NO")),
    )  # fmt: skip
    return text, facts


def flattened():
    """A page whose line breaks were lost within each entry."""
    text = "\n\n".join(
        f"{head(fact)}\n" + " ".join(
            f"{a}: {b}" for a, b in rows(fact, ("donors", "implementing", "period", "where", "objective", "summary"))
        )
        for fact in THREE
    )  # fmt: skip
    return text, THREE


def glued():
    """And one where the spaces went with them."""
    facts = tuple(replace(fact, objective=fact.objective.rstrip("."), implementing=()) for fact in THREE[:2])
    text = "\n\n\n".join(
        f"{head(fact)}\n" + "".join(f"{a}: {b}" for a, b in rows(fact, ("donors", "period", "where"))) + "\n"
        f"Objective: {fact.objective}\nSummary: {fact.summary}" for fact in facts
    )  # fmt: skip
    return text, facts


def wrapped():
    """Lines broken at a width, as mail programs do."""
    text = "\n\n\n".join(
        "\n\n".join(
            textwrap.fill(part, 60)
            for part in [head(fact), *(f"{a}: {b}" for a, b in rows(fact))]
        )
        for fact in THREE
    )  # fmt: skip
    return text, THREE


def strangers():
    """Organisations and a country nobody knows."""
    fact = replace(
        HARBOUR,
        donors=("Fund of the Seven Lighthouses (FSL)", "Ministry of Tides and Waters"),
        partners=("Ministry of Labour and Social Affairs", "Union of Pilots"),
        places=("AL", "new:Ruritania"),
    )
    text = (
        f"{head(fact)}\n\nObjective: {fact.objective}\n\nSummary: {fact.summary}\n\n"
        "Funded by: Fund of the Seven Lighthouses (FSL); Ministry of Tides and Waters\n\n"
        "Implementing organisation: Institute of Coastal Studies (ICS)\n\n"
        "Partners: Ministry of Labour and Social Affairs, Union of Pilots\n\n"
        f"Period: {fact.period}\n\nCountries: Albania, Ruritania"
    )
    return text, (fact,)


def linked():
    fact = replace(HARBOUR, links=("https://harbours.example/about",), calls=("Call for tenders: a printed manual",))
    body = "".join(f"<p>{a}: {escape(b)}</p>" for a, b in rows(fact))
    return html(
        f"<h2>{escape(head(fact))}</h2>{body}<p>Call for tenders: a printed manual</p>"
        '<p><a href="https://harbours.example/about">Read more</a> about the project.</p>'
    ), (fact,)


def fewer(fact, *names):
    return replace(fact, **{name: "" if isinstance(getattr(fact, name), str) else () for name in names})


def missing():
    """Each entry lacks other labels."""
    lacking = (("objective", "implementing"), ("summary",), ("donors", "period"))
    pairs = {"donors": ("donors",), "period": ("period", "start", "end")}
    facts = tuple(
        fewer(fact, *(one for name in names for one in pairs.get(name, (name,))))
        for fact, names in zip(THREE, lacking, strict=True)
    )
    text = "\n\n\n".join(
        f"{head(fact)}\n\n" + "\n\n".join(f"{a}: {b}" for a, b in rows(fact) if b) for fact in facts
    )  # fmt: skip
    return text, facts


def repeated():
    """One label for each donor."""
    text = "\n\n\n".join(
        f"{head(fact)}\n\nObjective: {fact.objective}\n\nSummary: {fact.summary}\n\n"
        + "\n".join(f"Donor: {donor}" for donor in fact.donors)
        + f"\nImplementing agency: {joined(fact.implementing)}\nDuration: {fact.period}\nCountries: {fact.where}"
        for fact in THREE
    )
    return text, THREE


LABELLED = ("title", "acronym", "donors", "implementing", "period", "where", "objective", "summary")


def title_labels(between=": ", order=LABELLED):
    return "\n\n".join("\n".join(f"{a}{between}{b}" for a, b in rows(fact, order)) for fact in THREE)


def layouts():
    yield Layout("label: value, wide gaps", plain(), THREE)
    yield Layout("label – value", plain(between=" – "), THREE)
    yield Layout("one gap for all", plain(apart="\n\n"), THREE)
    yield Layout("no gaps within", plain(within="\n", apart="\n\n"), THREE)
    order = ("where", "period", "implementing", "donors", "summary", "objective")
    yield Layout("labels in another order", plain(order=order), THREE)
    yield Layout("labels in other words", plain(labels={
        "objective": "Overall objective", "summary": "Background", "donors": "Funded by", "where": "Geographical scope",
        "implementing": "Implemented by", "period": "Time frame"}), THREE)  # fmt: skip
    yield Layout("labels on lines of their own", own_line(), THREE)
    yield Layout("bullets", bullets(), THREE)
    yield Layout("labels in capitals, no colon", capitals(), THREE)
    yield Layout("numbered headings", numbered(), THREE)
    yield Layout("table pasted with tabs", tabbed(), THREE)
    yield Layout("markdown", markdown(), THREE)
    yield Layout("table with bars", bars(), THREE)
    yield Layout("a row for each project", wide_table(), THREE)
    yield Layout("labelled title", title_labels(), THREE)
    yield Layout("title is the last label", title_labels(order=(*LABELLED[2:], "acronym", "title")), THREE)
    yield Layout("acronym before a dash", plain(title=lambda fact: f"{fact.acronym} – {fact.title}"), THREE)
    yield Layout("HTML, bold labels", html_bold(), THREE)
    yield Layout("HTML, bold labels without colon", html_bold_without_colon(), THREE)
    yield Layout("HTML, definition lists", html_list(), THREE)
    yield Layout("HTML, tables", html_tables(), THREE)
    yield Layout("HTML, labels as headings", html_headings(), THREE)
    yield Layout("HTML, line breaks", html_breaks(), THREE)
    yield Layout("HTML, a row for each project", html_records(), THREE)
    yield Layout("Word, bold labels", docx_paragraphs(), THREE)
    yield Layout("Word, tables", docx_tables(), THREE)
    yield Layout("PDF", pdf(), THREE)
    yield Layout("French", plain(IN_FRENCH, start="Nos projets\n\n", between=" : ", labels=FRENCH), IN_FRENCH)
    yield Layout("German", plain(IN_GERMAN, start="Unsere Projekte\n\n", labels=GERMAN), IN_GERMAN)
    yield Layout("Spanish", plain(IN_SPANISH, start="", labels=SPANISH), IN_SPANISH)
    yield Layout("Russian", plain(IN_RUSSIAN, start="", labels=RUSSIAN), IN_RUSSIAN)
    yield Layout("Arabic", plain(IN_ARABIC, start="", labels=ARABIC), IN_ARABIC)
    mixed = f"{plain((HARBOUR,))}\n\n\n{plain(IN_GERMAN[1:], start='', labels=GERMAN)}\n\n\n" + plain(
        IN_FRENCH[1:], start="", labels=FRENCH
    )
    yield Layout("three languages on a page", mixed, (HARBOUR, IN_GERMAN[1], IN_FRENCH[1]))
    for maker in (
        periods,
        money,
        bare_sentences,
        traps,
        flattened,
        glued,
        wrapped,
        strangers,
        linked,
        missing,
        repeated,
    ):
        yield Layout(f"{maker.__name__}: {maker.__doc__ or ''}".split(".")[0].strip(), *maker())
