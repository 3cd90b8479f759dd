"""The bin: what was deleted comes back whole, or not at all, and never past somebody's rights."""

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from dialogues.models import Activity, Cycle, FocalPoint, Initiative, Instrument, Meeting, MeetingSeries
from portal.admin.versions.bin import deleted_models
from portal.models import (
    AuditEntry,
    Concept,
    Country,
    CountryGroup,
    FigureGroup,
    KeyFigure,
    Office,
    Organisation,
    Page,
    Redirect,
    Source,
    SteeringGroupChair,
    TerritorialNote,
    Theme,
    Version,
)
from portal.versions import drafts, history
from portal.versions.content import take
from portal.versions.shape import shape_of
from projects.models import LegacyPhrase, Programme, Project
from publications.models import PublicationType, Series
from tests.factories import (
    make_country,
    make_dialogue,
    make_organisation,
    make_project,
    make_publication,
    make_region,
    make_theme,
    publish,
)
from tests.portal.admin.conftest import texts
from tests.portal.versions.conftest import delete, undelete_url, url


@pytest.fixture
def root(client, db):
    superuser = get_user_model().objects.create_superuser("root", password="a-long-pass-phrase")
    client.force_login(superuser)
    client.user = superuser
    return client


@pytest.fixture
def edith(editor_client, editor):
    editor_client.user = editor
    return editor_client


def undelete(client, record, key, **data):
    return client.post(undelete_url(record, key), data)


def listed(client, query=""):
    return [item.entry.label for item in client.get("/admin/bin/" + query).context["items"]]


# Everything the admin deletes, with rows and links


def country():
    found = Country.objects.create(iso2="TR", iso3="TUR", name="Türkiye", name_fr="Turquie", region=make_region())
    found.other_names.create(name="Turkey")
    found.memberships.create(start="2016")
    return found


def group():
    found = CountryGroup.objects.create(slug="eu", name="European Union")
    found.members.set([make_country("FR", "France"), make_country("DE", "Germany")])
    return found


def note():
    found = TerritorialNote.objects.create(slug="kosovo", mark="*", text="Without prejudice", valid_from="2010-12-10")
    found.terms.create(term="Kosovo")
    return found


def organisation():
    found = make_organisation("Frontier Institute", country=make_country(), note="A note")
    found.other_names.create(name="Institute of Frontiers")
    return found


def concept():
    found = Concept.objects.create(slug="return", note="Of people")
    found.terms.create(label="return", kind="preferred")
    found.terms.create(label="retour", kind="preferred", language="fr")
    return found


def figure():
    told = {"group": FigureGroup.objects.create(slug="money", name="Money"), "country": make_country()}
    source = Source.objects.create(slug="report", title="A report")
    return KeyFigure.objects.create(slug="budget", label="Budget", value="12.5", year=2025, source=source, **told)


def meeting():
    told = {"dialogue": make_dialogue(), "country": make_country(), "start": "2016-10", "is_listed": True}
    found = Meeting.objects.create(title="Senior officials", **told)
    found.attendance.create(sector="Justice", number=12)
    found.host_countries.add(make_country("FR", "France"))
    found.organisers.add(make_organisation())
    return found


def instrument():
    found = Instrument.objects.create(
        title="Declaration", slug="declaration", kind="declaration", adopted="2014", adopted_at=meeting()
    )
    found.dialogues.add(make_dialogue())
    trade = found.domains.create(title="Trade", number="1")
    trade.priorities.create(text="Faster visas", number="1")
    trade.reference_countries.create(country=make_country("FR", "France"), start="2015")
    return found


def activity():
    found = Activity.objects.create(title="Workshop", dialogue=make_dialogue(), meeting=meeting(), date="2017")
    found.countries.add(make_country())
    return found


def initiative():
    cycle = Cycle.objects.create(dialogue=make_dialogue(), number=2)
    submitter = get_user_model().objects.get_or_create(username="partner")[0]
    found = Initiative.objects.create(
        cycle=cycle, title="Training", amount=5, currency="EUR", reported_by=make_organisation(), submitted_by=submitter
    )
    found.domains.add(instrument().domains.get())
    found.countries.add(make_country())
    return found


