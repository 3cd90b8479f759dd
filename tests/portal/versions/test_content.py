"""What a version holds, and putting it in place again: columns, links, rows, and rows of rows."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from dialogues.models import Meeting
from portal.models import Country, Organisation, Version
from portal.rows import Row
from portal.versions import history
from portal.versions.content import digest, put, take
from portal.versions.shape import shape_of
from projects.models import Project, ProjectRole
from tests.factories import make_country, make_dialogue, make_organisation, make_project


@pytest.fixture
def project(db):
    project = make_project(title="Safe routes", title_fr="Routes sûres", start="2016-10")
    project.countries.set([make_country("TR", "Türkiye"), make_country("GE", "Georgia")])
    for name in ("European Union", "Switzerland"):
        project.roles.create(role="donor", organisation=make_organisation(name), share=50)
    return project


def test_what_was_taken_is_put_back_whole(project):
    before = take(project)
    project.title, project.start = "Another name", "2017"
    project.save()
    project.countries.clear()
    project.roles.first().delete()
    project.roles.create(role="partner", organisation=make_organisation("Frontier Institute"))
    assert digest(take(project)) != digest(before)
    assert put(Project.objects.get(), before) == []
    assert take(project) == before
    assert Project.objects.get().start.month == 10
    assert str(Project.objects.get().start_first) == "2016-10-01"


def test_every_language_is_kept(project):
    before = take(project)
    Project.objects.get().delete()
    put(Project(pk=project.pk), before)
    again = Project.objects.get()
    assert (again.title_en, again.title_fr) == ("Safe routes", "Routes sûres")


def test_the_steps_of_a_record_are_no_part_of_what_it_says():
    names = {field.name for field in shape_of(Project).fields}
    assert names.isdisjoint({"status", "approved_by", "submitted_by", "published_at", "changed_by", "expires_at"})
    assert {"title_en", "title_ar", "slug", "start", "programme"} <= names


def test_rows_in_another_order_say_the_same(project):
    content = take(project)
    other = content | {"rows": content["rows"] | {"roles": content["rows"]["roles"][::-1]}}
    assert digest(content) == digest(other)


def test_rows_that_exchange_what_must_be_unique_are_put_back(project):
    before = take(project)
    one, two = project.roles.all()
    first, second = one.organisation, two.organisation
    keys = one.pk, two.pk
    two.delete()
    ProjectRole.objects.filter(pk=one.pk).update(organisation=second)
    ProjectRole.objects.create(pk=keys[1], project=project, role="donor", organisation=first, share=50, position=2)
    put(Project.objects.get(), before)
    assert {(row.pk, row.organisation) for row in project.roles.all()} == {(keys[0], first), (keys[1], second)}


def test_what_hangs_on_a_row_is_part_of_it(db):
    dialogue = make_dialogue()
    meeting = Meeting.objects.create(dialogue=dialogue, title="Senior officials meet")
    meeting.attendance.create(sector="Justice", number=12)
    before = take(dialogue)
    meeting.delete()
    put(type(dialogue).objects.get(), before)
    assert Meeting.objects.get().attendance.get().number == 12


def test_a_country_that_is_gone_is_left_out_and_named(project):
    before = take(project)
    project.countries.clear()
    Country.objects.get(iso2="GE").delete()
    assert put(Project.objects.get(), before) == ["Country “Georgia”"]
    assert list(project.countries.values_list("iso2", flat=True)) == ["TR"]


def test_a_donor_that_is_gone_is_refused_by_name(project):
    before = take(project)
    role = project.roles.get(organisation__name="Switzerland")
    gone = role.organisation
    role.delete()
    gone.delete()
    with pytest.raises(ValidationError, match="Organisation “Switzerland” does not exist any more"):
        put(Project.objects.get(), before)
    assert project.roles.count() == 1


def test_an_organisation_that_was_merged_is_followed(project, administrator):
    before = take(project)
    swiss = make_organisation("Swiss Confederation")
    role = project.roles.get(organisation__name="Switzerland")
    role.organisation.merge_into(swiss, by=administrator)
    put(Project.objects.get(), before)
    assert set(project.roles.values_list("organisation__name", flat=True)) == {"European Union", "Swiss Confederation"}


def test_an_organisation_that_was_merged_again_is_followed_to_the_end(project, administrator):
    before = take(project)
    swiss, bern = make_organisation("Swiss Confederation"), make_organisation("Bern")
    project.roles.get(organisation__name="Switzerland").organisation.merge_into(swiss, by=administrator)
    swiss.merge_into(bern, by=administrator)
    put(Project.objects.get(), before)
    assert set(project.roles.values_list("organisation__name", flat=True)) == {"European Union", "Bern"}


def test_roles_that_are_one_since_their_organisations_were_merged_are_put_in_place_once(project, administrator):
    swiss = make_organisation("Swiss Confederation")
    one = project.roles.get(organisation__name="Switzerland")
    other = project.roles.create(role="donor", organisation=swiss)
    project.roles.create(role="partner", organisation=swiss)
    before = take(project)
    one_pk = one.pk
    one.delete()
    Organisation.objects.get(name="Switzerland").merge_into(swiss, by=administrator)
    lost = put(Project.objects.get(), before)
    assert lost == ["Organisation in the project “Switzerland”, which stands there already under another name"]
    assert project.roles.filter(pk=other.pk).exists()
    assert not project.roles.filter(pk=one_pk).exists()
    assert set(project.roles.values_list("role", "organisation__name")) == {
        ("donor", "European Union"),
        ("donor", "Swiss Confederation"),
        ("partner", "Swiss Confederation"),
    }


def test_participants_that_are_one_since_they_were_merged_stand_there_once(administrator):
    dialogue, one, other = make_dialogue(), make_organisation("One"), make_organisation("Other")
    for organisation in (one, other):
        dialogue.participations.create(organisation=organisation, role="observer")
    before = take(dialogue)
    dialogue.participations.get(organisation=one).delete()
    one.merge_into(other, by=administrator)
    assert len(put(type(dialogue).objects.get(), before)) == 1
    assert [row.organisation for row in dialogue.participations.all()] == [other]


def make_meetings(dialogue, first, last):
    for number in range(first, last):
        meeting = Meeting.objects.create(dialogue=dialogue, title=f"Meeting {number}")
        meeting.attendance.create(sector="Justice", number=number)
        meeting.host_countries.add(make_country())


def queries_of_putting(dialogue, content):
    record = type(dialogue).objects.get()
    with CaptureQueriesContext(connection) as asked:
        put(record, content)
    return len(asked)


def test_rows_that_say_so_already_cost_nothing(db):
    dialogue = make_dialogue()
    make_meetings(dialogue, 0, 2)
    same, other = take(dialogue), take(dialogue)
    other["rows"]["meetings"][1]["rows"]["attendance"][0]["fields"]["number"] = 77
    few = queries_of_putting(dialogue, same), queries_of_putting(dialogue, other)
    assert Meeting.objects.filter(attendance__number=77).count() == 1
    make_meetings(dialogue, 2, 12)
    same, other = take(dialogue), take(dialogue)
    other["rows"]["meetings"][5]["rows"]["attendance"][0]["fields"]["number"] = 88
    assert (queries_of_putting(dialogue, same), queries_of_putting(dialogue, other)) == few
    assert Meeting.objects.filter(attendance__number=88).count() == 1
    assert digest(take(dialogue)) == digest(other)


def test_links_of_a_row_are_put_back(db):
    dialogue = make_dialogue()
    make_meetings(dialogue, 0, 2)
    before = take(dialogue)
    dialogue.meetings.first().host_countries.clear()
    assert digest(take(dialogue)) != digest(before)
    put(type(dialogue).objects.get(), before)
    assert digest(take(dialogue)) == digest(before)


def test_a_version_is_written_once_for_what_is_said_once(project, editor):
    first = history.keep(project, "change", editor)
    assert history.keep(project, "change", editor) == first
    project.title = "Safer routes"
    project.save()
    assert history.keep(project, "change", editor).number == 2
    assert Version.objects.about(project).count() == 2


def test_versions_of_many_are_kept_as_those_of_one(editor):
    same, other, new = make_project(title="Same"), make_project(title="Other"), make_organisation(name="New")
    kept = [history.keep(project, "change", editor) for project in (same, other)]
    history.keep(other, "draft", editor, content=take(other), is_draft=True)
    other.title_en = "Another"
    other.save()
    said = [(record, take(record)) for record in (same, other, new)]
    versions = history.keep_all(said, "import", editor, "Why")
    assert versions[0] == kept[0]
    assert [(one.label, one.number, one.by) for one in versions[1:]] == [("Another", 3, editor), ("New", 1, editor)]
    assert [one.target for one in versions] == [same, other, new]
    assert history.keep_all(said, "import", editor) == versions


def test_versions_of_many_cost_what_one_costs(editor):
    def cost(names):
        said = [(one, take(one)) for one in map(make_organisation, names)]
        with CaptureQueriesContext(connection) as asked:
            history.keep_all(said, "import", editor)
        return len(asked)

    cost("A")
    assert cost("BCDEFGH") == cost("I")


def test_versions_are_only_ever_added(project, editor):
    version = history.keep(project, "change", editor)
    for act in (version.save, version.delete, Version.objects.all().delete):
        with pytest.raises(TypeError):
            act()


def test_rows_of_every_form_are_part_of_the_versions_of_its_record():
    """A new inline that no model names among its own rows would be lost by drafts."""
    for model, model_admin in admin.site._registry.items():
        if not model._meta.app_label.startswith(("portal", "projects", "dialogues", "publications", "events")):
            continue
        known = {rows.shape.model for rows in shape_of(model).rows}
        assert {inline.model for inline in model_admin.inlines} <= known, model


def test_rows_have_keys_that_nobody_else_gets():
    """A draft holds rows that do not exist yet."""
    for model in apps.get_models():
        for rows in shape_of(model).rows:
            assert issubclass(rows.shape.model, Row), rows
            assert isinstance(rows.shape.model._meta.pk, models.UUIDField)
