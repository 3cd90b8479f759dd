"""Print the demo's documents: texts/*.html and the factsheets to PDF, with a headless Chromium.

    python publications/data/documents/make_documents.py [SLUG ...]

Needs Chromium 131 or newer and the fonts Noto Sans, Noto Naskh Arabic (fonts-noto-core) and Liberation Sans; the
portal itself needs none of them. documents.json says what there is; the number of pages is written back into it. The
same texts give the same bytes on the same machine: times are taken out.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from factsheets import factsheet

HERE = Path(__file__).parent
LIST = HERE / "documents.json"
NOTICE = {
    "en": "Written for the demonstration of the portal. Facts come from the sources named in the text.",
    "fr": "Rédigé pour la démonstration du portail. Les faits proviennent des sources citées dans le texte.",
    "ar": "كُتبت هذه الوثيقة لعرض البوابة. الوقائع مأخوذة من المصادر المذكورة في النص.",
    "ru": "Написано для демонстрации портала. Факты взяты из источников, названных в тексте.",
}
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-pdf-header-footer",
    "--run-all-compositor-stages-before-draw",
    "--virtual-time-budget=2000",
]


def main(slugs: list[str]) -> None:
    rows = json.loads(LIST.read_text(encoding="utf-8"))
    for row in rows:
        if not slugs or row["slug"] in slugs:
            pdf = print_pdf(html_of(row))
            if row.get("broken"):
                pdf = without_letters(pdf)
            (HERE / row["file"]).write_bytes(pdf)
            row["pages"] = len(re.findall(rb"/Type\s*/Page\b", pdf))
            print(f"{row['file']}: {row['pages']} pages, {len(pdf):,} bytes")
    LIST.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def html_of(row: dict[str, Any]) -> str:
    """The whole page that is printed; a factsheet is made from the facts of the sample."""
    language = row["language"]
    if iso2 := row.get("factsheet"):
        body = factsheet(iso2)
    else:
        body = (HERE / "texts" / f"{row['slug']}.html").read_text(encoding="utf-8")
    look = f"{row['look']} broken" if row.get("broken") else row["look"]
    css = (HERE / "print.css").read_text(encoding="utf-8")
    direction = "rtl" if language == "ar" else "ltr"
    return (
        f'<!doctype html><html lang="{language}" dir="{direction}" class="{look}"><head><meta charset="utf-8">'
        f"<title>{row['title'][language]}</title><style>{css}</style></head><body>"
        f'<header><h1>{row["title"][language]}</h1><p class="notice">{NOTICE[language]}</p></header>'
        f"{body}</body></html>"
    )


def print_pdf(html: str) -> bytes:
    """Raises FileNotFoundError where there is no Chromium."""
    program = find_chromium()
    if program is None:
        raise FileNotFoundError("no Chromium on this machine")
    with tempfile.TemporaryDirectory() as folder:
        page, pdf = Path(folder) / "page.html", Path(folder) / "page.pdf"
        page.write_text(html, encoding="utf-8")
        command = [program, *FLAGS, f"--user-data-dir={folder}/profile", f"--print-to-pdf={pdf}", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)  # noqa: S603 (our own page)
        return settled(pdf.read_bytes())


def find_chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def settled(pdf: bytes) -> bytes:
    """Without the time it was printed. Nothing moves, so that the table of offsets stays right."""
    return re.sub(rb"(?<=Date \(D:)\d{14}", b"20260101000000", pdf)


def without_letters(pdf: bytes) -> bytes:
    """The pages look as before, but nobody can tell which letter a glyph is: the damage of many real reports.

    The reference to each font's table of letters is overwritten with spaces. Raises ValueError where there is none.
    """
    broken, fonts = re.subn(rb"/ToUnicode \d+ 0 R", lambda found: b" " * len(found.group()), pdf)
    if not fonts:
        raise ValueError("This PDF has no table of letters that could be taken away.")
    return broken


if __name__ == "__main__":
    main(sys.argv[1:])
