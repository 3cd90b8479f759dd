"""Names that a record or a row cannot be without: asked for by name, and left out with what they stand in."""

from portal.imports import unknown
from portal.imports.entries import Names
from portal.models import Import, Organisation
from portal.versions.shape import shape_of
from publications.models import Publication, PublicationType, Series


def said(names):
    organisation = names.new(Organisation, "Example Institute")
    row = {"id": "a", "fields": {"organisation": organisation, "role": "author"}}
    return {
        "fields": {"type": names.new(PublicationType, "Report"), "publisher": organisation},
        "links": {},
        "rows": {"contributors": [row | {"needs": ["organisation"]}, row | {"id": "b"}]},
    }


def test_what_a_record_cannot_be_without_is_asked_for_by_its_name():
    names, shape = Names(), shape_of(Publication)
    told = said(names)
    assert unknown.wanting(told, names.known, shape) == ["Report"]
    names.known[told["fields"]["type"]]["pk"] = 7
    assert not unknown.wanting(told, names.known, shape)


def test_row_goes_with_the_name_it_needs():
    names = Names()
    told = unknown.without_unknown(said(names), names.known, shape_of(Publication))
    assert told["fields"] == {}
    assert told["rows"]["contributors"] == [{"id": "b", "fields": {"role": "author"}, "links": {}, "rows": {}}]


def test_same_name_is_proposed_once_for_each_kind():
    names = Names()
    assert names.new(Organisation, "Return") == names.new(Organisation, "return")
    assert names.new(Organisation, "Return") != names.new(Series, "Return")


def test_name_of_what_has_a_title_is_its_title(administrator):
    names = Names()
    key = names.new(Series, "Yellow Papers", slug="yellow-papers")
    imported = Import.objects.create(reader="test", by=administrator, names=names.known)
    assert unknown.create(imported, key, by=administrator).title == "Yellow Papers"
    assert imported.names[key]["pk"]
