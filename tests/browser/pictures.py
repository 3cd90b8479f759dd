"""Takes the README's pictures of a running demo: make demo in one terminal, make pictures in another."""

import shutil
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

PASSWORD = "portal-demo"
FOLDER = Path(__file__).parent / "pictures"
# name, who looks, address, height
PICTURES = [
    ("home", None, "/", 1100),
    ("projects", None, "/projects/?country=TR&status=current", 1000),
    ("project", None, "/projects/mimak/", 1000),
    ("country", None, "/countries/tr/", 1000),
    ("search", None, "/publications/?q=voluntary+return", 1100),
    ("page", None, "/publications/reading-key-figures/en/3/?q=temporary+protection", 1100),
    ("staff", "staff", "/staff/", 900),
    ("desk", "editor", "/admin/", 800),
    ("form", "editor", "/admin/projects/project/add/", 1000),
]


def sign_in(page, name: str) -> None:
    page.goto("/accounts/sign-in/?next=/")
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, person, address, height in PICTURES:
            context = browser.new_context(viewport={"width": 1280, "height": height}, base_url=sys.argv[1])
            page = context.new_page()
            if person:
                sign_in(page, person)
            page.goto(address)
            page.wait_for_load_state("networkidle")
            shot = Image.open(BytesIO(page.screenshot())).convert("RGB")
            shot.save(FOLDER / f"{name}.webp", quality=82, method=6)
            context.close()
        browser.close()
