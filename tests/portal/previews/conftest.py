"""What the tests of previews share: a live project and a draft of it, addresses, and every row there is."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.urls import reverse

from portal.versions import drafts
from portal.versions.content import take
from tests.factories import make_country, make_organisation, make_project, publish


def address(record, name="preview"):
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{name}", args=[record.pk])


def write(record, editor, rows=None, links=None, names=None, **fields):
    content = take(record)
    return drafts.save(
        record,
        content
        | {
            "fields": content["fields"] | fields,
            "links": content["links"] | (links or {}),
            "rows": content["rows"] | (rows or {}),
            "names": content["names"] | (names or {}),
        },
        by=editor,
    )


def everything():
    """Every row of every table."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            found[table] = sorted(map(repr, cursor.fetchall()))
    return found


@pytest.fixture
def superuser(db):
    return get_user_model().objects.create_superuser("root", password="a-long-pass-phrase")


@pytest.fixture
def project(db):
    project = make_project(title="Safe routes", title_ar="طرق آمنة", countries=[make_country("TR", "Türkiye")])
    project.roles.create(role="donor", organisation=make_organisation("European Union"))
    return publish(project)


@pytest.fixture
def draft(project, editor):
    """Another title, another country, one donor more, and another address."""
    content = take(project)
    swiss = make_organisation("Switzerland")
    row = content["rows"]["roles"][0]
    more = row | {
        "id": "0b8ad0e0-3a6e-4e53-9d4c-000000000001",
        "fields": row["fields"] | {"organisation": swiss.pk, "position": 2},
    }
    return write(
        project,
        editor,
        rows={"roles": [row, more]},
        links={"countries": [make_country("GE", "Georgia").pk]},
        names={"portal.organisation": {str(swiss.pk): "Switzerland"}},
        title_en="Safer routes",
        title_ar="طرق أكثر أمنا",
        slug="safer-routes",
    )
