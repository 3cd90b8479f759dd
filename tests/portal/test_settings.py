"""Settings: a clone runs with none set, and production says by name what it lacks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "PORTAL_ENV": "production",
    "PORTAL_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "PORTAL_ALLOWED_HOSTS": "portal.example",
    "PORTAL_SITE_URL": "https://portal.example",
}


def run(tmp_path, *arguments, **environment):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=kept | {"PORTAL_VAR_DIR": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_clone_runs_with_nothing_set(tmp_path):
    assert run(tmp_path, "manage.py", "check").returncode == 0


@pytest.mark.parametrize("name", ["PORTAL_SECRET_KEY", "PORTAL_ALLOWED_HOSTS", "PORTAL_SITE_URL"])
def test_production_stops_and_names_what_is_missing(tmp_path, name):
    incomplete = {key: value for key, value in PRODUCTION.items() if key != name}
    result = run(tmp_path, "manage.py", "check", **incomplete)
    assert result.returncode != 0
    assert f"Set the environment variable {name}" in result.stderr


def test_wsgi_is_production_unless_told_otherwise(tmp_path):
    result = run(tmp_path, "-c", "import portal.wsgi")
    assert "PORTAL_SECRET_KEY" in result.stderr


def test_unknown_environment_is_refused(tmp_path):
    assert "must be development, demo or production" in run(tmp_path, "manage.py", "check", PORTAL_ENV="prod").stderr


def test_deployment_check_is_clean(tmp_path):
    result = run(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    "address, told",
    [
        ("smtp+tls://post%40portal.example:p%2Fw@mail.example", "mail.example 587 post@portal.example p/w True False"),
        ("smtps://mail.example", "mail.example 465   False True"),
        ("smtp://mail.example:2525", "mail.example 2525   False False"),
    ],
)
def test_mail_server_is_read_from_one_address(tmp_path, address, told):
    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL")
    code = f"import portal.settings as s; print(*(getattr(s, 'EMAIL_' + n) for n in {names}))"
    assert run(tmp_path, "-c", code, PORTAL_EMAIL_URL=address).stdout.strip("\n") == told


@pytest.mark.parametrize("address", ["mail.example", "https://mail.example", "smtp://mail.example:x"])
def test_address_that_is_no_mail_server_is_refused(tmp_path, address):
    result = run(tmp_path, "manage.py", "check", PORTAL_EMAIL_URL=address)
    assert result.returncode != 0
    assert "PORTAL_EMAIL_URL" in result.stderr
