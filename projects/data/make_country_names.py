"""Write country_names.json: names of countries in languages of old pages that the portal has no columns for.

    python projects/data/make_country_names.py > projects/data/country_names.json

Needs Babel 2.18 (`pip install Babel`; the portal itself does not need it), in which the names of CLDR are: Babel under
BSD-3-Clause, the data under the Unicode licence v3 (Unicode-3.0). Names the portal's own countries have are left out.
"""

import json
from pathlib import Path

from babel import Locale

LANGUAGES = ("de", "es")
COUNTRIES = Path(__file__).resolve().parents[2] / "portal" / "data" / "countries.json"


def main() -> None:
    rows = {}
    for country in json.loads(COUNTRIES.read_text(encoding="utf-8")):
        code, own = country["iso2"], set(country["names"].values())
        names = [Locale(language).territories.get(code, "") for language in LANGUAGES]
        told = [name for name in dict.fromkeys(names) if name and name not in own]
        if told:
            rows[code] = told
    lines = (f"{json.dumps(code)}: {json.dumps(names, ensure_ascii=False)}" for code, names in sorted(rows.items()))
    print("{\n" + ",\n".join(lines) + "\n}")


main()
