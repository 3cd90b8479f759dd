"""Write iati_codes.json: what the codes of IATI's codelists are called in English.

    python projects/data/make_iati_codes.py FOLDER > projects/data/iati_codes.json

FOLDER holds Sector.xml, Region.xml and DocumentCategory.xml as IATI publishes them (codelists 2.03). The names of
sectors and regions are those of the OECD's Development Assistance Committee.
"""

import json
import sys
from pathlib import Path
from xml.etree import ElementTree

LISTS = {"sector": "Sector", "region": "Region", "document-category": "DocumentCategory"}


def names(file: Path) -> dict[str, str]:
    items = ElementTree.parse(file).getroot().iter("codelist-item")  # noqa: S314 (official files)
    return {item.findtext("code", ""): " ".join(item.findtext("name/narrative", "").split()) for item in items}


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    found = {name: names(folder / f"{file}.xml") for name, file in LISTS.items()}
    print(json.dumps(found, ensure_ascii=False, indent=0, sort_keys=True))