MAKERS = {
    "portal.region": lambda: make_region(description="A text"),
    "portal.theme": lambda: make_theme(iati_sector="15190"),
    "portal.country": country,
    "portal.countrygroup": group,
    "portal.territorialnote": note,
    "portal.source": lambda: Source.objects.create(
        slug="report", title="A report", date="2020", url="https://a.example/"
    ),
    "portal.figuregroup": lambda: FigureGroup.objects.create(slug="money", name="Money"),
    "portal.keyfigure": figure,
    "portal.office": lambda: Office.objects.create(city="Tunis", country=make_country(), opened="2015"),
    "portal.steeringgroupchair": lambda: SteeringGroupChair.objects.create(year=2025, country=make_country()),
    "portal.organisation": organisation,
    "portal.concept": concept,
    "portal.page": lambda: Page.objects.create(title="About", text="<p>One</p>", slug="one", is_public=True),
    "portal.redirect": lambda: Redirect.move("/a/", "/b/"),
    "dialogues.meeting": meeting,
    "dialogues.meetingseries": lambda: MeetingSeries.objects.create(slug="s", name="Series", dialogue=make_dialogue()),
    "dialogues.instrument": instrument,
    "dialogues.domain": lambda: instrument().domains.get(),
    "dialogues.activity": activity,
    "dialogues.cycle": lambda: Cycle.objects.create(dialogue=make_dialogue(), number=1, start="2020", note="A note"),
    "dialogues.initiative": initiative,
    "dialogues.focalpoint": lambda: FocalPoint.objects.create(
        user=get_user_model().objects.create_user("fatou"), dialogue=make_dialogue(), country=make_country()
    ),
    "projects.legacyphrase": lambda: LegacyPhrase.objects.create(phrase="Bailleur", language="fr", meaning="donor"),
    "projects.programme": lambda: Programme.objects.create(name="Prague", slug="prague", description="A text"),
    "publications.publicationtype": lambda: PublicationType.objects.create(name="Atlas", slug="atlas"),
    "publications.series": lambda: Series.objects.create(title="Papers", slug="papers"),
}


def test_every_model_that_the_admin_deletes_is_tried(root):
    request = RequestFactory().get("/")
    request.user = root.user
    found = [
        model._meta.label_lower
        for model in deleted_models(request)
        if admin.site.get_model_admin(model).has_delete_permission(request)
    ]
    assert sorted(found) == sorted(MAKERS)


@pytest.mark.parametrize("label", MAKERS)
def test_nothing_is_missing_after_an_undelete(label, root):
    record = MAKERS[label]()
    model, key = type(record), record.pk
    before, name = take(record), str(record)
    shape = shape_of(model)
    assert all(before["links"][many.name] for many in shape.links), "a record without links shows nothing"
    assert all(before["rows"][rows.accessor] for rows in shape.rows), "a record without rows shows nothing"
    assert delete(root, record).status_code == 302
    assert not model.objects.filter(pk=key).exists()
    assert listed(root) == [name]
    assert root.get(undelete_url(record, key)).status_code == 200
    assert undelete(root, record, key).status_code == 302
    assert take(model.objects.get(pk=key)) == before
    assert listed(root) == []


def test_the_bin_says_what_who_and_when_though_nothing_was_ever_kept(root):
    theme = make_theme(name="Return")
    key = theme.pk
    assert not Version.objects.exists()
    delete(root, theme)
    item = root.get("/admin/bin/").context["items"][0]
    assert (item.entry.verb, item.entry.label, item.who, item.kind) == ("delete", "Return", "root", "Theme")
    version = Version.objects.get()
    assert (version.verb, version.by, version.object_id) == ("delete", root.user, str(key))


