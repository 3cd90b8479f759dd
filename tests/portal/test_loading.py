"""Loading countries and the sample: what is refused, and what is left behind when a file is wrong."""

import json
import shutil
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from portal import countries
from portal.models import Country, Theme
from portal.sample import ground

pytestmark = pytest.mark.django_db


def run(command, **options):
    out = StringIO()
    call_command(command, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """A copy of the ground's files to spoil: broken("themes.json", 2, {"slug": "Not a slug"}); ... takes a key out."""
    shutil.copytree(ground.DATA, tmp_path / "sample")
    monkeypatch.setattr(ground, "DATA", tmp_path / "sample")

    def spoil(file, number, fields):
        path = tmp_path / "sample" / file
        rows = json.loads(path.read_text(encoding="utf-8"))
        rows[number - 1] = {key: value for key, value in (rows[number - 1] | fields).items() if value is not ...}
        path.write_text(json.dumps(rows), encoding="utf-8")

    return spoil


def test_all_countries_have_names_in_four_languages():
    assert run("load_countries") == "Countries: 250 created, 0 updated, 0 unchanged.\n"
    turkiye = Country.objects.get(iso2="TR")
    assert (turkiye.name_en, turkiye.name_fr, turkiye.name_ru) == ("Türkiye", "Turquie", "Турция")
    assert not any(Country.objects.filter(**{f"name_{code}": ""}).exists() for code in ("en", "fr", "ar", "ru"))


def test_countries_are_loaded_again_without_effect():
    run("load_countries")
    assert run("load_countries") == "Countries: 0 created, 0 updated, 250 unchanged.\n"


def test_name_an_editor_changed_stays_and_an_empty_one_is_filled():
    list(countries.load())
    Country.objects.filter(iso2="CI").update(name="Ivory Coast", name_en="Ivory Coast", name_fr="")
    assert run("load_countries") == "Countries: 0 created, 1 updated, 249 unchanged.\n"
    country = Country.objects.get(iso2="CI")
    assert (country.name_en, country.name_fr) == ("Ivory Coast", "Côte d’Ivoire")


def test_names_are_put_back_on_request():
    list(countries.load())
    Country.objects.filter(iso2="CI").update(name="Ivory Coast", name_en="Ivory Coast")
    run("load_countries", overwrite=True)
    assert Country.objects.get(iso2="CI").name_en == "Côte d’Ivoire"


@pytest.mark.parametrize(
    "file, number, fields, message",
    [
        ("themes.json", 2, {"slug": "Not a slug"}, r"themes\.json, record 2 \(Not a slug\): slug: "),
        ("themes.json", 3, {"name": ...}, r"themes\.json, record 3 \(capacity-development\): KeyError: 'name'"),
        ("country_groups.json", 2, {"members": ["QQ"]}, r"record 2 \(ecowas\): there is no country called 'QQ'"),
        ("sources.json", 2, {"date": "last year"}, r"sources\.json, record 2 \(report\): .*last year"),
    ],
)
def test_wrong_row_is_named_and_leaves_nothing_behind(broken, file, number, fields, message):
    broken(file, number, fields)
    with pytest.raises(CommandError, match=message):
        run("load_sample")
    assert not Country.objects.exists()
    assert not Theme.objects.exists()


def test_file_that_is_no_json_is_named(broken):
    (ground.DATA / "regions.json").write_text("[{")
    with pytest.raises(CommandError, match=r"regions\.json: JSONDecodeError"):
        run("load_sample")


def test_sample_is_refused_in_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="--force"):
        run("load_sample")
    assert not Country.objects.exists()
