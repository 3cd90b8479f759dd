"""The names a portal might know, without a database."""

import json

from portal import countries
from projects.legacy.ground import COUNTRY, GROUP, ORGANISATION, REGION, Ground, Thing

GROUPS = {
    "western-balkans": ["Western Balkans", "Balkans occidentaux", "Westbalkan"],
    "eu-member-states": ["EU Member States", "États membres de l’UE"],
    "africa": ["Africa", "Afrique"],
    "european-union": ["European Union", "Union européenne"],
}
REGIONS = {"silk-routes": "Silk Routes", "africa": "Africa"}
ORGANISATIONS = {
    "European Commission": ("EC", "", ["Commission européenne"]),
    "European Union": ("EU", "", ["Union européenne"]),
    "Austrian Development Agency": ("ADA", "AT", []),
    "Swiss Agency for Development and Cooperation": ("SDC", "CH", ["DEZA"]),
    "Swiss State Secretariat for Coastal Affairs": ("SSC", "CH", []),
    "Institute of Coastal Studies": ("ICS", "", []),
    "Northern Lights Fund": ("NLF", "", []),
    "United Nations Registry Office": ("UNRO", "", []),
}
GERMAN = {
    "AL": "Albanien",
    "GE": "Georgien",
    "AM": "Armenien",
    "ME": "Montenegro",
    "AT": "Österreich",
    "HU": "Ungarn",
    "SK": "Slowakei",
}


def make_ground():
    ground = Ground()
    for row in json.loads(countries.FILE.read_text(encoding="utf-8")):
        thing = Thing(COUNTRY, row["iso2"], row["names"]["en"])
        for name in [*row["names"].values(), GERMAN.get(row["iso2"], "")]:
            ground.add(thing, name)
    ground.add(Thing(COUNTRY, "TR", "Türkiye"), "Turkey")
    for slug, names in GROUPS.items():
        for name in names:
            ground.add(Thing(GROUP, slug, names[0]), name)
    for slug, name in REGIONS.items():
        ground.add(Thing(REGION, slug, name), name)
    for pk, (name, (acronym, country, others)) in enumerate(ORGANISATIONS.items(), 1):
        thing = Thing(ORGANISATION, pk, name, country)
        for own in [name, acronym, *others]:
            ground.add(thing, own)
    return ground