def test_last_version_is_what_was_deleted_and_not_what_was_kept_before(root):
    theme = make_theme(name="Return")
    history.keep(theme, "change", root.user)
    Theme.objects.update(name="Voluntary return", name_en="Voluntary return")
    key = theme.pk
    delete(root, Theme.objects.get())
    undelete(root, theme, key, reason="A mistake")
    assert Theme.objects.get().name == "Voluntary return"
    entry = AuditEntry.objects.first()
    assert (entry.verb, entry.note, entry.by) == ("undelete", "A mistake", root.user)
    assert Version.objects.count() == 2


def test_who_handed_in_an_initiative_is_known_after_an_undelete(root):
    """They must not verify it themselves."""
    record = initiative()
    key = record.pk
    delete(root, record)
    undelete(root, record, key)
    assert Initiative.objects.get().submitted_by.username == "partner"


def test_what_was_deleted_twice_is_in_the_bin_once(root):
    theme = make_theme(name="Return")
    key = theme.pk
    delete(root, theme)
    undelete(root, theme, key)
    delete(root, Theme.objects.get())
    assert listed(root) == ["Return"]


# What is in use is not deleted


def use(record):
    """Something else that points at a record, in each of the ways there are."""
    project = make_project()
    if isinstance(record, Theme):
        project.themes.add(record)
    elif isinstance(record, Meeting):
        make_publication(meeting=record)
    elif isinstance(record, Organisation):
        project.roles.create(role="donor", organisation=record)
    elif isinstance(record, Country):
        SteeringGroupChair.objects.create(year=2025, country=record)
    elif isinstance(record, FigureGroup):
        KeyFigure.objects.create(group=record, slug="f", label="Figure", value=1)
    elif isinstance(record, Instrument):
        cycle = Cycle.objects.create(dialogue=make_dialogue(), number=2)
        Initiative.objects.create(cycle=cycle, title="Training").domains.set(record.domains.all())


@pytest.mark.parametrize(
    "label",
    [
        "portal.theme",
        "dialogues.meeting",
        "portal.organisation",
        "portal.country",
        "portal.figuregroup",
        "dialogues.instrument",
    ],
)
def test_what_others_use_is_not_deleted(label, root):
    record = MAKERS[label]()
    use(record)
    for page in (root.get(url(record, "delete")), delete(root, record)):
        assert page.status_code == 200
        assert "is in use" in page.content.decode()
        assert page.context["protected"]
    assert type(record).objects.filter(pk=record.pk).exists()
    assert not AuditEntry.objects.filter(verb="delete").exists()
    assert not Version.objects.filter(verb="delete").exists()


def test_what_uses_it_is_named_with_a_link_to_its_form(root):
    swiss = make_organisation("Switzerland")
    project = make_project(title="Safe <b>routes</b>", donors=[swiss])
    page = root.get(url(swiss, "delete")).content.decode()
    assert f'href="{url(project, "change")}"' in page
    assert "Safe &lt;b&gt;routes&lt;/b&gt;: Donor: Switzerland" in page


def test_what_has_an_open_draft_is_not_deleted(client, administrator, reviewer):
    swiss = make_organisation("Switzerland")
    drafts.save(swiss, take(swiss), by=reviewer)
    client.force_login(administrator)
    assert "is in use" in delete(client, swiss).content.decode()
    assert Organisation.objects.exists()


# Nothing half-done


def test_address_that_another_has_taken_is_told_and_nothing_is_done(root):
    theme = make_theme(name="Return", slug="return")
    key = theme.pk
    delete(root, theme)
    make_theme(name="Return again", slug="return")
    page = undelete(root, theme, key)
    assert "“return” is that of “Return again” by now" in page.content.decode()
    assert Theme.objects.count() == 1
    assert not AuditEntry.objects.filter(verb="undelete").exists()


def test_row_whose_place_is_taken_undoes_the_whole(root):
    record = country()
    key, row = record.pk, record.other_names.get().pk
    delete(root, record)
    make_country("GE", "Georgia").other_names.create(pk=row, name="Sakartvelo")
    page = undelete(root, record, key)
    assert "Nothing was brought back" in page.content.decode()
    assert not Country.objects.filter(pk=key).exists()
    assert not AuditEntry.objects.filter(verb="undelete").exists()


