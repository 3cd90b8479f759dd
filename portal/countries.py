"""Countries and their names in the portal's languages, as data/countries.json has them: reference data."""

import json
from collections.abc import Iterator
from pathlib import Path

from portal.languages import CODES
from portal.models import Country

FILE = Path(__file__).parent / "data" / "countries.json"


def load(overwrite: bool = False) -> Iterator[tuple[Country, bool, bool]]:
    """Add what is missing; yields each country, whether it is new and whether it was changed.

    A column that holds something stays as it is, because an editor may have chosen it, unless `overwrite`.
    """
    known = {country.iso2: country for country in Country.objects.all()}
    for row in json.loads(FILE.read_text(encoding="utf-8")):
        facts = {name: row[name] or "" for name in ("iso3", "m49", "subregion")}
        facts |= {f"name_{code}": row["names"][code] for code in CODES if code in row["names"]}
        country = known.get(row["iso2"])
        created = country is None
        country = country or Country(iso2=row["iso2"])
        changed = False
        for name, value in facts.items():
            before = getattr(country, name)
            if before != value and (created or overwrite or not before):
                setattr(country, name, value)
                changed = True
        if changed:
            country.full_clean()
            country.save()
        yield country, created, changed and not created
