"""The house keeps its order: what import-linter cannot see."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.urls import resolve

from portal import kinds
from portal.editorial import EditorialModel

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ["portal", "dialogues", "projects", "publications"]
SITE_ASSEMBLY = {ROOT / "portal" / "settings.py", ROOT / "portal" / "urls.py"}


def python_files(app):
    return [path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]


def words_in(path):
    """Imported modules and string constants that look like a dotted name or a template path."""
    tree = ast.parse(path.read_text())
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield from re.findall(r"\b[a-z_]+(?=[.:/][A-Za-z_])", node.value)


@pytest.mark.parametrize("app", LAYERS)
def test_python_names_no_later_app(app):
    later = set(LAYERS[LAYERS.index(app) + 1 :])
    for path in set(python_files(app)) - SITE_ASSEMBLY:
        named = {word.split(".")[0] for word in words_in(path)} & later
        assert not named, f"{path.relative_to(ROOT)} names {named}"


@pytest.mark.parametrize("app", LAYERS)
def test_relations_point_to_earlier_apps(app):
    later = set(LAYERS[LAYERS.index(app) + 1 :])
    for model in apps.get_app_config(app).get_models():
        for field in model._meta.get_fields():
            if field.is_relation and field.related_model and not field.auto_created:
                assert field.related_model._meta.app_label not in later, f"{model.__name__}.{field.name}"


@pytest.mark.parametrize("app", [*LAYERS, "components"])
def test_templates_include_nothing_of_later_apps(app):
    later = LAYERS[LAYERS.index(app) + 1 :] if app in LAYERS else LAYERS[1:]
    pattern = re.compile(rf"""["'](?:{"|".join(later)})[/:]""") if later else None
    shared = (ROOT / "templates").glob("*.html") if app == "portal" else ()
    for path in [*(ROOT / "templates" / app).rglob("*.html"), *shared] if pattern else ():
        assert not pattern.search(path.read_text()), path.relative_to(ROOT)


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_editorial_model_inherits_its_constraints():
    for model in apps.get_models():
        if issubclass(model, EditorialModel):
            names = {constraint.name for constraint in model._meta.constraints}
            prefix = f"{model._meta.app_label}_{model._meta.model_name}"
            assert {
                f"{prefix}_published_is_approved",
                f"{prefix}_four_eyes",
                f"{prefix}_status_known",
            } <= names


def test_rows_edited_inline_have_uuid_keys():
    """A draft of a live page holds rows that do not exist yet; numbers could be given away twice."""
    from django.contrib import admin

    for model_admin in admin.site._registry.values():
        if model_admin.model._meta.app_label in LAYERS:
            for inline in model_admin.inlines:
                if not inline.model._meta.auto_created:
                    assert isinstance(inline.model._meta.pk, models.UUIDField), inline.model.__name__


def test_every_kind_has_its_rooms():
    for kind in kinds.all():
        assert resolve(f"/{kind.app_label}/").namespace == kind.app_label
        assert kind.filterset.Meta.model is kind.model
        assert "sort" in kind.filterset.base_filters


def test_no_module_has_grown_past_its_room():
    for app in LAYERS:
        for path in python_files(app):
            assert len(path.read_text().splitlines()) <= 350, f"{path.relative_to(ROOT)} should become a package"


def test_no_template_marks_text_as_safe():
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        assert "|safe" not in text, path
        assert not re.search(r"\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=", text), f"{path} has inline style or script"