def test_what_it_hung_on_is_asked_for_first(root):
    parent = instrument()
    domain = parent.domains.get()
    key = domain.pk
    delete(root, domain)
    delete(root, parent)
    page = undelete(root, domain, key)
    assert "Instrument “Declaration” does not exist any more" in page.content.decode()
    undelete(root, parent, parent.pk)
    undelete(root, domain, key)
    assert Instrument.objects.get().domains.get().priorities.exists()


def test_link_to_what_is_gone_is_left_out_and_told(root):
    record = group()
    key = record.pk
    delete(root, record)
    Country.objects.get(iso2="FR").delete()
    assert b"France" in root.get(undelete_url(record, key)).content
    answer = undelete(root, record, key)
    assert "Left out, because it does not exist any more: Country “France”" in texts(root.get(answer.url))
    assert CountryGroup.objects.get().members.get().iso2 == "DE"


def test_it_comes_back_once(root):
    theme = make_theme()
    key = theme.pk
    delete(root, theme)
    undelete(root, theme, key)
    assert undelete(root, theme, key).status_code == 404
    assert Theme.objects.count() == 1


def test_what_came_back_by_another_door_is_not_written_over(root, editor):
    dialogue = make_dialogue()
    row = Meeting.objects.create(dialogue=dialogue, title="Senior officials")
    history.keep(dialogue, "change", editor)
    key = row.pk
    delete(root, row)
    Meeting.objects.create(pk=key, dialogue=dialogue, title="Restored with its dialogue")
    assert root.get("/admin/bin/").context["items"][0].why_not == "It is there again."
    assert "there again" in undelete(root, row, key).content.decode()
    assert Meeting.objects.get().title == "Restored with its dialogue"


def test_looking_writes_nothing(root):
    theme = make_theme()
    key = theme.pk
    delete(root, theme)
    before = (Version.objects.count(), AuditEntry.objects.count())
    root.get("/admin/bin/")
    root.get(undelete_url(theme, key))
    assert (Version.objects.count(), AuditEntry.objects.count()) == before
    assert not Theme.objects.exists()


# Rights


def test_who_may_not_add_does_not_undelete(root, client, editor):
    theme = make_theme()
    key = theme.pk
    delete(root, theme)
    client.force_login(editor)
    assert client.get(undelete_url(theme, key)).status_code == 403
    assert undelete(client, theme, key).status_code == 403
    assert listed(client) == []
    assert not Theme.objects.exists()


def test_editor_undeletes_a_meeting_of_a_draft_and_not_of_a_live_dialogue(edith, reviewer):
    dialogue = make_dialogue(changed_by=edith.user)
    row = Meeting.objects.create(dialogue=dialogue, title="Senior officials")
    key = row.pk
    delete(edith, row)
    publish(dialogue)
    page = edith.get(undelete_url(row, key))
    assert "only who may publish it may add to it" in page.context["why_not"]
    assert undelete(edith, row, key).status_code == 403
    assert not Meeting.objects.exists()
    dialogue.withdraw(by=reviewer, reason="A mistake")
    assert undelete(edith, row, key).status_code == 302
    assert Meeting.objects.exists()


def test_nobody_lists_a_meeting_or_makes_a_page_public_by_undeleting(root, client, editor, reviewer):
    row, page = meeting(), Page.objects.create(title="About", slug="one", is_public=True)
    keys = row.pk, page.pk
    delete(root, row)
    delete(root, page)
    client.force_login(editor)
    undelete(client, row, keys[0])
    assert Meeting.objects.get().is_listed is False
    client.force_login(reviewer)
    undelete(client, page, keys[1])
    assert Page.objects.get().is_public is False


def test_accounts_are_not_brought_back(root, editor):
    key = editor.pk
    delete(root, editor)
    assert not Version.objects.exists()
    assert listed(root) == []
    assert undelete(root, editor, key).status_code == 403


def test_staff_without_any_right_have_no_bin(client, colleague):
    colleague.is_staff = True
    colleague.save()
    client.force_login(colleague)
    assert client.get("/admin/bin/").status_code == 403
    assert b"/admin/bin/" not in client.get("/admin/").content
    colleague.user_permissions.add(Permission.objects.get(codename="add_theme"))
    assert client.get("/admin/bin/").status_code == 200
    assert b"/admin/bin/" in client.get("/admin/").content


def test_visitors_are_led_to_sign_in(client, db):
    assert client.get("/admin/bin/").status_code == 302
    assert client.post("/admin/bin/portal.theme/1/").status_code == 302


@pytest.mark.parametrize(
    "path",
    ["nonsense/1", "a.b/1", "portal.theme/x", "portal.theme/" + "9" * 40, "portal.theme/1", "projects.project/0"],
)
def test_hostile_address_in_the_bin_is_not_found(root, path):
    assert root.get(f"/admin/bin/{path}/").status_code == 404
    assert root.post(f"/admin/bin/{path}/").status_code == 404


# Records of a kind


def test_archived_and_withdrawn_records_are_in_the_bin_and_reopened_from_it(edith, editor, reviewer):
    away, gone = make_project(title="Put away", changed_by=editor), publish(make_project(title="Gone"))
    away.archive(by=editor, note="Never came about")
    gone.withdraw(by=reviewer, reason="A mistake")
    items = edith.get("/admin/bin/").context["items"]
    assert [(item.entry.label, item.entry.verb, item.entry.note) for item in items] == [
        ("Gone", "withdraw", "A mistake"),
        ("Put away", "archive", "Never came about"),
    ]
    assert edith.get(undelete_url(gone)).status_code == 200
    undelete(edith, gone, gone.pk, reason="It was right")
    found = Project.objects.get(title="Gone")
    assert (found.status, found.approved_by) == ("draft", None)
    assert listed(edith) == ["Put away"]


def test_what_is_not_archived_is_not_reopened(edith, project_of_others):
    assert undelete(edith, project_of_others, project_of_others.pk).status_code == 404
    assert Project.objects.get().status == "published"


@pytest.fixture
def project_of_others(db):
    return publish(make_project())


def test_who_may_only_look_reopens_nothing(client, editor, colleague):
    project = make_project(changed_by=editor)
    project.archive(by=editor)
    colleague.is_staff = True
    colleague.save()
    colleague.user_permissions.add(*Permission.objects.filter(codename__in=["view_project", "add_theme"]))
    client.force_login(colleague)
    assert undelete(client, project, project.pk).status_code == 403
    assert Project.objects.get().status == "archived"


# The list


def test_bin_is_searched_and_paged_and_costs_the_same_however_long(root):
    for n in range(3):
        delete(root, make_theme(name=f"Theme of {n}"))
    root.get("/admin/bin/")
    with CaptureQueriesContext(connection) as few:
        assert len(listed(root)) == 3
    for n in range(52):
        delete(root, make_theme(name=f"Other {n}"))
    root.get("/admin/bin/")  # takes the messages away
    with CaptureQueriesContext(connection) as many:
        assert len(listed(root)) == 50
    assert len(many) <= len(few)
    assert len(listed(root, "?p=2")) == 5
    assert listed(root, "?q=Theme of 1") == ["Theme of 1"]
    assert listed(root, "?q=nothing such") == []


def test_form_leads_to_deleting_for_who_may(client, editor, reviewer):
    programme = Programme.objects.create(slug="mieux", name="MIEUX")
    form, address = url(programme, "change"), url(programme, "delete")
    client.force_login(editor)
    assert f'href="{address}"' not in client.get(form).content.decode()
    client.force_login(reviewer)
    assert f'href="{address}"' in client.get(form).content.decode()
    assert f'href="{address}"' not in client.get(f"{form}?_popup=1").content.decode()
    assert client.get(address).status_code == 200
